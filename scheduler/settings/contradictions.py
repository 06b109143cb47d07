"""Values that cannot both be meant; each is told at the later of the two."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from scheduler.settings.calendar import NoSuchCountry, holidays_of
from scheduler.settings.finding import Finding
from scheduler.settings.grammar import CalendarTable, Closure, File, ShiftTable
from scheduler.settings.locate import Path
from scheduler.settings.names import fold, nearest
from scheduler.timetable.holidays import Holidays
from scheduler.timetable.span import Span

_DAY_MINUTES = 24 * 60


def contradictions(file: File) -> Iterator[Finding]:
    """What no calendar and no shift can carry out, whoever is meant by it."""
    yield from _in_calendar(file.calendar)
    for number, ward in enumerate(file.wards):
        yield from _backwards(("wards", number), "from", ward.first, "until", ward.until)
    for number, person in enumerate(file.people):
        if person.language and person.language not in file.service.languages:
            yield Finding(("people", number, "language"), "language_unspoken", {"value": person.language})
        for index, away in enumerate(person.away):
            yield from _backwards(("people", number, "away", index), "from", away.first, "to", away.last)
    for number, shift in enumerate(file.shifts):
        yield from _in_shift(("shifts", number), shift)


def calendar_read(calendar: CalendarTable) -> tuple[Holidays, list[Finding]]:
    """The holidays, or none and what is wrong with the country."""
    # A century of closures would take a second to spell out, and is told as an error already.
    sane = calendar.model_copy(update={"closed": [each for each in calendar.closed if not _too_long(each)]})
    try:
        return holidays_of(sane), []
    except NoSuchCountry as error:
        guess = nearest(calendar.country, error.known)
        finding = Finding(("calendar", "country"), "bad_country", {"value": calendar.country}, guess)
        return Holidays(), [finding]


def minutes_of(span: Span) -> tuple[int, int]:
    """Start and end in minutes from the midnight before the start; the end may be past the next one."""
    start = span.start.hour * 60 + span.start.minute
    end = span.end.hour * 60 + span.end.minute
    return start, end + (_DAY_MINUTES if span.crosses_midnight else 0)


def _in_calendar(calendar: CalendarTable) -> Iterator[Finding]:
    for number, closure in enumerate(calendar.closed):
        path: Path = ("calendar", "closed", number)
        yield from _backwards(path, "from", closure.first, "to", closure.last)
        if _too_long(closure):
            yield Finding((*path, "to"), "closed_too_long")
    for number, swap in enumerate(calendar.swapped):
        if swap.off and swap.off == swap.worked:
            path = ("calendar", "swapped", number)
            yield Finding(
                (*path, "off"), "swap_with_itself", {"date": str(swap.off)}, against=(*path, "worked")
            )


def _too_long(closure: Closure) -> bool:
    return bool(closure.first and closure.last and (closure.last - closure.first).days > 366)


def _in_shift(path: Path, shift: ShiftTable) -> Iterator[Finding]:
    yield from _backwards(path, "from", shift.first, "until", shift.until)
    also = {day: (*path, "also", index) for index, day in enumerate(shift.also)}
    for index, day in enumerate(shift.excepted):
        if day in also:
            excepted = (*path, "except", index)
            yield Finding(excepted, "also_and_except", {"date": str(day)}, against=also[day])
    yield from _overlapping_spans(path, shift)
    for index, deputy in enumerate(shift.deputies):
        at = (*path, "deputies", index)
        yield from _backwards(at, "from", deputy.first, "to", deputy.last)
        if deputy.absent and fold(deputy.absent) == fold(deputy.stand_in):
            params = {"value": deputy.stand_in}
            yield Finding((*at, "is"), "own_deputy", params, against=(*at, "for"))


def _overlapping_spans(path: Path, shift: ShiftTable) -> Iterator[Finding]:
    # More than a handful of spans a day is a mistake of another kind; comparing all pairs is quadratic.
    spans = shift.time[:24]
    for (_, one), (later, other) in combinations(enumerate(spans), 2):
        (start, end), (begins, stops) = minutes_of(one), minutes_of(other)
        if start < stops and begins < end:
            yield Finding((*path, "time", later), "span_twice", {"value": str(other), "other": str(one)})


def _backwards(
    path: Path, key: str, first: date | None, later_key: str, last: date | None
) -> Iterator[Finding]:
    if first and last and last < first:
        params = {"later": f"{later_key} {last}", "earlier": f"{key} {first}"}
        yield Finding((*path, later_key), "ends_before_start", params, against=(*path, key))
