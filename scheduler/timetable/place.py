"""Wards, places and services, as the settings name them."""

from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.timetable.label import Label


@dataclass(frozen=True, slots=True)
class Ward:
    """A *phường*; `formerly` are the names that people still use, `coordinators` are person ids.

    It is a ward from `start` to `until`, both inclusive: wards merge and split on a date.
    """

    id: str
    name: Label
    formerly: tuple[str, ...] = ()
    coordinators: tuple[str, ...] = ()
    sender: str | None = None
    start: date | None = None
    until: date | None = None

    def exists_between(self, first: date, last: date) -> bool:
        """Whether it is a ward on any date from `first` to `last`, both inclusive."""
        return (self.start is None or self.start <= last) and (self.until is None or first <= self.until)


@dataclass(frozen=True, slots=True)
class Place:
    """Where sessions are held; `ward` is an id, `map` latitude and longitude in degrees."""

    id: str
    ward: str
    name: Label
    kind: str = "other"
    address: str = ""
    map: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of duty, and what residents should know of it; `last_entry` is the time before the end."""

    id: str
    name: Label
    short: Label
    after_hours: bool = False
    public: bool = True
    bring: Label | None = None
    last_entry: timedelta | None = None
    fee: Label | None = None
    result: Label | None = None
