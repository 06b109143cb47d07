"""Instants in the database: aware, in UTC, on every database."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

_LENGTH = len("2026-11-17 17:00:00.000000")


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant; SQLite would lose its zone, and a reminder would be hours off.

    Raises ValueError when it is given a naive datetime.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """``timestamptz`` where the database has it, text in UTC on SQLite."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; without the zone where the database cannot keep it."""
        if value is None:
            return None
        moved = _in_utc(value)
        return moved.replace(tzinfo=None) if dialect.name == "sqlite" else moved

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """On SQLite straight to the text that SQLAlchemy writes: half the cost of a row was its instants."""
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """From SQLite's text straight to the instant; a row that is read has eight of them."""
        return _as_instant if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware and in UTC, whatever the session's zone is on PostgreSQL."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _as_instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    if len(text) == _LENGTH:
        return datetime.fromisoformat(f"{text}+00:00")
    # Not written by us: somebody has mended the file by hand.
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no zone; an instant must be aware.")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    return None if value is None else _in_utc(value).isoformat(" ", "microseconds")[:_LENGTH]
