"""The heartbeat: turns when something is due, when woken, after a fault; never two at once."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from queue import Queue
from threading import Event, Thread

import pytest

from scheduler.ticker import PULSE, Ticker

PATIENCE = 20.0
FAR = timedelta(days=1)
# By a clock that is behind the machine's, five seconds from now have passed already.
BEHIND = timedelta(hours=1)


class Service:
    """What a ticker drives. Its turns do what `acts` says, one each, and are then not needed for long."""

    def __init__(self, *acts: Callable[[], datetime]) -> None:
        self.acts = list(acts)
        self.news: list[bool] = []
        self.begun = 0
        self.most_at_once = 0
        self._under_way = 0
        self._over: Queue[datetime] = Queue()
        self.ticker = Ticker(self._turn, self._look, lambda: now() - BEHIND)

    @contextmanager
    def running(self) -> Iterator[None]:
        """From start to stop."""
        self.ticker.start()
        try:
            yield
        finally:
            self.ticker.stop()

    def see_turns(self, number: int) -> list[datetime]:
        """Waits until so many more turns are over; returns when each was."""
        return [self._over.get(timeout=PATIENCE) for _ in range(number)]

    def _turn(self) -> datetime:
        self.begun += 1
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            return self.acts.pop(0)() if self.acts else now() + FAR
        finally:
            self._under_way -= 1
            self._over.put(now())

    def _look(self) -> bool:
        return self.news.pop(0) if self.news else False


def now() -> datetime:
    """The machine's clock, by which alarms ring."""
    return datetime.now(UTC)


def fail() -> datetime:
    """A turn that meets a locked database."""
    raise RuntimeError("the database is locked")


def test_patience_ends_before_the_pulse() -> None:
    """What these tests wait for cannot be the pulse that comes in any case."""
    assert timedelta(seconds=PATIENCE) < PULSE


def test_a_service_begins_with_a_turn_and_then_sleeps() -> None:
    """There may be something due from before; nothing turns before the start."""
    service = Service()
    service.ticker.wake()
    assert service.begun == 0
    with service.running():
        service.see_turns(1)
    assert service.begun == 1


def test_the_next_turn_is_at_the_instant_that_the_last_one_returned() -> None:
    """Not before it, and without anybody's help."""
    instants: list[datetime] = []

    def soon() -> datetime:
        instants.append(now() + timedelta(milliseconds=300))
        return instants[0]

    service = Service(soon)
    with service.running():
        first, second = service.see_turns(2)
    assert first <= instants[0] <= second


def test_instants_that_have_passed_are_turned_at_once_and_none_is_dropped() -> None:
    """A backlog at a fast pace: each turn is needed again this very moment, hundreds of times."""
    service = Service(*[now] * 300)
    with service.running():
        service.see_turns(301)
    assert (service.begun, service.most_at_once) == (301, 1)


def test_a_wake_before_its_instant_gives_a_turn() -> None:
    """Somebody finished a batch: what is next is asked anew, and the later alarm is forgotten."""
    service = Service()
    with service.running():
        service.see_turns(1)
        service.ticker.wake()
        service.see_turns(1)
    assert service.begun == 2


def test_wakes_during_a_turn_give_one_more_turn() -> None:
    """What they told of may have come after the turn had looked; once more is enough for all of them."""
    may_go_on = Event()

    def long() -> datetime:
        for _ in range(5):
            service.ticker.wake()
        assert may_go_on.wait(PATIENCE)
        return now() + FAR

    service = Service(long)
    with service.running():
        may_go_on.set()
        service.see_turns(2)
    assert service.begun == 2


def test_two_turns_never_overlap() -> None:
    """However many threads wake it, and while alarms ring."""
    service = Service(*[now] * 50)

    def wake_often() -> None:
        for _ in range(200):
            service.ticker.wake()

    with service.running():
        threads = [Thread(target=wake_often) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        service.see_turns(51)
    assert service.most_at_once == 1


def test_a_turn_that_fails_is_tried_again() -> None:
    """The service outlives a full disk or a locked file, and does then what it could not."""
    service = Service(fail, fail)
    with service.running():
        service.see_turns(3)
    assert service.begun == 3


def test_what_somebody_else_wrote_gives_a_turn() -> None:
    """A look that finds news wakes the service, one that finds none does not."""
    service = Service()
    with service.running():
        service.see_turns(1)
        service.news += [False, True, False]
        service.see_turns(1)
    assert service.begun == 2


def test_a_look_that_fails_is_followed_by_others(caplog: pytest.LogCaptureFixture) -> None:
    """A lost connection ends one look, not the watch."""
    failed = Event()

    def look() -> bool:
        if not failed.is_set():
            failed.set()
            raise RuntimeError("the connection is lost")
        return True

    turned: Queue[None] = Queue()

    def turn() -> datetime:
        turned.put(None)
        return now() + FAR

    ticker = Ticker(turn, look, now)
    ticker.start()
    try:
        for _ in range(2):
            turned.get(timeout=PATIENCE)
    finally:
        ticker.stop()
    assert failed.is_set()
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_stopping_lets_the_turn_finish_and_begins_no_other() -> None:
    """A turn under way is waited for; what wakes it afterwards comes too late."""
    begun, may_end = Event(), Event()

    def long() -> datetime:
        begun.set()
        assert may_end.wait(PATIENCE)
        return now()

    service = Service(long)
    service.ticker.start()
    assert begun.wait(PATIENCE)
    stopper = Thread(target=service.ticker.stop)
    stopper.start()
    service.ticker.wake()
    may_end.set()
    stopper.join(PATIENCE)
    assert not stopper.is_alive()
    service.ticker.wake()
    assert service.begun == 1
