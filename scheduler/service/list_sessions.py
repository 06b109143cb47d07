"""Lists sessions and the roster, as rows of plain values."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Row

from notifications import ledger
from notifications.numbers import spoiled_among
from scheduler.plan.changes import Occurrence
from scheduler.roster.assignment import HOLDING
from scheduler.service.office import Office
from scheduler.service.show_openings import opening_of
from scheduler.store import assignments, sessions
from scheduler.timetable.instant import to_utc
from scheduler.timetable.naming import places_named, services_named, wards_named
from scheduler.timetable.opening import Opening, as_json
from scheduler.timetable.place import Place, Service, Ward
from scheduler.timetable.recurrence import sessions_between

Named = TypeVar("Named", Ward, Place, Service)


class NoSuchName(LookupError):
    """A filter asks for a ward, place or service that nothing bears; its text is the name as asked."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody wants to see; names as typed, "" for any; dates are local and inclusive."""

    ward: str = ""
    service: str = ""
    place: str = ""
    first: date | None = None
    last: date | None = None
    state: str = ""

    def days(self, office: Office, now: datetime) -> tuple[date, date]:
        """The dates asked for: by default from today over ``plan_ahead``."""
        first = self.first or now.astimezone(office.zone).date()
        return first, self.last or first + office.settings.service.plan_ahead

    def instants(self, office: Office, now: datetime) -> tuple[datetime, datetime]:
        """The instants between which the asked dates lie."""
        first, last = self.days(office, now)
        midnight = datetime.min.time()
        after = min(last, date.max - timedelta(days=1)) + timedelta(days=1)
        return to_utc(first, midnight, office.zone), to_utc(after, midnight, office.zone)


def sessions_of_file(office: Office, filters: Filters, now: datetime, language: str) -> list[dict[str, Any]]:
    """What the settings say, stored or not."""
    first, last = filters.days(office, now)
    wanted = _places_and_services(office, filters)
    found = [
        Occurrence(session, shift.service, shift.place)
        for shift in office.desk.shifts.values()
        if shift.place in wanted[0] and shift.service in wanted[1]
        for session in sessions_between(shift, office.desk.holidays, office.zone, first, last)
    ]
    found.sort(key=lambda one: (one.session.starts, one.session.key))
    return [row for one in found if _has_state(row := _from_file(office, one, now, language), filters.state)]


def sessions_in_force(
    connection: Connection, office: Office, filters: Filters, now: datetime, language: str
) -> list[dict[str, Any]]:
    """What is stored, cancelled sessions too."""
    rows = _rows(connection, office, filters, now)
    seats = assignments.by_session(connection, [row.id for row in rows])
    listed = []
    for row in rows:
        shift = office.desk.shifts.get(row.shift)
        held = Counter(seat.role for seat in seats.get(row.id, []) if seat.state in HOLDING)
        needs = {str(need.role): need.count for need in shift.needs} if shift else {}
        one = _document(opening_of(office, row), needs, dict(held), office, now, language)
        if _has_state(one, filters.state):
            listed.append(one)
    return listed


def roster_in_force(
    connection: Connection, office: Office, filters: Filters, now: datetime
) -> list[dict[str, Any]]:
    """Who stands where; those who refused or were released are listed with that state."""
    rows = _rows(connection, office, filters, now)
    seats = assignments.by_session(connection, [row.id for row in rows])
    return [
        {"session": row.key, "role": seat.role, "person": seat.person, "state": seat.state}
        for row in rows
        for seat in seats.get(row.id, [])
        if not filters.state or seat.state == filters.state
    ]


def beyond_texts(connection: Connection, office: Office, now: datetime) -> frozenset[str]:
    """The people whom no text reaches: their number takes none, or they have refused duty texts."""
    numbers = {person.phone for person in office.desk.people.values()}
    spoiled = spoiled_among(connection, numbers, now)
    said = ledger.latest(connection, numbers)
    refused = {phone for (phone, purpose), one in said.items() if purpose == "duty" and not one.granted}
    return frozenset(person.id for person in office.desk.people.values() if person.phone in spoiled | refused)


def _rows(connection: Connection, office: Office, filters: Filters, now: datetime) -> list[Row[Any]]:
    begin, end = filters.instants(office, now)
    places, services = _places_and_services(office, filters)
    return [
        row
        for row in sessions.rows_between(connection, begin, end)
        if row.starts >= begin
        and (row.place in places or not (filters.place or filters.ward))
        and (row.service in services or not filters.service)
    ]


def _places_and_services(office: Office, filters: Filters) -> tuple[set[str], set[str]]:
    desk = office.desk
    wards: Iterable[Ward] = desk.wards.values()
    if filters.ward:
        wards = _found(wards_named(wards, filters.ward), filters.ward)
    in_wards = {ward.id for ward in wards}
    places: Iterable[Place] = desk.places.values()
    if filters.place:
        places = _found(places_named(places, filters.place), filters.place)
    services: Iterable[Service] = desk.services.values()
    if filters.service:
        services = _found(services_named(services, filters.service), filters.service)
    return {place.id for place in places if place.ward in in_wards}, {one.id for one in services}


def _found(named: Sequence[Named], asked: str) -> Sequence[Named]:
    if not named:
        raise NoSuchName(asked)
    return named


def _from_file(office: Office, one: Occurrence, now: datetime, language: str) -> dict[str, Any]:
    scene = office.scene(one.service, one.place)
    opening = Opening(
        key=one.session.key,
        service=scene.service,
        ward=scene.ward,
        place=scene.place,
        starts=one.session.starts,
        ends=one.session.ends,
    )
    shift = office.desk.shifts[one.session.shift]
    needs = {str(need.role): need.count for need in shift.needs}
    assigned = {"staff": len(shift.staff)} if shift.staff else {}
    return _document(opening, needs, assigned, office, now, language)


def _document(
    opening: Opening,
    needs: dict[str, int],
    assigned: dict[str, int],
    office: Office,
    now: datetime,
    language: str,
) -> dict[str, Any]:
    counts = {"needs": needs, "assigned": assigned}
    return {**as_json(opening, now, office.zone, language), **counts}


def _has_state(row: dict[str, Any], state: str) -> bool:
    return not state or row["state"] == state
