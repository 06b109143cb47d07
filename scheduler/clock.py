"""The clock: the one place where the present is read, and what no clock that is right can show.

It stands apart from the composition root so that a command which only reads a file need not load the service.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event

# Before there was a catruc, and after anybody's plans.
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
LOOK_SECONDS = 1.0


def read_clock() -> datetime:
    """The present instant, aware and in UTC."""
    return datetime.now(UTC)


def fault_of_clock(now: datetime) -> str | None:
    """Why `now` cannot be the present, for whoever can set the clock; None when it can.

    A small machine with an empty battery starts in 1970. By such a clock every session would be far away, or
    every text too late.
    """
    if FIRST <= now < LAST:
        return None
    return (
        f"The clock of this machine shows {now:%Y-%m-%d}, which cannot be; "
        "nothing is planned or sent until it is set."
    )


def wait_for_the_time(
    clock: Callable[[], datetime], asked_to_stop: Event, tell: Callable[[str], object]
) -> bool:
    """Waits until `clock` shows what can be the present; says once with `tell` that it waits.

    False when it was told to stop.
    """
    if fault := fault_of_clock(clock()):
        tell(fault)
    while fault_of_clock(clock()):
        if asked_to_stop.wait(LOOK_SECONDS):
            return False
    return True
