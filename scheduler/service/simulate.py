"""Runs the use cases on a virtual clock against a pretend network, and checks its books four ways."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count, pairwise
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from notifications.delivery import Deliverer
from notifications.joint import EVENING, said_together
from notifications.message import State
from notifications.monthly import USED_UP
from notifications.tables import audit, messages
from notifications.terms import Terms
from scheduler.reminders.decide import reminders_of
from scheduler.reminders.reminder import Kind, Reminder
from scheduler.reminders.wording import when
from scheduler.roster.assignment import Standing
from scheduler.service.apply_plan import apply_plan
from scheduler.service.follow import Consenting, Wish, follow, unfollow
from scheduler.service.gather_cases import Gathered, gather_cases
from scheduler.service.office import Office
from scheduler.service.pretend import Handed, PretendNetwork, VirtualClock, intend
from scheduler.service.take_answer import take_answer
from scheduler.service.turn import next_turn, take_turn
from scheduler.store import assignments, in_force, sessions
from scheduler.store.database import Database
from scheduler.timetable.instant import to_utc
from scheduler.timetable.label import Label
from scheduler.timetable.place import Service, Ward

Event = Callable[[Connection, datetime], None]
FOLLOWERS_A_WARD = 3
PRETENDED = Consenting("simulation")
# Texts leave in bursts of a few seconds' worth: a turn for each alone would be most of the work.
BURST = 50
STANDINGS: Mapping[Standing, Label] = {
    Standing.PROPOSED: Label("dự kiến", "proposed"),
    Standing.ASKED: Label("đã hỏi", "asked"),
    Standing.SOUGHT: Label("được nhờ thay", "asked to stand in"),
    Standing.CONFIRMED: Label("nhận lời", "confirmed"),
    Standing.DECLINED: Label("từ chối", "declined"),
    Standing.SILENT: Label("im lặng", "silent"),
    Standing.RELEASED: Label("được thôi", "released"),
    Standing.SERVED: Label("đã trực", "served"),
    Standing.ABSENT: Label("vắng", "absent"),
}


@dataclass(frozen=True, slots=True)
class Books:
    """The same keys counted in four ledgers, and what does not agree."""

    planned: int
    outbox: int
    network: int
    audit: int
    lost: int
    doubled: int
    in_doubt: int

    @property
    def agree(self) -> bool:
        """Whether all four ledgers hold the same and nothing is wrong."""
        equal = self.planned == self.outbox == self.network == self.audit
        return equal and not (self.lost or self.doubled or self.in_doubt)

    def as_json(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


class Simulation:
    """One run. `database` is empty and in memory; the same seed gives the same run."""

    def __init__(self, database: Database, office: Office, start: datetime, seed: int) -> None:
        self._database = database
        self._pace = timedelta(seconds=1 / office.house.terms.rate)
        self._office = _in_bursts(office)
        self._start = start
        self._random = Random(seed)  # noqa: S311  pretend people need no secrets
        self._clock = VirtualClock(start)
        self._network = PretendNetwork(self._clock, self._hear)
        self._deliverer = Deliverer(database.write, self._network, self._clock)
        self._events: list[tuple[datetime, int, Event]] = []
        self._order = count()
        self._history: dict[int, list[tuple[datetime, Gathered]]] = {}
        self._answers: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._planned_on: date | None = None

    def days(self, days: int, language: str) -> Iterator[tuple[date, list[Handed], list[str]]]:
        """Runs day by day; yields each local date with the texts that went and its sessions in words."""
        with self._database.write() as connection:
            apply_plan(connection, self._office, self._start)
            self._remember_all(connection, self._start)
        self._enrol_followers(days)
        first = self._start.astimezone(self._office.zone).date()
        for day in (first + timedelta(days=number) for number in range(days)):
            already = len(self._network.ledger)
            midnight = to_utc(day + timedelta(days=1), datetime.min.time(), self._office.zone)
            self._run_until(midnight)
            yield day, self._network.ledger[already:], self._sessions_on(day, language)

    def books(self) -> Books:
        """Counts the four ledgers. *planned* comes from a fresh run of the deciders over what happened."""
        with self._database.read() as connection:
            network = _each_told(connection, [handed.key for handed in self._network.ledger])
            handed = select(messages.c.key).where(messages.c.state == State.SENT)
            outbox = set(_each_told(connection, connection.scalars(handed)))
            sent = select(audit.c.key).where(audit.c.event == State.SENT)
            audited = _each_told(connection, connection.scalars(sent))
            doubt = select(messages.c.key).where(messages.c.state == State.IN_DOUBT)
            in_doubt = len(list(connection.scalars(doubt)))
            # Residents are promised so many texts a month: what goes beyond was not to be sent.
            beyond = select(messages.c.key).where(
                messages.c.state == State.BLOCKED, messages.c.reason == USED_UP
            )
            joined = _joined_at(connection, set(network))
            planned = self._planned_keys(self._clock.now, joined).difference(connection.scalars(beyond))
        return Books(
            planned=len(planned),
            outbox=len(outbox),
            network=len(network),
            audit=len(audited),
            lost=len(planned - set(network)),
            doubled=len(network) - len(set(network)),
            in_doubt=in_doubt,
        )

    def _sessions_on(self, day: date, language: str) -> list[str]:
        zone, midnight = self._office.zone, datetime.min.time()
        begin, end = (to_utc(one, midnight, zone) for one in (day, day + timedelta(days=1)))
        with self._database.read() as connection:
            rows = [row for row in sessions.rows_between(connection, begin, end) if row.starts >= begin]
            seats = assignments.by_session(connection, [row.id for row in rows])
        return [_session_line(self._office, row, seats.get(row.id, []), language) for row in rows]

    def _run_until(self, end: datetime) -> None:
        while (instant := self._next_instant(end)) is not None:
            self._clock.now = max(instant, self._clock.now)
            if self._events and self._events[0][0] <= self._clock.now and not self._backlog():
                _, _, event = heappop(self._events)
                with self._database.write() as connection:
                    event(connection, self._clock.now)
            else:
                self._turn()
        self._clock.now = max(end, self._clock.now)

    def _next_instant(self, end: datetime) -> datetime | None:
        with self._database.read() as connection:
            upcoming = next_turn(connection, self._office, self._office.house.channels, self._clock.now)
        # People answer between bursts: what is due now goes first.
        if self._events and upcoming > self._clock.now:
            upcoming = min(upcoming, self._events[0][0])
        return upcoming if upcoming < end else None

    def _backlog(self) -> bool:
        with self._database.read() as connection:
            due = select(messages.c.id).where(
                messages.c.state == State.WAITING, messages.c.send_at <= self._clock.now
            )
            return connection.execute(due.limit(1)).first() is not None

    def _turn(self) -> None:
        now = self._clock.now
        # Whatever channels the settings name, here all of them are this network.
        ways = dict.fromkeys(self._office.house.channels, self._network.capabilities)
        with self._database.write() as connection:
            loads = take_turn(connection, self._office, ways, ways, {}, self._reference(), now)
            self._remember(connection, assignments.changed_at(connection, now), now)
            planned_on = in_force.planned_on(connection)
            if planned_on != self._planned_on:
                self._planned_on = planned_on
                self._remember_all(connection, now)
        for _, batch in loads:
            self._deliverer.deliver(batch.at_once())
            self._clock.now += self._pace * len(batch.ids)

    def _reference(self) -> str:
        return UUID(int=self._random.getrandbits(128)).hex

    def _hear(self, handed: Handed) -> None:
        with self._database.read() as connection:
            told = _each_told(connection, [handed.key])
        for key in told:
            kind, _, rest = key.partition("/")
            if kind in (Kind.ASK, Kind.SUBSTITUTE):
                session, person, *_ = rest.split("/")
                self._intend_answer(int(session), person, handed.at)

    def _intend_answer(self, session: int, person: str, asked_at: datetime) -> None:
        intention = intend(self._random, asked_at)
        yes = intention.yes
        if yes is None:
            return

        def answer(connection: Connection, now: datetime) -> None:
            for row in sessions.rows_by_id(connection, [session]):
                take_answer(connection, self._office, row, person, yes, now)
                # A no may have others be asked, here and elsewhere.
                self._remember(connection, [session, *assignments.changed_at(connection, now)], now)

        self._expect(intention.at, answer)

    def _enrol_followers(self, days: int) -> None:
        number = count(1)
        for ward in self._office.desk.wards.values():
            for service in self._office.desk.services.values():
                if not service.public:
                    continue
                for _ in range(self._random.randint(0, FOLLOWERS_A_WARD)):
                    phone = f"+8490009{next(number):04}"
                    begins = self._start + timedelta(hours=self._random.uniform(8, 12 * days))
                    ends = begins + timedelta(hours=self._random.uniform(12, 40 * days))
                    self._expect(begins, self._following(phone, service.id, ward.id))
                    self._expect(ends, self._leaving(phone, service.id, ward.id))

    def _following(self, phone: str, service_id: str, ward_id: str) -> Event:
        desk = self._office.desk
        service, ward = desk.services[service_id], desk.wards[ward_id]
        language = self._office.settings.service.languages[0]

        def begin(connection: Connection, now: datetime) -> None:
            if follow(connection, self._office, phone, Wish(service, ward), PRETENDED, language, now):
                self._note_wish(connection, Kind.FOLLOWED, phone, service, ward)

        return begin

    def _leaving(self, phone: str, service_id: str, ward_id: str) -> Event:
        desk = self._office.desk
        service, ward = desk.services[service_id], desk.wards[ward_id]

        def end(connection: Connection, now: datetime) -> None:
            if unfollow(connection, self._office, phone, Wish(service, ward), PRETENDED, now):
                self._note_wish(connection, Kind.UNFOLLOWED, phone, service, ward)

        return end

    def _note_wish(
        self, connection: Connection, kind: Kind, phone: str, service: Service, ward: Ward
    ) -> None:
        # Subscriptions count from 1, in the order in which they begin.
        number = self._numbers.setdefault(phone, len(self._numbers) + 1)
        self._answers.add(f"{kind}/{number}")
        places = [place.id for place in self._office.desk.places.values() if place.ward == ward.id]
        now = self._clock.now
        self._remember(connection, sessions.ids_to_come_at(connection, service.id, places, now), now)

    def _expect(self, at: datetime, event: Event) -> None:
        heappush(self._events, (at, next(self._order), event))

    def _remember_all(self, connection: Connection, now: datetime) -> None:
        self._remember(connection, sessions.ids_to_come(connection, now), now)

    def _remember(self, connection: Connection, ids: list[int], now: datetime) -> None:
        for gathered in gather_cases(connection, self._office, ids):
            past = self._history.setdefault(gathered.case.session, [])
            if not past or past[-1][1] != gathered:
                past.append((now, gathered))

    def _planned_keys(self, end: datetime, joined: Mapping[str, datetime]) -> set[str]:
        planned = set(self._answers)
        for past in self._history.values():
            epochs = [*past, (end, past[-1][1])]
            for (since, gathered), (until, _) in pairwise(epochs):
                rules = self._office.rules_for(gathered.shift)
                planned |= {
                    reminder.key
                    for reminder in reminders_of(gathered.case, rules)
                    # What is due at the instant of a change goes before it: a turn claims first.
                    if since <= _hour_of(reminder, joined) <= until
                }
        return planned


def _in_bursts(office: Office) -> Office:
    """Claims some texts at a time: the clock, which goes on after each burst, keeps the pace."""
    settings, rate = office.settings, office.house.terms.rate
    # Who is written to more slowly than all others still is.
    own = {
        audience: terms if terms.rate < rate else _hastened(terms)
        for audience, terms in settings.audience_terms.items()
    }
    return replace(office, settings=replace(settings, terms=_hastened(settings.terms), audience_terms=own))


def _hastened(terms: Terms) -> Terms:
    return replace(terms, rate=terms.rate * BURST)


def _each_told(connection: Connection, keys: Iterable[str]) -> list[str]:
    """These keys, and for a text that said several things the key of each of them."""
    wanted = list(keys)
    several = said_together(connection, [key for key in wanted if key.startswith(f"{Kind.SEVERAL}/")])
    return [told for key in wanted for told in several.get(key, [key])]


def _joined_at(connection: Connection, told: Collection[str]) -> Mapping[str, datetime]:
    """When each of what was told was put together with others, if it was."""
    lines = select(audit.c.key, audit.c.at).where(audit.c.event == State.JOINED).order_by(audit.c.id)
    return {line.key: line.at for line in connection.execute(lines) if line.key in told}


def _hour_of(reminder: Reminder, joined: Mapping[str, datetime]) -> datetime:
    """Its own hour, or when it was told with others that evening: that must have been wanted by then."""
    at = joined.get(reminder.key, reminder.send_at)
    return at if reminder.send_at - EVENING <= at < reminder.send_at else reminder.send_at


def _session_line(office: Office, row: Row[Any], seats: list[Row[Any]], language: str) -> str:
    scene = office.scene(row.service, row.place)
    hours = when(row.starts, row.ends, office.zone, language)
    answers = Counter(Standing(seat.state) for seat in seats)
    standing = ", ".join(f"{answers[one]} {STANDINGS[one].in_language(language)}" for one in sorted(answers))
    names = scene.service.short.in_language(language), scene.place.name.in_language(language)
    return f"{hours}  {', '.join(names)}  ({standing or '-'})"
