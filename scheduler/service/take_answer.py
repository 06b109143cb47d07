"""Takes a yes or no to a session, and looks for somebody else after a no."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from notifications.text import fold
from scheduler.roster.assignment import HOLDING, Standing
from scheduler.service.fill_roster import fill_roster
from scheduler.service.office import Office
from scheduler.service.queue_reminders import queue_reminders
from scheduler.store import assignments


def take_answer(
    connection: Connection, office: Office, session: Row[Any], person: str, yes: bool, now: datetime
) -> bool:
    """Records an answer and brings seats and texts in line; returns whether it changed anything.

    A yes after the seat went to somebody else, or any answer after the start, changes nothing.
    """
    if session.starts <= now:
        return False
    after = Standing.CONFIRMED if yes else Standing.DECLINED
    if yes and not _seat_is_free(connection, office, session, person):
        return False
    if not assignments.change(connection, session.id, person, after, now):
        return False
    if not yes:
        fill_roster(connection, office, [session.id], now)
    queue_reminders(connection, office, [session.id], str(after), now)
    return True


def person_named(connection: Connection, office: Office, session: Row[Any], asked: str) -> str | None:
    """The id of the one person on a session who bears this id or name; accents and case are not minded."""
    seats = assignments.by_session(connection, [session.id]).get(session.id, [])
    wanted = fold(asked)
    found = [
        seat.person for seat in seats if seat.person == asked or fold(_name_of(office, seat.person)) == wanted
    ]
    return found[0] if len(found) == 1 else None


def _name_of(office: Office, person: str) -> str:
    someone = office.desk.people.get(person)
    return someone.name if someone else person


def _seat_is_free(connection: Connection, office: Office, session: Row[Any], person: str) -> bool:
    seats = assignments.by_session(connection, [session.id]).get(session.id, [])
    own = next((seat for seat in seats if seat.person == person), None)
    if own is None or own.state not in (Standing.DECLINED, Standing.RELEASED):
        return own is not None
    shift = office.desk.shifts.get(session.shift)
    wanted = sum(need.count for need in shift.needs if need.role == own.role) if shift else 0
    held = sum(seat.role == own.role and seat.state in HOLDING for seat in seats)
    return bool(held < wanted)
