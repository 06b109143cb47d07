"""A session in figures, as the rules count it."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

_SATURDAY, _WEEK = 6, 7
_REMEMBERED = 65_536


@dataclass(frozen=True, slots=True)
class Post:
    """Where and when somebody stands: minutes since 1970 in UTC, and the local date of the start.

    `day` is an ordinal, `month` a number that grows by one each month; an empty `place` is not known.
    """

    session: int
    starts: int
    ends: int
    day: int
    month: int
    place: str

    @property
    def minutes(self) -> int:
        """How long it is."""
        return self.ends - self.starts

    @property
    def week(self) -> int:
        """A number that grows by one each Monday."""
        return (self.day - 1) // _WEEK

    @property
    def weekend(self) -> int | None:
        """The ordinal of the Saturday of its weekend; None on a weekday."""
        weekday = (self.day - 1) % _WEEK + 1
        return self.day - (weekday - _SATURDAY) if weekday >= _SATURDAY else None


def post_of(session: int, starts: datetime, ends: datetime, place: str, zone: ZoneInfo) -> Post:
    """The figures of a session, by the dates that clocks in `zone` show."""
    begins, stops, day, month = _figures(starts, ends, zone)
    return Post(session, begins, stops, day, month, place)


@lru_cache(_REMEMBERED)
def _figures(starts: datetime, ends: datetime, zone: ZoneInfo) -> tuple[int, int, int, int]:
    day = starts.astimezone(zone).date()
    begins, stops = int(starts.timestamp()) // 60, int(ends.timestamp()) // 60
    return begins, stops, day.toordinal(), day.year * 12 + day.month
