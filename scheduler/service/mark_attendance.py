"""Writes down who came: by the ward's coordinator or the session's leader, for two weeks."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from scheduler.roster.assignment import Standing
from scheduler.service.office import Office
from scheduler.service.show_watch import MARKABLE, coordinated_places, leads
from scheduler.store import assignments, sessions


def mark_attendance(
    connection: Connection,
    office: Office,
    session: Row[Any],
    person: str,
    came: bool,
    marker: str,
    now: datetime,
) -> bool:
    """Records that `person` came, or did not; returns whether that changed anything.

    `marker` may do so from the session's start on until 14 days after its end, and change it until then.
    """
    is_time = session.starts <= now <= session.ends + MARKABLE
    if not is_time or session.state == sessions.CANCELLED:
        return False
    seats = assignments.by_session(connection, [session.id]).get(session.id, [])
    if session.place not in coordinated_places(office, marker) and not leads(seats, marker):
        return False
    after = Standing.SERVED if came else Standing.ABSENT
    return assignments.change(connection, session.id, person, after, now)
