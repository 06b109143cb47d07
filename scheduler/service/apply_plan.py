"""Brings the stored sessions, the roster and the outbox in line with the settings, in one transaction."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from notifications import outbox
from notifications.terms import House, Price
from scheduler.plan.affected import affected_by
from scheduler.plan.changes import Changes, changes_between
from scheduler.plan.rename import Renames, renames_between
from scheduler.plan.wanted import occurrences
from scheduler.reminders.reminder import Recipient
from scheduler.service.cause import Cause
from scheduler.service.fill_roster import fill_roster, vacant_sessions
from scheduler.service.office import Office
from scheduler.service.part_clashes import part_clashes
from scheduler.service.queue_reminders import queue_reminders
from scheduler.service.record_agreements import record_agreements
from scheduler.settings.settings import Settings
from scheduler.store import assignments, in_force, renaming, sessions

# A session that crosses midnight may still be under way on the day after its date.
LOOK_BACK = timedelta(days=1)
SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying changed: sessions, assignments, and the texts that go within 24 hours.

    `reworded` are the texts that say something else from now on, by file; `seated` is who holds a seat
    afterwards, by session key and person.
    """

    changes: Changes = field(default_factory=Changes)
    assignments_added: int = 0
    assignments_removed: int = 0
    texts: int = 0
    people: int = 0
    segments: int = 0
    cost: Price | None = None
    renamed: int = 0
    reworded: tuple[str, ...] = ()
    is_first: bool = False
    seated: frozenset[tuple[str, str]] = field(default=frozenset(), repr=False)

    def is_same_as(self, other: "Applied") -> bool:
        """Whether both change the same sessions and leave the same people on them."""
        return self.changes == other.changes and self.seated == other.seated

    @property
    def is_rewording(self) -> bool:
        """Whether nothing but the words of texts has changed."""
        return bool(self.reworded) and not replace(self, reworded=())

    def __bool__(self) -> bool:
        roster = self.assignments_added or self.assignments_removed
        return bool(self.changes or roster or self.renamed or self.reworded or self.texts)


def apply_plan(connection: Connection, office: Office, now: datetime) -> Applied:
    """Carries out what the settings ask for; returns what that changed.

    `office.former` begins with the settings that were in force. To know the plan, call it in a transaction
    that is rolled back.
    """
    in_force.one_at_a_time(connection)
    before = _Count.take(connection, now)
    former_row = in_force.newest(connection)
    renames = _rename(connection, office)
    changes = changes_between(
        occurrences(
            office.desk, office.zone, _today(office, now) - LOOK_BACK, _last_day(connection, office, now)
        ),
        sessions.stored_from(connection, now),
        now,
    )
    touched = set(sessions.carry_out(connection, changes, now))
    moved, revived = ({move.stored.id for move in some} for some in (changes.moved, changes.restored))
    touched |= part_clashes(connection, moved, revived, now)
    concerned = _concerned(connection, office, former_row, now)
    touched |= fill_roster(connection, office, touched | concerned.seats, now)
    queue_reminders(connection, office, touched | concerned.texts, Cause.SETTINGS, now)
    record_agreements(connection, office.settings, now)
    in_force.put_in_force(connection, office.settings.source, _today(office, now), now)
    after = _Count.take(connection, now)
    return _applied(office, changes, renames, before, after, former_row)


def roll_window(connection: Connection, office: Office, now: datetime) -> bool:
    """Plans the days that have come into sight since the last day that was planned; returns whether any."""
    planned_on = in_force.planned_on(connection)
    if planned_on is None or planned_on >= _today(office, now):
        return False
    in_force.one_at_a_time(connection)
    row = in_force.newest(connection)
    if row is None or row.source != office.settings.source:
        # Somebody has just applied other settings: planning by ours would put them out of force.
        return False
    apply_plan(connection, office, now)
    return True


def is_held(applied: Applied, settings: Settings) -> bool:
    """Whether a change is so large that a person must apply it.

    The first apply on the console channel never is, the first on any other always.
    """
    if applied.is_first:
        house = House(settings.terms, settings.audience_terms, settings.service.zone)
        return house.channels != ("console",)
    limits = settings.apply
    return (
        len(applied.changes.cancelled) > limits.hold_above_cancelled
        or applied.texts > limits.hold_above_texts
    )


@dataclass(frozen=True, slots=True)
class _Concerned:
    """Ids of sessions whose seats, and whose texts, an edit may change."""

    seats: frozenset[int] = frozenset()
    texts: frozenset[int] = frozenset()


def _concerned(
    connection: Connection, office: Office, former_row: Row[Any] | None, now: datetime
) -> _Concerned:
    if former_row is not None and former_row.source == office.settings.source:
        return _Concerned()
    if office.former_terms_differ:
        everything = frozenset(sessions.ids_to_come(connection, now))
        return _Concerned(everything, everything)
    if office.reworded:
        concerned = _concerned_by_desk(connection, office, now)
        return replace(concerned, texts=frozenset(sessions.ids_to_come(connection, now)))
    return _concerned_by_desk(connection, office, now)


def _concerned_by_desk(connection: Connection, office: Office, now: datetime) -> _Concerned:
    affected = affected_by(office.former[0].desk, office.desk)
    own = sessions.ids_to_come_of_shifts(connection, affected.shifts, now)
    theirs = assignments.sessions_of(connection, affected.people, now)
    concerned = frozenset(own) | frozenset(theirs)
    may_do_more = affected.people or office.former[0].roster != office.settings.roster
    vacant = vacant_sessions(connection, office, now) if may_do_more else frozenset()
    return _Concerned(concerned | vacant, concerned)


def _today(office: Office, now: datetime) -> date:
    return now.astimezone(office.zone).date()


def _last_day(connection: Connection, office: Office, now: datetime) -> date:
    """The end of the window, or the last stored session where a shorter window would call it off."""
    last = _today(office, now) + office.settings.service.plan_ahead
    return max(last, sessions.last_named(connection) or last)


def _rename(connection: Connection, office: Office) -> Renames:
    if not office.former:
        return Renames()
    renames = renames_between(office.former[0].desk, office.desk)
    renaming.rename(connection, renames)
    for old, new in renames.people.items():
        names = str(Recipient.person(old)), str(Recipient.person(new))
        outbox.rename_recipient(connection, *names, in_keys=(f"/{old}/", f"/{new}/"))
    for old, new in renames.places.items():
        outbox.rename_in_about(connection, f" {old}", f" {new}")
    return renames


@dataclass(frozen=True, slots=True)
class _Count:
    soon: dict[str, Row[Any]]
    held: dict[tuple[int, str], str]

    @classmethod
    def take(cls, connection: Connection, now: datetime) -> "_Count":
        soon = {row.key: row for row in outbox.pending_until(connection, now + SOON)}
        return cls(soon, assignments.held_from(connection, now))


def _applied(
    office: Office,
    changes: Changes,
    renames: Renames,
    before: _Count,
    after: _Count,
    former_row: Row[Any] | None,
) -> Applied:
    fresh = [row for key, row in after.soon.items() if key not in before.soon]
    segments: Counter[str] = Counter()
    for row in fresh:
        segments[row.audience] += row.segments
    return Applied(
        changes=changes,
        assignments_added=len(after.held.keys() - before.held.keys()),
        assignments_removed=len(before.held.keys() - after.held.keys()),
        texts=len(fresh),
        people=len({row.phone for row in fresh}),
        segments=segments.total(),
        cost=office.house.cost_of(segments),
        renamed=len(renames),
        reworded=office.reworded,
        is_first=former_row is None,
        seated=frozenset((key, person) for (_, person), key in after.held.items()),
    )
