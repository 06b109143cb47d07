"""Who takes turns: one ``serve`` at a time, however many there are on one database."""

import structlog
from sqlalchemy import Connection, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from scheduler.store.database import Database

log = structlog.get_logger(__name__)

# Any two numbers that nobody else uses in this database: whose turn it is, and a turn under way.
TICK, TURN = 0x0CA8, 0x0CA9

# When the holder's machine loses its power nobody hangs up: the server itself must ask whether it is there.
# Within 3 + 2·2 seconds it knows.
ASK_THE_HOLDER = (
    "SET tcp_keepalives_idle = 3",
    "SET tcp_keepalives_interval = 2",
    "SET tcp_keepalives_count = 2",
)


class Tick:
    """The right to take turns. On SQLite the one service of the database has it.

    On PostgreSQL it is an advisory lock on a connection of its own, which ends with its process.
    """

    def __init__(self, database: Database) -> None:
        self._is_shared = not database.is_sqlite
        self._engine = create_engine(
            database.url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args=database.connect_arguments,
        )
        self._connection: Connection | None = None
        self._is_locked = False

    @property
    def is_held(self) -> bool:
        """Whether it was ours when `hold` last looked."""
        return self._is_locked or not self._is_shared

    def hold(self) -> bool:
        """Takes the tick if nobody has it, and looks whether it still is ours; called from one thread."""
        if not self._is_shared:
            return True
        was_locked = self._is_locked
        try:
            self._is_locked = self._look()
        except DBAPIError:
            self.release()
        if self._is_locked != was_locked:
            log.info("tick_taken" if self._is_locked else "tick_lost")
        return self._is_locked

    def enter(self, connection: Connection) -> None:
        """Waits until no other turn is under way; this one ends with the transaction.

        A holder whose connection was dropped may be in the middle of one when another takes the tick.
        """
        if self._is_shared:
            connection.execute(select(func.pg_advisory_xact_lock(TURN)))

    def release(self) -> None:
        """Lets another take it."""
        self._is_locked = False
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _look(self) -> bool:
        if self._connection is None:
            self._connection = self._engine.connect()
            for setting in ASK_THE_HOLDER:
                self._connection.execute(text(setting))
        question = select(1) if self._is_locked else select(func.pg_try_advisory_lock(TICK))
        return bool(self._connection.scalar(question))
