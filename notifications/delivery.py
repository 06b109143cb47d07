"""Delivery: commit an attempt, close the transaction, call the channel, record what came of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from threading import Event

import structlog
from sqlalchemy import Connection, update

from notifications.attempts import begin_attempt, end_attempt
from notifications.batch import Batch, Work
from notifications.channels.channel import Accepted, Channel, Found, InDoubt, Inquiry, NoWord, Outcome, Parcel
from notifications.forgetting import end_forgetting, provider_id_of
from notifications.lookups import end_look_up, inquiry_for
from notifications.message import State
from notifications.receipt import Rank, Receipt
from notifications.receipts import merge_receipt
from notifications.tables import messages

log = structlog.get_logger(__name__)

Begin = Callable[[], AbstractContextManager[Connection]]
Clock = Callable[[], datetime]


class Deliverer:
    """Works on claimed messages through one channel: hands them over, looks doubts up, has texts forgotten.

    `begin` opens a short transaction that commits when it is left; none is open while the channel is called.
    """

    def __init__(self, begin: Begin, channel: Channel, clock: Clock) -> None:
        self._begin = begin
        self._channel = channel
        self._clock = clock
        self._stopping = Event()

    def deliver(self, batch: Batch) -> None:
        """Does the work of `batch`; a repeated call skips what has been begun.

        After `stop` the rest is given back, so that it need not wait for its lease to end.
        """
        for message_id in batch.ids:
            if self._stopping.is_set():
                self._release(batch)
                return
            match batch.work:
                case Work.SEND:
                    self._send(message_id, batch.reference)
                case Work.LOOK_UP:
                    self._look_up(message_id)
                case Work.FORGET:
                    self._forget(message_id)

    def stop(self) -> None:
        """Lets the text under way finish and begins no other."""
        self._stopping.set()

    def _release(self, batch: Batch) -> None:
        if batch.work is not Work.SEND:
            return
        with self._begin() as connection:
            connection.execute(
                update(messages)
                .where(messages.c.reference == batch.reference, messages.c.state == State.CLAIMED)
                .values(state=State.WAITING, reference=None, lease_until=None, changed_at=self._clock())
            )

    def _send(self, message_id: int, claimed_under: str) -> None:
        with self._begin() as connection:
            parcel = begin_attempt(connection, message_id, claimed_under, self._clock())
        if parcel is None:
            return
        outcome = self._hand(parcel)
        with self._begin() as connection:
            self._record(connection, message_id, parcel, outcome)

    def _record(self, connection: Connection, message_id: int, parcel: Parcel, outcome: Outcome) -> None:
        now = self._clock()
        looks_up = self._channel.capabilities.looks_up
        held = end_attempt(connection, message_id, parcel.reference, outcome, looks_up, now)
        if not held and isinstance(outcome, Accepted):
            # It took so long that the attempt was given up: what the channel says now settles the doubt.
            word = Receipt(parcel.reference, outcome.provider_id, "accepted", Rank.TAKEN, now)
            merge_receipt(connection, word, now)

    def _hand(self, parcel: Parcel) -> Outcome:
        try:
            return self._channel.hand(parcel)
        except Exception as error:
            log.exception("channel_fault", key=parcel.key)
            return InDoubt("channel_fault", f"The channel failed: {type(error).__name__}.")

    def _look_up(self, message_id: int) -> None:
        with self._begin() as connection:
            inquiry = inquiry_for(connection, message_id)
        if inquiry is None:
            return
        found = self._ask(inquiry)
        with self._begin() as connection:
            end_look_up(connection, message_id, inquiry, found, self._clock())

    def _ask(self, inquiry: Inquiry) -> Found:
        try:
            return self._channel.look_up(inquiry)
        except Exception as error:
            log.exception("look_up_fault", reference=inquiry.reference)
            return NoWord("channel_fault", f"The channel failed: {type(error).__name__}.")

    def _forget(self, message_id: int) -> None:
        with self._begin() as connection:
            provider_id = provider_id_of(connection, message_id)
        if provider_id is None or self._is_forgotten(provider_id):
            with self._begin() as connection:
                end_forgetting(connection, message_id, self._clock())

    def _is_forgotten(self, provider_id: str) -> bool:
        try:
            return self._channel.forget(provider_id)
        except Exception:
            log.exception("forget_fault")
            return False
