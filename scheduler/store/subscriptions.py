"""Subscriptions: which resident follows which service in which ward."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from scheduler.store.tables import subscriptions


def open_ones(connection: Connection) -> list[Row[Any]]:
    """All subscriptions that have not ended."""
    return list(
        connection.execute(
            select(subscriptions).where(subscriptions.c.ended_at.is_(None)).order_by(subscriptions.c.id)
        )
    )


def begin(
    connection: Connection, phone: str, service: str, ward: str, language: str, now: datetime
) -> int | None:
    """Begins a subscription; returns its id, or None when that number follows this already."""
    if _open(connection, phone, service, ward) is not None:
        return None
    begun: int = connection.execute(
        insert(subscriptions)
        .values(phone=phone, service=service, ward=ward, language=language, since=now)
        .returning(subscriptions.c.id)
    ).scalar_one()
    return begun


def end(connection: Connection, phone: str, service: str, ward: str, now: datetime) -> Row[Any] | None:
    """Ends a subscription; returns its row, or None when there is none."""
    row = _open(connection, phone, service, ward)
    if row is not None:
        connection.execute(update(subscriptions).where(subscriptions.c.id == row.id).values(ended_at=now))
    return row


def count_of(connection: Connection, phone: str) -> int:
    """How many subscriptions a number still has."""
    rows = select(subscriptions.c.id).where(
        subscriptions.c.phone == phone, subscriptions.c.ended_at.is_(None)
    )
    return len(connection.execute(rows).all())


def _open(connection: Connection, phone: str, service: str, ward: str) -> Row[Any] | None:
    return connection.execute(
        select(subscriptions).where(
            subscriptions.c.phone == phone,
            subscriptions.c.service == service,
            subscriptions.c.ward == ward,
            subscriptions.c.ended_at.is_(None),
        )
    ).first()
