"""A list of people, row by row: the same values as ``[[people]]``, in the words of a spreadsheet."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from scheduler.settings.columns import HEADINGS, KEYS, REQUIRED, is_example, key_of, value_of, with_zero
from scheduler.settings.finding import Finding
from scheduler.settings.grammar import PersonTable
from scheduler.settings.locate import Path, Position
from scheduler.settings.names import fold, nearest
from scheduler.settings.old_letters import from_tcvn3
from scheduler.settings.words import Misread

Row = tuple[str, ...]

# A hundred thousand people, their headings, and what stands above and between them.
MOST_ROWS = 101_000
MOST_TITLES = 10  # rows above the headings: the name of the list, the date, the seal
# What pydantic would put in for each absent key, at a hundred times the cost; nobody changes these values.
_ABSENT = {
    key: field.get_default(call_default_factory=True) for key, field in PersonTable.model_fields.items()
}


class NoList(ValueError):
    """A file that is no list of people; `code` and `params` choose and fill the sentence."""

    def __init__(self, code: str, row: int = 1, **params: str) -> None:
        super().__init__(code)
        self.code, self.row, self.params = code, row, params


@dataclass(frozen=True)
class PeopleList:
    """The people of one list, and what is wrong with it.

    `text` are the rows as lines of JSON, with only those cells that mean something here, so that it can be
    kept and read again; `phones` are the numbers as written, and `consents` the days on which people agreed
    to be texted, both by the number of the person.
    """

    text: str
    people: tuple[PersonTable, ...]
    findings: tuple[Finding, ...]
    phones: Mapping[int, str]
    consents: Mapping[int, date]
    site: "Cells"


@dataclass(frozen=True)
class Cells:
    """Where the people of a list stand: row and column, as a spreadsheet numbers them."""

    text: str
    heading: int
    rows: tuple[int, ...]
    columns: Mapping[str, int]

    def position(self, path: Path, *, at_key: bool = False) -> Position:
        """The cell of ("people", number, key); the heading row for anything else."""
        del at_key
        if path[:1] == ("column",):
            return Position(self.heading, int(path[1]), 1)
        if path[:1] != ("people",) or len(path) < 2 or int(path[1]) >= len(self.rows):
            return Position(self.heading, 1, 1)
        column = self.columns.get(str(path[2]), 1) if len(path) > 2 else 1
        return Position(self.rows[int(path[1])], column, 1)

    def shown(self, position: Position) -> str:
        """The cell."""
        cells = self._rows[position.line - 1] if position.line <= len(self._rows) else ()
        return cells[position.column - 1] if position.column <= len(cells) else ""

    @cached_property
    def _rows(self) -> tuple[Row, ...]:
        return rows_of(self.text)


def read_people(rows: Iterable[Row]) -> PeopleList:
    """The people in `rows`, with every fault of every row."""
    kept = in_unicode(tuple(rows))
    heading = _heading_row(kept)
    headings = kept[heading] if heading < len(kept) else ()
    columns, findings = _columns(headings)
    people: list[PersonTable] = []
    phones: dict[int, str] = {}
    consents: dict[int, date] = {}
    numbers = []
    if columns.keys() >= set(REQUIRED):
        for at in range(heading + 1, len(kept)):
            written = _written(kept[at], columns)
            if any(written.values()) and not is_example(written.get("name", "")):
                number = len(people)
                phones[number] = with_zero(written.get("phone", ""))
                values, wrong = _read_row(number, written, columns, headings)
                if agreed := values.pop("consent", None):
                    consents[number] = agreed
                people.append(PersonTable.model_construct(set(values), **_ABSENT | values))
                findings += wrong
                numbers.append(at + 1)
    text = _as_lines(kept, heading, columns)
    site = Cells(text, heading + 1, tuple(numbers), {key: at + 1 for key, at in columns.items()})
    return PeopleList(text, tuple(people), tuple(findings), phones, consents, site)


def rows_of(text: str) -> tuple[Row, ...]:
    """The rows that `text` of a `PeopleList` was made of."""
    return tuple(tuple(map(str, json.loads(line))) for line in text.split("\n")) if text else ()


def in_unicode(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows as an ABC font shows them, where only so their headings are known."""
    heading = _heading_row(rows)
    cells = rows[heading] if heading < len(rows) else ()
    if _known(map(from_tcvn3, cells)) <= _known(cells):
        return rows
    return tuple(tuple(map(from_tcvn3, row)) for row in rows)


def _heading_row(rows: tuple[Row, ...]) -> int:
    """The row with the most known headings among the first ones that hold anything."""
    written = [at for at, row in enumerate(rows) if any(row)][:MOST_TITLES]
    known = {at: max(_known(rows[at]), _known(map(from_tcvn3, rows[at]))) for at in written}
    return max(written, key=lambda at: (known[at], -at), default=0)


def _known(cells: Iterable[str]) -> int:
    return len({key_of(cell) for cell in cells} - {None})


def _columns(headings: Row) -> tuple[dict[str, int], list[Finding]]:
    """Which key stands in which column, counted from 0; and what is wrong with the headings."""
    columns: dict[str, int] = {}
    findings = []
    unknown = []
    for at, heading in enumerate(headings):
        key = key_of(heading)
        if key is None:
            unknown.append(at)
        elif key in columns:
            findings.append(Finding(("column", at + 1), "column_twice", {"value": heading}))
        else:
            columns[key] = at
    missing = [HEADINGS[key][0] for key in HEADINGS if key not in columns]
    for at in unknown:
        guess = nearest(headings[at], missing) if headings[at] else None
        if guess:
            code = "misspelt_column" if KEYS[fold(guess)] in REQUIRED else "unknown_column"
            findings.append(Finding(("column", at + 1), code, {"value": headings[at]}, guess))
            missing.remove(guess)
    lacking = [HEADINGS[key][0] for key in REQUIRED if HEADINGS[key][0] in missing]
    findings += [Finding(("column", 1), "missing_column", {"value": heading}) for heading in lacking]
    return columns, findings


def _written(row: Row, columns: Mapping[str, int]) -> dict[str, str]:
    return {key: row[at] if at < len(row) else "" for key, at in columns.items()}


def _read_row(
    number: int, written: Mapping[str, str], columns: Mapping[str, int], headings: Row
) -> tuple[dict[str, Any], list[Finding]]:
    """The values of one row without what is faulty, and what that is."""
    values: dict[str, Any] = {}
    findings = []
    for key, cell in written.items():
        try:
            if cell or key in REQUIRED:
                values[key] = value_of(key, cell)
        except Misread as misread:
            params = {"key": headings[columns[key]]} | misread.params
            findings.append(Finding(("people", number, key), misread.code, params, misread.suggestion))
    return values, findings


def _as_lines(rows: tuple[Row, ...], heading: int, columns: Mapping[str, int]) -> str:
    """Cells that mean nothing here, birthdays and bank accounts among them, are not kept."""
    width = max(columns.values(), default=-1) + 1
    meant = frozenset(columns.values())
    lines = []
    for number, row in enumerate(rows):
        cells = (
            [cell if at in meant else "" for at, cell in enumerate(row[:width])] if number > heading else []
        )
        lines.append(
            json.dumps(row if number == heading else cells if any(cells) else [], ensure_ascii=False)
        )
    return "\n".join(lines)
