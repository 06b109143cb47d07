"""Which faults of the database pass by themselves: it is away, full or read-only now, and may work later."""

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree

# SQLite says everything with one class; these are the ones that somebody else or free space can mend.
PASSING_ON_SQLITE = frozenset({"BUSY", "LOCKED", "FULL", "IOERR", "CANTOPEN", "READONLY", "PROTOCOL"})
READ_ONLY = "25006"


def means_away(fault: BaseException) -> bool:
    """Whether the database may take the very same work in a while; false for a fault of ours."""
    if isinstance(fault, NoneFree):
        return True
    if not isinstance(fault, DBAPIError):
        return False
    if isinstance(fault.orig, sqlite3.Error):
        name = getattr(fault.orig, "sqlite_errorname", None) or ""
        return name.removeprefix("SQLITE_").partition("_")[0] in PASSING_ON_SQLITE
    return isinstance(fault, OperationalError | InterfaceError) or _sqlstate(fault) == READ_ONLY


def in_a_line(fault: BaseException) -> str:
    """What the database said, in one line and without the values of the statement: they hold texts."""
    said = fault.orig if isinstance(fault, DBAPIError) and fault.orig else fault
    return " ".join(str(said).split()) or type(said).__name__


def _sqlstate(fault: DBAPIError) -> str | None:
    return getattr(fault.orig, "sqlstate", None)
