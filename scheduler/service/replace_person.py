"""Takes a person off a session on a coordinator's word, and looks for the best substitute."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from scheduler.roster.assignment import HOLDING
from scheduler.service.cause import Cause
from scheduler.service.fill_roster import fill_roster
from scheduler.service.office import Office
from scheduler.service.queue_reminders import queue_reminders
from scheduler.store import assignments


def replace_person(
    connection: Connection, office: Office, session: Row[Any], person: str, now: datetime
) -> tuple[str, ...] | None:
    """Sends a person home for good; returns who is proposed in their stead, or None when nothing changed.

    Whoever has been asked or has said yes elsewhere stays there. Who was told of the session is told that
    they need not come.
    """
    if session.starts <= now or not assignments.dismiss(connection, session.id, person, now):
        return None
    before = _holding(connection, session.id)
    touched = fill_roster(connection, office, [session.id], now)
    queue_reminders(connection, office, {session.id, *touched}, Cause.REPLACED, now)
    return tuple(sorted(_holding(connection, session.id) - before))


def _holding(connection: Connection, session_id: int) -> set[str]:
    seats = assignments.by_session(connection, [session_id]).get(session_id, [])
    return {seat.person for seat in seats if seat.state in HOLDING}
