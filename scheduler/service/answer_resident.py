"""Answers what residents text: DK SAO Y BEN THANH follows, LICH BEN THANH asks when."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from notifications import outbox
from notifications.message import Wanted
from notifications.tables import messages
from scheduler.reminders.reminder import TO_WHO_ASKS, Audience, Kind
from scheduler.reminders.wording import NEXT, said, when, whom_to_call
from scheduler.service.follow import ANSWER_LIFE, Consenting, Wish, follow
from scheduler.service.office import Office
from scheduler.service.send_code import answers_left
from scheduler.store import sessions, subscriptions
from scheduler.timetable.naming import services_named, wards_meant
from scheduler.timetable.place import Service, Ward

# A number that asks more often than this in a day is a machine.
MOST_A_DAY = 10
AHEAD = timedelta(days=92)


def follow_by_text(
    connection: Connection, office: Office, reply: Row[Any], about: str, now: datetime
) -> bool:
    """Enrols the number that wrote; False where what it wants is not certain, or it has asked too often.

    The text itself is the consent, and what shows it.
    """
    wishes = {(one.service.id, one.ward.id): one for one in _meant(office, about, now)}
    if len(wishes) != 1 or not _may_answer(connection, office, reply.phone, now):
        return False
    [wish] = wishes.values()
    agreed = Consenting("sms", proof=f"reply {reply.id}: {reply.text[:100]}")
    language = _language(connection, office, reply.phone, now)
    follow(connection, office, reply.phone, wish, agreed, language, now)
    return True


def tell_schedule(connection: Connection, office: Office, reply: Row[Any], about: str, now: datetime) -> bool:
    """Texts the next session of the ward, or of one service there; False where it is not certain which."""
    pairs = {(one.service.id, one.ward.id): one for one in _meant(office, about, now)}
    wards = wards_meant(office.desk.wards.values(), about, *_today(office, now))
    if not _may_answer(connection, office, reply.phone, now):
        return False
    if len(pairs) == 1:
        [wish] = pairs.values()
        _tell(connection, office, reply, wish.ward, wish.service, now)
    elif len(wards) == 1:
        _tell(connection, office, reply, wards[0], None, now)
    return len(pairs) == 1 or len(wards) == 1


def _meant(office: Office, about: str, now: datetime) -> Iterator[Wish]:
    """The services in wards that these words may name, in either order."""
    words, desk = about.split(), office.desk
    public = [service for service in desk.services.values() if service.public]
    for cut in range(1, len(words)):
        first, last = " ".join(words[:cut]), " ".join(words[cut:])
        for what, where in ((first, last), (last, first)):
            wards = wards_meant(desk.wards.values(), where, *_today(office, now))
            for service in services_named(public, what):
                yield from (Wish(service, ward) for ward in wards)


def _today(office: Office, now: datetime) -> tuple[Any, Any]:
    today = now.astimezone(office.zone).date()
    return today, today


def _may_answer(connection: Connection, office: Office, phone: str, now: datetime) -> bool:
    told = select(func.count()).where(
        messages.c.phone == phone,
        messages.c.kind.in_(TO_WHO_ASKS),
        messages.c.created_at > now - timedelta(days=1),
    )
    is_rare = int(connection.execute(told).scalar_one()) < MOST_A_DAY
    return is_rare and answers_left(connection, office, now) > 0


def _language(connection: Connection, office: Office, phone: str, now: datetime) -> str:
    own = subscriptions.of_phone(connection, phone, now)
    return str(own[-1].language) if own else office.settings.service.languages[0]


def _tell(
    connection: Connection,
    office: Office,
    reply: Row[Any],
    ward: Ward,
    service: Service | None,
    now: datetime,
) -> None:
    language = _language(connection, office, reply.phone, now)
    to = office.address_resident(reply.phone, language, ward)
    places = {place.id for place in office.desk.places.values() if place.ward == ward.id}
    public = {one.id for one in office.desk.services.values() if one.public}
    wanted = {service.id} if service else public
    coming = [
        row
        for row in sessions.rows_between(connection, now, now + AHEAD)
        if row.place in places and row.service in wanted & public and row.state != sessions.CANCELLED
    ][:2]
    fields = {
        "sender": to.sender,
        "ward": ward.name.in_language(language),
        "hotline": whom_to_call(office.settings.service.hotline, language),
        **dict.fromkeys(("when", "service", "place", "bring", "next"), ""),
        **(_fields_of(office, coming[0], language) if coming else {}),
    }
    if len(coming) > 1:
        following = when(coming[1].starts, coming[1].ends, office.zone, language)
        fields["next"] = NEXT.in_language(language).format(when=following)
    text = said(office.templates, Kind.SCHEDULE, language, fields, to.accents, to.max_segments)
    outbox.put(connection, [_message(reply, to.sender, language, text, now)], now)


def _fields_of(office: Office, row: Row[Any], language: str) -> dict[str, str]:
    scene = office.scene(row.service, row.place)
    return {
        "service": scene.service.short.in_language(language),
        "place": scene.place.name.in_language(language),
        "when": when(row.starts, row.ends, office.zone, language),
        "bring": scene.service.bring.in_language(language) if scene.service.bring else "",
    }


def _message(reply: Row[Any], sender: str, language: str, text: str, now: datetime) -> Wanted:
    return Wanted(
        key=f"{Kind.SCHEDULE}/{reply.id}",
        scope=f"reply:{reply.id}",
        kind=Kind.SCHEDULE,
        audience=Audience.RESIDENT.value,
        purpose="answer",
        recipient=f"reply:{reply.id}",
        phone=reply.phone,
        language=language,
        text=text,
        send_at=now,
        expires_at=now + ANSWER_LIFE,
        urgent=True,
        priority=2,
        sender=sender,
    )
