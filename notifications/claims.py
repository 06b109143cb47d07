"""Claims: which due messages may go now, at the pace that all processes share.

A claim is one conditional update under a reference of its own; what another process took first is simply
not among the rows it gets.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, bindparam, func, or_, select, text, update

from notifications import ledger
from notifications.batch import Batch
from notifications.consent import Consent, may_text
from notifications.instant import UTCDateTime
from notifications.message import State
from notifications.outbox import expire, note
from notifications.tables import attempts, messages, pace
from notifications.terms import Terms

BATCH = 100
# A hand-over takes seconds and its deadline is a minute; past this a claim belongs to nobody.
LEASE = timedelta(minutes=5)
# How far texts may run ahead of the even pace, so that a fast rate needs few claims.
AHEAD = timedelta(milliseconds=100)

# Two first claimers may meet on an empty table, where there is no row to lock yet.
FIRST_PACE = text("INSERT INTO pace (id, free_at) VALUES (1, :free_at) ON CONFLICT DO NOTHING").bindparams(
    bindparam("free_at", type_=UTCDateTime)
)


@dataclass(frozen=True, slots=True)
class House:
    """What the gate needs to know: the terms by audience, and the zone in which days and nights are told."""

    terms: Terms
    by_audience: Mapping[str, Terms]
    zone: ZoneInfo

    def terms_for(self, audience: str) -> Terms:
        """The terms of one audience."""
        return self.by_audience.get(audience, self.terms)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the gate says of a row: go when both are empty."""

    blocked: str = ""
    later: datetime | None = None


def claim_due(connection: Connection, house: House, reference: str, now: datetime) -> Batch:
    """Claims what is due and may go: state, expiry, consent, rehearsal list, quiet hours, daily cap, pace."""
    expire(connection, now)
    if not _is_any_due(connection, now):
        # A turn that locks the pace counts as a write, and would wake every other machine for nothing.
        return Batch(reference, ())
    free_at = _lock_pace(connection, now)
    room = _room_at_pace(free_at, house.terms.rate, now)
    ids: list[int] = []
    while len(ids) < room and (rows := _due(connection, room - len(ids), now)):
        ids.extend(_claim_rows(connection, house, rows, reference, now))
    if ids:
        taken = timedelta(seconds=len(ids) / house.terms.rate)
        connection.execute(update(pace).values(free_at=max(free_at, now) + taken))
    return Batch(reference, tuple(ids))


def next_due(connection: Connection) -> datetime | None:
    """The next instant at which a claim could find something, as far as is known now."""
    under_way = messages.c.state.in_((State.CLAIMED, State.SENDING))
    earliest, lease, free_at = connection.execute(
        select(
            select(func.min(messages.c.send_at)).where(messages.c.state == State.WAITING).scalar_subquery(),
            select(func.min(messages.c.lease_until)).where(under_way).scalar_subquery(),
            select(pace.c.free_at).scalar_subquery(),
        )
    ).one()
    if earliest is not None and free_at is not None:
        earliest = max(earliest, free_at - AHEAD)
    return min((one for one in (earliest, lease) if one is not None), default=None)


def recover(connection: Connection, now: datetime, orphaned: bool) -> int:
    """Takes back claims whose deliverer is gone; returns how many messages are in doubt because of it.

    A claim that was not begun goes back to waiting. One that was begun may have left: it is in doubt.
    `orphaned` says that no deliverer of any earlier claim can be alive.
    """
    gone = messages.c.reference.is_not(None) if orphaned else messages.c.lease_until <= now
    connection.execute(
        update(messages)
        .where(messages.c.state == State.CLAIMED, gone)
        .values(state=State.WAITING, reference=None, lease_until=None, changed_at=now)
    )
    begun = connection.execute(select(messages).where(messages.c.state == State.SENDING, gone))
    doubtful: list[Row[Any]] = list(begun.all())
    for row in doubtful:
        _doubt(connection, row, now)
    return len(doubtful)


def _doubt(connection: Connection, row: Row[Any], now: datetime) -> None:
    reason = "the service stopped while handing it over"
    changed = connection.execute(
        update(messages)
        .where(
            messages.c.id == row.id,
            messages.c.state == State.SENDING,
            messages.c.reference == row.reference,
        )
        .values(state=State.IN_DOUBT, reason=reason, lease_until=None, changed_at=now)
    )
    if changed.rowcount == 1:
        connection.execute(
            update(attempts)
            .where(attempts.c.message_id == row.id, attempts.c.ended_at.is_(None))
            .values(ended_at=now, outcome="in_doubt", sentence=reason)
        )
        note(connection, "in_doubt", [row.key], now, reason)


def _is_any_due(connection: Connection, now: datetime) -> bool:
    due = select(messages.c.id).where(messages.c.state == State.WAITING, messages.c.send_at <= now)
    return connection.execute(due.limit(1)).first() is not None


def _due(connection: Connection, most: int, now: datetime) -> list[Row[Any]]:
    return list(
        connection.execute(
            select(messages)
            .where(messages.c.state == State.WAITING, messages.c.send_at <= now)
            .order_by(messages.c.priority, messages.c.expires_at, messages.c.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
    )


def _claim_rows(
    connection: Connection, house: House, rows: list[Row[Any]], reference: str, now: datetime
) -> list[int]:
    latest = ledger.latest(connection, {row.phone for row in rows})
    handed = _handed_today(connection, house.zone, now)
    go: list[int] = []
    for row in rows:
        verdict = _judge(row, house, latest.get((row.phone, row.purpose)), handed + len(go), now)
        if verdict.blocked:
            _set(connection, row, now, state=State.BLOCKED, reason=verdict.blocked)
            note(connection, "blocked", [row.key], now, verdict.blocked)
        elif verdict.later:
            _set(connection, row, now, send_at=verdict.later)
        else:
            go.append(row.id)
    return _claim_ids(connection, go, reference, now)


def _claim_ids(connection: Connection, ids: list[int], reference: str, now: datetime) -> list[int]:
    taken = connection.scalars(
        update(messages)
        .where(messages.c.id.in_(ids), messages.c.state == State.WAITING)
        .values(state=State.CLAIMED, reference=reference, lease_until=now + LEASE, changed_at=now)
        .returning(messages.c.id)
    )
    return sorted(taken, key=ids.index)


def _judge(row: Row[Any], house: House, consent: Consent | None, handed: int, now: datetime) -> _Verdict:
    terms = house.terms_for(row.audience)
    if not may_text(row.purpose, consent):
        return _Verdict(blocked="no consent")
    if terms.only_to and row.phone not in terms.only_to:
        return _Verdict(blocked="rehearsal: the number is not in only_to")
    later = now
    if handed >= terms.daily_cap:
        later = _next_midnight(now, house.zone)
    if terms.quiet and not row.urgent:
        later = terms.quiet.ends_after(later, house.zone)
    return _Verdict(later=later) if later > now else _Verdict()


def _set(connection: Connection, row: Row[Any], now: datetime, **values: object) -> None:
    connection.execute(
        update(messages)
        .where(messages.c.id == row.id, messages.c.state == State.WAITING)
        .values(changed_at=now, **values)
    )


def _handed_today(connection: Connection, zone: ZoneInfo, now: datetime) -> int:
    midnight = datetime.combine(now.astimezone(zone).date(), datetime.min.time(), zone)
    under_way = messages.c.state.in_((State.CLAIMED, State.SENDING))
    today = select(func.count()).where(or_(messages.c.handed_at >= midnight, under_way))
    return connection.scalar(today) or 0


def _next_midnight(now: datetime, zone: ZoneInfo) -> datetime:
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, datetime.min.time(), zone)


def _lock_pace(connection: Connection, now: datetime) -> datetime:
    """The shared row, held until this transaction ends: claimers take their turns."""
    locked = select(pace.c.free_at).with_for_update()
    row = connection.execute(locked).first()
    if row is None:
        connection.execute(FIRST_PACE, {"free_at": now})
        row = connection.execute(locked).one()
    free_at: datetime = row.free_at
    return free_at


def _room_at_pace(free_at: datetime, rate: float, now: datetime) -> int:
    """How many texts may go now: the generic cell rate algorithm (ITU-T I.371) on one shared row."""
    spare = now + AHEAD - free_at
    if spare < timedelta(0):
        return 0
    return min(BATCH, 1 + math.floor(min(spare, AHEAD).total_seconds() * rate))
