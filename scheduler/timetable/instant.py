"""From the clock on the wall to instants in UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.timetable.span import Span

_DAY = timedelta(days=1)


def to_utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant at which clocks in `zone` show `at` on `day`; aware, in UTC.

    A time that does not exist moves forward by the gap; one that exists twice is the first.
    """
    # fold=0 is exactly that reading: the offset before the change, for gaps and for folds alike.
    return datetime.combine(day, at.replace(fold=0) if at.fold else at, zone).astimezone(UTC)


def instants_of(span: Span, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end of `span` on the local date `day`, aware and in UTC; the end is always later.

    Both are read off the wall, so the elapsed length differs from the usual when a clock change lies between.
    """
    starts = to_utc(day, span.start, zone)
    ends = to_utc(day + _DAY if span.crosses_midnight else day, span.end, zone)
    if ends <= starts:
        # The start jumped a gap, over an end just behind it: the end goes along, or nothing would be left.
        ends = starts + span.length
    return starts, ends
