"""``catruc texts``: what each text costs, the sheet that operators ask for, and a measure for any text."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from notifications.text import room
from notifications.veil import Veil
from scheduler.reminders.reminder import Kind
from scheduler.settings.sheet import rows_in
from tests.terminal import SMALL, Terminal

EXAMPLE = (Path(__file__).parents[2] / "settings.toml").read_text(encoding="utf-8")
TWO_SENDERS = SMALL.replace('name = "Tân Định"', 'name = "Tân Định"\nsender = "UBNDTD"').replace(
    "[[services]]", '[[places]]\nname = "Bưu cục"\nward = "Tân Định"\n\n[[services]]'
)
TWO_SENDERS = TWO_SENDERS.replace("[[shifts]]", '[[shifts]]\nplace = "ubnd"').replace(
    'staff = ["Dũng"]',
    'staff = ["Dũng"]\n\n[[shifts]]\nservice = "sao-y"\nplace = "buu-cuc"\ndays = "T2"\ntime = "08:00-09:00"',
)


def _rows(terminal: Terminal, text: str, *arguments: str) -> list[dict[str, Any]]:
    terminal.write(text)
    said = terminal.run("texts", "--json", *arguments)
    assert (said.code, said.err) == (0, "")
    rows: list[dict[str, Any]] = said.document
    return rows


def test_the_example_says_everything_in_one_segment(terminal: Terminal) -> None:
    """Every kind of text, in both languages, at its longest, with the names that it really has."""
    rows = _rows(terminal, EXAMPLE)

    assert {row["text"] for row in rows} == {
        f"{kind}.{language}" for kind in Kind for language in ("vi", "en")
    }
    assert {(row["encoding"], row["segments"]) for row in rows} == {("GSM-7", 1)}
    assert all(0 <= row["room"] == 160 - row["characters"] == 160 - len(row["longest"]) for row in rows)
    assert all(row["longest"].startswith("UBNDQ1: ") for row in rows)


def test_a_row_tells_what_a_text_costs(terminal: Terminal) -> None:
    """Its name, who sends it to whom, whose words it has, its measure and what is left."""
    [asked] = [row for row in _rows(terminal, SMALL) if row["text"] == "ask.vi"]

    text = (
        "UBNDQ1: Moi ban Nguyen An truc Sao y T2 30/11, 17:00-19:30, UBND: "
        "http://127.0.0.1:8000/r/************"
    )
    assert asked == {
        "text": "ask.vi",
        "language": "vi",
        "audiences": ["volunteer"],
        "sender": "UBNDQ1",
        "own": False,
        "encoding": "GSM-7",
        "segments": 1,
        "characters": len(text),
        "room": 160 - len(text),
        "longest": text,
    }


@pytest.mark.parametrize(
    ("locale", "line", "last"),
    [
        (
            "vi_VN.UTF-8",
            "GSM-7, 1 đoạn, 102 ký tự, còn 58  (tình nguyện viên: UBNDQ1)",
            "58 tin, 58 tin chỉ một đoạn khi dài nhất.",
        ),
        (
            "en_GB.UTF-8",
            "GSM-7, segments: 1, characters: 102, free: 58  (volunteers: UBNDQ1)",
            "58 texts; 58 of them are one segment at their longest.",
        ),
    ],
)
def test_people_read_two_lines_a_text(terminal: Terminal, locale: str, line: str, last: str) -> None:
    """In their own language; SMALL has no coordinator, so that nobody is told to call more people."""
    terminal.write(SMALL)
    terminal.speak(locale)
    lines = terminal.run("texts").out.splitlines()

    assert lines[0] == f"{'ask.vi':<22} {line}"
    assert lines[1].startswith("    UBNDQ1: Moi ban Nguyen An")
    assert lines[-1] == last


def test_audiences_that_are_texted_alike_share_a_row(terminal: Terminal) -> None:
    """And have rows of their own where their terms are not the same."""
    both = [row["audiences"] for row in _rows(terminal, SMALL) if row["text"] == "moved.vi"]
    assert both == [["volunteer", "staff"]]
    apart = _rows(terminal, SMALL.replace("[[wards]]", '[sms.staff]\nsender = "UBNDCB"\n\n[[wards]]', 1))
    told = [(row["audiences"], row["sender"]) for row in apart if row["text"] == "moved.vi"]
    assert told == [(["volunteer"], "UBNDQ1"), (["staff"], "UBNDCB")]


def test_a_ward_with_a_sender_of_its_own_has_rows_of_its_own(terminal: Terminal) -> None:
    """Each with the names of that ward's places."""
    rows = [row for row in _rows(terminal, TWO_SENDERS) if row["text"] == "resident.vi"]
    assert [(row["sender"], "Buu cuc" in row["longest"]) for row in rows] == [
        ("UBNDQ1", False),
        ("UBNDTD", True),
    ]


def test_a_text_of_one_s_own_is_marked(terminal: Terminal) -> None:
    """What it costs is what its own words cost, and what is left is reckoned with all allowed segments."""
    texts = terminal.settings.parent / "texts"
    texts.mkdir()
    (texts / "ask.vi.txt").write_text("{{ sender }}: Mời {{ name }} trực tối nay.", encoding="utf-8")
    rows = _rows(
        terminal, 'texts = "texts/"\n' + SMALL.replace("[sms]", '[sms]\naccents = "keep"\nmax_segments = 3')
    )
    [asked] = [row for row in rows if row["text"] == "ask.vi"]

    assert asked["longest"] == "UBNDQ1: Mời Nguyễn An trực tối nay."
    assert (asked["own"], asked["encoding"], asked["segments"]) == (True, "UCS-2", 1)
    assert asked["room"] == room(asked["longest"], 3) == 3 * 67 - 35
    assert not [row for row in rows if row["own"] and row["text"] != "ask.vi"]


@pytest.mark.parametrize(
    ("locale", "headings", "words"),
    [
        ("vi_VN.UTF-8", "Tên gửi\tTin\tTiếng\tGửi cho\tNội dung mẫu", "tiếng Việt\ttình nguyện viên"),
        ("en_GB.UTF-8", "Sender\tText\tLanguage\tSent to\tPattern", "Vietnamese\tvolunteers"),
    ],
)
def test_the_sheet_for_operators_falls_into_columns(
    terminal: Terminal, locale: str, headings: str, words: str
) -> None:
    """A row a form with tabs between the cells: variables are marked, and nobody's name is in the sample."""
    terminal.write(SMALL)
    terminal.speak(locale)
    lines = terminal.run("texts", "--registration").out.splitlines()

    assert lines[0].startswith(headings)
    assert {line.count("\t") for line in lines} == {8}
    link = Veil(b"of nobody").link("aaaaaaa")
    assert lines[1] == (
        f"UBNDQ1\task.vi\t{words}\tUBNDQ1: Moi {{xung_ho:3}} {{ho_ten:9}} truc {{dich_vu:5}} "
        f"{{ngay_gio:21}}, {{dia_diem:4}}: {{cach_tra_loi:36}}\tUBNDQ1: Moi ban Nguyen Van A truc Sao y "
        f"T2 30/11, 17:00-19:30, UBND: http://127.0.0.1:8000/r/{link}\tGSM-7\t1\t102"
    )
    assert not [line for line in lines if "Nguyen An" in line or "Dung" in line]


def test_each_form_of_a_text_is_registered(terminal: Terminal) -> None:
    """What is said only sometimes makes two forms; a form that this desk never sends is left out."""
    rows = _rows(terminal, EXAMPLE, "--registration")
    patterns = [row["pattern"] for row in rows if row["text"] == "dropout.en"]
    assert ["{count:2} missing" in each for each in patterns] == [True, False, True, False]
    assert ['writes "{reply:40}"' in each for each in patterns] == [True, True, False, False]
    assert len([row for row in rows if row["text"] == "resident.vi"]) == 1, (
        "there is always something to bring"
    )
    assert all(row["segments"] == 1 and len(row["sample"]) <= 160 for row in rows)
    assert {*rows[0]} == {
        "sender", "text", "language", "audiences", "pattern", "sample", "encoding", "segments", "characters",
    }  # fmt: skip


def test_the_sheet_opens_in_a_spreadsheet(terminal: Terminal) -> None:
    """The workbook holds what is printed, cell by cell, and is the same for the same settings."""
    terminal.write(SMALL)
    printed = terminal.run("texts", "--registration").out.splitlines()
    file = terminal.settings.parent / "mau-tin.xlsx"
    said = terminal.run("texts", "--registration", "--out", str(file))
    assert (said.code, said.out, said.err) == (0, "", "")
    raw = file.read_bytes()
    assert [list(row) for row in rows_in(raw)] == [line.split("\t") for line in printed]
    terminal.run("texts", "--out", str(file))
    assert file.read_bytes() == raw


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["--out", "sheet.csv"], 2, "sheet.csv: the sheet is written as .xlsx only."),
        (
            ["--out", "no/such/folder.xlsx"],
            1,
            "no/such/folder.xlsx cannot be written: No such file or directory",
        ),
        (
            ["--measure", __file__, "--registration"],
            2,
            "--measure takes a file alone, without --registration or --out.",
        ),
    ],
)
def test_what_cannot_be_done_is_one_line(
    terminal: Terminal, arguments: list[str], code: int, complaint: str
) -> None:
    """Wrong usage is 2, a failure 1."""
    terminal.write(SMALL)
    said = terminal.run("texts", *arguments)
    assert (said.code, said.complaint) == (code, complaint)


def test_faulty_settings_have_no_texts(terminal: Terminal) -> None:
    """The first fault, in one line."""
    terminal.write(SMALL.replace('service = "sao-y"', 'service = "sao-i"'))
    said = terminal.run("texts")
    assert (said.code, said.out) == (1, "")
    assert 'không có dịch vụ "sao-i"' in said.complaint


def _measured(*arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """The command as it is called in a pipe; there are no settings anywhere."""
    command = [sys.executable, "-m", "scheduler", "texts", "--measure", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False)


def test_any_texts_can_be_measured(tmp_path: Path) -> None:
    """As they stand, one JSON object a line; a line end inside a text is not one between texts."""
    texts = ["", "a" * 161, "€", "Trực tối nay", "👨\u200d👩\u200d👧", "a\r\nb", "b\u2028c", "\ud83d"]
    written = "\ufeff" + "\r\n".join(json.dumps(text, ensure_ascii=text == "\ud83d") for text in texts)
    file = tmp_path / "texts.jsonl"
    file.write_bytes(written.encode())
    found = [json.loads(line) for line in _measured(str(file)).stdout.splitlines()]

    assert [list(one) for one in found] == [["encoding", "segments", "characters"]] * len(texts)
    assert [tuple(one.values()) for one in found] == [
        ("GSM-7", 1, 0),
        ("GSM-7", 2, 161),
        ("GSM-7", 1, 2),
        ("UCS-2", 1, 12),
        ("UCS-2", 1, 1),
        ("GSM-7", 1, 4),
        ("UCS-2", 1, 3),
        ("UCS-2", 1, 1),
    ]


@pytest.mark.parametrize("line", [b"", b"plain", b"3", b'["a"]', b"null", b'"\xff"', b'"a', b"[" * 100_000])
def test_what_is_no_text_is_told_by_its_line(line: bytes) -> None:
    """What stands before it has been measured, and nothing after it is."""
    said = _measured("-", given=b'"a"\n' + line + b'\n"b"\n')
    assert said.returncode == 1
    assert len(said.stdout.splitlines()) == 1
    assert said.stderr == b"catruc: line 2 is no JSON string; write each text in double quotes.\n"


def test_texts_start_as_quickly_as_check(terminal: Terminal) -> None:
    """Neither database nor pages nor provider are looked for."""
    terminal.write(SMALL)
    watched = "{'sqlalchemy', 'fastapi', 'jinja2', 'twilio', 'apscheduler', 'structlog'}"
    script = (
        "import sys; from scheduler.cli.main import run; "
        f"run(sys.argv[1:]); sys.exit(str(loaded) if (loaded := {watched} & sys.modules.keys()) else 0)"
    )
    for arguments in (["texts"], ["texts", "--registration"], ["check"]):
        command = [sys.executable, "-c", script, *arguments, "--settings", str(terminal.settings)]
        said = subprocess.run(command, capture_output=True, check=False)
        assert (said.returncode, said.stderr) == (0, b"")
