"""Ids of the entries of a file, and what their names mean elsewhere in it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from scheduler.settings.finding import Finding
from scheduler.settings.grammar import DutyTable, File, PersonTable, PlaceTable, ShiftTable, WardTable
from scheduler.settings.locate import Path
from scheduler.settings.names import fold, slug
from scheduler.timetable.label import Label

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_Entry = WardTable | PlaceTable | DutyTable | PersonTable


@dataclass(frozen=True)
class Register:
    """The entries of one kind: the id of each in the order of the file, and what each may be called.

    An id is None where none can be told. `spoken` are ids and names as written, of which the nearest is
    offered. `complete` is false where entries may be missing through another fault, so that an unknown name
    proves nothing.
    """

    kind: str
    section: str
    ids: tuple[str | None, ...]
    names: Mapping[str, frozenset[str]]
    former: Mapping[str, frozenset[str]]
    complete: bool = True
    spoken: tuple[str, ...] = ()
    known: frozenset[str] = field(init=False)
    _asked: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", frozenset(filter(None, self.ids)))

    def meant_by(self, written: str) -> frozenset[str]:
        """The ids that `written` may mean: an id before a name, a name of today before a former one."""
        # Of thousands of shifts each names one of a few hundred places, and every name is asked for twice.
        if (meant := self._asked.get(written)) is None:
            meant = self._asked[written] = self._meant_by(written)
        return meant

    def _meant_by(self, written: str) -> frozenset[str]:
        if written in self.known:
            return frozenset({written})
        if slug(written) in self.known and fold(written) not in self.names:
            return frozenset({slug(written)})
        return self.names.get(fold(written)) or self.former.get(fold(written)) or frozenset()

    def one_meant_by(self, written: str) -> str | None:
        """The id that `written` means, or None where it means nothing or several."""
        meant = self.meant_by(written)
        return next(iter(meant)) if len(meant) == 1 else None

    def only(self) -> str | None:
        """The id of the one entry there is, or None."""
        return self.ids[0] if len(self.ids) == 1 else None

    def resolve(self, written: str) -> str | None:
        """The id that is meant; what is left out means the only entry."""
        return self.one_meant_by(written) if written else self.only()

    def check(self, path: Path, written: str) -> Iterator[Finding]:
        """A finding, unless `written` means exactly one entry, or nothing can be said."""
        if not written:
            return
        meant = self.meant_by(written)
        if len(meant) > 1:
            candidates = ", ".join(sorted(meant))
            yield Finding(path, "ambiguous", {"value": written, "candidates": candidates})
        if not meant and self.complete:
            yield Finding(path, f"unknown_{self.kind}", {"value": written}, known=self.spoken)


@dataclass(frozen=True, slots=True)
class Registers:
    """All that entries may refer to, and the ids of the shifts."""

    wards: Register
    places: Register
    services: Register
    people: Register
    shift_ids: tuple[str | None, ...]


def registers_of(file: File, incomplete: frozenset[str]) -> Registers:
    """The registers of a file; `incomplete` names the sections that are known to lack entries."""
    wards = _register("ward", "wards", file.wards, incomplete)
    places = _register("place", "places", file.places, incomplete)
    services = _register("service", "services", file.services, incomplete)
    people = _register("person", "people", file.people, incomplete)
    shift_ids = tuple(_shift_id(shift, services, places) for shift in file.shifts)
    return Registers(wards, places, services, people, shift_ids)


def duplicates(file: File, registers: Registers) -> Iterator[Finding]:
    """Ids and phone numbers that two entries share, and ids that are none."""
    kinds: tuple[tuple[Register, Sequence[_Entry]], ...] = (
        (registers.wards, file.wards),
        (registers.places, file.places),
        (registers.services, file.services),
        (registers.people, file.people),
    )
    for register, tables in kinds:
        written = [table.id for table in tables]
        yield from _bad_ids(register.section, written)
        yield from _shared_ids(register.section, register.ids, written, "name")
        for number, table in enumerate(tables):
            if not table.id and _name_of(table) and not slug(_name_of(table)):
                yield Finding((register.section, number, "name"), "no_slug")
    yield from _bad_ids("shifts", [shift.id for shift in file.shifts])
    yield from _shared_ids("shifts", registers.shift_ids, [shift.id for shift in file.shifts], None)
    yield from _shared_numbers(file.people)


def dangling(file: File, registers: Registers) -> Iterator[Finding]:
    """References that lead nowhere or to several, and those left out where there is a choice."""
    people = registers.people
    for path, names in _lists_of_people(file):
        for number, name in enumerate(names):
            yield from people.check((*path, number), name)
    for number, service in enumerate(file.roster.first):
        yield from registers.services.check(("roster", "first", number), service)
    for number, place in enumerate(file.places):
        yield from _reference(("places", number), "ward", place.ward, registers.wards, place.model_fields_set)
    for number, person in enumerate(file.people):
        yield from registers.wards.check(("people", number, "ward"), person.ward)
        yield from _beside_people(("people", number), person, registers)
    for number, shift in enumerate(file.shifts):
        at: Path = ("shifts", number)
        yield from registers.services.check((*at, "service"), shift.service)
        yield from _reference(at, "place", shift.place, registers.places, shift.model_fields_set)
        for index, deputy in enumerate(shift.deputies):
            yield from people.check((*at, "deputies", index, "for"), deputy.absent)
            yield from people.check((*at, "deputies", index, "is"), deputy.stand_in)


def _beside_people(at: Path, person: PersonTable, registers: Registers) -> Iterator[Finding]:
    """Whom and what a person speaks of; in a list of people all names of one cell stand at one place."""
    for index, service in enumerate(person.prefers):
        yield from registers.services.check((*at, "prefers", index), service)
    own = registers.people.ids[int(at[1])]
    for index, other in enumerate(person.not_with):
        yield from registers.people.check((*at, "not_with", index), other)
        if own and registers.people.one_meant_by(other) == own:
            yield Finding((*at, "not_with", index), "not_with_self", {"value": other})


def _lists_of_people(file: File) -> Iterator[tuple[Path, list[str]]]:
    for number, ward in enumerate(file.wards):
        yield ("wards", number, "coordinators"), ward.coordinators
    for number, shift in enumerate(file.shifts):
        yield ("shifts", number, "staff"), shift.staff


def _reference(
    path: Path, key: str, written: str, register: Register, present: set[str]
) -> Iterator[Finding]:
    if key in present or register.only() or not register.complete:
        yield from register.check((*path, key), written)
        return
    code = "missing_key_of_several" if register.ids else "missing_key"
    yield Finding(path, code, {"key": key})


def _register(
    kind: str,
    section: str,
    entries: Sequence[_Entry],
    incomplete: frozenset[str],
) -> Register:
    ids = tuple(_id_of(entry) for entry in entries)
    names: dict[str, set[str]] = {}
    former: dict[str, set[str]] = {}
    for ident, entry in zip(ids, entries, strict=True):
        if ident:
            _call(names, ident, _names_of(entry))
            _call(former, ident, entry.formerly if isinstance(entry, WardTable) else ())
    complete = section not in incomplete and None not in ids and all(map(_name_of, entries))
    spoken = tuple(dict.fromkeys([*filter(None, ids), *chain.from_iterable(map(_names_of, entries))]))
    return Register(kind, section, ids, _frozen(names), _frozen(former), complete, spoken)


def _call(names: dict[str, set[str]], ident: str, spoken: Iterable[str]) -> None:
    for name in spoken:
        names.setdefault(fold(name), set()).add(ident)


def _frozen(names: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(ids) for name, ids in names.items()}


def _id_of(entry: _Entry) -> str | None:
    return _as_id(entry.id or _name_of(entry))


def _as_id(written: str) -> str | None:
    return written if _ID.fullmatch(written) else slug(written) or None


def _name_of(entry: _Entry) -> str:
    return entry.name.vi if isinstance(entry.name, Label) else entry.name


def _names_of(entry: _Entry) -> tuple[str, ...]:
    return (entry.name.vi, entry.name.en) if isinstance(entry.name, Label) else (entry.name,)


def _shift_id(shift: ShiftTable, services: Register, places: Register) -> str | None:
    if shift.id:
        return _as_id(shift.id)
    service = services.one_meant_by(shift.service)
    place = places.resolve(shift.place)
    return f"{service}-{place}" if service and place else None


def _bad_ids(section: str, written: list[str]) -> Iterator[Finding]:
    for number, ident in enumerate(written):
        if ident and not _ID.fullmatch(ident):
            yield Finding((section, number, "id"), "bad_id", {"value": ident}, slug(ident) or None)


def _shared_ids(
    section: str, ids: tuple[str | None, ...], written: list[str], default_from: str | None
) -> Iterator[Finding]:
    """Told at the second: at its id, or where the default comes from when it has none."""
    first: dict[str, int] = {}
    for number, ident in enumerate(ids):
        if not ident or first.setdefault(ident, number) == number:
            continue
        value, other = {"value": ident}, (section, first[ident])
        if written[number]:
            yield Finding((section, number, "id"), "duplicate_id", value, first=other)
        else:
            path = (section, number, default_from) if default_from else (section, number)
            yield Finding(path, "needs_id", value, first=other)


def _shared_numbers(people: list[PersonTable]) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for number, person in enumerate(people):
        if person.phone and first.setdefault(person.phone, number) != number:
            other = ("people", first[person.phone], "phone")
            yield Finding(("people", number, "phone"), "duplicate_number", first=other)
