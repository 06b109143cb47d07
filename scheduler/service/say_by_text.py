"""What staff text about the session that they hold: full, open, late, so many places left."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from notifications import outbox
from scheduler.reminders.reading import Reading, Word
from scheduler.reminders.reminder import Audience, Kind, Recipient, Reminder
from scheduler.reminders.wording import LIVE, Wording
from scheduler.roster.person import Person
from scheduler.service.answer_back import LIFE
from scheduler.service.gather_cases import gather_cases
from scheduler.service.office import Office
from scheduler.service.show_desk import DeskSession, show_desk
from scheduler.service.speak_for_desk import Live, Spoken, say_of_session
from scheduler.store import items, sessions
from scheduler.timetable.opening import State


def say_by_text(
    connection: Connection, office: Office, reply: Row[Any], person: Person, reading: Reading, now: datetime
) -> bool:
    """Says it of the session that is meant, and confirms it; False where that is not certain.

    Without an item it is the one under way, else the only one of today.
    """
    mine = [one for one in show_desk(connection, office, person.id, now) if one.state is not State.CANCELLED]
    meant = _meant(connection, mine, reply.phone, reading, now)
    if meant is None:
        return False
    [row] = sessions.rows_by_id(connection, [meant])
    if say_of_session(connection, office, row, _live(reading), person.id, now) is not Spoken.DONE:
        return False
    _confirm(connection, office, reply, person, meant, reading, now)
    return True


def _meant(
    connection: Connection, mine: list[DeskSession], phone: str, reading: Reading, now: datetime
) -> int | None:
    if reading.item is not None:
        named = items.session_named(connection, phone, reading.item)
        return next((one.session for one in mine if one.session == named), None)
    under_way = [one for one in mine if one.starts <= now]
    found = under_way or mine
    return found[0].session if len(found) == 1 else None


def _live(reading: Reading) -> Live:
    return Live.places(reading.left or 0) if reading.word is Word.LEFT else Live(State(reading.word.value))


def _confirm(
    connection: Connection,
    office: Office,
    reply: Row[Any],
    person: Person,
    session: int,
    reading: Reading,
    now: datetime,
) -> None:
    [gathered] = gather_cases(connection, office, [session])
    scene = office.scene(gathered.service, gathered.place)
    to = office.address_person(person, Audience.STAFF, scene.ward, None)
    told = LIVE[reading.word.value].in_language(to.language).format(left=reading.left)
    key, recipient = f"{Kind.NOTED}/{reply.id}", Recipient.person(person.id)
    reminder = Reminder(key, Kind.NOTED, recipient, Audience.STAFF, now, now + LIFE, "")
    said = Wording(gathered.case, scene, office.templates, {"reply": told}).message(reminder, to)
    own = replace(said, scope=said.recipient, purpose="answer", about="", urgent=True, priority=0)
    outbox.put(connection, [own], now)
