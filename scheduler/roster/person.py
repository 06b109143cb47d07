"""A person who serves: staff or volunteer."""

from dataclasses import dataclass
from enum import StrEnum

from scheduler.timetable.availability import Absence, Window
from scheduler.timetable.label import Label
from scheduler.timetable.shift import Role


class Per(StrEnum):
    """The time over which a limit counts; a week is Monday to Sunday by the date of the start."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many minutes of duty a week or a month."""

    minutes: int
    per: Per


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who serves; `phone` is E.164; no `windows` means any time; `ward` is the home ward's id.

    `not_with` are ids of people beside whom they may not stand, `prefers` ids of services they like best.
    """

    id: str
    name: str
    phone: str
    roles: frozenset[Role] = frozenset()
    salutation: Label | None = None
    language: str | None = None
    ward: str | None = None
    windows: tuple[Window, ...] = ()
    away: tuple[Absence, ...] = ()
    limits: tuple[Limit, ...] = ()
    not_with: tuple[str, ...] = ()
    prefers: tuple[str, ...] = ()
