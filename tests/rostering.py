"""Rosters made up for tests and benchmarks: a desk of any size, the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from scheduler.roster.fairness import Demand, shares_of
from scheduler.roster.part import Part
from scheduler.roster.person import Limit, Per, Person
from scheduler.roster.rules import RosterRules
from scheduler.roster.vacancy import Vacancy
from scheduler.timetable.availability import Absence, Window
from scheduler.timetable.shift import Role
from scheduler.timetable.span import Span

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = date(2026, 11, 30)
# When sessions are held, on which days, and how often of a hundred.
HOURS = (
    (range(5), Span(time(7, 30), time(11, 30)), 12),
    (range(5), Span(time(11, 30), time(13, 30)), 6),
    (range(5), Span(time(13), time(17)), 10),
    (range(5), Span(time(17), time(19, 30)), 28),
    (range(5), Span(time(19, 30), time(21, 30)), 14),
    (range(5, 7), Span(time(7, 30), time(11, 30)), 16),
    (range(5, 7), Span(time(13), time(17)), 8),
    (range(5, 7), Span(time(17), time(19, 30)), 6),
)
ROLES = (
    frozenset({Role.VOLUNTEER}),
    frozenset({Role.LEADER}),
    frozenset({Role.LEADER, Role.VOLUNTEER}),
)
SERVICES = ("sao-y", "buu-cuc", "ho-tro")


@dataclass(frozen=True, slots=True)
class Size:
    """How large a made-up desk is, over four weeks."""

    people: int
    sessions: int
    wards: int
    seed: int = 7
    limit_hours: int = 8


S, M, L = Size(120, 250, 4), Size(600, 1_500, 17), Size(6_000, 20_000, 168, limit_hours=16)


def made_up(size: Size, rules: RosterRules | None = None) -> Part:
    """A desk with its vacancies, people and their shares; nobody holds anything yet."""
    random = Random(size.seed)
    people = tuple(_person(random, number, size) for number in range(size.people))
    vacancies = tuple(
        vacancy for session in range(1, size.sessions + 1) for vacancy in _vacancies(random, session, size)
    )
    demands = [Demand(one.role, one.count, one.starts, one.ends) for one in vacancies]
    shares = shares_of(people, demands, {}, {}, ZONE)
    return Part(vacancies, people, (), ZONE, rules or RosterRules(), shares)


def _person(random: Random, number: int, size: Size) -> Person:
    roles = random.choices(ROLES, (6, 2, 2))[0]
    away = random.randrange(28)
    hours = random.choice((4, 6, size.limit_hours, size.limit_hours))
    return Person(
        id=f"p{number:05}",
        name=f"Người {number}",
        phone=f"+849{number:08}",
        roles=roles,
        ward=f"w{random.randrange(size.wards):03}",
        windows=_windows(random),
        away=(Absence(_day(away), _day(away + random.randrange(7))),) if random.random() < 0.2 else (),
        limits=(Limit(hours * 60, Per.WEEK), Limit(hours * 180, Per.MONTH)),
        prefers=(random.choice(SERVICES),) if random.random() < 0.3 else (),
    )


def _windows(random: Random) -> tuple[Window, ...]:
    """Two to four times a week, drawn as sessions are."""
    drawn = {_hours(random) for _ in range(random.choice((2, 3, 3, 4)))}
    return tuple(Window(frozenset({day}), span) for day, span in sorted(drawn, key=str))


def _hours(random: Random) -> tuple[int, Span]:
    days, span, _ = random.choices(HOURS, [often for _, _, often in HOURS])[0]
    return random.choice(days), span


def _vacancies(random: Random, session: int, size: Size) -> Sequence[Vacancy]:
    weekday, span = _hours(random)
    day = _day(random.randrange(4) * 7 + weekday)
    starts, ends = _instant(day, span.start), _instant(day, span.end)
    ward = random.randrange(size.wards)
    place, service = f"w{ward:03}-{random.randrange(3)}", random.choice(SERVICES)
    needs = {Role.VOLUNTEER: random.choice((1, 1, 1, 2, 2)), Role.LEADER: random.choice((0, 1, 1, 1))}
    return [
        Vacancy(session, role, count, starts, ends, f"w{ward:03}", frozenset(), place, service)
        for role, count in needs.items()
        if count
    ]


def _day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZONE).astimezone(UTC)
