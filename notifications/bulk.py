"""Bulk: many rows by one statement, for what would cost more in Python than in the database.

Values go to the driver *as stored*: in the form that SQLAlchemy's own types would have given them, so that
whoever reads them cannot tell how they were written. SQLite takes rows one after another from its driver,
which is quick in one process, and those that change others into a table for the moment; PostgreSQL takes each
column as one JSON array, or as the one value that all rows have there, in a single statement.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    Insert,
    MetaData,
    Select,
    Subquery,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal,
    select,
    type_coerce,
    update,
)
from sqlalchemy import table as table_named
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import NullType

Stored = tuple[Any, ...]
AT_A_TIME = 500
FEW = 50


def as_stored(dialect: Dialect, columns: Sequence[Column[Any]]) -> Callable[[Iterable[Any]], Stored]:
    """Makes values of these columns, in their order, what their types make of them for the driver.

    Each value is converted once: a bulk holds few instants and many rows.
    """
    found = ((at, _processor(dialect, column)) for at, column in enumerate(columns))
    special = [(at, processor, _Remembered(processor)) for at, processor in found if processor]

    def stored(values: Iterable[Any]) -> Stored:
        row = list(values)
        for at, processor, remembered in special:
            value = row[at]
            # In other zones the two instants of an hour that clocks show twice count as equal (PEP 495).
            in_utc = getattr(value, "tzinfo", UTC) is UTC
            row[at] = remembered[value] if in_utc else processor(value)
        return tuple(row)

    return stored


def raw(*columns: Column[Any]) -> list[ColumnElement[Any]]:
    """These columns as the driver reads them, to be compared with what `as_stored` makes."""
    return [type_coerce(column, NullType()) for column in columns]


def as_read(connection: Connection, query: Select[Any]) -> Iterator[Stored]:
    """The rows of `query` as the driver gives them; to wrap each as a `Row` would cost as much again."""
    result = connection.execute(query)
    assert result.cursor is not None  # a query has one until its rows have been read
    while rows := result.cursor.fetchmany(AT_A_TIME):
        yield from rows
    result.close()


def differ(read: Any, stored: Any) -> bool:
    """Whether a raw value and one as stored are different, where `!=` says so.

    PostgreSQL's driver gives instants in the server's zone: those of an hour that clocks show twice there
    equal no instant of another zone (PEP 495).
    """
    return not isinstance(read, datetime) or read.astimezone(UTC) != stored


def among(dialect: Dialect, column: Column[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """Whether a column holds one of these values, which may be so many that they must be one parameter."""
    if len(values) <= FEW:
        # Of these SQLite knows how few they are, and takes the index; a list in JSON might have any length.
        return column.in_(values)
    given = json.dumps(values)
    if dialect.name == "sqlite":
        return column.in_(select(func.json_each(given).table_valued("value").c.value))
    return column.in_(select(_array(column, given)))


def pairs(dialect: str, name: str) -> TableValuedAlias:
    """The members of a JSON object that the parameter `name` holds: a row of `key` and `value` for each."""
    given = bindparam(name, type_=Text)
    each = func.json_each(given) if dialect == "sqlite" else func.json_each_text(cast(given, JSON))
    return each.table_valued("key", "value", name=name)


def insert_rows(
    connection: Connection, into: Table, names: Sequence[str], rows: Sequence[Stored], **same: Any
) -> None:
    """Inserts rows of stored values, in the order of `names`.

    In all of them are the values of `same`: instants and states of our own, and nothing that anybody wrote.
    """
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        stored = as_stored(connection.dialect, [into.c[name] for name in same])(same.values())
        # In the statement itself: a parameter costs as much in each row as if it were another in each.
        written = {
            name: literal(value, literal_execute=True) for name, value in zip(same, stored, strict=True)
        }
        _execute_each(connection, insert(into), names, rows, written)
        return
    fresh = _arrays(into, names, rows)
    constants = [literal(value, into.c[name].type) for name, value in same.items()]
    connection.execute(insert(into).from_select([*names, *same], select(*fresh.c, *constants)))


def update_rows(
    connection: Connection,
    of: Table,
    names: Sequence[str],
    rows: Sequence[Stored],
    while_: ColumnElement[bool],
    **same: Any,
) -> None:
    """Updates rows by id where `while_` still holds.

    A row is its id and then stored values in the order of `names`; all of them get the values of `same`.
    """
    if not rows:
        return
    with _given(connection, of, ("id", *names), rows) as fresh:
        changed = {name: fresh.c[name] for name in names}
        connection.execute(update(of).where(of.c.id == fresh.c.id, while_).values({**changed, **same}))


class _Remembered(dict[Any, Any]):
    """What a processor makes of values, each asked of it once: a bulk holds few instants and many rows."""

    def __init__(self, processor: Callable[[Any], Any]) -> None:
        super().__init__()
        self._processor = processor

    def __missing__(self, value: Any) -> Any:
        made = self[value] = self._processor(value)
        return made


def _processor(dialect: Dialect, column: Column[Any]) -> Callable[[Any], Any] | None:
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _execute_each(
    connection: Connection,
    statement: Insert,
    names: Sequence[str],
    rows: Sequence[Stored],
    written: Mapping[str, ColumnElement[Any]] = MappingProxyType({}),
) -> None:
    """Inserts each row; what is `written` is the same in all."""
    given: dict[str, Any] = {name: bindparam(name, None) for name in names}
    compiled = statement.values({**given, **written}).compile(
        dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
    )
    order = compiled.positiontup or []
    if order != list(names):
        rows = list(map(itemgetter(*(names.index(name) for name in order)), rows))
    connection.exec_driver_sql(str(compiled), list(rows))


@contextmanager
def _given(
    connection: Connection, of: Table, names: Sequence[str], rows: Sequence[Stored]
) -> Iterator[FromClause]:
    """These rows as something to select from."""
    if connection.dialect.name != "sqlite":
        yield _arrays(of, names, rows)
        return
    # One update of all of them takes two thirds of what an update of each does.
    columns = (Column(name, of.c[name].type) for name in names)
    given = Table("given", MetaData(), *columns, prefixes=["TEMPORARY"])
    given.create(connection, checkfirst=False)
    try:
        _execute_each(connection, insert(given), names, rows)
        # Named and not the table itself: for each new one the statement would be compiled, and kept, anew.
        yield table_named("given", *(column(name, of.c[name].type) for name in names))
    finally:
        given.drop(connection, checkfirst=False)


def _arrays(table: Table, names: Sequence[str], rows: Sequence[Stored]) -> Subquery:
    """These rows, of which the first value tells one from another."""
    first, *others = zip(names, zip(*rows, strict=True), strict=True)
    columns = [_column(table.c[name], values) for name, values in others]
    return select(_array(table.c[first[0]], json.dumps(first[1])).label(first[0]), *columns).subquery()


def _column(column: Column[Any], values: Sequence[Any]) -> ColumnElement[Any]:
    # Most columns of texts that are planned together hold one value: an array of it would cost as any other.
    if values.count(values[0]) == len(values):
        return literal(values[0], column.type).label(column.name)
    if isinstance(values[0], datetime):
        values = list(map(_Remembered(str).__getitem__, values))
    return _array(column, json.dumps(values, default=str)).label(column.name)


def _array(column: Column[Any], values: str) -> ColumnElement[Any]:
    """The elements of a JSON array, a row for each, as values of a column's type."""
    elements = func.json_array_elements_text(cast(literal(values, Text), JSON), type_=Text)
    return cast(elements, column.type)
