"""Outcomes as rows: this wing writes them, and whoever wanted the messages reads each once and acts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Row, Text, bindparam, cast, literal, or_, select, update

from notifications.fault import Fault
from notifications.instant import UTCDateTime
from notifications.outcome import OutcomeKind
from notifications.tables import INSERTS, insert_once, messages, outcomes

_KIND, _NOW = bindparam("kind", type_=Text), bindparam("now", type_=UTCDateTime)
_IDS = bindparam("ids", type_=Integer, expanding=True)
_OF_EACH = {
    name: insert(outcomes)
    .from_select(
        ["key", "kind", "message_id", "fault", "sentence", "at"],
        select(
            _KIND.concat("/").concat(cast(messages.c.id, Text)),
            _KIND,
            messages.c.id,
            literal("", Text),
            literal("", Text),
            _NOW,
        )
        .where(messages.c.id.in_(_IDS))
        .order_by(messages.c.id),
    )
    .on_conflict_do_nothing()
    for name, insert in INSERTS.items()
}

_UNREAD = (
    select(outcomes.c.id)
    .where(outcomes.c.read_at.is_(None))
    .order_by(outcomes.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_MARK_READ = update(outcomes).where(outcomes.c.id.in_(_IDS)).values(read_at=_NOW)
_TOLD = (
    select(
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
    .select_from(
        outcomes.outerjoin(
            messages,
            or_(messages.c.id == outcomes.c.message_id, messages.c.joint_id == outcomes.c.message_id),
        )
    )
    .where(outcomes.c.id.in_(_IDS))
    .order_by(outcomes.c.id, messages.c.id)
)


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
    if ids:
        each = _OF_EACH[connection.dialect.name]
        connection.execute(each, {"kind": kind, "ids": ids, "now": now})


def take_outcomes(connection: Connection, now: datetime, most: int = 500) -> Sequence[Row[Any]]:
    """What has come about since the last call, oldest first; each is given once.

    A row holds the outcome (`outcome`, `fault`, `sentence`) and the message that it is about, if any
    (`message_id`, `kind`, `purpose`, `recipient`, `scope`, `phone`, `key`). Of a text that said several
    things there is a row for each of them, too.
    """
    ids = list(connection.scalars(_UNREAD, {"most": most}))
    if not ids:
        return []
    connection.execute(_MARK_READ, {"ids": ids, "now": now})
    return list(connection.execute(_TOLD, {"ids": ids}))
