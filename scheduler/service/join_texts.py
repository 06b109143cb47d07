"""Lets one text say what a person would else be told in several on the same evening, where it fits."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from notifications.joint import how_many_between, join, may_join
from notifications.message import Wanted
from scheduler.reminders.decide import SETTLES
from scheduler.reminders.reminder import JOINABLE, QUESTIONS, Audience, Kind, Recipient
from scheduler.reminders.several import MOST, Matter, Voice, may_come_sooner
from scheduler.reminders.wording import scope_of
from scheduler.roster.assignment import Standing
from scheduler.roster.person import Person
from scheduler.service.means import means_of_several
from scheduler.service.office import Office
from scheduler.store import assignments, sessions
from scheduler.timetable.instant import to_utc
from scheduler.timetable.shift import Role


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A text that waits, the session that it tells of, and the recipient's seat there."""

    text: Row[Any]
    session: Row[Any]
    seat: Row[Any]

    def is_due(self, now: datetime) -> bool:
        """Whether it goes now, joined or not."""
        return bool(self.text.send_at <= now)


_Line = tuple[Row[Any], Matter]


def join_texts(office: Office, connection: Connection, rows: Sequence[Row[Any]], now: datetime) -> list[int]:
    """The ids of what goes in the place of these rows: a joint text takes the place of the first it says.

    It is made at the last moment, so that until then each reminder follows its own session. With what is due
    it says what the same person is to hear later that evening, as far as nothing is lost by hearing it now.
    """
    alone = [row for row in rows if row.kind in JOINABLE and not row.attempts and not row.resent]
    people = {Recipient.parse(row.recipient).id for row in alone}
    ids = assignments.sessions_of(connection, people, now) if people else set()
    scopes = [scope_of(session) for session in sorted(ids)]
    waiting = may_join(connection, scopes, {row.recipient for row in alone}, now) if len(scopes) > 1 else []
    joint: dict[int, int] = {}
    for together in _by_addressee(row for row in waiting if row.kind in JOINABLE):
        joint |= _join(connection, office, together, now)
    return list(dict.fromkeys(joint.get(row.id, row.id) for row in rows))


def _by_addressee(rows: Iterable[Row[Any]]) -> Iterator[list[Row[Any]]]:
    """What may go as one text: to one person at one number, in one voice."""
    found: dict[tuple[str, ...], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.recipient, row.phone, row.language, row.audience, row.purpose, row.sender].append(row)
    return (together for together in found.values() if len(together) > 1)


def _join(connection: Connection, office: Office, rows: list[Row[Any]], now: datetime) -> dict[int, int]:
    """The id of the joint text of each row that is in one."""
    person = office.desk.people.get(Recipient.parse(rows[0].recipient).id)
    waiting = _with_sessions(connection, rows, person) if person else []
    due = [one for one in waiting if one.is_due(now)]
    sooner = _sooner(connection, office, [one for one in waiting if not one.is_due(now)], now) if due else []
    if person is None or len(due) + len(sooner) < 2:
        return {}
    voice, lines = _voice(connection, office, person, [*due, *sooner], now)
    joint: dict[int, int] = {}
    for text, some in _runs(voice, lines[: len(due)], lines[len(due) :], now):
        ids = [row.id for row in some]
        own = join(connection, _wanted(text, some, person, now), ids, now)
        joint |= dict.fromkeys(ids, own) if own is not None else {}
    return joint


def _with_sessions(connection: Connection, rows: Sequence[Row[Any]], person: Person) -> list[_Waiting]:
    """In the order in which the sessions begin."""
    ids = {_session_of(row) for row in rows}
    seats = assignments.by_session(connection, ids)
    return [
        _Waiting(row, session, seat)
        for session in sessions.rows_by_id(connection, ids)
        for row in rows
        for seat in seats.get(session.id, ())
        if _session_of(row) == session.id and seat.person == person.id
    ]


def _sooner(
    connection: Connection, office: Office, waiting: Sequence[_Waiting], now: datetime
) -> list[_Waiting]:
    """What may be said before its own hour.

    Not of what has just changed, which may be changed back unheard; nor of a session of which the recipient
    hears today by another text: whoever wanted two wanted them at their hours.
    """
    settled, day = now - max(office.settings.apply.wait, SETTLES), now.astimezone(office.zone).date()
    able = [
        one
        for one in waiting
        if max(one.session.changed_at, one.seat.since) <= settled
        and may_come_sooner(one.text.kind, one.text.send_at, one.session.starts, now, office.zone)
    ]
    if not able:
        return []
    midnight, next_one = (to_utc(day + timedelta(days=days), time(), office.zone) for days in (0, 1))
    scopes = [one.text.scope for one in able]
    today = how_many_between(connection, able[0].text.recipient, scopes, midnight, next_one)
    return [one for one in able if today[one.text.scope] == 1]


def _voice(
    connection: Connection, office: Office, person: Person, waiting: Sequence[_Waiting], now: datetime
) -> tuple[Voice, list[_Line]]:
    """How the person is spoken to, and what is to be said."""
    first = waiting[0]
    audience = Audience(first.text.audience)
    ends = {one.session.id: one.session.ends for one in waiting}
    means, numbers = means_of_several(connection, office, person, audience, ends, now)
    ward = office.scene(first.session.service, first.session.place).ward
    to = replace(office.address_person(person, audience, ward, None, means), sender=first.text.sender)
    voice = Voice(to, audience, office.templates, office.settings.service.hotline, office.zone)
    return voice, [(one.text, _matter(office, one, numbers.get(one.session.id))) for one in waiting]


def _matter(office: Office, one: _Waiting, number: int | None) -> Matter:
    scene = office.scene(one.session.service, one.session.place)
    return Matter(
        one.session.starts,
        one.session.ends,
        scene.service.short,
        scene.place.name,
        is_open=one.text.kind in QUESTIONS,
        is_taken=one.seat.state == Standing.CONFIRMED,
        leads=one.seat.role == Role.LEADER,
        number=number,
    )


def _runs(
    voice: Voice, due: Sequence[_Line], sooner: Sequence[_Line], now: datetime
) -> Iterator[tuple[str, Sequence[Row[Any]]]]:
    """As many at a time as one text has room for: what is due first, and then what may come sooner."""
    rest, later = list(due), list(sooner)
    while rest:
        some, text = rest[:1], None
        for line in (*rest[1:], *later):
            more = sorted((*some, line), key=_start)
            if len(more) <= MOST and (longer := voice.say([matter for _, matter in more], now)):
                some, text = more, longer
        taken = {row.id for row, _ in some}
        rest, later = ([line for line in lines if line[0].id not in taken] for lines in (rest, later))
        if text:
            yield text, [row for row, _ in some]


def _start(line: _Line) -> tuple[datetime, int]:
    row, matter = line
    return matter.starts, row.id


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
