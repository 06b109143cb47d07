"""Absences that people told on their own page: the rows, read and written."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from scheduler.store.tables import absences
from scheduler.timetable.availability import Absence


def away_from(connection: Connection, first: date) -> dict[str, tuple[Absence, ...]]:
    """Everybody's absences that last until `first` or longer, by person."""
    found: dict[str, list[Absence]] = defaultdict(list)
    rows = connection.execute(
        select(absences.c.person, absences.c.first, absences.c.last)
        .where(absences.c.ended_at.is_(None), absences.c.last >= first)
        .order_by(absences.c.id)
    )
    for row in rows:
        found[row.person].append(Absence(row.first, row.last))
    return {person: tuple(away) for person, away in found.items()}


def of_person(connection: Connection, person: str, first: date) -> list[Row[Any]]:
    """One person's absences that last until `first` or longer, in order: id, first, last."""
    return list(
        connection.execute(
            select(absences.c.id, absences.c.first, absences.c.last)
            .where(absences.c.person == person, absences.c.ended_at.is_(None), absences.c.last >= first)
            .order_by(absences.c.first, absences.c.id)
        )
    )


def add(connection: Connection, person: str, away: Absence, now: datetime) -> None:
    """Writes one absence."""
    connection.execute(insert(absences).values(person=person, first=away.first, last=away.last, made_at=now))


def end(connection: Connection, absence_id: int, person: str, now: datetime) -> bool:
    """Takes back an absence of this person; returns whether there was one."""
    ended = connection.execute(
        update(absences)
        .where(absences.c.id == absence_id, absences.c.person == person, absences.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    return ended.rowcount == 1
