"""One turn of the service: everything that is due now, and when the next turn is."""

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from functools import partial

from sqlalchemy import Connection

from notifications.batch import Batch
from notifications.channels.channel import Capabilities
from notifications.claims import by_urgency, claim_due, next_due
from notifications.forgetting import claim_to_forget
from notifications.lookups import claim_look_ups, tell_in_time
from notifications.outbox import expire
from notifications.reading import Read, work_off
from notifications.recovery import recover
from scheduler.service.apply_plan import roll_window
from scheduler.service.join_texts import join_texts
from scheduler.service.office import Office
from scheduler.service.read_outcomes import note_silence, read_outcomes
from scheduler.service.seek_substitutes import next_seeking, seek_substitutes
from scheduler.service.swap_shift import lapse_offers
from scheduler.service.take_replies import take_replies
from scheduler.timetable.instant import to_utc

A_SECOND = timedelta(seconds=1)


def take_turn(
    connection: Connection,
    office: Office,
    ways: Mapping[str, Capabilities],
    free: Collection[str],
    readers: Mapping[str, Read],
    reference: str,
    now: datetime,
) -> list[tuple[str, Batch]]:
    """Plans days that came into sight, reads what came in, takes back lost claims, and claims what is due.

    `ways` are the channels that stand open, `free` those that may take more; returned is what each of them
    has to do. Everything it finds is in the database, so a turn that comes late does all that was missed.
    """
    roll_window(connection, office, now)
    work_off(connection, readers, now)
    take_replies(connection, office, now)
    lapse_offers(connection, now)
    asking = {name for name, capabilities in ways.items() if capabilities.looks_up}
    recover(connection, now, False, asking)
    if not free:
        # Who claims sets aside what comes too late; while no channel stands open that must be told as well.
        expire(connection, now)
    loads = [
        (name, batch)
        for name in by_urgency(connection, office.house, free, now)
        for batch in _loads(connection, office, name, ways[name], f"{reference}/{name}", now)
        if batch.ids
    ]
    tell_in_time(connection, now)
    read_outcomes(connection, office, now)
    note_silence(connection, office, now)
    seek_substitutes(connection, office, now)
    return loads


def next_turn(connection: Connection, office: Office, free: Collection[str], now: datetime) -> datetime:
    """When there will be something to do: the next due text of a free channel, or the next local midnight."""
    tomorrow = now.astimezone(office.zone).date() + timedelta(days=1)
    midnight = to_utc(tomorrow, time(), office.zone)
    due = next_due(connection, office.house, free, now)
    # A turn within the second looks for waves itself; else they would be looked for twice for each text.
    if due and due <= now + A_SECOND:
        return due
    wave = next_seeking(connection, office, min(due, midnight) if due else midnight, now)
    return min(one for one in (due, wave, midnight) if one)


def _loads(
    connection: Connection,
    office: Office,
    name: str,
    capabilities: Capabilities,
    reference: str,
    now: datetime,
) -> list[Batch]:
    joining = partial(join_texts, office)
    loads = [claim_due(connection, office.house, name, reference, now, joining)]
    if capabilities.looks_up:
        loads.append(claim_look_ups(connection, name, now))
    if capabilities.keeps_texts:
        loads.append(claim_to_forget(connection, name, now))
    return loads
