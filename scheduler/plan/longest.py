"""Each text as it is at its longest, with the real names of this desk.

The parts of a text add up, so that the longest scene and the longest name together make the longest text:
two searches over lengths, and one rendering.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from notifications.template import Templates
from notifications.terms import Accents, Terms
from notifications.text import Measure, dress, measure
from scheduler.plan.desk import Desk
from scheduler.reminders.reminder import REPORTS, Audience, Kind
from scheduler.reminders.wording import NEXT, ROLES, SALUTATIONS, whom_to_call
from scheduler.roster.person import Person
from scheduler.timetable.place import Place, Service, Ward
from scheduler.timetable.shift import Role

# A day and hours, as wide as they get in each language.
WHEN = {"vi": "T2 30/11, 17:00-19:30", "en": "Mon 30/11, 17:00-19:30"}
TO_SERVING = (Kind.ASK, Kind.CHASE, Kind.REMIND)
TO_COORDINATORS = (Kind.ESCALATE, *sorted(REPORTS))
TO_ALL_ON_DUTY = (Kind.MOVED, Kind.CANCELLED, Kind.RESTORED, Kind.RELEASED)


Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Longest:
    """One text at its longest; `service`, `place` and `person` are the ids whose names made it so."""

    kind: Kind
    language: str
    audience: Audience
    text: str
    measure: Measure
    service: str
    place: str
    person: str | None


@dataclass(frozen=True, slots=True)
class Outward:
    """How texts go out: the terms and the sender of each audience, in which languages."""

    languages: tuple[str, ...]
    terms_for: Callable[[str], Terms]
    sender: Callable[[Audience, Ward], str]
    hotline: str


@dataclass(frozen=True, slots=True)
class _Scene:
    service: Service
    place: Place
    ward: Ward


def costly(accents: Accents) -> Accents:
    """The rule by which parts are compared: with "when_free" a whole text that costs more is stripped."""
    return Accents.STRIP if accents is Accents.WHEN_FREE else accents


def longest_texts(desk: Desk, outward: Outward, templates: Templates) -> Iterator[Longest]:
    """Every text that this desk may send, at its longest, in each of its languages."""
    scenes = _scenes(desk)
    if not scenes:
        return
    # A report may speak of anybody.
    anybody = max((person.name for person in desk.people.values()), key=len, default="")
    for audience, role, kinds in _occasions():
        people = _people(desk, audience, role, kinds)
        if audience is not Audience.RESIDENT and not people:
            continue
        for kind in kinds:
            for language in outward.languages:
                yield _longest(kind, language, audience, role, scenes, people, outward, templates, anybody)


def _occasions() -> Iterator[tuple[Audience, Role | None, tuple[Kind, ...]]]:
    yield Audience.VOLUNTEER, Role.VOLUNTEER, TO_SERVING + TO_ALL_ON_DUTY
    yield Audience.VOLUNTEER, Role.LEADER, TO_SERVING + TO_ALL_ON_DUTY
    yield Audience.STAFF, Role.STAFF, (Kind.DUTY, *TO_ALL_ON_DUTY)
    yield Audience.STAFF, None, TO_COORDINATORS
    residents = tuple(kind for kind in Kind if kind.startswith("resident"))
    yield Audience.RESIDENT, None, (*residents, Kind.FOLLOWED, Kind.UNFOLLOWED)


def _people(desk: Desk, audience: Audience, role: Role | None, kinds: tuple[Kind, ...]) -> list[Person]:
    if audience is Audience.RESIDENT:
        return []
    if kinds is TO_COORDINATORS:
        ids = {person for ward in desk.wards.values() for person in ward.coordinators}
    elif role is Role.STAFF:
        ids = {person for shift in desk.shifts.values() for person in shift.staff}
    else:
        ids = {person.id for person in desk.people.values() if role in person.roles}
    return [desk.people[one] for one in sorted(ids)]


def _scenes(desk: Desk) -> list[_Scene]:
    pairs = sorted({(shift.service, shift.place) for shift in desk.shifts.values()})
    return [
        _Scene(desk.services[service], desk.places[place], desk.ward_of(place)) for service, place in pairs
    ]


def _longest(
    kind: Kind,
    language: str,
    audience: Audience,
    role: Role | None,
    scenes: Iterable[_Scene],
    people: list[Person],
    outward: Outward,
    templates: Templates,
    anybody: str,
) -> Longest:
    used = templates.fields_of(kind, language)
    accents = outward.terms_for(audience).accents

    def parts_of(fields: Mapping[str, str]) -> list[str]:
        return [dress(text, costly(accents)) for name, text in fields.items() if name in used]

    def of_scene(scene: _Scene) -> dict[str, str]:
        return _of_scene(scene, audience, outward, language)

    def of_person(person: Person | None) -> dict[str, str]:
        return {"person": anybody, **(_of_person(person, audience, language) if person else {})}

    constant = _constant(role, outward, language)
    candidates: list[Longest] = []
    for scene in extremes(scenes, lambda one: parts_of(of_scene(one))):
        for person in extremes(people, lambda one: parts_of(of_person(one))) or (None,):
            fields = {**of_scene(scene), **of_person(person), **constant}
            text = dress(templates.render(kind, language, fields), accents)
            names = scene.service.id, scene.place.id, person.id if person else None
            candidates.append(Longest(kind, language, audience, text, measure(text), *names))
    return max(candidates, key=lambda one: (one.measure.segments, one.measure.characters))


def extremes(items: Iterable[Item], parts_of: Callable[[Item], list[str]]) -> tuple[Item, ...]:
    """Those of which one makes the longest text, whatever else stands in it.

    In a text that needs UCS-2 every sign counts once, in GSM-7 some count twice; and one part alone may make
    the whole text need UCS-2.
    """
    weighed = [(_weight(parts_of(item)), item) for item in items]
    if not weighed:
        return ()
    orders: tuple[Callable[[_Weight], tuple[int, ...]], ...] = (
        lambda weight: (weight.needs_ucs2, weight.in_ucs2),
        lambda weight: (weight.in_ucs2,),
        lambda weight: (not weight.needs_ucs2, weight.in_gsm7),
    )
    found = [_first(weighed, order) for order in orders]
    return tuple({id(item): item for item in found}.values())


def _first(weighed: list[tuple["_Weight", Item]], order: "Callable[[_Weight], tuple[int, ...]]") -> Item:
    return max(weighed, key=lambda one: order(one[0]))[1]


@dataclass(frozen=True, slots=True)
class _Weight:
    needs_ucs2: bool
    in_ucs2: int
    in_gsm7: int


def _weight(parts: list[str]) -> _Weight:
    own = [measure(part) for part in parts]
    return _Weight(
        any(size.encoding == "UCS-2" for size in own),
        # A sign that is in no GSM-7 text makes each part count as it would in a UCS-2 one.
        sum(measure(f"{part}中").characters - 1 for part in parts),
        sum(size.characters for size in own),
    )


def _of_scene(scene: _Scene, audience: Audience, outward: Outward, language: str) -> dict[str, str]:
    bring = scene.service.bring
    return {
        "sender": outward.sender(audience, scene.ward),
        "service": scene.service.short.in_language(language),
        "place": scene.place.name.in_language(language),
        "ward": scene.ward.name.in_language(language),
        "bring": bring.in_language(language) if bring else "",
    }


def _of_person(person: Person, audience: Audience, language: str) -> dict[str, str]:
    salutation = person.salutation or SALUTATIONS[audience]
    return {"name": person.name, "salutation": salutation.in_language(language)}


def _constant(role: Role | None, outward: Outward, language: str) -> dict[str, str]:
    return {
        "when": WHEN[language],
        "was": WHEN[language],
        "hotline": whom_to_call(outward.hotline, language),
        "role": ROLES[role].in_language(language) if role else "",
        "count": "99",
        "silent": "99",
        "refused": "",
        "residents": "1",
        "reply": "x" * 40,
        "next": NEXT.in_language(language).format(when=WHEN[language]),
    }
