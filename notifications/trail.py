"""The audit trail: a line whenever something becomes of a text, a channel or a session.

Only what names somebody in it is changed, when they are forgotten.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Text, bindparam, insert, literal, select

from notifications.instant import UTCDateTime
from notifications.tables import audit, messages

_LINES = insert(audit)
_LINES_OF = insert(audit).from_select(
    ["at", "event", "key", "detail"],
    select(
        bindparam("now", type_=UTCDateTime),
        bindparam("event", type_=Text),
        messages.c.key,
        literal("", Text),
    )
    .where(messages.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(messages.c.id),
)


def note(connection: Connection, event: str, keys: Collection[str], now: datetime, detail: str = "") -> None:
    """Writes one line a key."""
    if keys:
        lines = [{"at": now, "event": event, "key": key, "detail": detail} for key in keys]
        connection.execute(_LINES, lines)


def note_of(connection: Connection, event: str, ids: Collection[int], now: datetime) -> None:
    """Writes one line for each of the messages with these ids."""
    if ids:
        connection.execute(_LINES_OF, {"event": event, "ids": ids, "now": now})
