"""How long before a session, and never at night."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.terms import Quiet
from scheduler.reminders.decide import lead_instant
from scheduler.reminders.lead import Lead
from scheduler.reminders.quiet import BEFORE, after_quiet, before_quiet
from scheduler.timetable.instant import to_utc

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Quiet(time(21), time(7))
NOON = Quiet(time(12), time(14))


@pytest.mark.parametrize(
    ("lead", "start", "goes"),
    [
        # elapsed: over the end of summer time two hours are two hours, whatever the wall shows
        (Lead(elapsed=timedelta(hours=2)), "2026-10-25 04:00", "2026-10-25 02:00+01:00"),
        (Lead(elapsed=timedelta(hours=3)), "2026-10-25 04:00", "2026-10-25 02:00+02:00"),
        (Lead(elapsed=timedelta(hours=24)), "2026-10-25 17:00", "2026-10-24 18:00+02:00"),
        # wall clock: six in the evening of the day before, on both sides of the change
        (Lead(days=1, at=time(18)), "2026-10-25 17:00", "2026-10-24 18:00+02:00"),
        (Lead(days=1, at=time(18)), "2026-10-26 17:00", "2026-10-25 18:00+01:00"),
        # the same day; a time that does not exist moves by the gap
        (Lead(days=0, at=time(8)), "2026-10-26 17:00", "2026-10-26 08:00+01:00"),
        (Lead(days=1, at=time(2, 30)), "2026-03-30 17:00", "2026-03-29 03:30+02:00"),
        # a session after midnight: the day before is the day before its start
        (Lead(days=1, at=time(18)), "2026-11-18 00:30", "2026-11-17 18:00+01:00"),
    ],
)
def test_a_lead_time_is_elapsed_or_on_the_wall(lead: Lead, start: str, goes: str) -> None:
    """So "2 hours" is elapsed, and "1 day at 18:00" is wall clock on the day before."""
    begin = datetime.fromisoformat(start)
    instant = lead_instant(lead, to_utc(begin.date(), begin.time(), BERLIN), BERLIN)
    assert instant == datetime.fromisoformat(goes)


def test_a_lead_without_anything_goes_at_the_start() -> None:
    """Nothing elapsed is the start itself, which no reminder reaches."""
    start = datetime(2026, 11, 17, 10, tzinfo=UTC)
    assert lead_instant(Lead(), start, BERLIN) == start


@pytest.mark.parametrize(
    ("lead", "written"),
    [
        (Lead(elapsed=timedelta(hours=2)), "120m"),
        (Lead(elapsed=timedelta(days=2)), "2880m"),
        (Lead(days=1, at=time(18)), "1d18:00"),
        (Lead(days=0, at=time(7, 30)), "0d07:30"),
    ],
)
def test_a_lead_time_has_one_spelling_for_keys(lead: Lead, written: str) -> None:
    """The key of a reminder holds it, and must be the same tomorrow."""
    assert str(lead) == written


@pytest.mark.parametrize(
    ("quiet", "instant", "before", "after"),
    [
        # by day both leave it alone; so do they where nothing is quiet
        (NIGHT, "2026-11-17 12:00", "2026-11-17 12:00", "2026-11-17 12:00"),
        (None, "2026-11-17 23:00", "2026-11-17 23:00", "2026-11-17 23:00"),
        # in the evening and in the small hours of the same night
        (NIGHT, "2026-11-17 23:00", "2026-11-17 20:30", "2026-11-18 07:00"),
        (NIGHT, "2026-11-18 04:30", "2026-11-17 20:30", "2026-11-18 07:00"),
        # the first quiet minute is quiet, the last is the one before the end
        (NIGHT, "2026-11-17 21:00", "2026-11-17 20:30", "2026-11-18 07:00"),
        (NIGHT, "2026-11-18 06:59", "2026-11-17 20:30", "2026-11-18 07:00"),
        (NIGHT, "2026-11-18 07:00", "2026-11-18 07:00", "2026-11-18 07:00"),
        # a rest at noon begins and ends on one day
        (NOON, "2026-11-17 13:00", "2026-11-17 11:30", "2026-11-17 14:00"),
        # the night of a clock change
        (NIGHT, "2026-10-25 04:30", "2026-10-24 20:30", "2026-10-25 07:00"),
        (Quiet(time(3), time(7)), "2026-03-29 05:00", "2026-03-29 01:30", "2026-03-29 07:00"),
    ],
)
def test_nothing_goes_in_the_night(quiet: Quiet | None, instant: str, before: str, after: str) -> None:
    """A reminder goes before it, with room for the queue; a question or news waits for the morning."""
    given_one = datetime.fromisoformat(instant).replace(tzinfo=BERLIN).astimezone(UTC)
    shown = [
        f"{moved(given_one, quiet, BERLIN).astimezone(BERLIN):%Y-%m-%d %H:%M}"
        for moved in (before_quiet, after_quiet)
    ]
    assert shown == [before, after]


minutes = st.integers(0, 365 * 24 * 60)
zones = st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe"])
quiets = st.builds(
    Quiet, st.sampled_from([time(20), time(21), time(23, 30)]), st.sampled_from([time(6), time(7)])
)


@settings(max_examples=200)
@given(
    minutes.map(lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)),
    zones.map(ZoneInfo),
    quiets | st.just(NOON),
)
def test_the_night_is_left_on_its_near_side_or_its_far_side(
    instant: datetime, zone: ZoneInfo, quiet: Quiet
) -> None:
    """Neither is ever in it, one is not later and the other not earlier, and by day both are the instant."""
    before, after = before_quiet(instant, quiet, zone), after_quiet(instant, quiet, zone)
    for moved in (before, after):
        assert not quiet.covers(moved.astimezone(zone).time())
    assert before <= instant <= after
    assert (before == instant) == (after == instant) == (not quiet.covers(instant.astimezone(zone).time()))
    assert after - before <= timedelta(hours=12) + BEFORE


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), zones.map(ZoneInfo), st.integers(0, 30))
def test_a_wall_clock_lead_shows_its_time_on_its_day(day: date, zone: ZoneInfo, days: int) -> None:
    """So many days before the local date of the start, at the time that was written, clock change or not."""
    instant = lead_instant(Lead(days=days, at=time(18)), to_utc(day, time(17), zone), zone)
    shown = instant.astimezone(zone)
    assert (shown.date(), shown.time()) == (day - timedelta(days=days), time(18))
