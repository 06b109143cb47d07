"""What each word of a shift's rule does to the calendar, one row for each."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scheduler.timetable.days import DayPattern, MonthDay, NthWeekday, Weekdays, Workdays
from scheduler.timetable.holidays import Holidays
from scheduler.timetable.label import Label
from scheduler.timetable.recurrence import WEEK_ONE, never_happens, sessions_between
from scheduler.timetable.session import Session
from scheduler.timetable.shift import OnHoliday, Rule, Shift
from scheduler.timetable.span import Span

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")
EVENING = Span(time(17), time(19, 30))
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
DAILY = Weekdays(frozenset(range(7)))

# Tuesday and Wednesday, 1 and 2 September, are holidays, Monday 31 August is swapped for Saturday the
# 22nd; the ward is closed from Thursday the 10th to Monday the 14th.
SEPTEMBER = Holidays(
    public=dict.fromkeys([date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)], Label.same("Quốc khánh")),
    closed=dict.fromkeys([date(2026, 9, day) for day in range(10, 15)], Label.same("Sửa trụ sở")),
    worked=frozenset({date(2026, 8, 22)}),
    known_until=date(2026, 12, 31),
)


def _on(*weekdays: int) -> Weekdays:
    return Weekdays(frozenset(weekdays))


def _dates(*texts: str) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, texts))


def _shift(*days: DayPattern, spans: Iterable[Span] = (EVENING,), **rule: Any) -> Shift:
    return Shift("sao-y", "sao-y", "ubnd", Rule(days, tuple(spans), **rule))


def _september(shift: Shift, first: str = "2026-08-17", last: str = "2026-09-20") -> tuple[Session, ...]:
    return sessions_between(shift, SEPTEMBER, SAIGON, date.fromisoformat(first), date.fromisoformat(last))


def _held(sessions: Iterable[Session]) -> str:
    """The days on which sessions begin in Saigon, with the named day in front where that is another."""
    starts = ((session.named, session.starts.astimezone(SAIGON).date()) for session in sessions)
    return " ".join(f"{day:%d}" if named == day else f"{named:%d}>{day:%d}" for named, day in starts)


@pytest.mark.parametrize(
    ("shift", "held"),
    [
        # weekdays; the closure on Thursday the 10th is left out
        (_shift(_on(TUE, THU)), "18 20 25 27 03 08 15 17"),
        # from and until are inclusive
        (_shift(_on(TUE, THU), start=date(2026, 8, 20), until=date(2026, 9, 3)), "20 25 27 03"),
        (_shift(_on(TUE), start=date(2026, 8, 19), until=date(2026, 9, 14)), "25 08"),
        # every second week, counted from the week of `from` even when that begins in the middle
        (_shift(_on(TUE, THU), start=date(2026, 8, 20), every=2), "20 03 15 17"),
        (_shift(_on(MON), start=date(2026, 8, 23), every=2), ""),
        (_shift(_on(SUN), start=date(2026, 8, 23), every=2), "23 06 20"),
        # every second week without a start: WEEK_ONE is the anchor, 138 weeks before 24 August 2026
        (_shift(_on(TUE), every=2), "25 08"),
        # days of the month and nth weekdays
        (_shift(MonthDay(5), MonthDay(20)), "20 05 20"),
        (_shift(MonthDay(31), on_holiday=OnHoliday.KEEP), "31"),
        (_shift(NthWeekday(1, SAT), NthWeekday(-1, FRI)), "28 05"),
        # working days: swapped Saturday in, holidays out
        (_shift(Workdays()), "17 18 19 20 21 22 24 25 26 27 28 03 04 07 08 09 15 16 17 18"),
        # a swapped Saturday is no Monday to Friday
        (_shift(_on(MON, TUE, WED, THU, FRI), until=date(2026, 8, 24)), "17 18 19 20 21 24"),
        # patterns that meet on a date hold it once
        (_shift(_on(THU), MonthDay(20)), "20 27 03 17 20"),
        # keep: through public holidays, not through closures
        (_shift(_on(TUE, THU), on_holiday=OnHoliday.KEEP), "18 20 25 27 01 03 08 15 17"),
        # only: public holidays, days swapped off and closures
        (_shift(DAILY, on_holiday=OnHoliday.ONLY), "31 01 02 10 11 12 13 14"),
        (_shift(_on(SAT, SUN), on_holiday=OnHoliday.ONLY), "12 13"),
        # next working day: 1 September is held on Thursday the 3rd, the 10th on Tuesday the 15th
        (_shift(_on(TUE), on_holiday=OnHoliday.NEXT_WORKING_DAY), "18 25 01>03 08 15"),
        (_shift(MonthDay(10), on_holiday=OnHoliday.NEXT_WORKING_DAY), "10>15"),
        # ... landing on one of its own dates, it is held once, under that date
        (_shift(_on(TUE, THU), on_holiday=OnHoliday.NEXT_WORKING_DAY), "18 20 25 27 03 08 15 17"),
        # ... several that land together are held once, under the first
        (_shift(_on(MON, WED), on_holiday=OnHoliday.NEXT_WORKING_DAY), "17 19 24 26 31>03 07 09 14>15 16"),
        # ... a weekend that is no holiday is not postponed
        (_shift(_on(SAT), on_holiday=OnHoliday.NEXT_WORKING_DAY), "22 29 05 12>15 19"),
        # ... `until` bounds what is named, so the last one may be held after it; `from` likewise
        (_shift(_on(TUE), until=date(2026, 9, 1), on_holiday=OnHoliday.NEXT_WORKING_DAY), "18 25 01>03"),
        (_shift(_on(TUE), start=date(2026, 9, 2), on_holiday=OnHoliday.NEXT_WORKING_DAY), "08 15"),
        # except: neither named there, nor pushed there
        (_shift(_on(TUE), excepted=_dates("2026-08-25", "2026-08-26")), "18 08 15"),
        (
            _shift(_on(TUE), on_holiday=OnHoliday.NEXT_WORKING_DAY, excepted=_dates("2026-09-01")),
            "18 25 08 15",
        ),
        (
            _shift(_on(TUE), on_holiday=OnHoliday.NEXT_WORKING_DAY, excepted=_dates("2026-09-03")),
            "18 25 08 15",
        ),
        # also: against the days, the holidays, closures, from, until, every
        (_shift(_on(TUE), also=_dates("2026-08-22", "2026-09-02", "2026-09-11")), "18 22 25 02 08 11 15"),
        (_shift(_on(TUE), until=date(2026, 8, 18), also=_dates("2026-09-18")), "18 18"),
        (_shift(_on(TUE), start=date(2026, 9, 8), also=_dates("2026-08-17")), "17 08 15"),
        (_shift(_on(TUE), start=date(2026, 9, 8), every=2, also=_dates("2026-09-15")), "08 15"),
        # the dates of the ward: inclusive, against everything, `also` and what is postponed too
        (_shift(_on(TUE, THU), opens=date(2026, 8, 20), closes=date(2026, 9, 3)), "20 25 27 03"),
        (
            _shift(_on(TUE), start=date(2026, 8, 25), opens=date(2026, 8, 18), closes=date(2026, 9, 20)),
            "25 08 15",
        ),
        (_shift(_on(TUE), closes=date(2026, 8, 18), also=_dates("2026-08-18", "2026-09-18")), "18"),
        (_shift(_on(TUE), closes=date(2026, 9, 2), on_holiday=OnHoliday.NEXT_WORKING_DAY), "18 25"),
        (_shift(_on(TUE), closes=date(2026, 9, 3), on_holiday=OnHoliday.NEXT_WORKING_DAY), "18 25 01>03"),
        (_shift(_on(TUE), opens=date(2026, 9, 2), on_holiday=OnHoliday.NEXT_WORKING_DAY), "08 15"),
        # ... they move no weeks: those are counted from the shift's own `from`
        (_shift(_on(TUE), start=date(2026, 8, 17), every=2, opens=date(2026, 8, 24)), "15"),
        # also on a date that the rule names changes nothing, on a holiday that it names keeps it there
        (_shift(_on(TUE), also=_dates("2026-08-25")), "18 25 08 15"),
        (
            _shift(_on(TUE), also=_dates("2026-09-01"), on_holiday=OnHoliday.NEXT_WORKING_DAY),
            "18 25 01 08 15",
        ),
        # also is one of the shift's own dates for what is pushed onto it
        (
            _shift(_on(TUE), also=_dates("2026-09-03"), on_holiday=OnHoliday.NEXT_WORKING_DAY),
            "18 25 03 08 15",
        ),
    ],
)
def test_a_rule_holds_its_dates(shift: Shift, held: str) -> None:
    """Every word of the rule means what the contract says, from 17 August to 20 September 2026."""
    assert _held(_september(shift)) == held


@pytest.mark.parametrize(
    ("first", "last", "held"),
    [
        # what was named before the window and is held within it belongs to it
        ("2026-09-02", "2026-09-03", "01>03"),
        ("2026-09-03", "2026-09-03", "01>03"),
        # what is named within it and held behind it does not
        ("2026-09-01", "2026-09-02", ""),
        # a window that ends before it begins holds nothing
        ("2026-09-03", "2026-09-02", ""),
    ],
)
def test_a_postponed_session_belongs_to_the_day_it_is_held(first: str, last: str, held: str) -> None:
    """Windows go by the date on which a session really begins."""
    shift = _shift(_on(TUE), on_holiday=OnHoliday.NEXT_WORKING_DAY)
    assert _held(_september(shift, first, last)) == held


def test_a_postponed_session_lands_on_a_swapped_working_day() -> None:
    """A swapped working Saturday is a working day like any other."""
    holidays = Holidays(public={date(2026, 8, 21): Label.same("lễ")}, worked=frozenset({date(2026, 8, 22)}))
    shift = _shift(_on(FRI), on_holiday=OnHoliday.NEXT_WORKING_DAY)
    sessions = sessions_between(shift, holidays, SAIGON, date(2026, 8, 21), date(2026, 8, 27))
    assert _held(sessions) == "21>22"


def test_a_postponed_session_keeps_the_key_of_the_named_date() -> None:
    """The key tells which date the rule named, for every span of the day."""
    spans = (Span(time(7, 30), time(11, 30)), Span(time(13), time(17)))
    shift = _shift(_on(TUE), spans=spans, on_holiday=OnHoliday.NEXT_WORKING_DAY)
    sessions = _september(shift, "2026-09-03", "2026-09-03")
    assert [session.key for session in sessions] == ["sao-y@2026-09-01", "sao-y@2026-09-01.2"]


def test_spans_of_a_day_are_numbered_by_the_clock() -> None:
    """The order in the file does not matter: rewriting a line must not change whose session is whose."""
    spans = (Span(time(18), time(20)), Span(time(7, 30), time(11, 30)), Span(time(13), time(17)))
    sessions = _september(_shift(_on(TUE), spans=spans), "2026-08-25", "2026-08-25")
    assert [(session.key, session.starts.astimezone(SAIGON).hour) for session in sessions] == [
        ("sao-y@2026-08-25", 7),
        ("sao-y@2026-08-25.2", 13),
        ("sao-y@2026-08-25.3", 18),
    ]


def test_a_night_shift_belongs_to_the_evening_on_which_it_begins() -> None:
    """The end after midnight is neither a date of its own nor a reason to be left out of the window."""
    shift = _shift(_on(TUE), spans=[Span(time(22), time(2))])
    (session,) = _september(shift, "2026-08-25", "2026-08-25")
    assert session.key == "sao-y@2026-08-25"
    assert session.starts == datetime(2026, 8, 25, 15, tzinfo=UTC)
    assert session.ends == datetime(2026, 8, 25, 19, tzinfo=UTC)
    assert _september(shift, "2026-08-26", "2026-08-26") == ()


@pytest.mark.parametrize(
    ("first", "hours"),
    [("2026-03-21", 8), ("2026-03-28", 7), ("2026-10-24", 9), ("2026-10-31", 8)],  # Saturdays in Berlin
)
def test_a_night_is_as_long_as_the_clocks_make_it(first: str, hours: int) -> None:
    """From 22:00 to 06:00 is seven hours in the night that loses one, nine in the one that gains one."""
    day = date.fromisoformat(first)
    shift = _shift(_on(SAT), spans=[Span(time(22), time(6))])
    (session,) = sessions_between(shift, Holidays(), BERLIN, day, day)
    assert session.ends - session.starts == timedelta(hours=hours)


def test_a_start_in_a_gap_before_midnight_belongs_to_the_next_day() -> None:
    """Nuuk has no 23:30 on 28 March 2026: the session begins on the 29th, under the key of the 28th."""
    shift = _shift(_on(SAT), spans=[Span(time(23, 30), time(2))])
    nuuk, saturday, sunday = ZoneInfo("America/Nuuk"), date(2026, 3, 28), date(2026, 3, 29)
    assert sessions_between(shift, Holidays(), nuuk, saturday, saturday) == ()
    (session,) = sessions_between(shift, Holidays(), nuuk, sunday, sunday)
    assert session.key == "sao-y@2026-03-28"
    assert f"{session.starts.astimezone(nuuk):%H:%M}" == "00:30"


@pytest.mark.parametrize(
    ("days", "named"),
    [
        # every day: the 30th, which was not, and the 31st are one session
        (DAILY, ["2011-12-29", "2011-12-31", "2012-01-01"]),
        # Fridays: the Friday that was not is held on the Saturday
        (_on(FRI), ["2011-12-30"]),
    ],
)
def test_what_a_skipped_day_moves_onto_the_next_is_held_once(days: Weekdays, named: list[str]) -> None:
    """Samoa went from 29 to 31 December 2011; nobody stands twice at one desk for it."""
    apia = ZoneInfo("Pacific/Apia")
    sessions = sessions_between(_shift(days), Holidays(), apia, date(2011, 12, 29), date(2012, 1, 1))
    assert [session.named.isoformat() for session in sessions] == named


def test_what_a_skipped_hour_moves_onto_the_next_span_is_held_once() -> None:
    """Two adjoining spans of which one falls into the gap are one session that day, not two at one time."""
    shift = _shift(_on(SUN), spans=[Span(time(2), time(3)), Span(time(3), time(4))])
    sessions = sessions_between(shift, Holidays(), BERLIN, date(2026, 3, 29), date(2026, 4, 5))
    assert [session.key for session in sessions] == [
        "sao-y@2026-03-29.2",
        "sao-y@2026-04-05",
        "sao-y@2026-04-05.2",
    ]


def test_a_start_that_moves_past_the_next_span_comes_after_it() -> None:
    """The order is that of the instants, even where a gap turns the order of the wall around."""
    shift = _shift(_on(SUN), spans=[Span(time(2, 30), time(3)), Span(time(3), time(4))])
    sessions = sessions_between(shift, Holidays(), BERLIN, date(2026, 3, 29), date(2026, 3, 29))
    assert [session.key for session in sessions] == ["sao-y@2026-03-29.2", "sao-y@2026-03-29"]


def test_sessions_come_in_the_order_of_their_starts() -> None:
    """A postponed session stands where it is held, though its key is older."""
    shift = _shift(_on(MON, TUE), MonthDay(4), on_holiday=OnHoliday.NEXT_WORKING_DAY)
    assert _held(_september(shift, "2026-08-31", "2026-09-08")) == "31>03 04 07 08"


def test_the_ends_of_the_calendar_are_no_error() -> None:
    """A window as wide as dates go is cut to what clocks can be set to, in zones on either side."""
    shift = _shift(MonthDay(31), start=date(9990, 12, 1), spans=[Span(time(22), time(2))])
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        sessions = sessions_between(shift, Holidays(), ZoneInfo(zone), date.min, date.max)
        assert [session.named for session in sessions] == [date(9990, 12, 31)]


def test_week_one_is_a_monday() -> None:
    """`every` counts weeks from Monday to Sunday."""
    assert WEEK_ONE.weekday() == MON


NEXT = OnHoliday.NEXT_WORKING_DAY
ONLY = OnHoliday.ONLY


@pytest.mark.parametrize(
    ("shift", "never"),
    [
        # runs on for ever
        (_shift(_on(TUE)), False),
        # the window is too short for the weekday, or just long enough
        (_shift(_on(TUE), start=date(2026, 8, 19), until=date(2026, 8, 24)), True),
        (_shift(_on(TUE), start=date(2026, 8, 19), until=date(2026, 8, 25)), False),
        # the window has no such day of the month, no fifth Friday
        (_shift(MonthDay(31), start=date(2026, 9, 1), until=date(2026, 9, 30)), True),
        (_shift(NthWeekday(5, FRI), start=date(2026, 8, 1), until=date(2026, 9, 30)), True),
        # every third week steps over the window
        (_shift(_on(MON), start=date(2026, 8, 18), until=date(2026, 9, 6), every=3), True),
        # all dates are holidays, closures or excepted
        (_shift(_on(MON, TUE, WED), start=date(2026, 8, 31), until=date(2026, 9, 2)), True),
        (_shift(_on(FRI), start=date(2026, 9, 11), until=date(2026, 9, 11), on_holiday=OnHoliday.KEEP), True),
        (
            _shift(_on(TUE), start=date(2026, 8, 25), until=date(2026, 8, 25), excepted=_dates("2026-08-25")),
            True,
        ),
        # ... but one is postponed, or added; unless it is taken out where it lands
        (_shift(_on(TUE), start=date(2026, 9, 1), until=date(2026, 9, 1), on_holiday=NEXT), False),
        (_shift(_on(TUE), start=date(2026, 9, 2), until=date(2026, 9, 2), also=_dates("2026-10-01")), False),
        (
            _shift(
                _on(TUE),
                start=date(2026, 9, 1),
                until=date(2026, 9, 1),
                on_holiday=NEXT,
                excepted=_dates("2026-09-03"),
            ),
            True,
        ),
        # the ward leaves it no date, or just one; nor a postponed or an added one beyond its end
        (_shift(_on(TUE), opens=date(2026, 8, 19), closes=date(2026, 8, 24)), True),
        (_shift(_on(TUE), opens=date(2026, 8, 19), closes=date(2026, 8, 25)), False),
        (_shift(_on(TUE), start=date(2026, 9, 3), closes=date(2026, 9, 2)), True),
        (_shift(_on(TUE), start=date(2026, 9, 1), closes=date(2026, 9, 2), on_holiday=NEXT), True),
        (_shift(_on(TUE), start=date(2026, 9, 3), closes=date(2026, 9, 2), also=_dates("2026-09-02")), False),
        (_shift(_on(TUE), start=date(2026, 9, 3), closes=date(2026, 9, 2), also=_dates("2026-09-03")), True),
        # added and taken out again is nothing
        (_shift(_on(), also=_dates("2026-10-01"), excepted=_dates("2026-10-01")), True),
        # the 60th week from August 2026 is the first that has a second Saturday
        (_shift(NthWeekday(2, SAT), start=date(2026, 8, 10), every=60), False),
        # "for ever" written as a date, for a rule that can happen and for one that cannot
        (_shift(_on(TUE), start=date.min, until=date.max), False),
        (_shift(_on(), start=date.min, until=date.max, on_holiday=NEXT), True),
        (_shift(_on(), start=date(2026, 1, 1), until=date.max), True),
        # no weekday at all
        (_shift(_on()), True),
        # a working day is never a holiday
        (_shift(Workdays(), on_holiday=ONLY), True),
        # only holidays: one that is known; none known, within the known calendar; none known, but after it
        (_shift(_on(WED), on_holiday=ONLY, until=date(2026, 12, 31)), False),
        (_shift(_on(WED), on_holiday=ONLY, start=date(2026, 9, 3), until=date(2026, 12, 31)), True),
        (_shift(_on(WED), on_holiday=ONLY, start=date(2026, 9, 3)), False),
        (_shift(_on(WED), on_holiday=ONLY, start=date(2026, 9, 3), until=date(2027, 1, 6)), False),
        (_shift(_on(WED), on_holiday=ONLY, start=date(2026, 9, 3), until=date(2027, 1, 5)), True),
    ],
)
def test_a_rule_that_can_never_happen_is_known(shift: Shift, never: bool) -> None:
    """Only what no date can ever satisfy is impossible; undecided calendars get the benefit of the doubt."""
    assert never_happens(shift.rule, SEPTEMBER) is never


def test_only_holidays_without_a_calendar_never_happens() -> None:
    """Where no country's holidays are known, closures are all the holidays there are."""
    shift = _shift(_on(WED), on_holiday=OnHoliday.ONLY)
    assert never_happens(shift.rule, Holidays())
    assert not never_happens(shift.rule, Holidays(closed={date(2026, 9, 9): Label.same("Sửa trụ sở")}))
