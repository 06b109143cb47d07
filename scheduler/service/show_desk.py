"""Gathers the sessions of which somebody may say how they stand: those they hold today, or coordinate."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from scheduler.reminders.wording import Scene
from scheduler.roster.assignment import HOLDING, Standing
from scheduler.service.office import Office
from scheduler.service.show_openings import opening_of
from scheduler.service.show_watch import AHEAD, coordinated_places
from scheduler.store import assignments, call_offs, sessions
from scheduler.timetable.instant import to_utc
from scheduler.timetable.opening import State
from scheduler.timetable.shift import Role

# A counter that opens at midnight is made ready the evening before.
BEFORE = timedelta(hours=2)
AT_THE_COUNTER = (Role.STAFF, Role.LEADER)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks to call a session off, by name, and why."""

    name: str
    reason: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class DeskSession:
    """A session with what the desk said of it last; `decides` says that it is this person's to call off."""

    session: int
    starts: datetime
    ends: datetime
    scene: Scene
    state: State
    places_left: int | None
    confirmed_at: datetime | None
    reason: str
    decides: bool
    asked: Asked | None = None


def show_desk(connection: Connection, office: Office, person: str, now: datetime) -> tuple[DeskSession, ...]:
    """Today's sessions of this person, and those of their wards of which something is to be settled."""
    coordinated = coordinated_places(office, person)
    tomorrow = now.astimezone(office.zone).date() + timedelta(days=1)
    evening = to_utc(tomorrow, time(), office.zone) + BEFORE
    rows = sessions.rows_between(connection, now, max(evening, now + AHEAD if coordinated else evening))
    ids = [row.id for row in rows]
    seats, requests = assignments.by_session(connection, ids), call_offs.open_of(connection, ids)
    return tuple(
        _shown(office, row, person, row.place in coordinated, requests.get(row.id), now)
        for row in rows
        if (row.place in coordinated and (row.id in requests or row.called_off))
        or (row.starts < evening and may_speak(row, seats.get(row.id, []), person, coordinated))
    )


def may_speak(
    session: Row[Any], seats: Collection[Row[Any]], person: str, coordinated: Collection[str]
) -> bool:
    """Whether somebody may say how a session stands: staff or leader there, or coordinator of its ward."""
    is_off_by_plan = session.state == sessions.CANCELLED and not session.called_off
    return not is_off_by_plan and (
        session.place in coordinated
        or any(
            seat.person == person
            and seat.role in AT_THE_COUNTER
            and seat.state in (*HOLDING, Standing.SERVED)
            for seat in seats
        )
    )


def _shown(
    office: Office, row: Row[Any], person: str, decides: bool, request: Row[Any] | None, now: datetime
) -> DeskSession:
    opening = opening_of(office, row)
    asked = None
    if request:
        asked = Asked(office.name_of(request.person), request.reason, request.person == person)
    return DeskSession(
        session=row.id,
        starts=row.starts,
        ends=row.ends,
        scene=office.scene(row.service, row.place),
        state=opening.state_at(now),
        places_left=row.places_left,
        confirmed_at=row.confirmed_at,
        reason=row.reason,
        decides=decides,
        asked=asked,
    )
