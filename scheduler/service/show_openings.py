"""Makes the board: what residents see, as it is in force."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from scheduler.service.office import Office
from scheduler.settings.rehearsal import rehearsal_of
from scheduler.store import in_force, sessions
from scheduler.timetable.opening import Board, Opening, State

# The page shows what has ended today, and answers about the past week.
LOOK_BACK = timedelta(days=7)
AHEAD = timedelta(days=400)


def show_openings(connection: Connection, office: Office, now: datetime) -> Board:
    """All public sessions in force, from a week ago on."""
    rows = sessions.rows_between(connection, now - LOOK_BACK, now + AHEAD)
    desk = office.desk
    rehearsal = rehearsal_of(office.settings)
    return Board(
        openings=tuple(found for row in rows if (found := opening_of(office, row)).service.public),
        wards=tuple(desk.wards.values()),
        services=tuple(service for service in desk.services.values() if service.public),
        places=tuple(desk.places.values()),
        zone=office.zone,
        service_name=office.settings.service.name,
        hotline=office.settings.service.hotline,
        languages=office.settings.service.languages,
        known_until=desk.holidays.known_until,
        planned_until=_planned_until(connection, office),
        holidays=desk.holidays,
        public_url=office.settings.service.public_url,
        rehearsal=rehearsal.to_residents() if rehearsal else None,
    )


def _planned_until(connection: Connection, office: Office) -> date | None:
    planned_on = in_force.planned_on(connection)
    return planned_on and planned_on + office.settings.service.plan_ahead


def opening_of(office: Office, row: Row[Any]) -> Opening:
    """A stored session as residents would see it."""
    scene = office.scene(row.service, row.place)
    return Opening(
        key=row.key,
        service=scene.service,
        ward=scene.ward,
        place=scene.place,
        starts=row.starts,
        ends=row.ends,
        number=row.id,
        revision=row.revision,
        changed_at=row.changed_at,
        state=State(row.state if row.state == sessions.CANCELLED else row.live or row.state),
        confirmed_at=row.confirmed_at,
        places_left=row.places_left,
        reason=row.reason or None,
        moved_from=row.moved_from,
    )
