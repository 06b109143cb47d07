"""The small languages of the values: what each way of writing means."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import time, timedelta
from decimal import Decimal
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import text
from notifications.terms import Price, Quiet
from scheduler.reminders.lead import Lead
from scheduler.roster.person import Limit, Per
from scheduler.settings.names import fold, nearest, slug
from scheduler.settings.words import (
    Misread,
    read_day,
    read_duration,
    read_lead,
    read_limit,
    read_price,
    read_quiet,
    read_rate,
    read_span,
    read_window,
)
from scheduler.timetable.availability import Window
from scheduler.timetable.days import MonthDay, NthWeekday, Weekdays, Workdays
from scheduler.timetable.span import Span

READERS: tuple[Callable[[object], object], ...] = (
    read_day,
    read_duration,
    read_lead,
    read_limit,
    read_price,
    read_quiet,
    read_rate,
    read_span,
    read_window,
)


def _on(*days: int) -> Weekdays:
    return Weekdays(frozenset(days))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("mon", _on(0)),
        ("Thursday", _on(3)),
        ("thu", _on(3)),  # Thursday, and not the Vietnamese word for weekday
        ("T2", _on(0)),
        ("t7", _on(5)),
        ("CN", _on(6)),
        ("thứ hai", _on(0)),
        ("Thứ Tư", _on(2)),
        ("thu tu", _on(2)),
        ("thứ 5", _on(3)),
        ("Chủ nhật", _on(6)),
        ("mon-fri", _on(0, 1, 2, 3, 4)),
        ("fri-mon", _on(4, 5, 6, 0)),  # ranges wrap
        ("T2 – T6", _on(0, 1, 2, 3, 4)),
        ("thứ hai đến thứ sáu", _on(0, 1, 2, 3, 4)),
        ("T7-CN", _on(5, 6)),
        ("mon, wed", _on(0, 2)),
        ("T3 và T5", _on(1, 3)),
        ("daily", _on(*range(7))),
        ("hằng ngày", _on(*range(7))),
        ("1st sat", NthWeekday(1, 5)),
        ("last fri", NthWeekday(-1, 4)),
        ("3rd T4", NthWeekday(3, 2)),
        ("thứ bảy cuối tháng", NthWeekday(-1, 5)),
        ("T7 đầu tiên", NthWeekday(1, 5)),
        (5, MonthDay(5)),
        (31, MonthDay(31)),
        ("workdays", Workdays()),
        ("ngày làm việc", Workdays()),
    ],
)
def test_days_are_read_as_people_write_them(written: object, meant: object) -> None:
    """Both languages, any case, with or without accents."""
    assert read_day(written) == meant


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("17:00-19:30", time(17), time(19, 30)),
        ("7:30-11:30", time(7, 30), time(11, 30)),
        ("17h-19h30", time(17), time(19, 30)),
        ("17g30 đến 21g", time(17, 30), time(21)),
        ("17:00 – 19:30", time(17), time(19, 30)),
        ("22:00-02:00", time(22), time(2)),  # crosses midnight
        ("18:00-24:00", time(18), time(0)),
    ],
)
def test_times_are_read_as_people_write_them(written: str, start: time, end: time) -> None:
    """The colon, and the Vietnamese h and g."""
    assert read_span(written) == Span(start, end)


@pytest.mark.parametrize(
    ("reader", "written", "meant"),
    [
        (read_window, "mon-fri 17:00-21:00", Window(frozenset(range(5)), Span(time(17), time(21)))),
        (read_window, "sat", Window(frozenset({5}))),
        (read_window, "T7, CN 7h-11h", Window(frozenset({5, 6}), Span(time(7), time(11)))),
        (read_window, "17:00-21:00", Window(frozenset(range(7)), Span(time(17), time(21)))),
        (read_duration, "28 days", timedelta(days=28)),
        (read_duration, "10 phút", timedelta(minutes=10)),
        (read_duration, "2 giờ", timedelta(hours=2)),
        (read_duration, "1 week", timedelta(weeks=1)),
        (read_lead, "1 day at 17:00", Lead(days=1, at=time(17))),
        (read_lead, "3 ngày lúc 18h", Lead(days=3, at=time(18))),
        (read_lead, "same day at 07:30", Lead(days=0, at=time(7, 30))),
        (read_lead, "2 hours", Lead(elapsed=timedelta(hours=2))),
        (read_lead, "1 day", Lead(elapsed=timedelta(days=1))),  # elapsed: no time of day is named
        (read_limit, "6 hours a week", Limit(360, Per.WEEK)),
        (read_limit, "20 hours a month", Limit(1200, Per.MONTH)),
        (read_limit, "90 phút/tuần", Limit(90, Per.WEEK)),
        (read_limit, "20 giờ một tháng", Limit(1200, Per.MONTH)),
        (read_rate, "1/s", 1.0),
        (read_rate, "100/s", 100.0),
        (read_rate, "30/m", 0.5),
        (read_price, "820 VND", Price(Decimal(820), "VND")),
        (read_price, "1.200 đ", Price(Decimal(1200), "VND")),  # a point between thousands
        (read_price, "0.0725 USD", Price(Decimal("0.0725"), "USD")),
        (read_price, "", None),
        (read_quiet, "21:00-07:00", Quiet(time(21), time(7))),
        (read_quiet, "", None),
    ],
)
def test_a_value_is_read(reader: Callable[[object], object], written: str, meant: object) -> None:
    """Windows, durations, leads, limits, rates, prices and quiet hours."""
    assert reader(written) == meant


@pytest.mark.parametrize(
    ("reader", "written", "code"),
    [
        (read_day, "thx", "not_a_day"),
        (read_day, "5", "not_a_day"),  # the 5th, or Thursday?
        (read_day, "mon-wed-fri", "not_a_day"),
        (read_day, True, "not_a_day"),
        (read_day, 0, "day_of_month"),
        (read_day, "6th sat", "not_a_day"),
        (read_span, "17:00", "not_a_span"),
        (read_span, "24:00-02:00", "no_such_time"),
        (read_span, "17:60-18:00", "no_such_time"),
        (read_window, "sat 17:00", "not_a_window"),
        (read_duration, "28", "not_a_duration"),
        (read_duration, "-1 days", "not_a_duration"),
        (read_lead, "0 minutes", "not_a_lead"),  # it would go when the session begins
        (read_lead, "1 day at 25:00", "no_such_time"),
        (read_limit, "6 hours", "not_a_limit"),
        (read_rate, "0/s", "not_a_rate"),
        (read_rate, "1/fortnight", "not_a_rate"),
        (read_price, "820", "not_a_price"),
        (read_price, "1,5 USD", "not_a_price"),  # fifteen, or one and a half?
        (read_quiet, "21:00-21:00", "all_day_quiet"),
    ],
)
def test_what_means_nothing_is_refused(
    reader: Callable[[object], object], written: object, code: str
) -> None:
    """Nothing is guessed; the code says which sentence to print."""
    with pytest.raises(Misread) as misread:
        reader(written)
    assert misread.value.code == code


@given(
    written=st.text() | st.integers() | st.lists(st.text(max_size=3), max_size=2) | st.booleans() | st.none()
)
def test_any_value_is_read_or_refused(written: object) -> None:
    """A reader raises nothing but `Misread`."""
    for reader in READERS:
        with suppress(Misread):
            reader(written)


@given(first=st.integers(0, 6), last=st.integers(0, 6))
def test_a_range_of_days_begins_and_ends_where_it_says(first: int, last: int) -> None:
    """It holds both ends, and as many days as it takes to walk from one to the other."""
    names = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
    read = read_day(f"{names[first]}-{names[last]}")
    assert isinstance(read, Weekdays)
    assert {first, last} <= read.days
    assert len(read.days) == (last - first) % 7 + 1


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("sai-gom", ("sai-gon", "ben-thanh"), "sai-gon"),
        ("Ben Nhge", ("Bình Ngũ", "Bến Nghé"), "Bến Nghé"),  # raw letters would say Bình Ngũ
        ("ĐA KAO", ("da-kao", "co-giang"), "da-kao"),
        ("Tân Định", ("Cô Giang",), None),
        ("x" * 5000, ("x",), None),
    ],
)
def test_the_nearest_name_is_found_without_accents(
    word: str, known: tuple[str, ...], meant: str | None
) -> None:
    """Accents are folded before anything is compared; what is far from all gets no guess."""
    assert nearest(word, known) == meant


@given(name=st.text())
def test_a_slug_is_an_id(name: str) -> None:
    """Letters, digits and single hyphens, and its own slug."""
    made = slug(name)
    assert slug(made) == made
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert fold(fold(name)) == fold(name)


LETTERS = "aáàảãạăắằẳẵặâấầẩẫậeéèẻẽẹêếềểễệiíìỉĩịoóòỏõọôốồổỗộơớờởỡợuúùủũụưứừửữựyýỳỷỹỵđ"


@given(name=st.text(LETTERS + LETTERS.upper() + " -–'’.,`^~…\u0301x9", max_size=20) | st.text(max_size=8))
def test_the_quick_way_to_fold_says_what_the_slow_one_does(name: str) -> None:
    """Vietnamese names take a table, everything else takes its characters one by one."""
    assert fold(name) == " ".join(re.sub("[‐‑‒–—−]", "-", text.fold(name)).split())


@given(number=st.integers(0, 400), slip=st.integers(0, 8), letter=st.sampled_from("abnqx5"))
def test_among_thousands_of_names_the_same_is_found(number: int, slip: int, letter: str) -> None:
    """A long list is searched by pairs of letters first; one wrong letter never hides the name."""
    known = tuple(f"Nguyễn Văn {first}{last}" for first in "ABCDEGHKLMNPQRSTUVXY" for last in LETTERS[:68:3])
    meant = fold(known[number % len(known)])
    written = meant[:slip] + letter + meant[slip + 1 :]
    found = nearest(written, known)
    assert found is not None
    assert _ratio(written, found) == max(_ratio(written, each) for each in known)


def _ratio(written: str, name: str) -> float:
    return SequenceMatcher(None, fold(name), fold(written)).ratio()
