"""Hands: as many calls to a channel at a time as it takes, shared by all batches of a deliverer."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Condition, Lock
from typing import TypeVar

Result = TypeVar("Result")


class Hands:
    """Threads that call a channel, and places for texts that are begun.

    There are three times as many places as hands: a free hand finds its next text on record, and never waits
    for a commit. The price is that a kill leaves so many in doubt. A single hand has a single place, and is
    the caller's own thread.
    """

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="hand") if count > 1 else None
        self._single = Lock()
        self._changed = Condition()
        self._places = 3 * count if count > 1 else 1
        self._is_closed = False

    def do(self, call: Callable[[], Result]) -> Future[Result]:
        """Makes a call as soon as a hand is free."""
        if self._pool is not None:
            return self._pool.submit(call)
        done: Future[Result] = Future()
        with self._single:
            done.set_result(call())
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
        """Gives no more places; calls under way go on."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
