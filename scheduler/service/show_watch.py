"""Gathers what coordinators and leaders see besides their own shifts: who answered what, and who came."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from scheduler.reminders.wording import Scene
from scheduler.roster.assignment import HOLDING, Standing
from scheduler.service.office import Office
from scheduler.store import assignments, sessions
from scheduler.timetable.shift import Role

AHEAD = timedelta(days=14)
# So long after a session who came may be written down, and put right.
MARKABLE = timedelta(days=14)
UNANSWERED = (Standing.ASKED, Standing.SOUGHT, Standing.SILENT)
WATCHED = (Standing.PROPOSED, *UNANSWERED, Standing.CONFIRMED, Standing.DECLINED)
MARKED = (Standing.CONFIRMED, Standing.SERVED, Standing.ABSENT)
# Who never answered may have come all the same.
MARKABLE_AS = (*MARKED, *UNANSWERED)


@dataclass(frozen=True, slots=True)
class WatchedSeat:
    """One person at a watched session."""

    person: str
    name: str
    role: Role
    standing: Standing
    is_named: bool


@dataclass(frozen=True, slots=True)
class WatchedSession:
    """A session with everyone who is or was wanted there; `missing` seats nobody holds."""

    session: int
    starts: datetime
    ends: datetime
    scene: Scene
    seats: tuple[WatchedSeat, ...]
    missing: int

    @property
    def yes(self) -> int:
        """How many have said yes."""
        return sum(seat.standing is Standing.CONFIRMED for seat in self.seats)

    @property
    def no(self) -> int:
        """How many have said no."""
        return sum(seat.standing is Standing.DECLINED for seat in self.seats)

    @property
    def silent(self) -> int:
        """How many were asked and have not answered."""
        return sum(seat.standing in UNANSWERED for seat in self.seats)

    @property
    def unasked(self) -> int:
        """How many will be asked."""
        return sum(seat.standing is Standing.PROPOSED for seat in self.seats)


@dataclass(frozen=True, slots=True)
class Watch:
    """The coming sessions of the wards that somebody coordinates, and those at which they mark who came."""

    coming: tuple[WatchedSession, ...] = ()
    held: tuple[WatchedSession, ...] = ()


def show_watch(connection: Connection, office: Office, person: str, now: datetime) -> Watch:
    """What this person watches; nothing for who neither coordinates nor leads."""
    places = coordinated_places(office, person)
    rows = sessions.rows_between(connection, now - MARKABLE, now + AHEAD)
    kept = [row for row in rows if row.state != sessions.CANCELLED]
    seats = assignments.by_session(connection, [row.id for row in kept])
    coming = [row for row in kept if row.place in places and row.starts > now]
    held = [
        row
        for row in kept
        if row.starts <= now and (row.place in places or leads(seats.get(row.id, []), person))
    ]
    return Watch(
        tuple(_watched(office, row, seats.get(row.id, []), WATCHED) for row in coming),
        tuple(_watched(office, row, seats.get(row.id, []), MARKABLE_AS) for row in reversed(held)),
    )


def coordinated_places(office: Office, person: str) -> frozenset[str]:
    """The places of the wards that this person coordinates."""
    return frozenset(
        place.id
        for place in office.desk.places.values()
        if place.ward in office.desk.wards and person in office.desk.wards[place.ward].coordinators
    )


def leads(seats: Collection[Row[Any]], person: str) -> bool:
    """Whether this person leads, or led, the session with these seats."""
    return any(seat.person == person and seat.role == Role.LEADER and seat.state in MARKED for seat in seats)


def _watched(
    office: Office, row: Row[Any], seats: Collection[Row[Any]], standings: Collection[Standing]
) -> WatchedSession:
    shift = office.desk.shifts.get(row.shift)
    held = [seat.role for seat in seats if seat.state in HOLDING]
    return WatchedSession(
        session=row.id,
        starts=row.starts,
        ends=row.ends,
        scene=office.scene(row.service, row.place),
        seats=tuple(_seat(office, seat) for seat in seats if seat.state in standings),
        missing=sum(max(0, need.count - held.count(need.role)) for need in (shift.needs if shift else ())),
    )


def _seat(office: Office, seat: Row[Any]) -> WatchedSeat:
    return WatchedSeat(
        seat.person, office.name_of(seat.person), Role(seat.role), Standing(seat.state), seat.named
    )
