"""Lets one text say what a person would else be told in several at the same moment, where it fits."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from notifications.joint import join, may_join
from notifications.message import Wanted
from scheduler.reminders.reminder import JOINABLE, Audience, Kind, Recipient
from scheduler.reminders.several import MOST, Matter, Voice
from scheduler.reminders.wording import scope_of
from scheduler.roster.assignment import Standing
from scheduler.roster.person import Person
from scheduler.service.means import means_of_several
from scheduler.service.office import Office
from scheduler.store import assignments, sessions
from scheduler.timetable.shift import Role

QUESTIONS = (Kind.ASK, Kind.CHASE)


def join_texts(office: Office, connection: Connection, rows: Sequence[Row[Any]], now: datetime) -> list[int]:
    """The ids of what goes in the place of these rows: a joint text takes the place of the first it says.

    It is made at the last moment, so that until then each reminder follows its own session.
    """
    alone = [row for row in rows if row.kind in JOINABLE and not row.attempts and not row.resent]
    people = {Recipient.parse(row.recipient).id for row in alone}
    ids = assignments.sessions_of(connection, people, now) if people else set()
    scopes = [scope_of(session) for session in sorted(ids)]
    due = may_join(connection, scopes, {row.recipient for row in alone}, now) if len(scopes) > 1 else []
    joint: dict[int, int] = {}
    for together in _by_addressee(row for row in due if row.kind in JOINABLE):
        joint |= _join(connection, office, together, now)
    return list(dict.fromkeys(joint.get(row.id, row.id) for row in rows))


def _by_addressee(rows: Iterable[Row[Any]]) -> Iterator[list[Row[Any]]]:
    """What may go as one text: to one person at one number, in one voice."""
    found: dict[tuple[str, ...], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.recipient, row.phone, row.language, row.audience, row.sender].append(row)
    return (together for together in found.values() if len(together) > 1)


def _join(connection: Connection, office: Office, rows: list[Row[Any]], now: datetime) -> dict[int, int]:
    """The id of the joint text of each row that is in one."""
    person = office.desk.people.get(Recipient.parse(rows[0].recipient).id)
    by_session = {_session_of(row): row for row in rows}
    stored = sessions.rows_by_id(connection, by_session)
    if person is None or len(stored) < 2:
        return {}
    voice, numbers = _voice(connection, office, person, rows[0], stored, now)
    seats = assignments.by_session(connection, list(by_session))
    known: dict[int, Matter] = {}
    for session in stored:
        row = by_session[session.id]
        seat = next((seat for seat in seats.get(session.id, ()) if seat.person == person.id), None)
        if seat is not None:
            known[row.id] = _matter(office, row, session, seat, numbers.get(session.id))
    ordered = [by_session[session.id] for session in stored if by_session[session.id].id in known]
    joint: dict[int, int] = {}
    for text, some in _runs(voice, known, ordered, now):
        own = join(connection, _wanted(text, some, person, now), [row.id for row in some], now)
        joint |= dict.fromkeys((row.id for row in some), own)
    return joint


def _voice(
    connection: Connection,
    office: Office,
    person: Person,
    row: Row[Any],
    stored: Sequence[Row[Any]],
    now: datetime,
) -> tuple[Voice, Mapping[int, int]]:
    """How the person is spoken to, and the number of each session in texts back."""
    audience = Audience(row.audience)
    ends = {session.id: session.ends for session in stored}
    means, numbers = means_of_several(connection, office, person, audience, ends, now)
    ward = office.scene(stored[0].service, stored[0].place).ward
    to = replace(office.address_person(person, audience, ward, None, means), sender=row.sender)
    return Voice(to, audience, office.templates, office.settings.service.hotline, office.zone), numbers


def _matter(office: Office, row: Row[Any], session: Row[Any], seat: Row[Any], number: int | None) -> Matter:
    scene = office.scene(session.service, session.place)
    return Matter(
        session.starts,
        session.ends,
        scene.service.short,
        scene.place.name,
        is_open=row.kind in QUESTIONS,
        is_taken=seat.state == Standing.CONFIRMED,
        leads=seat.role == Role.LEADER,
        number=number,
    )


def _runs(
    voice: Voice, known: Mapping[int, Matter], rows: Sequence[Row[Any]], now: datetime
) -> Iterator[tuple[str, Sequence[Row[Any]]]]:
    """As many at a time as one text has room for, the earliest first."""
    rest = rows
    while len(rest) > 1:
        size = min(len(rest), MOST)
        while size > 1 and not (text := voice.say([known[row.id] for row in rest[:size]], now)):
            size -= 1
        if size > 1 and text:
            yield text, rest[:size]
        rest = rest[size:]


def _wanted(text: str, rows: Sequence[Row[Any]], person: Person, now: datetime) -> Wanted:
    first, ids = rows[0], "+".join(str(row.id) for row in rows)
    return Wanted(
        key=f"{Kind.SEVERAL}/{person.id}/{ids}",
        scope=first.recipient,
        kind=Kind.SEVERAL,
        audience=first.audience,
        purpose=first.purpose,
        recipient=first.recipient,
        phone=first.phone,
        language=first.language,
        text=text,
        send_at=now,
        # Afterwards each is still said by itself as long as it is of use.
        expires_at=min(row.expires_at for row in rows),
        sender=first.sender,
        priority=min(row.priority for row in rows),
    )


def _session_of(row: Row[Any]) -> int:
    return int(row.scope.partition(":")[2])
