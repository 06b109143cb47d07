"""Carries a rename through the rows: the same session, person or subscription under a new id."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Connection, Table, func, update

from scheduler.plan.rename import Renames
from scheduler.store.tables import assignments, sessions, subscriptions


def rename(connection: Connection, renames: Renames) -> None:
    """Gives every row that names an old id the new one; session keys follow their shift."""
    for old, new in renames.shifts.items():
        connection.execute(
            update(sessions)
            .where(sessions.c.shift == old)
            .values(shift=new, key=new + func.substr(sessions.c.key, len(old) + 1))
        )
    _replace(connection, sessions, sessions.c.service, renames.services)
    _replace(connection, sessions, sessions.c.place, renames.places)
    _replace(connection, subscriptions, subscriptions.c.service, renames.services)
    _replace(connection, subscriptions, subscriptions.c.ward, renames.wards)
    _replace(connection, assignments, assignments.c.person, renames.people)


def _replace(connection: Connection, table: Table, column: Column[Any], names: Mapping[str, str]) -> None:
    for old, new in names.items():
        connection.execute(update(table).where(column == old).values({column.name: new}))
