"""A time of day, from – to."""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Span:
    """Wall-clock times; an end at or before the start is on the next day."""

    start: time
    end: time

    @property
    def crosses_midnight(self) -> bool:
        """Whether the end belongs to the day after the start."""
        return self.end <= self.start

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"
