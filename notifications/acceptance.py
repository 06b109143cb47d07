"""Acceptance: writes that the channel has taken texts, all that ended together by the same few statements."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from notifications.bulk import pairs
from notifications.halts import resume
from notifications.instant import UTCDateTime
from notifications.message import State
from notifications.outcome import OutcomeKind
from notifications.outcomes import add_outcomes
from notifications.receipt import Rank
from notifications.tables import INSERTS, attempts, messages
from notifications.trail import note_of

# What a channel keeps of a text is erased after so long; complaints come within days.
FORGET_AFTER = timedelta(days=7)
OUTCOME = "accepted"


@dataclass(frozen=True, slots=True)
class Taken:
    """An attempt whose text the channel has taken, and the id under which it keeps it."""

    message_id: int
    reference: str
    provider_id: str | None


# Built once: nearly every text ends by these, and to build one costs as much as to execute it.
_NOW = bindparam("now", type_=UTCDateTime)
_HELD = (
    messages.c.id.in_(bindparam("ids", expanding=True)),
    messages.c.state == State.SENDING,
    messages.c.reference.in_(bindparam("references", expanding=True)),
)
_LOCK = (
    select(messages.c.id, messages.c.reference, messages.c.channel)
    .where(*_HELD)
    .order_by(messages.c.id)
    .with_for_update()
)
_CLOSE = {
    dialect: update(attempts)
    .where(attempts.c.reference == told.c.key)
    .values(ended_at=_NOW, outcome=OUTCOME, code=None, sentence=None, provider_id=told.c.value)
    for dialect, told in ((name, pairs(name, "told")) for name in INSERTS)
}
_END = (
    update(messages)
    .where(*_HELD)
    .values(
        state=State.SENT,
        reason="",
        handed_at=_NOW,
        provider_id=select(attempts.c.provider_id)
        .where(attempts.c.reference == messages.c.reference)
        .scalar_subquery(),
        rank=Rank.TAKEN,
        forget_at=bindparam("forget"),
        lease_until=None,
        changed_at=_NOW,
    )
)


def accept(connection: Connection, taken: Collection[Taken], now: datetime) -> set[str]:
    """Ends these attempts; returns the references of those that still held their message."""
    which = {"ids": [one.message_id for one in taken], "references": [one.reference for one in taken]}
    # The message is locked before its attempt, here as everywhere.
    rows = connection.execute(_LOCK, which).all()
    told = json.dumps({one.reference: one.provider_id for one in taken}, ensure_ascii=False)
    connection.execute(_CLOSE[connection.dialect.name], {"told": told, "now": now})
    if not rows:
        return set()
    connection.execute(_END, {**which, "now": now, "forget": now + FORGET_AFTER})
    ids = [row.id for row in rows]
    note_of(connection, State.SENT, ids, now)
    add_outcomes(connection, OutcomeKind.SENT, ids, now)
    for channel in {row.channel for row in rows}:
        resume(connection, channel, now)
    return {row.reference for row in rows}
