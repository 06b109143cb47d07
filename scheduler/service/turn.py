"""One turn of the service: everything that is due now, and when the next turn is."""

from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from notifications.batch import Batch
from notifications.claims import claim_due, next_due, recover
from scheduler.service.apply_plan import roll_window
from scheduler.service.office import Office
from scheduler.service.read_outcomes import note_silence, read_outcomes
from scheduler.timetable.instant import to_utc


def take_turn(
    connection: Connection, office: Office, reference: str, may_claim: bool, now: datetime
) -> Batch:
    """Plans days that came into sight, acts on outcomes, takes back lost claims, and claims what is due.

    Everything it finds is in the database, so a turn that comes late does all that was missed.
    """
    roll_window(connection, office, now)
    recover(connection, now, orphaned=False)
    batch = claim_due(connection, office.house, reference, now) if may_claim else Batch(reference, ())
    read_outcomes(connection, office, now)
    note_silence(connection, office, now)
    return batch


def next_turn(connection: Connection, office: Office, now: datetime) -> datetime:
    """When there will be something to do: the next due text, or the next local midnight."""
    tomorrow = now.astimezone(office.zone).date() + timedelta(days=1)
    midnight = to_utc(tomorrow, time(), office.zone)
    due = next_due(connection)
    return min(due, midnight) if due else midnight
