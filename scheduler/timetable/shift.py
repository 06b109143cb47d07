"""A shift: the repeating rule that an administrator writes."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scheduler.timetable.days import DayPattern
from scheduler.timetable.span import Span


class Role(StrEnum):
    """What a session needs a person for."""

    STAFF = "staff"
    VOLUNTEER = "volunteer"
    LEADER = "leader"


class OnHoliday(StrEnum):
    """What becomes of an occurrence that falls on a holiday."""

    SKIP = "skip"
    KEEP = "keep"
    NEXT_WORKING_DAY = "next_working_day"
    ONLY = "only"


@dataclass(frozen=True, slots=True)
class Rule:
    """When a shift is held. Dates are local and inclusive; `every` counts weeks from the week of `start`.

    `opens` and `closes` are the first and the last date of the ward: nothing at all is held beyond them,
    neither an extra date nor what a holiday postpones.
    """

    days: tuple[DayPattern, ...]
    spans: tuple[Span, ...]
    start: date | None = None
    until: date | None = None
    every: int = 1
    on_holiday: OnHoliday = OnHoliday.SKIP
    also: frozenset[date] = frozenset()
    excepted: frozenset[date] = frozenset()
    opens: date | None = None
    closes: date | None = None

    @property
    def first(self) -> date | None:
        """The first date that it may name, by its own word and by the ward's."""
        return max(filter(None, (self.start, self.opens)), default=None)

    @property
    def last(self) -> date | None:
        """The last date that it may name, by its own word and by the ward's."""
        return min(filter(None, (self.until, self.closes)), default=None)


@dataclass(frozen=True, slots=True)
class Need:
    """How many people of one role a session wants."""

    role: Role
    count: int


@dataclass(frozen=True, slots=True)
class Deputy:
    """`stand_in` serves instead of `absent` from `first` to `last`, both inclusive; both are person ids."""

    absent: str
    stand_in: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Shift:
    """A repeating duty; `service`, `place` and `staff` are ids."""

    id: str
    service: str
    place: str
    rule: Rule
    needs: tuple[Need, ...] = ()
    staff: tuple[str, ...] = ()
    deputies: tuple[Deputy, ...] = ()
    capacity: int | None = None
