"""One thing wrong with the settings, and how it is printed."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scheduler.settings.wording import WORDING, did_you_mean

_WIDEST = 160
_CUT = "…"


class Severity(StrEnum):
    """An error cannot be carried out; a warning can be, but looks wrong."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of the file.

    `line` and `column` count from 1 in characters, `length` is how many of them the caret marks, `quotes` how
    many of these open a text; `code` and `params` choose and fill the sentence; `suggestion` is what was
    probably meant. In a list of people `line` and `column` are those of a cell, and `cell` is what it says.
    """

    file: str
    line: int
    column: int
    length: int
    severity: Severity
    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    suggestion: str | None = None
    quotes: int = 0
    cell: str | None = None

    @property
    def pointed(self) -> int:
        """The column that is named: of a text, its first character behind the quotes."""
        return self.column + self.quotes

    def message(self, language: str) -> str:
        """What is wrong, as one sentence in "vi" or "en", without the suggestion."""
        params = {key: _printable(value) for key, value in self.params.items()}
        return WORDING[self.code].in_language(language).format_map(params)

    def heading(self, language: str) -> str:
        """``path:line:column: message — did you mean "…"?``, on one line."""
        warning = "" if self.severity is Severity.ERROR else {"en": "warning: "}.get(language, "lưu ý: ")
        guess = did_you_mean(self.suggestion, language) if self.suggestion else ""
        return f"{self.file}:{self.line}:{self.pointed}: {warning}{self.message(language)}{guess}"

    def render(self, source_line: str, language: str) -> str:
        """The heading, the line of the file, and carets under all that is wrong in it.

        The heading alone where there is nothing to show: a file that is missing has no line.
        """
        if not source_line.strip() and self.cell is None:
            return self.heading(language)
        shown, column = _window(_printable(source_line), self.column)
        length = self.length
        if self.cell is not None:
            shown, column, length = _window(_printable(self.cell), 1)[0], 1, len(self.cell)
        before, marked = shown[: column - 1], shown[column - 1 : column - 1 + length]
        pad = "".join("\t" if letter == "\t" else " " for letter in _seen(before))
        carets = "^" * max(len(_seen(marked)), 1)
        number = f"{self.line:>4}"
        return f"{self.heading(language)}\n{number} | {shown}\n{' ' * len(number)} | {pad}{carets}"

    def as_json(self, language: str) -> dict[str, str | int | None]:
        """The problem as ``catruc check --json`` prints it."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.pointed,
            "severity": self.severity.value,
            "code": self.code,
            "message": self.message(language),
            "suggestion": self.suggestion,
        }

    def as_github(self, language: str) -> str:
        """The problem as a workflow command of GitHub, which shows it beside the line."""
        guess = did_you_mean(self.suggestion, language) if self.suggestion else ""
        places = {"file": self.file, "line": self.line, "col": self.pointed, "title": self.code}
        where = ",".join(f"{key}={_escaped(str(value), ',:')}" for key, value in places.items())
        return f"::{self.severity.value} {where}::{_escaped(self.message(language) + guess)}"


def _escaped(text: str, more: str = "") -> str:
    """`text` as a workflow command takes it: a percent sign, a line end and `more` as their codes."""
    return "".join(f"%{ord(letter):02X}" if letter in "%\r\n" + more else letter for letter in text)


def _printable(line: str) -> str:
    """A broken file may hold escape sequences; a terminal must never obey them."""
    return "".join(letter if letter.isprintable() or letter == "\t" else "�" for letter in line)


def _seen(text: str) -> str:
    """Only the characters that take a column of their own: decomposed accents do not."""
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def _window(line: str, column: int) -> tuple[str, int]:
    """A line that no screen holds is cut around the column."""
    if len(line) <= _WIDEST:
        return line, column
    first = max(0, min(column - 1 - _WIDEST // 2, len(line) - _WIDEST))
    cut = line[first : first + _WIDEST]
    return (_CUT + cut, column - first + 1) if first else (cut, column)
