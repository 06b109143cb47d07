"""Hands: as many calls to a channel at a time as it takes, shared by all batches of a deliverer."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from heapq import heappop, heappush
from itertools import count as numbers
from threading import Condition, Lock, Thread
from typing import Any, TypeVar

Result = TypeVar("Result")
Clock = Callable[[], datetime]

# Seconds: so long before its place in the pace a text is begun, for that takes a commit. Nobody waits longer
# for a place: one that lies further ahead is another clock's.
LEAD = 0.1


@dataclass(order=True, frozen=True, slots=True)
class _Waiting:
    """A call that may not be made yet; of two at one instant the first that came goes first."""

    go_at: datetime
    number: int
    call: Callable[[], Any] = field(compare=False)
    done: "Future[Any]" = field(compare=False)


class Hands:
    """Threads that call a channel, and places for texts that are begun.

    There are three times as many places as hands: a free hand finds its next text on record, and never waits
    for a commit. The price is that a kill leaves so many in doubt. A single hand has a single place, and is
    the caller's own thread.
    """

    def __init__(self, count: int, clock: Clock) -> None:
        self._clock = clock
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="hand") if count > 1 else None
        self._single = Lock()
        self._changed = Condition()
        self._places = 3 * count if count > 1 else 1
        self._is_closed = False
        self._line: list[_Waiting] = []
        self._in_line = Condition()
        self._numbers = numbers()
        self._usher: Thread | None = None

    def do(self, call: Callable[[], Result], go_at: datetime | None = None) -> "Future[Result]":
        """Makes a call as soon as a hand is free, but not before the instant at which it may go.

        Hands do not wait for that: those of another batch may have to go before.
        """
        if self._pool is None:
            return self._by_the_caller(call, go_at)
        # Under the lock: closed between the question and the line, nobody would come for it any more.
        with self._in_line:
            if go_at is None or not self._early(go_at):
                return self._pool.submit(call)
            done: Future[Result] = Future()
            heappush(self._line, _Waiting(go_at, next(self._numbers), call, done))
            if self._usher is None:
                self._usher = Thread(target=self._usher_in, name="usher", daemon=True)
                self._usher.start()
            self._in_line.notify()
            return done

    def take_places(self, most: int, patient: bool) -> int:
        """How many texts may be begun, at most `most`; who is `patient` waits until it is one at least.

        None may once the hands are closed.
        """
        with self._changed:
            if patient:
                self._changed.wait_for(lambda: self._places or self._is_closed)
            taken = 0 if self._is_closed else min(most, self._places)
            self._places -= taken
            return taken

    def free_places(self, count: int) -> None:
        """Gives places back: so many texts have ended, or were not begun."""
        with self._changed:
            self._places += count
            self._changed.notify_all()

    def close(self) -> None:
        """Gives no more places; calls under way go on, and nobody waits for an instant any more."""
        with self._changed, self._in_line:
            self._is_closed = True
            self._changed.notify_all()
            self._in_line.notify_all()

    def _early(self, go_at: datetime | None) -> float:
        """Seconds for which a call has to wait still."""
        if go_at is None or self._is_closed:
            return 0.0
        return min(max((go_at - self._clock()).total_seconds(), 0.0), LEAD)

    def _by_the_caller(self, call: Callable[[], Result], go_at: datetime | None) -> "Future[Result]":
        done: Future[Result] = Future()
        with self._single:
            if early := self._early(go_at):
                with self._in_line:
                    self._in_line.wait_for(lambda: self._is_closed, early)
            done.set_result(call())
        return done

    def _usher_in(self) -> None:
        """Gives the calls in line to the hands, each at its instant."""
        while (first := self._first_in_line()) is not None:
            assert self._pool is not None
            self._pool.submit(first.call).add_done_callback(partial(_pass_on, first.done))

    def _first_in_line(self) -> _Waiting | None:
        """Who may go, as soon as somebody may; None when there will be nobody any more."""
        with self._in_line:
            while not self._line or (early := self._early(self._line[0].go_at)):
                if not self._line and self._is_closed:
                    return None
                came = self._in_line.wait(early if self._line else None)
                if self._line and not came:
                    break  # whatever the clock says now: one that is set back holds nobody up
            return heappop(self._line)


def _pass_on(done: "Future[Any]", made: "Future[Any]") -> None:
    if (fault := made.exception()) is not None:
        done.set_exception(fault)
    else:
        done.set_result(made.result())
