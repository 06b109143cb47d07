"""Wishes for codes, taken in at once and worked off one after another; of too many the rest is let go."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import datetime, timedelta
from threading import Lock

import structlog

from scheduler.service.send_code import Sent
from scheduler.store.follow_codes import Asked

log = structlog.get_logger(__name__)

MOST_WAITING = 100
BETWEEN_COMPLAINTS = timedelta(minutes=10)


class Letterbox:
    """Has a code sent for each wish. Who drops one in learns nothing: not even how long it took.

    Args:
        send: Sends a code; `working` calls it in a thread of its own.
        clock: Returns the present instant, aware.
    """

    def __init__(
        self, send: Callable[[Asked], Sent], working: Executor, clock: Callable[[], datetime]
    ) -> None:
        self._send = send
        self._working = working
        self._clock = clock
        self._counting = Lock()
        self._waiting = 0
        self._complained_at: dict[str, datetime] = {}

    def drop_in(self, asked: Asked) -> None:
        """Takes a wish, unless too many wait already."""
        with self._counting:
            is_full = self._waiting >= MOST_WAITING
            self._waiting += not is_full
        if is_full:
            self._complain("crowd")
        else:
            self._working.submit(self._work, asked).add_done_callback(self._is_done)

    def _work(self, asked: Asked) -> str:
        try:
            return str(self._send(asked))
        except Exception as fault:  # noqa: BLE001  whatever it is, its text may hold a number and is not told
            return type(fault).__name__

    def _is_done(self, work: "Future[str]") -> None:
        with self._counting:
            self._waiting -= 1
        if not work.cancelled() and work.result() != Sent.SENT:
            self._complain(work.result())

    def _complain(self, why: str) -> None:
        """Each kind once in ten minutes: anybody can fill a log."""
        now = self._clock()
        if now - self._complained_at.get(why, now - BETWEEN_COMPLAINTS) >= BETWEEN_COMPLAINTS:
            self._complained_at[why] = now
            log.warning("code_not_sent", why=why)
