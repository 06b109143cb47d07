"""When a text that provably did not leave is tried again."""

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=30)
# After a quarter of an hour of trying, somebody may still take the telephone.
TRIES_BEFORE_TOLD = 6


def next_try(
    tries: int, now: datetime, at_least: timedelta, deadline: datetime, jitter: float
) -> datetime | None:
    """The instant of the next try after `tries` failures, or None when it would come too late.

    Waits double from 15 seconds to half an hour, but leave half of the time to the `deadline` for a further
    try; they are no shorter than the channel asked for (`at_least`), and are spread by `jitter` (0-1) over a
    further half, so that a burst does not come back as a burst.
    """
    doubled: int = 2 ** min(max(tries - 1, 0), 10)
    left = max((deadline - now) / 2, FIRST_WAIT)
    wait = min(FIRST_WAIT * doubled, LONGEST_WAIT, left)
    again = now + max(wait, at_least) * (1.0 + jitter / 2)
    return again if again < deadline else None


def delays_a_person(tries: int) -> bool:
    """Whether this many failures are so many that a person should hear of it while there is time."""
    return tries == TRIES_BEFORE_TOLD
