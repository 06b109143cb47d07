"""Gathers what one person sees on their own page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from scheduler.reminders.wording import Scene
from scheduler.roster.assignment import HOLDING, Standing
from scheduler.roster.person import Person
from scheduler.service.office import Office
from scheduler.service.show_desk import DeskSession, show_desk
from scheduler.service.show_watch import Watch, show_watch
from scheduler.service.swap_shift import offers_to
from scheduler.store import absences, assignments, offers, sessions
from scheduler.timetable.shift import Role

# Who looks for their hours of the last season finds them; a calendar keeps what was.
LOOK_BACK = timedelta(days=90)
ASKED = (Standing.ASKED, Standing.SOUGHT, Standing.SILENT)


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """An offer of one's own shift: to a person by name, or to anyone."""

    id: int
    named: str | None


@dataclass(frozen=True, slots=True)
class OwnSeat:
    """One session as somebody who is or was wanted there sees it.

    `fellows` are the names of the others who come. `is_named` is staff of the settings: nobody else is looked
    for in their place; `giver` is the name of whom this seat was taken from.
    """

    session: int
    key: str
    starts: datetime
    ends: datetime
    scene: Scene
    role: Role
    standing: Standing
    is_on: bool
    revision: int
    changed_at: datetime
    is_named: bool = False
    is_free: bool = False
    fellows: tuple[str, ...] = ()
    offer: OwnOffer | None = None
    giver: str | None = None


@dataclass(frozen=True, slots=True)
class OfferedSeat:
    """A shift that a person may take; `giver` is told only to whom it is offered by name."""

    offer: int
    seat: OwnSeat
    giver: str | None


@dataclass(frozen=True, slots=True)
class OwnAbsence:
    """Dates on which the person is away; those of the settings have no `id` and stay."""

    id: int | None
    first: Any
    last: Any


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Everything that the page of `person` shows."""

    person: Person
    questions: tuple[OwnSeat, ...]
    shifts: tuple[OwnSeat, ...]
    declined: tuple[OwnSeat, ...]
    offered: tuple[OfferedSeat, ...]
    away: tuple[OwnAbsence, ...]
    watch: Watch
    desk: tuple[DeskSession, ...] = ()


def show_own_page(connection: Connection, office: Office, person: Person, now: datetime) -> OwnPage:
    """The page of one person, as things stand."""
    coming = [
        seat for seat in own_seats(connection, office, person.id, now) if seat.starts > now and seat.is_on
    ]
    return OwnPage(
        person,
        questions=tuple(seat for seat in coming if seat.standing in ASKED),
        shifts=tuple(seat for seat in coming if seat.standing is Standing.CONFIRMED),
        declined=tuple(seat for seat in coming if seat.standing is Standing.DECLINED),
        offered=tuple(_offered(connection, office, person, now)),
        away=tuple(_away(connection, office, person, now)),
        watch=show_watch(connection, office, person.id, now),
        desk=show_desk(connection, office, person.id, now),
    )


def own_seats(connection: Connection, office: Office, person: str, now: datetime) -> list[OwnSeat]:
    """All that a person is or was wanted for, from three months ago on, in order of start."""
    own = assignments.of_person(connection, person, now - LOOK_BACK)
    ids = {seat.session_id for seat in own}
    rows = {row.id: row for row in sessions.rows_by_id(connection, ids)}
    others = assignments.by_session(connection, ids)
    taken = offers.taken_by(connection, person, ids)
    return [
        _seat(connection, office, rows[seat.session_id], seat, others[seat.session_id], taken, now)
        for seat in own
    ]


def _seat(
    connection: Connection,
    office: Office,
    row: Row[Any],
    own: Row[Any],
    others: Sequence[Row[Any]],
    taken: Mapping[int, Row[Any]],
    now: datetime,
) -> OwnSeat:
    standing, is_to_come = Standing(own.state), row.starts > now and row.state != sessions.CANCELLED
    offer = offers.open_of(connection, row.id, own.person) if standing is Standing.CONFIRMED else None
    came_by = taken.get(row.id)
    return OwnSeat(
        session=row.id,
        key=row.key,
        starts=row.starts,
        ends=row.ends,
        scene=office.scene(row.service, row.place),
        role=Role(own.role),
        standing=standing,
        is_on=row.state != sessions.CANCELLED,
        revision=row.revision,
        changed_at=max(row.changed_at, own.changed_at),
        is_named=own.named,
        is_free=is_to_come and standing is Standing.DECLINED and _is_free(office, row, own.role, others),
        # Who has promised to come may know with whom.
        fellows=_fellows(office, own, others) if standing is Standing.CONFIRMED else (),
        offer=OwnOffer(offer.id, office.name_of(offer.named) if offer.named else None) if offer else None,
        giver=office.name_of(came_by.giver) if came_by and standing is Standing.CONFIRMED else None,
    )


def _is_free(office: Office, row: Row[Any], role: str, seats: Sequence[Row[Any]]) -> bool:
    """Whether somebody is still wanted in this role."""
    shift = office.desk.shifts.get(row.shift)
    wanted = sum(need.count for need in shift.needs if need.role == role) if shift else 0
    return bool(sum(seat.role == role and seat.state in HOLDING for seat in seats) < wanted)


def _fellows(office: Office, own: Row[Any], others: Sequence[Row[Any]]) -> tuple[str, ...]:
    return tuple(
        office.name_of(other.person)
        for other in others
        if other.person != own.person and other.state == Standing.CONFIRMED
    )


def _offered(connection: Connection, office: Office, person: Person, now: datetime) -> list[OfferedSeat]:
    found: list[OfferedSeat] = []
    for offer, row, seat in offers_to(connection, office, person, now):
        own = OwnSeat(
            session=row.id,
            key=row.key,
            starts=row.starts,
            ends=row.ends,
            scene=office.scene(row.service, row.place),
            role=Role(seat.role),
            standing=Standing(seat.state),
            is_on=True,
            revision=row.revision,
            changed_at=row.changed_at,
        )
        found.append(OfferedSeat(offer.id, own, office.name_of(offer.giver) if offer.named else None))
    return found


def _away(connection: Connection, office: Office, person: Person, now: datetime) -> list[OwnAbsence]:
    today = now.astimezone(office.zone).date()
    known = office.desk.people.get(person.id, person).away
    found = [OwnAbsence(None, one.first, one.last) for one in known if one.last >= today]
    found += [
        OwnAbsence(row.id, row.first, row.last) for row in absences.of_person(connection, person.id, today)
    ]
    return sorted(found, key=lambda one: (one.first, one.last))
