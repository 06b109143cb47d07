"""Subscriptions: which resident follows which service in which ward, or which one session."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from scheduler.store.tables import sessions, subscriptions


def open_ones(connection: Connection) -> list[Row[Any]]:
    """All subscriptions that have not ended."""
    return list(
        connection.execute(
            select(subscriptions).where(subscriptions.c.ended_at.is_(None)).order_by(subscriptions.c.id)
        )
    )


def begin(
    connection: Connection,
    phone: str,
    service: str,
    ward: str,
    session: int | None,
    language: str,
    now: datetime,
) -> int | None:
    """Begins a subscription; returns its id, or None when that number follows this already."""
    if find(connection, phone, service, ward, session) is not None:
        return None
    begun: int = connection.execute(
        insert(subscriptions)
        .values(phone=phone, service=service, ward=ward, session_id=session, language=language, since=now)
        .returning(subscriptions.c.id)
    ).scalar_one()
    return begun


def find(connection: Connection, phone: str, service: str, ward: str, session: int | None) -> Row[Any] | None:
    """The open subscription of a number to this."""
    mine = select(subscriptions).where(subscriptions.c.phone == phone, subscriptions.c.ended_at.is_(None))
    if session is not None:
        return connection.execute(mine.where(subscriptions.c.session_id == session)).first()
    return connection.execute(
        mine.where(
            subscriptions.c.service == service,
            subscriptions.c.ward == ward,
            subscriptions.c.session_id.is_(None),
        )
    ).first()


def end(connection: Connection, subscription: int, now: datetime) -> bool:
    """Ends a subscription; False when it has ended before."""
    ended = connection.execute(
        update(subscriptions)
        .where(subscriptions.c.id == subscription, subscriptions.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    return ended.rowcount == 1


def of_phone(connection: Connection, phone: str, now: datetime) -> list[Row[Any]]:
    """What a number follows and may still hear of: no session that is over."""
    coming = select(sessions.c.id).where(sessions.c.ends > now)
    return list(
        connection.execute(
            select(subscriptions)
            .where(subscriptions.c.phone == phone, subscriptions.c.ended_at.is_(None))
            .where(or_(subscriptions.c.session_id.is_(None), subscriptions.c.session_id.in_(coming)))
            .order_by(subscriptions.c.id)
        )
    )
