"""The outbox: one row a message, made equal to what is wanted.

Every function takes the caller's Connection and never commits, so that texts change in the same transaction
as whatever caused the change.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, or_, select, update

from notifications.message import State, Wanted, sources_of
from notifications.outcome import OutcomeKind
from notifications.outcomes import add_outcome
from notifications.tables import audit, messages
from notifications.text import measure

# Rows that have not left: these follow what is wanted. All others are history.
PENDING = (State.WAITING, State.CLAIMED, State.BLOCKED)
REVIVABLE = (*PENDING, State.CANCELLED)
TOLD = (State.SENDING, State.SENT, State.IN_DOUBT, State.DELIVERED, State.UNDELIVERED)
UNCLAIMED: Mapping[str, None] = MappingProxyType({"reference": None, "lease_until": None})
# What fell due between a mistaken edit and its undoing still goes; after longer, its hour has been missed.
STILL_WANTED = timedelta(minutes=15)
CHUNK = 500

_KEPT = ("id", "key", "state", "attempts")
_WANTED = (
    "scope", "kind", "audience", "purpose", "recipient", "phone", "language", "sender", "text", "encoding",
    "segments", "about", "urgent", "priority", "send_at", "expires_at",
)  # fmt: skip

Item = TypeVar("Item")


def reconcile(
    connection: Connection, wanted_by_scope: Mapping[str, Sequence[Wanted]], reason: str, now: datetime
) -> None:
    """Makes the outbox of each scope equal to the messages wanted there, and touches no other scope.

    New ones go in, except those whose instant has passed; changed ones are changed; what is pending and no
    longer wanted is cancelled with `reason`. What was cancelled or blocked and is wanted again waits anew,
    unless its instant has passed by more than STILL_WANTED. What has left, or may have left, stays as it is.
    """
    for scopes in _chunks(list(wanted_by_scope)):
        stored = _rows_of_scopes(connection, scopes)
        wanted = {one.key: one for scope in scopes for one in wanted_by_scope[scope]}
        _insert(connection, [one for key, one in wanted.items() if key not in stored], now)
        pairs = [(row, wanted[key]) for key, row in stored.items() if key in wanted]
        _bring_up_to_date(connection, pairs, now)
        _bound_doubts(connection, pairs, now)
        _cancel(connection, [row for key, row in stored.items() if key not in wanted], reason, now)


def put(connection: Connection, wanted: Iterable[Wanted], now: datetime) -> None:
    """Adds messages that belong to no reconciled scope; a key that is there already is left alone."""
    fresh = {one.key: one for one in wanted}
    for keys in _chunks(list(fresh)):
        there = set(connection.scalars(select(messages.c.key).where(messages.c.key.in_(keys))))
        _insert(connection, [fresh[key] for key in keys if key not in there], now)


def last_told(connection: Connection, scopes: Collection[str]) -> list[Row[Any]]:
    """What each recipient of these scopes was told last: scope, recipient, about, kind and when."""
    told_at = func.coalesce(messages.c.handed_at, messages.c.changed_at)
    rows: list[Row[Any]] = []
    for some in _chunks(list(scopes)):
        rows.extend(
            connection.execute(
                select(
                    messages.c.scope,
                    messages.c.recipient,
                    messages.c.about,
                    messages.c.kind,
                    told_at.label("told_at"),
                )
                # Sent once more after a doubt, it may be there already, whatever became of the second try.
                .where(messages.c.scope.in_(some), or_(messages.c.state.in_(TOLD), messages.c.resent))
                .order_by(told_at, messages.c.id)
            )
        )
    return rows


def pending_until(connection: Connection, until: datetime) -> list[Row[Any]]:
    """What is to leave by `until`: key, phone, audience and segments."""
    return list(
        connection.execute(
            select(messages.c.key, messages.c.phone, messages.c.audience, messages.c.segments).where(
                messages.c.state.in_(PENDING), messages.c.send_at <= until
            )
        )
    )


def rename_recipient(connection: Connection, old: str, new: str, in_keys: tuple[str, str]) -> None:
    """Lets all messages to the recipient `old` be those to `new`, also under their keys.

    `in_keys` is how keys name the one and the other. A key that stayed would be cancelled as unwanted, and
    the same text under the new one would come too late.
    """
    # Somebody renamed to and fro has a row under that key already: it comes back when it is wanted again.
    twin = messages.alias()
    renamed = func.replace(messages.c.key, *in_keys)
    is_taken = select(twin.c.id).where(twin.c.key == renamed).exists()
    connection.execute(
        update(messages).where(messages.c.recipient == old, ~is_taken).values(recipient=new, key=renamed)
    )
    connection.execute(update(messages).where(messages.c.recipient == old).values(recipient=new))


def rename_in_about(connection: Connection, old: str, new: str) -> None:
    """Puts `new` for the ending `old` of what texts told, so that a new name alone is no news."""
    stem = func.substr(messages.c.about, 1, func.length(messages.c.about) - len(old))
    connection.execute(
        update(messages).where(messages.c.about.endswith(old, autoescape=True)).values(about=stem + new)
    )


def expire(connection: Connection, now: datetime) -> int:
    """Sets aside what would now come too late, each with its outcome; returns how many."""
    late = and_(messages.c.state.in_(sources_of(State.EXPIRED)), messages.c.expires_at <= now)
    gone = connection.execute(
        update(messages)
        .where(late)
        .values(state=State.EXPIRED, reason="too late", changed_at=now, **UNCLAIMED)
        .returning(messages.c.id, messages.c.key)
    ).all()
    note(connection, "expired", [row.key for row in gone], now)
    for row in gone:
        add_outcome(connection, OutcomeKind.EXPIRED, row.id, now)
    return len(gone)


def note(connection: Connection, event: str, keys: Collection[str], now: datetime, detail: str = "") -> None:
    """Writes one line a key to the audit trail."""
    if keys:
        lines = [{"at": now, "event": event, "key": key, "detail": detail} for key in keys]
        connection.execute(insert(audit), lines)


def _insert(connection: Connection, fresh: Sequence[Wanted], now: datetime) -> None:
    rows = [
        _columns(one) | {"key": one.key, "state": State.WAITING, "created_at": now, "changed_at": now}
        for one in fresh
        if one.send_at >= now and one.expires_at > now
    ]
    if rows:
        connection.execute(insert(messages), rows)


def _bring_up_to_date(
    connection: Connection, pairs: Iterable[tuple[Row[Any], Wanted]], now: datetime
) -> None:
    """Changes rows where they are not as wanted: one statement for all that differ in the same columns."""
    changes: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row, one in pairs:
        changed = _changed_columns(row, one, now)
        if changed is not None:
            changes[tuple(changed)].append({"row_id": row.id, **changed})
    for names, rows in changes.items():
        connection.execute(
            update(messages)
            # By now another process may have claimed it: its text must change all the same.
            .where(messages.c.id == bindparam("row_id"), or_(*(messages.c.state == one for one in REVIVABLE)))
            .values(
                {**UNCLAIMED, "state": State.WAITING, "reason": "", "changed_at": now}
                | {name: bindparam(name) for name in names}
            ),
            rows,
        )


def _bound_doubts(connection: Connection, pairs: Iterable[tuple[Row[Any], Wanted]], now: datetime) -> None:
    """What is in doubt stays as it is, but for how long it is of use: it may be sent once more until then.

    To a number that is the recipient's no longer it is of none.
    """
    for row, one in pairs:
        until = one.expires_at if one.phone == row.phone else min(row.expires_at, now)
        if row.state == State.IN_DOUBT and row.expires_at != until:
            connection.execute(
                update(messages)
                .where(messages.c.id == row.id, messages.c.state == State.IN_DOUBT)
                .values(expires_at=until)
            )


def _changed_columns(row: Row[Any], one: Wanted, now: datetime) -> dict[str, Any] | None:
    """What must change of a row; None when it stays as it is."""
    # The gate judges again what it has blocked: by now there may be a consent, another number, no rehearsal.
    revived = row.state in (State.CANCELLED, State.BLOCKED)
    if row.state not in REVIVABLE or (
        revived and (one.send_at < now - STILL_WANTED or one.expires_at <= now)
    ):
        return None
    columns = _columns(one)
    if row.attempts:  # the channel asked to be left alone until then
        columns["send_at"] = max(row.send_at, one.send_at)
    changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
    return changed if changed or revived else None


def _cancel(connection: Connection, rows: Sequence[Row[Any]], reason: str, now: datetime) -> None:
    # What is in doubt may have left: it cannot be cancelled, but nobody wants it sent once more.
    doubtful = [row.id for row in rows if row.state == State.IN_DOUBT]
    for some in _chunks(doubtful):
        connection.execute(
            update(messages)
            .where(messages.c.id.in_(some), messages.c.state == State.IN_DOUBT, messages.c.expires_at > now)
            .values(expires_at=now)
        )
    for some in _chunks([row.id for row in rows if row.state in PENDING]):
        cancelled = connection.scalars(
            update(messages)
            .where(messages.c.id.in_(some), messages.c.state.in_(PENDING))
            .values(state=State.CANCELLED, reason=reason, changed_at=now, **UNCLAIMED)
            .returning(messages.c.key)
        )
        note(connection, "cancelled", list(cancelled), now, reason)


def _columns(one: Wanted) -> dict[str, Any]:
    size = measure(one.text)
    return {
        "scope": one.scope,
        "kind": one.kind,
        "audience": one.audience,
        "purpose": one.purpose,
        "recipient": one.recipient,
        "phone": one.phone,
        "language": one.language,
        "sender": one.sender,
        "text": one.text,
        "encoding": str(size.encoding),
        "segments": size.segments,
        "about": one.about,
        "urgent": one.urgent,
        "priority": one.priority,
        "send_at": one.send_at,
        "expires_at": one.expires_at,
    }


def _rows_of_scopes(connection: Connection, scopes: Sequence[str]) -> dict[str, Row[Any]]:
    # Ten thousand rows: columns that nobody looks at would cost as much as the change.
    needed = select(*(messages.c[name] for name in (*_KEPT, *_WANTED))).where(messages.c.scope.in_(scopes))
    return {row.key: row for row in connection.execute(needed)}


def _chunks(items: Sequence[Item]) -> Iterable[Sequence[Item]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
