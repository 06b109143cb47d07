"""Assignments: the rows, read and written; states change only as the table allows."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, true, update

from scheduler.roster.assignment import HOLDING, Standing, sources_of
from scheduler.roster.vacancy import Duty
from scheduler.store.sessions import CANCELLED, CHUNK
from scheduler.store.tables import assignments, sessions
from scheduler.timetable.shift import Role


def by_session(connection: Connection, ids: Collection[int]) -> dict[int, list[Row[Any]]]:
    """All assignments of these sessions, whatever their state, in the order they were made."""
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    wanted = list(ids)
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        rows = connection.execute(
            select(assignments).where(assignments.c.session_id.in_(chunk)).order_by(assignments.c.id)
        )
        for row in rows:
            found[row.session_id].append(row)
    return found


def duties_from(connection: Connection, first: datetime, person: str | None = None) -> list[Duty]:
    """The time that people, or one of them, give at sessions which end after `first`."""
    found = connection.execute(
        select(assignments.c.person, sessions.c.starts, sessions.c.ends, sessions.c.id, sessions.c.place)
        .join(sessions, sessions.c.id == assignments.c.session_id)
        .where(
            sessions.c.ends > first,
            sessions.c.state != CANCELLED,
            assignments.c.state.in_(HOLDING),
            assignments.c.person == person if person else true(),
        )
    )
    return [Duty(row.person, row.starts, row.ends, row.id, row.place) for row in found]


def proposed_from(connection: Connection, first: datetime, last: datetime) -> list[Row[Any]]:
    """Who is proposed and not asked yet, for sessions that start from `first` to before `last`."""
    return list(
        connection.execute(
            select(assignments)
            .join(sessions, sessions.c.id == assignments.c.session_id)
            .where(
                sessions.c.starts >= first,
                sessions.c.starts < last,
                sessions.c.state != CANCELLED,
                assignments.c.state == Standing.PROPOSED,
            )
            .order_by(assignments.c.id)
        )
    )


def known_since(connection: Connection) -> dict[str, datetime]:
    """When each person was first put on a session."""
    first = select(assignments.c.person, func.min(assignments.c.since)).group_by(assignments.c.person)
    return {row[0]: row[1] for row in connection.execute(first)}


def asked_until(connection: Connection, until: datetime) -> list[Row[Any]]:
    """Who was asked and has not answered, for sessions that start by `until`: with shift and start."""
    return list(
        connection.execute(
            select(
                assignments.c.session_id,
                assignments.c.person,
                sessions.c.shift,
                sessions.c.starts,
            )
            .join(sessions, sessions.c.id == assignments.c.session_id)
            .where(assignments.c.state == Standing.ASKED, sessions.c.starts <= until)
        )
    )


def held_from(connection: Connection, now: datetime) -> dict[tuple[int, str], str]:
    """Who holds a seat (session id, person) at sessions that have not begun, with the session's key."""
    found = connection.execute(
        select(assignments.c.session_id, assignments.c.person, sessions.c.key)
        .join(sessions, sessions.c.id == assignments.c.session_id)
        .where(
            sessions.c.starts > now,
            sessions.c.state != CANCELLED,
            assignments.c.state.in_(HOLDING),
        )
    )
    return {(row.session_id, row.person): row.key for row in found}


def changed_at(connection: Connection, now: datetime) -> list[int]:
    """The sessions of which somebody's standing changed at this very instant."""
    changed = select(assignments.c.session_id).where(assignments.c.changed_at == now).distinct()
    return list(connection.scalars(changed.order_by(assignments.c.session_id)))


def sessions_of(connection: Connection, people: Collection[str], now: datetime) -> set[int]:
    """The sessions that have not begun and know one of these people, in whatever state."""
    found: set[int] = set()
    wanted = list(people)
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        found.update(
            connection.scalars(
                select(assignments.c.session_id)
                .join(sessions, sessions.c.id == assignments.c.session_id)
                .where(sessions.c.starts > now, assignments.c.person.in_(chunk))
            )
        )
    return found


def has_promised(connection: Connection, person: str, session: Row[Any]) -> bool:
    """Whether the person has said yes to another session within the hours of this one."""
    promised = (
        select(assignments.c.id)
        .join(sessions, sessions.c.id == assignments.c.session_id)
        .where(
            assignments.c.person == person,
            assignments.c.state == Standing.CONFIRMED,
            sessions.c.id != session.id,
            sessions.c.state != CANCELLED,
            sessions.c.starts < session.ends,
            sessions.c.ends > session.starts,
        )
    )
    return connection.execute(promised.limit(1)).first() is not None


def clashing(connection: Connection, ids: Collection[int]) -> list[tuple[Row[Any], Row[Any]]]:
    """Seats at these sessions with a seat that the same person holds elsewhere within their hours."""
    pairs = _pairs(connection, ids, HOLDING)
    seated = by_session(connection, {session for _, *both in pairs for session in both})
    seats = {(row.person, row.session_id): row for rows in seated.values() for row in rows}
    return [(seats[person, one], seats[person, other]) for person, one, other in pairs]


def _pairs(
    connection: Connection, ids: Collection[int], standings: Collection[Standing]
) -> list[tuple[str, int, int]]:
    """Who holds a seat at one of these sessions and stands so at another in its hours, with both."""
    theirs, there = assignments.alias(), sessions.alias()
    pairs: list[tuple[str, int, int]] = []
    wanted = list(ids)
    for start in range(0, len(wanted), CHUNK):
        found = connection.execute(
            select(assignments.c.person, sessions.c.id, there.c.id)
            .select_from(assignments)
            .join(sessions, sessions.c.id == assignments.c.session_id)
            .join(theirs, theirs.c.person == assignments.c.person)
            .join(there, there.c.id == theirs.c.session_id)
            .where(
                assignments.c.session_id.in_(wanted[start : start + CHUNK]),
                assignments.c.state.in_(HOLDING),
                theirs.c.state.in_(standings),
                there.c.id != sessions.c.id,
                there.c.state != CANCELLED,
                there.c.starts < sessions.c.ends,
                there.c.ends > sessions.c.starts,
            )
            .order_by(assignments.c.id, theirs.c.id)
        )
        pairs += [(row[0], row[1], row[2]) for row in found]
    return pairs


def count_held_from(connection: Connection, now: datetime) -> Counter[tuple[int, str]]:
    """How many people hold a seat of each role (session id, role) at sessions that have not begun."""
    found = connection.execute(
        select(assignments.c.session_id, assignments.c.role, func.count())
        .join(sessions, sessions.c.id == assignments.c.session_id)
        .where(
            sessions.c.starts > now,
            assignments.c.state.in_(HOLDING),
        )
        .group_by(assignments.c.session_id, assignments.c.role)
    )
    return Counter({(session, role): count for session, role, count in found})


def add(
    connection: Connection,
    wanted: Iterable[tuple[int, Role, str]],
    standing: Standing,
    named: bool,
    now: datetime,
) -> None:
    """Puts people on sessions (session id, role, person); who was released there before is taken back."""
    rows: list[dict[str, Any]] = [
        {
            "session_id": session,
            "role": role,
            "person": person,
            "state": standing,
            "named": named,
            "since": now,
            "changed_at": now,
        }
        for session, role, person in wanted
    ]
    known = by_session(connection, {row["session_id"] for row in rows})
    back = {
        (row.session_id, row.person): row.id
        for some in known.values()
        for row in some
        if row.state == Standing.RELEASED
    }
    fresh = [row for row in rows if (row["session_id"], row["person"]) not in back]
    if fresh:
        connection.execute(insert(assignments), fresh)
    for row in rows:
        if (row_id := back.get((row["session_id"], row["person"]))) is not None:
            connection.execute(update(assignments).where(assignments.c.id == row_id).values(row))


def change(connection: Connection, session_id: int, person: str, after: Standing, now: datetime) -> bool:
    """Moves one assignment to `after` where the table allows it; returns whether it moved."""
    changed = connection.execute(
        update(assignments)
        .where(
            assignments.c.session_id == session_id,
            assignments.c.person == person,
            assignments.c.state.in_(sources_of(after)),
        )
        .values(state=after, changed_at=now)
    )
    return changed.rowcount == 1


def release(connection: Connection, ids: Collection[int], now: datetime) -> None:
    """Sends people home: assignments by their own ids become released, and remember what they `was`."""
    connection.execute(
        update(assignments)
        .where(assignments.c.id.in_(ids), assignments.c.state.in_(sources_of(Standing.RELEASED)))
        .values(state=Standing.RELEASED, was=assignments.c.state, changed_at=now)
    )


def withdraw(connection: Connection, seats: Iterable[tuple[int, str]]) -> None:
    """Forgets proposals (session id, person) of which nobody has been told; any other state stays."""
    for session_id, person in seats:
        connection.execute(
            delete(assignments).where(
                assignments.c.session_id == session_id,
                assignments.c.person == person,
                assignments.c.state == Standing.PROPOSED,
            )
        )


def dismiss(connection: Connection, session_id: int, person: str, now: datetime) -> bool:
    """Sends one person home for good: nothing takes them back, nor puts them there again."""
    changed = connection.execute(
        update(assignments)
        .where(
            assignments.c.session_id == session_id,
            assignments.c.person == person,
            assignments.c.state.in_(sources_of(Standing.RELEASED)),
        )
        .values(state=Standing.RELEASED, was=None, changed_at=now)
    )
    return changed.rowcount == 1


def take_back(connection: Connection, ids: Collection[int], now: datetime, anew: bool) -> None:
    """Gives people who were sent home their seat as it was, with the answer that they had given.

    `anew` says that it is known only from now on: they have heard that they need not come.
    """
    since = {"since": now} if anew else {}
    connection.execute(
        update(assignments)
        .where(
            assignments.c.id.in_(ids),
            assignments.c.state == Standing.RELEASED,
            assignments.c.was.is_not(None),
        )
        .values(state=assignments.c.was, was=None, changed_at=now, **since)
    )


def of_person(connection: Connection, person: str, ended_after: datetime) -> list[Row[Any]]:
    """A person's assignments, whatever their state, at sessions that end after this, in order of start."""
    return list(
        connection.execute(
            select(assignments)
            .join(sessions, sessions.c.id == assignments.c.session_id)
            .where(assignments.c.person == person, sessions.c.ends > ended_after)
            .order_by(sessions.c.starts, assignments.c.id)
        )
    )


def lock(connection: Connection, session_id: int) -> None:
    """Keeps the seats of a session from others until this transaction ends."""
    connection.execute(
        select(assignments.c.id)
        .where(assignments.c.session_id == session_id)
        .order_by(assignments.c.id)
        .with_for_update()
    ).all()


def one_at_a_time(connection: Connection, person: str, session_id: int | None = None) -> None:
    """Until this transaction ends, no other takes a seat for this person, nor an answer at this session.

    What they may take hangs on seats at other sessions, and who has the last seat on rows that may not be
    there yet: no lock of rows tells two of one instant apart. Always in this order, so that nobody waits for
    whoever waits for them. On SQLite writers take turns anyway.
    """
    if connection.dialect.name != "postgresql":
        return
    for whose in (f"person:{person}", f"session:{session_id}" if session_id is not None else ""):
        if whose:
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(whose, 0))))


def hold_still(connection: Connection, ids: Collection[int]) -> None:
    """Until this transaction ends, who holds a seat at these sessions takes no other within their hours.

    Whoever says yes there at this instant does not see yet that these have moved or are held after all.
    """
    if connection.dialect.name == "postgresql":
        for person in sorted({person for person, _, _ in _pairs(connection, ids, tuple(Standing))}):
            one_at_a_time(connection, person)


def seat(connection: Connection, session_id: int, role: Role, person: str, now: datetime) -> None:
    """Puts a person who has said yes on a session, whatever they answered there before."""
    values = {"role": role, "state": Standing.CONFIRMED, "named": False, "was": None, "changed_at": now}
    back = connection.execute(
        update(assignments)
        .where(
            assignments.c.session_id == session_id,
            assignments.c.person == person,
            assignments.c.state.in_(sources_of(Standing.CONFIRMED)),
        )
        .values(values)
    )
    if not back.rowcount:
        add(connection, [(session_id, role, person)], Standing.CONFIRMED, named=False, now=now)


def promised_between(
    connection: Connection, first: datetime, until: datetime, now: datetime
) -> list[Row[Any]]:
    """Seats that were promised at sessions that began from `first` on, before `until`, and are over.

    With the session's start and end.
    """
    return list(
        connection.execute(
            select(assignments.c.person, assignments.c.state, sessions.c.starts, sessions.c.ends)
            .join(sessions, sessions.c.id == assignments.c.session_id)
            .where(
                sessions.c.starts >= first,
                sessions.c.starts < until,
                sessions.c.ends <= now,
                sessions.c.state != CANCELLED,
                assignments.c.state.in_((Standing.CONFIRMED, Standing.SERVED, Standing.ABSENT)),
            )
            .order_by(assignments.c.person, sessions.c.starts)
        )
    )
