"""Texts that would not fit: every text is measured at its longest before anybody is texted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache

from notifications.template import file_of
from notifications.terms import Accents
from notifications.text import dress, encoding_of, measure, odd_sign, room, strip_accents
from scheduler.plan.desk import Desk
from scheduler.plan.extremes import extremes
from scheduler.plan.longest import Longest, Outward, costly, longest_texts
from scheduler.reminders.reminder import Audience, Kind
from scheduler.roster.person import Person
from scheduler.settings.finding import Finding
from scheduler.settings.locate import Path
from scheduler.settings.names import is_plain
from scheduler.settings.own_text import whole_line
from scheduler.settings.settings import Settings
from scheduler.timetable.place import Ward
from scheduler.timetable.shift import Shift

SENDER_LENGTH = 11
_OTHERS = frozenset({"person", "giver"})


def sender_of(settings: Settings, audience: Audience, ward: Ward) -> str:
    """The sender that texts to this audience name; without one, the service's own name cut to fit."""
    own = ward.sender or settings.terms_for(audience).sender
    return own or _beginning_of(strip_accents(settings.service.name.vi))


def _beginning_of(name: str) -> str:
    """As many whole words as a sender may have: of "Ca truc phuong Sai Gon" that is "Ca truc"."""
    if len(name) <= SENDER_LENGTH:
        return name
    whole = name[: SENDER_LENGTH + 1].rpartition(" ")[0].strip()
    return whole or name[:SENDER_LENGTH]


def texts_at_their_longest(settings: Settings) -> tuple[Longest, ...]:
    """Every text that this desk may send, at its longest."""
    return tuple(longest_texts(lean(settings), outward_of(settings), settings.templates))


def texts_too_long(texts: Iterable[Longest], settings: Settings, own: Mapping[str, int]) -> Iterator[Finding]:
    """An error for each name, and each text of the administrator's, that makes a text too long.

    Too long is what takes more than ``max_segments``. A text that names no sender is an error too. `own` are
    the parts in which the administrator's texts stand.
    """
    worst: dict[tuple[Path, int | None], Longest] = {}
    for longest in texts:
        sender = sender_of(settings, longest.audience, settings.desk.ward_of(longest.place))
        if not sender or sender not in longest.text:
            yield Finding(("sms", "sender"), "sender_unnamed", {"text": f"{longest.kind}.{longest.language}"})
        # What is said together only where it fits is never too long.
        if (
            longest.kind is not Kind.SEVERAL
            and longest.measure.segments > settings.terms_for(longest.audience).max_segments
        ):
            part = own.get(file_of(longest.kind, longest.language))
            place = _longest_part(longest, settings) if part is None else _first_line(longest, settings)
            known = worst.get((place, part))
            if known is None or longest.measure.characters > known.measure.characters:
                worst[place, part] = longest
    for (place, part), longest in worst.items():
        yield _finding(longest, place, settings) if part is None else _own(longest, place, part, settings)


def spoken_languages(settings: Settings) -> tuple[str, ...]:
    """The languages in which texts go out, the first one first: those of the desk, and of single people."""
    own = (person.language for person in settings.desk.people.values())
    return tuple(dict.fromkeys((*settings.service.languages, *filter(None, own))))


def outward_of(settings: Settings) -> Outward:
    """How texts go out."""

    @cache  # a ward is asked for with each of its places, in each text
    def sender(audience: Audience, ward: Ward) -> str:
        return sender_of(settings, audience, ward)

    return Outward(
        languages=spoken_languages(settings),
        terms_for=settings.terms_for,
        sender=sender,
        hotline=settings.service.hotline,
        public_url=settings.service.public_url,
    )


def lean(settings: Settings) -> Desk:
    """The desk with only those people whose name may make a text the longest, and a shift of each kind.

    Of all who are addressed alike texts grow with the name alone; but where any part of a text needs UCS-2,
    characters count in another way. A courtesy that fits beside a shorter name makes no text too long.
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


def _longest_part(longest: Longest, settings: Settings) -> Path:
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
    used = settings.templates.fields_of(longest.kind, language)
    if _OTHERS & used and desk.people:
        # Of whom a text speaks, it may be anybody.
        named = max(desk.people.values(), key=lambda person: measure(dress(person.name, rule)).characters)
        for field in _OTHERS & used:
            parts[field] = (named.name, ("people", people.index(named.id), "name"))
    shown = [part for name, part in parts.items() if name in used]
    return max(shown or [parts["place"]], key=lambda part: measure(dress(part[0], rule)).characters)[1]


def _first_line(longest: Longest, settings: Settings) -> Path:
    return whole_line(settings.templates.named(longest.kind, longest.language).source)


def _own(longest: Longest, place: Path, part: int, settings: Settings) -> Finding:
    """A text of the administrator's: told there, for there it can be shortened."""
    terms = settings.terms_for(longest.audience)
    params = {**_size(longest, settings), "over": str(-room(longest.text, terms.max_segments))}
    odd = odd_sign(longest.text) if terms.accents is not Accents.KEEP else None
    at = settings.templates.named(longest.kind, longest.language).source.find(odd) if odd else -1
    if odd and at >= 0:
        return Finding((at, at + 1), "own_text_odd_sign", {**params, "value": odd}, part=part)
    return Finding(place, "own_text_too_long", {**params, "longest": longest.text}, part=part)


def _finding(longest: Longest, culprit: Path, settings: Settings) -> Finding:
    name = settings.desk.people[longest.person].name if longest.person else None
    to = {"to": f" to {name}" if name else "", "to_vi": f" gửi {name}" if name else ""}
    return Finding(culprit, "text_too_long", {**_size(longest, settings), **to})


def _size(longest: Longest, settings: Settings) -> dict[str, str]:
    return {
        "text": f"{longest.kind}.{longest.language}",
        "segments": str(longest.measure.segments),
        "characters": str(longest.measure.characters),
        "most": str(settings.terms_for(longest.audience).max_segments),
    }
