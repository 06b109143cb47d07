"""Two lists of people made one: who is added, changes or stays; a person is a phone number."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from scheduler.settings.columns import REQUIRED
from scheduler.settings.people_list import PeopleList, Row, in_unicode, read_people


@dataclass(frozen=True, slots=True)
class Entry:
    """A person by the row of their list, with the headings of what changes."""

    row: int
    name: str
    headings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Merge:
    """What comes of a list and another one.

    `rows` is the list afterwards. What is wrong with it is told by the rows of the two lists as they are, for
    which `left` is what is left of the one, and `right` the other with what it does not say, as it is `read`.
    Who is `missing` in the other stays, or is `removed`.
    """

    rows: tuple[Row, ...]
    left: tuple[Row, ...]
    right: tuple[Row, ...]
    added: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    unchanged: int
    missing: tuple[Entry, ...]
    read: PeopleList = field(compare=False, repr=False)
    removed: tuple[Entry, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def merge(kept: Iterable[Row], other: Iterable[Row], *, is_whole: bool = False) -> Merge:
    """The list `kept` with what `other` says of its people.

    An empty cell of the other says nothing. Who is missing there stays, unless it `is_whole`; what else
    stands in `kept`, and where, stays as it is.
    """
    return _Merging(_Table.of(kept), _Table.of(other), is_whole).done()


@dataclass(frozen=True)
class _Table:
    rows: tuple[Row, ...]
    read: PeopleList

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "_Table":
        as_read = in_unicode(tuple(rows))
        return cls(as_read, read_people(as_read))

    @cached_property
    def headings(self) -> Row:
        at = self.read.site.heading - 1
        return self.rows[at] if at < len(self.rows) else ()

    @cached_property
    def columns(self) -> Mapping[str, int]:
        return {key: column - 1 for key, column in self.read.site.columns.items()}

    @cached_property
    def by_phone(self) -> Mapping[str, int]:
        return {person.phone: number for number, person in enumerate(self.read.people) if person.phone}

    def line(self, number: int) -> int:
        """The row of a person, from 0."""
        return self.read.site.rows[number] - 1

    def cell(self, number: int, key: str) -> str:
        row, at = self.rows[self.line(number)], self.columns.get(key)
        return row[at] if at is not None and at < len(row) else ""

    def value(self, number: int, key: str) -> object:
        if key == "consent":
            return self.read.consents.get(number)
        return getattr(self.read.people[number], key)

    def entry(self, number: int, headings: Iterable[str] = ()) -> Entry:
        name = self.read.people[number].name or self.cell(number, "name")
        return Entry(self.line(number) + 1, name, tuple(headings))


class _Merging:
    def __init__(self, kept: _Table, other: _Table, is_whole: bool) -> None:
        self.kept, self.other, self.is_whole = kept, other, is_whole
        self.pairs = {
            number: kept.by_phone.get(person.phone) for number, person in enumerate(other.read.people)
        }

    def done(self) -> Merge:
        known = {old for old in self.pairs.values() if old is not None}
        missing = [number for number in range(len(self.kept.read.people)) if number not in known]
        changes = {new: self._changed(new, old) for new, old in self.pairs.items() if old is not None}
        gone = {self.kept.line(number) for number in missing} if self.is_whole else set()
        # With the headings of the kept list a file without any would look like one that names nobody.
        is_list = self.other.columns.keys() >= set(REQUIRED)
        right = tuple(self._right()) if is_list else self.other.rows
        overridden = {self.kept.line(number) for number in known}
        return Merge(
            rows=tuple(self._rows(changes, gone)),
            left=tuple(
                () if at in gone or at in overridden else row for at, row in enumerate(self.kept.rows)
            ),
            right=right,
            added=tuple(self.other.entry(new) for new, old in self.pairs.items() if old is None),
            changed=tuple(self.other.entry(new, headings) for new, headings in changes.items() if headings),
            unchanged=sum(not headings for headings in changes.values()),
            read=self.other.read if right == self.other.rows else read_people(right),
            missing=() if self.is_whole else tuple(map(self.kept.entry, missing)),
            removed=tuple(map(self.kept.entry, missing)) if self.is_whole else (),
        )

    def _changed(self, new: int, old: int) -> list[str]:
        return [
            self.other.headings[column]
            for key, column in self.other.columns.items()
            if self.other.cell(new, key) and self.other.value(new, key) != self.kept.value(old, key)
        ]

    def _rows(self, changes: Mapping[int, list[str]], gone: set[int]) -> Iterator[Row]:
        """The list afterwards: new columns on its right, new people below."""
        columns, headings = _with_columns(self.kept, self.other)
        changed = {
            self.kept.line(old): new for new, old in self.pairs.items() if old is not None and changes[new]
        }
        heading = self.kept.read.site.heading - 1
        for at, row in enumerate(self.kept.rows or ((),)):
            if at == heading:
                yield headings
            elif at in changed:
                yield self._over(row, changed[at], columns)
            elif at not in gone:
                yield row
        for new, old in self.pairs.items():
            if old is None:
                yield self._over((), new, columns)

    def _over(self, row: Row, new: int, columns: Mapping[str, int]) -> Row:
        cells = [*row, *[""] * (max(columns.values()) + 1 - len(row))]
        for key in self.other.columns:
            if cell := self.other.cell(new, key):
                cells[columns[key]] = self.other.read.phones[new] if key == "phone" else cell
        return tuple(cells)

    def _right(self) -> Iterator[Row]:
        columns, headings = _with_columns(self.other, self.kept)
        lines = {self.other.line(new): new for new in self.pairs}
        for at, row in enumerate(self.other.rows):
            if at == self.other.read.site.heading - 1:
                yield headings
            elif at in lines:
                yield self._filled(row, lines[at], columns)
            else:
                yield row

    def _filled(self, row: Row, new: int, columns: Mapping[str, int]) -> Row:
        old = self.pairs[new]
        if old is None:
            return row
        cells = [*row, *[""] * (max(columns.values()) + 1 - len(row))]
        for key in self.kept.columns:
            cells[columns[key]] = cells[columns[key]] or self.kept.cell(old, key)
        return tuple(cells)


def _with_columns(table: _Table, more: _Table) -> tuple[dict[str, int], Row]:
    """The columns of a table and, on its right, those that only the other has; with all headings."""
    columns, headings = dict(table.columns), list(table.headings)
    for key, at in more.columns.items():
        if key not in columns:
            columns[key] = len(headings)
            headings.append(more.headings[at])
    return columns, tuple(headings)
