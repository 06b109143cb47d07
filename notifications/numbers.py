"""Numbers that take no texts, as a channel or a network has said of them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select

from notifications.tables import insert_once, spoiled_numbers

# Numbers are given out anew, and networks err: then one text tries the number again.
SPOILED_FOR = timedelta(days=30)

_MARKED = select(spoiled_numbers.c.phone).where(
    spoiled_numbers.c.phone.in_(bindparam("phones", expanding=True)),
    spoiled_numbers.c.since > bindparam("after"),
)


def spoil(connection: Connection, phone: str, code: str, now: datetime) -> None:
    """Marks a number (E.164) as one that takes no texts."""
    connection.execute(delete(spoiled_numbers).where(spoiled_numbers.c.since <= now - SPOILED_FOR))
    insert_once(connection, spoiled_numbers, phone=phone, since=now, code=code)


def unspoil(connection: Connection, phone: str) -> None:
    """Takes the mark off again: a text has arrived there."""
    connection.execute(delete(spoiled_numbers).where(spoiled_numbers.c.phone == phone))


def spoiled_among(connection: Connection, phones: Collection[str], now: datetime) -> frozenset[str]:
    """Those of `phones` that have been marked in the last 30 days."""
    return frozenset(connection.scalars(_MARKED, {"phones": list(phones), "after": now - SPOILED_FOR}))


def spoiled(connection: Connection, now: datetime) -> frozenset[str]:
    """The numbers that have been marked in the last 30 days."""
    marked = select(spoiled_numbers.c.phone).where(spoiled_numbers.c.since > now - SPOILED_FOR)
    return frozenset(connection.scalars(marked))
