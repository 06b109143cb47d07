"""Takes somebody out of duty who wants no more texts: no question reaches them, and no change."""

from datetime import datetime

from sqlalchemy import Connection

from notifications import outbox
from scheduler.reminders.replying import OPEN
from scheduler.roster.assignment import Standing
from scheduler.service.office import Office
from scheduler.service.report_trouble import report_dropout
from scheduler.service.take_answer import answer, seek_another
from scheduler.store import assignments, sessions


def step_back(connection: Connection, office: Office, person: str, said: str, now: datetime) -> None:
    """Has others be asked for all that the person has not promised, as after a no.

    A promise stands, for nobody knows whether it is kept: the coordinators hear at once of each, with what
    was `said`. So does what the settings name staff for.
    """
    for session in sessions.rows_by_id(connection, assignments.sessions_of(connection, [person], now)):
        seats = assignments.by_session(connection, [session.id])[session.id]
        own = next(seat for seat in seats if seat.person == person)
        if session.state == sessions.CANCELLED or own.named:
            continue
        if own.state == Standing.CONFIRMED:
            outbox.put(connection, report_dropout(connection, office, session, person, said, now), now)
        elif own.state == Standing.PROPOSED:
            # Nobody has told them of it: if they want texts again, they may be asked for it.
            assignments.withdraw(connection, [(session.id, person)])
            seek_another(connection, office, session, own, now)
        elif own.state in OPEN:
            answer(connection, office, session, person, False, now)
