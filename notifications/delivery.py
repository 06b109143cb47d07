"""Delivery: commit attempts, close the transaction, call the channel, record what came of them.

What is begun together is committed together, and so is what ends within the same moment: at five hundred
texts a second a commit for each would cost more than the texts.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from threading import Event
from typing import TypeVar
from uuid import uuid4

import structlog
from sqlalchemy import Connection, update

from notifications.attempts import (
    LEASE,
    Begun,
    Ended,
    begin_attempts,
    begun_attempts,
    end_attempts,
    have_ended,
    put_back,
)
from notifications.batch import Batch, Work
from notifications.channels.channel import Accepted, Channel, Found, InDoubt, Inquiry, NoWord, Outcome, Parcel
from notifications.forgetting import end_forgetting, provider_id_of
from notifications.hands import LEAD, Clock, Hands
from notifications.lookups import end_look_up, inquiry_for
from notifications.message import State
from notifications.outage import in_a_line, means_away
from notifications.receipt import Rank, Receipt
from notifications.receipts import merge_receipt
from notifications.tables import messages

log = structlog.get_logger(__name__)

Begin = Callable[[], AbstractContextManager[Connection]]
Written = TypeVar("Written")

# Seconds: outcomes wait so long for others, to be recorded with them; half as long while the pace holds texts
# back, of which the next is soon to be begun.
LINGER = 0.06
# Seconds: nobody waits longer for a place; one that lies further ahead is that of a clock that was set back.
LONGEST_PAUSE = 1.0
# Characters; with the id of a message behind it a reference stays below the 36 that Android's gateway takes.
GROUP_NAME = 20

# While the database is away: how often it is tried again, and for how long after a stop.
PAUSE_SECONDS = 0.5
LAST_TRIES = timedelta(seconds=2)


@dataclass(slots=True)
class _Flight:
    """A batch on its way: what waits, what has been begun, and how many places it holds."""

    claimed_under: str
    waiting: deque[int]
    go_at: Mapping[int, datetime]
    under_way: dict[Future[Outcome | None], Begun] = field(default_factory=dict)
    places: int = 0

    def early(self, now: datetime) -> float:
        """Seconds until the next text may be begun; zero when one may, or none waits."""
        return self._early(self.waiting[0], now) if self.waiting else 0.0

    def ready(self, now: datetime) -> int:
        """How many texts may be begun."""
        return sum(1 for _ in takewhile(lambda one: not self._early(one, now), self.waiting))

    def _early(self, one: int, now: datetime) -> float:
        if one not in self.go_at:
            return 0.0
        return max(0.0, (self.go_at[one] - now).total_seconds() - LEAD)


class Deliverer:
    """Works on claimed messages through one channel: hands them over, looks doubts up, has texts forgotten.

    `begin` opens a short transaction that commits when it is left; none is open while the channel is called.
    Any number of threads may deliver; all together they call the channel as often at a time as it takes.
    While the database is away each of them is tried again, for as long as a lease lasts.
    """

    def __init__(self, begin: Begin, channel: Channel, clock: Clock) -> None:
        self._begin = begin
        self._channel = channel
        self._clock = clock
        self._hands = Hands(channel.capabilities.workers, clock)
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
        if batch.work is Work.SEND:
            places = batch.by_clock(self._clock()).go_at()
            self._send(_Flight(batch.reference, deque(batch.ids), places))
            return
        for message_id in batch.ids:
            if self._stopping.is_set():
                return
            if batch.work is Work.LOOK_UP:
                self._look_up(message_id)
            else:
                self._forget(message_id)

    def stop(self) -> None:
        """Lets the texts under way finish and begins no other."""
        self._stopped_at = self._clock()
        self._stopping.set()
        self._hands.close()

    def _send(self, flight: _Flight) -> None:
        try:
            while flight.waiting and not self._stopping.is_set():
                self._take_off(flight)
                self._land(flight)
            if flight.waiting:
                self._release(flight)
            while flight.under_way:
                self._land(flight)
        finally:
            self._hands.free_places(flight.places)

    def _take_off(self, flight: _Flight) -> None:
        """Begins as many as are ready and find a place, in one transaction, and hands them over after it."""
        ready = flight.ready(self._clock())
        if not ready and not flight.under_way:
            self._stopping.wait(min(flight.early(self._clock()), LONGEST_PAUSE))
            ready = 1  # whatever the clock says now: one that is set back holds nobody up
        flight.places += self._hands.take_places(ready, patient=not flight.under_way)
        ids = [flight.waiting.popleft() for _ in range(flight.places - len(flight.under_way))]
        if not ids:
            return
        group = uuid4().hex[:GROUP_NAME]

        def begin(connection: Connection, is_repeat: bool) -> list[Begun]:
            now = self._clock()
            known = begun_attempts(connection, ids, group, now) if is_repeat else []
            return known or begin_attempts(connection, ids, flight.claimed_under, group, now)

        for one in self._write(begin):
            hand = partial(self._hand, one.parcel)
            flight.under_way[self._hands.do(hand, flight.go_at.get(one.message_id))] = one
        self._free_places(flight)

    def _land(self, flight: _Flight) -> None:
        """Waits until something has ended, and records in one transaction what ends with it.

        For the first to end it waits no longer than until another text may be begun.
        """
        early = flight.early(self._clock())
        done, others = wait(flight.under_way, min(early, LONGEST_PAUSE) or None, FIRST_COMPLETED)
        if done and others:
            done, _ = wait(flight.under_way, LINGER / 2 if early else LINGER)
        ended: list[Ended] = []
        unhanded: list[Begun] = []
        for future in done:
            one, outcome = flight.under_way.pop(future), future.result()
            if outcome is None:
                unhanded.append(one)
            else:
                ended.append(Ended(one.message_id, one.parcel.reference, outcome))
        self._record(ended, unhanded)
        self._free_places(flight)

    def _free_places(self, flight: _Flight) -> None:
        self._hands.free_places(flight.places - len(flight.under_way))
        flight.places = len(flight.under_way)

    def _release(self, flight: _Flight) -> None:
        given_back = (
            update(messages)
            .where(messages.c.id.in_(list(flight.waiting)), messages.c.reference == flight.claimed_under)
            .where(messages.c.state == State.CLAIMED)
            .values(state=State.WAITING, reference=None, lease_until=None, changed_at=self._clock())
        )
        self._write(lambda connection, _: connection.execute(given_back))

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

    def _hand(self, parcel: Parcel) -> Outcome | None:
        """What came of it; None when it was not handed over any more."""
        # A machine may sleep between attempt and call; another one has looked it up in vain meanwhile.
        if self._stopping.is_set() or self._clock() >= parcel.at + LEASE:
            return None
        try:
            return self._channel.hand(parcel)
        except Exception as error:
            log.exception("channel_fault", key=parcel.key)
            return InDoubt("channel_fault", f"The channel failed: {type(error).__name__}.")

    def _record(self, ended: Sequence[Ended], unhanded: Sequence[Begun]) -> None:
        if not ended and not unhanded:
            return

        def record(connection: Connection, is_repeat: bool) -> None:
            if not (is_repeat and have_ended(connection, ended)):
                self._end(connection, ended, self._clock())
                put_back(connection, unhanded, self._clock())

        self._write(record)

    def _end(self, connection: Connection, ended: Sequence[Ended], now: datetime) -> None:
        held = end_attempts(connection, ended, self._channel.capabilities.looks_up, now)
        for one in ended:
            if one.reference not in held and isinstance(one.outcome, Accepted):
                # So late that the attempt was given up: what the channel says now settles the doubt.
                word = Receipt(one.reference, one.outcome.provider_id, "accepted", Rank.TAKEN, now)
                merge_receipt(connection, word, now)

    def _look_up(self, message_id: int) -> None:
        inquiry = self._write(lambda connection, _: inquiry_for(connection, message_id))
        if inquiry is None:
            return
        found = self._hands.do(partial(self._ask, inquiry)).result()
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
        if provider_id is None or self._hands.do(partial(self._is_forgotten, provider_id)).result():
            self._write(lambda connection, _: end_forgetting(connection, message_id, self._clock()))

    def _is_forgotten(self, provider_id: str) -> bool:
        try:
            return self._channel.forget(provider_id)
        except Exception:
            log.exception("forget_fault")
            return False
