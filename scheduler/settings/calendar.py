"""Holidays: the public ones of a country, and what the settings add. The only importer of `holidays`."""

from collections.abc import Iterator, Set
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from scheduler.settings.grammar import CalendarTable, Closure
from scheduler.timetable.holidays import Holidays
from scheduler.timetable.label import Label

_YEARS = range(2024, 2037)
_DAY = timedelta(days=1)
# Year by year the government decides which days are swapped; the package only estimates later years.
_DECIDED_UNTIL = MappingProxyType({"VN": date(2026, 12, 31)})
# The package does not have this one: letter 12729/VPCP-KGVX of 25 December 2025.
_SWAPS = MappingProxyType({"VN": ((date(2026, 1, 2), date(2026, 1, 10)),)})
_SWAPPED = Label("Nghỉ hoán đổi", "Day off in exchange")


class NoSuchCountry(ValueError):
    """A country of which no public holidays are known; `known` are the codes of the others."""

    def __init__(self, known: tuple[str, ...]) -> None:
        super().__init__("no public holidays are known for this country")
        self.known = known


def holidays_of(calendar: CalendarTable) -> Holidays:
    """The holidays that ``[calendar]`` means, from 2024 to 2036; an empty country has no public ones.

    A year for which swapped days are written counts as known, if the one before it is: the government's plan
    has been read by a person. A closure is the ward's own word and says nothing of that plan.

    Raises:
        NoSuchCountry: no public holidays are known for it.
    """
    country = calendar.country.upper()
    public, worked = _public(country) if country else ({}, frozenset())
    swaps = [(swap.off, swap.worked) for swap in calendar.swapped if swap.off and swap.worked]
    closed = {day: closure.name for closure in calendar.closed for day in _days_of(closure)}
    return Holidays(
        public={**public, **{off: _SWAPPED for off, _ in swaps}},
        closed=closed,
        worked=worked | {day for _, day in swaps},
        known_until=_known_until(country, {off.year for off, _ in swaps}),
    )


def _days_of(closure: Closure) -> Iterator[date]:
    if closure.first is None:
        return
    day, last = closure.first, closure.last or closure.first
    while day <= last:
        yield day
        day += _DAY


def _known_until(country: str, planned: Set[int]) -> date | None:
    decided = _DECIDED_UNTIL.get(country)
    if decided is None:
        return None
    year = decided.year
    while year + 1 in planned:
        year += 1
    return date(year, 12, 31)


@cache
def _public(country: str) -> tuple[dict[date, Label], frozenset[date]]:
    """Public holidays with the days in lieu, and the swapped working days."""
    import holidays
    from holidays.registry import COUNTRIES

    # To ask the package which countries it knows would load all of them: a seventh of a second.
    known = tuple(sorted(code for _, code, *_ in COUNTRIES.values()))
    if country not in known:
        raise NoSuchCountry(known)
    # Without a language the package takes that of the machine.
    found = holidays.country_holidays(country, years=_YEARS, language="vi")
    english = holidays.country_holidays(country, years=_YEARS, language="en_US")
    swaps = _SWAPS.get(country, ())
    public = {day: Label(name, english[day]) for day, name in sorted(found.items()) if day.year in _YEARS}
    worked = {day for day in found.weekend_workdays if day.year in _YEARS}
    return (
        public | {off: _SWAPPED for off, _ in swaps},
        frozenset(worked | {day for _, day in swaps}),
    )
