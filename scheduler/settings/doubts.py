"""What can be carried out but looks wrong: the warnings."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain
from zoneinfo import ZoneInfo

from notifications.phone import convert_old, mask
from scheduler.reminders.wording import ROLES
from scheduler.roster.person import Person
from scheduler.settings.contradictions import minutes_of
from scheduler.settings.finding import Finding
from scheduler.settings.grammar import File
from scheduler.settings.settings import Settings
from scheduler.timetable.availability import Window, can_come
from scheduler.timetable.days import MonthDay, NthWeekday, Weekdays
from scheduler.timetable.holidays import Holidays
from scheduler.timetable.instant import instants_of
from scheduler.timetable.recurrence import sessions_between
from scheduler.timetable.session import Session
from scheduler.timetable.shift import Need, Role, Rule, Shift
from scheduler.timetable.span import Span

# Old mobile numbers begin with 01 and have eleven digits; the library is asked only about those.
_OLD_NUMBER = re.compile(r"(?:0|84|0084)1\d{9}")
_NOT_A_DIGIT = re.compile(r"\D")
# A weekly time is held against a weekly time: any week will do.
_MONDAY = date(2024, 1, 1)
_SAMPLE = timedelta(days=366)
# Comparing every pair of one place would be quadratic in a file that is wrong throughout.
_MOST_COMPARED = 100
# Of a file in which everything may meet everything, the first shifts are held against each other.
_MOST_EXPANDED = 5_000
_REMEMBERED = 65_536
_DAY_MINUTES = 24 * 60
# Nights on duty are shorter; a round of the clock is meant so.
_LONG, _ROUND = timedelta(hours=16), timedelta(hours=24)


def old_numbers(file: File, written: Mapping[int, str]) -> Iterator[Finding]:
    """Numbers of before 2018; `written` is what stands in the file, by the number of the person."""
    for number, raw in written.items():
        if _OLD_NUMBER.fullmatch(_NOT_A_DIGIT.sub("", raw)) and file.people[number].phone:
            new = convert_old(raw)
            if new is not None:
                yield Finding(("people", number, "phone"), "old_number", {"new": mask(new)})


def doubts(settings: Settings) -> Iterator[Finding]:
    """The warnings about settings without errors."""
    shifts = tuple(settings.desk.shifts.values())
    yield from _long_nights(shifts)
    yield from _overlaps(shifts, settings.desk.holidays, settings.service.zone)
    yield from _unfillable(shifts, tuple(settings.desk.people.values()))
    yield from _idle_deputies(shifts)


def _long_nights(shifts: tuple[Shift, ...]) -> Iterator[Finding]:
    """Who writes the end before the start does not mean the next day."""
    for number, shift in enumerate(shifts):
        for index, span in enumerate(shift.rule.spans):
            if span.crosses_midnight and _LONG <= span.length < _ROUND:
                hours, minutes = divmod(int(span.length.total_seconds()) // 60, 60)
                params = {"length": f"{hours} h {minutes:02} min", "length_vi": f"{hours} giờ {minutes:02}"}
                path = ("shifts", number, "time", index)
                yield Finding(path, "long_night", params, str(Span(span.end, span.start)))


class _Timed:
    """A rule, with what is compared over and over.

    `near` are the weekdays on which a session may run, the one after a night included.
    """

    def __init__(self, rule: Rule) -> None:
        self.first, self.last = rule.first or date.min, rule.last or date.max
        self.minutes = tuple(map(minutes_of, rule.spans))
        self.weekdays = frozenset(range(7)) if rule.also else _weekdays(rule)
        is_at_night = any(end > _DAY_MINUTES for _, end in self.minutes)
        after = frozenset((day + 1) % 7 for day in self.weekdays) if is_at_night else frozenset()
        self.near = self.weekdays | after

    def may_meet(self, other: "_Timed") -> bool:
        """Whether dates, weekdays and times leave room for both at once."""
        if self.first > other.last or other.first > self.last or self.near.isdisjoint(other.near):
            return False
        return any(
            start < stops + gap and begins + gap < end and self._falls_on(other, gap)
            for start, end in self.minutes
            for begins, stops in other.minutes
            for gap in (-_DAY_MINUTES, 0, _DAY_MINUTES)
        )

    def _falls_on(self, other: "_Timed", gap: int) -> bool:
        """Whether the other's weekday is one of ours, so much later."""
        days = gap // _DAY_MINUTES
        return not self.weekdays.isdisjoint((day - days) % 7 for day in other.weekdays)


def _overlaps(shifts: tuple[Shift, ...], holidays: Holidays, zone: ZoneInfo) -> Iterator[Finding]:
    """Each shift is told once, with the nearest one above it that it meets."""
    budget = iter(range(_MOST_EXPANDED))
    by_place: defaultdict[str, list[tuple[int, Shift, _Timed]]] = defaultdict(list)
    kinds: dict[Rule, _Timed] = {}
    # The shifts of one place are often those of the next.
    may_meet = lru_cache(_REMEMBERED)(_Timed.may_meet)
    for number, shift in enumerate(shifts):
        timed = kinds.get(shift.rule) or kinds.setdefault(shift.rule, _Timed(shift.rule))
        above = by_place[shift.place]
        for earlier, other, its in reversed(above[-_MOST_COMPARED:]):
            if (
                may_meet(timed, its)
                and next(budget, None) is not None
                and _meet(shift, other, max(timed.first, its.first), holidays, zone)
            ):
                params = {"shift": shift.id, "other": other.id}
                yield Finding(("shifts", number), "overlap", params, first=("shifts", earlier))
                break
        above.append((number, shift, timed))


def _meet(one: Shift, other: Shift, since: date, holidays: Holidays, zone: ZoneInfo) -> bool:
    """Whether they do in the first year that both may run, the one from `since`."""
    first = max(since, _MONDAY)
    both = (sessions_between(each, holidays, zone, first, first + _SAMPLE) for each in (one, other))
    sessions = sorted(chain.from_iterable(both))
    latest: Session | None = None
    for session in sessions:
        if latest and session.starts < latest.ends and session.shift != latest.shift:
            return True
        latest = session if latest is None or session.ends > latest.ends else latest
    return False


def _weekdays(rule: Rule) -> frozenset[int]:
    """The weekdays on which the rule may fall."""
    days: set[int] = set()
    for pattern in rule.days:
        match pattern:
            case Weekdays():
                days |= pattern.days
            case NthWeekday():
                days.add(pattern.weekday)
            case MonthDay():
                days |= set(range(7))
            case _:
                days |= set(range(6))
    return frozenset(days)


def _unfillable(shifts: tuple[Shift, ...], people: tuple[Person, ...]) -> Iterator[Finding]:
    # People with the same roles and hours are alike here: a list of thousands has a few dozen kinds.
    kinds = Counter((person.roles, person.windows) for person in people)
    known: dict[tuple[Role, frozenset[int], tuple[Span, ...]], int] = {}
    for number, shift in enumerate(shifts):
        weekdays = _weekdays(shift.rule)
        for need in shift.needs:
            key = (need.role, weekdays, shift.rule.spans)
            if key not in known:
                known[key] = sum(
                    count
                    for (roles, windows), count in kinds.items()
                    if need.role in roles and _can_ever_come(windows, weekdays, shift.rule.spans)
                )
            yield from _unfilled(number, shift, need, known[key])


def _unfilled(number: int, shift: Shift, need: Need, able: int) -> Iterator[Finding]:
    able += len(shift.staff) if need.role is Role.STAFF else 0
    if able < need.count:
        role = need.role.value
        params = {
            "role": role if need.count == 1 or need.role is Role.STAFF else f"{role}s",
            "role_vi": ROLES[need.role].vi,
            "count": str(need.count),
            "able": f"only {able}" if able else "nobody",
            "able_vi": f"chỉ {able} người" if able else "không ai",
        }
        yield Finding(("shifts", number, "needs", role), "need_unfillable", params)


def _can_ever_come(windows: tuple[Window, ...], weekdays: frozenset[int], spans: tuple[Span, ...]) -> bool:
    zone = ZoneInfo("UTC")
    return not windows or any(
        can_come(windows, (), *instants_of(span, _MONDAY + timedelta(days=weekday), zone), zone)
        for weekday in weekdays
        for span in spans
    )


def _idle_deputies(shifts: tuple[Shift, ...]) -> Iterator[Finding]:
    for number, shift in enumerate(shifts):
        for index, deputy in enumerate(shift.deputies):
            if deputy.absent not in shift.staff:
                path = ("shifts", number, "deputies", index, "for")
                yield Finding(path, "deputy_unused", {"value": deputy.absent})
