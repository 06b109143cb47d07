"""Finds the session that somebody names at a terminal: by its key, or by an item number from a text."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from notifications.text import fold
from scheduler.service.office import Office
from scheduler.store import items, sessions


class Ambiguous(ValueError):
    """An item number that several people have for different sessions."""


def find_session(
    connection: Connection, office: Office, named: str, now: datetime, person: str = ""
) -> Row[Any] | None:
    """The row of the session, or None; an item number is that of the `person` (id or name), if given.

    Raises Ambiguous when the number is one for several sessions.
    """
    if not named.isdecimal():
        return sessions.row_by_key(connection, named)
    wanted = fold(person)
    ids = {
        session
        for session, one in items.numbered(connection, int(named), now)
        if not person or one == person or fold(office.name_of(one)) == wanted
    }
    if len(ids) > 1:
        raise Ambiguous(named)
    return next(iter(sessions.rows_by_id(connection, ids)), None)
