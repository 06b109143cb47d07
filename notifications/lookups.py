"""Look-ups of texts in doubt: which are due, what follows from an answer, and who must hear of it in time.

Fenced by the reference of the attempt in doubt: a receipt that came meanwhile has settled it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select, update

from notifications.attempts import LEASE
from notifications.batch import Batch, Work
from notifications.channels.channel import Found, Inquiry
from notifications.doubt import (
    TIME_TO_ACT,
    AskAgain,
    Doubt,
    Healed,
    LeaveIt,
    SendAgain,
    settle,
)
from notifications.message import State
from notifications.outcome import OutcomeKind
from notifications.outcomes import add_outcome
from notifications.receipt import Rank, Receipt
from notifications.receipts import merge_receipt
from notifications.tables import attempts, messages
from notifications.trail import note

MOST = 20
# Nobody has looked for so long: the channel may not even be open any more.
UNATTENDED = timedelta(minutes=30)

_PRESSING = select(messages.c.id, messages.c.reason).where(
    messages.c.state == State.IN_DOUBT,
    messages.c.look_up_at.is_not(None),
    or_(messages.c.expires_at <= bindparam("ends_by"), messages.c.look_up_at <= bindparam("asked_by")),
)


def claim_look_ups(connection: Connection, channel: str, now: datetime) -> Batch:
    """Takes texts in doubt whose look-up is due; if its deliverer dies, they are due again after a lease."""
    due = (
        select(messages.c.id)
        .where(
            messages.c.state == State.IN_DOUBT,
            messages.c.channel == channel,
            messages.c.look_up_at <= now,
        )
        .order_by(messages.c.look_up_at)
        .limit(MOST)
    )
    ids = list(connection.scalars(due.with_for_update(skip_locked=True)))
    taken = connection.scalars(
        update(messages)
        .where(messages.c.id.in_(ids), messages.c.state == State.IN_DOUBT, messages.c.look_up_at <= now)
        .values(look_up_at=now + LEASE)
        .returning(messages.c.id)
    )
    return Batch("", tuple(sorted(taken)), Work.LOOK_UP)


def inquiry_for(connection: Connection, message_id: int) -> Inquiry | None:
    """What to ask the channel; None when the doubt is settled already."""
    row = _in_doubt(connection, message_id)
    if row is None:
        return None
    return Inquiry(row.reference, row.phone, row.text, row.sender, row.started_at)


def end_look_up(
    connection: Connection, message_id: int, inquiry: Inquiry, found: Found, now: datetime
) -> None:
    """Writes what follows from one look-up, if the doubt still is what it was."""
    row = _in_doubt(connection, message_id)
    if row is None or row.reference != inquiry.reference:
        return
    doubt = Doubt(row.started_at, row.expires_at, row.purpose, row.misses, row.resent)
    match settle(doubt, found, _taken_ids(connection, found), now):
        case Healed(trace=trace):
            receipt = Receipt(
                row.reference,
                trace.provider_id,
                trace.status,
                trace.rank or Rank.TAKEN,
                now,
                trace.fault,
                trace.code,
            )
            merge_receipt(connection, receipt, now)
        case AskAgain(at=at, misses=misses):
            _change(connection, row, look_up_at=at, misses=misses)
            note(connection, "looked_up", [row.key], now, "nothing found" if misses else "no word")
        case SendAgain():
            _change(connection, row, **_ONCE_MORE, send_at=now, changed_at=now)
            note(connection, "resent", [row.key], now)
            add_outcome(connection, OutcomeKind.RESENT, message_id, now)
        case LeaveIt():
            _change(connection, row, look_up_at=None, misses=row.misses + 1)
            note(connection, "unknown", [row.key], now)
            add_outcome(connection, OutcomeKind.IN_DOUBT, message_id, now, sentence=row.reason)


def tell_in_time(connection: Connection, now: datetime) -> None:
    """Writes an outcome for each doubt that cannot wait for its look-ups, or that nobody has looked up."""
    limits = {"ends_by": now + TIME_TO_ACT, "asked_by": now - UNATTENDED}
    for row in connection.execute(_PRESSING, limits).all():
        add_outcome(connection, OutcomeKind.IN_DOUBT, row.id, now, sentence=row.reason)


_ONCE_MORE = {
    "state": State.WAITING,
    "resent": True,
    "reason": "sent again after a doubt",
    "reference": None,
    "look_up_at": None,
    "misses": 0,
}


def _in_doubt(connection: Connection, message_id: int) -> Row[Any] | None:
    return connection.execute(
        select(messages, attempts.c.started_at)
        .join(attempts, attempts.c.reference == messages.c.reference)
        .where(messages.c.id == message_id, messages.c.state == State.IN_DOUBT)
    ).first()


def _taken_ids(connection: Connection, found: Found) -> Collection[str]:
    """Which of these texts are known to be another attempt's."""
    if not isinstance(found, tuple):
        return ()
    ids = [trace.provider_id for trace in found]
    known = select(attempts.c.provider_id).where(attempts.c.provider_id.in_(ids))
    return set(connection.scalars(known))


def _change(connection: Connection, row: Row[Any], **values: Any) -> None:
    connection.execute(
        update(messages)
        .where(
            messages.c.id == row.id,
            messages.c.state == State.IN_DOUBT,
            messages.c.reference == row.reference,
        )
        .values(**values)
    )
