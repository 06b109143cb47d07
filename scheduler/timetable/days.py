"""Which dates a rule names: weekdays, nth weekdays, days of the month, working days."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.timetable.holidays import Holidays


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Every one of these weekdays; Monday is 0."""

    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The `nth` such weekday of each month, 1–5, or -1 for the last; Monday is 0."""

    nth: int
    weekday: int

    def in_month(self, year: int, month: int) -> date | None:
        """The date in that month; None where there is no fifth."""
        begins_on, length = monthrange(year, month)
        candidates = range(1 + (self.weekday - begins_on) % 7, length + 1, 7)
        index = self.nth if self.nth < 0 else self.nth - 1
        return date(year, month, candidates[index]) if index < len(candidates) else None


@dataclass(frozen=True, slots=True)
class MonthDay:
    """This day of each month, 1–31; months without it are skipped."""

    day: int

    def in_month(self, year: int, month: int) -> date | None:
        """The date in that month; None in a shorter one."""
        return date(year, month, self.day) if self.day <= monthrange(year, month)[1] else None


@dataclass(frozen=True, slots=True)
class Workdays:
    """Every working day: Monday to Friday and swapped working Saturdays, without holidays."""


DayPattern = Weekdays | NthWeekday | MonthDay | Workdays


def dates_named(patterns: Iterable[DayPattern], holidays: Holidays, first: date, last: date) -> set[date]:
    """The dates from `first` to `last`, both inclusive, that at least one of `patterns` names."""
    return {day for pattern in patterns for day in _dates_of(pattern, holidays, first, last)}


def _dates_of(pattern: DayPattern, holidays: Holidays, first: date, last: date) -> Iterator[date]:
    match pattern:
        case Weekdays(days):
            return _on_weekdays(days, first, last)
        case Workdays():
            return filter(holidays.is_workday, _on_weekdays(range(7), first, last))
        case NthWeekday() | MonthDay():
            return (day for day in _once_a_month(pattern, first, last) if first <= day <= last)


def _on_weekdays(weekdays: Iterable[int], first: date, last: date) -> Iterator[date]:
    for weekday in weekdays:
        earliest = first.toordinal() + (weekday - first.weekday()) % 7
        yield from map(date.fromordinal, range(earliest, last.toordinal() + 1, 7))


def _once_a_month(pattern: NthWeekday | MonthDay, first: date, last: date) -> Iterator[date]:
    for months in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        day = pattern.in_month(months // 12, months % 12 + 1)
        if day is not None:
            yield day
