"""Proposes people for what is not covered: evenly, deterministically, breaking no rule.

Hard: role, availability, absence, overlap, weekly and monthly limits. Soft: the person who gave least so
far comes first, then one whose home ward it is, then the order of ids, so that the same input gives the
same roster.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.roster.person import Limit, Per, Person
from scheduler.roster.vacancy import Choice, Duty, Vacancy
from scheduler.timetable.availability import can_come
from scheduler.timetable.shift import Role


def fill_roster(
    vacancies: Iterable[Vacancy],
    people: Iterable[Person],
    duties: Iterable[Duty],
    zone: ZoneInfo,
) -> tuple[Choice, ...]:
    """People for the vacancies, as many as there are; what nobody can take stays empty.

    Leaders are placed first: they are few, and most can also serve as volunteers.
    """
    load = _Load(duties, zone)
    candidates = sorted(people, key=lambda person: person.id)
    taken: dict[int, set[str]] = defaultdict(set)
    choices: list[Choice] = []
    for vacancy in sorted(vacancies, key=_urgency):
        for person in _best(vacancy, candidates, load, taken[vacancy.session]):
            load.add(Duty(person.id, vacancy.starts, vacancy.ends))
            taken[vacancy.session].add(person.id)
            choices.append(Choice(vacancy.session, vacancy.role, person.id))
    return tuple(choices)


def _urgency(vacancy: Vacancy) -> tuple[bool, datetime, int, Role]:
    return (vacancy.role is not Role.LEADER, vacancy.starts, vacancy.session, vacancy.role)


def _best(vacancy: Vacancy, people: Sequence[Person], load: "_Load", taken: set[str]) -> list[Person]:
    fit = [
        person
        for person in people
        if person.id not in taken
        and person.id not in vacancy.barred
        and vacancy.role in person.roles
        and load.allows(person, vacancy.starts, vacancy.ends)
    ]
    fit.sort(key=lambda person: (load.minutes(person.id), person.ward != vacancy.ward, person.id))
    return fit[: vacancy.count]


class _Load:
    """What everyone gives, and what more each may take; sums are kept, for thousands of seats ask."""

    def __init__(self, duties: Iterable[Duty], zone: ZoneInfo) -> None:
        self._zone = zone
        self._minutes: Counter[str] = Counter()
        self._minutes_in: Counter[tuple[str, Per, date]] = Counter()
        # By the dates that a duty touches: two that overlap share at least one.
        self._by_date: dict[tuple[str, date], list[Duty]] = defaultdict(list)
        for duty in duties:
            self.add(duty)

    def add(self, duty: Duty) -> None:
        minutes = _minutes(duty.starts, duty.ends)
        self._minutes[duty.person] += minutes
        for per in Per:
            self._minutes_in[duty.person, per, self._period(per, duty.starts)] += minutes
        for day in _dates(duty.starts, duty.ends):
            self._by_date[duty.person, day].append(duty)

    def minutes(self, person: str) -> int:
        return self._minutes[person]

    def allows(self, person: Person, starts: datetime, ends: datetime) -> bool:
        return (
            not self._is_busy(person.id, starts, ends)
            and all(self._has_room(person, limit, starts, ends) for limit in person.limits)
            and can_come(person.windows, person.away, starts, ends, self._zone)
        )

    def _is_busy(self, person: str, starts: datetime, ends: datetime) -> bool:
        return any(
            duty.starts < ends and starts < duty.ends
            for day in _dates(starts, ends)
            for duty in self._by_date.get((person, day), ())
        )

    def _has_room(self, person: Person, limit: Limit, starts: datetime, ends: datetime) -> bool:
        given = self._minutes_in[person.id, limit.per, self._period(limit.per, starts)]
        return given + _minutes(starts, ends) <= limit.minutes

    def _period(self, per: Per, instant: datetime) -> date:
        day = instant.astimezone(self._zone).date()
        return day - timedelta(days=day.weekday()) if per is Per.WEEK else day.replace(day=1)


def _dates(starts: datetime, ends: datetime) -> Iterator[date]:
    for number in range((ends.date() - starts.date()).days + 1):
        yield starts.date() + timedelta(days=number)


def _minutes(starts: datetime, ends: datetime) -> int:
    return int((ends - starts).total_seconds() // 60)
