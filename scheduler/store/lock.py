"""One service on one SQLite file: a lock of the operating system, released even by ``kill -9``."""

import fcntl
import os
from pathlib import Path

from scheduler.store.database import DatabaseFault


class ServiceLock:
    """Holds ``DATABASE.lock`` while the service runs.

    Raises DatabaseFault when another process holds it.
    """

    def __init__(self, database_file: Path) -> None:
        self._path = database_file.with_name(database_file.name + ".lock")
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            raise DatabaseFault(
                f"Another catruc serves {database_file} already; stop it first, "
                "or give this one its own database."
            ) from None

    def release(self) -> None:
        """Lets another service start."""
        os.close(self._descriptor)
