"""Pairs what vanished from the settings with what appeared: all else equal, it is a rename."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from scheduler.plan.desk import Desk
from scheduler.roster.person import Person
from scheduler.timetable.label import Label
from scheduler.timetable.place import Place, Service, Ward
from scheduler.timetable.shift import Deputy, Shift

Entry = TypeVar("Entry", Ward, Place, Service, Person, Shift)
NAMELESS = Label.same("")


@dataclass(frozen=True, slots=True)
class Renames:
    """Old id → new id, for each kind of entry."""

    wards: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    shifts: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(len(one) for one in (self.wards, self.places, self.services, self.people, self.shifts))


def renames_between(old: Desk, new: Desk) -> Renames:
    """Which entries of `old` go on under another id in `new`."""
    people = _pairs(old.people, new.people, _bare_person)
    wards = _pairs(old.wards, new.wards, lambda one: _bare_ward(one, people))
    places = _pairs(
        old.places,
        new.places,
        lambda one: replace(one, id="", name=NAMELESS, ward=wards.get(one.ward, one.ward)),
    )
    services = _pairs(
        old.services, new.services, lambda one: replace(one, id="", name=NAMELESS, short=NAMELESS)
    )
    shifts = _pairs(old.shifts, new.shifts, lambda one: _bare_shift(one, services, places, people))
    return Renames(wards, places, services, people, shifts)


def _pairs(
    old: Mapping[str, Entry], new: Mapping[str, Entry], bare: Callable[[Entry], Entry]
) -> dict[str, str]:
    """Pairs only where it is unmistakable: one vanished entry equal to one that appeared."""
    vanished = [one for key, one in old.items() if key not in new]
    appeared = [one for key, one in new.items() if key not in old]
    if not vanished or not appeared:
        return {}
    news = [(one.id, bare(one)) for one in appeared]
    olds = [(one.id, bare(one)) for one in vanished]
    found: dict[str, str] = {}
    for former, shape in olds:
        matches = [latter for latter, other in news if other == shape]
        twins = sum(other == shape for _, other in olds)
        if len(matches) == 1 and twins == 1:
            found[former] = matches[0]
    return found


def _bare_person(person: Person) -> Person:
    """A person is one phone number; everything else may be corrected together with the name."""
    return Person(id="", name="", phone=person.phone)


def _bare_ward(ward: Ward, people: Mapping[str, str]) -> Ward:
    coordinators = tuple(people.get(person, person) for person in ward.coordinators)
    # A renamed ward usually gains its old name as a former one.
    return replace(ward, id="", name=NAMELESS, formerly=(), coordinators=coordinators)


def _bare_shift(
    shift: Shift,
    services: Mapping[str, str],
    places: Mapping[str, str],
    people: Mapping[str, str],
) -> Shift:
    return replace(
        shift,
        id="",
        service=services.get(shift.service, shift.service),
        place=places.get(shift.place, shift.place),
        staff=tuple(people.get(person, person) for person in shift.staff),
        deputies=tuple(
            Deputy(
                people.get(one.absent, one.absent),
                people.get(one.stand_in, one.stand_in),
                one.first,
                one.last,
            )
            for one in shift.deputies
        ),
    )
