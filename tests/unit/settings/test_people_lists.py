"""People from a spreadsheet: every way it may have been saved, and every row that cannot be carried out."""

import io
import re
import struct
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.roster.person import Limit, Per, Person
from scheduler.settings.old_letters import from_tcvn3
from scheduler.settings.part import MOST_BYTES_OF_A_LIST, list_part
from scheduler.settings.people_list import MOST_ROWS, NoList, read_people, rows_of
from scheduler.settings.read import Reading, read_settings, read_text
from scheduler.settings.sheet import rows_in
from scheduler.timetable.availability import Absence, Window
from scheduler.timetable.label import Label
from scheduler.timetable.shift import Role
from scheduler.timetable.span import Span
from tests.workbook import workbook

MAIN = """\
people = ["{}"]
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
[[wards]]
name = "Sài Gòn"
[[places]]
name = "Bưu cục"
[[services]]
name = "Sao y"
[[shifts]]
service = "sao-y"
days = "T3"
time = "17:00-19:30"
"""
LIST = """\
Họ tên,Điện thoại,Vai trò,Phường,Lịch rảnh
Nguyễn Văn Ân,0901 234 567,Tình nguyện viên,Sài Gòn,T2-T6 17:00-21:00; T7
"""
AN = Person(
    id="nguyen-van-an",
    name="Nguyễn Văn Ân",
    phone="+84901234567",
    roles=frozenset({Role.VOLUNTEER}),
    ward="sai-gon",
    windows=(
        Window(frozenset(range(5)), Span(time(17), time(21))),
        Window(frozenset({5})),
    ),
)
ROLES = 'Cán bộ, Tình nguyện viên, Trưởng nhóm — did you mean "Tình nguyện viên"?'
LANGUAGES = 'Tiếng Việt, Tiếng Anh — did you mean "Tiếng Anh"?'
AS_TEXT = "make the cell a Text and type all ten digits again"
AGAIN = "if Excel is still saving it, it is read again by itself"
RETYPE = "type it in a Unicode font"
SAVE_AS = "in Excel choose Save As, Excel Workbook"
MOVE_IT = "put it beside that file or in a folder below"
Cell = str | float
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _workbook(rows: Sequence[Sequence[Cell]], sheet: str | None = None) -> bytes:
    """A workbook as Excel writes it, with texts and numbers, or with the given sheet."""
    lines = "".join(
        f'<row r="{number}">{"".join(map(_cell, row, "ABCDEFGH", [number] * len(row)))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    written = io.BytesIO(workbook([]))
    with zipfile.ZipFile(written) as empty:
        files = {name: empty.read(name).decode() for name in empty.namelist()}
    files["xl/styles.xml"] = f'<styleSheet xmlns="{NAMESPACE}">{styles}</styleSheet>'
    files["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{NAMESPACE}"><sheetData>{sheet or lines}</sheetData></worksheet>'
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            package.writestr(name, text)
    return written.getvalue()


def _tcvn3(text: str) -> bytes:
    return "".join(TO_TCVN3.get(letter, letter) for letter in text).encode("latin-1")


# Every letter, so that the table is held against what it must be: glibc's TCVN5712-1 says the same.
TO_TCVN3 = {letter: chr(code) for code in range(0xA1, 0xFF) if (letter := from_tcvn3(chr(code))) != chr(code)}
ABC = LIST.replace("T2-T6 17:00-21:00; T7", '"T2-T6 17:00-21:00; T7"').replace(",", ";")


def _cell(cell: Cell, column: str, row: int) -> str:
    if isinstance(cell, str):
        return f'<c r="{column}{row}" t="inlineStr"><is><t>{cell}</t></is></c>'
    return f'<c r="{column}{row}" s="{int(40_000 < cell < 60_000)}"><v>{cell}</v></c>'


def _rows(text: str) -> list[list[Cell]]:
    return [list(line.split(",")) for line in text.splitlines()]


def _read(folder: Path, raw: bytes, name: str = "ds.csv") -> Reading:
    (folder / name).write_bytes(raw)
    (folder / "settings.toml").write_text(MAIN.format(name), encoding="utf-8")
    return read_settings(folder / "settings.toml")


def _told(reading: Reading) -> list[str]:
    return [each.heading("en").replace(each.file, Path(each.file).name, 1) for each in reading.problems]


# How Windows wrote Vietnamese before Unicode: some accents are characters of their own.
OLD_WINDOWS = LIST.replace("T2-T6 17:00-21:00; T7", '"T2-T6 17:00-21:00; T7"').replace(",", ";")
_MARKS = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


def _cp1258(text: str) -> bytes:
    return b"".join(_cp1258_letter(letter, unicodedata.normalize("NFD", letter)) for letter in text)


def _cp1258_letter(letter: str, apart: str) -> bytes:
    marks = "".join(mark for mark in apart if mark in _MARKS)
    base = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in _MARKS))
    return (base + marks).encode("cp1258") if marks else letter.encode("cp1258")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(LIST.encode(), id="UTF-8"),
        pytest.param(LIST.encode("utf-8-sig"), id="with a mark"),
        pytest.param(LIST.encode("utf-16"), id="UTF-16"),
        pytest.param(LIST.replace(",", "\t").encode("utf-16-le"), id="tabs, as Excel saves Unicode text"),
        pytest.param(
            LIST.replace(",", ";").replace("T2-T6 17:00-21:00; T7", '"T2-T6 17:00-21:00\nT7"').encode(),
            id="semicolons, and a line end in a cell",
        ),
        pytest.param(_cp1258(OLD_WINDOWS), id="Windows-1258"),
        pytest.param(_tcvn3(ABC), id="TCVN3"),
        pytest.param(_tcvn3(ABC).decode("latin-1").encode(), id="an ABC font in Unicode"),
        pytest.param(_workbook(_rows(_tcvn3(LIST).decode("latin-1"))), id="an ABC font in Excel"),
        pytest.param(unicodedata.normalize("NFD", LIST).encode(), id="accents apart"),
        pytest.param(LIST.replace("Nguyễn", "\u200bNguyễn\u00a0").encode(), id="copied from a page"),
        pytest.param(LIST.replace("0901 234 567", '"=""0901234567"""').encode(), id="a text by force"),
        pytest.param(LIST.replace("0901 234 567", "84 90 123 4567").encode(), id="84"),
        pytest.param(LIST.replace("0901 234 567", "+84.901.234.567").encode(), id="+84"),
        pytest.param(LIST.replace("0901 234 567", "9.01234567E8").encode(), id="as a power of ten"),
        pytest.param(
            LIST.replace("0901 234 567", '"9,01234567E8"').encode(), id="as a power of ten, with a comma"
        ),
        pytest.param(LIST.replace("\n", "\r\n").encode(), id="line ends of Windows"),
        pytest.param(("sep=,\n" + LIST).encode(), id="Excel's own hint"),
        pytest.param(("DANH SÁCH TÌNH NGUYỆN VIÊN,,,,\n,,,,\n" + LIST).encode(), id="a title above"),
        pytest.param(
            b"\xef\xbb\xbf" + LIST.replace("Họ tên", "HO TEN *").replace("Phường", " phuong:").encode(),
            id="no accents",
        ),
        pytest.param(LIST.replace("0901 234 567", "901234567").encode(), id="the zero lost"),
        pytest.param(
            LIST.replace("Tình nguyện viên", "volunteer").replace("Họ tên", "Name").encode(), id="English"
        ),
        pytest.param(_workbook(_rows(LIST)), id="Excel"),
        pytest.param(
            _workbook([*_rows(LIST)[:1], [*_rows(LIST)[1][:1], 901234567.0, *_rows(LIST)[1][2:]]]),
            id="a number",
        ),
    ],
)
def test_a_list_is_read_however_it_was_saved(tmp_path: Path, raw: bytes) -> None:
    """The same person comes out of all of them."""
    reading = _read(tmp_path, raw, "ds.xlsx" if raw.startswith(b"PK") else "ds.csv")
    assert _told(reading) == []
    assert reading.settings is not None
    assert reading.settings.desk.people == {"nguyen-van-an": AN}
    assert read_text(reading.settings.source, "settings.toml").settings == reading.settings


def test_every_column_has_its_meaning(tmp_path: Path) -> None:
    """In any order; a column that means nothing here is left alone, and so is an empty row."""
    raw = (
        "STT,Mã,Vai trò,Xưng hô,Họ tên,Ngày sinh,Điện thoại,Đồng ý nhận tin (ngày)\n"
        "1,an,TNV; trưởng nhóm/Cán bộ,chị,An,1/1/1990,0901234567,24/12/2026\n"
        ",,,,,,,\n"
        "2,,,,Bình,,0901234568,\n"
    )
    settings = _read(tmp_path, raw.encode()).settings
    assert settings is not None
    an, binh = settings.desk.people.values()
    assert an == Person("an", "An", "+84901234567", frozenset(Role), Label.same("chị"))
    assert (binh.id, binh.roles) == ("binh", frozenset())


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("An,0281 234 5678,,,", "2:2: a landline cannot take texts; give a mobile number"),
        (
            "An,9.01E+08,,,",
            f"2:2: Excel has rounded this number to 9.01E+08; {AS_TEXT}",
        ),
        ("An,0901234567 / 0912345678,,,", "2:2: there are two numbers; each person has one"),
        ("An,0901234567 0912345678,,,", "2:2: there are two numbers; each person has one"),
        ('"=HYPERLINK(1)",0901234567,,,', '2:1: "=HYPERLINK(1)" is a formula; write the value itself'),
        (
            "NguyÔn V¨n ¢n,0901234567,,,",
            f'2:1: "NguyÔn V¨n ¢n" is in an ABC font (.VnTime); {RETYPE} — did you mean "Nguyễn Văn Ân"?',
        ),
        (
            "An,0901234567,,,,,,tieng Ahn,,",
            f'2:8: "Ngôn ngữ" cannot be "tieng Ahn"; it is one of: {LANGUAGES}',
        ),
        ("An,0901234567,,,,,,,An,", '2:9: "An" is this very person'),
        ("An,0901234567,,,,,,,Bnh,\nBình,0901234568,,,", '2:9: unknown person "Bnh" — did you mean "binh"?'),
        ("An,0901234567,,,,,,,,sao i", '2:10: unknown service "sao i" — did you mean "Sao y"?'),
        (
            "An,0901234567,,,,,,,,,1/1/2027-0/1/2027",
            '2:11: not a date: "0/1/2027"; write day/month/year, like 24/12/2026',
        ),
        ("An,0901234567,,,,,,,,,3/1/2027 - 2/1/2027", "2:11: 2/1/2027 is before 3/1/2027"),
        (
            "An,0901234567,,,,,,,,,,6 giờ",
            '2:12: not a limit: "6 giờ"; write "6 hours a week" or "20 hours a month"',
        ),
        (
            "A\0n,0901234567,,,",
            "2:1: there is an unprintable character, U+0000; delete this line and type it again",
        ),
        ("An,,,,", '2:2: "Điện thoại" is empty'),
        (",0901234567,,,", '2:1: "Họ tên" is empty'),
        (
            "An,0901234567,Tinh nguyen vin,,",
            f'2:3: "Vai trò" cannot be "Tinh nguyen vin"; it is one of: {ROLES}',
        ),
        ("An,0901234567,,Sai Gom,", '2:4: unknown ward "Sai Gom" — did you mean "Sài Gòn"?'),
        (
            "An,0901234567,,,T9",
            '2:5: not a day: "T9"; write "T3", "mon-fri", "1st sat", 5 or "workdays"',
        ),
        ("An,0901234567,,,,31/2/2026", '2:6: not a date: "31/2/2026"; write day/month/year, like 24/12/2026'),
        ("An,0901234567,,,,1/1/1026", "2:6: the year 1026 is not plausible; 2000 to 2100"),
        ("An,0901234567,,,,hôm qua", '2:6: not a date: "hôm qua"; write day/month/year, like 24/12/2026'),
        ("An,01681234567,,,", "2:2: warning: an old 11-digit number, taken as +8438•••567"),
        ("An,0901234567,,,\nBình,0901234567,,,", "3:2: this number is taken on line 2"),
        ("An,0901234567,,,\nAn,0901234568,,,", '3:1: an "id" is needed: "an" is taken on line 2'),
        ("An,0901234567,,,,,Á B", '2:7: the id "Á B" may hold only a-z, 0-9 and - — did you mean "a-b"?'),
    ],
)
def test_each_faulty_row_is_told(tmp_path: Path, row: str, told: str) -> None:
    """With the row and column that a spreadsheet shows, and with what would be right."""
    heading = (
        "Họ tên,Điện thoại,Vai trò,Phường,Lịch rảnh,Đồng ý nhận tin (ngày),Mã,Ngôn ngữ,Không trực cùng,"
        "Muốn trực,Vắng mặt,Nhiều nhất\n"
    )
    reading = _read(tmp_path, (heading + row + "\n").encode())
    assert _told(reading) == [f"ds.csv:{told}"]
    assert (reading.settings is None) == ("warning" not in told)


def test_a_list_may_say_all_that_a_table_may(tmp_path: Path) -> None:
    """Language, absences, limits, wishes; and of two who may not stand together one says it for both."""
    raw = (
        "Name;Phone;Language;Away;At most;Prefers;Not with\n"
        'An;0901234567;tiếng Anh;"20/12/2026 - 31/12/2026\n5/1/2027";6 giờ một tuần;sao y, Sao y;Bình, cúc\n'
    )
    raw += "Bình;0901234568;;;;;\nCúc;0901234569;vi;;;;An\n"
    settings = _read(tmp_path, raw.encode()).settings
    assert settings is not None
    an, binh, cuc = settings.desk.people.values()
    assert an == Person(
        "an",
        "An",
        "+84901234567",
        language="en",
        away=(
            Absence(date(2026, 12, 20), date(2026, 12, 31)),
            Absence(date(2027, 1, 5), date(2027, 1, 5)),
        ),
        limits=(Limit(360, Per.WEEK),),
        not_with=("binh", "cuc"),
        prefers=("sao-y",),
    )
    assert (binh.not_with, cuc.not_with, cuc.language) == (("an",), ("an",), "vi")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"Name;Phone\nH\xe3;0901234567\n", id="Hã or Hó"),
        pytest.param(b"Name;Phone\nT\xf3;0901234567\n", id="Tó or Tú"),
    ],
)
def test_letters_that_may_be_either_are_asked_about(tmp_path: Path, raw: bytes) -> None:
    """Tú or Tó: nobody is to be called what a machine guessed."""
    [told] = _told(_read(tmp_path, raw))
    assert told.startswith("ds.csv:1:1: which letters are meant is not certain: by Windows-1258")
    assert told.endswith("save it as CSV UTF-8")


def test_all_faulty_rows_are_told_at_once(tmp_path: Path) -> None:
    """A row can have several faults; the cell is shown, and nothing of its neighbours."""
    raw = "Điện thoại;Họ tên;Vai trò\n123;An;bạn\n0901234567;Bình;TNV\n;Cúc;\n"
    assert _read(tmp_path, raw.encode()).render("vi").replace(f"{tmp_path}/", "") == (
        "ds.csv:2:1: số thiếu chữ số; số di động có mười, như 0901 234 567\n"
        "   2 | 123\n"
        "     | ^^^\n"
        'ds.csv:2:3: "Vai trò" không nhận "bạn"; chỉ nhận: Cán bộ, Tình nguyện viên, Trưởng nhóm\n'
        "   2 | bạn\n"
        "     | ^^^\n"
        'ds.csv:4:1: "Điện thoại" đang để trống\n'
        "   4 | \n"
        "     | ^"
    )


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", ['1:1: the column "Họ tên" is missing', '1:1: the column "Điện thoại" is missing']),
        (
            "\nTên,Điện thoai di dong\n".encode(),
            ['2:2: the column "Điện thoai di dong" is not known — did you mean "Điện thoại"?'],
        ),
        (
            "Tên,Điện thaoi\n".encode(),
            ['1:2: the column "Điện thaoi" is not known — did you mean "Điện thoại"?'],
        ),
        ("Tên,Điện thoại,SĐT\n".encode(), ['1:3: there are two columns "SĐT"']),
        (
            "Tên,Điện thoại,Phuờngg\n".encode(),
            ['1:3: warning: the column "Phuờngg" is not known and was not read — did you mean "Phường"?'],
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1",
            [f"1:1: the file is of an old Excel or has a password; {SAVE_AS}, without one"],
        ),
        (b"PK\x03\x04 nothing", [f"1:1: the table cannot be opened: File is not a zip file; {AGAIN}"]),
        (b"x" * 40_000_001, ["1:1: the file is too big: at most 40 MB"]),
        (("Tên,Điện thoại\n" + "A" * 2001 + ",1\n").encode(), ["2:1: a cell has more than 2000 characters"]),
        (b"a\n" * 101_001, ["101001:1: the table has more than 101000 rows"]),
    ],
)
def test_a_table_that_is_no_list_of_people_is_a_problem(tmp_path: Path, raw: bytes, told: list[str]) -> None:
    """It is said what is missing, never that something failed."""
    assert _told(_read(tmp_path, raw)) == [f"ds.csv:{each}" for each in told]


@pytest.mark.parametrize(
    ("people", "told"),
    [
        ('people = ["nobody.csv"]', "nobody.csv:1:1: there is no such file"),
        (
            'people = ["../ds.csv"]',
            f'settings.toml:1:12: "../ds.csv" is outside the folder of the main file; {MOVE_IT}',
        ),
        ('people = ["ds.csv", "ds.csv"]', 'settings.toml:1:22: the list "ds.csv" is named above already'),
        (
            'people = ["ds.doc"]',
            f'settings.toml:1:12: "ds.doc" is neither .csv nor .xlsx; {SAVE_AS}',
        ),
        ('people = ["ds.csv", 3]', 'settings.toml:1:21: "people" must be a text in quotes'),
        (
            'people = "folder.csv"',
            "folder.csv:1:1: the file cannot be read: it is a folder, a device or a pipe, no ordinary file",
        ),
    ],
)
def test_lists_stand_beside_the_file_that_names_them(tmp_path: Path, people: str, told: str) -> None:
    """A list that cannot be had is told where it is named, or under its own name."""
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "ds.csv").write_text(LIST)
    (tmp_path / "settings.toml").write_text(MAIN.replace('people = ["{}"]', people))
    assert _told(read_settings(tmp_path / "settings.toml")) == [told]


def test_one_file_has_lists_or_tables_of_people_but_not_both(tmp_path: Path) -> None:
    """Told at the later of the two."""
    (tmp_path / "settings.toml").write_text(MAIN + '[[people]]\nname = "An"\nphone = "0901234567"\n')
    assert _told(read_settings(tmp_path / "settings.toml")) == [
        "settings.toml:15:1: people names lists above already: one file does either"
    ]


def test_a_faulty_list_stays_as_it_was(tmp_path: Path) -> None:
    """Excel saves in halves, and clerks in haste: the people of before remain, the rest is as edited."""
    good = _read(tmp_path, LIST.encode()).settings
    assert good is not None
    (tmp_path / "ds.csv").write_text(LIST.replace("0901", "0281"))
    edited = MAIN.format("ds.csv").replace("17:00", "18:00")
    (tmp_path / "settings.toml").write_text(edited)
    reading = read_settings(tmp_path / "settings.toml", good.source)
    assert reading.frozen == (f"{tmp_path}/ds.csv",)
    assert reading.settings is not None
    assert reading.settings.desk.people == good.desk.people
    assert [shift.rule.spans[0].start.hour for shift in reading.settings.desk.shifts.values()] == [18]


def test_dates_of_excel_are_dates(tmp_path: Path) -> None:
    """A day is a number there, that only its style tells from a number."""
    raw = _workbook([["Họ tên", "Điện thoại", "Đồng ý nhận tin"], ["An", "0901234567", 46_380.0]])
    assert rows_in(raw)[1] == ("An", "0901234567", "24/12/2026")
    assert _told(_read(tmp_path, raw, "ds.xlsx")) == []


def _sheets(*sheets: tuple[str, str, Sequence[Sequence[Cell]]], merged: str = "") -> bytes:
    """A workbook of several sheets: name, attributes, rows; `merged` is a range of each."""
    written, relations, types = io.BytesIO(), "", ""
    with zipfile.ZipFile(io.BytesIO(_workbook([]))) as empty:
        files = {name: empty.read(name).decode() for name in empty.namelist()}
    for number, (name, attributes, rows) in enumerate(sheets, start=1):
        with zipfile.ZipFile(io.BytesIO(_workbook(rows))) as one:
            sheet = one.read("xl/worksheets/sheet1.xml").decode()
        merge = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
        files[f"xl/worksheets/sheet{number}.xml"] = sheet.replace("</sheetData>", f"</sheetData>{merge}")
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
        relations += f'<Relationship Id="r{number}" Type="{kind}" Target="worksheets/sheet{number}.xml"/>'
        types += f'<sheet name="{name}" sheetId="{number}" {attributes} r:id="r{number}"/>'
    book = files["xl/workbook.xml"]
    files["xl/workbook.xml"] = re.sub("<sheets>.*</sheets>", f"<sheets>{types}</sheets>", book)
    links = files["xl/_rels/workbook.xml.rels"]
    files["xl/_rels/workbook.xml.rels"] = re.sub("<Relationship .*/>", relations, links)
    with zipfile.ZipFile(written, "w") as package:
        for file, text in files.items():
            package.writestr(file, text)
    return written.getvalue()


NOTES: list[list[Cell]] = [["Ghi chú"], ["gọi chị Hoa"]]


@pytest.mark.parametrize(
    "sheets",
    [
        pytest.param([("Ghi chú", "", NOTES), ("DS", "", _rows(LIST))], id="a note before it"),
        pytest.param(
            [("Cũ", 'state="hidden"', _rows(LIST)), ("DS", "", _rows(LIST))], id="an old one hidden"
        ),
        pytest.param([("DS", "", _rows(LIST)), ("Trống", "", [])], id="an empty one behind it"),
    ],
)
def test_the_sheet_that_is_a_list_is_read(
    tmp_path: Path, sheets: list[tuple[str, str, list[list[Cell]]]]
) -> None:
    """Whatever other sheets the workbook has; what is hidden counts as put away."""
    reading = _read(tmp_path, _sheets(*sheets), "ds.xlsx")
    assert _told(reading) == []
    assert reading.settings is not None
    assert reading.settings.desk.people == {"nguyen-van-an": AN}


def test_two_lists_in_one_workbook_are_told(tmp_path: Path) -> None:
    """None of them is left out silently."""
    raw = _sheets(("Tổ 1", "", _rows(LIST)), ("Tổ 2", "", _rows(LIST)))
    assert _told(_read(tmp_path, raw, "ds.xlsx")) == [
        'ds.xlsx:1:1: two sheets are lists of people: "Tổ 1" and "Tổ 2"; make two files of them, or hide one'
    ]


def test_what_is_merged_holds_for_each_of_its_rows(tmp_path: Path) -> None:
    """One ward beside several people."""
    rows: list[list[Cell]] = [["Họ tên", "Điện thoại", "Phường"], ["An", "0901234567", "Sài Gòn"]]
    raw = _sheets(("DS", "", [*rows, ["Bình", "0901234568"]]), merged="C2:C3")
    settings = _read(tmp_path, raw, "ds.xlsx").settings
    assert settings is not None
    assert [person.ward for person in settings.desk.people.values()] == ["sai-gon", "sai-gon"]


def test_a_text_that_stands_in_every_cell_is_refused() -> None:
    """One megabyte, kept once, in ten thousand cells: ten gigabytes as soon as it is read."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 10_001))
    with zipfile.ZipFile(io.BytesIO(_sheet(cells))) as plain:
        files = {name: plain.read(name) for name in plain.namelist()}
    shared = f'<sst xmlns="{NAMESPACE}"><si><t>{"x" * 1_000_000}</t></si></sst>'
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (files | {"xl/sharedStrings.xml": shared.encode()}).items():
            package.writestr(name, content)
    with pytest.raises(NoList) as caught:
        rows_in(written.getvalue())
    assert caught.value.code == "too_big"


def _sheet(cells: str) -> bytes:
    return _workbook([], cells)


# Each takes every row: together they would take as many steps as there are rows times merges.
MERGED = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 4_001)) + (
    '</sheetData><mergeCells count="1000">'
    + '<mergeCell ref="A1:A4000"/>' * 1_000
    + "</mergeCells><sheetData>"
)


def _lying(raw: bytes) -> bytes:
    """The declared size of every entry made one byte, where the central directory says it."""
    at, lying = 0, bytearray(raw)
    while (at := raw.find(b"PK\x01\x02", at)) >= 0:
        struct.pack_into("<I", lying, at + 24, 1)
        at += 4
    return bytes(lying)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param(_sheet(" " * 160_000_000), "too_big", id="160 megabytes in 160 kilobytes"),
        pytest.param(
            _sheet('<row r="1"><c r="XFD1048576"><v>1</v></c></row>'), "too_many_rows", id="far below"
        ),
        pytest.param(
            _sheet(
                '<row r="9"><c r="A9"><v>1</v></c></row><row r="99999"><c r="XFD99999"><v>1</v></c></row>'
            ),
            "too_wide",
            id="far to the right",
        ),
        pytest.param(_sheet("<c " * 100_000), "broken_list", id="cells without end"),
        pytest.param(_sheet(MERGED), "broken_list", id="merged over each other"),
        pytest.param(_lying(_workbook(_rows(LIST))), "broken_list", id="sizes that lie"),
        pytest.param(_workbook(_rows(LIST))[:-40], "broken_list", id="cut off"),
    ],
)
def test_a_hostile_workbook_costs_little(raw: bytes, code: str) -> None:
    """What it claims to hold is looked at before anything is unpacked."""
    with pytest.raises(NoList) as caught:
        rows_in(raw)
    assert caught.value.code == code


CELLS = st.text(max_size=12) | st.sampled_from(
    [
        "",
        "Họ tên",
        "Điện thoại",
        "Vai trò",
        "Phường",
        "Lịch rảnh",
        "Đồng ý nhận tin",
        "Mã",
        "Xưng hô",
        "0901234567",
    ]
)


@given(rows=st.lists(st.lists(CELLS, max_size=6), max_size=8))
def test_any_cells_give_a_list(rows: list[list[str]]) -> None:
    """Whatever stands in a table, there are people or faults, and the kept text says the same again."""
    people = read_people(tuple(map(tuple, rows)))
    again = read_people(rows_of(people.text))
    assert again.people == people.people
    for finding in people.findings:
        position = people.site.position(finding.path)
        assert 1 <= position.line <= max(len(rows), 1)
        assert isinstance(people.site.shown(position), str)


@given(raw=st.binary(max_size=300) | st.binary(max_size=300).map(lambda raw: b"PK\x03\x04" + raw))
def test_any_bytes_give_a_list_or_a_fault(raw: bytes) -> None:
    """A file from anywhere is never an exception."""
    part = list_part(raw, "ds.csv")
    assert part.fault or part.cells


@given(at=st.integers(0, 1500), byte=st.integers(0, 255))
def test_any_slip_in_a_workbook_gives_a_list_or_a_fault(at: int, byte: int) -> None:
    """One wrong byte anywhere in what Excel wrote."""
    raw = bytearray(WORKBOOK)
    raw[at % len(raw)] = byte
    part = list_part(bytes(raw), "ds.xlsx")
    assert part.fault or part.cells


WORKBOOK = _workbook(_rows(LIST))


def test_the_largest_list_is_bounded() -> None:
    """A hundred thousand people, with room for what stands above them."""
    assert (MOST_BYTES_OF_A_LIST, MOST_ROWS) == (40_000_000, 101_000)
