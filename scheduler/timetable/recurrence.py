"""A shift's rule turned into dated sessions.

A rule *names* dates; on its holiday rule depends whether a named date is *held*, and on which date. Session
keys go by the named date, windows by the date on which a session really begins.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from operator import attrgetter
from zoneinfo import ZoneInfo

from scheduler.timetable.days import Workdays, dates_named
from scheduler.timetable.holidays import Holidays
from scheduler.timetable.instant import instants_of
from scheduler.timetable.session import Session
from scheduler.timetable.shift import OnHoliday, Rule, Shift
from scheduler.timetable.span import Span

WEEK_ONE = date(2024, 1, 1)
"""The Monday from which `every` counts weeks for a rule without a start."""

_DAY = timedelta(days=1)
# People write 9999-12-31 for "for ever"; time zones, night shifts and postponing need room beyond.
_EARLIEST, _LATEST = date(2, 1, 1), date(9990, 12, 31)


def sessions_between(
    shift: Shift, holidays: Holidays, zone: ZoneInfo, first: date, last: date
) -> tuple[Session, ...]:
    """All sessions of `shift` that begin on a local date from `first` to `last`, both inclusive.

    They come in the order of their starts. Spans of a day are numbered by their start. Two occurrences that
    come to lie on exactly the same instants are held once, under the later of their keys: a clock change
    that skips a time, or a whole day, moves what was there onto what comes next.
    """
    first, last = max(first, _EARLIEST), min(last, _LATEST)
    held = _held_dates(shift.rule, holidays, first - _DAY, last)
    spans = sorted(shift.rule.spans, key=attrgetter("start", "end"))
    sessions = [
        session
        for day in sorted(held)
        for session in _sessions_on(day, shift.id, held[day], spans, zone)
        # A gap at the end of a day moves a start into the next: only the edges of the window can err.
        if first < day < last or first <= session.starts.astimezone(zone).date() <= last
    ]
    return _held_once(sessions)


def never_happens(rule: Rule, holidays: Holidays) -> bool:
    """Whether `rule` can hold no session on any date, past or future.

    A rule for holidays only gets the benefit of the doubt for dates after `holidays.known_until`.
    """
    opens, closes = rule.opens or _EARLIEST, rule.closes or _LATEST
    if any(opens <= day <= closes for day in rule.also - rule.excepted):
        return False
    first, last = max(rule.first or _EARLIEST, _EARLIEST), min(rule.last or _LATEST, _LATEST)
    if rule.on_holiday is OnHoliday.ONLY:
        return not _may_meet_a_holiday(rule, holidays, first, last)
    # Postponed sessions may be held after `until`, at the latest on the first working day that follows.
    return not _holds_any(rule, holidays, first, holidays.workday_after(last))


def _sessions_on(day: date, shift: str, named: date, spans: list[Span], zone: ZoneInfo) -> Iterator[Session]:
    for number, span in enumerate(spans, start=1):
        starts, ends = instants_of(span, day, zone)
        yield Session(starts, ends, shift, named, number)


def _held_once(sessions: list[Session]) -> tuple[Session, ...]:
    sessions.sort(key=attrgetter("starts", "ends"))
    kept = [
        earlier
        for earlier, later in pairwise(sessions)
        if earlier.starts != later.starts or earlier.ends != later.ends
    ]
    return (*kept, *sessions[-1:])


def _held_dates(rule: Rule, holidays: Holidays, first: date, last: date) -> dict[date, date]:
    """The dates from `first` to `last` on which sessions are held, each with the date that the rule named."""
    first, last = max(first, rule.opens or first), min(last, rule.closes or last)
    named = _named_dates(rule, holidays, first, last)
    held = {day: day for day in named if _runs_on(day, rule.on_holiday, holidays)}
    held |= {day: day for day in rule.also - rule.excepted if first <= day <= last}
    if rule.on_holiday is OnHoliday.NEXT_WORKING_DAY:
        for day, postponed in _postponed(rule, holidays, first, last):
            held.setdefault(day, postponed)
    return held


def _named_dates(rule: Rule, holidays: Holidays, first: date, last: date) -> set[date]:
    first = max(first, rule.first or first)
    last = min(last, rule.last or last)
    named = dates_named(rule.days, holidays, first, last) - rule.excepted
    if rule.every == 1:
        return named
    week_one = _week_of(rule.start or WEEK_ONE)
    return {day for day in named if (_week_of(day) - week_one) % rule.every == 0}


def _week_of(day: date) -> int:
    """Weeks from Monday to Sunday, counted from year 1, which began on a Monday."""
    return (day.toordinal() - 1) // 7


def _runs_on(day: date, on_holiday: OnHoliday, holidays: Holidays) -> bool:
    """Whether a session named for `day` is held on that very day."""
    if on_holiday is OnHoliday.KEEP:
        return day not in holidays.closed
    return holidays.is_holiday(day) == (on_holiday is OnHoliday.ONLY)


def _postponed(rule: Rule, holidays: Holidays, first: date, last: date) -> Iterator[tuple[date, date]]:
    """What holidays push onto a working day from `first` to `last`: (held, named), the earliest named first.

    Nothing is pushed onto an excepted date. A date in `also` is held on its own day, so it is not pushed.
    """
    since = holidays.workday_before(first)  # what was named before this day was held by this day
    for named in sorted(_named_dates(rule, holidays, since, last) - rule.also):
        if holidays.is_holiday(named):
            held = holidays.workday_after(named)
            if held <= last and held not in rule.excepted:
                yield held, named


def _holds_any(rule: Rule, holidays: Holidays, first: date, last: date) -> bool:
    """Whether anything is held from `first` to `last`; a year at a time, as most answer at once."""
    year = timedelta(days=366)
    while first <= last:
        if _held_dates(rule, holidays, first, min(first + year, last)):
            return True
        first += year
    return False


def _may_meet_a_holiday(rule: Rule, holidays: Holidays, first: date, last: date) -> bool:
    known = [day for day in (*holidays.public, *holidays.closed) if first <= day <= last]
    if known and _holds_any(rule, holidays, min(known), max(known)):
        return True
    if holidays.known_until is None:
        return False
    # What the government has not yet decided may be a holiday on any date, but never a working day.
    days = tuple(pattern for pattern in rule.days if not isinstance(pattern, Workdays))
    undecided = replace(rule, days=days, on_holiday=OnHoliday.SKIP)
    return _holds_any(undecided, Holidays(), max(first, holidays.known_until + _DAY), last)
