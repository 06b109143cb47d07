"""serve and simulate at a terminal, and how every command ends."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from scheduler.cli.main import run
from tests.served import ROOT, Folder, catruc, environment, serving
from tests.terminal import SESSION, SMALL, Terminal

COUNTS = ["planned", "outbox", "network", "audit", "lost", "doubled", "in_doubt"]
WEEKLY = (
    SMALL[: SMALL.index("[[shifts]]")]
    + """\
[[shifts]]
service = "sao-y"
days = ["T3", "T7"]
time = "17:00-19:30"
needs = { volunteer = 1 }
staff = ["Dũng"]
"""
)
START = ("--start", "2026-11-02")


@pytest.mark.parametrize("seed", ["1", "2", "3", "20261102"])
def test_the_books_of_a_simulation_agree(terminal: Terminal, seed: str) -> None:
    """Planned, outbox, network and audit count the same keys; nothing lost, doubled or in doubt."""
    terminal.write(WEEKLY)
    said = terminal.run("simulate", "--json", "--days", "14", "--seed", seed, *START)
    assert (said.code, said.err) == (0, "")
    assert list(said.document) == ["seed", "days", *COUNTS]
    assert (said.document["seed"], said.document["days"]) == (int(seed), 14)
    planned = said.document["planned"]
    assert planned > 10
    assert [said.document[name] for name in COUNTS] == [planned] * 4 + [0] * 3
    assert terminal.files() == {"settings.toml"}


def test_what_a_month_promises_residents_is_not_missed_in_the_books(terminal: Terminal) -> None:
    """Who follows more sessions than texts were promised gets no more of them, and none counts as lost."""
    terminal.write(WEEKLY + "[follow]\ntexts_a_month = 3\n")
    said = terminal.run("simulate", "--json", "--days", "28", "--seed", "1", *START)
    generous = WEEKLY + "[follow]\ntexts_a_month = 30\n"
    terminal.write(generous)
    more = terminal.run("simulate", "--json", "--days", "28", "--seed", "1", *START)
    assert (said.code, more.code) == (0, 0)
    assert said.document["network"] < more.document["network"]


def test_the_same_seed_prints_the_same_bytes(terminal: Terminal) -> None:
    """Another seed is another fortnight."""
    terminal.write(WEEKLY)
    first, again, other = (
        terminal.run("simulate", "--days", "14", "--seed", seed, *START).out for seed in ("7", "7", "8")
    )
    assert first == again
    assert first != other


def test_a_process_of_its_own_prints_the_same_bytes(terminal: Terminal) -> None:
    """Nothing depends on how a process happens to hash its texts."""
    terminal.write(WEEKLY)
    command = ("simulate", "--settings", str(terminal.settings), "--days", "7", *START)
    first, second = (catruc(*command, more={"PYTHONHASHSEED": seed}) for seed in ("1", "2"))
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == second.stdout


def test_the_books_of_the_example_agree(capsys: pytest.CaptureFixture[str]) -> None:
    """A fortnight of the shipped settings, followers included."""
    assert run(["simulate", "--json", "--settings", str(ROOT / "settings.toml"), *START]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert counts["planned"] > 300
    assert [counts[name] for name in COUNTS] == [counts["planned"]] * 4 + [0] * 3


@pytest.mark.parametrize(
    ("locale", "day", "session", "end"),
    [
        (
            "vi_VN.UTF-8",
            "== T3 03/11/2026: 1 buổi",
            "   T3 03/11, 17:00-19:30  Sao y, UBND  (2 nhận lời",
            "   Bốn sổ khớp nhau.",
        ),
        (
            "en_US.UTF-8",
            "== Tue 03/11/2026: 1 session, ",
            "   Tue 03/11, 17:00-19:30  Certification, UBND  (2 confirmed",
            "   The four books agree.",
        ),
    ],
)
def test_a_simulation_shows_each_day(
    terminal: Terminal, locale: str, day: str, session: str, end: str
) -> None:
    """Its sessions with who stands there, its texts with masked numbers, and the books at the end."""
    terminal.write(WEEKLY)
    terminal.speak(locale)
    out = terminal.run("simulate", "--days", "7", *START).out
    assert any(line.startswith(day) for line in out.splitlines())
    assert session in out
    assert out.splitlines()[-1] == end
    assert "+8490•••00" in out
    assert "901000" not in out


def test_a_simulation_begins_next_monday(terminal: Terminal) -> None:
    """Without --start a week begins on its Monday."""
    terminal.write(WEEKLY)
    assert terminal.run("simulate", "--days", "1").out.startswith("== T2 ")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nonsense"], "nonsense"),
        (["plan", "--nonsense"], "--nonsense"),
        (["follow", "0901"], "SERVICE"),
        (["simulate", "--days", "0"], "--days"),
        (["simulate", "--start", "02/11/2026"], "--start"),
        (["sessions", "--from", "tomorrow"], "--from"),
        (["follow", "1", "2", "3", "--language", "fr"], "--language"),
        (["check", "--settings", "/"], "--settings"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    """It names what was not understood."""
    assert run(words) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("catruc: ")
    assert err.count("\n") == 1
    assert says in err


def test_catruc_alone_shows_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """On lines of their own, with the exit code of wrong usage."""
    assert run([]) == 2
    shown = capsys.readouterr().err.splitlines()
    assert shown[0].startswith("Usage: catruc")
    assert sum(line.startswith("  ") for line in shown) > 10


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["plan", "-h"], ["--version"]])
def test_help_is_no_failure(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    """Exit code 0, on stdout."""
    assert run(words) == 0
    out, err = capsys.readouterr()
    assert "catruc" in out
    assert not err


def test_every_command_takes_settings_and_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    """The help of each names --settings, and --json where it prints data."""
    for command in ("check", "plan", "apply", "simulate", "sessions", "roster", "messages", "available"):
        assert run([command, "--help"]) == 0
        out = capsys.readouterr().out
        assert "--settings" in out
        assert "--json" in out


def test_serve_without_settings_says_so(terminal: Terminal) -> None:
    """Nothing is in force and there is no file: exit code 1, and no database is made."""
    said = catruc("serve", "--port", "0", "--settings", str(terminal.settings))
    assert said.returncode == 1
    assert str(terminal.settings) in said.stderr
    assert "Traceback" not in said.stderr
    assert terminal.files() == set()


def test_serve_with_broken_settings_and_nothing_in_force_shows_the_fault(terminal: Terminal) -> None:
    """Every fault with its line, and exit code 1."""
    terminal.write(SMALL.replace('"mon-sun"', '"someday"'))
    said = catruc("serve", "--port", "0", "--settings", str(terminal.settings))
    assert said.returncode == 1
    assert "someday" in said.stderr
    assert "^" in said.stderr


@pytest.mark.parametrize("slip", [("mon-sun", "someday"), ("[service]", "[service")], ids=["word", "bracket"])
def test_serve_with_broken_settings_serves_the_database_that_they_name(
    terminal: Terminal, slip: tuple[str, str]
) -> None:
    """The old calendar goes on, and not another one that lies beside it from before a move."""
    elsewhere = SMALL.replace("[service]", '[service]\ndatabase = "sqlite:///now.db"')
    for text in (SMALL, elsewhere.replace("Sao y", "Chứng thực")):
        terminal.write(text)
        assert terminal.run("apply", "--yes").code == 0
    folder = Folder(terminal.folder, elsewhere.replace(*slip))
    with serving(folder) as service:
        page = service.get("/")
    assert ("Chứng thực" in page, "Sao y" in page) == (True, False)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://root:geheim@host/db", "sqlite:///catruc.db"),
        ("postgresql+psycopg://catruc:geheim@127.0.0.1:9/db", "connect"),
        ("sqlite:////nowhere/at/all.db", "/nowhere/at/all.db"),
    ],
)
def test_serve_on_a_database_that_cannot_be_used_stops_with_a_sentence(
    terminal: Terminal, url: str, says: str
) -> None:
    """One line that names it, without its password."""
    terminal.write(SMALL)
    at = ("--port", "0", "--settings", str(terminal.settings))
    said = catruc("serve", *at, more={"CATRUC_DATABASE": url})
    assert (said.returncode, said.stdout) == (1, "")
    (line,) = said.stderr.splitlines()
    assert line.startswith("catruc: ")
    assert says in line
    assert "geheim" not in line


@pytest.mark.parametrize(
    ("channel", "missing"),
    [("twilio", "CATRUC_TWILIO_ACCOUNT_SID"), ("android", "CATRUC_ANDROID_SIGNING_KEY")],
)
def test_serve_without_credentials_stops_with_a_sentence(
    terminal: Terminal, channel: str, missing: str
) -> None:
    """It names the variables that are missing."""
    terminal.write(SMALL.replace("[sms]", f'[sms]\nchannel = "{channel}"'))
    said = catruc("serve", "--port", "0", "--settings", str(terminal.settings))
    assert (said.returncode, said.stdout) == (1, "")
    last = said.stderr.splitlines()[-1]
    assert last.startswith("catruc: ")
    assert missing in last
    assert "Traceback" not in said.stderr


def test_a_reader_that_has_seen_enough_is_no_fault(terminal: Terminal) -> None:
    """`catruc simulate | head -1`: no traceback."""
    terminal.write(WEEKLY)
    command = [sys.executable, "-m", "scheduler", "simulate", "--settings", str(terminal.settings), *START]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait() == 1


def test_a_database_that_breaks_is_one_line(desk: Terminal) -> None:
    """Somebody took a table away: the sentence names it, and there is no traceback."""
    with closing(sqlite3.connect(desk.folder / "catruc.db")) as connection:
        connection.execute("DROP TABLE assignments")
    for command in (("roster",), ("apply", "--yes"), ("decline", SESSION, "binh")):
        said = desk.run(*command)
        assert said.code == 1
        assert "assignments" in said.complaint


def test_a_file_that_is_no_database_is_one_line(terminal: Terminal) -> None:
    """A text where the database should be is left as it is."""
    terminal.write(SMALL)
    (terminal.folder / "catruc.db").write_text("Không phải cơ sở dữ liệu. " * 100, encoding="utf-8")
    for command in (("plan",), ("apply", "--yes"), ("roster",)):
        said = terminal.run(*command)
        assert said.code == 1
        assert "database" in said.complaint
    served = catruc("serve", "--port", "0", "--settings", str(terminal.settings))
    assert (served.returncode, served.stderr.count("\n")) == (1, 1)
