"""One sheet of texts as a workbook that any spreadsheet opens, whatever the machine takes for a comma."""

import io
from collections.abc import Iterator, Sequence
from string import ascii_uppercase
from xml.sax.saxutils import escape
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


def workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as the one sheet of a workbook, the same bytes for the same rows; at most 26 columns."""
    files = {**_FRAME, "xl/worksheets/sheet1.xml": "".join(_sheet(rows))}
    written = io.BytesIO()
    with ZipFile(written, "w") as package:
        for name, text in files.items():
            entry = ZipInfo(name, _FIRST_DATE_OF_ZIP)
            entry.compress_type = ZIP_DEFLATED
            package.writestr(entry, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}')
    return written.getvalue()


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
