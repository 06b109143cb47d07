"""Database work off the event loop, within bounds of number and time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog

log = structlog.get_logger(__name__)

Found = TypeVar("Found")

# A person waits so long for a page; a writer before them may take a while with a plan.
SECONDS = 8.0
AT_ONCE = 4
MOST_WAITING = 64


class Busy(Exception):
    """The work was not done in time, or failed; what was written may be written still."""


class Threads:
    """Runs pieces of work, a few at once; raises Busy where too many wait."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="personal")
        self._waiting = 0

    async def run(self, work: Callable[[], Found]) -> Found:
        """What `work` returns.

        Raises:
            Busy: it was not to be had within the time.
        """
        if self._waiting >= MOST_WAITING:
            raise Busy
        self._waiting += 1
        working = asyncio.get_running_loop().run_in_executor(self._pool, _quietly, work)
        working.add_done_callback(self._is_done)
        done, _ = await asyncio.wait({working}, timeout=self._seconds)
        if not done:
            raise Busy
        return working.result()

    def _is_done(self, work: "asyncio.Future[Found]") -> None:
        self._waiting -= 1
        if not work.cancelled():
            work.exception()  # looked at, or asyncio would print it, and with it what it was about


def _quietly(work: Callable[[], Found]) -> Found:
    """A fault's text may quote the link or a number: only its kind is told."""
    try:
        return work()
    except Exception as fault:  # noqa: BLE001  whatever it is, who waits for the page gets an answer
        log.error("personal_page_failed", fault=type(fault).__name__)  # noqa: TRY400  a traceback quotes
        raise Busy from None
