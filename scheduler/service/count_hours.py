"""Counts what people gave: sessions and hours served, and how often they were missed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from scheduler.roster.assignment import Standing
from scheduler.service.office import Office
from scheduler.store import assignments
from scheduler.timetable.instant import to_utc


@dataclass(frozen=True, slots=True)
class Hours:
    """What one person gave; `unmarked` promised sessions are over and nobody wrote down who came."""

    person: str
    name: str
    sessions: int
    hours: float
    absences: int
    unmarked: int


def count_hours(
    connection: Connection, office: Office, first: date, last: date, now: datetime
) -> list[Hours]:
    """Everybody's hours at sessions that began on these local dates, both inclusive, and are over.

    Only what was marked as served counts.
    """
    begin = to_utc(first, time(), office.zone)
    end = to_utc(min(last, date.max - timedelta(days=1)) + timedelta(days=1), time(), office.zone)
    by_person: dict[str, list[Row[Any]]] = {}
    for row in assignments.promised_between(connection, begin, end, now):
        by_person.setdefault(row.person, []).append(row)
    found = [_hours(office, person, rows) for person, rows in by_person.items()]
    return sorted(found, key=lambda one: (one.name, one.person))


def _hours(office: Office, person: str, rows: Iterable[Row[Any]]) -> Hours:
    seats = list(rows)
    served = [row for row in seats if row.state == Standing.SERVED]
    elapsed = sum((row.ends - row.starts for row in served), timedelta())
    return Hours(
        person=person,
        name=office.name_of(person),
        sessions=len(served),
        hours=round(elapsed / timedelta(hours=1), 2),
        absences=sum(row.state == Standing.ABSENT for row in seats),
        unmarked=sum(row.state == Standing.CONFIRMED for row in seats),
    )
