"""Puts people on sessions: the named staff, and volunteers where somebody is wanted."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from scheduler.roster.assignment import HOLDING, Standing
from scheduler.roster.fill import rearrange
from scheduler.roster.person import Person
from scheduler.roster.vacancy import Choice, Vacancy
from scheduler.service.gather_part import gather_movable, gather_part, vacancies_of
from scheduler.service.know_people import askable, know_people
from scheduler.service.office import Office
from scheduler.store import assignments, sessions
from scheduler.timetable.availability import can_come
from scheduler.timetable.shift import Role, Shift


def fill_roster(connection: Connection, office: Office, ids: Collection[int], now: datetime) -> set[int]:
    """Seats people at these sessions and sends home who is wanted no more; returns the sessions touched."""
    rows = [
        row
        for row in sessions.rows_by_id(connection, ids)
        if row.starts > now and row.state != sessions.CANCELLED and row.shift in office.desk.shifts
    ]
    people = know_people(connection, office, now)
    touched = _seat_named_staff(connection, office, rows, now)
    touched |= _take_back(connection, office, rows, now)
    touched |= _send_home(connection, office, rows, people, now)
    able = askable(connection, people, now)
    touched |= _fill(connection, office, rows, able, now)
    touched |= _move_for_the_rest(connection, office, rows, able, now)
    return touched


def vacant_sessions(connection: Connection, office: Office, now: datetime) -> frozenset[int]:
    """The sessions to come at which somebody is wanted: a new person may help there."""
    held = assignments.count_held_from(connection, now)
    vacant: set[int] = set()
    for session, shift in sessions.shifts_to_come(connection, now).items():
        known = office.desk.shifts.get(shift)
        if known and any(held[session, need.role] < need.count for need in known.needs):
            vacant.add(session)
    return frozenset(vacant)


def named_staff(shift: Shift, row: Row[Any]) -> tuple[str, ...]:
    """Who is named for a session: the shift's staff, with deputies on their dates."""
    stand_ins = {
        deputy.absent: deputy.stand_in
        for deputy in shift.deputies
        if deputy.first <= row.named <= deputy.last
    }
    return tuple(stand_ins.get(person, person) for person in shift.staff)


def _seat_named_staff(
    connection: Connection, office: Office, rows: list[Row[Any]], now: datetime
) -> set[int]:
    seated = assignments.by_session(connection, [row.id for row in rows])
    missing: list[tuple[int, Role, str]] = []
    surplus: list[Row[Any]] = []
    for row in rows:
        wanted = named_staff(office.desk.shifts[row.shift], row)
        there = {seat.person for seat in seated.get(row.id, []) if seat.state != Standing.RELEASED}
        missing += [(row.id, Role.STAFF, person) for person in wanted if person not in there]
        surplus += [
            seat
            for seat in seated.get(row.id, [])
            if seat.named and seat.state in HOLDING and seat.person not in wanted
        ]
    assignments.add(connection, missing, Standing.CONFIRMED, named=True, now=now)
    assignments.release(connection, [seat.id for seat in surplus], now)
    return {session for session, _, _ in missing} | {seat.session_id for seat in surplus}


def _send_home(
    connection: Connection, office: Office, rows: list[Row[Any]], people: Mapping[str, Person], now: datetime
) -> set[int]:
    seated = assignments.by_session(connection, [row.id for row in rows])
    surplus = [seat for row in rows for seat in _surplus(office, row, seated.get(row.id, []), people)]
    assignments.release(connection, [seat.id for seat in surplus], now)
    return {seat.session_id for seat in surplus}


def _surplus(
    office: Office, row: Row[Any], seats: list[Row[Any]], people: Mapping[str, Person]
) -> list[Row[Any]]:
    """Chosen people beyond the need, the unconfirmed first, and all who are in the list no more."""
    wanted = {need.role: need.count for need in office.desk.shifts[row.shift].needs}
    for seat in seats:
        if seat.named and seat.state in HOLDING:
            wanted[Role(seat.role)] = wanted.get(Role(seat.role), 0) - 1
    surplus: list[Row[Any]] = []
    chosen = [seat for seat in seats if not seat.named and seat.state in HOLDING]
    for seat in sorted(chosen, key=lambda seat: (seat.state != Standing.CONFIRMED, seat.id)):
        role = Role(seat.role)
        person = people.get(seat.person)
        unable = person is None or role not in person.roles or _cannot_be_asked(office, row, seat, person)
        if unable or wanted.get(role, 0) < 1:
            surplus.append(seat)
        else:
            wanted[role] -= 1
    return surplus


def _cannot_be_asked(office: Office, row: Row[Any], seat: Row[Any], person: Person) -> bool:
    """Who cannot come now and has not been asked yet need not be; who was asked answers for themselves."""
    able = can_come(person.windows, person.away, row.starts, row.ends, office.zone)
    return seat.state == Standing.PROPOSED and not able


def _take_back(connection: Connection, office: Office, rows: list[Row[Any]], now: datetime) -> set[int]:
    """Undoes what an edit undone within ``apply.wait`` has done: who was sent home keeps seat and answer."""
    since = now - office.settings.apply.wait
    seated = assignments.by_session(connection, [row.id for row in rows])
    back = [
        seat for row in rows for seat in _sent_home_by_mistake(office, row, seated.get(row.id, []), since)
    ]
    assignments.take_back(connection, [seat.id for seat in back], now)
    return {seat.session_id for seat in back}


def _sent_home_by_mistake(
    office: Office, row: Row[Any], seats: list[Row[Any]], since: datetime
) -> Iterator[Row[Any]]:
    """Those sent home since then for whom there is need, whoever was put in their place meanwhile."""
    wanted = {need.role: need.count for need in office.desk.shifts[row.shift].needs}
    for seat in seats:
        if seat.state in HOLDING and (seat.since < since or seat.state == Standing.CONFIRMED):
            wanted[Role(seat.role)] = wanted.get(Role(seat.role), 0) - 1
    for seat in seats:
        role, person = Role(seat.role), office.desk.people.get(seat.person)
        sent_home = seat.state == Standing.RELEASED and seat.was and seat.changed_at >= since
        if sent_home and not seat.named and person and role in person.roles and wanted.get(role, 0) > 0:
            wanted[role] -= 1
            yield seat


def _vacant(connection: Connection, office: Office, rows: list[Row[Any]]) -> list[Vacancy]:
    seated = assignments.by_session(connection, [row.id for row in rows])
    return [one for row in rows for one in vacancies_of(office, row, seated.get(row.id, []))]


def _fill(
    connection: Connection,
    office: Office,
    rows: list[Row[Any]],
    people: Mapping[str, Person],
    now: datetime,
) -> set[int]:
    vacancies = _vacant(connection, office, rows)
    if not vacancies:
        return set()
    return _propose(
        connection, office.ahead.choose(gather_part(connection, office, vacancies, people, now)), now
    )


def _move_for_the_rest(
    connection: Connection,
    office: Office,
    rows: list[Row[Any]],
    people: Mapping[str, Person],
    now: datetime,
) -> set[int]:
    """For seats that nobody free can take, people are moved who have not been asked yet."""
    vacancies = _vacant(connection, office, rows)
    part = gather_movable(connection, office, vacancies, people, now) if vacancies else None
    if part is None or not part.before:
        return set()
    before, after = set(part.before), set(rearrange(part))
    gone = [(choice.session, choice.person) for choice in before - after]
    assignments.withdraw(connection, gone)
    fresh = sorted(after - before, key=lambda choice: (choice.session, choice.role, choice.person))
    return {session for session, _ in gone} | _propose(connection, fresh, now)


def _propose(connection: Connection, choices: Iterable[Choice], now: datetime) -> set[int]:
    chosen = [(choice.session, choice.role, choice.person) for choice in choices]
    assignments.add(connection, chosen, Standing.PROPOSED, named=False, now=now)
    return {session for session, _, _ in chosen}
