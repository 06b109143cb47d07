"""A case: all that is known of one session when its reminders are decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scheduler.roster.assignment import HOLDING, Standing
from scheduler.timetable.shift import Need, Role

OFF = "off"
RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's assignment.

    `since` is when it became known, anew for who was released and is back; `changed_at` when its standing
    last changed, None when it never did; `was` what it had been before the person was sent home.
    """

    person: str
    role: Role
    standing: Standing
    since: datetime
    changed_at: datetime | None = None
    was: Standing | None = None

    @property
    def is_sought(self) -> bool:
        """Whether the person is asked as a substitute, with others."""
        return self.standing is Standing.SOUGHT

    @property
    def is_held(self) -> bool:
        """Whether the person is expected."""
        return self.standing in HOLDING

    @property
    def is_unanswered(self) -> bool:
        """Whether the person is expected but has not said yes; staff are told, not asked."""
        return self.role is not Role.STAFF and self.standing in (
            Standing.PROPOSED,
            Standing.ASKED,
            Standing.SILENT,
        )


@dataclass(frozen=True, slots=True)
class Follower:
    """A resident's subscription that covers the session.

    `is_covered` is False once the session has left for another ward: who was told of it before hears what
    becomes of it, and is not reminded.
    """

    id: int
    phone: str
    language: str
    since: datetime
    is_covered: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """What a recipient was told last, and when; `was_notice` if it told a change."""

    about: str
    at: datetime
    was_notice: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A session with everyone who must hear of it.

    `session` is the row's own id, which survives a move. `known_at` is when the session became known,
    `changed_at` when its time, place or being held last changed; `revision` counts those changes.
    `told` is keyed by recipient. `by_desk` says that the desk decided last whether it is held, `called_off`
    that it called it off. `about` is what a text sent now would tell: instants and place, or that it is off.
    """

    session: int
    starts: datetime
    ends: datetime
    place: str
    is_on: bool
    known_at: datetime
    changed_at: datetime
    revision: int = 1
    needs: tuple[Need, ...] = ()
    seats: tuple[Seat, ...] = ()
    followers: tuple[Follower, ...] = ()
    coordinators: tuple[str, ...] = ()
    told: Mapping[str, Told] = field(default_factory=dict)
    by_desk: bool = False
    called_off: bool = False
    about: str = field(init=False)

    def __post_init__(self) -> None:
        # Once: each reminder of each seat tells it.
        about = about_held(self.starts, self.ends, self.place) if self.is_on else OFF
        object.__setattr__(self, "about", about)

    @property
    def missing(self) -> int:
        """How many seats nobody holds."""
        held: dict[Role, int] = {}
        for seat in self.seats:
            if seat.is_held:
                held[seat.role] = held.get(seat.role, 0) + 1
        return sum(max(0, need.count - held.get(need.role, 0)) for need in self.needs)

    @property
    def said_yes(self) -> int:
        """How many of those asked have said yes."""
        return sum(seat.standing is Standing.CONFIRMED for seat in self.seats if seat.role is not Role.STAFF)

    @property
    def said_no(self) -> int:
        """How many of those asked have said no."""
        return sum(seat.standing is Standing.DECLINED for seat in self.seats)

    @property
    def unanswered(self) -> int:
        """How many of those expected have not said yes."""
        return sum(seat.is_unanswered for seat in self.seats)


def about_held(starts: datetime, ends: datetime, place: str) -> str:
    """What a text tells of a session that is held."""
    return f"{starts.isoformat()} {ends.isoformat()} {place}"


def told_start(about: str) -> datetime | None:
    """The start that a text told, or None when it told that nothing is held."""
    return datetime.fromisoformat(about.split()[0]) if about not in (OFF, RELEASED, "") else None


def told_end(about: str) -> datetime | None:
    """The end that a text told, or None when it told that nothing is held."""
    return datetime.fromisoformat(about.split()[1]) if about not in (OFF, RELEASED, "") else None
