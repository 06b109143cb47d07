"""Writes down the dates on which a person cannot come, as they told it themselves."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from scheduler.roster.person import Person
from scheduler.service.cause import Cause
from scheduler.service.fill_roster import fill_roster
from scheduler.service.look_again import look_again
from scheduler.service.office import Office
from scheduler.service.queue_reminders import queue_reminders
from scheduler.store import absences, assignments, sessions
from scheduler.timetable.availability import Absence, can_come

# Longer is no absence but a goodbye, and that is said to the coordinator.
LONGEST = timedelta(days=366)
MOST = 20


class Noted(StrEnum):
    """What came of it."""

    AWAY = "away"
    AGAIN = "again"
    # No such dates, or in the wrong order, or past.
    DATES = "dates"
    TOO_MANY = "too_many"
    GONE = "gone"


def note_absence(
    connection: Connection,
    office: Office,
    person: Person,
    first: date | None,
    last: date | None,
    now: datetime,
) -> Noted:
    """Notes that a person is away from `first` to `last`, both inclusive; without `last` on one day.

    Who was only planned on those days is not asked. What they were asked or have promised stands until they
    say no to it themselves.
    """
    today = now.astimezone(office.zone).date()
    last = last or first
    if first is None or last is None or not first <= last or last < today or last > today + LONGEST:
        return Noted.DATES
    known = absences.of_person(connection, person.id, today)
    if len(known) >= MOST:
        return Noted.TOO_MANY
    if not any(row.first <= first and last <= row.last for row in known):
        away = Absence(first, last)
        absences.add(connection, person.id, away, now)
        _let_be(connection, office, person.id, away, now)
    return Noted.AWAY


def end_absence(connection: Connection, office: Office, absence_id: int, person: str, now: datetime) -> Noted:
    """Takes an absence back; they are asked for seats that are empty on those days."""
    if not absences.end(connection, absence_id, person, now):
        return Noted.GONE
    look_again(connection, office, person, now)
    return Noted.AGAIN


def _let_be(connection: Connection, office: Office, person: str, away: Absence, now: datetime) -> None:
    ids = assignments.sessions_of(connection, [person], now)
    touched = [
        row.id
        for row in sessions.rows_by_id(connection, ids)
        if not can_come((), (away,), row.starts, row.ends, office.zone)
    ]
    changed = fill_roster(connection, office, touched, now)
    queue_reminders(connection, office, changed, Cause.AWAY, now)
