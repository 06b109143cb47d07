"""The roster is the best there is: on desks so small that every roster can be tried, and under every rule."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, product
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.roster.cost import Share
from scheduler.roster.fill import fill_roster, rearrange
from scheduler.roster.part import Part
from scheduler.roster.person import Limit, Per, Person
from scheduler.roster.rules import RosterRules
from scheduler.roster.vacancy import Choice, Duty, Vacancy
from scheduler.timetable.shift import Role

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
# Over a change of month and a weekend.
FIRST = datetime(2026, 11, 27, tzinfo=SAIGON)
NAMES = ("an", "binh", "cuc", "dung")
SERVICES = ("sao-y", "buu-cuc")
Seats = frozenset[tuple[int, Role, str]]

names = st.sampled_from(NAMES)
limits = st.builds(Limit, st.sampled_from((240, 360, 480)), st.sampled_from(Per))


@st.composite
def _rules(draw: st.DrawFn) -> RosterRules:
    return RosterRules(
        rest=draw(st.sampled_from((None, None, timedelta(hours=11)))),
        travel=draw(st.sampled_from((None, timedelta(minutes=90)))),
        consecutive_days=draw(st.sampled_from((None, 1, 2))),
        weekends=draw(st.sampled_from((None, 1))),
        first=draw(st.sampled_from(((), ("sao-y",)))),
    )


@st.composite
def _person(draw: st.DrawFn, name: str) -> Person:
    return Person(
        name,
        name.title(),
        "+84901000001",
        roles=draw(st.frozensets(st.sampled_from((Role.LEADER, Role.VOLUNTEER)), min_size=1)),
        ward=draw(st.sampled_from((None, "w1", "w2"))),
        limits=tuple(draw(st.lists(limits, max_size=2))),
        not_with=tuple(draw(st.lists(names, max_size=1))),
        prefers=tuple(draw(st.lists(st.sampled_from(SERVICES), max_size=2, unique=True))),
    )


@st.composite
def _hours(draw: st.DrawFn) -> tuple[datetime, datetime]:
    starts = FIRST + timedelta(days=draw(st.integers(0, 9)), hours=draw(st.sampled_from((7, 9, 13, 17))))
    starts = starts.astimezone(UTC)
    return starts, starts + timedelta(minutes=draw(st.sampled_from((120, 150, 240))))


@st.composite
def _parts(draw: st.DrawFn) -> Part:
    vacancies: list[Vacancy] = []
    # Mostly several sessions are held at the same hours, as evenings are.
    times = draw(st.lists(_hours(), min_size=1, max_size=4))
    for session in range(1, draw(st.integers(1, 4)) + 1):
        hours, place = draw(st.sampled_from(times)), draw(st.sampled_from(("p1", "p2")))
        for role in draw(st.frozensets(st.sampled_from((Role.LEADER, Role.VOLUNTEER)), min_size=1)):
            vacancies.append(
                Vacancy(
                    session, role, draw(st.integers(1, 2)) if not vacancies else 1, *hours,
                    f"w{place[1]}", draw(st.frozensets(names, max_size=1)), place,
                    draw(st.sampled_from(SERVICES)),
                )
            )  # fmt: skip
    held = {name: draw(_hours()) for name in draw(st.frozensets(names, max_size=2))}
    return Part(
        vacancies=tuple(vacancies[:4]),
        people=tuple(draw(_person(name)) for name in NAMES),
        duties=tuple(
            Duty(name, *hours, 90 + number, "p3") for number, (name, hours) in enumerate(held.items())
        ),
        zone=SAIGON,
        rules=draw(_rules()),
        shares={name: Share(draw(st.integers(0, 10)) * 60, draw(st.integers(0, 20)) * 30) for name in NAMES},
    )


def _is_allowed(part: Part, seats: Seats) -> bool:
    """Every hard rule, spelled out on its own: this shares no line with the model."""
    of = {(vacancy.session, vacancy.role): vacancy for vacancy in part.vacancies}
    people = {person.id: person for person in part.people}
    for session, role, name in seats:
        if role not in people[name].roles or name in of[session, role].barred:
            return False
    together: dict[int, list[str]] = defaultdict(list)
    for session, _, name in seats:
        together[session].append(name)
    for duty in part.duties:
        together[duty.session].append(duty.person)
    for some in together.values():
        if any(one == two for one, two in combinations(sorted(some), 2)):
            return False
        if any(two in people[one].not_with for one in some for two in some if one != two):
            return False
    return all(_may_hold(part, people[name], _held(part, of, seats, name)) for name in NAMES)


def _held(
    part: Part, of: dict[tuple[int, Role], Vacancy], seats: Seats, name: str
) -> list[tuple[datetime, datetime, str, bool]]:
    new = [of[session, role] for session, role, who in seats if who == name]
    own = [(duty.starts, duty.ends, duty.place, False) for duty in part.duties if duty.person == name]
    return sorted([*own, *((one.starts, one.ends, one.place, True) for one in new)])


def _may_hold(part: Part, person: Person, held: list[tuple[datetime, datetime, str, bool]]) -> bool:
    if not any(is_new for *_, is_new in held):
        return True  # what stands already is not the roster's to judge
    rules, days = part.rules, [starts.astimezone(SAIGON).date() for starts, *_ in held]
    for (_, ends, place, _), (later, _, other, _) in combinations(held, 2):
        if later < ends or later - ends < (rules.rest or timedelta()):
            return False
        if place != other and later - ends < (rules.travel or timedelta()):
            return False
    for limit in person.limits:
        sums: dict[object, timedelta] = defaultdict(timedelta)
        for day, (starts, ends, *_) in zip(days, held, strict=True):
            period = day.isocalendar()[:2] if limit.per is Per.WEEK else (day.year, day.month)
            sums[period] += ends - starts
        if any(total > timedelta(minutes=limit.minutes) for total in sums.values()):
            return False
    return _days_allow(rules, set(days))


def _days_allow(rules: RosterRules, days: set[date]) -> bool:
    if rules.consecutive_days is not None:
        for day in days:
            row = [day + timedelta(days=more) for more in range(rules.consecutive_days + 1)]
            if days.issuperset(row):
                return False
    if rules.weekends is not None:
        saturdays = {day - timedelta(days=day.weekday() - 5) for day in days if day.weekday() >= 5}
        months = [(saturday.year, saturday.month) for saturday in saturdays]
        if any(months.count(month) > rules.weekends for month in months):
            return False
    return True


def _cost(part: Part, seats: Seats) -> float:
    """What a roster costs, in half hours above the fair share, counted minute by minute."""
    people = {person.id: person for person in part.people}
    cost, given = 0.0, {name: part.shares[name].given for name in NAMES}
    for vacancy in part.vacancies:
        there = [name for session, role, name in seats if (session, role) == (vacancy.session, vacancy.role)]
        each = (1300 if vacancy.role is Role.LEADER else 1000) * (
            2 if vacancy.service in part.rules.first else 1
        )
        cost += each * (vacancy.count - len(there))
        for name in there:
            given[name] += (vacancy.ends - vacancy.starts) // timedelta(minutes=1)
            cost += 3 * (people[name].ward != vacancy.ward)
            liked = people[name].prefers
            if liked:
                cost += 3 if vacancy.service not in liked else 0 if liked[0] == vacancy.service else 1
    for name in NAMES:
        for minute in range(max(0, given[name] - part.shares[name].fair)):
            cost += (1 if minute < 120 else 2 if minute < 240 else 3 if minute < 480 else 4) / 30
    return cost


def _rosters(part: Part) -> Iterator[Seats]:
    """Every roster there is, allowed or not."""
    ways = [
        [frozenset((one.session, one.role, name) for name in some) for some in _crowds(one)]
        for one in part.vacancies
    ]
    for chosen in product(*ways):
        yield frozenset().union(*chosen)


def _crowds(vacancy: Vacancy) -> Iterator[tuple[str, ...]]:
    for count in range(vacancy.count + 1):
        yield from combinations(NAMES, count)


def _seats(choices: tuple[Choice, ...]) -> Seats:
    return frozenset((one.session, one.role, one.person) for one in choices)


@settings(max_examples=40, deadline=None)
@given(_parts())
def test_no_allowed_roster_costs_less(part: Part) -> None:
    """Of all rosters that break no rule, tried one by one, none is better than ours."""
    found = _seats(fill_roster(part))
    assert _is_allowed(part, found)
    least = min(_cost(part, seats) for seats in _rosters(part) if _is_allowed(part, seats))
    assert abs(_cost(part, found) - least) < 0.001


@settings(max_examples=40, deadline=None)
@given(_parts(), st.integers(0, 9))
def test_a_refusal_moves_as_few_as_can_be(part: Part, which: int) -> None:
    """After a no only its session changes, or those who are moved for it: all other sessions stay as full."""
    before = fill_roster(part)
    if not before:
        return
    gone = before[which % len(before)]
    stays = tuple(choice for choice in before if choice != gone)
    vacancies = tuple(
        _refused(one, gone.person) if one.session == gone.session else one for one in part.vacancies
    )
    part = Part(vacancies, part.people, part.duties, part.zone, part.rules, part.shares, before=stays)
    found = rearrange(part)
    seats = _seats(found)
    assert _is_allowed(part, seats)
    for vacancy in vacancies:
        there = sum((one.session, one.role) == (vacancy.session, vacancy.role) for one in found)
        was = sum((one.session, one.role) == (vacancy.session, vacancy.role) for one in stays)
        assert was <= there
    if len(found) == len(stays):
        assert seats == _seats(stays), "nobody moves for nothing"


def _refused(vacancy: Vacancy, person: str) -> Vacancy:
    return Vacancy(
        vacancy.session, vacancy.role, vacancy.count, vacancy.starts, vacancy.ends, vacancy.ward,
        vacancy.barred | {person}, vacancy.place, vacancy.service,
    )  # fmt: skip
