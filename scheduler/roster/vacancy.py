"""What a session still wants, what a person already holds, and who was chosen."""

from dataclasses import dataclass, field
from datetime import datetime

from scheduler.timetable.shift import Role


@dataclass(frozen=True, slots=True)
class Vacancy:
    """`count` people of one role wanted at a session; `barred` hold, refused or left it already.

    `ward`, `place` and `service` are the session's, as ids.
    """

    session: int
    role: Role
    count: int
    starts: datetime
    ends: datetime
    ward: str
    barred: frozenset[str] = field(default_factory=frozenset)
    place: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """Time that a person already gives, at which session and place; 0 and "" where that is not known."""

    person: str
    starts: datetime
    ends: datetime
    session: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A person proposed for a role at a session."""

    session: int
    role: Role
    person: str
