"""Texts as templates: one file a text and language, fields in, one line out.

The language is as small as it can be: ``{{ field }}``, ``{% if field %}`` or ``{% if field != "0" %}``,
``{% else %}``, ``{% endif %}``. Each of them means what it means in Jinja2, and there is nothing else: no
attributes, no calls, no loops. So whoever may write a text can make no program of it, and a name that holds
template signs or line ends stays a name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from typing import TypeAlias

SUFFIX = ".txt"
# Enough for any text; each may double the forms in which a text is measured and registered.
MOST_CHOICES = 8

_MARK = re.compile(
    r"\{\{(?P<field>[^{}]*)\}\}"
    r"|\{%(?P<tag>(?:[^{}%]|%(?!\}))*)%\}"
    r"|(?P<single>\{{3,}[^{}\n]*\}{3,}|\{[^{}%#\n]*\})"
    r"|(?P<unclosed>\{[{%][^{}\n]*\}?)"
    r"|(?P<stray>\{#?|[%#}]?\})"
)
_NAME = re.compile(r"\s*([^\W\d]\w*)\s*")
_IF = re.compile(r"\s*if\s+([^\W\d]\w*)\s*(?:(!=)\s*(?:\"0\"|'0')\s*)?")


class BadText(ValueError):
    """A text that cannot be written: unknown, misspelt, or without one of its fields."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that no text may hold, from offset `start` to `end`; `code` says which thing.

    The codes: not_a_field_name, not_a_tag, brace_unclosed, brace_single, brace_stray, if_unended, else_alone,
    endif_alone, too_many_choices.
    """

    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True)
class Field:
    """A place in a text that is filled in."""

    name: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds where the field `name` is neither empty nor, if it is `counted`, zero."""

    name: str
    counted: bool = False

    def holds(self, fields: Mapping[str, str]) -> bool:
        """Whether it does when the fields are these."""
        # As in Jinja2, where "" is not "0".
        return fields[self.name] != "0" if self.counted else fields[self.name] != ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Two ways in which a text goes on."""

    condition: Condition
    then: "Pieces"
    otherwise: "Pieces"
    start: int = 0
    end: int = 0


Pieces: TypeAlias = tuple["str | Field | Choice", ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One form that a text can take: its pieces where each condition in `when` holds, or does not."""

    when: Mapping[Condition, bool]
    pieces: tuple[str | Field, ...]

    def fits(self, fields: Mapping[str, str]) -> bool:
        """Whether these fields, which may be some of all, make the text take this form."""
        return all(
            condition.holds(fields) is truth
            for condition, truth in self.when.items()
            if condition.name in fields
        )


@dataclass(frozen=True, slots=True)
class Template:
    """One text.

    `fields` are all places in which it names a field, conditions included, and `names` what is named there.
    `flaws` are all that is wrong with it; with any, it says less than its source.
    """

    source: str
    pieces: Pieces
    fields: tuple[Field, ...] = ()
    names: frozenset[str] = frozenset()
    flaws: tuple[Flaw, ...] = ()
    conditions: tuple[Condition, ...] = ()
    # Thousands of texts take one form: what it says is put together once.
    _forms: dict[tuple[bool, ...], str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def variants(self) -> tuple[Variant, ...]:
        """Every form that the text can take."""
        return tuple(_variants(self.pieces, (), {}))

    def render(self, fields: Mapping[str, str]) -> str:
        """The text on one line with single spaces; every field that it names must be given."""
        truths = tuple([condition.holds(fields) for condition in self.conditions])
        if truths not in self._forms:
            self._forms[truths] = _form(self.pieces, dict(zip(self.conditions, truths, strict=True)))
        return " ".join((self._forms[truths] % fields).split())


@dataclass(frozen=True, slots=True)
class Templates:
    """Texts by the name of their file, ``NAME.LANG.txt``."""

    files: Mapping[str, Template]

    def named(self, name: str, language: str) -> Template:
        """One text.

        Raises:
            BadText: there is no such text.
        """
        file = file_of(name, language)
        if found := self.files.get(file):
            return found
        known = ", ".join(sorted(self.files)) or "none"
        raise BadText(f"there is no text {file}; there are: {known}")

    def fields_of(self, name: str, language: str) -> frozenset[str]:
        """The fields that a text takes.

        Raises:
            BadText: there is no such text.
        """
        return self.named(name, language).names

    def render(self, name: str, language: str, fields: Mapping[str, str]) -> str:
        """The text in `language`, on one line with single spaces.

        Raises:
            BadText: there is no such text, or one of its fields is not given.
        """
        template = self.named(name, language)
        if not template.names <= fields.keys():
            missing = template.names - fields.keys()
            given = ", ".join(sorted(fields)) or "none"
            file = file_of(name, language)
            raise BadText(f'{file} names the field "{min(missing)}", which is not given; given are: {given}')
        return template.render(fields)

    def overridden_by(self, others: Mapping[str, Template]) -> "Templates":
        """These texts, but those of `others` in the place of the ones with the same name."""
        return Templates({**self.files, **others})

    def different_in(self, other: "Templates") -> tuple[str, ...]:
        """The names of the files that say something else there."""
        names = sorted(self.files.keys() | other.files.keys())
        return tuple(name for name in names if self.files.get(name) != other.files.get(name))


def file_of(name: str, language: str) -> str:
    """The file of a text: ``ask.vi.txt``."""
    return f"{name}.{language}{SUFFIX}"


def templates_of(sources: Mapping[str, str]) -> Templates:
    """The texts in `sources`, by file name.

    Raises:
        BadText: one of them has a flaw.
    """
    files = {file: parse(source) for file, source in sources.items()}
    for file, template in files.items():
        for flaw in template.flaws:
            line = template.source.count("\n", 0, flaw.start) + 1
            raise BadText(f"{file}:{line}: {flaw.code}: {template.source[flaw.start : flaw.end]}")
    return Templates(files)


def templates_in(folder: Traversable) -> Templates:
    """All texts of a folder, read as UTF-8.

    Raises:
        BadText: one of them has a flaw.
    """
    files = (entry for entry in folder.iterdir() if entry.name.endswith(SUFFIX))
    return templates_of({file.name: file.read_text(encoding="utf-8") for file in files})


def parse(source: str) -> Template:
    """The text that `source` is, with all of its flaws; never raises, whatever the source is."""
    reader = _Reader(source)
    pieces = reader.read()
    fields = tuple(_fields(pieces))
    flaws = tuple(sorted(reader.flaws, key=lambda flaw: flaw.start))
    names = frozenset(field.name for field in fields)
    return Template(source, pieces, fields, names, flaws, tuple(dict.fromkeys(_conditions(pieces))))


@dataclass(slots=True)
class _Open:
    """A choice that has been begun."""

    condition: Condition
    start: int
    end: int
    then: Pieces | None = None


class _Reader:
    """Reads a source from mark to mark; what is in no choice yet is in the first of `levels`."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.flaws: list[Flaw] = []
        self._open: list[_Open] = []
        self._levels: list[list[str | Field | Choice]] = [[]]
        self._choices = 0

    def read(self) -> Pieces:
        at = 0
        for mark in _MARK.finditer(self.source):
            self._say(self.source[at : mark.start()])
            self._take(mark)
            at = mark.end()
        self._say(self.source[at:])
        while self._open:
            if self._open[-1].condition.name:
                self._flaw("if_unended", self._open[-1].start, self._open[-1].end)
            self._close()
        return tuple(self._levels[0])

    def _say(self, words: str) -> None:
        if words:
            self._levels[-1].append(words)

    def _take(self, mark: re.Match[str]) -> None:
        if mark["field"] is not None:
            self._field(mark)
        elif mark["tag"] is not None:
            self._tag(mark)
        else:
            self._flaw(f"brace_{mark.lastgroup}", *mark.span())

    def _field(self, mark: re.Match[str]) -> None:
        if found := _NAME.fullmatch(mark["field"]):
            start = mark.start("field")
            self._levels[-1].append(Field(found[1], start + found.start(1), start + found.end(1)))
        else:
            self._flaw("not_a_field_name", *mark.span())

    def _tag(self, mark: re.Match[str]) -> None:
        word = mark["tag"].strip()
        if word == "else":
            self._else(mark)
        elif word == "endif":
            self._endif(mark)
        elif word.lstrip("-+ ").startswith("if"):
            self._if(mark)
        else:
            self._flaw("not_a_tag", *mark.span())

    def _if(self, mark: re.Match[str]) -> None:
        found = _IF.fullmatch(mark["tag"])
        self._choices += 1
        if found is None:
            self._flaw("not_a_tag", *mark.span())
        elif self._choices == MOST_CHOICES + 1:
            self._flaw("too_many_choices", *mark.span())
        # One that is misspelt is opened all the same: what ends it is no second mistake.
        condition = Condition(found[1], counted=bool(found[2])) if found else Condition("")
        start = mark.start("tag")
        place = (start + found.start(1), start + found.end(1)) if found else mark.span()
        self._open.append(_Open(condition, *place))
        self._levels.append([])

    def _else(self, mark: re.Match[str]) -> None:
        if not self._open or self._open[-1].then is not None:
            self._flaw("else_alone", *mark.span())
            return
        self._open[-1].then = tuple(self._levels.pop())
        self._levels.append([])

    def _endif(self, mark: re.Match[str]) -> None:
        if self._open:
            self._close()
        else:
            self._flaw("endif_alone", *mark.span())

    def _close(self) -> None:
        begun, last = self._open.pop(), tuple(self._levels.pop())
        then, otherwise = (last, ()) if begun.then is None else (begun.then, last)
        self._levels[-1].append(Choice(begun.condition, then, otherwise, begun.start, begun.end))

    def _flaw(self, code: str, start: int, end: int) -> None:
        self.flaws.append(Flaw(start, end, code))


def _fields(pieces: Pieces) -> Iterator[Field]:
    for piece in pieces:
        if isinstance(piece, Field):
            yield piece
        elif isinstance(piece, Choice):
            if piece.condition.name:
                yield Field(piece.condition.name, piece.start, piece.end)
            yield from _fields(piece.then)
            yield from _fields(piece.otherwise)


def _conditions(pieces: Pieces) -> Iterator[Condition]:
    for piece in pieces:
        if isinstance(piece, Choice):
            yield piece.condition
            yield from _conditions(piece.then)
            yield from _conditions(piece.otherwise)


def _form(pieces: Pieces, truths: Mapping[Condition, bool]) -> str:
    """What a text says where these conditions hold or do not, with ``%(name)s`` where a field stands."""
    said = ""
    for piece in pieces:
        if isinstance(piece, str):
            said += piece.replace("%", "%%")
        elif isinstance(piece, Field):
            said += f"%({piece.name})s"
        else:
            said += _form(piece.then if truths[piece.condition] else piece.otherwise, truths)
    return said


def _variants(
    pieces: Sequence[str | Field | Choice], said: tuple[str | Field, ...], when: Mapping[Condition, bool]
) -> Iterator[Variant]:
    """The forms of a text that has begun with `said`, where what is known of its conditions is `when`."""
    for at, piece in enumerate(pieces):
        if not isinstance(piece, Choice):
            said = (*said, piece)
            continue
        truths = [when[piece.condition]] if piece.condition in when else [True, False]
        for truth in truths:
            branch = piece.then if truth else piece.otherwise
            yield from _variants((*branch, *pieces[at + 1 :]), said, {**when, piece.condition: truth})
        return
    yield Variant(when, said)
