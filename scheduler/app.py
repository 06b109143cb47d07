"""The composition root: puts the real things together."""

import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from notifications.arrival import Arrival
from notifications.channels import android_event, twilio_form
from notifications.channels.android import SIGNING_KEY
from notifications.channels.channel import Channel
from notifications.channels.credential import MissingCredentials, secret_from
from notifications.channels.twilio import Verifier
from notifications.channels.twilio_account import credentials_from
from notifications.channels.twilio_codes import load_codes
from notifications.channels.unveiled import Unveiled
from notifications.inbox import receive
from notifications.terms import House
from notifications.veil import Veil
from scheduler.clock import read_clock, wait_for_the_time
from scheduler.collector import keep_what_is_loaded
from scheduler.editing import Editing
from scheduler.log import log_to, tell_of_clock
from scheduler.running import Running
from scheduler.secret_key import veil_from
from scheduler.service.apply_plan import Applied, apply_plan
from scheduler.service.greet import SECOND_SERVICE, greet
from scheduler.service.office import Office
from scheduler.service.put_plan_into_words import plan_in_words
from scheduler.service.take_settings import Fate
from scheduler.settings.locate import locate
from scheduler.settings.problem import Problem, Severity
from scheduler.settings.read import Reading, read_safely, read_text, with_warnings_of_the_day
from scheduler.settings.settings import Settings
from scheduler.settings.shelf import Shelf
from scheduler.store import in_force
from scheduler.store.database import Database
from scheduler.store.lock import ServiceLock
from scheduler.store.migrate import migrate
from scheduler.store.tick import Tick
from scheduler.surroundings import (
    Surroundings,
    database_url,
    is_elsewhere,
    key_file,
    private_database,
    would_make_a_file,
)

# Loaded when pages are served: the web framework takes as long to load as a plan takes to make.
if TYPE_CHECKING:
    from scheduler.web.android import AndroidCalls
    from scheduler.web.twilio import TwilioCalls


def open_channel(surroundings: Surroundings, veil: Veil, name: str, settings: Settings) -> Channel:
    """A channel by the name that the settings give it; links and codes are whole where texts leave.

    A console is read by others than those who are written to: there they stay veiled. Raises
    MissingCredentials when the environment lacks what the channel needs.
    """
    channel = _channel(surroundings, name, settings)
    return channel if name == "console" else Unveiled(channel, veil)


def _channel(surroundings: Surroundings, name: str, settings: Settings) -> Channel:
    if name == "twilio":
        # The SDK takes 0.4 s and 24 MB: only who sends with it should pay.
        from notifications.channels.twilio import Twilio

        base_url = surroundings.environment.get("CATRUC_TWILIO_BASE_URL") or None
        return Twilio(
            credentials_from(surroundings.environment),
            base_url,
            callback=twilio_form.callback_address(settings.service.public_url, base_url),
        )
    if name == "android":
        from notifications.channels.android import Android, gateway_from

        return Android(gateway_from(surroundings.environment))
    from notifications.channels.console import Console

    return Console(surroundings.out)


def open_calls(
    surroundings: Surroundings, database: Database, running: Running
) -> "tuple[AndroidCalls, TwilioCalls]":
    """What takes the calls of providers: receipts come for a while after another channel was chosen.

    Without the credentials of a channel every call in its name is refused.
    """
    from scheduler.web.android import AndroidCalls
    from scheduler.web.intake import Intake
    from scheduler.web.twilio import TwilioCalls

    def receive_once(arrival: Arrival) -> bool:
        with database.write() as connection:
            return receive(connection, arrival)

    intake = Intake(receive_once, running.ticker.wake, read_clock)
    key = secret_from(surroundings.environment, SIGNING_KEY)
    try:
        account = credentials_from(surroundings.environment)
    except MissingCredentials:
        account = None
    sid, tokens = (account.account_sid, account.tokens) if account else ("", ())
    android = AndroidCalls(key, intake, read_clock)
    return android, TwilioCalls(sid, Verifier(tokens), running.public_url, intake, read_clock)


def office_for(database: Database, settings: Settings) -> Office:
    """An office on these settings, knowing the names that were in force before."""
    former = settings_in_force(database)
    return Office(settings, (former,) if former else ())


def office_in_force(database: Database) -> Office | None:
    """An office on the settings in force, or None before the first apply."""
    settings = settings_in_force(database)
    return Office(settings, (settings,)) if settings else None


def settings_in_force(database: Database) -> Settings | None:
    """The settings that were applied last, or None."""
    with database.read() as connection:
        row = in_force.newest(connection)
    return settings_of_source(row.source) if row else None


def settings_of_source(source: str) -> Settings | None:
    """The settings that a stored text says."""
    return read_text(source, "settings.toml").settings


def rehearse(database: Database, office: Office, now: datetime) -> Applied:
    """What applying would change; nothing of it is kept."""

    def work() -> Applied:
        with database.rehearse() as connection:
            return apply_plan(connection, office, now)

    return office.ahead.run(work)


class WorldChanged(Exception):
    """What was shown is no longer what applying would do; nothing was applied."""


def apply_settings(
    database: Database, office: Office, now: datetime, shown: Applied | None = None
) -> Applied:
    """Applies the settings, in one transaction.

    Raises WorldChanged, and changes nothing, when that is not the plan that was `shown`.
    """

    def work() -> Applied:
        with database.write() as connection:
            applied = apply_plan(connection, office, now)
            if shown is not None and not applied.is_same_as(shown):
                raise WorldChanged
        return applied

    return office.ahead.run(work)


def serve(
    surroundings: Surroundings, host: str, port: int, language_of: Callable[[Settings | None], str]
) -> int:
    """Runs the service until SIGTERM or SIGINT; returns the exit code.

    Raises DatabaseFault, CannotListenError or MissingCredentials when it cannot start.
    """
    log_to(surroundings.err)
    asked_to_stop = heed_signals()
    path = surroundings.settings_path
    read = _reader(path)
    reading = read(None)
    given, surroundings = surroundings, surroundings.with_named_database(reading)
    language = language_of(reading.settings)
    if reading.problems:
        print(reading.render(language), file=surroundings.err)
    if reading.settings is None and would_make_a_file(surroundings, None):
        return 1
    url = database_url(surroundings, reading.settings)
    database = private_database(url)
    lock = ServiceLock(database.file) if database.file else None
    try:
        migrate(database)
        settings = reading.settings or settings_in_force(database)
        if settings is None:
            return 1
        veil = veil_from(surroundings.environment, key_file(surroundings, reading.settings), makes_one=True)
        try_channels(surroundings, settings)
        editing = Editing(
            path,
            database,
            lambda last_good: _refuse_closed_channel(read(last_good), surroundings),
            lambda: settings_in_force(database),
            lambda edited: is_elsewhere(given, edited, url),
            read_clock,
        )
        _run(database, editing, surroundings, veil, (host, port), language, asked_to_stop)
    finally:
        database.close()
        if lock:
            lock.release()
    return 0


def _refuse_closed_channel(reading: Reading, surroundings: Surroundings) -> Reading:
    """The reading without its settings, where texts could not leave as they say: the old ones go on."""
    if reading.settings is None:
        return reading
    try:
        try_channels(surroundings, reading.settings)
    except ValueError as fault:
        position = locate(reading.text).position(("sms", "channel"))
        problem = Problem(
            str(surroundings.settings_path),
            position.line,
            position.column,
            position.length,
            Severity.ERROR,
            "channel_closed",
            {"reason": str(fault)},
            quotes=1,
        )
        return replace(reading, settings=None, problems=(*reading.problems, problem))
    return reading


def try_channels(surroundings: Surroundings, settings: Settings) -> None:
    """Opens and closes the channels that the settings choose.

    Raises MissingCredentials when the environment lacks what one of them needs.
    """
    house = House(settings.terms, settings.audience_terms, settings.service.zone)
    for name in house.channels:
        _channel(surroundings, name, settings).close()


def heed_signals() -> Event:
    """An event that SIGTERM or SIGINT sets; heeded from the start, so that an early one ends well, too."""
    asked_to_stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked_to_stop.set())
    return asked_to_stop


def _reader(path: Path) -> Callable[[str | None], Reading]:
    """Reads the file again and again: what has not changed is not read anew, what is new is tried first."""
    shelf = Shelf()

    def read(last_good: str | None) -> Reading:
        return with_warnings_of_the_day(read_safely(path, last_good, shelf), str(path), read_clock())

    return read


def _run(
    database: Database,
    editing: Editing,
    surroundings: Surroundings,
    veil: Veil,
    address: tuple[str, int],
    language: str,
    asked_to_stop: Event,
) -> None:
    """Listens first: an address that is taken must be told before anything is applied.

    Where another service takes the turns, it takes the edits of its own settings file; this one takes none.
    """
    from scheduler.web.application import PersonalDoor, create_app
    from scheduler.web.server import WebServer

    tick = Tick(database)
    running = Running(
        database,
        tick,
        settings_of_source,
        lambda name, settings: open_channel(surroundings, veil, name, settings),
        editing.look,
        {
            android_event.CHANNEL: android_event.read_arrival,
            twilio_form.CHANNEL: partial(twilio_form.read_arrival, codes=load_codes()),
        },
        veil,
        read_clock,
    )
    calls = open_calls(surroundings, database, running)
    personal = PersonalDoor.over(database, lambda: running.office, veil, running.ticker.wake)
    pages = WebServer(create_app(running.board, read_clock, running.is_ready, calls, personal))
    pages.start(*address)
    try:
        if not wait_for_the_time(read_clock, asked_to_stop, tell_of_clock):
            return
        taken = editing.take()[0] if tick.hold() else None
        held = taken is not None and taken.fate is Fate.HELD
        if taken and held and taken.office and taken.applied:
            print(plan_in_words(taken.applied, taken.office, language), file=surroundings.out)
        running.start()
        with database.read() as connection:
            greeting = greet(connection, running.office, pages.url, language, held, read_clock())
        print(greeting, file=surroundings.out, flush=True)
        if taken is None:
            print(SECOND_SERVICE.in_language(language), file=surroundings.out, flush=True)
        keep_what_is_loaded()
        asked_to_stop.wait()
    finally:
        pages.stop(1.0)
        running.stop()
