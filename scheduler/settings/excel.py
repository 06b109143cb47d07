"""A workbook of Excel as rows: which of its sheets is the list, and nothing unpacked that costs too much."""

import io
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from scheduler.settings.columns import REQUIRED, key_of
from scheduler.settings.old_letters import from_tcvn3
from scheduler.settings.people_list import MOST_ROWS, MOST_TITLES, NoList

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_MOST_UNPACKED = 160_000_000
_MOST_ENTRIES = 1_000
_MOST_SHEETS = 50
# A spreadsheet is laid out as a full rectangle, however little stands in it.
_MOST_CELLS = 3_000_000
# One text may stand in every cell, and is then there as often.
_MOST_TEXT = 200_000_000
_BROKEN_ZIP = (
    BadZipFile, LargeZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError,
    struct.error, zlib.error,
)  # fmt: skip
# Neither looks at a character twice, whatever the file is made of.
_ATTRIBUTES = rb"((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)"
# As Excel writes them all; what is written otherwise is looked at more slowly.
_USUAL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"' + _ATTRIBUTES + rb">")
_CELL = re.compile(rb"<(?:\w{1,20}:)?c\s" + _ATTRIBUTES + rb"(?<!/)>")
_ROW = re.compile(rb"<(?:\w{1,20}:)?row\s" + _ATTRIBUTES + rb"(?<!/)>")
_PLACE = re.compile(rb"\br\s?=\s?[\"']([A-Za-z]{0,3})(\d{1,7})[\"']")
_SHARED = re.compile(rb"<(?:\w{1,20}:)?v>\s?(\d{1,8})\s?</")
_END_OF_SHARED = re.compile(rb"</(?:\w{1,20}:)?si>")

Cells = list[list[object]]


def rows_of_workbook(raw: bytes) -> Cells:
    """The rows of the one sheet that is a list of people, values as Excel keeps them.

    That is the first visible one with the headings of one, else the first visible one. What is merged stands
    in each of its cells.

    Raises:
        NoList: it is broken or too large, or two sheets are lists of people.
    """
    plain = _unpacked(raw)
    # A command that reads no list has no use for it.
    from python_calamine import CalamineWorkbook

    try:
        return _rows_of(CalamineWorkbook.from_filelike(io.BytesIO(plain)))
    except NoList:
        raise
    except BaseException as error:
        # What its Rust side did not foresee arrives as a panic, which is no Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise NoList("broken_list", reason=str(error) or type(error).__name__) from None


def _rows_of(workbook: "CalamineWorkbook") -> Cells:
    found: list[tuple[str, Cells]] = []
    first: Cells | None = None
    for name in _visible(workbook)[:_MOST_SHEETS]:
        rows = _rows_in(workbook.get_sheet_by_name(name))
        first = rows if first is None else first
        if _is_list(rows):
            found.append((name, rows))
    if len(found) > 1:
        raise NoList("two_lists", one=found[0][0], other=found[1][0])
    return found[0][1] if found else first or []


def _visible(workbook: "CalamineWorkbook") -> list[str]:
    """The names of the sheets with cells that somebody sees; all of them where there are none."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [each for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    seen = [each.name for each in sheets if each.visible == SheetVisibleEnum.Visible]
    return seen or [each.name for each in sheets] or workbook.sheet_names


def _rows_in(sheet: "CalamineSheet") -> Cells:
    rows: Cells = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    merged = 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top < len(rows) and left < len(rows[top]):
            value = rows[top][left]
            merged += min(bottom + 1, len(rows)) - top
            if merged > _MOST_CELLS:
                raise NoList("broken_list", reason="cells are merged over each other")
            for row in rows[top : bottom + 1]:
                row[left : right + 1] = [value] * len(row[left : right + 1])
    return rows


def _is_list(rows: Cells) -> bool:
    return any(
        {key_of(from_tcvn3(cell)) for cell in row if isinstance(cell, str)}.issuperset(REQUIRED)
        or {key_of(cell) for cell in row if isinstance(cell, str)}.issuperset(REQUIRED)
        for row in [row for row in rows[: 10 * MOST_TITLES] if any(row)][:MOST_TITLES]
    )


def _unpacked(raw: bytes) -> bytes:
    """The same workbook with nothing packed in it: sizes that were declared are then the real ones."""
    plain = io.BytesIO()
    try:
        with ZipFile(io.BytesIO(raw)) as packed, ZipFile(plain, "w", ZIP_STORED) as unpacked:
            entries = _entries(packed)
            shared = _lengths_of_shared(packed, entries)
            for entry in entries:
                content = packed.read(entry)
                if "worksheets/" in entry.filename:
                    _refuse_what_is_too_wide(content)
                    _refuse_what_repeats_too_much(content, shared)
                unpacked.writestr(entry.filename, content)
    except NoList:
        raise
    except _BROKEN_ZIP as error:
        raise NoList("broken_list", reason=str(error)) from None
    return plain.getvalue()


def _lengths_of_shared(packed: ZipFile, entries: Iterable[ZipInfo]) -> list[int]:
    """How long each text is that cells share, in bytes."""
    names = [entry for entry in entries if entry.filename.lower().endswith("sharedstrings.xml")]
    return [len(text) for entry in names for text in _END_OF_SHARED.split(packed.read(entry))]


def _refuse_what_repeats_too_much(sheet: bytes, shared: list[int]) -> None:
    if max(shared, default=0) * sheet.count(b"<") // 2 <= _MOST_TEXT:
        return
    uses = Counter(map(int, _SHARED.findall(sheet)))
    if sum(count * shared[at] for at, count in uses.items() if at < len(shared)) > _MOST_TEXT:
        raise NoList("too_big", most=str(_MOST_TEXT // 1_000_000))


def _entries(packed: ZipFile) -> list[ZipInfo]:
    """What a reader of cells needs; pictures are left where they are."""
    entries = [entry for entry in packed.infolist() if entry.filename.endswith((".xml", ".rels"))]
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise NoList("too_big", most=str(_MOST_UNPACKED // 1_000_000))
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise NoList("broken_list", reason="packed in a way that Excel does not know")
    return entries


def _refuse_what_is_too_wide(sheet: bytes) -> None:
    places = _places_of_cells(sheet)
    places |= {place.groups() for found in _ROW.finditer(sheet) if (place := _PLACE.search(found[1]))}
    last = max((int(row) for row in {row for _, row in places}), default=0)
    widest = max(map(_column_number, {column for column, _ in places}), default=0)
    if last > MOST_ROWS:
        raise NoList("too_many_rows", most=str(MOST_ROWS))
    if last * widest > _MOST_CELLS:
        raise NoList("too_wide")


def _places_of_cells(sheet: bytes) -> set[tuple[bytes, ...]]:
    """Column and row of every cell that holds something."""
    usual = _USUAL.findall(sheet)
    if len(usual) == sheet.count(b"<c ") and sheet.count(b":c ") == 0:
        return {(column, row) for column, row, rest in usual if not rest.endswith(b"/")}
    return {place.groups() for found in _CELL.finditer(sheet) if (place := _PLACE.search(found[1]))}


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
