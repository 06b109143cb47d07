"""Substitutes are asked in waves: a few of the best at a time, the next ones when those have not said yes.

All of them at once would have most of them come for nothing; one after another would take too long.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Of two who are asked at the last moment one can come.
FOR_EACH_SEAT = 2
MOST = 10
# A quarter of the time that is left, within these: people look at their phones every hour or so.
SHORTEST, LONGEST = timedelta(minutes=20), timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Search:
    """A session's seats of one role that nobody has said yes to, and those asked for them so far.

    `waiting` is how many substitutes have not answered, `asked_at` when the last of them was asked.
    """

    open: int
    waiting: int
    asked_at: datetime | None
    starts: datetime


def next_wave_at(search: Search, begins: datetime) -> datetime | None:
    """When substitutes are asked next, from `begins` on; None while nobody is wanted."""
    if search.open < 1:
        return None
    if search.waiting < 1 or search.asked_at is None:
        return begins
    patience = min(max((search.starts - search.asked_at) / 4, SHORTEST), LONGEST)
    return max(begins, search.asked_at + patience)


def size_of_wave(search: Search) -> int:
    """How many are asked."""
    return min(MOST, FOR_EACH_SEAT * search.open)
