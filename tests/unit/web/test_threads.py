"""Work off the event loop: done in time, or not at all as far as who asked is concerned."""

import asyncio
from functools import partial
from threading import Event

import pytest
from structlog.testing import capture_logs

from scheduler.web.personal.threads import AT_ONCE, MOST_WAITING, Busy, Threads


def test_work_is_done_elsewhere_and_its_result_comes_back() -> None:
    """The loop goes on meanwhile."""

    async def ask() -> list[int]:
        threads = Threads()
        return list(await asyncio.gather(*(threads.run(partial(abs, number)) for number in range(9))))

    assert asyncio.run(ask()) == list(range(9))


def test_who_waits_too_long_is_told_so() -> None:
    """A database that hangs holds a page for so long and no longer; what was begun may still be done."""
    release = Event()

    async def ask() -> None:
        with pytest.raises(Busy):
            await Threads(seconds=0.01).run(lambda: release.wait(60))
        release.set()

    asyncio.run(ask())


def test_more_than_can_wait_are_turned_away() -> None:
    """So that a crowd does not grow a queue that nobody at its end outlives."""
    release = Event()

    async def ask() -> int:
        threads = Threads()
        waiting = [asyncio.create_task(threads.run(lambda: release.wait(60))) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await threads.run(lambda: True)
        release.set()
        return sum(await asyncio.gather(*waiting))

    assert AT_ONCE < asyncio.run(ask()) == MOST_WAITING


def test_a_fault_is_told_by_its_kind_alone() -> None:
    """Its words may quote a link or a number."""

    def fail() -> None:
        raise ValueError("+84901000001")

    async def ask() -> None:
        with pytest.raises(Busy):
            await Threads().run(fail)

    with capture_logs() as told:
        asyncio.run(ask())
    assert told == [{"event": "personal_page_failed", "fault": "ValueError", "log_level": "error"}]
