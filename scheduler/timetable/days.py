"""Which dates a rule names: weekdays, nth weekdays, days of the month, working days."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Every one of these weekdays; Monday is 0."""

    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The `nth` such weekday of each month, 1–5, or -1 for the last; Monday is 0."""

    nth: int
    weekday: int


@dataclass(frozen=True, slots=True)
class MonthDay:
    """This day of each month, 1–31; months without it are skipped."""

    day: int


@dataclass(frozen=True, slots=True)
class Workdays:
    """Every working day: Monday to Friday and swapped working Saturdays, without holidays."""


DayPattern = Weekdays | NthWeekday | MonthDay | Workdays
