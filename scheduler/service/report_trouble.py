"""Puts into words, for coordinators, what stands in the way of texts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from notifications.message import Wanted
from notifications.terms import Answer
from notifications.text import dress
from scheduler.reminders.answering import Means, how_to_open
from scheduler.reminders.quiet import after_quiet
from scheduler.reminders.reminder import Audience, Kind, Recipient
from scheduler.reminders.wording import SALUTATIONS, when, whom_to_call
from scheduler.roster.assignment import HOLDING, Standing
from scheduler.service.office import Office
from scheduler.store import assignments, links
from scheduler.timetable.shift import Role

REPORT_LIFE = timedelta(hours=24)
# Somebody who writes line by line is one matter for this long, in minutes.
TOGETHER = 10
# Somebody else has to be found, and has to get there.
TIME_TO_ACT = timedelta(hours=3)


def report(
    office: Office, to: str, kind: Kind, about: str, fields: Mapping[str, str], now: datetime
) -> Wanted | None:
    """The text that tells the coordinator `to` (an id) of what `about` names; None for who is gone.

    It waits for the end of quiet hours: nobody mends anything at night.
    """
    person = office.desk.people.get(to)
    ward = next((ward for ward in office.desk.wards.values() if to in ward.coordinators), None)
    if person is None or ward is None:
        return None
    address = office.address_person(person, Audience.STAFF, ward, None)
    salutation = person.salutation or SALUTATIONS[Audience.STAFF]
    own = {
        "sender": address.sender,
        "name": person.name,
        "salutation": salutation.in_language(address.language),
        "hotline": whom_to_call(office.settings.service.hotline, address.language),
    }
    text = office.templates.render(kind, address.language, {**fields, **own})
    send_at = after_quiet(now, office.settings.terms_for(Audience.STAFF).quiet, office.zone)
    return Wanted(
        key=f"{kind}/{about}/{to}",
        scope=f"person:{to}",
        kind=kind,
        audience=Audience.STAFF.value,
        purpose="duty",
        recipient=str(Recipient.person(to)),
        phone=address.phone,
        language=address.language,
        text=dress(text, address.accents),
        send_at=send_at,
        expires_at=send_at + REPORT_LIFE,
        sender=address.sender,
    )


def report_dropout(
    connection: Connection, office: Office, session: Row[Any], person: str, reply: str, now: datetime
) -> list[Wanted]:
    """What tells coordinators that somebody cannot come, or with `reply` may have said so; at once.

    How many are missing counts those who have not said yes: time is short. Who writes the same again within
    ten minutes is told of once.
    """
    stamp = period_of(now) if reply else f"{now:%Y%m%dT%H%M%SZ}"
    someone = office.desk.people.get(person)
    shift = office.desk.shifts.get(session.shift)
    seats = assignments.by_session(connection, [session.id]).get(session.id, [])
    # Staff are told, not asked: who is named comes.
    yes = Counter(
        seat.role
        for seat in seats
        if seat.state == Standing.CONFIRMED or (seat.role == Role.STAFF and seat.state in HOLDING)
    )
    missing = sum(max(0, need.count - yes[need.role]) for need in shift.needs) if shift else 0
    told = []
    for one in coordinators_of(office, session) or tuple(all_coordinators(office)):
        language = office.language_of(one)
        fields = {
            "person": someone.name if someone else person,
            "service": office.scene(session.service, session.place).service.short.in_language(language),
            "when": when(session.starts, session.ends, office.zone, language),
            "count": str(missing),
            "reply": reply,
        }
        text = report(office, one, Kind.DROPOUT, f"{session.id}/{person}/{stamp}", fields, now)
        if text is not None and one != person:
            told.append(_in_time(text, session, now))
    return told


def report_call_off(
    connection: Connection, office: Office, session: Row[Any], request: int, person: str, now: datetime
) -> list[Wanted]:
    """What asks the coordinators to settle a request to call a session off, each by their own page."""
    terms, url = office.settings.terms_for(Audience.STAFF), office.settings.service.public_url
    coordinators = coordinators_of(office, session) or tuple(all_coordinators(office))
    phones = {one: office.desk.people[one].phone for one in coordinators if one in office.desk.people}
    names = {}
    if terms.answer is not Answer.REPLY:
        names = links.names_for(connection, phones, session.ends, now)
    told = []
    for one in phones:
        language = office.language_of(one)
        hotline = whom_to_call(office.settings.service.hotline, language)
        means = Means(terms.answer, url, name=names.get(one, ""))
        fields = {
            "person": office.name_of(person),
            "service": office.scene(session.service, session.place).service.short.in_language(language),
            "when": when(session.starts, session.ends, office.zone, language),
            "answer": how_to_open(means, hotline, language),
        }
        text = report(office, one, Kind.CALL_OFF, str(request), fields, now)
        if text is not None:
            told.append(_in_time(text, session, now))
    return told


def _in_time(text: Wanted, session: Row[Any], now: datetime) -> Wanted:
    """A coordinator is woken only where the morning would be too late."""
    if text.send_at <= session.starts - TIME_TO_ACT:
        return text
    until = session.starts if now < session.starts else session.ends
    return replace(text, send_at=now, expires_at=until, urgent=True)


def coordinators_of(office: Office, session: Row[Any]) -> tuple[str, ...]:
    """The ids of those who must hear of trouble with a session."""
    return office.scene(session.service, session.place).ward.coordinators


def period_of(at: datetime) -> str:
    """The ten minutes in which somebody writes: what they write then is told of once."""
    return f"{at:%Y%m%dT%H}{at.minute // TOGETHER}"


def all_coordinators(office: Office) -> Iterable[str]:
    """The coordinators of every ward, each once."""
    return dict.fromkeys(one for ward in office.desk.wards.values() for one in ward.coordinators)
