"""Closures: the holidays of a time as people say them, from one day to another under one name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.timetable.holidays import Holidays
from scheduler.timetable.label import Label

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Closure:
    """Holidays in a row, from `first` to `last`, both inclusive; public ones, or the ward's own."""

    first: date
    last: date
    name: Label
    is_public: bool


def closures_between(holidays: Holidays, first: date, last: date) -> tuple[Closure, ...]:
    """The closures of which some day lies from `first` to `last`, whole, by their first day.

    A day that the ward has closed is told by the ward's own name for it.
    """
    public = {day: name for day, name in holidays.public.items() if day not in holidays.closed}
    found = [*_in_a_row(holidays.closed, is_public=False), *_in_a_row(public, is_public=True)]
    shown = (one for one in found if one.first <= last and first <= one.last)
    return tuple(sorted(shown, key=lambda one: (one.first, one.last)))


def _in_a_row(named: Mapping[date, Label], *, is_public: bool) -> Iterator[Closure]:
    for row in _rows(sorted(named)):
        names = [named[day] for day in row]
        name = Label(_joined(one.vi for one in names), _joined(one.en for one in names))
        yield Closure(row[0], row[-1], name, is_public)


def _rows(days: Iterable[date]) -> list[list[date]]:
    rows: list[list[date]] = []
    for day in days:
        if rows and day - rows[-1][-1] == _DAY:
            rows[-1].append(day)
        else:
            rows.append([day])
    return rows


def _joined(names: Iterable[str]) -> str:
    """Each name once, and none that only says which day of another one it is: "Mùng hai Tết Nguyên Đán"."""
    told = list(dict.fromkeys(names))
    return ", ".join(name for name in told if not any(other in name for other in told if other != name))
