"""Answers a text by text: thanks, a question which was meant, help; few, however many texts come in."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from notifications import ledger, outbox
from notifications.message import Wanted
from notifications.tables import messages
from notifications.text import dress
from scheduler.reminders.reminder import ANSWERS, CLARIFYING, Audience, Kind, Recipient, Reminder
from scheduler.reminders.replying import Item
from scheduler.reminders.wording import SALUTATIONS, WEEKDAYS, Wording, whom_to_call
from scheduler.roster.person import Person
from scheduler.service.gather_cases import gather_cases
from scheduler.service.means import means_of_seat
from scheduler.service.office import Office
from scheduler.store import sessions

# An answer is to what somebody has just asked; a day later it would only puzzle.
LIFE = timedelta(hours=24)
# Two machines that thank each other must come to an end.
MOST, WITHIN = 3, timedelta(minutes=10)
CLARIFIED_FOR = timedelta(hours=12)
# More than this many items are not listed: the text would cost another segment.
MOST_ITEMS = 2


def answer_about(
    connection: Connection, office: Office, reply: Row[Any], item: Item, kind: Kind, now: datetime
) -> None:
    """Answers with what concerns one session: thanks, or that the seat was taken."""
    if not _may_answer(connection, reply.phone, kind, now):
        return
    person = office.desk.people.get(item.person)
    for gathered in gather_cases(connection, office, [item.session]) if person else ():
        assert person is not None
        scene = office.scene(gathered.service, gathered.place)
        role = next((seat.role for seat in gathered.case.seats if seat.person == item.person), None)
        means = means_of_seat(connection, office, gathered, person, now)
        to = office.address_person(person, Audience.VOLUNTEER, scene.ward, role, means)
        reminder = Reminder(
            f"{kind}/{reply.id}", kind, Recipient.person(item.person), Audience.VOLUNTEER, now, now + LIFE, ""
        )
        said = Wording(gathered.case, scene, office.templates).message(reminder, to)
        _put(connection, replace(said, phone=reply.phone), now)


def answer_with_items(
    connection: Connection,
    office: Office,
    reply: Row[Any],
    person: Person | None,
    kind: Kind,
    items: Sequence[Item],
    now: datetime,
) -> None:
    """Answers with the open questions and how to answer each; to strangers nothing is said."""
    if person is None or not _may_answer(connection, reply.phone, kind, now):
        return
    ward = office.desk.wards.get(person.ward or "") or next(iter(office.desk.wards.values()))
    to = office.address_person(person, Audience.VOLUNTEER, ward, None)
    fields = {
        "sender": to.sender,
        "name": person.name,
        "salutation": (to.salutation or SALUTATIONS[Audience.VOLUNTEER]).in_language(to.language),
        "hotline": whom_to_call(office.settings.service.hotline, to.language),
        "items": _listed(connection, office, items, to.language),
    }
    text = dress(office.templates.render(kind, to.language, fields), to.accents)
    said = Wanted(
        key=f"{kind}/{reply.id}",
        scope="",
        kind=kind,
        audience=Audience.VOLUNTEER.value,
        purpose="answer",
        recipient=str(Recipient.person(person.id)),
        phone=reply.phone,
        language=to.language,
        text=text,
        send_at=now,
        expires_at=now + LIFE,
        sender=to.sender,
    )
    _put(connection, said, now)


def _put(connection: Connection, said: Wanted, now: datetime) -> None:
    """It belongs to no session's outbox: what becomes of the session takes no answer back."""
    own = replace(said, scope=said.recipient, purpose="answer", about="", urgent=True, priority=0)
    outbox.put(connection, [own], now)


def _may_answer(connection: Connection, phone: str, kind: Kind, now: datetime) -> bool:
    if phone in ledger.refusing(connection, "duty"):
        return False
    if kind in CLARIFYING and _said(connection, phone, CLARIFYING, now - CLARIFIED_FOR):
        return False
    return _said(connection, phone, ANSWERS, now - WITHIN) < MOST


def _said(connection: Connection, phone: str, kinds: Collection[Kind], since: datetime) -> int:
    counted = select(func.count()).where(
        messages.c.phone == phone, messages.c.kind.in_(kinds), messages.c.created_at > since
    )
    return int(connection.execute(counted).scalar_one())


def _listed(connection: Connection, office: Office, items: Sequence[Item], language: str) -> str:
    """As in 12: T3 24/11 17:00, 13: T5 26/11 17:00."""
    starts = {row.id: row.starts for row in sessions.rows_by_id(connection, {one.session for one in items})}
    said = [f"{item.number}: {_when(starts[item.session], office, language)}" for item in items[:MOST_ITEMS]]
    return ", ".join(said) + ("..." if len(items) > MOST_ITEMS else "")


def _when(starts: datetime, office: Office, language: str) -> str:
    local = starts.astimezone(office.zone)
    weekday = WEEKDAYS["en" if language == "en" else "vi"][local.weekday()]
    return f"{weekday} {local:%d/%m %H:%M}"
