"""A time of day, from – to."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Wall-clock times; an end at or before the start is on the next day."""

    start: time
    end: time

    @property
    def crosses_midnight(self) -> bool:
        """Whether the end belongs to the day after the start."""
        return self.end <= self.start

    @property
    def length(self) -> timedelta:
        """How long it is on a day without a clock change; more than nothing, at most 24 hours."""
        apart = datetime.combine(date.min, self.end) - datetime.combine(date.min, self.start)
        return apart % _DAY or _DAY

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"
