"""Looks again at empty seats, when somebody can be asked who could not before."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from scheduler.roster.person import Person
from scheduler.service.ahead import AT_ONCE
from scheduler.service.cause import Cause
from scheduler.service.fill_roster import fill_roster, vacant_sessions
from scheduler.service.gather_part import could_come, vacancies_of
from scheduler.service.know_people import askable, know_people
from scheduler.service.office import Office
from scheduler.service.queue_reminders import queue_reminders
from scheduler.service.seek_substitutes import is_time_to_seek
from scheduler.store import assignments, sessions


def look_again(connection: Connection, office: Office, person: str, now: datetime) -> None:
    """Fills the empty seats that this person could take, the soonest first.

    Not where time is short: substitutes are asked there in waves, this person among them. As many as are
    chosen in about a second, for whoever came back waits for it.
    """
    people = askable(connection, know_people(connection, office, now), now)
    if person not in people:
        return
    most = AT_ONCE // len(people)
    ids: list[int] = []
    for session, count in _empty_for(connection, office, people[person], now):
        most -= count
        if ids and most < 0:
            break
        ids.append(session)
    touched = fill_roster(connection, office, ids, now) if ids else set()
    queue_reminders(connection, office, touched, Cause.AGAIN, now)


def _empty_for(
    connection: Connection, office: Office, person: Person, now: datetime
) -> Iterator[tuple[int, int]]:
    """Sessions with a seat for the person, in order of start, and how many kinds of seats each lacks."""
    rows = sessions.rows_by_id(connection, vacant_sessions(connection, office, now))
    seated = assignments.by_session(connection, [row.id for row in rows])
    for row in rows:
        if row.state == sessions.CANCELLED or is_time_to_seek(office, row, now):
            continue
        vacancies = list(vacancies_of(office, row, seated.get(row.id, [])))
        if any(could_come(office, one, person) for one in vacancies):
            yield row.id, len(vacancies)
