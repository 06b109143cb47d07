"""Long answers are worked out beside the event loop, one after another, so that pages go on meanwhile."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Found = TypeVar("Found")

MOST_WAITING = 8
"""Who asks wide questions without end waits, and then is refused; who asks for a page does neither."""


class TooManyWait(Exception):
    """So many long answers are wanted already that another one would come too late."""


class Aside:
    """One thread for long work. Several would only take turns with the pages more often."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="aside")
        self._waiting = 0

    async def run(self, work: Callable[[], Found]) -> Found:
        """What `work` returns, or raises.

        Raises:
            TooManyWait: `MOST_WAITING` pieces of work are wanted already.
        """
        if self._waiting >= MOST_WAITING:
            raise TooManyWait
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._waiting -= 1
