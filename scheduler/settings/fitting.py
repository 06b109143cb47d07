"""Texts that would not fit: every text is measured at its longest before anybody is texted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files

from notifications.template import Templates, templates_in
from notifications.terms import Accents
from notifications.text import dress, encoding_of, measure, strip_accents
from scheduler.plan.desk import Desk
from scheduler.plan.longest import Longest, Outward, costly, extremes, longest_texts
from scheduler.reminders.reminder import Audience
from scheduler.roster.person import Person
from scheduler.settings.finding import Finding
from scheduler.settings.locate import Path
from scheduler.settings.names import is_plain
from scheduler.settings.settings import Settings
from scheduler.timetable.place import Ward
from scheduler.timetable.shift import Shift

SENDER_LENGTH = 11


def shipped_templates() -> Templates:
    """The texts that catruc ships."""
    return templates_in(files("scheduler.reminders").joinpath("texts"))


def sender_of(settings: Settings, audience: Audience, ward: Ward) -> str:
    """The sender that texts to this audience name; without one, the service's own name cut to fit."""
    own = ward.sender or settings.terms_for(audience).sender
    return own or strip_accents(settings.service.name.vi)[:SENDER_LENGTH].strip()


def texts_too_long(settings: Settings, templates: Templates) -> Iterator[Finding]:
    """An error for each name that makes a text too long, and for each text that names no sender.

    Too long is what takes more than ``max_segments``.
    """

    @cache  # a ward is asked for with each of its places, in each text
    def sender(audience: Audience, ward: Ward) -> str:
        return sender_of(settings, audience, ward)

    outward = Outward(
        languages=settings.service.languages,
        terms_for=settings.terms_for,
        sender=sender,
        hotline=settings.service.hotline,
    )
    worst: dict[Path, Longest] = {}
    for longest in longest_texts(lean(settings), outward, templates):
        named = sender(longest.audience, settings.desk.ward_of(longest.place))
        if not named or named not in longest.text:
            yield Finding(("sms", "sender"), "sender_unnamed", {"text": f"{longest.kind}.{longest.language}"})
        if longest.measure.segments > settings.terms_for(longest.audience).max_segments:
            culprit = _longest_part(longest, settings, templates)
            known = worst.get(culprit)
            if known is None or longest.measure.characters > known.measure.characters:
                worst[culprit] = longest
    for culprit, longest in worst.items():
        yield _finding(longest, culprit, settings)


def lean(settings: Settings) -> Desk:
    """The desk with only those people whose name may make a text the longest, and a shift of each kind.

    Of all who are addressed alike texts grow with the name alone; but where any part of a text needs UCS-2,
    characters count in another way.
    """
    desk = settings.desk
    rules = {costly(settings.terms_for(audience).accents) for audience in ("staff", "volunteer")}
    staff = {person for shift in desk.shifts.values() for person in shift.staff}
    called = {person for ward in desk.wards.values() for person in ward.coordinators}

    def longest(ids: Iterable[str]) -> frozenset[str]:
        alike: dict[object, list[Person]] = defaultdict(list)
        for ident in ids:
            person = desk.people[ident]
            alike[person.roles, person.salutation].append(person)
        return frozenset(
            one.id for people in alike.values() for rule in rules for one in _longest(people, rule)
        )

    staff_kept, called_kept, kept = longest(staff), longest(called), longest(desk.people)
    kinds = {_scene(shift, desk): shift for shift in desk.shifts.values()}.values()
    wards = {
        ward.id: replace(ward, coordinators=tuple(one for one in ward.coordinators if one in called_kept))
        for ward in desk.wards.values()
    }
    return replace(
        desk,
        wards=wards,
        people={ident: desk.people[ident] for ident in kept | staff_kept | called_kept},
        shifts={shift.id: replace(shift, staff=tuple(staff_kept)) for shift in kinds},
    )


def _longest(people: list[Person], rule: Accents) -> tuple[Person, ...]:
    # Plain names of one length and one alphabet cost the same, and of thousands few are of any other kind.
    kinds = {_kind(person.name): person for person in people}
    return extremes(kinds.values(), lambda person: [dress(person.name, rule)])


def _scene(shift: Shift, desk: Desk) -> object:
    place = desk.places[shift.place]
    return shift.service, place.ward, _kind(place.name.vi), _kind(place.name.en)


@lru_cache(maxsize=16_384)
def _kind(name: str) -> object:
    return (len(name), encoding_of(name)) if is_plain(name) else name


def _longest_part(longest: Longest, settings: Settings, templates: Templates) -> Path:
    """Where the name stands that takes the most of the text: there it can be shortened."""
    desk, language = settings.desk, longest.language
    rule = costly(settings.terms_for(longest.audience).accents)
    service = desk.services[longest.service]
    services, places, people = map(list, (desk.services, desk.places, desk.people))
    at_service = ("services", services.index(service.id))
    key = "name" if service.short == service.name else "short"
    parts: dict[str, tuple[str, Path]] = {
        "place": (
            desk.places[longest.place].name.in_language(language),
            ("places", places.index(longest.place), "name"),
        ),
        "service": (service.short.in_language(language), (*at_service, key)),
    }
    if service.bring:
        parts["bring"] = (service.bring.in_language(language), (*at_service, "bring"))
    if longest.person:
        at_person = ("people", people.index(longest.person), "name")
        parts["name"] = (desk.people[longest.person].name, at_person)
    used = templates.fields_of(longest.kind, language)
    shown = [part for name, part in parts.items() if name in used]
    return max(shown or [parts["place"]], key=lambda part: measure(dress(part[0], rule)).characters)[1]


def _finding(longest: Longest, culprit: Path, settings: Settings) -> Finding:
    name = settings.desk.people[longest.person].name if longest.person else None
    params = {
        "text": f"{longest.kind}.{longest.language}",
        "segments": str(longest.measure.segments),
        "characters": str(longest.measure.characters),
        "most": str(settings.terms_for(longest.audience).max_segments),
        "to": f" to {name}" if name else "",
        "to_vi": f" gửi {name}" if name else "",
    }
    return Finding(culprit, "text_too_long", params)
