"""When a person can come."""

from dataclasses import dataclass
from datetime import date

from scheduler.timetable.span import Span


@dataclass(frozen=True, slots=True)
class Window:
    """A weekly time at which a person can come; no `span` means the whole day; Monday is 0."""

    weekdays: frozenset[int]
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Dates on which a person is away, both inclusive."""

    first: date
    last: date
