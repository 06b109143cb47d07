"""Brings the outbox in line with what must be said about sessions."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from notifications import outbox
from notifications.message import Wanted
from scheduler.reminders.answering import Means
from scheduler.reminders.decide import reminders_of
from scheduler.reminders.reminder import CALLED_OFF, NAME_THE_NEXT, Reminder
from scheduler.reminders.wording import Addressee, Scene, Wording, scope_of
from scheduler.roster.person import Person
from scheduler.service.cause import Cause
from scheduler.service.gather_cases import Gathered, gather_cases
from scheduler.service.means import means_for
from scheduler.service.office import Office
from scheduler.store import sessions


def queue_reminders(
    connection: Connection, office: Office, ids: Collection[int], cause: Cause, now: datetime
) -> None:
    """Reconciles the outbox of these sessions with what must be said.

    What is no longer wanted is cancelled, and its trail says the `cause`.
    """
    if not ids:
        return
    decided = [
        (gathered, reminders_of(gathered.case, office.rules_for(gathered.shift)))
        for gathered in gather_cases(connection, office, ids)
    ]
    means = means_for(connection, office, decided, now)
    wanted = {
        scope_of(gathered.case.session): _words_for(connection, office, gathered, reminders, means)
        for gathered, reminders in decided
    }
    outbox.reconcile(connection, wanted, str(cause), now)


def _words_for(
    connection: Connection,
    office: Office,
    gathered: Gathered,
    reminders: Iterable[Reminder],
    means: Mapping[tuple[int, str], Means],
) -> list[Wanted]:
    scene = office.scene(gathered.service, gathered.place)
    if any(reminder.kind in NAME_THE_NEXT for reminder in reminders):
        scene = _told_of_an_end(connection, gathered, scene)
    wording = Wording(gathered.case, scene, office.templates)
    addressees: dict[Hashable, Addressee | None] = {}
    found: list[Wanted] = []
    for reminder in reminders:
        whom = reminder.recipient.kind, reminder.recipient.id, reminder.audience, reminder.kind in CALLED_OFF
        if whom not in addressees:
            own = means.get((gathered.case.session, reminder.recipient.id))
            addressees[whom] = _addressee(office, gathered, reminder, scene, own)
        if addressee := addressees[whom]:
            found.append(wording.message(reminder, addressee))
    return found


def _addressee(
    office: Office, gathered: Gathered, reminder: Reminder, scene: Scene, means: Means | None
) -> Addressee | None:
    if reminder.recipient.kind == "follower":
        for follower in gathered.case.followers:
            if str(follower.id) == reminder.recipient.id:
                return office.address_resident(follower.phone, follower.language, scene.ward)
        return None
    person = _person(office, reminder)
    if person is None:
        return None
    roles = (seat.role for seat in gathered.case.seats if seat.person == person.id)
    return office.address_person(person, reminder.audience, scene.ward, next(roles, None), means)


def _person(office: Office, reminder: Reminder) -> Person | None:
    # Who was deleted from the settings still has in mind what they were told, and would come for nothing.
    former = office.former if reminder.kind in CALLED_OFF else ()
    for settings in (office.settings, *former):
        if reminder.recipient.id in settings.desk.people:
            return settings.desk.people[reminder.recipient.id]
    return None


def _told_of_an_end(connection: Connection, gathered: Gathered, scene: Scene) -> Scene:
    row = sessions.following(connection, gathered.shift, gathered.case.starts)
    return replace(scene, following=(row.starts, row.ends) if row else None, reason=gathered.reason)
