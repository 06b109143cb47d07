"""Lists the outbox, as rows of plain values that show no whole number."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from notifications.phone import BadNumber, mask, parse_phone
from notifications.tables import messages
from notifications.terms import Price
from scheduler.service.put_plan_into_words import money
from scheduler.settings.summary import say


def list_messages(connection: Connection, zone: ZoneInfo, state: str, phone: str) -> list[dict[str, Any]]:
    """The messages of one state or to one number, all by default, in the order in which they are due.

    Raises ValueError with a sentence when `phone` is no number.
    """
    query = select(messages).order_by(messages.c.send_at, messages.c.id)
    if state:
        query = query.where(messages.c.state == state)
    if phone:
        query = query.where(messages.c.phone == _number(phone))
    return [
        {
            "key": row.key,
            "to": mask(row.phone),
            "kind": row.kind,
            "state": row.state,
            "send_at": _local(row.send_at, zone),
            "expires_at": _local(row.expires_at, zone),
            "segments": row.segments,
            "encoding": row.encoding,
            "text": row.text,
        }
        for row in connection.execute(query)
    ]


def summarise_messages(connection: Connection, price: Price | None) -> list[dict[str, Any]]:
    """How many messages are in each state, in how many segments, at what cost: a plain number."""
    query = (
        select(messages.c.state, func.count(), func.sum(messages.c.segments))
        .group_by(messages.c.state)
        .order_by(messages.c.state)
    )
    return [
        {
            "state": state,
            "count": count,
            "segments": segments,
            "cost": str(price.amount * segments) if price else None,
        }
        for state, count, segments in connection.execute(query)
    ]


def sum_in_words(row: dict[str, Any], price: Price | None, language: str) -> str:
    """One line of what `summarise_messages` returns."""
    counts = say(
        language,
        f"{row['state']:<11} {row['count']:>7} tin  {row['segments']:>7} đoạn",
        f"{row['state']:<11} {row['count']:>7} texts  {row['segments']:>7} segments",
    )
    return f"{counts}  {money(Decimal(row['cost']), price.currency, language)}" if price else counts


def _number(phone: str) -> str:
    try:
        return parse_phone(phone)
    except BadNumber as fault:
        raise ValueError(f"--to takes a telephone number; this is none ({fault.code}).") from fault


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).isoformat(timespec="seconds")
