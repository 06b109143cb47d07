"""One sheet of texts as a workbook that any spreadsheet opens, whatever the machine takes for a comma."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FRAME = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}">'
    '<sheets><sheet name="catruc" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATED}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
_WIDEST = 80
_FIRST_DATE_OF_ZIP = (1980, 1, 1, 0, 0, 0)


# Format 49 of Excel is text: what is typed there keeps its zeros. The second one is of the headings.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>'
    '<xf numFmtId="49" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>'
)
_STYLED = {
    "[Content_Types].xml": _FRAME["[Content_Types].xml"].replace(
        "</Types>", f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
    ),
    "xl/_rels/workbook.xml.rels": _FRAME["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>",
        f'<Relationship Id="rId2" Type="{_RELATED}/styles" Target="styles.xml"/></Relationships>',
    ),
    "xl/styles.xml": _STYLES,
}
_LAST_ROW = 1_048_576
# Longer ones Excel calls a broken file.
_LONGEST_CHOICES, _LONGEST_NOTE, _LONGEST_TITLE = 255, 255, 32


@dataclass(frozen=True, slots=True)
class Note:
    """What is said to whoever fills in a column, and what may be chosen there; else may be typed too."""

    title: str
    text: str
    choices: Sequence[str] = ()


def workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as the one sheet of a workbook, the same bytes for the same rows; at most 26 columns."""
    return _package({**_FRAME, "xl/worksheets/sheet1.xml": "".join(_sheet(rows))})


def form(rows: Sequence[Sequence[str]], heading: int, notes: Mapping[int, Note]) -> bytes:
    """The rows as a workbook to fill in: all cells are texts, and what stands above stays in sight.

    `heading` is the number of the row of headings, from 0; `notes` go by the number of the column, from 0.
    """
    sheet = "".join(_form(rows, heading, notes))
    return _package({**_FRAME, **_STYLED, "xl/worksheets/sheet1.xml": sheet})


def _package(files: Mapping[str, str]) -> bytes:
    written = io.BytesIO()
    with ZipFile(written, "w") as package:
        for name, text in files.items():
            entry = ZipInfo(name, _FIRST_DATE_OF_ZIP)
            entry.compress_type = ZIP_DEFLATED
            package.writestr(entry, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}')
    return written.getvalue()


def _form(rows: Sequence[Sequence[str]], heading: int, notes: Mapping[int, Note]) -> Iterator[str]:
    top = heading + 1
    yield f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    yield f'<pane ySplit="{top}" topLeftCell="A{top + 1}" activePane="bottomLeft" state="frozen"/>'
    yield "</sheetView></sheetViews><cols>"
    for number, width in enumerate(_widths(rows), start=1):
        yield f'<col min="{number}" max="{number}" width="{width}" style="1" customWidth="1"/>'
    yield "</cols><sheetData>"
    for number, row in enumerate(rows, start=1):
        style = 2 if number == top else 1
        cells = (_form_cell(f"{_column(at)}{number}", text, style) for at, text in enumerate(row) if text)
        yield f'<row r="{number}">{"".join(cells)}</row>'
    yield "</sheetData>"
    if notes:
        yield f'<dataValidations count="{len(notes)}">'
        yield from (_note(_column(at), top + 1, note) for at, note in notes.items())
        yield "</dataValidations>"
    yield "</worksheet>"


def _form_cell(place: str, text: str, style: int) -> str:
    kept = f'<t xml:space="preserve">{escape(text)}</t>'
    return f'<c r="{place}" s="{style}" t="inlineStr"><is>{kept}</is></c>'


def _note(column: str, first: int, note: Note) -> str:
    said = (
        f"promptTitle={quoteattr(note.title[:_LONGEST_TITLE])} prompt={quoteattr(note.text[:_LONGEST_NOTE])}"
    )
    where = f'allowBlank="1" showInputMessage="1" {said} sqref="{column}{first}:{column}{_LAST_ROW}"'
    # A comma ends a choice, and there is no way to write one.
    choices = ",".join(choice for choice in note.choices if "," not in choice)
    if not choices or len(choices) > _LONGEST_CHOICES:
        return f"<dataValidation {where}/>"
    listed = f"<formula1>{escape(_quoted(choices))}</formula1>"
    return f'<dataValidation type="list" {where}>{listed}</dataValidation>'


def _quoted(choices: str) -> str:
    doubled = choices.replace('"', '""')
    return f'"{doubled}"'


def _widths(rows: Sequence[Sequence[str]]) -> Iterator[int]:
    for at in range(max(map(len, rows), default=0)):
        longest = max((len(row[at]) for row in rows if at < len(row)), default=0)
        yield min(longest + 2, _WIDEST)


def _column(at: int) -> str:
    """A, …, Z, AA, … for the columns from 0."""
    letters = ""
    number = at + 1
    while number:
        number, digit = divmod(number - 1, len(ascii_uppercase))
        letters = ascii_uppercase[digit] + letters
    return letters


def _sheet(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f'<worksheet xmlns="{_MAIN}"><cols>'
    for number, column in enumerate(zip(*rows, strict=True), start=1):
        width = min(max(map(len, column)) + 2, _WIDEST)
        yield f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
    yield "</cols><sheetData>"
    for number, row in enumerate(rows, start=1):
        yield f'<row r="{number}">'
        for letter, text in zip(ascii_uppercase, row, strict=False):
            yield f'<c r="{letter}{number}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        yield "</row>"
    yield "</sheetData></worksheet>"
