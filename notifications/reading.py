"""Arrivals are worked off: each becomes a receipt of a text of ours, or a reply of somebody."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, Integer, Row, bindparam, select, update

from notifications.arrival import Arrival, Reply
from notifications.inbox import take_arrivals
from notifications.receipt import Receipt
from notifications.receipts import merge_receipt
from notifications.tables import insert_once, replies

log = structlog.get_logger(__name__)

# Built once: it is asked at every turn.
_UNREAD = (
    select(replies)
    .where(replies.c.read_at.is_(None))
    .order_by(replies.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)

Read = Callable[[Arrival], Receipt | Reply | None]


def work_off(connection: Connection, readers: Mapping[str, Read], now: datetime) -> None:
    """Reads each arrival once, by its channel's reader; what none understands is kept and changes nothing."""
    for arrival in take_arrivals(connection, now):
        match _understood(arrival, readers.get(arrival.channel)):
            case Receipt() as receipt:
                merge_receipt(connection, receipt, now)
            case Reply() as reply:
                _keep(connection, arrival.channel, reply)


def _understood(arrival: Arrival, read: Read | None) -> Receipt | Reply | None:
    try:
        return read(arrival) if read else None
    except Exception:  # one that breaks its reader would come up in every turn, and no text would go any more
        log.exception("arrival_not_understood", channel=arrival.channel, way=arrival.way)
        return None


def take_replies(connection: Connection, now: datetime, most: int = 500) -> Sequence[Row[Any]]:
    """What people have written since the last call, oldest first; each is given once."""
    rows = connection.execute(_UNREAD, {"most": most}).all()
    ids = [row.id for row in rows]
    if ids:
        connection.execute(update(replies).where(replies.c.id.in_(ids)).values(read_at=now))
    return rows


def _keep(connection: Connection, channel: str, reply: Reply) -> None:
    insert_once(
        connection,
        replies,
        channel=channel,
        provider_id=reply.provider_id,
        phone=reply.phone,
        text=reply.text,
        wants_out=reply.wants_out,
        at=reply.at,
    )
