"""The running service: heartbeat, delivery and pages around one database."""

from collections.abc import Callable
from datetime import datetime
from threading import Lock
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog

from notifications.carrier.in_process import InProcessCarrier
from notifications.channels.channel import Channel
from notifications.claims import recover
from notifications.delivery import Deliverer
from notifications.template import Templates
from scheduler.service.office import Office
from scheduler.service.show_openings import show_openings
from scheduler.service.turn import next_turn, take_turn
from scheduler.settings.settings import Settings
from scheduler.store import in_force, sessions
from scheduler.store.database import Database
from scheduler.ticker import PULSE, Ticker
from scheduler.timetable.label import Label
from scheduler.timetable.opening import Board

log = structlog.get_logger(__name__)

# Texts under way may finish so long after the signal; then the channel is closed and they are in doubt.
GRACE_SECONDS = 3.0

ReadSettings = Callable[[str], Settings | None]


class Running:
    """Everything that runs while ``catruc serve`` does.

    `read` turns the source text in force into settings. What another process applies is taken up within a
    second or two.
    """

    def __init__(
        self,
        database: Database,
        channel: Channel,
        templates: Templates,
        read: ReadSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._channel = channel
        self._templates = templates
        self._read = read
        self._clock = clock
        self._refreshing = Lock()
        self._office: Office | None = None
        self._source: str | None = None
        self._mark: object = None
        self._board = _EMPTY
        self._turned_at = clock()
        self._deliverer = Deliverer(database.write, channel, clock)
        self.ticker = Ticker(self._turn, self._notice, clock)
        self._carrier = InProcessCarrier(
            self._deliverer.deliver, channel.capabilities.workers, self.ticker.wake
        )

    def start(self) -> None:
        """Takes back what a killed service left, and begins.

        On SQLite the service lock proves that no earlier deliverer is alive.
        """
        with self._database.write() as connection:
            doubtful = recover(connection, self._clock(), orphaned=self._database.is_sqlite)
        if doubtful:
            log.warning("texts_in_doubt", count=doubtful)
        self.refresh()
        self.ticker.start()

    def stop(self) -> None:
        """Ends within seconds, with everything recorded."""
        self.ticker.stop()
        self._deliverer.stop()
        if not self._carrier.stop(GRACE_SECONDS):
            self._channel.close()
            self._carrier.stop(GRACE_SECONDS)
        self._channel.close()

    def board(self) -> Board:
        """What residents see: an immutable snapshot, replaced when the data changes."""
        return self._board

    def is_ready(self) -> bool:
        """Whether settings are in force and the heartbeat beats."""
        return self._office is not None and self._clock() - self._turned_at < 3 * PULSE

    @property
    def office(self) -> Office | None:
        """The settings in force, or None before the first apply."""
        return self._office

    def refresh(self) -> None:
        """Takes up the settings in force and the sessions as they are stored now."""
        with self._refreshing, self._database.read() as connection:
            row = in_force.newest(connection)
            if row is not None and row.source != self._source:
                self._take_up(row.source)
            mark = (self._source, sessions.mark(connection))
            if self._office is not None and mark != self._mark:
                self._board = show_openings(connection, self._office, self._clock())
                self._mark = mark

    def _take_up(self, source: str) -> None:
        settings = self._read(source)
        if settings is None:
            log.error("settings_in_force_unreadable")
            return
        former = (self._office.desk,) if self._office else ()
        self._office = Office(settings, self._templates, (settings.desk, *former))
        self._source = source

    def _notice(self) -> bool:
        if not self._database.was_written_elsewhere():
            return False
        self.refresh()
        return True

    def _turn(self) -> datetime:
        now = self._clock()
        office = self._office
        if office is None:
            return now + PULSE
        with self._database.write() as connection:
            batch = take_turn(connection, office, uuid4().hex, not self._carrier.is_full, now)
        self._carrier.carry(batch)
        with self._database.read() as connection:
            upcoming = next_turn(connection, office, now)
        self._turned_at = now
        self.refresh()
        return upcoming if not self._carrier.is_full else max(upcoming, now + PULSE)


_EMPTY = Board((), (), (), (), ZoneInfo("UTC"), Label.same("catruc"))
