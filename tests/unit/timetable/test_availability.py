"""When a person can come: windows, absences and the nights between them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from scheduler.timetable.availability import Absence, Window, can_come
from scheduler.timetable.instant import instants_of
from scheduler.timetable.span import Span

DAY = timedelta(days=1)
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")


def _window(*weekdays: int, hours: str = "") -> Window:
    return Window(frozenset(weekdays), _span(hours) if hours else None)


def _span(hours: str) -> Span:
    start, end = hours.split("-")
    return Span(time.fromisoformat(start), time.fromisoformat(end))


def _away(first: str, last: str) -> Absence:
    return Absence(date.fromisoformat(first), date.fromisoformat(last))


def _comes(
    zone: ZoneInfo, day: str, hours: str, windows: tuple[Window, ...], away: tuple[Absence, ...] = ()
) -> bool:
    """Whether the person can come for a span on a day, read off clocks in `zone`."""
    return can_come(windows, away, *instants_of(_span(hours), date.fromisoformat(day), zone), zone)


AFTER_WORK = _window(MON, TUE, WED, THU, FRI, hours="17:00-21:00")
SPLIT_AT_HALF_PAST_TWO = (_window(SUN, hours="00:00-02:30"), _window(SUN, hours="02:30-06:00"))


@pytest.mark.parametrize(
    ("windows", "day", "hours", "comes"),
    [
        # no windows is any time
        ((), "2026-05-05", "03:00-04:00", True),
        # inside, exactly filling, too early, too late, on another weekday
        ((AFTER_WORK,), "2026-05-05", "18:00-20:00", True),
        ((AFTER_WORK,), "2026-05-05", "17:00-21:00", True),
        ((AFTER_WORK,), "2026-05-05", "16:59-19:00", False),
        ((AFTER_WORK,), "2026-05-05", "19:00-21:01", False),
        ((AFTER_WORK,), "2026-05-09", "18:00-20:00", False),
        # a whole day, to midnight and not beyond
        ((_window(SAT),), "2026-05-09", "00:00-00:00", True),
        ((_window(SAT),), "2026-05-09", "22:00-00:00", True),
        ((_window(SAT),), "2026-05-09", "22:00-02:00", False),
        # whole days that adjoin over midnight, over the end of the week too
        ((_window(SAT, SUN),), "2026-05-09", "22:00-02:00", True),
        ((_window(SUN), _window(MON)), "2026-05-10", "22:00-02:00", True),
        # a window over midnight belongs to the weekday on which it begins
        ((_window(FRI, hours="22:00-02:00"),), "2026-05-08", "22:00-02:00", True),
        ((_window(FRI, hours="22:00-02:00"),), "2026-05-09", "00:30-01:30", True),
        ((_window(FRI, hours="22:00-02:00"),), "2026-05-08", "00:30-01:30", False),
        # windows that adjoin or overlap are one, whatever their order; a minute between them is a minute
        (
            (_window(TUE, hours="17:00-21:00"), _window(TUE, hours="13:00-17:00")),
            "2026-05-05",
            "15:00-19:00",
            True,
        ),
        (
            (_window(TUE, hours="13:00-18:00"), _window(TUE, hours="17:00-21:00")),
            "2026-05-05",
            "15:00-19:00",
            True,
        ),
        (
            (_window(TUE, hours="13:00-16:59"), _window(TUE, hours="17:00-21:00")),
            "2026-05-05",
            "15:00-19:00",
            False,
        ),
        (
            (_window(TUE, hours="18:00-00:00"), _window(WED, hours="00:00-06:00")),
            "2026-05-05",
            "22:00-02:00",
            True,
        ),
        # a short window within a long one takes nothing away
        ((_window(TUE), _window(TUE, hours="17:00-18:00")), "2026-05-05", "17:30-20:00", True),
    ],
)
def test_a_session_fits_into_the_windows_or_does_not(
    windows: tuple[Window, ...], day: str, hours: str, *, comes: bool
) -> None:
    """A person comes when the whole session lies within windows that leave no gap."""
    assert _comes(SAIGON, day, hours, windows) is comes


@pytest.mark.parametrize(
    ("away", "day", "hours", "comes"),
    [
        # both ends of an absence belong to it, the days beside it do not
        (_away("2026-05-05", "2026-05-07"), "2026-05-05", "17:00-19:00", False),
        (_away("2026-05-05", "2026-05-07"), "2026-05-07", "17:00-19:00", False),
        (_away("2026-05-05", "2026-05-07"), "2026-05-04", "17:00-19:00", True),
        (_away("2026-05-05", "2026-05-07"), "2026-05-08", "17:00-19:00", True),
        # a night touches both of its dates; one that ends at midnight does not touch the next
        (_away("2026-05-05", "2026-05-05"), "2026-05-04", "22:00-02:00", False),
        (_away("2026-05-05", "2026-05-05"), "2026-05-04", "22:00-00:00", True),
        (_away("2026-05-05", "2026-05-05"), "2026-05-05", "22:00-02:00", False),
        # dates are local: 05:00 in Saigon is still the day before in UTC
        (_away("2026-05-05", "2026-05-05"), "2026-05-05", "05:00-06:00", False),
        (_away("2026-05-04", "2026-05-04"), "2026-05-05", "05:00-06:00", True),
    ],
)
@pytest.mark.parametrize("windows", [(), (_window(*range(7)),)], ids=["any-time", "every-day"])
def test_a_person_who_is_away_does_not_come(
    away: Absence, day: str, hours: str, windows: tuple[Window, ...], *, comes: bool
) -> None:
    """No local date that the session touches may be one of an absence, whatever the windows say."""
    elsewhere = _away("2020-01-01", "2020-12-31")
    assert _comes(SAIGON, day, hours, windows, (elsewhere, away)) is comes


@pytest.mark.parametrize(
    ("zone", "day", "hours", "windows"),
    [
        # the night that loses an hour, and the one that gains one
        ("Europe/Berlin", "2026-03-28", "22:00-06:00", (_window(SAT, hours="22:00-06:00"),)),
        ("Europe/Berlin", "2026-10-24", "22:00-06:00", (_window(SAT, hours="22:00-06:00"),)),
        # a session in the gap, or around the fold, within a window that meets it too
        ("Europe/Berlin", "2026-03-29", "02:15-03:00", (_window(SUN, hours="02:15-03:00"),)),
        ("Europe/Berlin", "2026-10-25", "01:00-02:30", (_window(SUN, hours="01:00-02:30"),)),
        # windows that adjoin at a time that does not exist, or exists twice
        ("Europe/Berlin", "2026-03-29", "01:00-05:00", SPLIT_AT_HALF_PAST_TWO),
        ("Europe/Berlin", "2026-10-25", "01:00-05:00", SPLIT_AT_HALF_PAST_TWO),
        # whole days of 23 and 25 hours, with the change at midnight
        ("America/Santiago", "2026-09-06", "00:00-00:00", (_window(SUN),)),
        ("America/Havana", "2026-11-01", "00:00-00:00", (_window(SUN),)),
        ("America/Santiago", "2026-09-05", "20:00-04:00", (_window(SAT, SUN),)),
        ("America/Nuuk", "2026-03-28", "20:00-04:00", (_window(SAT, SUN),)),
        # over the Friday that Samoa left out
        ("Pacific/Apia", "2011-12-29", "20:00-04:00", (_window(THU, SAT),)),
    ],
)
def test_a_clock_change_keeps_nobody_away(
    zone: str, day: str, hours: str, windows: tuple[Window, ...]
) -> None:
    """Windows are read off the same clocks as sessions, so they meet on the days when these change."""
    assert _comes(ZoneInfo(zone), day, hours, windows)


def _is_free(moment: datetime, windows: tuple[Window, ...], away: tuple[Absence, ...]) -> bool:
    """Whether the person is free at a wall-clock moment, asked of that moment alone."""
    day, at = moment.date(), moment.time()
    if any(absence.first <= day <= absence.last for absence in away):
        return False
    return not windows or any(_window_is_open(window, day.weekday(), at) for window in windows)


def _window_is_open(window: Window, weekday: int, at: time) -> bool:
    today, yesterday = weekday in window.weekdays, (weekday - 1) % 7 in window.weekdays
    if window.span is None:
        return today
    if window.span.start < window.span.end:
        return today and window.span.start <= at < window.span.end
    return (today and at >= window.span.start) or (yesterday and at < window.span.end)


hours_of_day = st.integers(0, 23).map(time)
free_windows = st.builds(
    Window,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.none() | st.builds(Span, hours_of_day, hours_of_day),
)
absences = st.tuples(st.dates(date(2026, 5, 1), date(2026, 5, 20)), st.integers(0, 3)).map(
    lambda begins: Absence(begins[0], begins[0] + begins[1] * DAY)
)


@settings(max_examples=200, deadline=None)
@given(
    windows=st.lists(free_windows, max_size=4).map(tuple),
    away=st.lists(absences, max_size=2).map(tuple),
    start=st.datetimes(datetime(2026, 5, 1), datetime(2026, 5, 20)).map(  # noqa: DTZ001 — the wall has no zone
        lambda wall: wall.replace(minute=0, second=0, microsecond=0)
    ),
    hours=st.integers(1, 24),
)
def test_a_person_comes_when_free_at_every_moment(
    windows: tuple[Window, ...], away: tuple[Absence, ...], start: datetime, hours: int
) -> None:
    """Asking every quarter of an hour on the wall of Saigon gives the same answer."""
    quarters = [start + number * timedelta(minutes=15) for number in range(hours * 4)]
    free = all(_is_free(moment, windows, away) for moment in quarters)
    starts = (start - timedelta(hours=7)).replace(tzinfo=UTC)
    event(f"free: {free}")
    assert can_come(windows, away, starts, starts + timedelta(hours=hours), SAIGON) is free
