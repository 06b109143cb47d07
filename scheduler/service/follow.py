"""A resident follows a service in a ward, or one session, or stops; every consent is written down."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from notifications import ledger, outbox
from notifications.consent import Consent
from notifications.message import Wanted
from notifications.terms import Answer
from notifications.veil import masked
from scheduler.reminders.answering import Means, how_to_stop
from scheduler.reminders.case import about_held
from scheduler.reminders.reminder import Audience, Kind, Recipient
from scheduler.reminders.wording import SALUTATIONS, said, scope_of_wishes, when, whom_to_call
from scheduler.service.cause import Cause
from scheduler.service.office import Office
from scheduler.service.queue_reminders import queue_reminders
from scheduler.store import links, sessions, subscriptions
from scheduler.timetable.place import Service, Ward

# The answer to what somebody has just asked for is of no use the day after.
ANSWER_LIFE = timedelta(hours=12)
# Who wants no more texts looks for the one that began them.
STOPPING_LIFE = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to hear of: a service in a ward, or one `session` of it."""

    service: Service
    ward: Ward
    session: Row[Any] | None = None

    @property
    def session_id(self) -> int | None:
        """The session's id, where it is about one."""
        return self.session.id if self.session else None


@dataclass(frozen=True, slots=True)
class Consenting:
    """How somebody agreed, or took it back, and what shows it; `wording` is what they read, else our text."""

    how: str
    wording: str = ""
    proof: str = ""


def follow(
    connection: Connection,
    office: Office,
    phone: str,
    wish: Wish,
    consenting: Consenting,
    language: str,
    now: datetime,
) -> bool:
    """Enrols a number (E.164) with its consent; returns False when it follows this already."""
    subscription = subscriptions.begin(
        connection, phone, wish.service.id, wish.ward.id, wish.session_id, language, now
    )
    if subscription is None:
        return False
    kind = Kind.FOLLOWED_SESSION if wish.session else Kind.FOLLOWED
    answer = _answer(connection, office, kind, phone, wish, language, subscription, now)
    _write_down(connection, phone, True, consenting, answer.text, now)
    outbox.put(connection, [answer], now)
    _requeue(connection, office, wish, Cause.FOLLOWED, now)
    return True


def unfollow(
    connection: Connection, office: Office, phone: str, wish: Wish, consenting: Consenting, now: datetime
) -> bool:
    """Ends what a number follows, and with the last its consent; False when it follows nothing here."""
    found = subscriptions.find(connection, phone, wish.service.id, wish.ward.id, wish.session_id)
    if found is None or not subscriptions.end(connection, found.id, now):
        return False
    answer = _answer(connection, office, Kind.UNFOLLOWED, phone, wish, found.language, found.id, now)
    if not subscriptions.of_phone(connection, phone, now):
        _write_down(connection, phone, False, consenting, answer.text, now)
    outbox.put(connection, [answer], now)
    _requeue(connection, office, wish, Cause.UNFOLLOWED, now)
    return True


def unfollow_all(connection: Connection, office: Office, phone: str, now: datetime) -> int:
    """Ends everything that a number follows, silently; returns how much that was.

    The refusal itself is for whoever heard it to write down.
    """
    rows = subscriptions.of_phone(connection, phone, now)
    for row in rows:
        subscriptions.end(connection, row.id, now)
        _requeue_for(connection, office, row, Cause.UNFOLLOWED, now)
    return len(rows)


def wish_of(connection: Connection, office: Office, row: Row[Any]) -> Wish | None:
    """What a subscription or a code is about; None where service, ward or session are gone."""
    service, ward = office.desk.services.get(row.service), office.desk.wards.get(row.ward)
    if service is None or ward is None:
        return None
    if row.session_id is None:
        return Wish(service, ward)
    found = sessions.rows_by_id(connection, [row.session_id])
    return Wish(service, ward, found[0]) if found else None


def resident_id(phone: str) -> str:
    """Under which id the link of a resident's own page is kept; no person of the settings has such a one."""
    return f"resident:{phone}"


def _write_down(
    connection: Connection, phone: str, granted: bool, consenting: Consenting, text: str, now: datetime
) -> None:
    wording = consenting.wording or masked(text)
    consent = Consent(phone, "service", granted, now, consenting.how, wording, consenting.proof)
    ledger.write(connection, consent)


def _answer(
    connection: Connection,
    office: Office,
    kind: Kind,
    phone: str,
    wish: Wish,
    language: str,
    subscription: int,
    now: datetime,
) -> Wanted:
    to = office.address_resident(phone, language, wish.ward)
    hotline = whom_to_call(office.settings.service.hotline, language)
    means = _means(connection, office, phone, now) if kind is not Kind.UNFOLLOWED else None
    fields = {
        "sender": to.sender,
        "salutation": SALUTATIONS[Audience.RESIDENT].in_language(language),
        "service": wish.service.short.in_language(language),
        "ward": wish.ward.name.in_language(language),
        "most": str(office.settings.following.texts_a_month),
        "stop": how_to_stop(means, hotline, language) if means else "",
        "hotline": hotline,
        **_fields_of_session(office, wish, language),
    }
    session = wish.session
    is_of_one = session is not None and kind is Kind.FOLLOWED_SESSION
    return Wanted(
        key=f"{kind}/{subscription}",
        scope=scope_of_wishes(session.id) if session and is_of_one else f"subscription:{subscription}",
        kind=kind,
        audience=Audience.RESIDENT.value,
        purpose="answer",
        recipient=str(Recipient.follower(subscription)),
        phone=phone,
        language=language,
        text=said(office.templates, kind, language, fields, to.accents, to.max_segments),
        send_at=now,
        expires_at=now + ANSWER_LIFE,
        about=about_held(session.starts, session.ends, session.place) if session and is_of_one else "",
        urgent=True,
        priority=2,
        sender=to.sender,
    )


def _fields_of_session(office: Office, wish: Wish, language: str) -> dict[str, str]:
    if wish.session is None:
        return {}
    scene, bring = office.scene(wish.session.service, wish.session.place), wish.service.bring
    return {
        "place": scene.place.name.in_language(language),
        "when": when(wish.session.starts, wish.session.ends, office.zone, language),
        "bring": bring.in_language(language) if bring else "",
    }


def _means(connection: Connection, office: Office, phone: str, now: datetime) -> Means:
    terms = office.settings.terms_for(Audience.RESIDENT)
    name = ""
    if terms.answer is Answer.LINK:
        own = resident_id(phone)
        name = links.names_for(connection, {own: phone}, now + STOPPING_LIFE, now)[own]
    return Means(terms.answer, office.settings.service.public_url, terms.replies_to, name)


def _requeue(connection: Connection, office: Office, wish: Wish, cause: Cause, now: datetime) -> None:
    queue_reminders(connection, office, _concerned(connection, office, wish, now), cause, now)


def _requeue_for(connection: Connection, office: Office, row: Row[Any], cause: Cause, now: datetime) -> None:
    wish = wish_of(connection, office, row)
    if wish:
        _requeue(connection, office, wish, cause, now)


def _concerned(connection: Connection, office: Office, wish: Wish, now: datetime) -> Collection[int]:
    if wish.session is not None:
        return [wish.session.id]
    places = [place.id for place in office.desk.places.values() if place.ward == wish.ward.id]
    return sessions.ids_to_come_at(connection, wish.service.id, places, now)
