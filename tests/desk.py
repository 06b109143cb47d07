"""A small desk on a virtual clock: edited, run and answered as people do, with pretend phones at the end.

It turns as ``catruc serve`` does, over the same use cases and a real database, but no thread runs and no time
passes by itself. Instants are told by the wall clock of Sài Gòn, like "2026-11-17 17:00".
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from notifications.arrival import Arrival, Reply
from notifications.channels.channel import (
    Accepted,
    Capabilities,
    Channel,
    Found,
    Inquiry,
    NoWord,
    Outcome,
    Parcel,
)
from notifications.delivery import Deliverer
from notifications.inbox import receive
from notifications.recovery import recover
from notifications.tables import consents, messages
from notifications.veil import masked
from scheduler.app import apply_settings, office_for, rehearse
from scheduler.service import follow
from scheduler.service.apply_plan import Applied
from scheduler.service.office import Office
from scheduler.service.pretend import VirtualClock
from scheduler.service.take_answer import take_answer
from scheduler.service.turn import next_turn, take_turn
from scheduler.settings.read import read_text
from scheduler.settings.settings import Settings
from scheduler.store import assignments, sessions
from scheduler.store.database import Database
from scheduler.store.migrate import migrate
from scheduler.timetable.place import Service, Ward

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
MOST_TURNS = 5_000

PHONES = {
    "An": "+84901000001",
    "Bình": "+84901000002",
    "Chi": "+84901000003",
    "Dũng": "+84901000004",
    "Lan": "+84901000005",
}

# Everything but the shifts: one ward, one place, one service, three volunteers, a clerk and a coordinator.
WARD = """\
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
hotline = "028 0000 0000"

[sms]
sender = "UBNDQ1"

[[wards]]
name = "Sài Gòn"
coordinators = ["Lan"]

[[places]]
name = "UBND Sài Gòn"

[[services]]
name = "Sao y"

[[people]]
name = "An"
phone = "0901 000 001"
roles = ["volunteer"]

[[people]]
name = "Bình"
phone = "0901 000 002"
roles = ["volunteer"]

[[people]]
name = "Chi"
phone = "0901 000 003"
roles = ["volunteer"]

[[people]]
name = "Dũng"
phone = "0901 000 004"
roles = ["staff"]

[[people]]
name = "Lan"
phone = "0901 000 005"
roles = ["staff"]
"""

# One evening, Tuesday 17 November 2026, and one volunteer.
ONE_EVENING = (
    WARD
    + """
[[shifts]]
service = "Sao y"
days = "T3"
time = "17:00-19:30"
from = 2026-11-17
until = 2026-11-22
needs = { volunteer = 1 }
"""
)


class Text(NamedTuple):
    """A text that a phone got, at this wall-clock time."""

    at: str
    says: str


def instant(wall_clock: str) -> datetime:
    """The instant at which clocks in Sài Gòn show this."""
    return datetime.fromisoformat(wall_clock).replace(tzinfo=SAIGON)


def settings_of(text: str) -> Settings:
    """What a settings file with this text says; it must have no errors."""
    reading = read_text(text, "settings.toml")
    assert reading.settings is not None, reading.render("en")
    return reading.settings


def _read(arrival: Arrival) -> Reply:
    phone, _, text = arrival.body.partition(" ")
    return Reply(arrival.key, phone, "+84900000000", text, arrival.at)


READERS = {"phones": _read}


class Phones:
    """A network that takes every text, but for numbers that have an outcome of their own in `trouble`."""

    name = "phones"
    capabilities = Capabilities(two_way=False, receipts="none", looks_up=False, workers=1)

    def __init__(self) -> None:
        self.taken: list[Parcel] = []
        self.trouble: dict[str, Outcome] = {}

    def hand(self, parcel: Parcel) -> Outcome:
        """Takes the text, or does what trouble says."""
        if trouble := self.trouble.get(parcel.phone):
            return trouble
        self.taken.append(parcel)
        return Accepted(parcel.reference)

    def look_up(self, inquiry: Inquiry) -> Found:
        """Nobody asks: this network does not look up."""
        return NoWord("no_memory", "This network keeps nothing.")

    def forget(self, provider_id: str) -> bool:
        """There is nothing to forget."""
        return True

    def close(self) -> None:
        """Nothing to let go of."""


class Desk:
    """A desk that has just applied its first settings, at an instant told by the wall clock.

    Its texts go to `phones`, unless another `channel` is given; that one may need to see the same `clock`.
    """

    def __init__(
        self,
        database_url: str,
        text: str,
        now: str,
        channel: Channel | None = None,
        clock: VirtualClock | None = None,
    ) -> None:
        self.database = Database(database_url)
        migrate(self.database)
        self.clock = clock or VirtualClock(instant(now))
        self.phones = Phones()
        self._channel: Channel = channel or self.phones
        self.text = ""
        self._deliverer = Deliverer(self.database.write, self._channel, self.clock)
        self._references = map(str, count(1))
        self._office: Office | None = None
        self.first = self.edit(text)

    def close(self) -> None:
        """Lets go of the database."""
        self.database.close()

    @property
    def office(self) -> Office:
        """The settings in force."""
        assert self._office is not None
        return self._office

    def edit(self, text: str) -> Applied:
        """Saves the settings file and applies it now."""
        settings = settings_of(text)
        applied = apply_settings(self.database, office_for(self.database, settings), self.clock())
        former = (self._office.settings,) if self._office else ()
        self._office = Office(settings, (settings, *former))
        self.text = text
        return applied

    def plan(self, text: str) -> Applied:
        """What applying this text now would change."""
        return rehearse(self.database, office_for(self.database, settings_of(text)), self.clock())

    def run_until(self, wall_clock: str) -> None:
        """Lets the service do all that is due up to and at this time."""
        end = instant(wall_clock)
        for _ in range(MOST_TURNS):
            if not self.turn(end):
                return
        raise AssertionError(f"the service still turns at {self.clock.now} after {MOST_TURNS} turns")

    def turn(self, end: datetime) -> bool:
        """One turn of the service, then on to the next or to `end`; whether another is due by then."""
        now, office = self.clock(), self.office
        ways = dict.fromkeys(office.house.channels, self._channel.capabilities)
        with self.database.write() as connection:
            loads = take_turn(connection, office, ways, ways, READERS, next(self._references), now)
        for _, batch in loads:
            self._deliverer.deliver(batch.at_once())
        if loads:  # what came of a batch is read at once
            return True
        with self.database.read() as connection:
            upcoming = next_turn(connection, office, office.house.channels, self.clock())
        self.clock.now = max(self.clock.now, min(upcoming, end))
        return upcoming <= end

    def night_off(self, until: str) -> None:
        """The machine is off until this time; then the service starts as ``catruc serve`` does."""
        self.clock.now = instant(until)
        self.edit(self.text)
        with self.database.write() as connection:
            recover(connection, self.clock(), orphaned=self.database.is_sqlite)
        self.run_until(until)

    def answer(self, person: str, session: str, yes: bool) -> bool:
        """A person, by id, says yes or no to a session, by key."""
        with self.database.write() as connection:
            row = sessions.row_by_key(connection, session)
            assert row is not None
            return take_answer(connection, self.office, row, person, yes, self.clock())

    def follow(self, phone: str, language: str = "vi") -> bool:
        """A clerk enrols a number for the first service in the first ward."""
        service, ward = self._first()
        with self.database.write() as connection:
            wish, agreed = follow.Wish(service, ward), follow.Consenting("counter")
            return follow.follow(connection, self.office, phone, wish, agreed, language, self.clock())

    def unfollow(self, phone: str) -> bool:
        """A clerk ends what `follow` began."""
        service, ward = self._first()
        with self.database.write() as connection:
            wish, agreed = follow.Wish(service, ward), follow.Consenting("counter")
            return follow.unfollow(connection, self.office, phone, wish, agreed, self.clock())

    def receive(self, phone: str, text: str) -> None:
        """A text of this phone comes in; the next turn reads it."""
        now = self.clock()
        arrival = Arrival("phones", "inbound", next(self._references), "", f"{phone} {text}", now)
        with self.database.write() as connection:
            receive(connection, arrival)

    def texts_to(self, who: str) -> list[Text]:
        """The texts that a person (by first name) or a number got, in order."""
        phone = PHONES.get(who, who)
        return [
            Text(f"{parcel.at.astimezone(SAIGON):%Y-%m-%d %H:%M}", masked(parcel.text))
            for parcel in self.phones.taken
            if parcel.phone == phone
        ]

    def times_of_texts_to(self, who: str) -> list[str]:
        """When they came."""
        return [text.at for text in self.texts_to(who)]

    def roster(self) -> dict[str, dict[str, str]]:
        """The state of everyone who was ever wanted, by session key and person."""
        with self.database.read() as connection:
            rows = sessions.rows_between(connection, instant("2000-01-01"), instant("2100-01-01"))
            seats = assignments.by_session(connection, [row.id for row in rows])
        return {row.key: {seat.person: seat.state for seat in seats.get(row.id, [])} for row in rows}

    def sessions(self) -> dict[str, str]:
        """The state of every session by key."""
        with self.database.read() as connection:
            rows = sessions.rows_between(connection, instant("2000-01-01"), instant("2100-01-01"))
        return {row.key: row.state for row in rows}

    def states_of_messages(self) -> Counter[str]:
        """How many messages are in each state."""
        with self.database.read() as connection:
            return Counter(connection.scalars(select(messages.c.state)))

    def consents(self) -> Sequence[tuple[str, bool, str, str]]:
        """The consent ledger: number, yes or no, how, and to which wording."""
        columns = consents.c.phone, consents.c.granted, consents.c.how, consents.c.wording
        with self.database.read() as connection:
            return [tuple(row) for row in connection.execute(select(*columns).order_by(consents.c.id))]

    def _first(self) -> tuple[Service, Ward]:
        desk = self.office.desk
        return next(iter(desk.services.values())), next(iter(desk.wards.values()))
