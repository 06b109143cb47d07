"""What this wing holds of a telephone number: shown whole to whom it belongs, and erased.

A row stays where it is counted or where others hang on it; it names nobody any more.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, Text, delete, func, or_, select, update

from notifications.message import State
from notifications.tables import (
    arrivals,
    attempts,
    audit,
    consents,
    messages,
    outcomes,
    replies,
    spoiled_numbers,
)

# Of what providers told us, a number is found by these last digits, however they wrote it.
LAST_DIGITS = 9


def held_of(connection: Connection, phone: str) -> dict[str, list[dict[str, Any]]]:
    """Every row about a number, by table; what providers told us is searched for it."""
    own = select(messages.c.id).where(messages.c.phone == phone)
    return {
        "messages": rows_of(connection, messages, messages.c.phone == phone),
        "attempts": rows_of(connection, attempts, attempts.c.message_id.in_(own)),
        "replies": rows_of(connection, replies, replies.c.phone == phone),
        "arrivals": rows_of(connection, arrivals, _names(phone)),
        "consents": rows_of(connection, consents, consents.c.phone == phone),
        "spoiled_numbers": rows_of(connection, spoiled_numbers, spoiled_numbers.c.phone == phone),
    }


def rows_of(connection: Connection, table: Table, where: ColumnElement[bool]) -> list[dict[str, Any]]:
    """Rows of a table as they are stored, oldest first."""
    found = connection.execute(select(table).where(where).order_by(*table.primary_key))
    return [dict(row) for row in found.mappings()]


def erase(connection: Connection, phone: str, pseudonym: str, now: datetime) -> None:
    """Takes words and number out of every row; what waits is cancelled, and providers erase their copies.

    Of two things the number stays: nothing here but what `sweep` and the caller's own ledger keep.
    """
    mine = messages.c.phone == phone
    unsent = messages.c.state.in_((State.WAITING, State.BLOCKED))
    connection.execute(
        update(messages).where(mine, unsent).values(state=State.CANCELLED, reason="forgotten", changed_at=now)
    )
    # Who looks a text up compares its words, which are gone.
    connection.execute(update(messages).where(mine).values(text="", phone=pseudonym, look_up_at=None))
    kept_there = update(messages).where(messages.c.phone == pseudonym, messages.c.forget_at.is_not(None))
    connection.execute(kept_there.values(forget_at=now))
    connection.execute(update(replies).where(replies.c.phone == phone).values(text="", phone=pseudonym))
    connection.execute(update(arrivals).where(_names(phone)).values(body=""))
    connection.execute(update(consents).where(consents.c.phone == phone).values(phone=pseudonym, proof=""))
    connection.execute(delete(spoiled_numbers).where(spoiled_numbers.c.phone == phone))


def sweep(connection: Connection, tables: Iterable[Table], written: str, pseudonym: str) -> None:
    """Puts `pseudonym` wherever a text column of these tables holds what is `written`."""
    for table in tables:
        for column in table.columns:
            if isinstance(column.type, Text):
                connection.execute(
                    update(table)
                    .where(column.contains(written, autoescape=True))
                    .values({column.name: func.replace(column, written, pseudonym)})
                )


def rename_in_keys(connection: Connection, old: str, new: str) -> None:
    """Puts `new` for the part `old` of keys and of what the audit trail tells."""
    for column in (messages.c.key, outcomes.c.key, audit.c.key, audit.c.detail):
        ended = column + "/"
        connection.execute(
            update(column.table)
            .where(ended.contains(f"/{old}/", autoescape=True))
            .values({column.name: func.rtrim(func.replace(ended, f"/{old}/", f"/{new}/"), "/")})
        )
    whose = (f"person:{old}", f"person:{new}")
    for column in (messages.c.scope, messages.c.recipient):
        connection.execute(update(messages).where(column == whose[0]).values({column.name: whose[1]}))


def erase_words(connection: Connection, words: str, pseudonym: str) -> None:
    """Takes a name, or what somebody wrote, out of texts to others; a word that only contains it stays."""
    whole = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
    for table in (messages, replies):
        told = select(table.c.id, table.c.text).where(table.c.text.contains(words, autoescape=True))
        for row in connection.execute(told).all():
            without = whole.sub(pseudonym, row.text)
            if without != row.text:
                connection.execute(update(table).where(table.c.id == row.id).values(text=without))


def _names(phone: str) -> ColumnElement[bool]:
    digits = phone[-LAST_DIGITS:]
    return or_(arrivals.c.body.contains(digits), arrivals.c.key.contains(digits))
