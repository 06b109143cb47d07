"""Closures are told as people say them: from one day to another, under one name."""

from datetime import date

import pytest

from scheduler.settings.calendar import holidays_of
from scheduler.settings.grammar import CalendarTable
from scheduler.timetable.closure import Closure, closures_between
from scheduler.timetable.holidays import Holidays
from scheduler.timetable.label import Label

TET = Label("Tết", "Tết")
WORKS = Label("Sửa trụ sở", "Building works")


def days(*texts: str) -> list[date]:
    """These dates."""
    return list(map(date.fromisoformat, texts))


@pytest.mark.parametrize(
    ("holidays", "told"),
    [
        pytest.param(Holidays(), [], id="none"),
        pytest.param(
            Holidays(public=dict.fromkeys(days("2027-02-05", "2027-02-04", "2027-02-07"), TET)),
            [("2027-02-04", "2027-02-05", "Tết"), ("2027-02-07", "2027-02-07", "Tết")],
            id="days in a row are one closure, a gap makes two",
        ),
        pytest.param(
            Holidays(
                public=dict.fromkeys(days("2027-02-04", "2027-02-05"), TET),
                closed=dict.fromkeys(days("2027-02-05", "2027-02-06"), WORKS),
            ),
            [("2027-02-04", "2027-02-04", "Tết"), ("2027-02-05", "2027-02-06", "Sửa trụ sở")],
            id="the ward's own word stands before the public one",
        ),
        pytest.param(
            Holidays(
                public={
                    date(2027, 2, 5): Label.same("Giao thừa Tết Nguyên Đán"),
                    date(2027, 2, 6): Label.same("Tết Nguyên Đán"),
                    date(2027, 2, 7): Label.same("Mùng hai Tết Nguyên Đán"),
                }
            ),
            [("2027-02-05", "2027-02-07", "Tết Nguyên Đán")],
            id="a name within another is not said again",
        ),
        pytest.param(
            Holidays(public={date(2026, 12, 31): TET, date(2027, 1, 1): WORKS, date(2028, 1, 2): TET}),
            [("2026-12-31", "2027-01-01", "Tết, Sửa trụ sở")],
            id="one that began before is told whole, one after the time is not told",
        ),
    ],
)
def test_holidays_in_a_row_are_one_closure(holidays: Holidays, told: list[tuple[str, str, str]]) -> None:
    """Each row of the table is what a year's list says."""
    found = closures_between(holidays, date(2027, 1, 1), date(2027, 12, 31))
    assert [(str(one.first), str(one.last), one.name.vi) for one in found] == told


def test_the_public_holidays_have_a_name_in_each_language() -> None:
    """Whatever language the machine speaks: Vietnamese and English from the same table of holidays."""
    found = closures_between(
        holidays_of(CalendarTable.model_validate({})), date(2027, 9, 1), date(2027, 9, 30)
    )
    assert found == (Closure(date(2027, 9, 2), date(2027, 9, 3), Label("Quốc khánh", "National Day"), True),)
