"""Two language servers read the schema of settings.toml: Taplo and Tombi, offline, as an editor runs them."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.cli.main import run

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / "settings.toml").read_text(encoding="utf-8")
SCHEMA = ROOT / "docs" / "settings.schema.json"
HEAD = "#:schema ./docs/settings.schema.json\n"
SERVICE = '[service]\nname = "Ca trực"\ntimezone = "Asia/Ho_Chi_Minh"\n'
SHIFT = '[[shifts]]\nservice = "Sao y"\ndays = "T3"\ntime = "17:00-19:30"\n'

Lint = Callable[[Path], set[int]]


def _tool(name: str) -> str:
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    assert found, f"{name} is one of the test dependencies"
    return found


def _ran(file: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Runs a tool beside the file with no home of its own, and with a network that leads nowhere."""
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    home = {"HOME": str(file.parent), "XDG_CACHE_HOME": str(file.parent / "cache"), "PATH": os.defpath}
    return subprocess.run(
        command, cwd=file.parent, env=home | nowhere, capture_output=True, text=True, timeout=60, check=False
    )


def lines_of_taplo(file: Path) -> set[int]:
    """The lines at which Taplo sees a mistake; it marks a table and all within it for a key too many."""
    ran = _ran(file, _tool("taplo"), "lint", "--no-auto-config", "--colors", "never", file.name)
    lines = {int(line) for line in re.findall(rf"┌─ .*{re.escape(file.name)}:(\d+):\d+", ran.stderr)}
    assert bool(lines) == (ran.returncode != 0), ran.stderr
    return lines


def lines_of_tombi(file: Path) -> set[int]:
    """The lines at which Tombi sees a mistake or has a doubt."""
    told = file.with_name("told.jsonl")
    form = ("--diagnostics-format", "json-lines", "--diagnostics-file", str(told))
    ran = _ran(file, _tool("tombi"), "lint", "--offline", *form, file.name)
    lines = {json.loads(line)["range"]["start"]["line"] for line in told.read_text("utf-8").splitlines()}
    assert bool(lines) == (ran.returncode != 0), ran.stderr
    return lines


LINTS = pytest.mark.parametrize(
    "lint", [pytest.param(lines_of_taplo, id="taplo"), pytest.param(lines_of_tombi, id="tombi")]
)


def _settings(folder: Path, text: str) -> Path:
    """The text as a settings file, with the schema where its first line says."""
    (folder / "docs").mkdir()
    shutil.copy(SCHEMA, folder / "docs")
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


@LINTS
def test_no_editor_complains_of_the_example(lint: Lint, tmp_path: Path) -> None:
    """The shipped file names its schema in its first line, and both find nothing."""
    assert EXAMPLE.startswith(HEAD)
    assert lint(_settings(tmp_path, EXAMPLE)) == set()


@LINTS
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            'people = ["a.xlsx", "b.csv"]\n'
            + SERVICE
            + SHIFT
            + "from = 2026-11-01\nexcept = [2026-12-24]\n"
            + SHIFT.replace('"T3"', '["thứ ba", "Mon-Fri", "1st sat", 5, "workdays"]')
            + SHIFT.replace('"T3"', "5").replace('"17:00-19:30"', '["7h-11h30", "22:00-24:00"]'),
            id="days, times and dates in all their forms, and lists of people",
        ),
        pytest.param(
            'people = "a.xlsx"\ninclude = ["wards/*.toml"]\n' + SERVICE, id="all shifts in included files"
        ),
    ],
)
def test_no_editor_complains_of_what_is_right(lint: Lint, text: str, tmp_path: Path) -> None:
    """Everything that the reader takes in another form than the example has it."""
    assert lint(_settings(tmp_path, HEAD + text)) == set()


MISTAKES = {
    "wait       =": "wiat       =",  # an unknown key
    'plan_ahead = "28 days"': 'plan_ahead = "28 dys"',
    '"Asia/Ho_Chi_Minh"': '"Asia/Ho Chi Minh"',
    'kind    = "ward_office"': 'kind    = "ward_ofice"',  # a word that is no choice
    'sender       = "UBNDQ1"': 'sender       = "UBNDQUAN1TPHCM"',
    'rate         = "5/s"': 'rate         = "fast"',
    '"21:00-07:00"': '"21-7"',
    "max_segments = 1": 'max_segments = "1"',  # a text for a number
    'escalate = "36 hours"': 'escalate = "36 hourss"',
    "from = 2027-02-04, to": 'from = "4/2/2027", to',
    'days     = ["T3", "T5"]': 'days     = ["T3", "T9"]',
    'time     = "17:00-19:30"': 'time     = "17:00"',
    'phone   = "0900 000 001"': "phone   = 900000001",
    'roles   = ["staff"]': 'roles   = ["staf"]',
    "{ volunteer = 2, leader = 1 }": "{ volunter = 2, leader = 1 }",  # an unknown key of a table in a line
}
BESIDE_AN_UNKNOWN_KEY = 3  # Taplo marks the whole of [apply] besides the line


@LINTS
def test_both_editors_underline_mistakes_at_their_lines(lint: Lint, tmp_path: Path) -> None:
    """The example with the first of each of these broken: every line is told, and no other."""
    text, broken = EXAMPLE, set()
    for right, wrong in MISTAKES.items():
        assert right in text, "the example no longer has this"
        broken.add(text.partition(right)[0].count("\n") + 1)
        text = text.replace(right, wrong, 1)
    told = lint(_settings(tmp_path, text))
    assert len(broken) == len(MISTAKES)
    assert broken - told == set()
    assert len(told - broken) <= (BESIDE_AN_UNKNOWN_KEY if lint is lines_of_taplo else 0)


@LINTS
@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param(SERVICE, {1}, id="no shift"),
        pytest.param(SHIFT, {1}, id="no service"),
        pytest.param(
            SHIFT.replace('time = "17:00-19:30"\n', "")
            + SERVICE.replace('timezone = "Asia/Ho_Chi_Minh"\n', "")
            + '[[people]]\nname = "Lê Thị B"\n',
            {3, 6, 8},
            id="a shift without a time, a service without a zone, a person without a number",
        ),
        pytest.param(SERVICE.replace('"Ca trực"', "“Ca trực”") + SHIFT, {4}, id="curly quotes"),
    ],
)
def test_both_editors_miss_what_is_required(lint: Lint, text: str, lines: set[int], tmp_path: Path) -> None:
    """They say so at the table that lacks it, or at the sign that is none of TOML."""
    assert lines - lint(_settings(tmp_path, f"{HEAD}\n{text}")) == set()


def test_the_command_prints_the_schema_that_is_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    """``catruc schema > docs/settings.schema.json`` changes nothing."""
    assert run(["schema"]) == 0
    assert capsys.readouterr().out == SCHEMA.read_text(encoding="utf-8")
