"""Thirty days of forty people who accept, refuse, stay silent, swap, drop out late and answer nonsense.

The rules are checked by what the phones got and by what the seats are in the end, with no code of the roster.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from notifications.tables import messages
from scheduler.roster.person import Per, Person
from scheduler.store import sessions
from scheduler.store.tables import assignments
from scheduler.store.tables import sessions as session_rows
from tests.desk import SAIGON, instant
from tests.forty import Town

BEGIN, END = "2026-11-16 09:00", "2026-12-16 09:00"
# A month in which late drop-outs leave seats empty, some of them for good; other months by the environment.
SEED = int(os.environ.get("CATRUC_MONTH_SEED", "2"))
HELD = ("proposed", "asked", "silent", "confirmed", "served")
# What people have just asked for may come at any hour.
ANSWERS = ("swapped", "thanked", "excused", "taken", "which", "unclear", "helped")
# These may wake somebody who would else learn it too late: within so long of the end of the night.
URGENT = {"dropout": timedelta(hours=3), "cancelled": timedelta(hours=1), "released": timedelta(hours=1)}
URGENT["filled"] = URGENT["released"]
# From so long before a session on, two substitutes a seat are asked every two hours of the day.
SEARCH, WAVE, A_WAVE = timedelta(hours=36), timedelta(hours=2), 2


class Books:
    """All that the month left behind: sessions, seats and texts, and who did what."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.people = town.desk.office.desk.people
        with town.desk.database.read() as connection:
            rows = sessions.rows_between(connection, instant(BEGIN), instant(END))
            self.sessions = {row.id: row for row in rows if row.starts < instant(END)}
            self.seats = connection.execute(select(assignments)).all()
            self.begins = {one.id: one for one in connection.execute(select(session_rows))}
            self.texts = connection.execute(
                select(messages).where(messages.c.handed_at.is_not(None)).order_by(messages.c.handed_at)
            ).all()

    def needs(self, session: int) -> dict[str, int]:
        """How many volunteers and leaders a session wants; staff are told, not asked."""
        shift = self.town.desk.office.desk.shifts[self.sessions[session].shift]
        return {need.role: need.count for need in shift.needs if need.role != "staff"}

    def held_by(self, person: str, states: Iterable[str] = HELD) -> list[Any]:
        """The sessions at which a person has a seat in one of these states."""
        return [self.begins[seat.session_id] for seat in self.seats if self._is(seat, person, states)]

    def _is(self, seat: Any, person: str, states: Iterable[str]) -> bool:
        return bool(seat.person == person and seat.state in states)


def test_a_month_of_forty_people_ends_well() -> None:
    """Every session is staffed that could be, nobody is asked twice, woken, or texted after STOP."""
    town = Town("sqlite://", BEGIN, SEED)
    try:
        town.run_until(END)
        books = Books(town)
    finally:
        town.desk.close()
    assert len(books.people) == 40
    assert not _what_never_happened(town), "The month had something of everything."
    assert not list(_empty_though_somebody_could(books)), "Every session is staffed that could have been."
    assert not list(_asked_twice(books)), "Nobody is asked twice for the same thing."
    assert not list(_asked_after_a_no(books)), "Nobody is asked for what they have said no to."
    assert not list(_woken(books)), "Nobody is texted in quiet hours but for what cannot wait."
    assert not list(_texted_after_stop(books)), "Nobody is texted after STOP."
    assert not list(_broken_rules(books)), "No hard rule is broken."


def _what_never_happened(town: Town) -> list[str]:
    deeds = ("yes", "no", "page", "link", "text", "gave up", "offered", "swapped", "nonsense")
    return [deed for deed in deeds if town.deeds[deed] < 2] + ["stop"] * (len(town.stopped) < 3)


def _empty_though_somebody_could(books: Books) -> Iterator[str]:
    """Seats without a yes for which somebody was willing, free, and had time to be asked and to answer.

    Who has promised to come elsewhere stays there, so a seat could have been filled exactly when a largest
    matching of the empty seats of a session to such people is not empty.
    """
    for session, row in books.sessions.items():
        empty = [role for role, missing in _missing(books, session).items() for _ in range(missing)]
        could = {role: _could_come(books, row, role) for role in set(empty)}
        if _largest_matching(empty, could):
            yield f"{row.key} lacks {empty}; {could}"


def _missing(books: Books, session: int) -> dict[str, int]:
    said_yes = [seat.role for seat in books.seats if seat.session_id == session and seat.state == "confirmed"]
    return {role: max(0, count - said_yes.count(role)) for role, count in books.needs(session).items()}


def _largest_matching(seats: list[str], could: dict[str, list[str]]) -> dict[str, int]:
    """Person to seat (by number), by augmenting paths."""
    taken: dict[str, int] = {}

    def place(seat: int, seen: set[str]) -> bool:
        for person in could[seats[seat]]:
            if person not in seen:
                seen.add(person)
                if person not in taken or place(taken[person], seen):
                    taken[person] = seat
                    return True
        return False

    for seat in range(len(seats)):
        place(seat, set())
    return taken


def _could_come(books: Books, row: Any, role: str) -> list[str]:
    able = [person for person in books.people.values() if _is_able(books, person, row, role)]
    return [
        person.id
        for person in able
        if books.town.would_come(person.id, row.id)
        and person.id not in books.town.stopped
        and (person.id, row.id) not in books.town.refused
        and _chances(_free_since(books, person, row), row.starts) >= len(able)
    ]


def _is_able(books: Books, person: Person, row: Any, role: str) -> bool:
    """By role, time, absence and limits, with all that the person holds in the end.

    Who has promised to come to this very session, in whatever role, is there already.
    """
    if any(other.id == row.id for other in books.held_by(person.id, ("confirmed",))):
        return False
    held = [other for other in books.held_by(person.id) if other.id != row.id]
    return (
        role in person.roles
        and _is_there(books, person, row)
        and not any(other.starts < row.ends and row.starts < other.ends for other in held)
        and not _over_limit(person, [*held, row])
    )


def _free_since(books: Books, person: Person, row: Any) -> datetime:
    """Since when this person could be asked for the seat: when it was last given up, and they were free."""
    instants: list[datetime] = [row.starts - SEARCH, instant(BEGIN), *books.town.given_up[row.id]]
    held = [other for other in books.held_by(person.id) if other.id != row.id]
    for seat in books.seats:
        other = books.begins[seat.session_id]
        if seat.person != person.id or seat.state not in ("declined", "released") or seat.was == "sought":
            continue
        if (other.starts < row.ends and row.starts < other.ends) or _over_limit(person, [*held, row, other]):
            instants.append(seat.changed_at)
    return max(instants)


def _chances(since: datetime, starts: datetime) -> int:
    """How many people can be asked, one wave after another in the day, so that the last can still answer."""
    awake, at = timedelta(), since
    while at < starts:
        awake += timedelta(minutes=15) * (7 <= at.astimezone(SAIGON).hour < 21)
        at += timedelta(minutes=15)
    return A_WAVE * max(0, (awake - WAVE) // WAVE)


def _asked_twice(books: Books) -> Iterator[str]:
    """Asked again is only who heard that the seat was no longer theirs, or for a seat given up in between."""
    asked_at: dict[tuple[str, int], datetime] = {}
    for told in books.town.asked:
        seat = told.person, told.session
        if told.kind in ("released", "filled"):
            asked_at.pop(seat, None)
        elif told.kind in ("ask", "substitute"):
            before = asked_at.get(seat)
            if before and not any(before < at <= told.at for at in books.town.given_up[told.session]):
                yield f"{told}"
            asked_at[seat] = told.at


def _asked_after_a_no(books: Books) -> Iterator[str]:
    for told in books.town.asked:
        refused = books.town.refused.get((told.person, told.session))
        if (
            refused
            and told.at > refused + timedelta(seconds=1)
            and told.kind in ("ask", "chase", "substitute")
        ):
            yield f"{told}"


def _woken(books: Books) -> Iterator[str]:
    for text in books.texts:
        at = text.handed_at.astimezone(SAIGON)
        if 7 <= at.hour < 21 or _may_wake(books, text):
            continue
        yield f"{at} {text.key}: {text.text}"


def _may_wake(books: Books, text: Any) -> bool:
    if text.kind in ANSWERS:
        soon = timedelta(minutes=1)
        return any(timedelta() <= text.handed_at - at <= soon for at in books.town.wrote[text.phone])
    if text.kind not in URGENT:
        return False
    starts = books.begins[int(text.key.split("/")[1])].starts.astimezone(SAIGON)
    local = text.handed_at.astimezone(SAIGON)
    morning = local.replace(hour=7, minute=0, second=0) + timedelta(days=local.hour >= 21)
    return bool(starts < morning + URGENT[text.kind])


def _texted_after_stop(books: Books) -> Iterator[str]:
    for person, since in books.town.stopped.items():
        for text in books.texts:
            if text.phone == books.people[person].phone and text.handed_at > since:
                yield f"{text.handed_at} {text.key}"


def _broken_rules(books: Books) -> Iterator[str]:
    """Of everybody who has promised to come: role, time, overlap, limits; and no seat is given twice."""
    for person in books.people.values():
        held = sorted(books.held_by(person.id, ("confirmed",)), key=lambda row: row.starts)
        for one, other in pairwise(held):
            if other.starts < one.ends:
                yield f"{person.id} is at {one.key} and {other.key} at once"
        if _over_limit(person, held):
            yield f"{person.id} gives more hours than they can: {[row.key for row in held]}"
        yield from (
            f"{person.id} cannot come to {row.key}" for row in held if not _is_there(None, person, row)
        )
    for seat in books.seats:
        if seat.state == "confirmed" and seat.role not in books.people[seat.person].roles:
            yield f"{seat.person} is no {seat.role}"
    for session in books.sessions:
        for role, count in books.needs(session).items():
            yes = [s for s in books.seats if s.session_id == session and s.role == role]
            if sum(seat.state == "confirmed" for seat in yes) > count:
                yield f"{books.sessions[session].key} has more than {count} {role}"


def _is_there(books: Books | None, person: Person, row: Any) -> bool:
    """Whether all of the session lies in one weekly time of the person, on no day away."""
    starts, ends = row.starts.astimezone(SAIGON), row.ends.astimezone(SAIGON)
    away = [(one.first, one.last) for one in person.away]
    if books and person.id in books.town.away:
        away.append(books.town.away[person.id][:2])
    if any(first <= starts.date() <= last for first, last in away):
        return False
    return not person.windows or any(
        starts.weekday() in window.weekdays
        and (window.span is None or (window.span.start <= starts.time() and ends.time() <= window.span.end))
        for window in person.windows
    )


def _over_limit(person: Person, rows: list[Any]) -> bool:
    for limit in person.limits:
        given: dict[Any, float] = defaultdict(float)
        for row in rows:
            day = row.starts.astimezone(SAIGON).date()
            span = day.isocalendar()[:2] if limit.per is Per.WEEK else (day.year, day.month)
            given[span] += (row.ends - row.starts).total_seconds() / 60
        if any(minutes > limit.minutes for minutes in given.values()):
            return True
    return False
