"""When a person can come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.timetable.instant import instants_of
from scheduler.timetable.span import Span

_DAY = timedelta(days=1)
_WHOLE_DAY = Span(time(0), time(0))


@dataclass(frozen=True, slots=True)
class Window:
    """A weekly time at which a person can come; no `span` means the whole day; Monday is 0."""

    weekdays: frozenset[int]
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Dates on which a person is away, both inclusive."""

    first: date
    last: date


def can_come(
    windows: tuple[Window, ...],
    away: tuple[Absence, ...],
    starts: datetime,
    ends: datetime,
    zone: ZoneInfo,
) -> bool:
    """Whether someone can serve from `starts` to `ends`, both aware, as clocks in `zone` show it.

    No local date that the time touches may lie in `away`, and all of it must lie within `windows`; windows
    that adjoin or overlap count as one, over midnight too. No windows means any time. Windows are read like
    spans of shifts: a start that does not exist moves forward by the gap.
    """
    first = starts.astimezone(zone).date()
    last = max(
        first, (ends - timedelta.resolution).astimezone(zone).date()
    )  # an end at midnight touches no new day
    if any(absence.first <= last and first <= absence.last for absence in away):
        return False
    return not windows or _covered(starts, ends, sorted(_times(windows, zone, first - _DAY, last)))


def _times(
    windows: tuple[Window, ...], zone: ZoneInfo, first: date, last: date
) -> Iterator[tuple[datetime, datetime]]:
    """Start and end, in UTC, of every window that begins on a local date from `first` to `last`."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        for window in windows:
            if day.weekday() in window.weekdays:
                yield instants_of(window.span or _WHOLE_DAY, day, zone)


def _covered(starts: datetime, ends: datetime, times: list[tuple[datetime, datetime]]) -> bool:
    """Whether `times`, in the order of their starts, leave no moment from `starts` to `ends` uncovered."""
    for begins, stops in times:
        if begins > starts:
            return False
        starts = max(starts, stops)
        if starts >= ends:
            return True
    return False
