"""Pairs what vanished from the settings with what appeared: all else equal, it is a rename."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
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
    wards = {
        former: latter
        for former, latter in _pairs(old.wards, new.wards, lambda one: _bare_ward(one, people)).items()
        if _bear_the_same_past(old.wards[former], new.wards[latter])
    }
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
    olds = _ids_by_shape((one for key, one in old.items() if key not in new), bare)
    news = _ids_by_shape((one for key, one in new.items() if key not in old), bare)
    return {
        formers[0]: news[shape][0]
        for shape, formers in olds.items()
        if len(formers) == 1 and len(news.get(shape, ())) == 1
    }


def _ids_by_shape(entries: Iterable[Entry], bare: Callable[[Entry], Entry]) -> dict[Entry, list[str]]:
    found: dict[Entry, list[str]] = defaultdict(list)
    for one in entries:
        found[bare(one)].append(one.id)
    return found


def _bare_person(person: Person) -> Person:
    """A person is one phone number; everything else may be corrected together with the name."""
    return Person(id="", name="", phone=person.phone)


def _bare_ward(ward: Ward, people: Mapping[str, str]) -> Ward:
    coordinators = tuple(people.get(person, person) for person in ward.coordinators)
    return replace(ward, id="", name=NAMELESS, formerly=(), coordinators=coordinators)


def _bear_the_same_past(old: Ward, new: Ward) -> bool:
    """Whether the former names are equal, but that a renamed ward may gain or lose the name it changed.

    Followers of the one would else be texted about another that is as bare.
    """
    olds, news = {old.name.vi, old.name.en}, {new.name.vi, new.name.en}
    return set(old.formerly) - news == set(new.formerly) - olds


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
