"""One database, two ways in: a serialised writer and readers that cannot write.

SQLite runs with WAL and ``synchronous=FULL`` (``NORMAL`` loses acknowledged rows in a power cut), asserted
whenever a connection is opened. Its writers begin with ``BEGIN IMMEDIATE``, so that two never deadlock.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import OperationalError
from threading import Event
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool, StaticPool

from scheduler.store.outage import Outage

BUSY_SECONDS = 30
WAL_TRIES, WAL_PAUSE_SECONDS = 300, 0.05
CHANNEL = "catruc"

# A server that hangs, or whose machine is gone, must not hold a thread for the hours that TCP allows. On a
# Unix socket none of it counts.
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}

# Only a transaction that wrote has an id. Two idle services that told each other of nothing would keep each
# other awake for ever.
NOTIFY = text("SELECT pg_notify(:channel, :name) WHERE pg_current_xact_id_if_assigned() IS NOT NULL")
TELL = text("SELECT pg_notify(:channel, :name)")


class DatabaseFault(Exception):
    """The database cannot be used as it stands; the sentence says what to do."""


class Database:
    """The open database. `write` commits when it is left without an error; `read` never writes."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer = _sqlite_writer(self.url) if self.is_sqlite else _postgresql(self.url)
        self._reader = (_sqlite_reader if self.is_sqlite else _postgresql_reader)(self.url, self._writer)
        self._watch: PoolProxiedConnection | None = None
        self._seen = 0
        self._name = uuid4().hex
        self._outage = Outage()

    @property
    def engine(self) -> Engine:
        """The writer's engine, for migrations."""
        return self._writer

    @property
    def connect_arguments(self) -> dict[str, Any]:
        """What the driver is told of patience, in addition to the URL."""
        return {} if self.is_sqlite else dict(PATIENCE)

    @property
    def driver_arguments(self) -> dict[str, Any]:
        """All that the driver's own connect wants, for who does not come by SQLAlchemy."""
        _, arguments = self._writer.dialect.create_connect_args(self.url)
        return {**arguments, **self.connect_arguments}

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None for another database and one in memory."""
        name = self.url.database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that commits at its end; on an error nothing of it is kept."""
        with self.write_untold() as connection:
            yield connection
            if not self.is_sqlite:
                connection.execute(NOTIFY, {"channel": CHANNEL, "name": self._name})

    @contextmanager
    def write_untold(self) -> Iterator[Connection]:
        """The same, but on PostgreSQL other processes do not hear of it before somebody calls `tell`.

        Who tells of a commit waits for all others that do: a deliverer commits too often for that.
        """
        with self._outage.watched(writes=True), self._writer.begin() as connection:
            yield connection

    def tell(self) -> None:
        """Lets other processes look at what was written untold; without a database they look later."""
        if self.is_sqlite:
            return
        with suppress(DBAPIError), self._writer.begin() as connection:
            connection.execute(TELL, {"channel": CHANNEL, "name": self._name})

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot for reading, whatever others write meanwhile."""
        with self._outage.watched(writes=False), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def rehearse(self) -> Iterator[Connection]:
        """A transaction that is always rolled back: what it shows never happened."""
        with self._writer.connect() as connection, connection.begin() as transaction:
            yield connection
            transaction.rollback()

    def leave_no_trace(self) -> None:
        """On SQLite, takes out of file and log what was erased; elsewhere the server does in its own time.

        While others read, the log keeps it until they are done.
        """
        if self.is_sqlite:
            raw = self._writer.raw_connection()
            try:
                # Rows that were overwritten lie in free pages until the file is written anew.
                # The new file is written twice, and the first time nowhere else than on the disk.
                raw.cursor().execute("PRAGMA temp_store = FILE")
                raw.cursor().execute("VACUUM")
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.cursor().execute("PRAGMA temp_store = MEMORY")
                raw.close()

    def was_written_elsewhere(self) -> bool:
        """Whether another process has committed since the last call (``PRAGMA data_version``, LISTEN).

        Also when that cannot be known: at the first call, and after the connection was lost. On SQLite this
        process's own commits count, too. To be called from one thread.
        """
        try:
            if self._watch is None:
                self._watch = self._reader.raw_connection()
                self._seen = _mark(self._watch) if self.is_sqlite else _listen(self._watch)
                return True
            return self._has_changed(self._watch)
        except (DBAPIError, self._writer.dialect.loaded_dbapi.Error):
            if self._watch is not None:
                self._watch.invalidate()
            self._watch = None
            return True

    def _has_changed(self, watch: PoolProxiedConnection) -> bool:
        if not self.is_sqlite:
            return _was_notified(watch, self._name)
        before, self._seen = self._seen, _mark(watch)
        return before != self._seen

    def close(self) -> None:
        """Closes every connection."""
        if self._watch is not None:
            self._watch.invalidate()
        self._reader.dispose()
        self._writer.dispose()


def _mark(watch: PoolProxiedConnection) -> int:
    cursor = watch.cursor()
    cursor.execute("PRAGMA data_version")
    (version,) = cursor.fetchone() or (0,)
    cursor.close()
    return int(version)


def _listen(watch: PoolProxiedConnection) -> int:
    driver: Any = watch.driver_connection
    driver.autocommit = True
    driver.execute(f"LISTEN {CHANNEL}")
    return 0


def _was_notified(watch: PoolProxiedConnection, own: str) -> bool:
    """A turn writes: hearing itself, it would turn for ever."""
    driver: Any = watch.driver_connection
    return any(notice.payload != own for notice in list(driver.notifies(timeout=0)))


def _sqlite_writer(url: URL) -> Engine:
    in_memory = not url.database or url.database == ":memory:"
    if in_memory:
        engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        engine = create_engine(
            url,
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            pool_timeout=BUSY_SECONDS,
            connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
        )
    event.listen(engine, "connect", _prepare_memory if in_memory else _prepare_writer)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _sqlite_reader(url: URL, writer: Engine) -> Engine:
    if not url.database or url.database == ":memory:":
        return writer
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS}, pool_size=8
    )
    event.listen(engine, "connect", _prepare_reader)
    event.listen(engine, "begin", _begin_deferred)
    return engine


def _postgresql(url: URL) -> Engine:
    # At most 15 connections; a thread waits so long for one of them, or for a server that has none free.
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=10,
        pool_timeout=10,
        isolation_level="READ COMMITTED",
        connect_args=PATIENCE,
    )
    event.listen(engine, "checkin", _forget_reading)
    return engine


def _postgresql_reader(_: URL, writer: Engine) -> Engine:
    """From the same pool: read-only is a word at the start of each transaction."""
    return writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _forget_reading(connection: Any, _: ConnectionPoolEntry) -> None:
    """SQLAlchemy leaves "read write" after a reading, and that would overrule a server that only reads."""
    if connection is not None:
        connection.read_only = None


def _prepare_memory(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")


def _prepare_writer(connection: Any, entry: ConnectionPoolEntry) -> None:
    _prepare_memory(connection, entry)
    journal = _write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")
    synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
    if (journal, synchronous) != ("wal", 2):
        raise DatabaseFault(
            f"The database runs with journal_mode={journal} and synchronous={synchronous}, and could lose "
            "texts in a power cut; put its file on a local disk, where WAL and FULL work."
        )
    # What a bulk change notes down for the moment; a tenth of its cost was a file for that.
    connection.execute("PRAGMA temp_store = MEMORY")


def _write_ahead(connection: Any) -> str:
    """Switches to WAL and returns the mode; on a new file another process may be doing just that.

    SQLite answers "locked" at once then, whatever timeout is set.
    """
    for _ in range(WAL_TRIES):
        try:
            return str(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0])
        except OperationalError:
            Event().wait(WAL_PAUSE_SECONDS)
    return str(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0])


def _prepare_reader(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only = ON")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
