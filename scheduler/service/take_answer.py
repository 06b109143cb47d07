"""Takes a yes or no to a session, and looks for somebody else after a no."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row

from notifications import outbox
from notifications.text import fold
from scheduler.roster.assignment import HOLDING, Standing
from scheduler.roster.taker import may_take
from scheduler.roster.vacancy import Vacancy
from scheduler.service.cause import Cause
from scheduler.service.fill_roster import fill_roster, take_back
from scheduler.service.gather_part import LOOK_BACK
from scheduler.service.office import Office
from scheduler.service.queue_reminders import queue_reminders
from scheduler.service.report_trouble import report_dropout
from scheduler.service.seek_substitutes import is_time_to_seek, seek_substitutes
from scheduler.store import assignments, sessions
from scheduler.timetable.shift import Role

# Who gives way when somebody else says yes: first who has been silent longest.
FIRM = (Standing.CONFIRMED, Standing.SERVED)
YIELDING = (Standing.SILENT, Standing.ASKED, Standing.PROPOSED)


class Answered(StrEnum):
    """What became of an answer."""

    DONE = "done"
    ALREADY = "already"
    TAKEN = "taken"
    BUSY = "busy"
    TOO_LATE = "too_late"
    UNKNOWN = "unknown"


def take_answer(
    connection: Connection, office: Office, session: Row[Any], person: str, yes: bool, now: datetime
) -> bool:
    """Records an answer and brings seats and texts in line; returns whether it changed anything.

    A yes after the seat went to somebody else changes nothing, nor does any answer after the start or to a
    session that is called off.
    """
    return answer(connection, office, session, person, yes, now) is Answered.DONE


def answer(
    connection: Connection, office: Office, session: Row[Any], person: str, yes: bool, now: datetime
) -> Answered:
    """Records an answer and brings seats and texts in line; says what became of it.

    A yes fills a seat: others who were asked for it are sent home with thanks. A no has somebody else be
    asked, and one that comes late is told to the coordinators at once.
    """
    assignments.one_at_a_time(connection, person, session.id)
    seats = assignments.by_session(connection, [session.id]).get(session.id, [])
    own = next((seat for seat in seats if seat.person == person), None)
    after = Standing.CONFIRMED if yes else Standing.DECLINED
    refusal = _refusal(connection, office, session, seats, own, after, now)
    if own is None or refusal:
        return refusal or Answered.UNKNOWN
    if not assignments.change(connection, session.id, person, after, now):
        return Answered.TOO_LATE
    if yes:
        _make_room(connection, office, session, own.role, now)
        queue_reminders(connection, office, [session.id], Cause.CONFIRMED, now)
    else:
        seek_another(connection, office, session, own, now)
    return Answered.DONE


def person_named(connection: Connection, office: Office, session: Row[Any], asked: str) -> str | None:
    """The id of the one person on a session who bears this id or name; accents and case are not minded."""
    seats = assignments.by_session(connection, [session.id]).get(session.id, [])
    wanted = fold(asked)
    found = [
        seat.person for seat in seats if seat.person == asked or fold(office.name_of(seat.person)) == wanted
    ]
    return found[0] if len(found) == 1 else None


def wanted_beside(connection: Connection, session_id: int, person: str) -> dict[str, Standing]:
    """Who else holds a seat in a person's role at a session, or is sought for one, and how they stand."""
    seats = assignments.by_session(connection, [session_id]).get(session_id, [])
    role = next((seat.role for seat in seats if seat.person == person), None)
    return {
        seat.person: Standing(seat.state)
        for seat in seats
        if seat.role == role and seat.person != person and seat.state in (*HOLDING, Standing.SOUGHT)
    }


def _refusal(
    connection: Connection,
    office: Office,
    session: Row[Any],
    seats: Sequence[Row[Any]],
    own: Row[Any] | None,
    after: Standing,
    now: datetime,
) -> Answered | None:
    if own is None:
        return Answered.UNKNOWN
    if session.starts <= now or session.state == sessions.CANCELLED:
        return Answered.TOO_LATE
    if own.state == after:
        return Answered.ALREADY
    if after is Standing.CONFIRMED and own.state not in HOLDING:
        if not _is_seat_free(office, session, seats, own):
            return Answered.TAKEN
        if _is_busy(connection, office, session, seats, own, now):
            return Answered.BUSY
    elif after is Standing.CONFIRMED and assignments.has_promised(connection, own.person, session):
        # A session that was moved or revived may have come into the hours of another.
        return Answered.BUSY
    return None


def seek_another(
    connection: Connection, office: Office, session: Row[Any], own: Row[Any], now: datetime
) -> None:
    """Has somebody else be asked in the place of who had the seat `own`.

    That is the next best, or, when time is short, the next wave; a promise that is broken so late is told to
    the coordinators.
    """
    is_late = is_time_to_seek(office, session, now)
    if is_late:
        take_back(connection, office, [session], now)
        queue_reminders(connection, office, [session.id], Cause.DECLINED, now)
        seek_substitutes(connection, office, now)
    else:
        touched = {session.id} | fill_roster(connection, office, [session.id], now)
        queue_reminders(connection, office, touched, Cause.DECLINED, now)
    if is_late and own.state == Standing.CONFIRMED:
        outbox.put(connection, report_dropout(connection, office, session, own.person, "", now), now)


def _make_room(connection: Connection, office: Office, session: Row[Any], role: str, now: datetime) -> None:
    """Sends home whom a yes has made one too many, and with the last seat all who were asked for it."""
    wanted = _wanted(office, session, role)
    seats = assignments.by_session(connection, [session.id]).get(session.id, [])
    own = [seat for seat in seats if seat.role == role]
    said_yes = sum(seat.state == Standing.CONFIRMED for seat in own)
    held = sum(seat.state in HOLDING for seat in own)
    yielding = sorted(
        (seat for seat in own if seat.state in YIELDING and not seat.named),
        key=lambda seat: (YIELDING.index(Standing(seat.state)), seat.since, seat.id),
    )
    surplus = [seat.id for seat in yielding[: max(0, held - wanted)]]
    if said_yes >= wanted:
        surplus += [seat.id for seat in own if seat.state == Standing.SOUGHT]
    if surplus:
        assignments.release(connection, surplus, now)


def _is_seat_free(office: Office, session: Row[Any], seats: Sequence[Row[Any]], own: Row[Any]) -> bool:
    """Whether one more is wanted.

    Who is sought comes before who was asked and has not answered; who had said no does not.
    """
    holding = FIRM if own.state == Standing.SOUGHT else HOLDING
    taken = [seat for seat in seats if seat.role == own.role and (seat.state in holding or _is_named(seat))]
    return len(taken) < _wanted(office, session, own.role)


def _is_named(seat: Row[Any]) -> bool:
    return bool(seat.named and seat.state in HOLDING)


def _is_busy(
    connection: Connection,
    office: Office,
    session: Row[Any],
    seats: Sequence[Row[Any]],
    own: Row[Any],
    now: datetime,
) -> bool:
    """Whether it would be too much, or beside the wrong person: a yes given elsewhere may have come first.

    When they can come people know best, whatever the settings say of their hours.
    """
    person = office.desk.people.get(own.person)
    if person is None:
        return False
    others = (seat.person for seat in seats if seat.state in HOLDING and seat.person != person.id)
    beside = [office.desk.people[one] for one in others if one in office.desk.people]
    ward = office.scene(session.service, session.place).ward.id
    hours = session.starts, session.ends
    vacancy = Vacancy(session.id, Role(own.role), 1, *hours, ward, place=session.place)
    duties = assignments.duties_from(connection, min(now, session.starts) - LOOK_BACK, person.id)
    free = replace(person, windows=(), away=())
    return not may_take(vacancy, free, beside, duties, office.zone, office.settings.roster)


def _wanted(office: Office, session: Row[Any], role: str) -> int:
    shift = office.desk.shifts.get(session.shift)
    return sum(need.count for need in shift.needs if need.role == role) if shift else 0
