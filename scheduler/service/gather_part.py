"""Gathers what a roster is made from: vacancies, people, what they hold, and what would be fair."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from scheduler.roster.assignment import HOLDING, Standing
from scheduler.roster.cost import Share, Shares
from scheduler.roster.fairness import Demand, shares_of
from scheduler.roster.part import Part
from scheduler.roster.vacancy import Choice, Vacancy
from scheduler.service.office import Office
from scheduler.store import assignments, sessions
from scheduler.timetable.shift import Role

# A monthly limit counts what was given since the first of the month; fairness looks back half a year.
LOOK_BACK = timedelta(days=31)
HALF_A_YEAR = timedelta(days=182)
_WEEK = timedelta(days=7)


def vacancies_of(
    office: Office, row: Row[Any], seats: Iterable[Row[Any]], movable: Collection[int] = ()
) -> Iterator[Vacancy]:
    """What a session lacks; seats whose assignment's id is `movable` count as empty."""
    seats = [seat for seat in seats if seat.id not in movable]
    barred = frozenset(seat.person for seat in seats if seat.state != Standing.RELEASED or seat.was is None)
    for need in office.desk.shifts[row.shift].needs:
        held = sum(seat.role == need.role and seat.state in HOLDING for seat in seats)
        if need.count > held:
            yield _vacancy(office, row, need.role, need.count - held, barred)


def gather_part(
    connection: Connection, office: Office, vacancies: Iterable[Vacancy], now: datetime
) -> Part:
    """The vacancies with all people of the desk; what anybody holds stays as it is."""
    return Part(
        vacancies=tuple(vacancies),
        people=tuple(office.desk.people.values()),
        duties=tuple(assignments.duties_from(connection, now - LOOK_BACK)),
        zone=office.zone,
        rules=office.settings.roster,
        shares=_shares(connection, office, now),
    )


def with_movable(connection: Connection, office: Office, part: Part, now: datetime) -> Part:
    """The same, with the seats of the weeks around whose people have not been asked: these may be moved."""
    starts = [vacancy.starts for vacancy in part.vacancies]
    first, last = max(now, min(starts) - _WEEK), max(starts) + _WEEK
    movable = [
        seat
        for seat in assignments.proposed_from(connection, first, last)
        if not seat.named and seat.person in office.desk.people
    ]
    ids = {seat.session_id for seat in movable} | {vacancy.session for vacancy in part.vacancies}
    rows = {
        row.id: row for row in sessions.rows_by_id(connection, ids) if row.shift in office.desk.shifts
    }
    movable = [seat for seat in movable if seat.session_id in rows]
    before = tuple(Choice(seat.session_id, Role(seat.role), seat.person) for seat in movable)
    return replace(
        part,
        vacancies=_with_seats(connection, office, part, rows, {seat.id for seat in movable}, before),
        duties=tuple(
            duty for duty in part.duties if (duty.session, duty.person) not in _places(before)
        ),
        shares=_without(part.shares, before, rows),
        before=before,
    )


def _places(choices: Iterable[Choice]) -> frozenset[tuple[int, str]]:
    return frozenset((choice.session, choice.person) for choice in choices)
