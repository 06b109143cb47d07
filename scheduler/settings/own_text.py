"""A text in the administrator's words: one file that stands for one that catruc ships."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from notifications.template import Field, Flaw, Template, Variant, file_of, parse
from notifications.text import fold
from scheduler.reminders.reminder import Kind
from scheduler.reminders.vocabulary import FIELDS, LANGUAGES, fields_for, kinds_by_file
from scheduler.settings.finding import Finding
from scheduler.settings.locate import Path, Position, unlocated
from scheduler.settings.names import nearest

# Ten times what fits into the longest message that any network takes.
MOST_CHARACTERS = 2_000


@dataclass(frozen=True)
class Prose:
    """Where things stand in a text: key paths are offsets, from and to."""

    text: str

    def position(self, path: Path, *, at_key: bool = False) -> Position:
        """The place of (start, end)."""
        del at_key
        start, end = map(int, path)
        return unlocated(self.text).between(start, end)

    def shown(self, position: Position) -> str:
        """The line from the position on."""
        return unlocated(self.text).shown(position)


@dataclass(frozen=True)
class OwnText:
    """What such a file says, and what is wrong with it; without a fault it has a `template`."""

    template: Template | None
    findings: tuple[Finding, ...]


def own_text(text: str, name: str) -> OwnText:
    """The text in the file `name`, whose own name says which one it is; never raises."""
    findings = tuple(_findings(text, PurePosixPath(name).name))
    return OwnText(None if findings else parse(text), findings)


def file_in(name: str) -> str:
    """The text that a file of this name stands for: ``texts/ask.vi.txt`` is "ask.vi.txt"."""
    return PurePosixPath(name).name


def whole_line(text: str) -> Path:
    """The first line of a text that says something, for what is wrong with all of it."""
    start = len(text) - len(text.lstrip())
    return start, len(text)


def _findings(text: str, file: str) -> Iterator[Finding]:
    kind = kinds_by_file().get(file)
    if kind is None:
        yield Finding((0, 0), "text_unknown", {"value": file, "names": ", ".join(Kind)}, _meant(file))
    elif not text.strip():
        yield Finding((0, 0), "text_empty")
    elif len(text) > MOST_CHARACTERS:
        yield Finding((0, 0), "text_too_big", {"most": str(MOST_CHARACTERS)})
    else:
        yield from _faults(parse(text), kind)


def _meant(file: str) -> str | None:
    """Windows hides endings, and people add them again; a word processor has endings of its own."""
    name, *rest = re.split(r"[\s.]+", file.casefold().replace("-", "_"))
    kind = nearest(name, tuple(Kind))
    language = next((each for each in LANGUAGES if each in rest), LANGUAGES[0])
    return file_of(kind, language) if kind else None


def _faults(template: Template, kind: Kind) -> Iterator[Finding]:
    for flaw in template.flaws:
        yield _flawed(flaw, template.source)
    known = fields_for(kind)
    for field in template.fields:
        if field.name not in known:
            params = {"value": field.name, "fields": ", ".join(known)}
            yield Finding((field.start, field.end), "text_field", params, _field_meant(field.name, known))
    if not template.flaws and not all(map(_is_signed, template.variants())):
        yield Finding(whole_line(template.source), "text_unsigned")


def _flawed(flaw: Flaw, source: str) -> Finding:
    params = {"value": source[flaw.start : flaw.end]}
    return Finding((flaw.start, flaw.end), flaw.code, params)


def _field_meant(name: str, known: tuple[str, ...]) -> str | None:
    """The field of nearly that name, in English or in Vietnamese."""
    words = {word: field for field in known for word in (field, FIELDS[field].vi.replace("_", " "))}
    guess = nearest(fold(name.replace("_", " ")), tuple(words))
    return words[guess] if guess else None


def _is_signed(variant: Variant) -> bool:
    return any(isinstance(piece, Field) and piece.name == "sender" for piece in variant.pieces)
