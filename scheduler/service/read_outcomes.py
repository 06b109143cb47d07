"""Acts on what came of texts: who was asked, and what a coordinator must be told since it did not go."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from notifications import outbox
from notifications.fault import Fault
from notifications.message import Wanted
from notifications.outcome import OutcomeKind
from notifications.outcomes import take_outcomes
from scheduler.reminders.reminder import REPORTS, Kind, Recipient
from scheduler.roster.assignment import Standing
from scheduler.service.office import Office
from scheduler.service.report_trouble import all_coordinators, coordinators_of, report
from scheduler.service.step_back import step_back
from scheduler.store import assignments, sessions

ASKED = (OutcomeKind.SENT, OutcomeKind.IN_DOUBT)
UNREACHABLE = (Fault.BAD_NUMBER, Fault.OPTED_OUT)


def read_outcomes(connection: Connection, office: Office, now: datetime) -> None:
    """Reads each outcome once.

    A question that went makes its person asked; a duty text that did not go, or may not have, is told to the
    ward's coordinators. So is whose number takes no texts or who wants none, for whom others are asked, and
    that the day's texts are running out.
    """
    # A text that said several things is nobody's question; what it said has rows of its own.
    rows = [row for row in take_outcomes(connection, now) if row.kind != Kind.SEVERAL]
    for row in rows:
        if row.kind == Kind.ASK and row.outcome in ASKED:
            assignments.change(connection, _session_of(row), _whom(row), Standing.ASKED, now)
    trouble = [row for row in rows if row.outcome != OutcomeKind.SENT and _concerns_duty(row)]
    unreachable = [row for row in trouble if row.fault in UNREACHABLE]
    told = [
        *_unreachable(connection, office, unreachable, now),
        *_missed(connection, office, [row for row in trouble if row.fault not in UNREACHABLE], now),
        *_capped(office, [row for row in rows if row.outcome == OutcomeKind.CAPPED], now),
    ]
    outbox.put(connection, told, now)
    for person in sorted({_whom(row) for row in unreachable if row.fault == Fault.OPTED_OUT}):
        if person in office.desk.people:
            step_back(connection, office, person, "STOP", now)


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
    return bool(row.purpose == "duty" and row.kind not in REPORTS)


def _whom(row: Row[Any]) -> str:
    return Recipient.parse(row.recipient).id


def _session_of(row: Row[Any]) -> int:
    return int(row.scope.partition(":")[2])


def _missed(
    connection: Connection, office: Office, rows: Sequence[Row[Any]], now: datetime
) -> Iterator[Wanted]:
    """One text a coordinator, however many texts did not go."""
    counts = Counter(
        person
        for session in sessions.rows_by_id(connection, {_session_of(row) for row in rows})
        for person in coordinators_of(office, session)
        for row in rows
        if _session_of(row) == session.id
    )
    newest = str(max((row.id for row in rows), default=0))
    for person, count in counts.items():
        yield from _some(report(office, person, Kind.MISSED, newest, {"count": str(count)}, now))


def _unreachable(
    connection: Connection, office: Office, rows: Sequence[Row[Any]], now: datetime
) -> Iterator[Wanted]:
    for row in rows:
        person = office.desk.people.get(_whom(row))
        if person is None:
            continue
        fields = {"person": person.name, "refused": "1" if row.fault == Fault.OPTED_OUT else ""}
        for session in sessions.rows_by_id(connection, [_session_of(row)]):
            for one in coordinators_of(office, session):
                if one != person.id:
                    yield from _some(report(office, one, Kind.UNREACHABLE, str(row.id), fields, now))


def _capped(office: Office, rows: Iterable[Row[Any]], now: datetime) -> Iterator[Wanted]:
    for row in rows:
        fields = {
            "count": str(office.settings.terms.daily_cap),
            "residents": "1" if row.sentence == "resident" else "",
        }
        for one in all_coordinators(office):
            yield from _some(report(office, one, Kind.CAPPED, str(row.id), fields, now))


def _some(told: Wanted | None) -> Iterable[Wanted]:
    return () if told is None else (told,)
