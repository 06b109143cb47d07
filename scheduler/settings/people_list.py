"""A list of people, row by row: the same values as ``[[people]]``, in the words of a spreadsheet."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from scheduler.settings import leaves, words
from scheduler.settings.finding import Finding
from scheduler.settings.grammar import PersonTable
from scheduler.settings.locate import Path, Position
from scheduler.settings.names import fold, nearest
from scheduler.settings.words import Misread
from scheduler.timetable.availability import Window
from scheduler.timetable.shift import Role

Row = tuple[str, ...]

_HEADINGS = {
    "name": ("Họ tên", "Họ và tên", "Tên", "Name", "Full name"),
    "phone": ("Điện thoại", "Số điện thoại", "SĐT", "Di động", "Phone", "Phone number", "Mobile"),
    "salutation": ("Xưng hô", "Salutation"),
    "roles": ("Vai trò", "Role", "Roles"),
    "ward": ("Phường", "Ward"),
    "when": ("Lịch rảnh", "Giờ rảnh", "When", "Free"),
    "consent": ("Đồng ý nhận tin (ngày)", "Đồng ý nhận tin", "Consent (date)", "Consent"),
    "id": ("Mã", "id"),
}
_KEYS = {fold(heading): key for key, headings in _HEADINGS.items() for heading in headings}
_REQUIRED = ("name", "phone")
_ROLES = {
    "can bo": Role.STAFF, "staff": Role.STAFF,
    "tinh nguyen vien": Role.VOLUNTEER, "tnv": Role.VOLUNTEER, "volunteer": Role.VOLUNTEER,
    "truong nhom": Role.LEADER, "nhom truong": Role.LEADER, "leader": Role.LEADER,
}  # fmt: skip
_ROLE_WORDS = ("Cán bộ", "Tình nguyện viên", "Trưởng nhóm", "staff", "volunteer", "leader")
_MOST_TITLES = 10  # rows above the headings: the name of the list, the date, the seal
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: 00:00(?::00)?)?")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: 00:00(?::00)?)?")
_SEVERAL_ROLES = re.compile(r"[,;/\n]")
_SEVERAL_TIMES = re.compile(r"[;\n]")
# What is left of 0901 234 567, and of 0168 123 4567, in a cell that took it for a number.
_ZERO_LOST = re.compile(r"[35789]\d{8}|1\d{9}")
_NOT_A_DIGIT = re.compile(r"[\s.-]+")


@dataclass(frozen=True)
class PeopleList:
    """The people of one list, and what is wrong with it.

    `text` are the rows as lines of JSON, with only those cells that mean something here, so that it can be
    kept and read again; `phones` are the numbers as written.
    """

    text: str
    people: tuple[PersonTable, ...]
    findings: tuple[Finding, ...]
    phones: Mapping[int, str]
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
    kept = tuple(rows)
    heading = _heading_row(kept)
    headings = kept[heading] if heading < len(kept) else ()
    columns, findings = _columns(headings)
    people: list[PersonTable] = []
    phones: dict[int, str] = {}
    numbers = []
    if columns.keys() >= set(_REQUIRED):
        for at in range(heading + 1, len(kept)):
            written = _written(kept[at], columns)
            if any(written.values()):
                phones[len(people)] = _with_zero(written.get("phone", ""))
                findings += _read_row(len(people), written, columns, headings, people)
                numbers.append(at + 1)
    text = _as_lines(kept, heading, columns)
    site = Cells(text, heading + 1, tuple(numbers), {key: at + 1 for key, at in columns.items()})
    return PeopleList(text, tuple(people), tuple(findings), phones, site)


def rows_of(text: str) -> tuple[Row, ...]:
    """The rows that `text` of a `PeopleList` was made of."""
    return tuple(tuple(map(str, json.loads(line))) for line in text.split("\n")) if text else ()


def _heading_row(rows: tuple[Row, ...]) -> int:
    """The row with the most known headings among the first ones that hold anything."""
    written = [at for at, row in enumerate(rows) if any(row)][:_MOST_TITLES]
    known = {at: len({_KEYS.get(_folded(cell)) for cell in rows[at]} - {None}) for at in written}
    return max(written, key=lambda at: (known[at], -at), default=0)


def _folded(heading: str) -> str:
    return fold(heading).rstrip(" *:")


def _columns(headings: Row) -> tuple[dict[str, int], list[Finding]]:
    """Which key stands in which column, counted from 0; and what is wrong with the headings."""
    columns: dict[str, int] = {}
    findings = []
    unknown = []
    for at, heading in enumerate(headings):
        key = _KEYS.get(_folded(heading))
        if key is None:
            unknown.append(at)
        elif key in columns:
            findings.append(Finding(("column", at + 1), "column_twice", {"value": heading}))
        else:
            columns[key] = at
    missing = [_HEADINGS[key][0] for key in _HEADINGS if key not in columns]
    for at in unknown:
        guess = nearest(headings[at], missing) if headings[at] else None
        if guess:
            code = "misspelt_column" if _KEYS[fold(guess)] in _REQUIRED else "unknown_column"
            findings.append(Finding(("column", at + 1), code, {"value": headings[at]}, guess))
            missing.remove(guess)
    lacking = [_HEADINGS[key][0] for key in _REQUIRED if _HEADINGS[key][0] in missing]
    findings += [Finding(("column", 1), "missing_column", {"value": heading}) for heading in lacking]
    return columns, findings


def _written(row: Row, columns: Mapping[str, int]) -> dict[str, str]:
    return {key: row[at] if at < len(row) else "" for key, at in columns.items()}


def _read_row(
    number: int,
    written: Mapping[str, str],
    columns: Mapping[str, int],
    headings: Row,
    people: list[PersonTable],
) -> list[Finding]:
    """Puts the person of one row behind `people`, without what is faulty; returns what that is."""
    values: dict[str, Any] = {}
    findings = []
    for key, cell in written.items():
        try:
            if cell or key in _REQUIRED:
                values[key] = _READERS[key](cell)
        except Misread as misread:
            params = {"key": headings[columns[key]]} | misread.params
            findings.append(Finding(("people", number, key), misread.code, params, misread.suggestion))
    values.pop("consent", None)
    people.append(PersonTable.model_construct(set(values), **values))
    return findings


def _with_zero(cell: str) -> str:
    digits = _NOT_A_DIGIT.sub("", cell)
    return f"0{digits}" if _ZERO_LOST.fullmatch(digits) else cell


def _phone(cell: str) -> str:
    return leaves.phone(_with_zero(cell))


def _roles(cell: str) -> list[Role]:
    return [_role(part.strip()) for part in _SEVERAL_ROLES.split(cell) if part.strip()]


def _role(word: str) -> Role:
    if fold(word) not in _ROLES:
        raise Misread(
            "bad_choice", nearest(word, _ROLE_WORDS), value=word, choices=", ".join(_ROLE_WORDS[:3])
        )
    return _ROLES[fold(word)]


def _times(cell: str) -> list[Window]:
    return [words.read_window(part.strip()) for part in _SEVERAL_TIMES.split(cell) if part.strip()]


def _date(cell: str) -> date:
    if found := _DAY_FIRST.fullmatch(cell):
        day, month, year = map(int, found.groups())
    elif found := _YEAR_FIRST.fullmatch(cell):
        year, month, day = map(int, found.groups())
    else:
        raise Misread("not_day_month_year", value=cell)
    try:
        return leaves.day(date(year, month, day))
    except ValueError as error:
        if isinstance(error, Misread):
            raise
        raise Misread("not_day_month_year", value=cell) from None


_READERS: Mapping[str, Callable[[str], object]] = {
    "name": leaves.some,
    "phone": _phone,
    "salutation": leaves.label,
    "roles": _roles,
    "ward": leaves.some,
    "when": _times,
    "consent": _date,
    "id": leaves.some,
}


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
