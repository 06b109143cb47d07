"""Hands: as many calls at a time as a channel takes, each at its place in the pace and not before."""

from concurrent.futures import wait
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Thread

import pytest

from notifications.hands import LEAD, Hands
from scheduler.service.pretend import VirtualClock
from tests.chaos.hastened import HastenedClock
from tests.outgoing import NOW

PATIENCE = 30.0
MOMENT = timedelta(seconds=LEAD / 4)


@pytest.mark.parametrize("count", [2, 8])
def test_who_came_first_and_goes_later_stands_in_nobodys_way(count: int) -> None:
    """Calls of one batch that wait for their instants hold up none of another that may go before."""
    clock = HastenedClock.starting(NOW, 1.0)
    hands, in_time = Hands(count, clock), False
    while not in_time:  # a machine that is busy has let some go before the others came
        said: list[str] = []
        now = clock()
        later = [hands.do(partial(said.append, "later"), now + 3 * MOMENT) for _ in range(count)]
        sooner = [hands.do(partial(said.append, "sooner"), now + MOMENT) for _ in range(count)]
        in_time = clock() < now + MOMENT
        wait([*later, *sooner], PATIENCE)
    assert said == ["sooner"] * count + ["later"] * count


@pytest.mark.parametrize("count", [1, 2])
def test_a_call_waits_for_its_instant(count: int) -> None:
    """Not before it, whether the hand is a thread or the caller's own; without one it is made at once."""
    clock = HastenedClock.starting(NOW, 1.0)
    hands = Hands(count, clock)
    assert hands.do(clock, NOW + MOMENT).result(PATIENCE) >= NOW + MOMENT
    assert hands.do(lambda: "at once").result(PATIENCE) == "at once"


@pytest.mark.parametrize("count", [1, 2])
def test_a_clock_that_stands_still_holds_nobody_up(count: int) -> None:
    """An instant further ahead than a text is begun before its place was named by another clock."""
    hands = Hands(count, VirtualClock(NOW))
    assert hands.do(lambda: "went", NOW + timedelta(hours=1)).result(PATIENCE) == "went"


@pytest.mark.parametrize("count", [1, 2])
def test_once_closed_nobody_waits_and_nobody_gets_a_place(count: int) -> None:
    """What is in line is called at once, so that it can say that it is not handed over any more."""
    hands = Hands(count, VirtualClock(NOW))
    done = Event()
    waiting = Thread(target=lambda: hands.do(done.set, NOW + MOMENT).result(PATIENCE))
    waiting.start()
    hands.close()
    waiting.join(PATIENCE)
    assert done.is_set()
    assert hands.take_places(1, patient=True) == 0


def test_a_call_of_the_very_moment_of_closing_is_made() -> None:
    """Whoever asks how long it has to wait, and then stands in line, is not forgotten there."""
    closer: list[Thread] = []

    def look() -> datetime:
        while closer:
            closer[0].start()
            closer.pop().join(0.3)
            Event().wait(0.1)  # until the one who calls what is in line has gone
        return NOW

    hands = Hands(2, look)
    assert hands.do(lambda: "before", NOW + MOMENT).result(PATIENCE) == "before"
    closer.append(Thread(target=hands.close))
    assert hands.do(lambda: "called", NOW + MOMENT).result(PATIENCE) == "called"


def test_a_fault_comes_to_whoever_asked() -> None:
    """Also of a call that had to wait."""

    def fail() -> None:
        raise ZeroDivisionError

    hands = Hands(2, HastenedClock.starting(NOW, 1.0))
    with pytest.raises(ZeroDivisionError):
        hands.do(fail, NOW + MOMENT).result(PATIENCE)


def test_a_single_hand_has_a_single_place() -> None:
    """Who is not patient gets none while it is taken."""
    hands = Hands(1, VirtualClock(NOW))
    assert hands.take_places(5, patient=False) == 1
    assert hands.take_places(5, patient=False) == 0
    hands.free_places(1)
    assert hands.take_places(5, patient=True) == 1
