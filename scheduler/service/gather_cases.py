"""Gathers from the store what is known of sessions when their reminders are decided."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row

from notifications import outbox
from scheduler.reminders.case import Case, Follower, Seat, Told
from scheduler.reminders.reminder import NOTICES, Recipient
from scheduler.reminders.wording import scope_of, scope_of_swaps, scope_of_wishes
from scheduler.roster.assignment import Standing
from scheduler.service.office import Office
from scheduler.store import assignments, sessions, subscriptions
from scheduler.timetable.shift import Role


@dataclass(frozen=True, slots=True)
class _Followers:
    """All open subscriptions: by service and ward, by session, and by recipient."""

    by_ward: Mapping[tuple[str, str], list[Follower]]
    by_session: Mapping[int, list[Follower]]
    by_recipient: Mapping[str, Follower]


@dataclass(frozen=True, slots=True)
class Gathered:
    """A case with the ids that its texts name, and why the desk called the session off."""

    case: Case
    shift: str
    service: str
    place: str
    reason: str = ""


def gather_cases(connection: Connection, office: Office, ids: Collection[int]) -> list[Gathered]:
    """The cases of these sessions, in order of start."""
    rows = sessions.rows_by_id(connection, ids)
    seats = assignments.by_session(connection, [row.id for row in rows])
    told = _told_by_session(connection, [row.id for row in rows])
    followers = _followers(connection)
    return [_gather(office, row, seats.get(row.id, []), told.get(row.id, {}), followers) for row in rows]


def _gather(
    office: Office,
    row: Row[Any],
    seats: list[Row[Any]],
    told: Mapping[str, Told],
    followers: _Followers,
) -> Gathered:
    shift = office.desk.shifts.get(row.shift)
    ward = office.scene(row.service, row.place).ward
    case = Case(
        session=row.id,
        starts=row.starts,
        ends=row.ends,
        place=row.place,
        is_on=row.state != sessions.CANCELLED,
        known_at=row.known_at,
        changed_at=row.changed_at,
        revision=row.revision,
        needs=shift.needs if shift else (),
        seats=tuple(
            Seat(
                seat.person,
                Role(seat.role),
                Standing(seat.state),
                seat.since,
                seat.changed_at,
                Standing(seat.was) if seat.was else None,
            )
            for seat in seats
        ),
        followers=_followers_of(row.id, (row.service, ward.id), told, followers),
        coordinators=ward.coordinators,
        told=told,
        by_desk=row.called_off or row.decided_at == row.changed_at,
        called_off=row.called_off,
    )
    return Gathered(case, row.shift, row.service, row.place, row.reason if row.called_off else "")


def _followers_of(
    session: int, where: tuple[str, str], told: Mapping[str, Told], followers: _Followers
) -> tuple[Follower, ...]:
    """Who follows the session or its service in the ward, and who was told of it when it was elsewhere.

    Who follows both is one recipient: nothing is said twice to one number.
    """
    itself = followers.by_session.get(session, [])
    phones = {follower.phone for follower in itself}
    ward = [one for one in followers.by_ward.get(where, []) if one.phone not in phones]
    here = (*itself, *ward)
    knowing = [followers.by_recipient[one] for one in told if one in followers.by_recipient]
    covered = {follower.id for follower in here}
    phones |= {follower.phone for follower in ward}
    elsewhere = [
        replace(one, is_covered=False) for one in knowing if one.id not in covered and one.phone not in phones
    ]
    return (*here, *elsewhere)


def _followers(connection: Connection) -> _Followers:
    by_ward: dict[tuple[str, str], list[Follower]] = defaultdict(list)
    by_session: dict[int, list[Follower]] = defaultdict(list)
    by_recipient: dict[str, Follower] = {}
    for row in subscriptions.open_ones(connection):
        follower = Follower(row.id, row.phone, row.language, row.since)
        if row.session_id is None:
            by_ward[row.service, row.ward].append(follower)
        else:
            by_session[row.session_id].append(follower)
        by_recipient[str(Recipient.follower(row.id))] = follower
    return _Followers(by_ward, by_session, by_recipient)


def _told_by_session(connection: Connection, ids: Collection[int]) -> dict[int, dict[str, Told]]:
    """What each recipient was told last, by session.

    Who took a shift, or follows the one session, knows it from the text that said so.
    """
    unreconciled = {scope_for(one): one for one in ids for scope_for in (scope_of_swaps, scope_of_wishes)}
    scopes = {scope_of(one): one for one in ids} | unreconciled
    told: dict[int, dict[str, Told]] = defaultdict(dict)
    for row in outbox.last_told(connection, scopes, certain=unreconciled):
        if row.about:
            told[scopes[row.scope]][row.recipient] = Told(row.about, row.told_at, row.kind in NOTICES)
    return told
