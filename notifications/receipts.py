"""Receipts become what is known of a message: by rank, never back, each with what follows from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from notifications.acceptance import FORGET_AFTER
from notifications.attempts import act_on_fault
from notifications.fault import Fault
from notifications.message import TRANSITIONS, State
from notifications.numbers import unspoil
from notifications.outcome import OutcomeKind
from notifications.outcomes import add_outcome
from notifications.receipt import STATE_OF, Rank, Receipt, merge
from notifications.tables import attempts, messages
from notifications.trail import note


def merge_receipt(connection: Connection, receipt: Receipt, now: datetime) -> bool:
    """Merges one receipt; returns whether it is of a message of ours.

    One that outruns the answer to its own hand-over is taken as that answer, and one of an attempt in doubt
    settles the doubt.
    """
    attempt = _attempt_of(connection, receipt)
    if attempt is None:
        note(connection, "unknown_receipt", [receipt.provider_id], now, receipt.status)
        return False
    row = connection.execute(
        select(messages).where(messages.c.id == attempt.message_id).with_for_update()
    ).one()
    connection.execute(
        update(attempts)
        .where(attempts.c.id == attempt.id, attempts.c.provider_id.is_(None))
        .values(provider_id=receipt.provider_id)
    )
    note(connection, "receipt", [row.key], now, f"{receipt.status} {receipt.code}".strip())
    if receipt.rank is not None:
        _raise_to(connection, row, receipt, receipt.rank, now)
    return True


def _attempt_of(connection: Connection, receipt: Receipt) -> Row[Any] | None:
    """By our reference, or where the channel did not give it back, by its own id.

    An attempt that the channel calls by another id is not meant, whatever the reference says.
    """
    wanted = (
        attempts.c.reference == receipt.reference
        if receipt.reference
        else attempts.c.provider_id == receipt.provider_id
    )
    row = connection.execute(select(attempts).where(wanted)).first()
    return None if row is None or row.provider_id not in (None, receipt.provider_id) else row


def _raise_to(connection: Connection, row: Row[Any], receipt: Receipt, rank: Rank, now: datetime) -> None:
    known = Rank(row.rank) if row.rank else None
    best = merge(known, rank)
    assert best is not None
    state, target = State(row.state), STATE_OF[best]
    if best == known or (state is not target and target not in TRANSITIONS[state]):
        return
    moved = connection.execute(
        update(messages)
        .where(messages.c.id == row.id, messages.c.state == state)
        .values(
            state=target,
            rank=best,
            reason=receipt.fault or "" if target is State.UNDELIVERED else "",
            provider_id=receipt.provider_id,
            handed_at=func.coalesce(messages.c.handed_at, now),
            forget_at=func.coalesce(messages.c.forget_at, now + FORGET_AFTER),
            lease_until=None,
            look_up_at=None,
            changed_at=now,
        )
    )
    if moved.rowcount == 1:
        _tell(connection, row, receipt, state, target, now)


def _tell(
    connection: Connection, row: Row[Any], receipt: Receipt, was: State, target: State, now: datetime
) -> None:
    if was is not target:
        note(connection, target, [row.key], now)
    if target is State.UNDELIVERED:
        fault = receipt.fault or Fault.UNKNOWN
        sentence = f"The network did not deliver it ({receipt.code or receipt.status})."
        add_outcome(connection, OutcomeKind.UNDELIVERED, row.id, now, fault, sentence)
        act_on_fault(connection, row, fault, receipt.code, sentence, now)
        return
    add_outcome(connection, OutcomeKind.SENT, row.id, now)
    if target is State.DELIVERED:
        unspoil(connection, row.phone)
