"""Proposes people for what is not covered: evenly, deterministically, breaking no rule.

Hard: role, availability, absence, overlap, weekly and monthly limits. Soft: the person who gave least so
far comes first, then one whose home ward it is, then the order of ids, so that the same input gives the
same roster.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.roster.person import Per, Person
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
    """What everyone gives, and what more each may take."""

    def __init__(self, duties: Iterable[Duty], zone: ZoneInfo) -> None:
        self._zone = zone
        self._duties: dict[str, list[Duty]] = defaultdict(list)
        for duty in duties:
            self.add(duty)

    def add(self, duty: Duty) -> None:
        self._duties[duty.person].append(duty)

    def minutes(self, person: str) -> int:
        return sum(_minutes(duty.starts, duty.ends) for duty in self._duties[person])

    def allows(self, person: Person, starts: datetime, ends: datetime) -> bool:
        held = self._duties[person.id]
        return (
            can_come(person.windows, person.away, starts, ends, self._zone)
            and not any(duty.starts < ends and starts < duty.ends for duty in held)
            and all(
                self._minutes_in(person.id, limit.per, starts) + _minutes(starts, ends) <= limit.minutes
                for limit in person.limits
            )
        )

    def _minutes_in(self, person: str, per: Per, instant: datetime) -> int:
        period = self._period(per, instant)
        return sum(
            _minutes(duty.starts, duty.ends)
            for duty in self._duties[person]
            if self._period(per, duty.starts) == period
        )

    def _period(self, per: Per, instant: datetime) -> date:
        day = instant.astimezone(self._zone).date()
        return day - timedelta(days=day.weekday()) if per is Per.WEEK else day.replace(day=1)


def _minutes(starts: datetime, ends: datetime) -> int:
    return int((ends - starts).total_seconds() // 60)
