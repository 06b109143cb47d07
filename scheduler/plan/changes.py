"""Compares the sessions that are wanted with those that are stored.

A session that is wanted as people know it stays as it is, even where another span of its day came or went
and it counts differently. What is left goes by its key: it changed its time, place or service. Within a shift
and a Monday–Sunday week, what vanished and what appeared then pair in order: they are one session that moved.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, count, zip_longest

from scheduler.timetable.session import Session

Slot = tuple[str, date, int]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A wanted session with what its shift says of it; service and place are ids."""

    session: Session
    service: str
    place: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A session as it is stored; `is_on` is false when it was cancelled.

    What the desk has `called_off` stays off, whatever the settings say; only the desk takes that back.
    """

    id: int
    occurrence: Occurrence
    is_on: bool
    called_off: bool = False

    @property
    def key(self) -> str:
        """The stored key."""
        return self.occurrence.session.key

    @property
    def is_known(self) -> bool:
        """Whether the session stands in the schedule, be it as one that the desk called off."""
        return self.is_on or self.called_off


@dataclass(frozen=True, slots=True)
class Move:
    """A stored session takes the time, the place and the key of `target`."""

    stored: Stored
    target: Occurrence


@dataclass(frozen=True, slots=True)
class Changes:
    """What applying would do to sessions; `restored` were cancelled and are wanted again.

    `renumbered` change nothing but their key, which nobody is told: they make no changes true. One that is
    cancelled may be among them, when its key goes to another.
    """

    added: tuple[Occurrence, ...] = ()
    moved: tuple[Move, ...] = ()
    restored: tuple[Move, ...] = ()
    cancelled: tuple[Stored, ...] = ()
    renumbered: tuple[Move, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.moved or self.restored or self.cancelled)


def changes_between(wanted: Iterable[Occurrence], stored: Iterable[Stored], now: datetime) -> Changes:
    """What must change so that the stored sessions are the wanted ones.

    Sessions that have begun are left as they are; wanted ones that have ended are not added. One that the
    desk called off keeps its day; where another day is wanted in its place, that is a session of its own.
    """
    rows = sorted(stored, key=lambda row: (row.occurrence.session.starts, row.key))
    left = sorted((one for one in wanted if one.session.ends > now), key=_order)
    known = sorted((row for row in rows if row.is_known), key=lambda row: row.called_off)
    kept, on, left = _pair_by(_as_people_know_it, known, left)
    changed, vanished, left = _pair_by(_slot, _to_come(on, now), left)
    vanished = [row for row in vanished if not row.called_off]
    left = _without_those_begun(left, on, vanished, now)
    again, off, left = _pair_by(_as_people_know_it, [row for row in rows if not row.is_known], left)
    restored, _, left = _pair_by(_slot, _to_come(off, now), left)
    restored += [move for move in again if not _has_begun(move.stored, now)]
    moved, added, cancelled = _pair_in_order(vanished, left, now)
    kept = [move for move in kept if not _has_begun(move.stored, now)]
    return _with_free_keys(
        Changes(tuple(added), tuple(changed + moved), tuple(restored), tuple(cancelled), tuple(kept)),
        rows,
        now,
    )


def _pair_by(
    trait: Callable[[Occurrence], Hashable], rows: Iterable[Stored], wanted: Iterable[Occurrence]
) -> tuple[list[Move], list[Stored], list[Occurrence]]:
    """The pairs that have the trait in common, then the rows and the wanted ones that are left.

    Of several alike a row keeps the one that has its number.
    """
    left: dict[Hashable, list[Occurrence]] = defaultdict(list)
    for one in wanted:
        left[trait(one)].append(one)
    pairs: list[Move] = []
    alone: list[Stored] = []
    for row in rows:
        alike = left.get(trait(row.occurrence))
        if alike:
            slots = [_slot(one) for one in alike]
            own = _slot(row.occurrence)
            pairs.append(Move(row, alike.pop(slots.index(own) if own in slots else 0)))
        else:
            alone.append(row)
    return pairs, alone, list(chain.from_iterable(left.values()))


def _without_those_begun(
    wanted: Iterable[Occurrence], on: Iterable[Stored], vanished: Iterable[Stored], now: datetime
) -> list[Occurrence]:
    """Leaves out whose session was held today, unless people of that day have no other to go to."""
    begun = {_slot(row.occurrence) for row in on if _has_begun(row, now)}
    days = {_slot(row.occurrence)[:2] for row in vanished}
    return [
        one
        for one in wanted
        if _slot(one) not in begun or (one.session.starts > now and _slot(one)[:2] in days)
    ]


def _pair_in_order(
    vanished: Sequence[Stored], appeared: Iterable[Occurrence], now: datetime
) -> tuple[list[Move], list[Occurrence], list[Stored]]:
    groups: dict[tuple[str, date], tuple[list[Stored], list[Occurrence]]] = defaultdict(lambda: ([], []))
    added: list[Occurrence] = []
    for old in vanished:
        groups[_week(old.occurrence)][0].append(old)
    for new in appeared:
        if new.session.starts > now:
            groups[_week(new)][1].append(new)
        else:
            added.append(new)
    moved: list[Move] = []
    cancelled: list[Stored] = []
    for olds, news in groups.values():
        olds.sort(key=lambda one: _order(one.occurrence))
        news.sort(key=_order)
        for former, latter in zip_longest(olds, news):
            if former is None:
                added.append(latter)
            elif latter is None:
                cancelled.append(former)
            else:
                moved.append(Move(former, latter))
    return moved, sorted(added, key=_order), cancelled


def _with_free_keys(changes: Changes, rows: Iterable[Stored], now: datetime) -> Changes:
    """The same changes, no key given twice: what has begun keeps its key, what is cancelled gives way."""
    moves = (*changes.moved, *changes.restored, *changes.renumbered)
    fixed = {_slot(row.occurrence) for row in rows if row.is_on and _has_begun(row, now)}
    places = _numbered(chain((move.target for move in moves), changes.added), fixed)
    live = {move.stored.id for move in moves}
    idle = [row for row in rows if row.id not in live and not (row.is_on and _has_begun(row, now))]

    def settled(some: Iterable[Move]) -> tuple[Move, ...]:
        return tuple(Move(move.stored, places[_slot(move.target)]) for move in some)

    return Changes(
        tuple(places[_slot(one)] for one in changes.added),
        settled(changes.moved),
        settled(changes.restored),
        changes.cancelled,
        (
            *(move for move in settled(changes.renumbered) if move.stored.occurrence != move.target),
            *_give_way(idle, fixed | {_slot(one) for one in places.values()}),
        ),
    )


def _numbered(targets: Iterable[Occurrence], fixed: set[Slot]) -> dict[Slot, Occurrence]:
    """Each by the slot it wants, with the next free number of its day where that slot is fixed."""
    last: dict[tuple[str, date], int] = defaultdict(int)
    numbered: dict[Slot, Occurrence] = {}
    for one in sorted(targets, key=_order):
        shift, named, number = _slot(one)
        first = max(number, last[shift, named] + 1)
        last[shift, named] = next(free for free in count(first) if (shift, named, free) not in fixed)
        numbered[_slot(one)] = _with_number(one, last[shift, named])
    return numbered


def _give_way(idle: Sequence[Stored], taken: set[Slot]) -> list[Move]:
    used = taken | {_slot(row.occurrence) for row in idle}
    moves: list[Move] = []
    for row in idle:
        shift, named, number = _slot(row.occurrence)
        if (shift, named, number) in taken:
            number = next(free for free in count(1) if (shift, named, free) not in used)
            used.add((shift, named, number))
            moves.append(Move(row, _with_number(row.occurrence, number)))
    return moves


def _with_number(one: Occurrence, number: int) -> Occurrence:
    return one if one.session.number == number else replace(one, session=replace(one.session, number=number))


def _to_come(rows: Iterable[Stored], now: datetime) -> list[Stored]:
    return [row for row in rows if not _has_begun(row, now)]


def _has_begun(row: Stored, now: datetime) -> bool:
    return row.occurrence.session.starts <= now


def _as_people_know_it(one: Occurrence) -> Hashable:
    session = one.session
    return (session.shift, session.named, session.starts, session.ends, one.service, one.place)


def _slot(one: Occurrence) -> Slot:
    """What makes the key."""
    return (one.session.shift, one.session.named, one.session.number)


def _week(one: Occurrence) -> tuple[str, date]:
    return (one.session.shift, one.session.week)


def _order(one: Occurrence) -> tuple[date, int]:
    return (one.session.named, one.session.number)
