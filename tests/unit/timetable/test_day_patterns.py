"""Which dates a pattern names, one row for each way of naming them."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.timetable.days import DayPattern, MonthDay, NthWeekday, Weekdays, Workdays, dates_named
from scheduler.timetable.holidays import Holidays
from scheduler.timetable.label import Label

VIETNAM = Holidays(
    public={date(2026, 1, 1): Label.same("Tết Dương lịch"), date(2026, 1, 2): Label.same("Hoán đổi")},
    closed={date(2026, 1, 14): Label.same("Đại hội")},
    worked=frozenset({date(2026, 1, 10)}),
)


@pytest.mark.parametrize(
    ("pattern", "first", "last", "days"),
    [
        # weekdays, over the end of a month and of a year
        (Weekdays(frozenset({1, 3})), "2026-01-05", "2026-01-18", "06 08 13 15"),
        (Weekdays(frozenset({6})), "2025-12-28", "2026-01-11", "28 04 11"),
        # both ends of the window belong to it
        (Weekdays(frozenset({0})), "2026-01-05", "2026-01-12", "05 12"),
        (Weekdays(frozenset({0})), "2026-01-06", "2026-01-11", ""),
        # the first Saturday, when the month begins on one and when it does not
        (NthWeekday(1, 5), "2026-08-01", "2026-09-30", "01 05"),
        (NthWeekday(2, 0), "2026-06-01", "2026-07-31", "08 13"),
        # a fifth Friday is not in every month
        (NthWeekday(5, 4), "2026-01-01", "2026-05-31", "30 29"),
        # the last Friday may be the fourth or the fifth
        (NthWeekday(-1, 4), "2026-01-01", "2026-03-31", "30 27 27"),
        # a month of which the window has only a part
        (NthWeekday(1, 5), "2026-08-02", "2026-09-04", ""),
        # days of the month; the 31st is skipped in shorter months, the 29th in most Februaries
        (MonthDay(5), "2026-01-05", "2026-03-05", "05 05 05"),
        (MonthDay(31), "2026-01-01", "2026-06-30", "31 31 31"),
        (MonthDay(29), "2027-02-01", "2028-02-29", "29 " * 12),
        (MonthDay(30), "2026-02-01", "2026-02-28", ""),
        # working days: the swapped Saturday in, New Year, the day swapped off and the closure out
        (Workdays(), "2026-01-01", "2026-01-16", "05 06 07 08 09 10 12 13 15 16"),
        # a window that ends before it begins
        (Weekdays(frozenset(range(7))), "2026-01-05", "2026-01-04", ""),
        (MonthDay(5), "2026-01-06", "2026-01-04", ""),
    ],
)
def test_a_pattern_names_its_dates(pattern: DayPattern, first: str, last: str, days: str) -> None:
    """Windows are inclusive at both ends, and a date that a month does not have is skipped."""
    named = dates_named([pattern], VIETNAM, date.fromisoformat(first), date.fromisoformat(last))
    assert [f"{day:%d}" for day in sorted(named)] == days.split()


def test_patterns_together_name_a_date_once() -> None:
    """A date that two patterns name is one date."""
    together = (Weekdays(frozenset({3})), NthWeekday(1, 3), MonthDay(1))
    named = dates_named(together, Holidays(), date(2026, 1, 1), date(2026, 1, 8))
    assert named == {date(2026, 1, 1), date(2026, 1, 8)}


@given(
    st.builds(NthWeekday, st.sampled_from([-1, 1, 2, 3, 4, 5]), st.integers(0, 6)),
    st.integers(1900, 2200),
    st.integers(1, 12),
)
def test_an_nth_weekday_is_found_by_counting(pattern: NthWeekday, year: int, month: int) -> None:
    """Counting the weekday through the month gives the same date, or none."""
    days = (date(year, month, 1) + timedelta(days=n) for n in range(monthrange(year, month)[1]))
    counted = dict(enumerate((day for day in days if day.weekday() == pattern.weekday), start=1))
    counted[-1] = counted[max(counted)]
    assert pattern.in_month(year, month) == counted.get(pattern.nth)


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        # an ordinary midweek
        ("2026-01-07", "2026-01-06", "2026-01-08"),
        # over a weekend
        ("2026-01-17", "2026-01-16", "2026-01-19"),
        # the swapped Saturday counts
        ("2026-01-09", "2026-01-08", "2026-01-10"),
        ("2026-01-12", "2026-01-10", "2026-01-13"),
        # through New Year, the day swapped off and the weekend behind it
        ("2026-01-01", "2025-12-31", "2026-01-05"),
        # a closure is no working day
        ("2026-01-13", "2026-01-12", "2026-01-15"),
    ],
)
def test_working_days_are_found_on_both_sides(day: str, before: str, after: str) -> None:
    """Swapped working days count; holidays, closures and weekends do not; the day itself never."""
    assert VIETNAM.workday_before(date.fromisoformat(day)) == date.fromisoformat(before)
    assert VIETNAM.workday_after(date.fromisoformat(day)) == date.fromisoformat(after)
