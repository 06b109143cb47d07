"""What a process finds around it: the settings file, the environment, and the database that they name."""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from scheduler.settings.read import Reading
from scheduler.settings.settings import Settings
from scheduler.settings.source import MOST_BYTES, parsed
from scheduler.store.database import Database, DatabaseFault
from scheduler.store.migrate import migrate

# For a file that is no TOML; no other table has such a key.
_DATABASE_LINE = re.compile(r"""^[ \t]*database[ \t]*=[ \t]*["'](?P<named>[^"'\n]+)["']""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the process was given: the settings file, the environment and where it may print."""

    settings_path: Path
    environment: Mapping[str, str]
    out: TextIO
    err: TextIO

    @classmethod
    def real(cls, settings_path: Path) -> "Surroundings":
        """Those of this process."""
        return cls(settings_path, dict(os.environ), sys.stdout, sys.stderr)

    def in_memory(self) -> "Surroundings":
        """The same, with an empty database in memory."""
        return self.with_database("sqlite://")

    def with_database(self, address: str) -> "Surroundings":
        """The same, with the database at `address`, whatever the settings name."""
        return replace(self, environment={**self.environment, "CATRUC_DATABASE": address})

    def with_named_database(self, reading: Reading) -> "Surroundings":
        """The same, for `reading`: the database is the one that its file names, whatever is wrong beside it.

        Otherwise a slip of the pen would have another database be served, as the one before a move.
        """
        if reading.settings is not None or self.environment.get("CATRUC_DATABASE"):
            return self
        named = _named_database(reading.text or self._legible())
        return self.with_database(named) if named else self

    def _legible(self) -> str:
        """What can be read of a settings file that is no text, as one that was saved as ANSI."""
        try:
            with self.settings_path.open("rb") as file:
                return file.read(MOST_BYTES).replace(b"\0", b"").decode("latin-1")
        except OSError:
            return ""


def database_url(surroundings: Surroundings, settings: Settings | None) -> str:
    """Where the rows are: ``CATRUC_DATABASE``, else the settings; a relative SQLite file lies beside them.

    Raises DatabaseFault when that is no address of a database that catruc knows.
    """
    own = settings.service.database if settings else "sqlite:///catruc.db"
    written = surroundings.environment.get("CATRUC_DATABASE") or own
    return address_of(surroundings, written, "`database` (or CATRUC_DATABASE)")


def is_elsewhere(surroundings: Surroundings, settings: Settings, url: str) -> bool:
    """Whether the rows are elsewhere than at `url`; an address that is none is elsewhere, too."""
    try:
        return database_url(surroundings, settings) != url
    except DatabaseFault:
        return True


def _named_database(text: str) -> str | None:
    document = parsed(text, "")
    if not isinstance(document, dict):
        line = _DATABASE_LINE.search(text)
        return line["named"] if line else None
    service = document.get("service")
    named = service.get("database") if isinstance(service, dict) else None
    return named if isinstance(named, str) else None


def address_of(surroundings: Surroundings, written: str, where: str) -> str:
    """The whole address of a database as somebody wrote it, `where` is for the fault: see `database_url`."""
    url = _known_url(written, where)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        folder = surroundings.settings_path.resolve().parent
        url = url.set(database=str(folder / url.database))
    return url.render_as_string(hide_password=False)


def _known_url(address: str, where: str) -> URL:
    """The address is not repeated in the fault: it may hold a password."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError
        url = make_url("unknown://")
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise DatabaseFault(
            f"{where} is not the address of a database that catruc knows; "
            "write sqlite:///catruc.db or postgresql+psycopg://user@host/db."
        )
    return url


def private_database(url: str) -> Database:
    """The database at `url`; a new SQLite file is nobody else's to read, for it holds telephone numbers.

    Raises DatabaseFault when its folder is missing or closed to us.
    """
    database = Database(url)
    if database.file:
        try:
            database.file.touch(mode=0o600, exist_ok=True)
        except OSError as fault:
            raise DatabaseFault(
                f"The database {database.file} cannot be made or opened ({fault.strerror}); "
                "make its folder, or name another place in `database`."
            ) from fault
    return database


def open_database(surroundings: Surroundings, settings: Settings | None) -> Database:
    """The database, its tables up to date; made where there is none."""
    database = private_database(database_url(surroundings, settings))
    migrate(database)
    return database


def key_file(surroundings: Surroundings, settings: Settings | None) -> Path:
    """Where the key of personal links is kept: beside the database, or else beside the settings."""
    url = make_url(database_url(surroundings, settings))
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return Path(url.database).with_suffix(".key")
    return surroundings.settings_path.resolve().parent / "catruc.key"


def would_make_a_file(surroundings: Surroundings, settings: Settings | None) -> bool:
    """Whether opening the database would make its file."""
    url = make_url(database_url(surroundings, settings))
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return False
    return not Path(url.database).exists()
