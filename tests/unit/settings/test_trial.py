"""Files that would take a service down are tried elsewhere first, and most of them cost next to nothing."""

import io
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.settings import trial
from scheduler.settings.bundle import Bundle
from scheduler.settings.read import read_safely, read_settings
from scheduler.settings.shelf import Shelf
from scheduler.settings.trial import Trial

ROOT = Path(__file__).parents[3]
HEAD = """\
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
"""
TABLES = """\
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
COSTLY = "[[people]]\n" * 190_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            f'{HEAD}hotline = "{"x" * 1_000_000}"', "4:1: this line has more than 20000", id="1 MB line"
        ),
        pytest.param(f"{HEAD}x = [{'1,' * 500_000}]", "4:1: this line has more than 20000", id="1 MB list"),
        pytest.param(HEAD + "a." * 20_000 + "a = 1", "4:1: this line has more than 20000", id="40 kB key"),
        pytest.param(HEAD + "a." * 40_000 + "a = 1", "4:1: this line has more than 20000", id="80 kB key"),
        pytest.param(HEAD + "a." * 9_000 + "a = 1", "4:2: this key has too many parts", id="18 kB key"),
        pytest.param(HEAD + '"a".' * 4_000 + "a = 1", "4:4: this key has too many parts", id="in quotes"),
        pytest.param(HEAD + "[" + "a . " * 4_000 + "a]", "4:4: this key has too many parts", id="of a table"),
        pytest.param("x = " + "[" * 10_000, "1:5: the file is nested too deep", id="10 kB of ["),
        pytest.param("x = " + "[\n" * 10_000, "1:5: the file is nested too deep", id="one a line"),
        pytest.param(
            "x = " + "[1,\n" * 100_000, "1:1: the file is nested too deep", id="with something in it"
        ),
        pytest.param("x = " + "{ a = " * 3_000, "1:1: the file is nested too deep", id="tables in tables"),
        pytest.param(f"{HEAD}hotline = {'9' * 5000}", "4:11: this number is too long", id="5,000 digits"),
        pytest.param(
            f"{HEAD}hotline = 0x{'9' * 19_000}", '4:11: "hotline" must be a text', id="in hexadecimal"
        ),
        pytest.param(f"\ufeff{HEAD}x", "4:1: this is not TOML", id="behind a BOM"),
        pytest.param(f"{HEAD}x\0 = 1", "4:2: there is an unprintable character, U+0000", id="NUL"),
        pytest.param(f"{HEAD}hotline = “028”", "4:11: a curly quote “", id="smart quotes"),
        pytest.param(f"{HEAD}x\r\ny = 1".replace("\n", "\r\n"), "4:2: this is not TOML", id="CRLF"),
        pytest.param("x = 1\n" * 700_000, "1:1: the file is too big", id="4 MB"),
        pytest.param("\n" * 200_000, "1:1: the file has more than 200000 lines", id="lines"),
        pytest.param(
            'include = ["**/**/**/**/*.toml"]\n' + HEAD,
            '1:13: warning: no file is called "**/**',
            id="a pattern for the whole disk",
        ),
    ],
)
def test_a_hostile_file_is_answered_at_a_bounded_cost(tmp_path: Path, text: str, told: str) -> None:
    """Two seconds of CPU and 256 MB for `catruc check` from its start to its end, in every case."""
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8", newline="")
    for number in range(60):
        (tmp_path / "/".join("abcdefgh"[: number % 8]) / str(number)).mkdir(parents=True, exist_ok=True)
    # The system counts what was before the start of a program as its memory: so it is given no more.
    within = ["sh", "-c", f'ulimit -v {256 * 1024} && exec "$@"', "sh"]
    command = [*within, sys.executable, "-m", "scheduler", "check", "--settings", str(path)]
    environment = {**os.environ, "LANG": "en", "LC_ALL": "en", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    ) as child:
        assert child.stdout is not None
        printed = child.stdout.read().decode()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    assert f"settings.toml:{told}" in printed
    assert "Traceback" not in printed
    assert used.ru_utime + used.ru_stime < 2.0


def test_what_costs_too_much_is_a_problem_of_its_file(tmp_path: Path) -> None:
    """It takes a child with it, this process reads none of it, and does not try the same again."""
    path = tmp_path / "settings.toml"
    path.write_text(HEAD + TABLES + COSTLY)
    shelf = Shelf()
    before = _own_cpu()
    [problem] = read_safely(path, None, shelf).problems
    assert problem.heading("en") == (
        f"{path}:1:1: this file costs too much to read; look for something repeated too often"
    )
    children = _children_cpu()
    assert [each.code for each in read_safely(path, None, shelf).problems] == ["costs_too_much"]
    assert _children_cpu() == children
    assert _own_cpu() - before < 1.0


def test_a_costly_included_file_freezes_alone(tmp_path: Path) -> None:
    """The others are tried in a new child, and count."""
    path, ward = tmp_path / "settings.toml", tmp_path / "ward.toml"
    path.write_text('include = ["ward.toml"]\n' + HEAD)
    ward.write_text(TABLES)
    good = read_safely(path, None, Shelf()).settings
    assert good is not None
    path.write_text('include = ["ward.toml"]\n' + HEAD.replace("Ca trực", "Trực ca"))
    ward.write_text(TABLES + COSTLY)
    reading = read_safely(path, good.source, Shelf())
    assert reading.frozen == (str(ward),)
    assert reading.settings is not None
    assert reading.settings.service.name.vi == "Trực ca"
    assert reading.settings.desk == good.desk


def test_nothing_is_tried_that_was_in_force(tmp_path: Path) -> None:
    """A restart on an unchanged file needs no second process."""
    path = tmp_path / "settings.toml"
    path.write_text(HEAD + TABLES)
    children = _children_cpu()
    assert read_safely(path, HEAD + TABLES, Shelf()) == read_settings(path)
    assert _children_cpu() == children


@pytest.fixture
def on_trial() -> Iterator[Trial]:
    """A trial that is over when the test is."""
    with Trial() as tried:
        yield tried


def test_texts_that_cost_too_much_only_together_are_not_judged(on_trial: Trial) -> None:
    """Each may be small; a child that was killed is followed by another."""
    costly = Bundle("settings.toml", {"settings.toml": HEAD + TABLES + COSTLY})
    cheap = Bundle("settings.toml", {"settings.toml": HEAD + TABLES})
    assert on_trial.judge(cheap)
    assert not on_trial.judge(costly)
    assert on_trial.judge(cheap)
    assert on_trial.read(TABLES.encode(), "ward.toml", "toml")
    assert on_trial.read(b"a,b\n", "ds.csv", "list")


def test_a_child_that_was_killed_is_no_exception(on_trial: Trial) -> None:
    """Whoever ends it, the text counts as not tried."""
    assert on_trial.read(b"", "settings.toml", "main")
    [child] = _children()
    os.kill(child, signal.SIGKILL)
    assert not on_trial.read(b"", "settings.toml", "main")
    assert on_trial.read(b"", "settings.toml", "main")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_tells_the_service_to_stop_tells_nobody_that_a_text_is_costly(
    on_trial: Trial, number: signal.Signals
) -> None:
    """It goes to all processes of a service, or of a terminal; the child ends with its parent."""
    assert on_trial.read(b"", "settings.toml", "main")
    [child] = _children()
    assert os.getpgid(child) != os.getpgid(0)
    os.kill(child, number)
    assert on_trial.read(b"", "settings.toml", "main")
    assert _children() == [child]


def test_the_child_can_do_no_harm_to_the_machine() -> None:
    """Its time and memory are bounded, and it leaves no image behind."""
    bounds = (
        "import json, resource, signal; from scheduler.settings import trial; trial.limit(); "
        "print(json.dumps([resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CORE), "
        "signal.getitimer(signal.ITIMER_PROF)[0] > 0]))"
    )
    told = subprocess.run([sys.executable, "-c", bounds], cwd=ROOT, capture_output=True, check=True).stdout
    assert json.loads(told) == [[trial.MEMORY_BYTES, trial.MOST_MEMORY_BYTES], [0, 0], True]


def test_the_child_answers_each_request() -> None:
    """Without limits, so that it can be asked here: a file, a list, and all of them together."""
    source = '{"main": "m.toml", "included": [], "files": {"m.toml": "", "p.csv": "[]"}}'
    requests = [
        {"name": "m.toml", "kind": "main", "raw": ""},
        {"name": "p.csv", "kind": "list", "raw": "YSxi"},
        {"main": "m.toml", "bundle": source},
    ]
    answers = io.StringIO()
    trial.serve(io.StringIO("".join(json.dumps(each) + "\n" for each in requests)), answers)
    assert answers.getvalue() == "survived\n" * 3


def _children() -> list[int]:
    mine = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return [int(each) for each in mine.split() if b"trial" in Path(f"/proc/{each}/cmdline").read_bytes()]


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
