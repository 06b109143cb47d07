"""Quiet hours: when nobody is texted, and when they end."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.terms import Quiet

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT = Quiet(time(21), time(7))
NOON_REST = Quiet(time(12), time(13, 30))


@pytest.mark.parametrize(
    ("quiet", "local", "covered"),
    [
        (NIGHT, time(20, 59), False),
        (NIGHT, time(21), True),  # the start is quiet
        (NIGHT, time(23, 59), True),
        (NIGHT, time(0), True),
        (NIGHT, time(6, 59), True),
        (NIGHT, time(7), False),  # the end is not
        (NOON_REST, time(11, 59), False),
        (NOON_REST, time(12), True),
        (NOON_REST, time(13, 30), False),
    ],
)
def test_quiet_hours_hold_their_start_and_not_their_end(quiet: Quiet, local: time, covered: bool) -> None:
    """Hours that end before they start run over midnight."""
    assert quiet.covers(local) is covered


@pytest.mark.parametrize(
    ("quiet", "instant", "ends"),
    [
        (NIGHT, "2026-11-02 22:00", "2026-11-03 07:00"),  # before midnight: tomorrow
        (NIGHT, "2026-11-03 00:30", "2026-11-03 07:00"),  # after midnight: today
        (NIGHT, "2026-11-03 07:00", "2026-11-03 07:00"),
        (NIGHT, "2026-11-03 12:00", "2026-11-03 12:00"),
        (NOON_REST, "2026-11-03 12:15", "2026-11-03 13:30"),
    ],
)
def test_a_text_in_quiet_hours_waits_for_their_end(quiet: Quiet, instant: str, ends: str) -> None:
    """The end is a wall-clock time of the service's zone; the answer is in the zone of the question."""
    asked = datetime.fromisoformat(instant).replace(tzinfo=SAIGON).astimezone(UTC)
    answer = quiet.ends_after(asked, SAIGON)

    assert answer == datetime.fromisoformat(ends).replace(tzinfo=SAIGON)
    assert answer.tzinfo is UTC


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  bounds are naive
    st.times(),
    st.times(),
)
def test_quiet_hours_end_within_a_day(instant: datetime, start: time, end: time) -> None:
    """The end is never in the past, is not quiet, and comes within a day."""
    quiet = Quiet(start.replace(tzinfo=None), end.replace(tzinfo=None))
    ends = quiet.ends_after(instant, SAIGON)

    assert instant <= ends <= instant + timedelta(days=1)
    assert start == end or not quiet.covers(ends.astimezone(SAIGON).time())
