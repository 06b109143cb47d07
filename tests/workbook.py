"""A workbook as Excel writes it, of texts only: enough to hand a list of people to what reads one."""

import io
import re
from collections.abc import Sequence
from string import ascii_uppercase
from xml.sax.saxutils import escape
from zipfile import ZipFile

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FRAME = {
    "[Content_Types].xml": f"""<Types xmlns="{_PACKAGE}/content-types">
        <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
        <Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>
        <Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
        <Relationship Id="rId1" Type="{_RELATED}/officeDocument" Target="xl/workbook.xml"/>
        </Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}">
        <sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
        <Relationship Id="rId1" Type="{_RELATED}/worksheet" Target="worksheets/sheet1.xml"/>
        </Relationships>""",
}
_TABLE = re.compile(r"^\|.*\|\n\|[-|]+\|\n(?:\|.*\|\n)+", re.MULTILINE)


def workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as one sheet; at most 26 columns."""
    sheet = "".join(_row(number, row) for number, row in enumerate(rows, start=1))
    sheets = {
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{sheet}</sheetData></worksheet>'
    }
    written = io.BytesIO()
    with ZipFile(written, "w") as package:
        for name, text in (_FRAME | sheets).items():
            package.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')
    return written.getvalue()


def tables_of_page(page: str) -> list[list[list[str]]]:
    """The rows of every Markdown table of a page, headings first."""
    return [
        [
            [cell.strip() for cell in line.strip("|").split("|")]
            for number, line in enumerate(table.splitlines())
            if number != 1
        ]
        for table in _TABLE.findall(page)
    ]


def _row(number: int, texts: Sequence[str]) -> str:
    cells = (_cell(column, number, text) for column, text in zip(ascii_uppercase, texts, strict=False))
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(column: str, row: int, text: str) -> str:
    return f'<c r="{column}{row}" t="inlineStr"><is><t>{escape(text)}</t></is></c>' if text else ""
