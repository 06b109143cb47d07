"""Lists the outbox, as rows of plain values that show no whole number."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, and_, case, func, or_, select

from notifications.message import State
from notifications.phone import mask
from notifications.tables import messages
from notifications.terms import House
from notifications.veil import masked
from scheduler.reminders.reminder import Kind
from scheduler.service.put_plan_into_words import money
from scheduler.settings.summary import say


def list_messages(connection: Connection, zone: ZoneInfo, state: str, phone: str) -> list[dict[str, Any]]:
    """The messages of one state or to one number (E.164), all by default, in the order of their hours."""
    query = select(messages).order_by(messages.c.send_at, messages.c.id)
    if state:
        query = query.where(messages.c.state == state)
    if phone:
        query = query.where(messages.c.phone == phone)
    return [_shown(row, zone) for row in connection.execute(query)]


def message_with_key(connection: Connection, zone: ZoneInfo, key: str) -> dict[str, Any] | None:
    """One message in the same shape, or None when there is none."""
    row = connection.execute(select(messages).where(messages.c.key == key)).first()
    return _shown(row, zone) if row else None


def summarise_messages(connection: Connection, house: House) -> list[dict[str, Any]]:
    """How many messages are in each state, in how many segments, at what cost: a plain number.

    `resent` counts those that went once more after a doubt, and may have come twice. A joint text that was
    taken apart adds nothing but itself: what it said is counted where it stands now.
    """
    parts = messages.alias()
    says_nothing = and_(
        messages.c.kind == Kind.SEVERAL,
        messages.c.state == State.CANCELLED,
        ~select(parts.c.id).where(parts.c.joint_id == messages.c.id).exists(),
    )
    resent = func.sum(case((says_nothing, 0), (messages.c.resent, 1), else_=0))
    query = (
        select(
            messages.c.state,
            messages.c.audience,
            func.count().label("texts"),
            # What a joint text says costs what that text costs.
            func.sum(
                case((or_(messages.c.state == State.JOINED, says_nothing), 0), else_=messages.c.segments)
            ).label("segments"),
            resent.label("resent"),
        )
        .group_by(messages.c.state, messages.c.audience)
        .order_by(messages.c.state)
    )
    by_state: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        by_state[row.state].append(row)
    return [_summed(state, rows, house) for state, rows in by_state.items()]


def sum_in_words(row: dict[str, Any], language: str) -> str:
    """One line of what `summarise_messages` returns."""
    counts = say(
        language,
        f"{row['state']:<11} {row['count']:>7} tin  {row['segments']:>7} đoạn",
        f"{row['state']:<11} {row['count']:>7} texts  {row['segments']:>7} segments",
    )
    if row["resent"]:
        counts += say(
            language,
            f"  ({row['resent']} gửi lại, có thể đến hai lần)",
            f"  ({row['resent']} sent again, may come twice)",
        )
    return f"{counts}  {money(Decimal(row['cost']), row['currency'], language)}" if row["cost"] else counts


def _summed(state: str, rows: list[Row[Any]], house: House) -> dict[str, Any]:
    cost = house.cost_of({row.audience: int(row.segments) for row in rows})
    return {
        "state": state,
        "count": sum(row.texts for row in rows),
        "segments": sum(int(row.segments) for row in rows),
        "resent": sum(int(row.resent) for row in rows),
        "cost": str(cost.amount) if cost else None,
        "currency": cost.currency if cost else None,
    }


def _shown(row: Row[Any], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "key": row.key,
        "to": mask(row.phone),
        "kind": row.kind,
        "state": row.state,
        "send_at": _local(row.send_at, zone),
        "expires_at": _local(row.expires_at, zone),
        "segments": row.segments,
        "encoding": row.encoding,
        "text": masked(row.text),
    }


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).isoformat(timespec="seconds")
