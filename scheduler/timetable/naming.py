"""Finding a ward, a service or a place by what people call it."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from difflib import SequenceMatcher
from typing import Protocol, TypeVar

from notifications.text import fold
from scheduler.timetable.label import Label
from scheduler.timetable.place import Place, Service, Ward

_NEAR_ENOUGH = 0.8
# No ward has so long a name, and comparing is quadratic in the length of what a stranger typed.
_LONGEST_NAME = 80
_WARD_WORD = re.compile(r"^(?:phuong\s+|p\.\s*|p\s+|p(?=\d))|\s+ward$")


class Named(Protocol):
    """What has an id and a name."""

    @property
    def id(self) -> str:
        """The id."""

    @property
    def name(self) -> Label:
        """The name."""


_Thing = TypeVar("_Thing", bound=Named)


def wards_named(wards: Iterable[Ward], text: str) -> tuple[Ward, ...]:
    """The wards that `text` may mean: an id means one, a name all that bear or bore it.

    With a ward that has an end come those that bear its name as a former one. Accents, case and a leading
    "phường" do not matter. Where nothing matches, the nearest misspelling counts.
    """
    known = tuple(wards)
    found = _named(known, text, lambda ward: (ward.name.vi, ward.name.en, *ward.formerly), _plain_ward)
    names = {plain for ward in found if ward.until for plain in _names_of(ward)}
    heirs = [ward for ward in known if not names.isdisjoint(map(_plain_ward, ward.formerly))] if names else ()
    return tuple(ward for ward in known if ward in found or ward in heirs)


def wards_meant(wards: Iterable[Ward], text: str, first: date, last: date) -> tuple[Ward, ...]:
    """Of the wards that `text` may mean, those that exist on any date from `first` to `last`; else all."""
    found = wards_named(wards, text)
    return tuple(ward for ward in found if ward.exists_between(first, last)) or found


def services_named(services: Iterable[Service], text: str) -> tuple[Service, ...]:
    """The services that `text` may mean, by id, name or short name, in either language."""
    return _named(services, text, lambda one: (one.name.vi, one.name.en, one.short.vi, one.short.en), fold)


def places_named(places: Iterable[Place], text: str) -> tuple[Place, ...]:
    """The places that `text` may mean, by id, name or address."""
    return _named(places, text, lambda place: (place.name.vi, place.name.en, place.address), fold)


def _names_of(ward: Ward) -> tuple[str, str]:
    return _plain_ward(ward.name.vi), _plain_ward(ward.name.en)


def _plain_ward(text: str) -> str:
    return _WARD_WORD.sub("", fold(text))


def _named(
    things: Iterable[_Thing], text: str, names: Callable[[_Thing], Iterable[str]], plain: Callable[[str], str]
) -> tuple[_Thing, ...]:
    wanted = plain(text)
    if not wanted or len(text) > _LONGEST_NAME:
        return ()
    known = [(thing, {plain(name) for name in names(thing) if name}) for thing in things]
    by_id = tuple(thing for thing, _ in known if thing.id == text.strip().lower())
    return by_id or tuple(thing for thing, plains in known if wanted in plains) or _nearest(known, wanted)


def _nearest(known: list[tuple[_Thing, set[str]]], wanted: str) -> tuple[_Thing, ...]:
    alike = [(max(_likeness(wanted, name) for name in plains), thing) for thing, plains in known if plains]
    best = max((likeness for likeness, _ in alike), default=0.0)
    return tuple(thing for likeness, thing in alike if likeness == best >= _NEAR_ENOUGH)


def _likeness(wanted: str, name: str) -> float:
    """The ratio of two names; 0 where cheaper bounds show that they are not near enough."""
    matcher = SequenceMatcher(None, wanted, name)
    bounds = (matcher.real_quick_ratio, matcher.quick_ratio)
    return matcher.ratio() if all(bound() >= _NEAR_ENOUGH for bound in bounds) else 0.0
