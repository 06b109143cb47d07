"""Items: the short numbers by which texts name an open question, each unique for its telephone number."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from scheduler.store.sessions import CANCELLED, CHUNK
from scheduler.store.tables import assignments, items, sessions

# Two digits from the first on: "CO 2" could mean two people.
FIRST = 11
# So long after its session a number is not given again: late replies must not hit another question.
COOLING = timedelta(days=30)

Seat = tuple[int, str]


def numbers_for(connection: Connection, phones: Mapping[Seat, str], now: datetime) -> dict[Seat, int]:
    """The item number of each seat (session id, person), given its phone; new ones where there is none."""
    known = {(row.session_id, row.person): row for row in _rows_of(connection, {seat[0] for seat in phones})}
    stay = {seat: row.number for seat, row in known.items() if phones.get(seat) == row.phone}
    missing = sorted(seat for seat in phones if seat not in stay)
    if not missing:
        return stay
    taken = _taken(connection, {phones[seat] for seat in missing}, now)
    fresh: dict[Seat, int] = {}
    for seat in missing:
        phone = phones[seat]
        number = next(
            number for number in range(FIRST, FIRST + len(taken[phone]) + 1) if number not in taken[phone]
        )
        taken[phone].add(number)
        fresh[seat] = number
        values = {"phone": phone, "number": number, "since": now}
        if seat in known:
            connection.execute(update(items).where(items.c.id == known[seat].id).values(values))
        else:
            connection.execute(insert(items).values(session_id=seat[0], person=seat[1], **values))
    return stay | fresh


def open_to(connection: Connection, phone: str, now: datetime) -> list[Row[Any]]:
    """The items of a number at sessions to come that are held: number, person, state of the seat, session."""
    return list(
        connection.execute(
            select(
                items.c.number,
                items.c.person,
                assignments.c.state.label("standing"),
                assignments.c.role,
                sessions,
            )
            .join(sessions, sessions.c.id == items.c.session_id)
            .join(
                assignments,
                (assignments.c.session_id == items.c.session_id) & (assignments.c.person == items.c.person),
            )
            .where(items.c.phone == phone, sessions.c.starts > now, sessions.c.state != CANCELLED)
            .order_by(sessions.c.starts, items.c.number)
        )
    )


def session_named(connection: Connection, phone: str, number: int) -> int | None:
    """The session that this item number names to this telephone number."""
    found: int | None = connection.scalar(
        select(items.c.session_id).where(items.c.phone == phone, items.c.number == number)
    )
    return found


def numbered(connection: Connection, number: int, now: datetime) -> list[tuple[int, str]]:
    """Whose items of this number (session id, person) are about sessions that have not ended."""
    found = connection.execute(
        select(items.c.session_id, items.c.person)
        .join(sessions, sessions.c.id == items.c.session_id)
        .where(items.c.number == number, sessions.c.ends > now)
        .order_by(items.c.session_id, items.c.person)
    )
    return [(row.session_id, row.person) for row in found]


def _taken(connection: Connection, phones: Collection[str], now: datetime) -> dict[str, set[int]]:
    """The numbers in use or cooling; those that have cooled are forgotten."""
    wanted = list(phones)
    taken: dict[str, set[int]] = defaultdict(set)
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        rows = connection.execute(
            select(items.c.id, items.c.phone, items.c.number, sessions.c.ends)
            .join(sessions, sessions.c.id == items.c.session_id)
            .where(items.c.phone.in_(some))
        ).all()
        cooled = [row.id for row in rows if row.ends + COOLING <= now]
        if cooled:
            connection.execute(delete(items).where(items.c.id.in_(cooled)))
        for row in rows:
            if row.ends + COOLING > now:
                taken[row.phone].add(row.number)
    return taken


def _rows_of(connection: Connection, ids: Collection[int]) -> list[Row[Any]]:
    wanted = list(ids)
    found: list[Row[Any]] = []
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        found += connection.execute(select(items).where(items.c.session_id.in_(some))).all()
    return found
