"""Joint texts: one text that says what several waiting ones to one recipient would have said.

Those that it says are *joined*: they stay as they are, and what becomes of the joint text has become of them.
As long as it has not left it can be taken apart, and each of them waits by itself again, for its own hour.

A text goes when it is due, and what is said with it is due, too, or will be within an `EVENING`: only so does
anything go before its own hour, and who joins them judges whether it may.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, and_, func, or_, select, update

from notifications.bulk import among
from notifications.message import State, Wanted
from notifications.tables import insert_once, messages
from notifications.text import measure
from notifications.trail import note

CHUNK = 500
TAKEN_APART = "taken apart"
# So much sooner than at its own hour a text may be said with another: from six, when most go, to nine, when
# quiet hours usually begin. Further apart, two texts are two occasions.
EVENING = timedelta(hours=3)
# Clocks differ, and whoever changes much may have looked at theirs a while ago.
LONG_AGO = timedelta(hours=1)

Item = TypeVar("Item")

# Given rows that may go now, the ids of those that go: a joint text in the place of what it says.
Join = Callable[[Connection, Sequence[Row[Any]], datetime], list[int]]

# A joint text that has not left.
_APART = (State.WAITING, State.CLAIMED, State.BLOCKED)
_MOVING = (State.JOINED, State.CLAIMED, State.SENDING, State.IN_DOUBT)


def each_by_itself(connection: Connection, rows: Sequence[Row[Any]], now: datetime) -> list[int]:
    """Joins nothing."""
    del connection, now
    return [row.id for row in rows]


def may_join(
    connection: Connection, scopes: Collection[str], recipients: Collection[str], now: datetime
) -> list[Row[Any]]:
    """What waits in these scopes for these recipients and was never tried, locked; in order of id.

    It is due, or within an `EVENING` from now.
    """
    return list(
        connection.execute(
            select(messages)
            .where(
                # A busy person's sessions to come are many, and those of a whole batch more than parameters.
                among(connection.dialect, messages.c.scope, sorted(scopes)),
                messages.c.recipient.in_(recipients),
                messages.c.state == State.WAITING,
                messages.c.send_at <= now + EVENING,
                messages.c.expires_at > now,
                messages.c.attempts == 0,
                ~messages.c.resent,
            )
            .order_by(messages.c.id)
            .with_for_update(skip_locked=True)
        )
    )


def how_many_between(
    connection: Connection, recipient: str, scopes: Collection[str], begin: datetime, end: datetime
) -> Counter[str]:
    """How many texts of each scope this recipient gets, or got, from `begin` to before `end`."""
    counted = (
        select(messages.c.scope, func.count())
        .where(
            messages.c.scope.in_(scopes),
            messages.c.recipient == recipient,
            messages.c.send_at >= begin,
            messages.c.send_at < end,
            messages.c.state != State.CANCELLED,
        )
        .group_by(messages.c.scope)
    )
    return Counter({row[0]: row[1] for row in connection.execute(counted)})


def join(connection: Connection, said: Wanted, ids: Sequence[int], now: datetime) -> int | None:
    """Lets `said` say what the waiting rows with these ids would have; returns its own id.

    Its key must be that of just these: taken apart and joined again, it is the same text. None where that
    text has been given up: what it was to say goes by itself.
    """
    size = measure(said.text)
    values = {**asdict(said), "encoding": size.encoding, "segments": size.segments, "state": State.WAITING}
    values |= {"reason": "", "changed_at": now, "reference": None, "lease_until": None}
    again = update(messages).where(messages.c.key == said.key, messages.c.state == State.CANCELLED)
    own = connection.scalar(again.values(values).returning(messages.c.id))
    if own is None and insert_once(connection, messages, **values, created_at=now):
        own = connection.scalar(select(messages.c.id).where(messages.c.key == said.key))
    if own is None:
        return None
    joined = update(messages).where(messages.c.id.in_(ids), messages.c.state == State.WAITING)
    joined = joined.values(state=State.JOINED, joint_id=own, changed_at=now)
    keys = connection.scalars(joined.returning(messages.c.key)).all()
    note(connection, State.JOINED, keys, now, said.key)
    return int(own)


def take_apart(connection: Connection, scopes: Collection[str], now: datetime) -> list[str]:
    """Takes apart what says something of these scopes with others and has not left; returns the keys."""
    said = among(connection.dialect, messages.c.scope, list(scopes))
    # A joint text is locked before what it says, here as everywhere: two must not wait for each other.
    joint_ids = select(messages.c.joint_id).where(said, messages.c.state == State.JOINED)
    own = select(messages.c.id).where(messages.c.id.in_(joint_ids)).order_by(messages.c.id)
    connection.execute(own.with_for_update()).all()
    # What may be joined may be at this moment, and what is on its way may come back: whoever moves it waits.
    may = and_(messages.c.state == State.WAITING, messages.c.send_at <= now + EVENING + LONG_AGO)
    moving = or_(messages.c.state.in_(_MOVING), may)
    rows = select(messages.c.joint_id).where(said, moving).order_by(messages.c.id).with_for_update()
    ids = {row.joint_id for row in connection.execute(rows)} - {None}
    if not ids:
        return []
    apart = update(messages).where(messages.c.id.in_(ids), messages.c.state.in_(_APART))
    values = {"state": State.CANCELLED, "reason": TAKEN_APART, "changed_at": now}
    gone = connection.execute(
        apart.values(**values, reference=None, lease_until=None).returning(messages.c.id, messages.c.key)
    ).all()
    free(connection, [row.id for row in gone], now)
    return [row.key for row in gone]


def free(connection: Connection, ids: Collection[int], now: datetime) -> set[int]:
    """Lets what these texts would have said wait by itself again; returns which of them are joint.

    What a text said that has been sent once more after a doubt may be there already, and is known as such.
    """
    found: set[int] = set()
    if not ids:
        return found
    own = messages.alias()
    resent = select(own.c.resent).where(own.c.id == messages.c.joint_id).scalar_subquery()
    for some in _chunks(list(ids)):
        said = messages.c.joint_id.in_(some), messages.c.state == State.JOINED
        joint = set(connection.scalars(select(messages.c.joint_id).where(*said).distinct()))
        if joint:
            waiting = update(messages).where(*said)
            values = {"state": State.WAITING, "joint_id": None, "resent": resent, "changed_at": now}
            connection.execute(waiting.values(**values))
        found |= joint
    return found


def said_together(connection: Connection, keys: Iterable[str]) -> dict[str, list[str]]:
    """The keys of what each of these texts says, where it says several things."""
    own = messages.alias()
    found: dict[str, list[str]] = defaultdict(list)
    for some in _chunks(list(keys)):
        rows = connection.execute(
            select(own.c.key.label("joint"), messages.c.key)
            .join(own, messages.c.joint_id == own.c.id)
            .where(own.c.key.in_(some))
            .order_by(messages.c.id)
        )
        for row in rows:
            found[row.joint].append(row.key)
    return dict(found)


def _chunks(items: Sequence[Item]) -> Iterable[Sequence[Item]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
