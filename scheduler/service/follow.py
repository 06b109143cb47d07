"""A resident follows a service in a ward, or stops; every consent is written down."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from notifications import ledger, outbox
from notifications.consent import Consent
from notifications.message import Wanted
from notifications.text import dress
from scheduler.reminders.reminder import Audience, Kind
from scheduler.reminders.wording import whom_to_call
from scheduler.service.office import Office
from scheduler.service.queue_reminders import queue_reminders
from scheduler.store import sessions, subscriptions
from scheduler.timetable.place import Service, Ward

# The answer to what somebody has just asked for is of no use the day after.
ANSWER_LIFE = timedelta(hours=12)


def follow(
    connection: Connection,
    office: Office,
    phone: str,
    service: Service,
    ward: Ward,
    how: str,
    language: str,
    now: datetime,
) -> bool:
    """Enrols a number (E.164) with its consent; returns False when it follows this already."""
    subscription = subscriptions.begin(connection, phone, service.id, ward.id, language, now)
    if subscription is None:
        return False
    answer = _answer(office, Kind.FOLLOWED, phone, service, ward, language, subscription, now)
    ledger.write(connection, Consent(phone, "service", True, now, how, answer.text))
    outbox.put(connection, [answer], now)
    _requeue(connection, office, service, ward, "followed", now)
    return True


def unfollow(
    connection: Connection,
    office: Office,
    phone: str,
    service: Service,
    ward: Ward,
    how: str,
    now: datetime,
) -> bool:
    """Ends what a number follows, and with the last its consent; False when it follows nothing here."""
    ended = subscriptions.end(connection, phone, service.id, ward.id, now)
    if ended is None:
        return False
    answer = _answer(office, Kind.UNFOLLOWED, phone, service, ward, ended.language, ended.id, now)
    if subscriptions.count_of(connection, phone) == 0:
        ledger.write(connection, Consent(phone, "service", False, now, how, answer.text))
    outbox.put(connection, [answer], now)
    _requeue(connection, office, service, ward, "unfollowed", now)
    return True


def _answer(
    office: Office,
    kind: Kind,
    phone: str,
    service: Service,
    ward: Ward,
    language: str,
    subscription: int,
    now: datetime,
) -> Wanted:
    to = office.address_resident(phone, language, ward)
    fields = {
        "sender": to.sender,
        "service": service.short.in_language(language),
        "ward": ward.name.in_language(language),
        "hotline": whom_to_call(office.settings.service.hotline, language),
    }
    return Wanted(
        key=f"{kind}/{subscription}",
        scope=f"subscription:{subscription}",
        kind=kind,
        audience=Audience.RESIDENT.value,
        purpose="answer",
        recipient=f"follower:{subscription}",
        phone=phone,
        language=language,
        text=dress(office.templates.render(kind, language, fields), to.accents),
        send_at=now,
        expires_at=now + ANSWER_LIFE,
        urgent=True,
        priority=2,
        sender=to.sender,
    )


def _requeue(
    connection: Connection, office: Office, service: Service, ward: Ward, reason: str, now: datetime
) -> None:
    places = [place.id for place in office.desk.places.values() if place.ward == ward.id]
    ids = sessions.ids_to_come_at(connection, service.id, places, now)
    queue_reminders(connection, office, ids, reason, now)
