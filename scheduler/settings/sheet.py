"""A list that people keep in a spreadsheet, CSV or XLSX, as rows of texts.

Such files come from anywhere: what is read of them is bounded before it is unpacked.
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from scheduler.settings.columns import key_of
from scheduler.settings.old_letters import readings_of
from scheduler.settings.people_list import MOST_ROWS, NoList, Row
from scheduler.settings.source import encoding_of

_LONGEST_CELL = 2_000
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SEPARATORS = (";", ",", "\t")
_LOOKED_AT, _FIRST_LINES = 20_000, 30
_SHOWN = 40
_BETWEEN_CELLS = re.compile(r"[;,\t\n]")
_QUOTED = re.compile('"[^"]*"')
# What nobody sees comes along with names that were copied from a page.
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# ="0901234567" is how some programs keep a zero in CSV.
_KEPT_TEXT = re.compile('="([^"]*)"')


def rows_in(raw: bytes) -> tuple[Row, ...]:
    """The rows of a CSV or XLSX file, cells as texts in composed form, numbered as a spreadsheet shows them.

    Raises:
        NoList: the file is neither, is broken, or is longer or wider than any list of people.
    """
    if raw.startswith(_OLD_EXCEL):
        raise NoList("old_excel")
    if not raw.startswith(_ZIP):
        return tuple(_bounded(_of_csv(raw)))
    # It unpacks archives: a list in CSV has no use for it.
    from scheduler.settings.excel import rows_of_workbook

    return tuple(_bounded(rows_of_workbook(raw)))


def _bounded(rows: Iterable[Iterable[object]]) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise NoList("too_many_rows", number, most=str(MOST_ROWS))
        cells = tuple(map(_text, row))
        if any(len(cell) > _LONGEST_CELL for cell in cells):
            raise NoList("cell_too_long", number, most=str(_LONGEST_CELL))
        if odd := _ODD.search("\n".join(cells)):
            raise NoList("odd_character", number, value=f"U+{ord(odd[0]):04X}")
        yield cells


def _text(cell: object) -> str:
    match cell:
        case str():
            return _plain(cell)
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


def _plain(cell: str) -> str:
    if cell.isascii():
        kept = _KEPT_TEXT.fullmatch(cell) if cell.startswith("=") else None
        return (kept[1] if kept else cell).strip()
    return unicodedata.normalize("NFC", _UNSEEN.sub("", cell)).strip()


def _of_csv(raw: bytes) -> Iterator[list[str]]:
    text = _decoded(raw)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        yield from reader
    except csv.Error as error:
        raise NoList("broken_list", reader.line_num, reason=str(error)) from None


def _decoded(raw: bytes) -> str:
    """Unicode in any of its forms, else what was written in Viet Nam before it."""
    try:
        return raw.decode(encoding_of(raw))
    except UnicodeDecodeError:
        readings = readings_of(raw, _known_headings)
    if not readings:
        raise NoList("encoding")
    if len(readings) > 1:
        one, other = (_first_odd(reading.text) for reading in readings)
        raise NoList("encoding_unsure", one=one, other=other, name=readings[0].name, its=readings[1].name)
    return readings[0].text


def _known_headings(text: str) -> int:
    cells = _BETWEEN_CELLS.split("\n".join(text[:_LOOKED_AT].splitlines()[:_FIRST_LINES]))
    return len({key_of(cell.strip(' "')) for cell in cells} - {None})


def _first_odd(text: str) -> str:
    """The first words that are read otherwise in another way."""
    found = next((line for line in text.splitlines() if not line.isascii()), "")
    return found[:_SHOWN].strip()


def separator_of(raw: bytes) -> str:
    """The mark between the cells of a CSV file that was read."""
    return _separator(_decoded(raw)) if not raw.startswith(_ZIP) else _SEPARATORS[0]


def _separator(text: str) -> str:
    """The mark that cuts the most lines into the same number of cells."""
    if text.startswith("sep=") and text[4:5] in _SEPARATORS:
        return text[4]
    lines = [_QUOTED.sub("", line) for line in text[:_LOOKED_AT].splitlines()[:_FIRST_LINES]]

    def score(mark: str) -> int:
        counts = Counter(filter(None, (line.count(mark) for line in lines)))
        return max((cells * lines for cells, lines in counts.items()), default=0)

    return max(_SEPARATORS, key=score)
