"""Which shifts and people an edit concerns: everybody else's seats and texts need not be looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scheduler.plan.desk import Desk


@dataclass(frozen=True, slots=True)
class Affected:
    """Ids of shifts whose seats or texts may change, and of people who changed, came or went."""

    shifts: frozenset[str]
    people: frozenset[str]


def affected_by(old: Desk, new: Desk) -> Affected:
    """What differs between two desks, as far as it reaches seats and texts."""
    people = _changed(old.people, new.people)
    wards = _changed(old.wards, new.wards) | {
        ward.id for ward in new.wards.values() if not people.isdisjoint(ward.coordinators)
    }
    places = _changed(old.places, new.places) | {
        place.id for place in new.places.values() if place.ward in wards
    }
    services = _changed(old.services, new.services)
    shifts = _changed(old.shifts, new.shifts) | {
        shift.id
        for shift in new.shifts.values()
        if shift.service in services
        or shift.place in places
        or old.leads_of(shift.id) != new.leads_of(shift.id)
    }
    return Affected(frozenset(shifts), frozenset(people))


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    return {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
