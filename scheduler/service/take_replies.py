"""Takes what people have written: a refusal counts at once, everything else reaches a coordinator."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from notifications import ledger, outbox
from notifications.consent import Consent
from notifications.message import Purpose, Wanted
from notifications.reading import take_replies as unread_replies
from notifications.text import encoding_of, strip_accents
from scheduler.reminders.refusal import refuses_texts, wants_texts_again
from scheduler.reminders.reminder import Kind
from scheduler.reminders.wording import LONGEST_REPLY
from scheduler.roster.person import Person
from scheduler.service.office import Office
from scheduler.service.report_trouble import all_coordinators, report

# Somebody who writes line by line is one matter for this long, in minutes.
TOGETHER = 10
PURPOSES: tuple[Purpose, ...] = ("duty", "service")


def take_replies(connection: Connection, office: Office, now: datetime) -> None:
    """Reads each reply once.

    Who wants no more texts gets none, duty texts included, and a coordinator is told if they serve. Who
    takes that back gets them again. Whatever else somebody wrote is passed on, that too, the first of ten
    minutes with its words.
    """
    told: list[Wanted] = []
    for row in unread_replies(connection, now):
        person = _person_with(office, row.phone)
        if row.wants_out or refuses_texts(row.text):
            _write_down(connection, row, False, now)
            if person is not None:
                fields = {"person": person.name, "refused": "1"}
                told += _to_coordinators(office, person, Kind.UNREACHABLE, f"reply/{row.id}", fields, now)
        else:
            if wants_texts_again(row.text):
                _write_down(connection, row, True, now)
            fields = {"person": person.name if person else "", "reply": shown(row.text)}
            about = f"{person.id if person else 'stranger'}/{_period(row.at)}"
            told += _to_coordinators(office, person, Kind.REPLY, about, fields, now)
    outbox.put(connection, told, now)


def shown(text: str) -> str:
    """The beginning of what somebody wrote, in letters that cost no second segment."""
    plain = "".join(mark if encoding_of(mark) == "GSM-7" else "?" for mark in strip_accents(text))
    plain = " ".join(plain.split())
    return plain if len(plain) <= LONGEST_REPLY else plain[: LONGEST_REPLY - 3].rstrip() + "..."


def _person_with(office: Office, phone: str) -> Person | None:
    return next((person for person in office.desk.people.values() if person.phone == phone), None)


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


def _period(at: datetime) -> str:
    return f"{at:%Y%m%dT%H}{at.minute // TOGETHER}"
