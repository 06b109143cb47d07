"""Acts on what came of texts: who was asked, and what a coordinator must be told since it did not go."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from notifications import outbox
from notifications.message import State, Wanted
from notifications.text import dress
from scheduler.reminders.reminder import Audience, Kind, Recipient
from scheduler.reminders.wording import whom_to_call
from scheduler.roster.assignment import Standing
from scheduler.service.office import Office
from scheduler.store import assignments, sessions

REPORT_LIFE = timedelta(hours=24)


def read_outcomes(connection: Connection, office: Office, now: datetime) -> None:
    """Reads each outcome once.

    A question that went makes its person asked; a duty text that did not go, or may not have, is told to the
    ward's coordinators.
    """
    rows = outbox.take_outcomes(connection, now)
    for row in rows:
        if row.kind == Kind.ASK and row.state in (State.SENT, State.IN_DOUBT):
            person = Recipient.parse(row.recipient).id
            assignments.change(connection, _session_of(row), person, Standing.ASKED, now)
    failed = [row for row in rows if row.state != State.SENT and _concerns_duty(row)]
    if failed:
        outbox.put(connection, _reports(connection, office, failed, now), now)


def note_silence(connection: Connection, office: Office, now: datetime) -> None:
    """Who was asked and has not answered when it is time to escalate is silent from then on."""
    shifts = {shift: office.desk.leads_of(shift).escalate for shift in office.desk.shifts}
    leads = [lead.elapsed for lead in shifts.values() if lead and lead.elapsed]
    if not leads:
        return
    for row in assignments.asked_until(connection, now + max(leads)):
        lead = shifts.get(row.shift)
        if lead and lead.elapsed and row.starts - lead.elapsed <= now:
            assignments.change(connection, row.session_id, row.person, Standing.SILENT, now)


def _concerns_duty(row: Row[Any]) -> bool:
    return bool(row.purpose == "duty" and row.kind != Kind.MISSED)


def _session_of(row: Row[Any]) -> int:
    return int(row.scope.partition(":")[2])


def _reports(connection: Connection, office: Office, failed: list[Row[Any]], now: datetime) -> list[Wanted]:
    newest = max(row.id for row in failed)
    counts = Counter(
        person
        for session in sessions.rows_by_id(connection, {_session_of(row) for row in failed})
        for person in _coordinators(office, session)
        for row in failed
        if _session_of(row) == session.id
    )
    return [
        _report(office, person, count, f"{Kind.MISSED}/{newest}/{person}", now)
        for person, count in counts.items()
        if person in office.desk.people
    ]


def _coordinators(office: Office, session: Row[Any]) -> Iterable[str]:
    return office.scene(session.service, session.place).ward.coordinators


def _report(office: Office, person_id: str, count: int, key: str, now: datetime) -> Wanted:
    person = office.desk.people[person_id]
    ward = next(ward for ward in office.desk.wards.values() if person_id in ward.coordinators)
    to = office.address_person(person, Audience.STAFF, ward, None)
    salutation = person.salutation.in_language(to.language) if person.salutation else ""
    fields = {
        "sender": to.sender,
        "count": str(count),
        "name": person.name,
        "salutation": salutation,
        "hotline": whom_to_call(office.settings.service.hotline, to.language),
    }
    return Wanted(
        key=key,
        scope=f"person:{person_id}",
        kind=Kind.MISSED,
        audience=Audience.STAFF.value,
        purpose="duty",
        recipient=str(Recipient.person(person_id)),
        phone=to.phone,
        language=to.language,
        text=dress(office.templates.render(Kind.MISSED, to.language, fields), to.accents),
        send_at=now,
        expires_at=now + REPORT_LIFE,
        sender=to.sender,
    )
