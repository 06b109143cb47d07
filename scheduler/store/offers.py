"""Offers of shifts: the rows, read and written; states change only as the table allows."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, exists, or_, select, update

from notifications.tables import insert_once
from scheduler.roster.assignment import HOLDING
from scheduler.roster.offer import OfferState, offer_sources
from scheduler.store.sessions import CANCELLED
from scheduler.store.tables import assignments, offers, sessions

_HELD = exists().where(
    assignments.c.session_id == offers.c.session_id,
    assignments.c.person == offers.c.giver,
    assignments.c.state.in_(HOLDING),
)
# Built once: it is asked at every turn.
_LAPSING = (
    select(offers)
    .join(sessions, sessions.c.id == offers.c.session_id)
    .where(
        offers.c.state == OfferState.OPEN,
        or_(sessions.c.state == CANCELLED, sessions.c.starts <= bindparam("now"), ~_HELD),
    )
    .order_by(offers.c.id)
)


def make(connection: Connection, session_id: int, giver: str, named: str | None, now: datetime) -> bool:
    """Offers a shift, to one person or to anyone; False where it is offered already."""
    return insert_once(
        connection,
        offers,
        session_id=session_id,
        giver=giver,
        named=named,
        state=OfferState.OPEN,
        made_at=now,
        changed_at=now,
    )


def move(
    connection: Connection, offer_id: int, after: OfferState, now: datetime, taker: str | None = None
) -> bool:
    """Moves an offer to `after` where the table allows it; of two that take it at once one wins."""
    values: dict[str, Any] = {"state": after, "changed_at": now} | ({"taker": taker} if taker else {})
    moved = connection.execute(
        update(offers).where(offers.c.id == offer_id, offers.c.state.in_(offer_sources(after))).values(values)
    )
    return moved.rowcount == 1


def one(connection: Connection, offer_id: int) -> Row[Any] | None:
    """The offer with this id."""
    return connection.execute(select(offers).where(offers.c.id == offer_id)).first()


def open_of(connection: Connection, session_id: int, giver: str) -> Row[Any] | None:
    """The open offer of somebody's shift."""
    wanted = and_(
        offers.c.session_id == session_id, offers.c.giver == giver, offers.c.state == OfferState.OPEN
    )
    return connection.execute(select(offers).where(wanted)).first()


def open_from(connection: Connection, now: datetime) -> list[Row[Any]]:
    """The open offers of sessions that are held and have not begun, the next first."""
    return list(
        connection.execute(
            select(offers)
            .join(sessions, sessions.c.id == offers.c.session_id)
            .where(offers.c.state == OfferState.OPEN, sessions.c.starts > now, sessions.c.state != CANCELLED)
            .order_by(sessions.c.starts, offers.c.id)
        )
    )


def taken_by(connection: Connection, taker: str, ids: Collection[int]) -> dict[int, Row[Any]]:
    """The offers by which somebody came to shifts at these sessions, the latest of each, by session."""
    rows = connection.execute(
        select(offers)
        .where(
            offers.c.taker == taker, offers.c.state == OfferState.TAKEN, offers.c.session_id.in_(list(ids))
        )
        .order_by(offers.c.id)
    )
    return {row.session_id: row for row in rows}


def lapsing(connection: Connection, now: datetime) -> list[Row[Any]]:
    """The open offers of what cannot be handed on any more: called off, begun, or no more the giver's."""
    return list(connection.execute(_LAPSING, {"now": now}).all())
