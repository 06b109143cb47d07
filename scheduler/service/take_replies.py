"""Takes what people have written: what is certain is done, everything else reaches a coordinator."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from notifications import ledger, outbox, trail
from notifications.consent import Consent
from notifications.message import Purpose, Wanted
from notifications.reading import take_replies as unread_replies
from notifications.text import encoding_of, strip_accents
from scheduler.reminders.reading import Reading, Word, read
from scheduler.reminders.refusal import refuses_texts
from scheduler.reminders.reminder import Kind, Recipient
from scheduler.reminders.replying import (
    AskWhich,
    Decision,
    Help,
    Item,
    LetBe,
    OfNoItem,
    OptIn,
    OptOut,
    PassOn,
    Say,
    decide,
)
from scheduler.reminders.wording import LONGEST_REPLY, scope_of
from scheduler.roster.assignment import Standing
from scheduler.roster.person import Person
from scheduler.service.answer_back import answer_about, answer_with_items
from scheduler.service.answer_resident import follow_by_text, tell_schedule
from scheduler.service.follow import unfollow_all
from scheduler.service.look_again import look_again
from scheduler.service.office import Office
from scheduler.service.report_trouble import all_coordinators, period_of, report, report_dropout
from scheduler.service.say_by_text import say_by_text
from scheduler.service.step_back import step_back
from scheduler.service.take_answer import Answered, answer
from scheduler.store import items, sessions

FIRST_QUESTIONS = (Kind.ASK, Kind.SUBSTITUTE)
PURPOSES: tuple[Purpose, ...] = ("duty", "service")


def take_replies(connection: Connection, office: Office, now: datetime) -> None:
    """Reads each reply once, and does what it says.

    A yes or a no counts as one on the personal page does, and is thanked for. What may be a no alarms the
    coordinators at once; what is not understood reaches them, that of ten minutes with its first words. Who
    wants no more texts gets none, duty texts included, and a coordinator is told if they serve.
    """
    for row in unread_replies(connection, now):
        reading = Reading(Word.STOP) if row.wants_out or refuses_texts(row.text) else read(row.text)
        _carry_out(connection, office, row, decide(reading, _items_of(connection, row.phone, now)), now)


def _items_of(connection: Connection, phone: str, now: datetime) -> list[Item]:
    rows = items.open_to(connection, phone, now)
    scopes = {scope_of(row.id) for row in rows}
    unheard = outbox.not_yet_told(connection, scopes, FIRST_QUESTIONS) if scopes else set()
    return [
        Item(
            row.number,
            row.id,
            row.person,
            Standing(row.standing),
            is_told=(scope_of(row.id), str(Recipient.person(row.person))) not in unheard,
        )
        for row in rows
    ]


def _carry_out(
    connection: Connection, office: Office, row: Row[Any], decision: Decision, now: datetime
) -> None:
    person = office.desk.people_by_phone.get(row.phone)
    match decision:
        case Say(item=item, yes=yes):
            _say(connection, office, row, item, yes, now)
        case AskWhich(items=meant, alarms=alarms):
            answer_with_items(connection, office, row, person, Kind.WHICH, meant, now)
            if alarms:
                _alarm(connection, office, row, meant[0], now)
        case Help(items=meant):
            answer_with_items(connection, office, row, person, Kind.HELPED, meant, now)
        case OptOut():
            _opt_out(connection, office, row, person, now)
        case OptIn():
            _opt_in(connection, office, row, person, now)
        case PassOn(items=meant):
            _pass_on(connection, office, row, person, now)
            answer_with_items(connection, office, row, person, Kind.UNCLEAR, meant, now)
        case OfNoItem(reading=reading):
            _do_by_itself(connection, office, row, person, reading, now)
        case LetBe():
            trail.note(connection, "courtesy", [f"reply/{row.id}"], now)


def _opt_out(
    connection: Connection, office: Office, row: Row[Any], person: Person | None, now: datetime
) -> None:
    """No more texts to this number, duty included; of who serves a coordinator must know that, once."""
    # One that the network knew of may have stopped a text of which no coordinator hears, as our thanks.
    known = ledger.latest(connection, [row.phone]).get((row.phone, "duty"))
    is_news = known is None or known.granted or known.how == "network"
    _write_down(connection, row, False, now)
    unfollow_all(connection, office, row.phone, now)
    if person is not None and is_news:
        fields = {"person": person.name, "refused": "1"}
        told = _to_coordinators(office, person, Kind.UNREACHABLE, f"reply/{row.id}", fields, now)
        outbox.put(connection, told, now)
        step_back(connection, office, person.id, shown(row.text), now)


def _opt_in(
    connection: Connection, office: Office, row: Row[Any], person: Person | None, now: datetime
) -> None:
    """Texts again; a person must see whether that was meant, and who serves may be asked at once."""
    _write_down(connection, row, True, now)
    _pass_on(connection, office, row, person, now)
    if person is not None:
        look_again(connection, office, person.id, now)


def _say(connection: Connection, office: Office, row: Row[Any], item: Item, yes: bool, now: datetime) -> None:
    [session] = sessions.rows_by_id(connection, [item.session])
    match answer(connection, office, session, item.person, yes, now):
        case Answered.DONE:
            kind = Kind.THANKED if yes else Kind.EXCUSED
            answer_about(connection, office, row, item, kind, now)
        case Answered.TAKEN:
            answer_about(connection, office, row, item, Kind.TAKEN, now)
        case Answered.ALREADY:
            trail.note(connection, "courtesy", [f"reply/{row.id}"], now)
        case _:
            _pass_on(connection, office, row, office.desk.people_by_phone.get(row.phone), now)


def _alarm(connection: Connection, office: Office, row: Row[Any], item: Item, now: datetime) -> None:
    [session] = sessions.rows_by_id(connection, [item.session])
    told = report_dropout(connection, office, session, item.person, shown(row.text), now)
    outbox.put(connection, told, now)


def _do_by_itself(
    connection: Connection,
    office: Office,
    row: Row[Any],
    person: Person | None,
    reading: Reading,
    now: datetime,
) -> None:
    """What cannot be done reaches a coordinator; who serves hears that it was not understood."""
    if reading.word is Word.FOLLOW:
        is_done = follow_by_text(connection, office, row, reading.about, now)
    elif reading.word is Word.SCHEDULE:
        is_done = tell_schedule(connection, office, row, reading.about, now)
    else:
        is_done = person is not None and say_by_text(connection, office, row, person, reading, now)
    if not is_done:
        _pass_on(connection, office, row, person, now)
        answer_with_items(connection, office, row, person, Kind.UNCLEAR, (), now)


def _pass_on(
    connection: Connection, office: Office, row: Row[Any], person: Person | None, now: datetime
) -> None:
    fields = {"person": person.name if person else "", "reply": shown(row.text)}
    about = f"{person.id if person else 'stranger'}/{period_of(row.at)}"
    outbox.put(connection, _to_coordinators(office, person, Kind.REPLY, about, fields, now), now)


def shown(text: str) -> str:
    """The beginning of what somebody wrote, in letters that cost no second segment."""
    plain = "".join(mark if encoding_of(mark) == "GSM-7" else "?" for mark in strip_accents(text))
    plain = " ".join(plain.split())
    return plain if len(plain) <= LONGEST_REPLY else plain[: LONGEST_REPLY - 3].rstrip() + "..."


def _write_down(connection: Connection, row: Row[Any], granted: bool, now: datetime) -> None:
    for purpose in PURPOSES:
        ledger.write(connection, Consent(row.phone, purpose, granted, now, "sms", row.text[:200]))


def _to_coordinators(
    office: Office, person: Person | None, kind: Kind, about: str, fields: dict[str, str], now: datetime
) -> Iterable[Wanted]:
    ward = office.desk.wards.get(person.ward or "") if person else None
    for one in (ward.coordinators if ward else ()) or all_coordinators(office):
        told = report(office, one, kind, about, fields, now)
        if told is not None and (person is None or person.id != one):
            yield told
