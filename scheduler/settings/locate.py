"""Where each key path stands in a TOML text.

Runs only when there is a problem to point at, on a text that the TOML parser has accepted: so it may be
small, and trusts what it reads.
"""

import re
from bisect import bisect_right
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import tomli

Path = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"\"(?:[^\"\\\n]+|\\.)*+\"|'[^'\n]*'|[A-Za-z0-9_-]+")
_LONG_TEXT = re.compile(
    r"\"\"\"(?:[^\\\"]+|\\.|\"{1,2}(?!\"))*+\"{3,5}|'''(?:[^']+|'{1,2}(?!'))*+'{3,5}", re.DOTALL
)
_TEXT = re.compile(r"\"(?:[^\"\\\n]+|\\.)*+\"|'[^'\n]*'")
_BARE = re.compile(r"[^,\]}#\r\n]*[^,\]}#\r\n \t]")
_SHORT = r"\"[^\"\\\n]*+\"(?!\")|[^\s\"'\[{#,]++"
# Nine lines in ten are one word, one short value and perhaps a comment: seen at one glance. (Possessive marks
# stand at single characters only: at groups, early versions of Python 3.11 get them wrong.)
_WORD, _LIST = r"[A-Za-z0-9_-]++", rf"\[(?:(?:{_SHORT})(?:,[ \t]*+)?)*\]"
_AFTER = r"[ \t]*+(?:#[^\n]*+)?(?:\n\s*+|\Z)"
_PLAIN_LINE = re.compile(rf"({_WORD})[ \t]*+=[ \t]*+(?:({_SHORT})|({_LIST})){_AFTER}")
_PLAIN_LINES = re.compile(rf"(?:{_WORD}[ \t]*+=[ \t]*+(?:{_SHORT}|{_LIST}){_AFTER})*")
_ITEM = re.compile(_SHORT)


class Spot(NamedTuple):
    """Offsets of one key and its value, ends exclusive; of a table both are its header."""

    key: int
    key_end: int
    value: int
    value_end: int


@dataclass(frozen=True, slots=True)
class Position:
    """Line and column from 1, and how many characters of that line are meant."""

    line: int
    column: int
    length: int


@dataclass(frozen=True)
class Located:
    """A text and the spots of its key paths; array entries have their number in the path."""

    text: str
    spots: Mapping[Path, Spot]
    starts: tuple[int, ...] = field(repr=False)

    def position(self, path: Path, *, at_key: bool = False) -> Position:
        """Where the value (or the key) of `path` stands; where its nearest table does when it is absent."""
        while path and path not in self.spots:
            path, at_key = path[:-1], False
        if not path:
            return Position(1, 1, 1)
        spot = self.spots[path]
        return self.between(spot.key, spot.key_end) if at_key else self.between(spot.value, spot.value_end)

    def between(self, start: int, end: int) -> Position:
        """The position of these offsets; of more than one line, the first."""
        line = bisect_right(self.starts, start)
        line_end = self.starts[line] - 1 if line < len(self.starts) else len(self.text)
        return Position(line, start - self.starts[line - 1] + 1, max(min(end, line_end) - start, 1))

    def shown(self, position: Position) -> str:
        """The line from the position on."""
        return self.line(position.line)[position.column - 1 :]

    def line(self, number: int) -> str:
        """The text of one line, counted from 1."""
        if not 1 <= number <= len(self.starts):
            return ""
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[self.starts[number - 1] : end].rstrip("\r\n")


def unlocated(text: str) -> Located:
    """Lines only, for a text that is not TOML."""
    return Located(text, {}, (0, *(match.end() for match in re.finditer("\n", text))))


def locate(text: str, wanted: Container[Path] | None = None) -> Located:
    """The spots of every key path in `text`, which must be valid TOML nested less than 100 deep.

    With `wanted`, entries of arrays of tables that are not in it, like ("shifts", 3), are passed over.
    """
    scanner = _Scanner(text)
    scanner.scan(wanted)
    return Located(text, scanner.spots, unlocated(text).starts)


class _Scanner:
    """Walks over the text once; `at` is the offset reached."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.spots: dict[Path, Spot] = {}
        self.arrays: dict[Path, int] = {}

    def scan(self, wanted: Container[Path] | None) -> None:
        table: Path = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
                if wanted is not None and isinstance(table[-1], int) and table[:2] not in wanted:
                    self._skip(_BLANK)
                    self._skip(_PLAIN_LINES)
            elif found := _PLAIN_LINE.match(self.text, self.at):
                self._plain(table, found)
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _plain(self, table: Path, found: re.Match[str]) -> None:
        """What `_pair` would do, for a line that holds nothing to look into."""
        path, value = (*table, found[1]), 2 if found[2] is not None else 3
        start, end = found.span(value)
        self.spots.setdefault(path, Spot(*found.span(1), start, end))
        if value == 3:
            for number, item in enumerate(_ITEM.finditer(self.text, start + 1, end - 1)):
                self.spots[*path, number] = Spot(*item.span(), *item.span())
        self.at = found.end()

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise ValueError(f"not TOML at offset {self.at}")
        self.at = found.end()
        return found.group()

    def _header(self) -> Path:
        start = self.at
        repeated = self.text.startswith("[[", start)
        self.at += 2 if repeated else 1
        keys = self._keys()
        self.at += 2 if repeated else 1
        path = self._table_path(tuple(name for name, _, _ in keys), repeated)
        spot = Spot(start, self.at, start, self.at)
        for length in range(1, len(path)):
            self.spots.setdefault(path[:length], spot)
        self.spots[path] = spot
        return path

    def _table_path(self, names: tuple[str, ...], repeated: bool) -> Path:
        """A name of an array of tables stands for its last entry; ``[[…]]`` begins a new one."""
        path: Path = ()
        for place, name in enumerate(names, start=1):
            path = (*path, name)
            if repeated and place == len(names):
                self.arrays[path] = self.arrays.get(path, -1) + 1
            if path in self.arrays:
                path = (*path, self.arrays[path])
        return path

    def _keys(self) -> list[tuple[str, int, int]]:
        """The parts of a dotted key, each with its offsets."""
        keys = []
        while True:
            self._skip(_SPACE)
            start = self.at
            name = _unquoted(self._skip(_KEY))
            keys.append((name, start, self.at))
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def _pair(self, table: Path) -> None:
        keys = self._keys()
        self.at += 1
        self._skip(_SPACE)
        path, start = table, self.at
        for name, _, _ in keys:
            path = (*path, name)
        self._value(path)
        prefix = table
        for name, key, key_end in keys:
            prefix = (*prefix, name)
            self.spots.setdefault(prefix, Spot(key, key_end, start, self.at))

    def _value(self, path: Path) -> None:
        opening = self.text[self.at]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline_table(path)
        elif opening in "\"'":
            long = self.text.startswith(opening * 3, self.at)
            self._skip(_LONG_TEXT if long else _TEXT)
        else:
            self._skip(_BARE)

    def _array(self, path: Path) -> None:
        self.at += 1
        number = 0
        self._skip(_BLANK)
        while self.text[self.at] != "]":
            start = self.at
            self._value((*path, number))
            self.spots[*path, number] = Spot(start, self.at, start, self.at)
            number += 1
            self._separator()
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        self._skip(_BLANK)
        while self.text[self.at] != "}":
            self._pair(path)
            self._separator()
        self.at += 1

    def _separator(self) -> None:
        self._skip(_BLANK)
        if self.text.startswith(",", self.at):
            self.at += 1
            self._skip(_BLANK)


def _unquoted(key: str) -> str:
    """The name that a written key stands for."""
    if key[0] == '"' and "\\" in key:
        return str(tomli.loads(f"key = {key}")["key"])
    return key[1:-1] if key[0] in "\"'" else key
