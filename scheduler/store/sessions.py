"""Sessions: the rows, read and written."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, func, insert, null, or_, select, update

from scheduler.plan.changes import Changes, Move, Occurrence, Stored
from scheduler.store.tables import sessions
from scheduler.timetable.session import Session

SCHEDULED = "scheduled"
CANCELLED = "cancelled"
CHUNK = 500
# No holiday puts a session off for longer.
STILL_KNOWN = timedelta(days=31)
UNSAID: Mapping[str, Any] = MappingProxyType({"live": "", "places_left": None, "confirmed_at": None})


def stored_from(connection: Connection, now: datetime) -> list[Stored]:
    """All sessions that have not ended, and those of the last month, as the plan compares them.

    A key may be wanted again for later: today's session was held, and now its shift begins in the evening.
    """
    found = connection.execute(
        select(sessions)
        .where(sessions.c.ends > now - STILL_KNOWN)
        .order_by(sessions.c.starts, sessions.c.key)
    )
    return [_stored(row) for row in found]


def last_named(connection: Connection) -> date | None:
    """The latest named date of any session."""
    latest: date | None = connection.scalar(select(func.max(sessions.c.named)))
    return latest


def rows_by_id(connection: Connection, ids: Collection[int]) -> list[Row[Any]]:
    """The rows of these sessions, in order of start."""
    found: list[Row[Any]] = []
    wanted = list(ids)
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        found.extend(connection.execute(select(sessions).where(sessions.c.id.in_(chunk))))
    return sorted(found, key=lambda row: (row.starts, row.key))


def rows_between(
    connection: Connection, first: datetime, last: datetime, *where: ColumnElement[bool]
) -> Sequence[Row[Any]]:
    """The rows of sessions that overlap the time from `first` to `last`, in order of start."""
    return connection.execute(
        select(sessions)
        .where(sessions.c.ends > first, sessions.c.starts < last, *where)
        .order_by(sessions.c.starts, sessions.c.key)
    ).all()


def rows_of_service(connection: Connection, service: str, now: datetime, days: int) -> Sequence[Row[Any]]:
    """The rows of sessions of one service that have not ended and begin within so many days."""
    return rows_between(connection, now, now + timedelta(days=days), sessions.c.service == service)


def row_by_key(connection: Connection, key: str) -> Row[Any] | None:
    """The row of the session with this key."""
    return connection.execute(select(sessions).where(sessions.c.key == key)).first()


def mark(connection: Connection) -> tuple[object, ...]:
    """A value that changes whenever a session does, the desk speaks, or two of a day exchange their keys."""
    newest = select(
        func.count(),
        func.max(sessions.c.changed_at),
        func.sum(sessions.c.revision),
        func.sum(sessions.c.id * sessions.c.number),
        func.sum(sessions.c.words),
    )
    return tuple(connection.execute(newest).one())


def following(connection: Connection, shift: str, after: datetime) -> Row[Any] | None:
    """The next session of a shift that is held after the instant `after`."""
    return connection.execute(
        select(sessions)
        .where(sessions.c.shift == shift, sessions.c.starts > after, sessions.c.state != CANCELLED)
        .order_by(sessions.c.starts)
        .limit(1)
    ).first()


def ids_to_come(connection: Connection, now: datetime) -> list[int]:
    """The ids of all sessions that are held and have not begun."""
    to_come = select(sessions.c.id).where(sessions.c.starts > now, sessions.c.state != CANCELLED)
    return list(connection.scalars(to_come))


def shifts_to_come(connection: Connection, now: datetime) -> dict[int, str]:
    """The shift of each session that is held and has not begun, by id."""
    to_come = select(sessions.c.id, sessions.c.shift).where(
        sessions.c.starts > now, sessions.c.state != CANCELLED
    )
    return {row.id: row.shift for row in connection.execute(to_come)}


def held_since(connection: Connection, first: datetime) -> list[tuple[str, datetime, datetime]]:
    """Shift, start and end of all sessions that end after `first`, those to come among them."""
    held = select(sessions.c.shift, sessions.c.starts, sessions.c.ends).where(
        sessions.c.ends > first, sessions.c.state != CANCELLED
    )
    return [(row.shift, row.starts, row.ends) for row in connection.execute(held)]


def ids_to_come_of_shifts(connection: Connection, shifts: Collection[str], now: datetime) -> list[int]:
    """The ids of sessions of these shifts that are held and have not begun."""
    return (
        [key for key, shift in shifts_to_come(connection, now).items() if shift in shifts] if shifts else []
    )


def ids_to_come_at(connection: Connection, service: str, places: Collection[str], now: datetime) -> list[int]:
    """The ids of sessions of one service at these places that are held and have not begun."""
    to_come = select(sessions.c.id).where(
        sessions.c.starts > now,
        sessions.c.state != CANCELLED,
        sessions.c.service == service,
        sessions.c.place.in_(places),
    )
    return list(connection.scalars(to_come))


def carry_out(connection: Connection, changes: Changes, now: datetime) -> list[int]:
    """Writes the changes; returns the ids of the sessions touched, those only renumbered left out."""
    touched = [move.stored.id for move in (*changes.moved, *changes.restored)]
    touched += [stored.id for stored in changes.cancelled]
    _clear_the_way(connection, changes)
    for move in changes.renumbered:
        session = move.target.session
        _rekey(connection, move.stored.id, key=session.key, number=session.number)
    for move in changes.moved:
        _move(connection, move, now, _announced_first(move.target.session.starts))
    for move in changes.restored:
        _move(connection, move, now, None)
    for stored in changes.cancelled:
        _touch(connection, stored.id, now, state=CANCELLED, reason="", **UNSAID)
    return touched + _add(connection, changes.added, now)


def say(
    connection: Connection,
    session_id: int,
    live: str,
    places_left: int | None,
    reason: str,
    now: datetime,
) -> bool:
    """Writes what the desk says of a session that is held and has not ended; False where it is not."""
    return _of_the_desk(
        connection,
        session_id,
        now,
        (sessions.c.state != CANCELLED,),
        live=live,
        places_left=places_left,
        reason=reason,
    )


def call_off(connection: Connection, session_id: int, reason: str, now: datetime) -> bool:
    """Calls a session off that is held and has not ended; False where it is not."""
    return _of_the_desk(
        connection,
        session_id,
        now,
        (sessions.c.state != CANCELLED,),
        state=CANCELLED,
        called_off=True,
        live="",
        places_left=None,
        reason=reason,
        **_decided(now),
    )


def hold_after_all(connection: Connection, session_id: int, now: datetime) -> bool:
    """Takes back that the desk called a session off; False where it did not, or the session has ended."""
    return _of_the_desk(
        connection,
        session_id,
        now,
        (sessions.c.called_off, sessions.c.state == CANCELLED),
        state=SCHEDULED,
        called_off=False,
        reason="",
        **_decided(now),
    )


def _of_the_desk(
    connection: Connection, session_id: int, now: datetime, where: Collection[ColumnElement[bool]], **say: Any
) -> bool:
    spoken = (
        update(sessions)
        .where(sessions.c.id == session_id, sessions.c.ends > now, *where)
        .values(confirmed_at=now, words=sessions.c.words + 1, **say)
    )
    return connection.execute(spoken).rowcount == 1


def _decided(now: datetime) -> dict[str, Any]:
    return {"decided_at": now, "changed_at": now, "revision": sessions.c.revision + 1}


def _clear_the_way(connection: Connection, changes: Changes) -> None:
    """Takes away keys that other rows are to bear: the database refuses two, even for a moment."""
    moves = (*changes.renumbered, *changes.moved, *changes.restored)
    wanted = {one.session.key for one in (*(move.target for move in moves), *changes.added)}
    for move in moves:
        if move.stored.key in wanted and move.stored.key != move.target.session.key:
            # No shift's id begins like this, so that no session has such a key.
            _rekey(connection, move.stored.id, key=f"~{move.stored.id}")


def _rekey(connection: Connection, session_id: int, **values: Any) -> None:
    connection.execute(update(sessions).where(sessions.c.id == session_id).values(**values))


def _announced_first(starts: datetime) -> ColumnElement[Any]:
    """The earliest start that was announced; none once the session is back there, or never left it."""
    first = func.coalesce(sessions.c.moved_from, sessions.c.starts)
    return case(
        (sessions.c.starts == starts, sessions.c.moved_from),
        (first == starts, null()),
        else_=first,
    )


def _add(connection: Connection, added: Iterable[Occurrence], now: datetime) -> list[int]:
    rows = [_columns(one) | {"state": SCHEDULED, "known_at": now, "changed_at": now} for one in added]
    if not rows:
        return []
    connection.execute(insert(sessions), rows)
    keys = [row["key"] for row in rows]
    ids: list[int] = []
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        ids.extend(connection.scalars(select(sessions.c.id).where(sessions.c.key.in_(chunk))))
    return ids


def _move(connection: Connection, move: Move, now: datetime, moved_from: Any) -> None:
    """What the desk called off stays so; what it said of another time is said no more."""
    is_there = sessions.c.starts == move.target.session.starts
    _touch(
        connection,
        move.stored.id,
        now,
        state=case((sessions.c.called_off, CANCELLED), else_=SCHEDULED),
        reason=case((or_(sessions.c.called_off, is_there), sessions.c.reason), else_=""),
        live=case((is_there, sessions.c.live), else_=""),
        places_left=case((is_there, sessions.c.places_left), else_=null()),
        confirmed_at=case((is_there, sessions.c.confirmed_at), else_=null()),
        moved_from=moved_from,
        **_columns(move.target),
    )


def _touch(connection: Connection, session_id: int, now: datetime, **values: Any) -> None:
    connection.execute(
        update(sessions)
        .where(sessions.c.id == session_id)
        .values(changed_at=now, revision=sessions.c.revision + 1, **values)
    )


def _columns(one: Occurrence) -> dict[str, Any]:
    session = one.session
    return {
        "key": session.key,
        "shift": session.shift,
        "service": one.service,
        "place": one.place,
        "named": session.named,
        "number": session.number,
        "starts": session.starts,
        "ends": session.ends,
    }


def _stored(row: Row[Any]) -> Stored:
    session = Session(row.starts, row.ends, row.shift, row.named, row.number)
    occurrence = Occurrence(session, row.service, row.place)
    return Stored(row.id, occurrence, row.state != CANCELLED, row.called_off)
