"""Compares the sessions that are wanted with those that are stored.

Within a shift and a Monday–Sunday week, what vanished and what appeared pair in order: they are one session
that moved. A session that only changed its time, place or service is moved, too.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

from scheduler.timetable.session import Session


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A wanted session with what its shift says of it; service and place are ids."""

    session: Session
    service: str
    place: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A session as it is stored; `is_on` is false when it was cancelled."""

    id: int
    occurrence: Occurrence
    is_on: bool

    @property
    def key(self) -> str:
        """The stored key."""
        return self.occurrence.session.key


@dataclass(frozen=True, slots=True)
class Move:
    """A stored session takes the time, the place and the key of `target`."""

    stored: Stored
    target: Occurrence


@dataclass(frozen=True, slots=True)
class Changes:
    """What applying would do to sessions; `restored` were cancelled and are wanted again."""

    added: tuple[Occurrence, ...] = ()
    moved: tuple[Move, ...] = ()
    restored: tuple[Move, ...] = ()
    cancelled: tuple[Stored, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.moved or self.restored or self.cancelled)


def changes_between(wanted: Iterable[Occurrence], stored: Iterable[Stored], now: datetime) -> Changes:
    """What must change so that the stored sessions are the wanted ones.

    Sessions that have begun are left as they are; wanted ones that have ended are not added.
    """
    by_key = {one.session.key: one for one in wanted if one.session.ends > now}
    restored: list[Move] = []
    moved: list[Move] = []
    vanished: list[Stored] = []
    for old in stored:
        target = by_key.pop(old.key, None)
        begun = old.occurrence.session.starts <= now
        if target is None:
            if old.is_on and not begun:
                vanished.append(old)
        elif begun:
            continue
        elif not old.is_on:
            restored.append(Move(old, target))
        elif old.occurrence != target:
            moved.append(Move(old, target))
    pairs, added, cancelled = _pair(vanished, by_key.values(), now)
    return Changes(tuple(added), tuple(moved + pairs), tuple(restored), tuple(cancelled))


def _pair(
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


def _week(one: Occurrence) -> tuple[str, date]:
    return (one.session.shift, one.session.week)


def _order(one: Occurrence) -> tuple[date, int]:
    return (one.session.named, one.session.number)
