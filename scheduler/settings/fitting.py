"""Texts that would not fit: every text is measured at its longest before anybody is texted."""

from collections.abc import Iterator
from importlib.resources import files

from notifications.template import Templates, templates_in
from notifications.text import strip_accents
from scheduler.plan.longest import Longest, Outward, longest_texts
from scheduler.reminders.reminder import Audience
from scheduler.settings.finding import Finding
from scheduler.settings.settings import Settings
from scheduler.timetable.place import Ward

SENDER_LENGTH = 11


def shipped_templates() -> Templates:
    """The texts that catruc ships."""
    return templates_in(files("scheduler.reminders").joinpath("texts"))


def sender_of(settings: Settings, audience: Audience, ward: Ward) -> str:
    """The sender that texts to this audience name; without one, the service's own name cut to fit."""
    own = ward.sender or settings.terms_for(audience).sender
    return own or strip_accents(settings.service.name.vi)[:SENDER_LENGTH].strip()


def texts_too_long(settings: Settings, templates: Templates) -> Iterator[Finding]:
    """An error for each place whose name makes a text longer than ``max_segments`` allows."""
    outward = Outward(
        languages=settings.service.languages,
        terms_for=settings.terms_for,
        sender=lambda audience, ward: sender_of(settings, audience, ward),
        hotline=settings.service.hotline,
    )
    worst: dict[str, Longest] = {}
    for longest in longest_texts(settings.desk, outward, templates):
        if longest.measure.segments > settings.terms_for(longest.audience).max_segments:
            known = worst.get(longest.place)
            if known is None or longest.measure.characters > known.measure.characters:
                worst[longest.place] = longest
    places = list(settings.desk.places)
    for place, longest in worst.items():
        yield _finding(longest, places.index(place), settings)


def _finding(longest: Longest, number: int, settings: Settings) -> Finding:
    person = settings.desk.people[longest.person].name if longest.person else "–"
    params = {
        "text": f"{longest.kind}.{longest.language}",
        "segments": str(longest.measure.segments),
        "characters": str(longest.measure.characters),
        "most": str(settings.terms_for(longest.audience).max_segments),
        "person": person,
    }
    return Finding(("places", number, "name"), "text_too_long", params)
