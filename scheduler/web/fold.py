"""How much a page of sessions folds, so that it stays small however many there are."""

from dataclasses import dataclass
from enum import IntEnum

from scheduler.timetable.opening import Glance, Opening, WardDay

# Above these no page would fit, and trying would take time: rows, and lines of one ward.
_MOST_CARDS = 12
_MOST_ROWS = 300
_MOST_LINES = 300


class Fold(IntEnum):
    """What is told one by one: the less, the later in this list."""

    CARDS = 0
    """What is open and what is left of today in full; the days in rows."""

    ROWS = 1
    """Today in rows too."""

    WARD_DAYS = 2
    """A line for each ward of each day."""

    WARDS = 3
    """A line for each ward."""

    NOTHING = 4
    """The reader names a ward."""


@dataclass(frozen=True, slots=True)
class WardAhead:
    """All that a glance shows of one ward, by start."""

    held: WardDay
    is_open: bool


def folds_of(glance: Glance) -> tuple[Fold, ...]:
    """The folds worth trying, the fullest first; the last one always fits."""
    today = len(glance.open_now) + len(glance.today)
    rows = today + sum(len(held.openings) for day in glance.days for held in day.wards)
    lines = sum(len(day.wards) for day in glance.days) + len(by_ward(glance))
    fits = {
        Fold.CARDS: today <= _MOST_CARDS and rows <= _MOST_ROWS,
        Fold.ROWS: rows <= _MOST_ROWS,
        Fold.WARD_DAYS: lines <= _MOST_LINES,
        Fold.WARDS: len(by_ward(glance)) <= _MOST_LINES,
        Fold.NOTHING: True,
    }
    return tuple(fold for fold, is_worth_it in fits.items() if is_worth_it)


def by_ward(glance: Glance) -> tuple[WardDay, ...]:
    """All that a glance shows, by ward: what is open first, then by start; wards by name."""
    held: dict[str, list[Opening]] = {}
    days = (opening for day in glance.days for ward in day.wards for opening in ward.openings)
    for opening in (*glance.open_now, *glance.today, *days):
        held.setdefault(opening.ward.id, []).append(opening)
    wards = (WardDay(openings[0].ward, tuple(openings)) for openings in held.values())
    return tuple(sorted(wards, key=lambda one: one.ward.id))
