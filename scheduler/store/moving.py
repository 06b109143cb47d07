"""Moves every row to another database, as when a ward outgrows one machine: numbers, keys and texts stay."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, Table, exists, func, insert, select

from notifications.tables import messages
from notifications.tables import metadata as outgoing
from scheduler.store.database import Database, DatabaseFault
from scheduler.store.lock import ServiceLock
from scheduler.store.tables import in_force
from scheduler.store.tables import metadata as duty
from scheduler.store.tick import TICK

AT_ONCE = 1_000
"""Rows that are in memory at one time."""


@contextmanager
def unserved(database: Database) -> Iterator[None]:
    """Nobody serves this database meanwhile; raises DatabaseFault when somebody does."""
    if database.file:
        lock = ServiceLock(database.file)
        try:
            yield
        finally:
            lock.release()
        return
    if database.is_sqlite:
        raise DatabaseFault("A database in memory ends with this command; name a file.")
    with database.engine.connect() as connection:
        connection.detach()  # closing it ends the lock, too
        if not connection.scalar(select(func.pg_try_advisory_lock(TICK))):
            raise DatabaseFault("A catruc serves this database; stop it and its workers first.")
        connection.commit()  # idle in a transaction for long, some servers would hang up
        yield


def refuse_used(connection: Connection) -> None:
    """Raises DatabaseFault when rows of a service are here already: two wards never mix."""
    if any(connection.scalar(select(exists(select(table)))) for table in (in_force, messages)):
        raise DatabaseFault("The database to move to is in use already; name an empty one.")


def copy_rows(old: Connection, new: Connection) -> Mapping[str, int]:
    """Copies all rows to `new`, where nothing of it is in use; returns how many of each table.

    Both databases are up to date (`migrate`) and unserved.
    """
    tables = [*outgoing.sorted_tables, *duty.sorted_tables]
    for table in reversed(tables):
        new.execute(table.delete())
    return {table.name: _copied(old, new, table) for table in tables}


def _copied(old: Connection, new: Connection, table: Table) -> int:
    many = 0
    rows = old.execution_options(yield_per=AT_ONCE).execute(select(table)).mappings()
    for several in rows.partitions():
        new.execute(insert(table), [dict(row) for row in several])
        many += len(several)
    if many and new.dialect.name == "postgresql":
        _count_on(new, table)
    return many


def _count_on(new: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows by a counter that does not look at the rows."""
    number = table.autoincrement_column
    if number is not None:
        counter = func.pg_get_serial_sequence(table.name, number.name)
        new.execute(select(func.setval(counter, select(func.max(number)).scalar_subquery())))
