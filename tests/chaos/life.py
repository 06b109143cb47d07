"""A deliverer's life, to be ended at any of its system calls: plan, claim, send, record, receipt, recover.

It starts on what another one left that was killed: one text that the provider has taken, and one that was
only claimed. It takes an edit that plans two more; of the four one is lost on its way, one answered with a
failure and taken all the same. When it was killed it starts once more, later, and has to finish.
"""

import mmap
import re
import struct
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from urllib.parse import urlencode

from sqlalchemy import Connection, select

from notifications.attempts import begin_attempts
from notifications.batch import Batch
from notifications.channels import twilio_form
from notifications.channels.channel import Channel, Parcel
from notifications.channels.twilio import Twilio
from notifications.channels.twilio_account import Credentials
from notifications.channels.twilio_codes import load_codes
from notifications.delivery import Deliverer
from notifications.inbox import receive
from notifications.message import State
from notifications.outage import means_away
from notifications.recovery import recover
from notifications.tables import attempts, messages
from scheduler.app import apply_settings
from scheduler.running import AFTER_AN_OUTAGE
from scheduler.service.office import Office
from scheduler.service.turn import next_turn, take_turn
from scheduler.settings.settings import Settings
from scheduler.store.database import Database
from scheduler.store.lock import ServiceLock
from scheduler.store.migrate import migrate
from scheduler.store.tick import Tick
from tests.chaos.deliverer import CALLBACK, CHANNEL
from tests.chaos.ledgers import Ledgers, Plan, ledgers_of, taken_by
from tests.desk import ONE_EVENING, instant, settings_of
from tests.fake_twilio import ACCOUNT, TOKEN, FakeTwilio
from tests.fake_twilio.calls import status_form
from tests.fake_twilio.message import Message

NOWHERE = "http://127.0.0.1:9"
CONNECT, TOTAL = 5.0, 5.0
MOST_TURNS = 500
PLANNED_AT, KILLED_AT = instant("2026-11-03 09:00"), instant("2026-11-11 18:00")
# The second start comes when every lease of the first has run out.
STARTS = (instant("2026-11-11 18:10"), instant("2026-11-11 19:10"))
UNTIL_SENT, UNTIL_SETTLED = timedelta(minutes=5), timedelta(minutes=50)

_DESK = ONE_EVENING.replace("[sms]", '[sms]\nchannel = "twilio"').replace("staff", "volunteer", 1)
LINK = re.compile(r"/r/\S+")
BEFORE = settings_of(_DESK.replace("volunteer = 1", "volunteer = 2"))
AFTER = settings_of(_DESK.replace("volunteer = 1", "volunteer = 4"))
READERS = {CHANNEL: partial(twilio_form.read_arrival, codes=load_codes())}


class SharedClock:
    """A clock that shows what it was set to, also to those from whom this process was forked.

    It lies in memory that they share: setting it is no system call. So does the number of receipts that were
    `confirmed`: stored, so that the provider need not come again.
    """

    def __init__(self, now: datetime) -> None:
        self._memory = mmap.mmap(-1, mmap.PAGESIZE)
        self.now = now

    @property
    def confirmed(self) -> int:
        """How many receipts; setting it is no system call either."""
        (number,) = struct.unpack_from("q", self._memory, 8)
        return int(number)

    @confirmed.setter
    def confirmed(self, number: int) -> None:
        struct.pack_into("q", self._memory, 8, number)

    def __call__(self) -> datetime:
        """The instant it shows."""
        return self.now

    @property
    def now(self) -> datetime:
        """The same; setting it sets the clock."""
        (seconds,) = struct.unpack_from("d", self._memory)
        return datetime.fromtimestamp(seconds, UTC)

    @now.setter
    def now(self, now: datetime) -> None:
        struct.pack_into("d", self._memory, 0, now.timestamp())


@dataclass(frozen=True, slots=True)
class Estate:
    """What the deliverer before left: its database and what the provider has taken of it."""

    database: str
    taken: Parcel


def leave_behind(database_url: str, clock: SharedClock) -> Estate:
    """An estate in an empty database."""
    clock.now = PLANNED_AT
    with closing(_Desk(Database(database_url), NOWHERE, clock)) as desk:
        migrate(desk.database)
        desk.apply(BEFORE)
        desk.clock.now = KILLED_AT
        with desk.database.write() as connection:
            (batch,) = (batch for _, batch in desk.take_turn(connection))
            (begun,) = begin_attempts(connection, batch.ids[:1], batch.reference, "before", KILLED_AT)
    return Estate(database_url, begun.parcel)


def befall(twilio: FakeTwilio, estate: Estate) -> None:
    """What the provider has taken already, and what befalls the next texts."""
    twilio.accept()
    with closing(_channel(twilio.url)) as channel:
        channel.hand(estate.taken)
    twilio.accept()
    twilio.accept_then_500()
    twilio.accept_late()


def live(database: Database, provider: str, clock: SharedClock, start: datetime) -> None:
    """From the start to the moment when nothing more is to do; `database` has no open connection yet."""
    clock.now = start
    with closing(_Desk(database, provider, clock)) as desk:
        lock = ServiceLock(desk.database.file) if desk.database.file else None
        desk.apply(AFTER, BEFORE)
        with desk.database.write() as connection:
            recover(connection, desk.clock(), desk.database.is_sqlite, {CHANNEL})
        desk.run_until(start + UNTIL_SENT)
        desk.bring_receipts()
        desk.run_until(start + UNTIL_SETTLED)
        desk.tick.release()
    if lock:
        lock.release()


def books(database_url: str, plan: Sequence[Plan], twilio: FakeTwilio) -> Ledgers:
    """The four ledgers of the questions that went out; a question goes by its person in all of them.

    Who was told of a doubt is not planned before there is one: such a text counts as planned.
    """
    with closing(Database(database_url)) as database:
        whole = ledgers_of(database, plan, taken_by(twilio))
        with database.read() as connection:
            due = select(messages).where(messages.c.send_at <= STARTS[-1] + UNTIL_SETTLED)
            rows = connection.execute(due).all()
    names = {row.key: _name(row.key) for row in rows}
    told = [Plan(names[row.key], row.phone, _words(row.text)) for row in rows if row.kind == "missed"]
    return Ledgers(
        [*plan, *told],
        [replace(one, key=names[one.key]) for one in whole.ours if one.key in names],
        [replace(one, key=names[one.key]) for one in whole.tries if one.key in names],
        [replace(one, text=_words(one.text)) for one in whole.theirs],
        [replace(one, key=names[one.key]) for one in whole.trail if one.key in names],
    )


def plan_of(database_url: str) -> list[Plan]:
    """What was wanted in a life that nobody ended."""
    with closing(Database(database_url)) as database, database.read() as connection:
        rows = connection.execute(select(messages).where(messages.c.kind == "ask")).all()
    return [Plan(_name(row.key), row.phone, _words(row.text)) for row in rows]


def untold(database_url: str) -> list[str]:
    """The texts that stay in doubt and of which nobody was told."""
    with closing(Database(database_url)) as database, database.read() as connection:
        rows = connection.execute(select(messages.c.key, messages.c.kind, messages.c.state)).all()
    doubts = [row.key for row in rows if row.state == State.IN_DOUBT and row.kind != "missed"]
    return doubts if not any(row.kind == "missed" for row in rows) else []


def _name(key: str) -> str:
    """A question's key without the session's number and the hour of its planning: a kill may change both."""
    kind, *rest = key.split("/")
    return f"ask/{rest[1]}" if kind == "ask" else key


def _words(text: str) -> str:
    """A text without its link: that is drawn by lot whenever the text is planned."""
    return LINK.sub("/r/", text)


def _channel(provider: str) -> Channel:
    return Twilio(Credentials(ACCOUNT, TOKEN), provider, callback=CALLBACK, connect=CONNECT, total=TOTAL)


class _Desk:
    """The use cases of ``catruc serve`` in its order, on a clock that is set."""

    def __init__(self, database: Database, provider: str, clock: SharedClock) -> None:
        self.clock = clock
        self.database = database
        self.tick = Tick(self.database)
        self._channel = _channel(provider)
        self._deliverer = Deliverer(self.database.write, self._channel, self.clock)
        self._references = map(str, count())
        self._office: Office | None = None

    def close(self) -> None:
        self._deliverer.stop()
        self._channel.close()
        self.database.close()

    def apply(self, settings: Settings, *former: Settings) -> None:
        self._office = Office(settings, former)
        apply_settings(self.database, self._office, self.clock())

    def take_turn(self, connection: Connection) -> list[tuple[str, Batch]]:
        assert self._office is not None
        self.tick.enter(connection)
        ways = {CHANNEL: self._channel.capabilities}
        reference = f"{self.clock().timestamp()}-{next(self._references)}"
        return take_turn(connection, self._office, ways, ways, READERS, reference, self.clock())

    def run_until(self, end: datetime) -> None:
        for _ in range(MOST_TURNS):
            try:
                upcoming = self._turn()
            except Exception as fault:
                if not means_away(fault):
                    raise
                upcoming = self.clock() + AFTER_AN_OUTAGE
            if upcoming > end:
                self.clock.now = end
                return
            self.clock.now = max(self.clock.now, upcoming)
        raise AssertionError(f"it still turns at {self.clock.now} after {MOST_TURNS} turns")

    def _turn(self) -> datetime:
        """Does what is due; when to turn again, which is at once after a batch."""
        assert self._office is not None
        if not self.tick.hold():  # the server has not noticed yet that its last holder is dead
            time.sleep(0.01)
            return self.clock() + AFTER_AN_OUTAGE
        with self.database.write() as connection:
            loads = self.take_turn(connection)
        for _, batch in loads:
            self._deliverer.deliver(batch.at_once())
        with self.database.read() as connection:
            upcoming = next_turn(connection, self._office, {CHANNEL}, self.clock())
        return self.clock() if loads else upcoming

    def bring_receipts(self) -> None:
        """Twilio tells of each text whose answer we had."""
        known = select(messages.c.phone, messages.c.text, attempts.c.reference, attempts.c.provider_id)
        known = known.select_from(attempts.join(messages)).where(attempts.c.provider_id.is_not(None))
        with self.database.read() as connection:
            rows = connection.execute(known).all()
        for row in rows:
            message = Message(row.provider_id, row.phone, "UBNDQ1", row.text, self.clock())
            form = urlencode(status_form(message, "delivered", None)).encode("ascii")
            with self.database.write() as connection:
                receive(
                    connection,
                    twilio_form.arrival_of("status", f"o={row.reference}", form, ACCOUNT, self.clock()),
                )
            self.clock.confirmed += 1
