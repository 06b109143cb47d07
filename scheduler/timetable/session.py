"""A session: one dated occurrence of a shift."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Session:
    """When one occurrence is held.

    `named` is the local date that the rule named (a postponed session is held later); `number` counts the
    spans of that day from 1. `starts` and `ends` are aware and in UTC.
    """

    starts: datetime
    ends: datetime
    shift: str
    named: date
    number: int = 1

    @property
    def key(self) -> str:
        """``SHIFT@YYYY-MM-DD``, with ``.2``, ``.3`` for later spans of the day."""
        later = f".{self.number}" if self.number > 1 else ""
        return f"{self.shift}@{self.named.isoformat()}{later}"

    @property
    def week(self) -> date:
        """The Monday of the Monday–Sunday week of the named date."""
        return self.named - timedelta(days=self.named.weekday())
