"""catruc worker: where it can run, what it says, and that nobody pays for it who does not use it."""

import re
from pathlib import Path

import pytest

from tests.postgres import PostgresServer
from tests.served import Folder, catruc, serving, wait_for
from tests.terminal import SMALL

# Has Python tell of each module that it imports.
TOLD = {"PYTHONPROFILEIMPORTTIME": "1"}
CARRIERS = re.compile(r"\| +(procrastinate|psycopg_pool)\b")


def test_a_service_on_sqlite_imports_nothing_of_procrastinate(tmp_path: Path) -> None:
    """A desk on one machine pays nothing for many."""
    folder = Folder(tmp_path, SMALL.replace("[sms]", '[sms]\nquiet = ""'))
    with serving(folder, TOLD) as service:
        wait_for(lambda: folder.handed().total())
        assert service.stop() == 0
    told = folder.err.read_text(encoding="utf-8")
    assert "notifications.carrier.in_process" in told
    assert not CARRIERS.search(told)


@pytest.mark.parametrize("command", ["check", "plan", "sessions", "messages"])
def test_a_command_imports_nothing_of_procrastinate(tmp_path: Path, command: str) -> None:
    """Nor does whoever only asks, wherever the rows are."""
    told = catruc(command, "--settings", str(Folder(tmp_path, SMALL).settings), more=TOLD).stderr
    assert "scheduler.cli" in told
    assert not CARRIERS.search(told)


def test_a_worker_on_sqlite_is_refused(tmp_path: Path) -> None:
    """One sentence that says what would be right, and exit code 1."""
    folder = Folder(tmp_path, SMALL)
    done = catruc("worker", "--settings", str(folder.settings))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "needs PostgreSQL" in done.stderr
    assert not folder.database.exists()


def test_a_worker_without_a_settings_file_or_an_address_says_so(tmp_path: Path) -> None:
    """It has no way to know where the database is."""
    done = catruc("worker", "--settings", str(tmp_path / "none.toml"))
    assert done.returncode == 1
    assert "none.toml" in done.stderr


def test_a_worker_without_its_secrets_says_which(postgres_server: PostgresServer, tmp_path: Path) -> None:
    """The settings in force want Twilio: the sentence names the variable, and nothing is taken."""
    folder = Folder(tmp_path, SMALL.replace("[sms]", '[sms]\nchannel = "twilio"'))
    with postgres_server.fresh_database() as url:
        there = {"CATRUC_DATABASE": url}
        assert catruc("apply", "--yes", "--settings", str(folder.settings), more=there).returncode == 0
        done = catruc("worker", "--settings", str(tmp_path / "none.toml"), more=there)
    assert done.returncode == 1
    assert "CATRUC_TWILIO_ACCOUNT_SID" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_worker_without_a_server_says_so(tmp_path: Path) -> None:
    """Whoever starts it starts it again; it does not pretend to work."""
    done = catruc(
        "worker", more={"CATRUC_DATABASE": f"postgresql://nobody@/none?host={tmp_path}"}, folder=tmp_path
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "cannot be used" in done.stderr
