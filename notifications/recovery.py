"""Recovery: takes back claims whose deliverer is gone."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from notifications.doubt import first_look_up
from notifications.message import State
from notifications.outcome import OutcomeKind
from notifications.outcomes import add_outcome
from notifications.tables import attempts, messages
from notifications.trail import note


def recover(
    connection: Connection, now: datetime, orphaned: bool, asking: Collection[str] = frozenset()
) -> int:
    """Takes back claims whose deliverer is gone; returns how many messages are in doubt because of it.

    A claim that was not begun goes back to waiting. One that was begun may have left: it is in doubt.
    `orphaned` says that no deliverer of any earlier claim can be alive; `asking` names the channels that can
    be asked about a doubt.
    """
    gone = messages.c.reference.is_not(None) if orphaned else messages.c.lease_until <= now
    connection.execute(
        update(messages)
        .where(messages.c.state == State.CLAIMED, gone)
        .values(state=State.WAITING, reference=None, lease_until=None, changed_at=now)
    )
    begun = select(messages).where(messages.c.state == State.SENDING, gone).order_by(messages.c.id)
    doubtful: list[Row[Any]] = list(connection.execute(begun).all())
    for row in doubtful:
        _doubt(connection, row, row.channel in asking, now)
    return len(doubtful)


def _doubt(connection: Connection, row: Row[Any], may_ask: bool, now: datetime) -> None:
    reason = "the service stopped while handing it over"
    changed = connection.execute(
        update(messages)
        .where(
            messages.c.id == row.id,
            messages.c.state == State.SENDING,
            messages.c.reference == row.reference,
        )
        .values(
            state=State.IN_DOUBT,
            reason=reason,
            lease_until=None,
            look_up_at=first_look_up(now) if may_ask else None,
            changed_at=now,
        )
    )
    if changed.rowcount == 1:
        connection.execute(
            update(attempts)
            .where(attempts.c.reference == row.reference, attempts.c.ended_at.is_(None))
            .values(ended_at=now, outcome="in_doubt", sentence=reason)
        )
        note(connection, "in_doubt", [row.key], now, reason)
        if not may_ask:
            add_outcome(connection, OutcomeKind.IN_DOUBT, row.id, now, sentence=reason)
