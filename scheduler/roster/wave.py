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

    `waiting` is how many of those asked have not answered, `asked_at` when anybody was asked last, and
    `searched_at` when somebody was looked for last, found or not.
    """

    open: int
    waiting: int
    asked_at: datetime | None
    starts: datetime
    searched_at: datetime | None = None


def next_wave_at(search: Search, begins: datetime) -> datetime | None:
    """When substitutes are asked next, from `begins` on; None while nobody is wanted.

    All who were asked have said no: at once. Nobody was found: not before people could have changed.
    """
    if search.open < 1:
        return None
    last = max(_instants(search), default=None) if search.waiting else _in_vain(search)
    if last is None:
        return begins
    patience = min(max((search.starts - last) / 4, SHORTEST), LONGEST)
    return max(begins, last + patience)


def _instants(search: Search) -> list[datetime]:
    return [at for at in (search.asked_at, search.searched_at) if at]


def _in_vain(search: Search) -> datetime | None:
    if search.searched_at is None or (search.asked_at and search.asked_at >= search.searched_at):
        return None
    return search.searched_at


def size_of_wave(search: Search) -> int:
    """How many are asked."""
    return min(MOST, FOR_EACH_SEAT * search.open)
