"""Searches for substitutes: when each seat's last one was."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, update

from notifications.tables import insert_once
from scheduler.store.sessions import CHUNK
from scheduler.store.tables import searches

Seat = tuple[int, str]


def searched_at(connection: Connection, ids: Collection[int]) -> dict[Seat, datetime]:
    """When substitutes were looked for last at these sessions, by session id and role."""
    wanted = list(ids)
    found: dict[Seat, datetime] = {}
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        rows = connection.execute(select(searches).where(searches.c.session_id.in_(some)))
        found.update({(row.session_id, row.role): row.at for row in rows})
    return found


def note_search(connection: Connection, session: int, role: str, now: datetime) -> None:
    """Writes down that they are looked for now."""
    if not insert_once(connection, searches, session_id=session, role=role, at=now):
        mine = (searches.c.session_id == session, searches.c.role == role)
        connection.execute(update(searches).where(*mine).values(at=now))
