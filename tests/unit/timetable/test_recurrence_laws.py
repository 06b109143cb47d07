"""What holds for every rule, in every zone: laws, and a slow but plain second reading of the contract."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.timetable.days import DayPattern, MonthDay, NthWeekday, Weekdays, Workdays
from scheduler.timetable.holidays import Holidays
from scheduler.timetable.recurrence import WEEK_ONE, never_happens, sessions_between
from scheduler.timetable.session import Session
from scheduler.timetable.shift import OnHoliday, Rule, Shift
from scheduler.timetable.span import Span

DAY = timedelta(days=1)
SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
AWKWARD = [
    "Africa/Cairo",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Ho_Chi_Minh",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/London",
    "Pacific/Apia",
]

weekdays = st.integers(0, 6)
patterns = st.one_of(
    st.builds(Weekdays, st.frozensets(weekdays, min_size=1)),
    st.builds(NthWeekday, st.sampled_from([-1, 1, 2, 3, 4, 5]), weekdays),
    st.builds(MonthDay, st.integers(1, 31)),
    st.just(Workdays()),
)
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 10, 30, 45]))
spans = st.lists(st.builds(Span, times, times), min_size=1, max_size=3, unique_by=lambda span: span.start)
in_2026 = st.dates(date(2025, 12, 1), date(2027, 1, 31))
names = st.just("lễ")
calendars = st.builds(
    Holidays,
    public=st.dictionaries(in_2026, names, max_size=40),
    closed=st.dictionaries(in_2026, names, max_size=20),
    worked=st.frozensets(in_2026, max_size=20),
)
rules = st.builds(
    Rule,
    days=st.lists(patterns, min_size=1, max_size=3).map(tuple),
    spans=spans.map(tuple),
    start=st.none() | in_2026,
    until=st.none() | in_2026,
    every=st.integers(1, 4),
    on_holiday=st.sampled_from(OnHoliday),
    also=st.frozensets(in_2026, max_size=4),
    excepted=st.frozensets(in_2026, max_size=8),
    opens=st.none() | in_2026,
    closes=st.none() | in_2026,
)
shifts = rules.map(lambda rule: Shift("ca", "sao-y", "ubnd", rule))
windows = st.tuples(in_2026, st.integers(0, 120)).map(lambda begins: (begins[0], begins[0] + begins[1] * DAY))


def _names(pattern: DayPattern, day: date, holidays: Holidays) -> bool:
    """Whether a pattern names a date, asked of the date alone."""
    match pattern:
        case Weekdays(days):
            return day.weekday() in days
        case NthWeekday(-1, weekday):
            return day.weekday() == weekday and (day + 7 * DAY).month != day.month
        case NthWeekday(nth, weekday):
            return day.weekday() == weekday and 7 * (nth - 1) < day.day <= 7 * nth
        case MonthDay(number):
            return day.day == number
        case Workdays():
            return _works(day, holidays)


def _works(day: date, holidays: Holidays) -> bool:
    if day in holidays.public or day in holidays.closed:
        return False
    return day in holidays.worked or day.isoweekday() <= 5


def _rule_names(rule: Rule, day: date, holidays: Holidays) -> bool:
    """Whether the rule names a date, before holidays are thought of."""
    anchor = rule.start or WEEK_ONE
    weeks = ((day - day.weekday() * DAY) - (anchor - anchor.weekday() * DAY)).days // 7
    return (
        (rule.start is None or day >= rule.start)
        and (rule.until is None or day <= rule.until)
        and (rule.opens is None or day >= rule.opens)
        and weeks % rule.every == 0
        and day not in rule.excepted
        and any(_names(pattern, day, holidays) for pattern in rule.days)
    )


def _day_held(rule: Rule, day: date, holidays: Holidays) -> date | None:
    """The date on which the session named for a date is held, by the contract read aloud."""
    if day in rule.also and day not in rule.excepted:
        return day
    if not _rule_names(rule, day, holidays):
        return None
    holiday = day in holidays.public or day in holidays.closed
    match rule.on_holiday:
        case OnHoliday.SKIP:
            return None if holiday else day
        case OnHoliday.KEEP:
            return None if day in holidays.closed else day
        case OnHoliday.ONLY:
            return day if holiday else None
        case OnHoliday.NEXT_WORKING_DAY:
            while holiday and not _works(day, holidays):
                day += DAY
            return None if day in rule.excepted else day


def _read_aloud(rule: Rule, holidays: Holidays, first: date, last: date) -> dict[date, date]:
    """Held date → named date, by asking every date from long before the window until its end."""
    held: dict[date, date] = {}
    for named in (first + number * DAY for number in range(-60, (last - first).days + 1)):
        day = _day_held(rule, named, holidays)
        if day is not None and not (rule.opens or day) <= day <= (rule.closes or day):
            continue
        if day is not None and first <= day <= last and (day == named or day not in held):
            held[day] = named
    return held


@settings(max_examples=300, deadline=None)
@given(shifts, calendars, windows)
def test_sessions_are_those_of_the_contract_read_aloud(
    shift: Shift, holidays: Holidays, window: tuple[date, date]
) -> None:
    """Asking every date by itself gives the same sessions; Saigon's instants are the wall less 7 hours."""
    expected = {
        Session(starts, starts + span.length, shift.id, named, number)
        for day, named in _read_aloud(shift.rule, holidays, *window).items()
        for number, span in enumerate(sorted(shift.rule.spans, key=lambda span: span.start), start=1)
        for starts in [datetime.combine(day, span.start, UTC) - timedelta(hours=7)]
    }
    sessions = sessions_between(shift, holidays, SAIGON, *window)
    assert set(sessions) == expected
    assert len(sessions) == len(expected)


def _around_a_change(zone: ZoneInfo, window: tuple[date, date]) -> tuple[date, date]:
    """The window, or as long a one over the day that Samoa left out."""
    return (
        (date(2011, 12, 27), date(2011, 12, 27) + (window[1] - window[0])) if "Apia" in str(zone) else window
    )


zoned = st.sampled_from(AWKWARD).map(ZoneInfo)


@settings(max_examples=150, deadline=None)
@given(shifts, calendars, zoned, windows)
def test_sessions_of_a_shift_are_distinct_and_in_order(
    shift: Shift, holidays: Holidays, zone: ZoneInfo, window: tuple[date, date]
) -> None:
    """Instants increase strictly, keys are unique, each session has a length and a date in the window."""
    first, last = _around_a_change(zone, window)
    sessions = sessions_between(shift, holidays, zone, first, last)
    times = [(session.starts, session.ends) for session in sessions]
    assert all(earlier < later for earlier, later in pairwise(times))
    assert len({session.key for session in sessions}) == len(sessions)
    assert all(session.starts < session.ends for session in sessions)
    assert all(first <= session.starts.astimezone(zone).date() <= last for session in sessions)


@settings(max_examples=150, deadline=None)
@given(shifts, calendars, zoned, windows, st.integers(0, 120))
def test_a_window_cut_in_two_holds_the_same_sessions(
    shift: Shift, holidays: Holidays, zone: ZoneInfo, window: tuple[date, date], days: int
) -> None:
    """Nothing is lost and nothing doubled at the seam, wherever it is cut."""
    first, last = _around_a_change(zone, window)
    cut = min(first + days * DAY, last)
    before = sessions_between(shift, holidays, zone, first, cut)
    after = sessions_between(shift, holidays, zone, cut + DAY, last)
    assert before + after == sessions_between(shift, holidays, zone, first, last)


@settings(max_examples=150, deadline=None)
@given(shifts, calendars, zoned, windows)
def test_a_session_starts_when_the_wall_says_unless_the_wall_never_does(
    shift: Shift, holidays: Holidays, zone: ZoneInfo, window: tuple[date, date]
) -> None:
    """Back on the wall, a start is its span's start; else that time did not exist and it moved by the gap."""
    starts = {
        number: span.start for number, span in enumerate(sorted(shift.rule.spans, key=lambda s: s.start), 1)
    }
    for session in sessions_between(shift, holidays, zone, *_around_a_change(zone, window)):
        shown = session.starts.astimezone(zone)
        if shown.time() == starts[session.number]:
            assert shown.fold == 0
        else:
            # Just after a gap the offset is larger than it was a day before, by as much as the start moved.
            before = (session.starts - DAY).astimezone(zone)
            gap = (shown.utcoffset() or DAY) - (before.utcoffset() or DAY)
            assert gap > timedelta(0)
            assert (shown - gap).time() == starts[session.number]


@settings(max_examples=100, deadline=None)
@given(shifts, calendars, windows)
def test_a_rule_that_holds_something_is_not_called_impossible(
    shift: Shift, holidays: Holidays, window: tuple[date, date]
) -> None:
    """Settings are refused for a shift that can never happen, so one that happens must not be called so."""
    if sessions_between(shift, holidays, SAIGON, *window):
        assert not never_happens(shift.rule, holidays)


@settings(max_examples=100, deadline=None)
@given(shifts, calendars)
def test_a_rule_called_impossible_holds_nothing(shift: Shift, holidays: Holidays) -> None:
    """What is called impossible is empty over many years."""
    if never_happens(shift.rule, holidays):
        assert sessions_between(shift, holidays, SAIGON, date(2020, 1, 1), date(2035, 12, 31)) == ()
