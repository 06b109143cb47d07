"""Delivery: commit an attempt, close the transaction, call the channel, record what came of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from threading import Event
from typing import TypeVar
from uuid import uuid4

import structlog
from sqlalchemy import Connection, update

from notifications.attempts import LEASE, begin_attempt, begun_attempt, end_attempt, has_ended
from notifications.batch import Batch, Work
from notifications.channels.channel import Accepted, Channel, Found, InDoubt, Inquiry, NoWord, Outcome, Parcel
from notifications.forgetting import end_forgetting, provider_id_of
from notifications.lookups import end_look_up, inquiry_for
from notifications.message import State
from notifications.outage import in_a_line, means_away
from notifications.receipt import Rank, Receipt
from notifications.receipts import merge_receipt
from notifications.tables import messages

log = structlog.get_logger(__name__)

Begin = Callable[[], AbstractContextManager[Connection]]
Clock = Callable[[], datetime]
Written = TypeVar("Written")

# While the database is away: how often it is tried again, and for how long after a stop.
PAUSE_SECONDS = 0.5
LAST_TRIES = timedelta(seconds=2)


class Deliverer:
    """Works on claimed messages through one channel: hands them over, looks doubts up, has texts forgotten.

    `begin` opens a short transaction that commits when it is left; none is open while the channel is called.
    While the database is away each of them is tried again, for as long as a lease lasts.
    """

    def __init__(self, begin: Begin, channel: Channel, clock: Clock) -> None:
        self._begin = begin
        self._channel = channel
        self._clock = clock
        self._stopping = Event()
        self._stopped_at: datetime | None = None

    def deliver(self, batch: Batch) -> None:
        """Does the work of `batch`; a repeated call skips what has been begun.

        After `stop` the rest is given back, so that it need not wait for its lease to end. A database that is
        away for longer than that ends the batch; what was begun is in doubt then, and looked up.
        """
        try:
            self._work_on(batch)
        except Exception as fault:
            if not means_away(fault):
                raise
            log.warning("batch_left", work=str(batch.work), fault=in_a_line(fault))

    def _work_on(self, batch: Batch) -> None:
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
        self._stopped_at = self._clock()
        self._stopping.set()

    def _release(self, batch: Batch) -> None:
        if batch.work is not Work.SEND:
            return
        given_back = (
            update(messages)
            .where(messages.c.id.in_(batch.ids), messages.c.reference == batch.reference)
            .where(messages.c.state == State.CLAIMED)
            .values(state=State.WAITING, reference=None, lease_until=None, changed_at=self._clock())
        )
        self._write(lambda connection, _: connection.execute(given_back))

    def _send(self, message_id: int, claimed_under: str) -> None:
        reference = uuid4().hex

        def begin(connection: Connection, is_repeat: bool) -> Parcel | None:
            known = begun_attempt(connection, reference) if is_repeat else None
            return known or begin_attempt(connection, message_id, claimed_under, reference, self._clock())

        parcel = self._write(begin)
        if parcel is None:
            return
        outcome = self._hand(parcel)

        def record(connection: Connection, is_repeat: bool) -> None:
            if not (is_repeat and has_ended(connection, reference, outcome)):
                self._record(connection, message_id, parcel, outcome)

        self._write(record)

    def _write(self, work: Callable[[Connection, bool], Written]) -> Written:
        """Does `work` in a transaction, again while the database is away; it is told whether it is a repeat.

        A commit that had no answer may have been done: `work` must bear to be repeated.
        """
        until = self._clock() + LEASE
        is_repeat = False
        while True:
            try:
                with self._begin() as connection:
                    return work(connection, is_repeat)
            except Exception as fault:
                now = self._clock()
                if not means_away(fault) or now >= until or self._is_cut_off(now):
                    raise
            is_repeat = True
            Event().wait(PAUSE_SECONDS)

    def _is_cut_off(self, now: datetime) -> bool:
        return self._stopped_at is not None and now >= self._stopped_at + LAST_TRIES

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
        inquiry = self._write(lambda connection, _: inquiry_for(connection, message_id))
        if inquiry is None:
            return
        found = self._ask(inquiry)
        # Not tried again: one answer must not count as two misses. Without its end it is due after the lease.
        with self._begin() as connection:
            end_look_up(connection, message_id, inquiry, found, self._clock())

    def _ask(self, inquiry: Inquiry) -> Found:
        try:
            return self._channel.look_up(inquiry)
        except Exception as error:
            log.exception("look_up_fault", reference=inquiry.reference)
            return NoWord("channel_fault", f"The channel failed: {type(error).__name__}.")

    def _forget(self, message_id: int) -> None:
        provider_id = self._write(lambda connection, _: provider_id_of(connection, message_id))
        if provider_id is None or self._is_forgotten(provider_id):
            self._write(lambda connection, _: end_forgetting(connection, message_id, self._clock()))

    def _is_forgotten(self, provider_id: str) -> bool:
        try:
            return self._channel.forget(provider_id)
        except Exception:
            log.exception("forget_fault")
            return False
