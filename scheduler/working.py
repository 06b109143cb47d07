"""``catruc worker``: deliverers on another machine, for the texts that a service has claimed."""

from collections.abc import Callable
from datetime import datetime
from threading import Event

import structlog

from notifications.channels.credential import MissingCredentials
from notifications.outage import means_away
from notifications.veil import Veil
from scheduler.app import (
    heed_signals,
    open_channel,
    settings_in_force,
    settings_of_source,
    try_channels,
)
from scheduler.clock import read_clock, wait_for_the_time
from scheduler.log import log_to, tell_of_clock
from scheduler.secret_key import NAME, veil_from
from scheduler.service.greet import greet_worker
from scheduler.settings.settings import Settings
from scheduler.store import in_force, links
from scheduler.store.database import Database, DatabaseFault
from scheduler.store.migrate import migrate
from scheduler.surroundings import Surroundings, database_url, key_file
from scheduler.ticker import WATCH
from scheduler.ways import OpenChannel, Ways

log = structlog.get_logger(__name__)


class Working:
    """Everything that runs while ``catruc worker`` does: the ways that the settings in force choose.

    It takes no turns and reads no settings file; `read` turns the source in force into settings.
    """

    def __init__(
        self,
        database: Database,
        read: Callable[[str], Settings | None],
        open_channel: OpenChannel,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._read = read
        self._ways = Ways(database, open_channel, clock, wake=lambda: None)
        self._source: str | None = None

    def look(self) -> None:
        """Takes up what came into force since the last look, if anything did; to be called each second."""
        try:
            if self._database.was_written_elsewhere():
                with self._database.read() as connection:
                    row = in_force.newest(connection)
                if row is not None and row.source != self._source:
                    self._take_up(row.source)
        except Exception as fault:
            if not means_away(fault):
                raise

    def stop(self) -> None:
        """Ends within seconds: what is under way is finished and recorded, the rest given back."""
        self._ways.stop()

    def _take_up(self, source: str) -> None:
        settings = self._read(source)
        if settings is None:
            log.error("settings_in_force_unreadable")
            return
        self._ways.take_up(settings)
        self._source = source


def work(surroundings: Surroundings, settings: Settings | None) -> int:
    """Delivers what services on the same PostgreSQL claim, until SIGTERM or SIGINT; returns the exit code.

    `settings` say where the database is, unless the environment does. Raises DatabaseFault or
    MissingCredentials when it cannot start.
    """
    log_to(surroundings.err)
    asked_to_stop = heed_signals()
    database = Database(database_url(surroundings, settings))
    if database.is_sqlite:
        raise DatabaseFault(
            "A worker needs PostgreSQL: with SQLite `catruc serve` sends every text itself. "
            "Name a database like postgresql+psycopg://user@host/db."
        )
    try:
        migrate(database)
        _work(database, surroundings, asked_to_stop)
    finally:
        database.close()
    return 0


def _refuse_another_key(database: Database, veil: Veil) -> None:
    with database.read() as connection:
        known = links.known_key(connection)
    if known is not None and known != veil.fingerprint:
        raise MissingCredentials(
            f"The key of personal links here is not that of the service; "
            f"set {NAME} to the same on all machines."
        )


def _work(database: Database, surroundings: Surroundings, asked_to_stop: Event) -> None:
    settings = settings_in_force(database)
    if settings is not None:
        try_channels(surroundings, settings)
    veil = veil_from(surroundings.environment, key_file(surroundings, settings), makes_one=False)
    _refuse_another_key(database, veil)
    working = Working(
        database,
        settings_of_source,
        lambda name, chosen: open_channel(surroundings, veil, name, chosen),
        read_clock,
    )
    try:
        if not wait_for_the_time(read_clock, asked_to_stop, tell_of_clock):
            return
        working.look()
        print(greet_worker(settings), file=surroundings.out, flush=True)
        while not asked_to_stop.wait(WATCH.total_seconds()):
            working.look()
    finally:
        working.stop()
