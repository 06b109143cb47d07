"""When a text that provably did not leave is tried again."""

from datetime import datetime, timedelta

MOST_TRIES = 8
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=30)


def next_try(tries: int, now: datetime, at_least: timedelta, jitter: float) -> datetime | None:
    """The instant of the next try after `tries` failures, or None when there were enough.

    Waits double from 15 seconds to half an hour, are no shorter than the channel asked for (`at_least`), and
    are spread by `jitter` (0–1) over a further half, so that a burst does not come back as a burst.
    """
    if tries >= MOST_TRIES:
        return None
    doubled: int = 2 ** max(tries - 1, 0)
    wait = min(FIRST_WAIT * doubled, LONGEST_WAIT)
    return now + max(wait, at_least) * (1.0 + jitter / 2)
