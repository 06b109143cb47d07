"""Puts people on sessions: the named staff, and volunteers where somebody is wanted."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from notifications import outbox
from scheduler.reminders.case import RELEASED
from scheduler.reminders.reminder import SENT_HOME, Recipient
from scheduler.reminders.wording import scope_of
from scheduler.roster.assignment import HOLDING, Standing
from scheduler.roster.fill import rearrange
from scheduler.roster.person import Person
from scheduler.roster.vacancy import Choice, Vacancy
from scheduler.service.gather_cases import gather_cases
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
    touched |= take_back(connection, office, rows, now)
    touched |= _send_home(connection, office, rows, people, now)
    able = askable(connection, people, now)
    touched |= _fill(connection, office, rows, able, now)
    touched |= _move_for_the_rest(connection, office, rows, able, now)
    return touched


def vacant_sessions(connection: Connection, office: Office, now: datetime) -> frozenset[int]:
    """The sessions to come at which somebody is wanted: a new person may help there, or other rules."""
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


def take_back(connection: Connection, office: Office, rows: Collection[Row[Any]], now: datetime) -> set[int]:
    """Gives back the seats of who was sent home and is wanted after all; returns the sessions touched.

    Whoever has not heard of it yet, or was sent home within ``apply.wait``, keeps seat and answer. Who has
    heard of it hears of this, too: their seat is known anew. Who sits elsewhere in those hours by now stays
    there.
    """
    since = now - office.settings.apply.wait
    seated = assignments.by_session(connection, [row.id for row in rows])
    free = _may_return(connection, rows, seated, since)
    back = [
        seat for row in rows for seat in _wanted_after_all(office, row, seated.get(row.id, []), free, since)
    ]
    if back:
        heard = _have_heard(connection, office, back)
        for anew in (False, True):
            ids = [seat.id for seat in back if (seat.id in heard) is anew]
            assignments.take_back(connection, ids, now, anew)
    return {seat.session_id for seat in back}


def _may_return(
    connection: Connection,
    rows: Iterable[Row[Any]],
    seated: Mapping[int, Collection[Row[Any]]],
    since: datetime,
) -> set[int]:
    """The seats, by id, of whom it is not too late to take back."""
    unheard = _have_not_heard(connection, seated)
    return {
        seat.id
        for row in rows
        for seat in seated.get(row.id, ())
        if seat.state == Standing.RELEASED
        and seat.was
        and (seat.changed_at >= since or (row.id, seat.person) in unheard)
        and not _sits_elsewhere(connection, row, seat.person)
    }


def _sits_elsewhere(connection: Connection, row: Row[Any], person: str) -> bool:
    """Whether they have been put on another session in the hours of this one."""
    duties = assignments.duties_from(connection, row.starts, person)
    return any(duty.starts < row.ends for duty in duties)


def _have_not_heard(
    connection: Connection, seated: Mapping[int, Collection[Row[Any]]]
) -> set[tuple[int, str]]:
    """To whom it has yet to be told that they need not come: session and person."""
    gone = [session for session, seats in seated.items() if any(seat.was for seat in seats)]
    scopes = {scope_of(session): session for session in gone}
    waiting = outbox.not_yet_told(connection, scopes, SENT_HOME) if scopes else ()
    return {(scopes[scope], Recipient.parse(recipient).id) for scope, recipient in waiting}


def _have_heard(connection: Connection, office: Office, seats: Collection[Row[Any]]) -> set[int]:
    """Whose last text said that they need not come, by the id of the seat."""
    cases = gather_cases(connection, office, {seat.session_id for seat in seats})
    told = {gathered.case.session: gathered.case.told for gathered in cases}
    last = {seat.id: told[seat.session_id].get(str(Recipient.person(seat.person))) for seat in seats}
    return {seat for seat, one in last.items() if one is not None and one.about == RELEASED}


def _wanted_after_all(
    office: Office, row: Row[Any], seats: list[Row[Any]], free: Collection[int], since: datetime
) -> Iterator[Row[Any]]:
    """Those of the `free` for whom there is need, whoever was put in their place since then.

    Who was sought with others is wanted until somebody has said yes.
    """
    needs = {need.role: need.count for need in office.desk.shifts[row.shift].needs}
    firm = Counter(Role(seat.role) for seat in seats if seat.state == Standing.CONFIRMED)
    held = firm + Counter(
        Role(seat.role)
        for seat in seats
        if seat.state in HOLDING and seat.state != Standing.CONFIRMED and seat.since < since
    )
    for seat in seats:
        role, person = Role(seat.role), office.desk.people.get(seat.person)
        taken = firm if seat.was == Standing.SOUGHT else held
        if (
            seat.id in free
            and not seat.named
            and person
            and role in person.roles
            and needs.get(role, 0) > taken[role]
        ):
            firm[role] += seat.was == Standing.CONFIRMED
            held[role] += seat.was in HOLDING
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
