"""people import and people template at a terminal: all of a file is taken in, or none of it."""

import re
from pathlib import Path

import pytest

from scheduler.settings.people_form import as_file
from scheduler.settings.people_list import Row, read_people
from scheduler.settings.read import read_settings
from scheduler.settings.sheet import rows_in
from tests.terminal import SMALL, Terminal

BARE = re.sub(r"\[\[people\]\].*?(?=\[\[shifts)", "", SMALL, flags=re.DOTALL).replace(
    'staff = ["Dũng"]\n', ""
)
LISTED = f'people = ["ds.csv"]\n{BARE}'
LIST = "Họ tên,SĐT,Phường,Ghi chú\nAn,0901 000 001,Sài Gòn,gọi sau 18h\nBình,0901 000 002,,\n"
MORE = "SĐT;Họ tên;Vai trò\n901000001;An;TNV\n84901000003;Cúc;\n"


@pytest.fixture
def clerk(desk: Terminal) -> Terminal:
    """A desk whose people stand in a list; a file with more of them lies beside."""
    desk.write(LISTED)
    (desk.folder / "ds.csv").write_text(LIST, encoding="utf-8")
    (desk.folder / "moi.csv").write_text(MORE, encoding="utf-8")
    return desk


def _file(desk: Terminal, name: str = "moi.csv") -> str:
    return str(desk.folder / name)


def _people(desk: Terminal) -> list[tuple[str, str]]:
    settings = read_settings(desk.settings).settings
    assert settings is not None
    return [(person.name, person.phone) for person in settings.desk.people.values()]


def test_a_file_goes_into_the_list_after_a_look(clerk: Terminal) -> None:
    """Who is added, changed, unchanged, missing; the list keeps its columns, and a copy of it is kept."""
    said = clerk.run("people", "import", _file(clerk), typed="y\n")
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "moi.csv → ds.csv: thêm 1, đổi 1, giữ nguyên 0, không có trong tệp 1.\n"
        "  + dòng 3: Cúc\n"
        "  ~ dòng 2: An (Vai trò)\n"
        "Không có trong tệp, vẫn giữ (--whole thì bỏ):\n"
        "    dòng 3: Bình\n"
        "2 người chưa ghi ngày đồng ý nhận tin; vẫn nhận tin về ca của mình.\n"
        "Ghi vào ds.csv? [c/K]: "
        "Đã ghi ds.csv. Bản cũ: ds.bak.csv. catruc serve tự nhận; không có serve thì chạy catruc apply.\n"
    )
    assert (clerk.folder / "ds.csv").read_text("utf-8-sig").splitlines() == [
        "Họ tên,SĐT,Phường,Ghi chú,Vai trò",
        "An,0901000001,Sài Gòn,gọi sau 18h,TNV",
        "Bình,0901 000 002,,,",
        "Cúc,84901000003,,,",
    ]
    assert (clerk.folder / "ds.bak.csv").read_text("utf-8") == LIST
    assert _people(clerk) == [("An", "+84901000001"), ("Bình", "+84901000002"), ("Cúc", "+84901000003")]
    again = clerk.run("people", "import", _file(clerk))
    assert again.out.endswith("Không có gì phải đổi.\n")


@pytest.mark.parametrize("typed", ["", "n\n", "\n", "không\n"], ids=["no terminal", "no", "enter", "không"])
def test_without_a_yes_nothing_is_written(clerk: Terminal, typed: str) -> None:
    """A question to which nobody answers is no yes; --yes is one."""
    said = clerk.run("people", "import", _file(clerk), typed=typed)
    assert said.code == 1
    assert said.err.endswith("catruc: dừng giữa chừng, chưa thay đổi gì\n")
    assert (clerk.folder / "ds.csv").read_text("utf-8") == LIST
    assert clerk.run("people", "import", _file(clerk), "--yes").code == 0


def test_all_faulty_rows_are_named_and_nothing_is_imported(clerk: Terminal) -> None:
    """By the row of the file, whether the cell is wrong by itself or with what else is known."""
    faulty = MORE + "028 3829 7052;Dũng;TNV\n0901000001;Yến;TNV\n0901000009;Bình;TNW\n"
    (clerk.folder / "moi.csv").write_text(faulty, encoding="utf-8")
    clerk.speak("en_US.UTF-8")
    said = clerk.run("people", "import", _file(clerk), "--yes")
    assert (said.code, said.out) == (1, "")
    told = [line.removeprefix(f"{clerk.folder}/") for line in said.err.splitlines() if ": " in line]
    assert told == [
        "moi.csv:4:1: a landline cannot take texts; give a mobile number",
        "moi.csv:5:1: this number is taken on line 2",
        'moi.csv:6:2: an "id" is needed: "binh" is taken on line 3, ' + f"{clerk.folder}/ds.csv",
        'moi.csv:6:3: "Vai trò" cannot be "TNW"; it is one of: Cán bộ, Tình nguyện viên, Trưởng nhóm',
    ]
    assert (clerk.folder / "ds.csv").read_text("utf-8") == LIST
    as_json = clerk.run("people", "import", _file(clerk), "--yes", "--json").document
    assert (as_json["ok"], as_json["written"], len(as_json["problems"])) == (False, False, 4)


@pytest.mark.parametrize(
    ("written", "lacking"),
    [
        ("Cúc,0901000003\n", ["Họ tên", "Điện thoại"]),
        ("Họ tên,Số\nCúc,0901000003\n", ["Điện thoại"]),
        ("not a list at all\n", ["Họ tên", "Điện thoại"]),
    ],
    ids=["no headings", "one of two", "something else"],
)
def test_what_is_no_list_does_not_empty_the_list(clerk: Terminal, written: str, lacking: list[str]) -> None:
    """A file without the headings names nobody: that is its fault, and not that all of them have left."""
    (clerk.folder / "moi.csv").write_text(written, encoding="utf-8")
    said = clerk.run("people", "import", _file(clerk), "--whole", "--yes")
    assert (said.code, said.out) == (1, "")
    assert re.findall('thiếu cột "(.*)"', said.err) == lacking
    assert (clerk.folder / "ds.csv").read_text("utf-8") == LIST


def test_a_whole_list_takes_out_who_is_missing(clerk: Terminal) -> None:
    """As JSON too; what is asked and said goes beside it."""
    said = clerk.run("people", "import", _file(clerk), "--whole", "--yes", "--json")
    assert said.document == {
        "ok": True,
        "written": True,
        "into": "ds.csv",
        "added": [{"row": 3, "name": "Cúc"}],
        "changed": [{"row": 2, "name": "An", "columns": ["Vai trò"]}],
        "unchanged": 0,
        "missing": [],
        "removed": [{"row": 3, "name": "Bình"}],
        "without_consent": 2,
        "problems": [],
    }
    assert "- dòng 3: Bình" in said.err
    assert _people(clerk) == [("An", "+84901000001"), ("Cúc", "+84901000003")]


@pytest.mark.parametrize(
    ("encoding", "end"), [("utf-8", "\n"), ("utf-8-sig", "\r\n"), ("utf-16", "\r\n"), ("utf-16-le", "\n")]
)
def test_the_first_list_is_copied_and_named_in_the_settings(desk: Terminal, encoding: str, end: str) -> None:
    """The file as it is, and one line above the first table, in the letters and line ends of Notepad."""
    desk.settings.write_bytes(("# Ca trực\n\n" + BARE).replace("\n", end).encode(encoding))
    away = desk.folder / "tai-ve"
    away.mkdir()
    (away / "moi.csv").write_text(MORE, encoding="utf-8")
    said = desk.run("people", "import", str(away / "moi.csv"), "--yes")
    assert (said.code, said.err) == (0, "")
    text = desk.settings.read_bytes().decode(encoding)
    assert text == ("# Ca trực\n\n" + 'people = ["moi.csv"]\n\n' + BARE).replace("\n", end)
    assert (desk.folder / "moi.csv").read_bytes() == MORE.encode()
    assert _people(desk) == [("An", "+84901000001"), ("Cúc", "+84901000003")]


def test_a_workbook_stays_a_workbook(clerk: Terminal) -> None:
    """Numbers are texts in it, so that they keep their zeros."""
    rows: tuple[Row, ...] = (("Họ tên", "Điện thoại"), ("An", "0901000001"))
    (clerk.folder / "ds.xlsx").write_bytes(as_file(rows, ".xlsx", "vi"))
    clerk.write(LISTED.replace("ds.csv", "ds.xlsx"))
    assert clerk.run("people", "import", _file(clerk), "--yes").code == 0
    assert rows_in((clerk.folder / "ds.xlsx").read_bytes()) == (
        ("Họ tên", "Điện thoại", "Vai trò"),
        ("An", "0901000001", "TNV"),
        ("Cúc", "84901000003", ""),
    )
    assert rows_in((clerk.folder / "ds.bak.xlsx").read_bytes()) == rows


@pytest.mark.parametrize(
    ("settings", "words", "says"),
    [
        pytest.param(SMALL, (), "settings.toml đang ghi", id="tables of people"),
        pytest.param(LISTED.replace('"ds.csv"', '"a.csv", "b.csv"'), (), "a.csv, b.csv", id="several lists"),
        pytest.param(LISTED, ("--into", "b.csv"), "ds.csv", id="no such list"),
        pytest.param(BARE, ("--into", "b.csv"), "--into", id="no list yet"),
        pytest.param(f"people = []\n{BARE}", (), 'people = ["moi.csv"]', id="a line that stands there"),
    ],
)
def test_what_has_no_place_to_go_is_one_line(
    clerk: Terminal, settings: str, words: tuple[str, ...], says: str
) -> None:
    """It says what would be right."""
    clerk.write(settings)
    said = clerk.run("people", "import", _file(clerk), "--yes", *words)
    assert said.code == 1
    assert says in said.complaint
    assert clerk.settings.read_text("utf-8") == settings


@pytest.mark.parametrize(
    ("name", "says"),
    [("~$moi.xlsx", '"moi.xlsx"'), ("moi.doc", ".csv"), ("khong-co.csv", "không có tệp này")],
)
def test_what_is_no_list_is_told(clerk: Terminal, name: str, says: str) -> None:
    """The lock that Excel leaves, another kind of file, no file."""
    said = clerk.run("people", "import", _file(clerk, name), "--yes")
    assert said.code == 1
    assert says in said.err


@pytest.mark.parametrize("lock", ["~$ds.csv", ".~lock.ds.csv#"])
def test_a_list_that_somebody_has_open_is_not_replaced(clerk: Terminal, lock: str) -> None:
    """Their next save would undo it without a word."""
    (clerk.folder / lock).touch()
    said = clerk.run("people", "import", _file(clerk), "--yes")
    assert said.code == 1
    assert f'"ds.csv" đang mở trong Excel (có tệp {lock})' in said.err
    assert (clerk.folder / "ds.csv").read_text("utf-8") == LIST


def test_what_was_edited_while_the_question_stood_is_kept(clerk: Terminal) -> None:
    """What was looked at is not what would be replaced."""
    edited = LIST + "Dũng,0901 000 004,,\n"
    said = clerk.run(
        "people",
        "import",
        _file(clerk),
        typed="y\n",
        meanwhile=lambda: (clerk.folder / "ds.csv").write_text(edited, encoding="utf-8"),
    )
    assert said.code == 1
    assert "trong lúc chờ" in said.err.lower()
    assert (clerk.folder / "ds.csv").read_text("utf-8") == edited


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("locale", ["vi_VN.UTF-8", "en_US.UTF-8"])
def test_a_template_is_read_as_an_empty_list(desk: Terminal, ending: str, locale: str) -> None:
    """Its example is nobody; what is filled in below it is somebody. What is there is not overwritten."""
    desk.write(BARE)
    desk.speak(locale)
    out = desk.folder / f"mau.{ending}"
    assert desk.run("people", "template", "--out", str(out)).code == 0
    rows = rows_in(out.read_bytes())
    read = read_people(rows)
    assert (read.people, read.findings, len(read.site.columns)) == ((), (), 13)
    filled = (*rows, ("Cúc", "", "0901000003"))
    assert [person.phone for person in read_people(filled).people] == ["+84901000003"]
    said = desk.run("people", "template", "--out", str(out))
    assert said.code == 1
    assert str(out) in said.complaint
    assert desk.run("people", "import", str(out), "--yes").code == 0


def test_a_template_may_be_made_before_there_are_settings(tmp_path: Path, desk: Terminal) -> None:
    """The list may come first; other endings are wrong usage."""
    desk.settings.unlink()
    out = tmp_path / "mau.xlsx"
    assert desk.run("people", "template", "--out", str(out), "--json").document == {"file": str(out)}
    assert desk.run("people", "template", "--out", str(tmp_path / "mau.doc")).code == 2
