"""The settings in force: the text that the service runs on, kept so that it survives a restart."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from scheduler.store.tables import in_force

APPLYING = 0x0CAA


# Built once: it is asked at every turn.
_PLANNED_ON = select(in_force.c.planned_on).order_by(in_force.c.id.desc()).limit(1)


def one_at_a_time(connection: Connection) -> None:
    """Until this transaction ends, no other brings settings into force.

    A service and a command may take the same edit at one instant: who comes second finds what the first has
    left. On SQLite writers take turns anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(APPLYING)))


def newest(connection: Connection) -> Row[Any] | None:
    """The row in force, or None before the first apply."""
    return connection.execute(select(in_force).order_by(in_force.c.id.desc()).limit(1)).first()


def planned_on(connection: Connection) -> date | None:
    """The day up to which the window was last planned; asked at every turn, so without the long text."""
    latest: date | None = connection.scalar(_PLANNED_ON)
    return latest


def put_in_force(connection: Connection, source: str, planned_on: date, now: datetime) -> None:
    """Puts `source` in force; the same text again only renews the day up to which it was planned."""
    row = newest(connection)
    if row is not None and row.source == source:
        connection.execute(update(in_force).where(in_force.c.id == row.id).values(planned_on=planned_on))
        return
    connection.execute(insert(in_force).values(applied_at=now, planned_on=planned_on, source=source))
