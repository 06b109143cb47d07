"""Requests to call a session off: made at the desk, settled once by a coordinator."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from notifications.tables import insert_once
from scheduler.store.sessions import CANCELLED
from scheduler.store.tables import call_offs, sessions

OPEN, APPROVED, REFUSED = "open", "approved", "refused"


def make(connection: Connection, session_id: int, person: str, reason: str, now: datetime) -> int | None:
    """Asks for it; returns the request's id, or None where the session has one already that is open."""
    asked = insert_once(
        connection,
        call_offs,
        session_id=session_id,
        person=person,
        reason=reason,
        state=OPEN,
        made_at=now,
        changed_at=now,
    )
    row = open_of(connection, [session_id]).get(session_id) if asked else None
    return row.id if row else None


def settle(connection: Connection, session_id: int, after: str, person: str, now: datetime) -> bool:
    """Settles the open request of a session; False where there is none."""
    settled = connection.execute(
        update(call_offs)
        .where(call_offs.c.session_id == session_id, call_offs.c.state == OPEN)
        .values(state=after, settled_by=person, changed_at=now)
    )
    return settled.rowcount == 1


def open_of(connection: Connection, ids: Collection[int]) -> dict[int, Row[Any]]:
    """The open requests of those of these sessions that are held, by session."""
    rows = connection.execute(
        select(call_offs)
        .join(sessions, sessions.c.id == call_offs.c.session_id)
        .where(call_offs.c.session_id.in_(list(ids)), call_offs.c.state == OPEN)
        .where(sessions.c.state != CANCELLED)
    )
    return {row.session_id: row for row in rows}
