"""Gathers what a roster is made from: vacancies, people, what they hold, and what would be fair."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from scheduler.roster.assignment import HOLDING, Standing
from scheduler.roster.cost import Share, Shares
from scheduler.roster.draft import Draft
from scheduler.roster.fairness import Demand, shares_of
from scheduler.roster.part import Part
from scheduler.roster.person import Person
from scheduler.roster.vacancy import Choice, Vacancy
from scheduler.service.office import Office
from scheduler.store import assignments, sessions
from scheduler.timetable.availability import can_come
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
    connection: Connection,
    office: Office,
    vacancies: Iterable[Vacancy],
    people: Mapping[str, Person],
    now: datetime,
) -> Part:
    """The vacancies with all people of the desk; what anybody holds stays as it is."""
    return Part(
        vacancies=tuple(vacancies),
        people=tuple(people.values()),
        duties=tuple(assignments.duties_from(connection, now - LOOK_BACK)),
        zone=office.zone,
        rules=office.settings.roster,
        shares=_shares(connection, office, people, now),
    )


def can_anybody(
    connection: Connection,
    office: Office,
    vacancies: Collection[Vacancy],
    people: Mapping[str, Person],
    now: datetime,
) -> bool:
    """Whether anybody could take one of the vacancies; what would be fair, which costs more, is not asked."""
    able = {
        person.id: person
        for person in people.values()
        if any(could_come(office, one, person) for one in vacancies)
    }
    if not able:
        return False
    duties = assignments.duties_from(connection, now - LOOK_BACK)
    draft = Draft(vacancies, people.values(), duties, office.zone, office.settings.roster, {})
    return any(draft.obstacle(number, ident) is None for number in range(len(vacancies)) for ident in able)


def could_come(office: Office, vacancy: Vacancy, person: Person) -> bool:
    """Whether the person can be what is wanted there, then; what else they hold is not asked."""
    return (
        vacancy.role in person.roles
        and person.id not in vacancy.barred
        and can_come(person.windows, person.away, vacancy.starts, vacancy.ends, office.zone)
    )


def gather_movable(
    connection: Connection,
    office: Office,
    vacancies: Collection[Vacancy],
    people: Mapping[str, Person],
    now: datetime,
) -> Part:
    """The vacancies, and the seats of the weeks around whose people have not been asked: these may move."""
    part = gather_part(connection, office, vacancies, people, now)
    starts = [vacancy.starts for vacancy in vacancies]
    found = assignments.proposed_from(connection, max(now, min(starts) - _WEEK), max(starts) + _WEEK)
    ids = {seat.session_id for seat in found} | {vacancy.session for vacancy in vacancies}
    rows = [row for row in sessions.rows_by_id(connection, ids) if row.shift in office.desk.shifts]
    seated = assignments.by_session(connection, [row.id for row in rows])
    known = {seat.id for seat in found if not seat.named and seat.person in people}
    for row in rows:
        movable = [seat for seat in seated.get(row.id, []) if seat.id in known]
        part = _with_movable(part, office, row, seated.get(row.id, []), movable)
    return part


def _with_movable(
    part: Part, office: Office, row: Row[Any], seats: list[Row[Any]], movable: list[Row[Any]]
) -> Part:
    vacancies = tuple(vacancies_of(office, row, seats, {seat.id for seat in movable}))
    room = Counter({vacancy.role: vacancy.count for vacancy in vacancies})
    if Counter(Role(seat.role) for seat in movable) - room:
        return part  # more sit there than are wanted: not for the roster to judge
    minutes = int((row.ends - row.starts).total_seconds()) // 60
    people = {seat.person for seat in movable}
    shares = {
        person: Share(part.shares[person].given - minutes, part.shares[person].fair) for person in people
    }
    return replace(
        part,
        vacancies=tuple(one for one in part.vacancies if one.session != row.id) + vacancies,
        duties=tuple(duty for duty in part.duties if duty.session != row.id or duty.person not in people),
        shares={**part.shares, **shares},
        before=part.before + tuple(Choice(row.id, Role(seat.role), seat.person) for seat in movable),
    )


def _shares(connection: Connection, office: Office, people: Mapping[str, Person], now: datetime) -> Shares:
    since = now - HALF_A_YEAR
    given: Counter[str] = Counter()
    for duty in assignments.duties_from(connection, since):
        given[duty.person] += int((duty.ends - duty.starts).total_seconds()) // 60
    known = assignments.known_since(connection)
    joined = {ident: known.get(ident, now) for ident in people}
    return shares_of(people.values(), _demands(connection, office, since), given, joined, office.zone)


def _demands(connection: Connection, office: Office, since: datetime) -> Iterator[Demand]:
    """What was and is wanted, by the shifts as they are now: nobody has written down what they were."""
    for shift, starts, ends in sessions.held_since(connection, since):
        known = office.desk.shifts.get(shift)
        for need in known.needs if known else ():
            yield Demand(need.role, need.count, starts, ends)


def _vacancy(office: Office, row: Row[Any], role: Role, count: int, barred: frozenset[str]) -> Vacancy:
    ward = office.desk.places[row.place].ward
    return Vacancy(row.id, role, count, row.starts, row.ends, ward, barred, row.place, row.service)
