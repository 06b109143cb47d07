"""Carries a rename through the rows: the same session, person or subscription under a new id.

Where the new id has a row in that place already, left from before, the old row keeps its id: two of them
cannot be told apart any more, and the plan settles what is wanted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, and_, exists, func, update

from scheduler.plan.rename import Renames
from scheduler.store.tables import (
    absences,
    assignments,
    call_offs,
    items,
    links,
    offers,
    sessions,
    subscriptions,
)


def rename(connection: Connection, renames: Renames) -> None:
    """Gives every row that names an old id the new one; session keys follow their shift."""
    _rename_shifts(connection, renames.shifts)
    _replace(connection, sessions.c.service, renames.services)
    _replace(connection, sessions.c.place, renames.places)
    followed = [
        subscriptions.c.phone,
        subscriptions.c.service,
        subscriptions.c.ward,
        subscriptions.c.session_id,
        subscriptions.c.ended_at,
    ]
    _replace(connection, subscriptions.c.service, renames.services, followed)
    _replace(connection, subscriptions.c.ward, renames.wards, followed)
    _replace(connection, assignments.c.person, renames.people, [assignments.c.session_id])
    _replace(connection, items.c.person, renames.people, [items.c.session_id])
    for column in (
        call_offs.c.person,
        call_offs.c.settled_by,
        links.c.person,
        absences.c.person,
        offers.c.giver,
        offers.c.named,
        offers.c.taker,
    ):
        _replace(connection, column, renames.people)


def _rename_shifts(connection: Connection, names: Mapping[str, str]) -> None:
    for old, new in names.items():
        taken = sessions.alias("taken")
        key = new + func.substr(sessions.c.key, len(old) + 1)
        connection.execute(
            update(sessions)
            .where(sessions.c.shift == old, ~exists().where(taken.c.key == key))
            .values(shift=new, key=key)
        )


def _replace(
    connection: Connection, column: Column[Any], names: Mapping[str, str], unique: Sequence[Column[Any]] = ()
) -> None:
    for old, new in names.items():
        renamed = update(column.table).where(column == old)
        if unique:
            renamed = renamed.where(~_is_taken(column, new, unique))
        connection.execute(renamed.values({column.name: new}))


def _is_taken(column: Column[Any], new: str, unique: Sequence[Column[Any]]) -> ColumnElement[bool]:
    """Whether another row already bears `new` where all of `unique` is equal; two NULLs are."""
    taken = column.table.alias("taken")
    same = [taken.c[one.name].is_not_distinct_from(one) for one in unique if one is not column]
    return exists().where(and_(taken.c[column.name] == new, *same))
