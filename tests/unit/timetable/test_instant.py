"""Wall-clock times become the right instants, in zones that are kind and in zones that are not."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.timetable.instant import instants_of, to_utc
from scheduler.timetable.span import Span

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        # no clock changes at all: seven hours, always
        ("Asia/Ho_Chi_Minh", "2026-03-29 17:00", "2026-03-29 10:00"),
        ("Asia/Ho_Chi_Minh", "2026-12-31 00:00", "2026-12-30 17:00"),
        # gaps of an hour in the small hours: forward by an hour
        ("Europe/Berlin", "2026-03-29 01:59", "2026-03-29 00:59"),
        ("Europe/Berlin", "2026-03-29 02:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:30"),
        ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29 01:00"),
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:30"),
        ("Europe/London", "2026-03-29 01:30", "2026-03-29 01:30"),
        # folds of an hour: the first of the two
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),
        ("Europe/Berlin", "2026-10-25 03:00", "2026-10-25 02:00"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01 05:30"),
        ("Europe/London", "2026-10-25 01:30", "2026-10-25 00:30"),
        # Lord Howe changes by half an hour
        ("Australia/Lord_Howe", "2026-10-04 02:10", "2026-10-03 15:40"),
        ("Australia/Lord_Howe", "2026-04-05 01:40", "2026-04-04 14:40"),
        # the gap is at midnight: the day begins at one o'clock
        ("America/Santiago", "2026-09-06 00:00", "2026-09-06 04:00"),
        ("America/Santiago", "2026-09-06 00:30", "2026-09-06 04:30"),
        ("Africa/Cairo", "2026-04-24 00:00", "2026-04-23 22:00"),
        ("Asia/Beirut", "2026-03-29 00:00", "2026-03-28 22:00"),
        ("America/Havana", "2026-03-08 00:00", "2026-03-08 05:00"),
        ("Atlantic/Azores", "2026-03-29 00:30", "2026-03-29 01:30"),
        # midnight comes twice
        ("America/Havana", "2026-11-01 00:30", "2026-11-01 04:30"),
        ("Atlantic/Azores", "2026-10-25 00:30", "2026-10-25 00:30"),
        # the last hour of the day is missing, or there twice
        ("America/Nuuk", "2026-03-28 23:30", "2026-03-29 01:30"),
        ("America/Santiago", "2026-04-04 23:30", "2026-04-05 02:30"),
        # a whole day is missing: what was on it is on the next
        ("Pacific/Apia", "2011-12-29 23:30", "2011-12-30 09:30"),
        ("Pacific/Apia", "2011-12-30 09:00", "2011-12-30 19:00"),
        ("Pacific/Apia", "2011-12-31 09:00", "2011-12-30 19:00"),
    ],
)
def test_a_wall_clock_time_becomes_its_instant(zone: str, wall: str, instant: str) -> None:
    """A time that does not exist moves forward by the gap; one that exists twice is the first."""
    local = datetime.fromisoformat(wall)
    expected = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert to_utc(local.date(), local.time(), ZoneInfo(zone)) == expected


def test_an_instant_is_in_utc_itself() -> None:
    """Callers store and compare what they get, so it is UTC and not merely equal to it."""
    assert to_utc(date(2026, 5, 5), time(17), ZoneInfo("Europe/Berlin")).tzinfo is UTC


def test_a_time_marked_as_the_second_is_still_read_as_the_first() -> None:
    """The mark that Python puts on a repeated hour does not change which of the two is meant."""
    day, berlin = date(2026, 10, 25), ZoneInfo("Europe/Berlin")
    assert to_utc(day, time(2, 30, fold=1), berlin) == to_utc(day, time(2, 30), berlin)


@pytest.mark.parametrize(
    ("zone", "day", "span", "minutes"),
    [
        # nothing changes
        ("Asia/Ho_Chi_Minh", date(2026, 3, 28), Span(time(22), time(2)), 240),
        ("Europe/Berlin", date(2026, 3, 27), Span(time(22), time(6)), 480),
        # the night loses an hour, or gains one
        ("Europe/Berlin", date(2026, 3, 28), Span(time(22), time(6)), 420),
        ("Europe/Berlin", date(2026, 10, 24), Span(time(22), time(6)), 540),
        ("Australia/Lord_Howe", date(2026, 10, 3), Span(time(22), time(6)), 450),
        # an end that does not exist moves forward too; one that exists twice is the first
        ("Europe/Berlin", date(2026, 3, 28), Span(time(22), time(2, 30)), 270),
        ("Europe/Berlin", date(2026, 10, 24), Span(time(22), time(2, 30)), 270),
        # the start moves towards an end that stays: shorter
        ("Europe/Berlin", date(2026, 3, 29), Span(time(2, 30), time(5)), 90),
        # the start moves up to its end, or past it: the end goes along
        ("Europe/Berlin", date(2026, 3, 29), Span(time(2), time(3)), 60),
        ("Europe/Berlin", date(2026, 3, 29), Span(time(2, 15), time(3)), 45),
        # from midnight to midnight is a whole day, as long as that day is
        ("Asia/Ho_Chi_Minh", date(2026, 5, 5), Span(time(0), time(0)), 1440),
        ("America/Havana", date(2026, 3, 8), Span(time(0), time(0)), 1380),
        ("America/Havana", date(2026, 11, 1), Span(time(0), time(0)), 1500),
        # through the day that Samoa left out
        ("Pacific/Apia", date(2011, 12, 29), Span(time(22), time(7)), 540),
    ],
)
def test_a_span_is_wall_clock_at_both_ends(zone: str, day: date, span: Span, minutes: int) -> None:
    """The elapsed length of a span differs from the usual on a clock change, and is never nothing."""
    starts, ends = instants_of(span, day, ZoneInfo(zone))
    assert starts == to_utc(day, span.start, ZoneInfo(zone))
    assert ends - starts == minutes * MINUTE


@pytest.mark.parametrize(
    ("span", "minutes"),
    [
        (Span(time(17), time(19, 30)), 150),
        (Span(time(22), time(2)), 240),  # over midnight
        (Span(time(22), time(0)), 120),  # until midnight
        (Span(time(7), time(7)), 1440),  # around the clock
    ],
)
def test_a_span_knows_its_usual_length(span: Span, minutes: int) -> None:
    """An end at or before the start is on the next day."""
    assert span.length == minutes * MINUTE


def _minutes_on_the_wall(day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Every UTC minute around `day`, with what clocks in `zone` show then."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    minutes = (noon + number * MINUTE for number in range(-36 * 60, 36 * 60))
    return [(minute, minute.astimezone(zone).replace(tzinfo=None)) for minute in minutes]


def _read_off(listed: list[tuple[datetime, datetime]], wall: datetime) -> datetime:
    """The first listed minute that shows `wall`; where none does, the one that shows it plus the gap."""
    for instant, shown in listed:
        if shown == wall:
            return instant
    gap_begins, gap_ends = next(
        (before, after) for (_, before), (_, after) in pairwise(listed) if before < wall < after
    )
    return _read_off(listed, wall + (gap_ends - gap_begins - MINUTE))


def _change_in(year: int, zone: ZoneInfo, part: int) -> date:
    """The day before which the `part`-th clock change of the year falls; New Year where there is none."""
    days = [datetime(year, 1, 1, 12, tzinfo=zone) + number * DAY for number in range(365)]
    changes = [after.date() for before, after in pairwise(days) if before.utcoffset() != after.utcoffset()]
    return changes[part % len(changes)] if changes else date(year, 1, 1)


@settings(max_examples=80, deadline=None)
@given(
    zone=st.sampled_from(sorted(available_timezones())).map(ZoneInfo),
    year=st.integers(2024, 2035),
    part=st.integers(0, 3),
    back=st.integers(0, 1),
    data=st.data(),
)
def test_an_instant_is_what_a_list_of_all_utc_minutes_says(
    zone: ZoneInfo, year: int, part: int, back: int, data: st.DataObject
) -> None:
    """In every zone, around its clock changes, instants agree with an enumeration that knows no rule."""
    day = _change_in(year, zone, part) - back * DAY
    listed = _minutes_on_the_wall(day, zone)
    times = data.draw(st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0)), max_size=12))
    for at in [*map(time, range(24)), time(0, 30), time(1, 30), time(2, 30), time(23, 30), *times]:
        wall = datetime.combine(day, at)
        assert to_utc(day, at, zone) == _read_off(listed, wall), (zone, wall)
