"""The inbox: what providers told us, each once, and what has been worked on."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, select, update

from notifications.arrival import Arrival
from notifications.tables import arrivals, insert_once

# Built once: it is asked at every turn.
_UNWORKED = (
    select(arrivals)
    .where(arrivals.c.worked_at.is_(None))
    .order_by(arrivals.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)


def receive(connection: Connection, arrival: Arrival) -> bool:
    """Stores an arrival; returns whether it is new. One that came before is left as it is."""
    return insert_once(
        connection,
        arrivals,
        channel=arrival.channel,
        way=arrival.way,
        key=arrival.key,
        reference=arrival.reference,
        body=arrival.body,
        at=arrival.at,
    )


def take_arrivals(connection: Connection, now: datetime, most: int = 500) -> Sequence[Arrival]:
    """What has come since the last call, oldest first; each is given once."""
    rows = connection.execute(_UNWORKED, {"most": most}).all()
    ids = [row.id for row in rows]
    if ids:
        connection.execute(update(arrivals).where(arrivals.c.id.in_(ids)).values(worked_at=now))
    return [Arrival(row.channel, row.way, row.key, row.reference, row.body, row.at) for row in rows]
