"""Words that will be misread once their accents are gone: warnings about texts and about what they print."""

from collections.abc import Iterable, Iterator, Mapping

from notifications.template import file_of
from notifications.terms import Accents
from notifications.text import strip_accents
from scheduler.plan.longest import Longest
from scheduler.settings.finding import Finding
from scheduler.settings.homographs import Found, homographs_in
from scheduler.settings.locate import Path
from scheduler.settings.settings import Settings
from scheduler.timetable.place import Service

VIETNAMESE = "vi"


def ambiguous_words(
    texts: Iterable[Longest], settings: Settings, own: Mapping[str, int]
) -> Iterator[Finding]:
    """A warning for each ambiguous word that goes out without its accents.

    `texts` are all texts at their longest, `own` are the parts in which the administrator's stand. Names of
    people and places are let be: nobody can choose another word for them.
    """
    kinds = {each.kind for each in texts if each.language == VIETNAMESE and _is_bare(each, settings)}
    templates = {kind: settings.templates.named(kind, VIETNAMESE) for kind in kinds}
    for kind, template in sorted(templates.items()):
        part = own.get(file_of(kind, VIETNAMESE))
        for found in homographs_in(template.source) if part is not None else ():
            yield Finding((found.start, found.end), "ambiguous_word", _params(found), part=part)
    printed = frozenset().union(*(template.names for template in templates.values()))
    for number, service in enumerate(settings.desk.services.values()):
        for path, words in _words_of(number, service, printed):
            for found in homographs_in(words):
                yield Finding(path, "ambiguous_word", _params(found))


def _is_bare(longest: Longest, settings: Settings) -> bool:
    accents = settings.terms_for(longest.audience).accents
    return accents is not Accents.KEEP and strip_accents(longest.text) == longest.text


def _words_of(number: int, service: Service, printed: frozenset[str]) -> Iterator[tuple[Path, str]]:
    """What texts print of a service, and where it stands."""
    at = ("services", number)
    if "service" in printed:
        yield (*at, "name" if service.short == service.name else "short"), service.short.vi
    if "bring" in printed and service.bring:
        yield (*at, "bring"), service.bring.vi


def _params(found: Found) -> dict[str, str]:
    homograph = found.homograph
    return {
        "value": homograph.word,
        "read_as": ", ".join(f'"{each}"' for each in homograph.read_as),
        "instead": ", ".join(f'"{each}"' for each in homograph.instead),
    }
