"""Gathers from the store what is known of sessions when their reminders are decided."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from notifications import outbox
from scheduler.reminders.case import Case, Follower, Seat, Told
from scheduler.reminders.reminder import NOTICES
from scheduler.reminders.wording import scope_of
from scheduler.roster.assignment import Standing
from scheduler.service.office import Office
from scheduler.store import assignments, sessions, subscriptions
from scheduler.timetable.shift import Role


@dataclass(frozen=True, slots=True)
class Gathered:
    """A case with the ids that its texts name."""

    case: Case
    shift: str
    service: str
    place: str


def gather_cases(connection: Connection, office: Office, ids: Collection[int]) -> list[Gathered]:
    """The cases of these sessions, in order of start."""
    rows = sessions.rows_by_id(connection, ids)
    seats = assignments.by_session(connection, [row.id for row in rows])
    told = _told_by_scope(connection, [scope_of(row.id) for row in rows])
    followers = _followers(connection)
    return [
        _gather(office, row, seats.get(row.id, []), told.get(scope_of(row.id), {}), followers) for row in rows
    ]


def _gather(
    office: Office,
    row: Row[Any],
    seats: list[Row[Any]],
    told: Mapping[str, Told],
    followers: Mapping[tuple[str, str], list[Follower]],
) -> Gathered:
    shift = office.desk.shifts.get(row.shift)
    ward = office.scene(row.service, row.place).ward
    case = Case(
        session=row.id,
        starts=row.starts,
        ends=row.ends,
        place=row.place,
        is_on=row.state != sessions.CANCELLED,
        known_at=row.known_at,
        changed_at=row.changed_at,
        revision=row.revision,
        needs=shift.needs if shift else (),
        seats=tuple(
            Seat(seat.person, Role(seat.role), Standing(seat.state), seat.since, seat.changed_at)
            for seat in seats
        ),
        followers=tuple(followers.get((row.service, ward.id), ())),
        coordinators=ward.coordinators,
        told=told,
    )
    return Gathered(case, row.shift, row.service, row.place)


def _followers(connection: Connection) -> dict[tuple[str, str], list[Follower]]:
    found: dict[tuple[str, str], list[Follower]] = defaultdict(list)
    for row in subscriptions.open_ones(connection):
        follower = Follower(row.id, row.phone, row.language, row.since)
        found[row.service, row.ward].append(follower)
    return found


def _told_by_scope(connection: Connection, scopes: list[str]) -> dict[str, dict[str, Told]]:
    told: dict[str, dict[str, Told]] = defaultdict(dict)
    for row in outbox.last_told(connection, scopes):
        if row.about:
            told[row.scope][row.recipient] = Told(row.about, row.told_at, row.kind in NOTICES)
    return told
