"""Real ``catruc`` processes for tests: each in a folder of its own, with the console channel."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from urllib.request import urlopen

from sqlalchemy import select

from notifications.tables import messages
from scheduler.store.database import Database

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0
"""Seconds after which what should have happened has not."""

HANDED = re.compile(r"^→ \[(.+?)\] ", re.MULTILINE)
# Alone: texts name the address of a page behind it.
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+(?=\s|$)")

Found = TypeVar("Found")


def wait_for(look: Callable[[], Found], patience: float = PATIENCE) -> Found:
    """What `look` finds, as soon as it finds something."""
    give_up = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < give_up, f"nothing within {patience} s: {look}"
        time.sleep(0.01)
    return found


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """That of a plain machine: no settings of ours, UTF-8, messages in English."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("CATRUC_", "LC_"))}
    return {**own, "LANG": "en_US.UTF-8", "PYTHONUTF8": "1", **(more or {})}


def catruc(
    *arguments: str, typed: str = "", more: Mapping[str, str] | None = None, folder: Path = ROOT
) -> "subprocess.CompletedProcess[str]":
    """Runs one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "scheduler", *arguments],
        cwd=folder,
        env={**environment(more), "PYTHONPATH": str(ROOT)},
        input=typed,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def states_of(url: str) -> dict[str, str]:
    """The state of each message of a database that is due by now, by key."""
    due = select(messages.c.key, messages.c.state).where(messages.c.send_at <= datetime.now(UTC))
    with closing(Database(url)) as database, database.read() as connection:
        return {row.key: row.state for row in connection.execute(due)}


class Folder:
    """A folder with a settings file, its database, and all that services in it have printed."""

    def __init__(self, path: Path, text: str) -> None:
        self.settings = path / "settings.toml"
        self.settings.write_text(text, encoding="utf-8")
        self.database = path / "catruc.db"
        self.out = path / "out.txt"
        self.err = path / "err.txt"

    def handed(self) -> Counter[str]:
        """How often each text, by key, was handed to the console."""
        return Counter(HANDED.findall(self.out.read_text(encoding="utf-8")))

    def states(self) -> dict[str, str]:
        """The state of each message that is due by now, by key."""
        return states_of(f"sqlite:///{self.database}")

    def under_way(self) -> int:
        """How many messages are due and have not come to rest."""
        return sum(state in ("waiting", "claimed", "sending") for state in self.states().values())


class Service:
    """A running ``catruc serve`` or ``catruc worker``."""

    def __init__(self, folder: Folder, process: "subprocess.Popen[bytes]", already: int) -> None:
        self.folder = folder
        self.process = process
        self._already = already

    def printed(self) -> str:
        """What this service has printed so far."""
        return self.folder.out.read_bytes()[self._already :].decode("utf-8", "replace")

    def address(self) -> str:
        """Where its page is."""

        def look() -> list[str]:
            assert self.process.poll() is None, self.folder.err.read_text(encoding="utf-8")
            return ADDRESS.findall(self.printed())

        return wait_for(look)[0]

    def get(self, path: str) -> str:
        """What its page answers."""
        with urlopen(self.address() + path, timeout=PATIENCE) as answer:
            return str(answer.read().decode("utf-8"))

    def kill(self) -> None:
        """As the power would."""
        self.process.kill()
        self.process.wait()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Asks it to stop; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=10)


@contextmanager
def serving(folder: Folder, more: Mapping[str, str] | None = None) -> Iterator[Service]:
    """A service on a free port, killed at the end if it still runs."""
    with _running(folder, ["serve", "--port", "0", "--settings", str(folder.settings)], more) as service:
        yield service


@contextmanager
def working(folder: Folder, more: Mapping[str, str] | None = None) -> Iterator[Service]:
    """A ``catruc worker``, killed at the end if it still runs."""
    with _running(folder, ["worker", "--settings", str(folder.settings)], more) as service:
        yield service


@contextmanager
def _running(folder: Folder, arguments: list[str], more: Mapping[str, str] | None) -> Iterator[Service]:
    command = [sys.executable, "-m", "scheduler", *arguments]
    with folder.out.open("ab") as out, folder.err.open("ab") as err:
        already = folder.out.stat().st_size
        process = subprocess.Popen(command, cwd=ROOT, env=environment(more), stdout=out, stderr=err)
    try:
        yield Service(folder, process, already)
    finally:
        process.kill()
        process.wait()
