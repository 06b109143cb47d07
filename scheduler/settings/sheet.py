"""A list that people keep in a spreadsheet, CSV or XLSX, as rows of texts.

Such files come from anywhere: what is read of them is bounded before it is unpacked.
"""

import csv
import io
import re
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from scheduler.settings.people_list import Row
from scheduler.settings.source import encoding_of

MOST_ROWS = 100_000
_MOST_UNPACKED = 64_000_000
_MOST_ENTRIES = 1_000
# A spreadsheet is laid out as a full rectangle, however little stands in it.
_MOST_CELLS = 3_000_000
_LONGEST_CELL = 2_000
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BROKEN_ZIP = (
    BadZipFile, LargeZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError,
    struct.error, zlib.error,
)  # fmt: skip
_SEPARATORS = (";", ",", "\t")
_QUOTED = re.compile('"[^"]*"')
_CELL = re.compile(
    rb"<(?:\w{1,20}:)?c\s[^<>]{0,300}?\br\s?=\s?[\"']([A-Za-z]{1,3})(\d{1,7})[\"'][^<>]{0,300}(?<!/)>"
)
_ROW = re.compile(rb"<(?:\w{1,20}:)?row\s[^<>]{0,300}?\br\s?=\s?[\"'](\d{1,7})[\"'][^<>]{0,300}(?<!/)>")


class NoList(ValueError):
    """A file that is no list of people; `code` and `params` choose and fill the sentence."""

    def __init__(self, code: str, row: int = 1, **params: str) -> None:
        super().__init__(code)
        self.code, self.row, self.params = code, row, params


def rows_in(raw: bytes) -> tuple[Row, ...]:
    """The rows of a CSV or XLSX file, cells as texts in composed form, numbered as a spreadsheet shows them.

    Raises:
        NoList: the file is neither, is broken, or is longer or wider than any list of people.
    """
    if raw.startswith(_OLD_EXCEL):
        raise NoList("old_excel")
    rows = _of_workbook(raw) if raw.startswith(_ZIP) else _of_csv(raw)
    return tuple(_bounded(rows))


def _bounded(rows: Iterable[Iterable[object]]) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise NoList("too_many_rows", number, most=str(MOST_ROWS))
        cells = tuple(map(_text, row))
        if any(len(cell) > _LONGEST_CELL for cell in cells):
            raise NoList("cell_too_long", number, most=str(_LONGEST_CELL))
        yield cells


def _text(cell: object) -> str:
    match cell:
        case str():
            return unicodedata.normalize("NFC", cell).strip()
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == datetime.min.time():
            return f"{cell:%d/%m/%Y}"
        case datetime():
            return f"{cell:%d/%m/%Y %H:%M}"
        case date():
            return f"{cell:%d/%m/%Y}"
        case _:
            return str(cell)


def _of_csv(raw: bytes) -> Iterator[list[str]]:
    text = _decoded(raw)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        yield from reader
    except csv.Error as error:
        raise NoList("broken_list", reader.line_num, reason=str(error)) from None


def _decoded(raw: bytes) -> str:
    """Unicode in any of its forms, else what Windows wrote in Viet Nam before it."""
    for encoding in (encoding_of(raw), "cp1258"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NoList("encoding")


def _separator(text: str) -> str:
    """The mark that cuts the most lines into the same number of cells."""
    if text.startswith("sep=") and text[4:5] in _SEPARATORS:
        return text[4]
    lines = [_QUOTED.sub("", line) for line in text[:20_000].splitlines()[:30]]

    def score(mark: str) -> int:
        counts = Counter(filter(None, (line.count(mark) for line in lines)))
        return max((cells * lines for cells, lines in counts.items()), default=0)

    return max(_SEPARATORS, key=score)


def _of_workbook(raw: bytes) -> Iterator[list[object]]:
    plain = _unpacked(raw)
    # A command that reads no list has no use for it.
    from python_calamine import CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(plain)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except BaseException as error:
        # What its Rust side did not foresee arrives as a panic, which is no Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise NoList("broken_list", reason=str(error) or type(error).__name__) from None
    yield from map(list, rows)


def _unpacked(raw: bytes) -> bytes:
    """The same workbook with nothing packed in it: sizes that were declared are then the real ones."""
    plain = io.BytesIO()
    try:
        with ZipFile(io.BytesIO(raw)) as packed, ZipFile(plain, "w", ZIP_STORED) as unpacked:
            for entry in _entries(packed):
                content = packed.read(entry)
                if "worksheets/" in entry.filename:
                    _refuse_what_is_too_wide(content)
                unpacked.writestr(entry.filename, content)
    except NoList:
        raise
    except _BROKEN_ZIP as error:
        raise NoList("broken_list", reason=str(error)) from None
    return plain.getvalue()


def _entries(packed: ZipFile) -> list[ZipInfo]:
    """What a reader of cells needs; pictures are left where they are."""
    entries = [entry for entry in packed.infolist() if entry.filename.endswith((".xml", ".rels"))]
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise NoList("too_big", most=str(_MOST_UNPACKED // 1_000_000))
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise NoList("broken_list", reason="packed in a way that Excel does not know")
    return entries


def _refuse_what_is_too_wide(sheet: bytes) -> None:
    cells = _CELL.findall(sheet)
    last = max((int(row) for row in [*(row for _, row in cells), *_ROW.findall(sheet)]), default=0)
    widest = max((_column_number(column) for column, _ in set(cells)), default=0) if last else 0
    if last > MOST_ROWS:
        raise NoList("too_many_rows", most=str(MOST_ROWS))
    if last * widest > _MOST_CELLS:
        raise NoList("too_wide")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
