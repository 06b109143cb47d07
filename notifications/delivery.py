"""Delivery: commit an attempt, close the transaction, call the channel, record what came of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from threading import Event
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import Connection, Row, insert, select, update

from notifications.batch import Batch
from notifications.channels.channel import Accepted, Channel, InDoubt, NotSent, Outcome, Parcel
from notifications.claims import LEASE
from notifications.message import State
from notifications.outbox import note
from notifications.retry import next_try
from notifications.tables import attempts, messages

log = structlog.get_logger(__name__)

Begin = Callable[[], AbstractContextManager[Connection]]
Clock = Callable[[], datetime]


class Deliverer:
    """Hands claimed messages to the channel, each in an attempt of its own.

    `begin` opens a short transaction that commits when it is left; none is open while the channel is called.
    """

    def __init__(self, begin: Begin, channel: Channel, clock: Clock) -> None:
        self._begin = begin
        self._channel = channel
        self._clock = clock
        self._stopping = Event()

    def deliver(self, batch: Batch) -> None:
        """Delivers what is still claimed under `batch`; a repeated call skips what has been begun.

        After `stop` the rest is given back, so that it need not wait for its lease to end.
        """
        for message_id in batch.ids:
            if self._stopping.is_set():
                self._release(batch)
                return
            self._deliver_one(message_id, batch.reference)

    def stop(self) -> None:
        """Lets the text under way finish and begins no other."""
        self._stopping.set()

    def _release(self, batch: Batch) -> None:
        with self._begin() as connection:
            connection.execute(
                update(messages)
                .where(messages.c.reference == batch.reference, messages.c.state == State.CLAIMED)
                .values(state=State.WAITING, reference=None, lease_until=None, changed_at=self._clock())
            )

    def _deliver_one(self, message_id: int, claimed_under: str) -> None:
        with self._begin() as connection:
            parcel = _start_attempt(connection, message_id, claimed_under, self._clock())
        if parcel is None:
            return
        outcome = self._hand(parcel)
        with self._begin() as connection:
            record(connection, message_id, parcel.reference, outcome, self._clock())

    def _hand(self, parcel: Parcel) -> Outcome:
        try:
            return self._channel.hand(parcel)
        except Exception as error:
            log.exception("channel_fault", key=parcel.key)
            return InDoubt("channel_fault", f"The channel failed: {type(error).__name__}.")


def record(connection: Connection, message_id: int, reference: str, outcome: Outcome, now: datetime) -> bool:
    """Writes what came of an attempt; returns whether the attempt still held the message.

    Fenced by `reference`: an attempt that was taken back meanwhile changes nothing.
    """
    row = connection.execute(
        select(messages)
        .where(
            messages.c.id == message_id,
            messages.c.state == State.SENDING,
            messages.c.reference == reference,
        )
        .with_for_update()
    ).first()
    if row is None:
        return False
    values = _consequence(row, outcome, now)
    connection.execute(
        update(messages)
        .where(
            messages.c.id == message_id,
            messages.c.state == State.SENDING,
            messages.c.reference == reference,
        )
        .values(changed_at=now, lease_until=None, **values)
    )
    _end_attempt(connection, reference, outcome, now)
    note(connection, str(values["state"]), [row.key], now, str(values["reason"]))
    return True


def _start_attempt(
    connection: Connection, message_id: int, claimed_under: str, now: datetime
) -> Parcel | None:
    reference = uuid4().hex
    taken = connection.execute(
        update(messages)
        .where(
            messages.c.id == message_id,
            messages.c.state == State.CLAIMED,
            messages.c.reference == claimed_under,
            messages.c.expires_at > now,
        )
        .values(
            state=State.SENDING,
            reference=reference,
            attempts=messages.c.attempts + 1,
            lease_until=now + LEASE,
            changed_at=now,
        )
        .returning(
            messages.c.key,
            messages.c.phone,
            messages.c.text,
            messages.c.sender,
            messages.c.expires_at,
        )
    ).first()
    if taken is None:
        return None
    connection.execute(insert(attempts).values(reference=reference, message_id=message_id, started_at=now))
    return Parcel(
        reference=reference,
        key=taken.key,
        phone=taken.phone,
        text=taken.text,
        sender=taken.sender,
        expires_at=taken.expires_at,
        at=now,
    )


def _consequence(row: Row[Any], outcome: Outcome, now: datetime) -> dict[str, Any]:
    match outcome:
        case Accepted(provider_id=provider_id):
            return {"state": State.SENT, "reason": "", "handed_at": now, "provider_id": provider_id}
        case InDoubt(code=code):
            return {"state": State.IN_DOUBT, "reason": code, "handed_at": now}
        case NotSent(permanent=True, code=code):
            return {"state": State.FAILED, "reason": code}
        case NotSent(code=code, retry_after=retry_after):
            again = next_try(row.attempts, now, retry_after or timedelta(0), jitter=row.id % 10 / 10)
            if again is None:
                return {"state": State.FAILED, "reason": code}
            return {"state": State.WAITING, "reason": code, "send_at": again, "reference": None}


def _end_attempt(connection: Connection, reference: str, outcome: Outcome, now: datetime) -> None:
    names = {Accepted: "accepted", NotSent: "not_sent", InDoubt: "in_doubt"}
    connection.execute(
        update(attempts)
        .where(attempts.c.reference == reference)
        .values(
            ended_at=now,
            outcome=names[type(outcome)],
            code=getattr(outcome, "code", None),
            sentence=getattr(outcome, "sentence", None),
        )
    )
