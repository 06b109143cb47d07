"""Each text as it is at its longest, with the real names of this desk.

The parts of a text add up, so that the longest scene and the longest name together make the longest text:
two searches over lengths, and one rendering.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias, TypeVar

from notifications.template import Field, Templates, Variant
from notifications.terms import Accents, Answer, Terms
from notifications.text import Measure, dress, measure
from notifications.veil import veiled_pin
from scheduler.plan.desk import Desk
from scheduler.plan.extremes import extremes
from scheduler.plan.together import dearest, twice, ways_to_answer
from scheduler.reminders.answering import (
    LONGEST_ITEM,
    LONGEST_NAME,
    LONGEST_PIN_NAME,
    Means,
    how_to_answer,
    how_to_give_up,
    how_to_open,
    how_to_speak,
    how_to_stop,
    where_to_look,
)
from scheduler.reminders.reminder import REPORTS, SWAPS, TO_WHO_ASKS, Audience, Kind
from scheduler.reminders.wording import (
    LONGEST_REPLY,
    LONGEST_STATE,
    NEXT,
    ROLES,
    SALUTATIONS,
    said,
    whom_to_call,
)
from scheduler.roster.person import Person
from scheduler.timetable.place import Place, Service, Ward
from scheduler.timetable.shift import Role

# A day and hours, as wide as they get in each language.
WHEN = {"vi": "T2 30/11, 17:00-19:30", "en": "Mon 30/11, 17:00-19:30"}
TO_SERVING = (
    Kind.ASK,
    Kind.CHASE,
    Kind.REMIND,
    Kind.SEVERAL,
    Kind.SUBSTITUTE,
    Kind.FILLED,
    Kind.THANKED,
    Kind.EXCUSED,
    Kind.TAKEN,
    *sorted({Kind.WHICH, Kind.UNCLEAR, Kind.HELPED}),
)
TO_COORDINATORS = (Kind.ESCALATE, *sorted(REPORTS), Kind.SWAPPED)
TO_ALL_ON_DUTY = (Kind.MOVED, Kind.CANCELLED, Kind.RESTORED, Kind.RELEASED)

# How many are missing, and how many are silent.
_COUNTS = (("99", "99"), ("99", "0"), ("0", "99"))
_REPLY = "x" * LONGEST_REPLY
# Longer reasons are read on the page: beside the longest names there is hardly room for this one.
_REASONS: tuple[dict[str, str], ...] = ({}, {"reason": "x" * 24})
LONGEST_ITEMS = {
    "vi": "12: T2 30/11 17:00, 13: T2 30/11 17:00",
    "en": "12: Mon 30/11 17:00, 13: Mon 30/11 17:00",
}

# What some texts say in one case and not in another.
_FORMS: Mapping[Kind, tuple[dict[str, str], ...]] = {
    Kind.DUTY: ({}, {"desk": ""}),
    Kind.CANCELLED: _REASONS,
    Kind.RESIDENT_CANCELLED: _REASONS,
    Kind.SCHEDULE: ({}, {"when": ""}),
    Kind.NOTED: ({"reply": LONGEST_STATE},),
}

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
    public_url: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """A service at one of its places."""

    service: Service
    place: Place
    ward: Ward


@dataclass(frozen=True, slots=True)
class Occasion:
    """To whom a text goes: the people that it may be for (none are residents), in which role.

    `others` are the longest names of whom it may speak.
    """

    audience: Audience
    role: Role | None
    people: tuple[Person, ...]
    others: tuple[str, ...] = ()


Cast: TypeAlias = tuple[Scene, Person | None, dict[str, str]]


def costly(accents: Accents) -> Accents:
    """The rule by which parts are compared: with "when_free" a whole text that costs more is stripped."""
    return Accents.STRIP if accents is Accents.WHEN_FREE else accents


def longest_texts(desk: Desk, outward: Outward, templates: Templates) -> Iterator[Longest]:
    """Every text that this desk may send, at its longest, in each of its languages."""
    scenes = scenes_of(desk)
    for occasion, kind in occasions_of(desk):
        for language in outward.languages:
            longest = _longest(kind, language, occasion, scenes, outward, templates)
            if longest:
                yield longest


def occasions_of(desk: Desk) -> Iterator[tuple[Occasion, Kind]]:
    """Every text that this desk may send, and to whom."""
    for audience, role, kinds in _kinds():
        others = _longest_names(desk) if kinds is TO_COORDINATORS or SWAPS[0] in kinds else ()
        occasion = Occasion(audience, role, _people(desk, audience, role, kinds), others)
        if audience is Audience.RESIDENT or occasion.people:
            yield from ((occasion, kind) for kind in kinds)


def _kinds() -> Iterator[tuple[Audience, Role | None, tuple[Kind, ...]]]:
    yield Audience.VOLUNTEER, Role.VOLUNTEER, TO_SERVING + TO_ALL_ON_DUTY + SWAPS
    yield Audience.VOLUNTEER, Role.LEADER, TO_SERVING + TO_ALL_ON_DUTY + SWAPS
    yield Audience.STAFF, Role.STAFF, (Kind.DUTY, Kind.SEVERAL, Kind.NOTED, *TO_ALL_ON_DUTY)
    yield Audience.STAFF, None, TO_COORDINATORS
    residents = tuple(kind for kind in Kind if kind.startswith("resident"))
    yield Audience.RESIDENT, None, (*residents, *TO_WHO_ASKS)


def _people(desk: Desk, audience: Audience, role: Role | None, kinds: tuple[Kind, ...]) -> tuple[Person, ...]:
    if audience is Audience.RESIDENT:
        return ()
    if kinds is TO_COORDINATORS:
        ids = {person for ward in desk.wards.values() for person in ward.coordinators}
    elif role is Role.STAFF:
        ids = {person for shift in desk.shifts.values() for person in shift.staff}
    else:
        ids = {person.id for person in desk.people.values() if role in person.roles}
    return tuple(desk.people[one] for one in sorted(ids))


def _longest_names(desk: Desk) -> tuple[str, ...]:
    """A report may speak of anybody."""
    names = sorted({person.name for person in desk.people.values()})
    with_accents = extremes(names, lambda name: [dress(name, Accents.KEEP)])
    return tuple({*with_accents, *extremes(names, lambda name: [dress(name, Accents.STRIP)])})


def scenes_of(desk: Desk) -> list[Scene]:
    """Every service at each of its places."""
    pairs = sorted({(shift.service, shift.place) for shift in desk.shifts.values()})
    return [
        Scene(desk.services[service], desk.places[place], desk.ward_of(place)) for service, place in pairs
    ]


def _longest(
    kind: Kind,
    language: str,
    occasion: Occasion,
    scenes: Sequence[Scene],
    outward: Outward,
    templates: Templates,
) -> Longest | None:
    """The costliest rendering of one text; None where this desk never sends it."""
    terms = outward.terms_for(occasion.audience)

    def rendered(cast: Cast, following: str) -> Longest:
        scene, person, fields = cast
        every = {**fields, "next": following}
        text = said(templates, kind, language, every, terms.accents, terms.max_segments)
        names = scene.service.id, scene.place.id, person.id if person else None
        return Longest(kind, language, occasion.audience, text, measure(text), *names)

    everyone = [
        cast
        for variant in templates.named(kind, language).variants()
        for cast in casts(variant, kind, language, occasion, scenes, outward)
    ]
    # The next session is named where it fits: what has to fit is the text without it.
    found = [(rendered(cast, ""), cast) for cast in everyone]
    longest = dearest(kind, found, lambda one: one[0].measure, terms.max_segments)
    return rendered(longest[1], next_at_its_longest(language)) if longest else None


def next_at_its_longest(language: str) -> str:
    """What a cancellation says of the next session."""
    return NEXT.in_language(language).format(when=WHEN[language])


def casts(
    variant: Variant,
    kind: Kind,
    language: str,
    occasion: Occasion,
    scenes: Sequence[Scene],
    outward: Outward,
    following: str = "",
) -> Iterator[Cast]:
    """The scenes, people and fields of which some make this form of a text the longest.

    `following` is what is said of the next session.
    """
    rule = costly(outward.terms_for(occasion.audience).accents)
    used = [piece.name for piece in variant.pieces if isinstance(piece, Field)]

    def parts_of(fields: Mapping[str, str]) -> list[str]:
        return [dress(fields[name], rule) for name in used if name in fields]

    staged = staged_for(kind, occasion, scenes, outward, language)
    people: Sequence[Person | None] = occasion.people or (None,)
    if kind is Kind.SEVERAL:
        # One is called by name, and another is not where it would not fit.
        people = (*people, None)
    named = [(person, fields_of_person(person, occasion.audience, language)) for person in people]
    some_scenes = extremes([one for one in staged if variant.fits(one[1])], lambda one: parts_of(one[1]))
    some_people = extremes([one for one in named if variant.fits(one[1])], lambda one: parts_of(one[1]))
    if kind is Kind.SEVERAL and staged:  # where the longest does not fit, a shorter one is said
        some_scenes = (*some_scenes, min(staged, key=lambda one: len(one[1]["items"])))
    for fields in filter(variant.fits, constants(kind, occasion, outward, language, following)):
        for scene, of_scene in some_scenes:
            for person, of_person in some_people:
                yield scene, person, {**fields, **of_scene, **of_person}


def staged_for(
    kind: Kind, occasion: Occasion, scenes: Sequence[Scene], outward: Outward, language: str
) -> list[tuple[Scene, dict[str, str]]]:
    """Each scene with what it fills in a text of this kind."""
    staged = [(scene, fields_of_scene(scene, occasion.audience, outward, language)) for scene in scenes]
    if kind is not Kind.SEVERAL:
        return staged
    by_text = outward.terms_for(occasion.audience).answer is Answer.REPLY
    return [
        (scene, {**of_scene, "items": items})
        for scene, of_scene in staged
        for items in twice(scene.service, scene.place, occasion.role, by_text, language)
    ]


def fields_of_scene(scene: Scene, audience: Audience, outward: Outward, language: str) -> dict[str, str]:
    """The fields that a service at a place fills."""
    bring = scene.service.bring
    return {
        "sender": outward.sender(audience, scene.ward),
        "service": scene.service.short.in_language(language),
        "place": scene.place.name.in_language(language),
        "ward": scene.ward.name.in_language(language),
        "bring": bring.in_language(language) if bring else "",
    }


def fields_of_person(person: Person | None, audience: Audience, language: str) -> dict[str, str]:
    """The fields that a person fills, or nobody in particular."""
    salutation = (person.salutation if person else None) or SALUTATIONS[audience]
    return {"name": person.name if person else "", "salutation": salutation.in_language(language)}


def constants(
    kind: Kind, occasion: Occasion, outward: Outward, language: str, following: str = ""
) -> Iterator[dict[str, str]]:
    """What does not hang on the scene or on whom a text is for, at its longest."""
    hotline, means = whom_to_call(outward.hotline, language), _means(occasion, outward)
    constant = {
        "when": WHEN[language],
        "was": WHEN[language],
        "hotline": hotline,
        "role": ROLES[occasion.role].in_language(language) if occasion.role else "",
        "leads": "1" if occasion.role is Role.LEADER else "",
        "answer": how_to_answer(means, hotline, language),
        "give_up": how_to_give_up(means, hotline, language),
        "page": where_to_look(means),
        "desk": how_to_speak(means, language),
        "stop": how_to_stop(means, hotline, language),
        "most": "99",
        "code": veiled_pin(LONGEST_PIN_NAME),
        "yes": "99",
        "no": "99",
        "items": LONGEST_ITEMS[language],
        "waiting": "",
        "count": "99",
        "silent": "99",
        "reason": "",
        "next": following,
    }
    special = _circumstances(kind, occasion, outward, language)
    if kind is Kind.SEVERAL:
        special = ways_to_answer(means, occasion.role is Role.STAFF, hotline, language)
    for circumstance in special:
        yield {**constant, **circumstance}


def _means(occasion: Occasion, outward: Outward) -> Means:
    terms = outward.terms_for(occasion.audience)
    name = "" if terms.answer is Answer.REPLY else LONGEST_NAME
    return Means(terms.answer, outward.public_url, terms.replies_to, name, LONGEST_ITEM)


def _circumstances(
    kind: Kind, occasion: Occasion, outward: Outward, language: str
) -> Iterator[dict[str, str]]:
    """What is said in some cases of one kind only; somebody is missing or silent where it is said at all."""
    match kind:
        case Kind.ESCALATE:
            yield from ({"count": count, "silent": silent} for count, silent in _COUNTS)
        case Kind.UNREACHABLE:
            pairs = product(occasion.others, ("1", ""))
            yield from ({"person": person, "refused": refused} for person, refused in pairs)
        case Kind.CAPPED:
            cap = str(outward.terms_for(occasion.audience).daily_cap)
            yield from ({"count": cap, "residents": residents} for residents in ("1", ""))
        case Kind.OFFERED:
            yield from ({"person": person} for person in occasion.others)
        case Kind.SWAPPED:
            pairs = product(occasion.others, occasion.others)
            yield from ({"person": person, "giver": giver} for person, giver in pairs)
        case Kind.REPLY:
            yield from ({"person": person, "reply": _REPLY} for person in (*occasion.others, ""))
        case Kind.DROPOUT:
            replies = product(occasion.others, (_REPLY, ""), ("99", "0"))
            yield from ({"person": who, "reply": reply, "count": count} for who, reply, count in replies)
        case Kind.CALL_OFF:
            way = how_to_open(_means(occasion, outward), whom_to_call(outward.hotline, language), language)
            yield from ({"person": person, "answer": way} for person in occasion.others)
        case Kind.WHICH | Kind.UNCLEAR | Kind.HELPED:
            yield from ({"items": items} for items in (LONGEST_ITEMS[language], ""))
        case _:
            yield from _FORMS.get(kind, ({},))
