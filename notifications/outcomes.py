"""Outcomes as rows: this wing writes them, and whoever wanted the messages reads each once and acts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from notifications.fault import Fault
from notifications.outcome import OutcomeKind
from notifications.tables import insert_each_once, insert_once, messages, outcomes


def add_outcome(
    connection: Connection,
    kind: OutcomeKind,
    about: int | str,
    now: datetime,
    fault: Fault | None = None,
    sentence: str = "",
    once_for: str = "",
) -> bool:
    """Writes an outcome of the message with the id `about`, or of what `about` names; once for each.

    `once_for` names what it is to be written once for instead. Returns whether it is news.
    """
    return insert_once(
        connection,
        outcomes,
        key=f"{kind}/{once_for or about}",
        kind=kind,
        message_id=about if isinstance(about, int) else None,
        fault=fault or "",
        sentence=sentence,
        at=now,
    )


def add_outcomes(connection: Connection, kind: OutcomeKind, ids: Collection[int], now: datetime) -> None:
    """Writes one outcome of each of these messages, once."""
    rows = [
        {"key": f"{kind}/{one}", "kind": kind, "message_id": one, "fault": "", "sentence": "", "at": now}
        for one in ids
    ]
    insert_each_once(connection, outcomes, rows)


def take_outcomes(connection: Connection, now: datetime, most: int = 500) -> Sequence[Row[Any]]:
    """What has come about since the last call, oldest first; each is given once.

    A row holds the outcome (`outcome`, `fault`, `sentence`) and the message that it is about, if any
    (`message_id`, `kind`, `purpose`, `recipient`, `scope`, `phone`, `key`). Of a text that said several
    things there is a row for each of them, too.
    """
    unread = select(outcomes.c.id).where(outcomes.c.read_at.is_(None)).order_by(outcomes.c.id).limit(most)
    ids = list(connection.scalars(unread.with_for_update(skip_locked=True)))
    if not ids:
        return []
    connection.execute(update(outcomes).where(outcomes.c.id.in_(ids)).values(read_at=now))
    told = select(
        outcomes.c.id,
        outcomes.c.kind.label("outcome"),
        outcomes.c.fault,
        outcomes.c.sentence,
        outcomes.c.message_id,
        messages.c.kind,
        messages.c.purpose,
        messages.c.recipient,
        messages.c.scope,
        messages.c.phone,
        messages.c.key,
    )
    about = or_(messages.c.id == outcomes.c.message_id, messages.c.joint_id == outcomes.c.message_id)
    told = told.select_from(outcomes.outerjoin(messages, about)).where(outcomes.c.id.in_(ids))
    return list(connection.execute(told.order_by(outcomes.c.id, messages.c.id)))
