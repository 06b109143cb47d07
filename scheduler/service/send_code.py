"""Sends a one-time code to a number that somebody typed on the page, and takes it when they type it.

Anybody may type anybody's number. So few codes go to one number, to numbers that lie together, and in a day
to all; none to who wants no texts. Whoever asks is told the same in every case.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from hmac import compare_digest
from typing import Any

from sqlalchemy import Connection, Row, func, select, text

from notifications import ledger, outbox
from notifications.message import Wanted
from notifications.tables import messages
from notifications.text import dress
from notifications.veil import Veil, new_pin_name, veiled_pin
from scheduler.reminders.reminder import TO_WHO_ASKS, Audience, Kind
from scheduler.reminders.wording import whom_to_call
from scheduler.service.follow import Consenting, Wish, follow, resident_id, wish_of
from scheduler.service.office import Office
from scheduler.store import follow_codes, links
from scheduler.store.follow_codes import LIFE, Asked
from scheduler.timetable.instant import to_utc
from scheduler.timetable.label import Label
from scheduler.timetable.place import Ward

# A second code within a minute would cross the first one; three a day are two slips.
A_MINUTE, MOST_A_DAY = timedelta(minutes=1), 3
# Who has texts sent for money owns rows of numbers: so many signs have a hundred thousand in common.
PREFIX, MOST_A_PREFIX, PREFIX_HOUR = 7, 10, timedelta(hours=1)
# A page of one's own is found again by a code; this one lasts as long as the texts of a season.
OWN_PAGE = timedelta(days=90)
CODES_LOCK = 0x0CA8


class Sent(StrEnum):
    """What became of the wish for a code; who asked is not told."""

    SENT = "sent"
    UNWANTED = "unwanted"
    TOO_SOON = "too_soon"
    PREFIX = "prefix"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A code that was good: the number is theirs. `wish` is what they follow from now on, if they asked."""

    phone: str
    link: str
    wish: Wish | None
    is_new: bool


def send_code(connection: Connection, office: Office, veil: Veil, asked: Asked, now: datetime) -> Sent:
    """Texts a code to the number, within all limits; the stored text holds its veil only."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CODES_LOCK})
    refused = _refused(connection, office, asked.phone, now)
    if refused:
        return refused
    name = new_pin_name()
    follow_codes.make(connection, asked, _kept(veil, asked.flow, veil.pin(name)), now)
    outbox.put(connection, [_message(office, asked, name, now)], now)
    return Sent.SENT


def redeem_code(
    connection: Connection, office: Office, veil: Veil, flow: str, phone: str, code: str, now: datetime
) -> Redeemed | None:
    """Takes a code once; what was agreed to with it is carried out and written down. None for a wrong one.

    The statements are the same whether there is such a code or not.
    """
    row = follow_codes.take_try(connection, flow, phone, now)
    kept = row.code if row else ""
    is_right = compare_digest(kept.encode(), _kept(veil, flow, code).encode())
    if row is None or not is_right or not follow_codes.use(connection, row.id, now):
        return None
    wish = wish_of(connection, office, row) if row.service else None
    is_new = _begin(connection, office, row, wish, now)
    return Redeemed(phone, _link(connection, veil, phone, now), wish, is_new)


def _begin(connection: Connection, office: Office, row: Row[Any], wish: Wish | None, now: datetime) -> bool:
    if wish is None:
        return False
    agreed = Consenting("web", row.wording, f"code {row.flow}")
    return follow(connection, office, row.phone, wish, agreed, row.language, now)


def answers_left(connection: Connection, office: Office, now: datetime) -> int:
    """How many more codes and answers may go to residents who ask, today."""
    today = to_utc(now.astimezone(office.zone).date(), time(), office.zone)
    spent = select(func.count()).where(messages.c.kind.in_(TO_WHO_ASKS), messages.c.created_at >= today)
    return office.settings.following.answers_a_day - int(connection.execute(spent).scalar_one())


def _refused(connection: Connection, office: Office, phone: str, now: datetime) -> Sent | None:
    latest = ledger.latest(connection, [phone]).get((phone, "service"))
    if latest and not latest.granted and latest.how == "sms":
        # Who has texted STOP texts START, or comes to the counter: nobody else can make us write to them.
        return Sent.UNWANTED
    is_recent = follow_codes.count(connection, now - A_MINUTE, phone) > 0
    if is_recent or follow_codes.count(connection, now - timedelta(days=1), phone) >= MOST_A_DAY:
        return Sent.TOO_SOON
    if follow_codes.count(connection, now - PREFIX_HOUR, phone[:PREFIX]) >= MOST_A_PREFIX:
        return Sent.PREFIX
    return None if answers_left(connection, office, now) > 0 else Sent.BUDGET


def _kept(veil: Veil, flow: str, code: str) -> str:
    return veil.kept(f"pin/{flow}/{code}")


def _link(connection: Connection, veil: Veil, phone: str, now: datetime) -> str:
    own = resident_id(phone)
    name = links.names_for(connection, {own: phone}, now + OWN_PAGE, now)[own]
    links.keep_new(connection, veil)
    return veil.link(name)


def _message(office: Office, asked: Asked, name: str, now: datetime) -> Wanted:
    nowhere = Ward("", Label.same(""))
    to = office.address_resident(asked.phone, asked.language, office.desk.wards.get(asked.ward, nowhere))
    fields = {
        "sender": to.sender,
        "code": veiled_pin(name),
        "hotline": whom_to_call(office.settings.service.hotline, asked.language),
    }
    return Wanted(
        key=f"{Kind.CODE}/{asked.flow}",
        scope=f"code:{asked.flow}",
        kind=Kind.CODE,
        audience=Audience.RESIDENT.value,
        purpose="answer",
        recipient=f"code:{asked.flow}",
        phone=asked.phone,
        language=asked.language,
        text=dress(office.templates.render(Kind.CODE, asked.language, fields), to.accents),
        send_at=now,
        expires_at=now + LIFE,
        urgent=True,
        priority=3,
        sender=to.sender,
    )
