"""Who is proposed for an empty seat: no rule broken, nobody idle, everybody alike, the same every time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.roster.fairness import Demand, shares_of
from scheduler.roster.fill import fill_roster as fill_part_by_part
from scheduler.roster.part import Part
from scheduler.roster.person import Limit, Per, Person
from scheduler.roster.rules import RosterRules
from scheduler.roster.vacancy import Choice, Duty, Vacancy
from scheduler.timetable.availability import Absence, Window
from scheduler.timetable.shift import Role
from scheduler.timetable.span import Span

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
HALF_HOUR = timedelta(minutes=30)
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def _at(wall: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=SAIGON).astimezone(UTC)


def _vacancy(
    hours: str = "2026-11-17 17:00/2026-11-17 19:30",
    role: Role = Role.VOLUNTEER,
    count: int = 1,
    session: int = 1,
    barred: Iterable[str] = (),
) -> Vacancy:
    starts, ends = map(_at, hours.split("/"))
    return Vacancy(session, role, count, starts, ends, "sai-gon", frozenset(barred))


def _person(ident: str = "an", **changed: object) -> Person:
    given: dict[str, object] = {"roles": frozenset({Role.VOLUNTEER}), **changed}
    return Person(ident, ident.title(), "+84901000001", **given)  # type: ignore[arg-type]  # a row names what it minds


def _duty(hours: str, person: str = "an") -> Duty:
    starts, ends = map(_at, hours.split("/"))
    return Duty(person, starts, ends)


def fill_roster(
    vacancies: Iterable[Vacancy],
    people: Iterable[Person],
    duties: Iterable[Duty],
    zone: ZoneInfo,
    rules: RosterRules | None = None,
) -> tuple[Choice, ...]:
    """The roster, with shares of what is wanted here and what the duties gave."""
    vacancies, people, duties = list(vacancies), list(people), list(duties)
    given_ones: Counter[str] = Counter()
    for duty in duties:
        given_ones[duty.person] += (duty.ends - duty.starts) // timedelta(minutes=1)
    demands = [Demand(one.role, one.count, one.starts, one.ends) for one in vacancies]
    shares = shares_of(people, demands, given_ones, {}, zone)
    return fill_part_by_part(
        Part(tuple(vacancies), tuple(people), tuple(duties), zone, rules or RosterRules(), shares)
    )


def _chosen(vacancies: Iterable[Vacancy], people: Iterable[Person], duties: Iterable[Duty] = ()) -> list[str]:
    return [choice.person for choice in fill_roster(vacancies, people, duties, SAIGON)]


AFTER_WORK = Window(frozenset({MON, TUE, WED, THU, FRI}), Span(time(17), time(21)))
FIVE_A_WEEK = (Limit(300, Per.WEEK),)
FIVE_A_MONTH = (Limit(300, Per.MONTH),)


@pytest.mark.parametrize(
    ("vacancy", "person", "duties", "fits"),
    [
        # nothing stands against it
        (_vacancy(), _person(), [], True),
        # another role; two roles, one of which is wanted; no role at all
        (_vacancy(role=Role.LEADER), _person(), [], False),
        (_vacancy(), _person(roles=frozenset({Role.LEADER, Role.VOLUNTEER})), [], True),
        (_vacancy(), _person(roles=frozenset()), [], False),
        # holds, refused or left this session already
        (_vacancy(barred=["an"]), _person(), [], False),
        (_vacancy(barred=["binh"]), _person(), [], True),
        # within the hours; half an hour beyond them
        (_vacancy(), _person(windows=(AFTER_WORK,)), [], True),
        (_vacancy("2026-11-17 16:30/2026-11-17 19:30"), _person(windows=(AFTER_WORK,)), [], False),
        # away on the day; back the day before
        (_vacancy(), _person(away=(Absence(date(2026, 11, 17), date(2026, 11, 20)),)), [], False),
        (_vacancy(), _person(away=(Absence(date(2026, 11, 10), date(2026, 11, 16)),)), [], True),
        # on duty elsewhere at the end, at the start, all the time; before and after it
        (_vacancy(), _person(), [_duty("2026-11-17 19:00/2026-11-17 21:00")], False),
        (_vacancy(), _person(), [_duty("2026-11-17 16:00/2026-11-17 17:30")], False),
        (_vacancy(), _person(), [_duty("2026-11-17 08:00/2026-11-17 22:00")], False),
        (_vacancy(), _person(), [_duty("2026-11-17 14:30/2026-11-17 17:00")], True),
        (_vacancy(), _person(), [_duty("2026-11-17 19:30/2026-11-17 21:00")], True),
        # somebody else's duty
        (_vacancy(), _person(), [_duty("2026-11-17 17:00/2026-11-17 19:30", "binh")], True),
        # five hours a week: exactly, a minute more, and what was given in the week before or after
        (_vacancy(), _person(limits=FIVE_A_WEEK), [_duty("2026-11-16 08:00/2026-11-16 10:30")], True),
        (_vacancy(), _person(limits=FIVE_A_WEEK), [_duty("2026-11-16 08:00/2026-11-16 10:31")], False),
        (_vacancy(), _person(limits=FIVE_A_WEEK), [_duty("2026-11-22 08:00/2026-11-22 12:00")], False),
        (_vacancy(), _person(limits=FIVE_A_WEEK), [_duty("2026-11-15 08:00/2026-11-15 12:00")], True),
        (_vacancy(), _person(limits=FIVE_A_WEEK), [_duty("2026-11-23 08:00/2026-11-23 12:00")], True),
        # a night belongs to the week of its start, by local clocks: Sunday 22:00; Monday 05:00, Sunday in UTC
        (_vacancy(), _person(limits=FIVE_A_WEEK), [_duty("2026-11-15 22:00/2026-11-16 02:00")], True),
        (_vacancy(), _person(limits=FIVE_A_WEEK), [_duty("2026-11-16 05:00/2026-11-16 09:00")], False),
        # five hours a month: the first and the last of it, and the day before
        (_vacancy(), _person(limits=FIVE_A_MONTH), [_duty("2026-11-01 05:00/2026-11-01 09:00")], False),
        (_vacancy(), _person(limits=FIVE_A_MONTH), [_duty("2026-11-30 20:00/2026-11-30 23:30")], False),
        (_vacancy(), _person(limits=FIVE_A_MONTH), [_duty("2026-10-31 05:00/2026-10-31 09:00")], True),
        # of two limits both hold
        (
            _vacancy(),
            _person(limits=(*FIVE_A_MONTH, Limit(100, Per.WEEK))),
            [],
            False,
        ),
    ],
)
def test_a_hard_rule_keeps_a_person_out(
    vacancy: Vacancy, person: Person, duties: list[Duty], fits: bool
) -> None:
    """Role, refusal, hours, absence, overlap and limits each decide alone."""
    assert _chosen([vacancy], [person], duties) == (["an"] if fits else [])


@pytest.mark.parametrize(
    ("people", "duties", "first"),
    [
        # who gave much less comes first, whatever the ward and the id
        (
            [_person("an", ward="sai-gon"), _person("binh")],
            [_duty("2026-11-10 08:00/2026-11-10 12:00", "an")],
            "binh",
        ),
        # then the home ward
        ([_person("an"), _person("binh", ward="sai-gon")], [], "binh"),
        # then the order of ids
        ([_person("binh"), _person("an")], [], "an"),
    ],
)
def test_the_one_who_gave_least_comes_first(people: list[Person], duties: list[Duty], first: str) -> None:
    """Minutes, home ward, id: in that order."""
    assert _chosen([_vacancy()], people, duties) == [first]


def test_the_only_leader_leads_and_does_not_fill_up() -> None:
    """A seat that few can take is filled before one that many can, though its session is later."""
    lead = _person("an", roles=frozenset({Role.LEADER, Role.VOLUNTEER}), limits=FIVE_A_WEEK)
    early = _vacancy("2026-11-16 08:00/2026-11-16 12:00", session=1)
    late = _vacancy("2026-11-17 08:00/2026-11-17 12:00", role=Role.LEADER, session=2)

    assert fill_roster([early, late], [lead], [], SAIGON) == (Choice(2, Role.LEADER, "an"),)


def test_one_person_takes_one_seat_of_a_session() -> None:
    """Three roles want three people, and what nobody else can take stays empty."""
    both = frozenset({Role.LEADER, Role.VOLUNTEER, Role.STAFF})
    wanted = [_vacancy(role=role) for role in Role]
    chosen = _chosen(wanted, [_person("an", roles=both), _person("binh", roles=both)])
    assert sorted(chosen) == ["an", "binh"]


def test_as_many_are_found_as_there_are() -> None:
    """Too few people leave seats empty; too many are not all taken."""
    people = [_person("an"), _person("binh"), _person("cuc")]
    assert _chosen([_vacancy(count=5)], people) == ["an", "binh", "cuc"]
    assert _chosen([_vacancy(count=2)], people) == ["an", "binh"]


def test_two_roles_of_one_session_are_filled_in_the_same_order_always() -> None:
    """Whoever could be staff or volunteer is the same one however the vacancies were listed."""
    able = _person("an", roles=frozenset({Role.STAFF, Role.VOLUNTEER}))
    wanted = [_vacancy(role=Role.STAFF), _vacancy(role=Role.VOLUNTEER)]
    assert fill_roster(wanted, [able], [], SAIGON) == fill_roster(wanted[::-1], [able], [], SAIGON)


# Half-hour steps over a fortnight that lies across a change of month.
FIRST = datetime(2026, 11, 23, tzinfo=SAIGON)
steps = st.integers(0, 14 * 48)
half_hours = st.integers(0, 47).map(lambda step: time(step // 2, step % 2 * 30))
roles = st.frozensets(st.sampled_from(Role), min_size=1)
names = st.sampled_from(["an", "binh", "cuc", "dung", "em", "giang"])
windows = st.builds(
    Window, st.frozensets(st.integers(0, 6), min_size=1), st.none() | st.builds(Span, half_hours, half_hours)
)
absences = st.tuples(st.integers(0, 13), st.integers(0, 4)).map(
    lambda days: Absence(
        FIRST.date() + timedelta(days=days[0]), FIRST.date() + timedelta(days=days[0] + days[1])
    )
)
limits = st.builds(Limit, st.integers(1, 20).map(lambda hours: hours * 60), st.sampled_from(Per))


@st.composite
def _people(draw: st.DrawFn) -> list[Person]:
    return [
        _person(
            name,
            roles=draw(roles),
            ward=draw(st.sampled_from([None, "sai-gon", "tan-dinh"])),
            windows=tuple(draw(st.lists(windows, max_size=2))),
            away=tuple(draw(st.lists(absences, max_size=1))),
            limits=tuple(draw(st.lists(limits, max_size=2))),
        )
        for name in draw(st.lists(names, min_size=1, unique=True))
    ]


@st.composite
def _vacancies(draw: st.DrawFn) -> list[Vacancy]:
    found = []
    for session in range(draw(st.integers(1, 8))):
        starts = (FIRST + draw(steps) * HALF_HOUR).astimezone(UTC)
        ends = starts + draw(st.integers(1, 10)) * HALF_HOUR
        for role in draw(roles):
            barred = draw(st.frozensets(names, max_size=1))
            found.append(Vacancy(session, role, draw(st.integers(1, 3)), starts, ends, "sai-gon", barred))
    return found


@st.composite
def _duties(draw: st.DrawFn) -> list[Duty]:
    found = []
    for name in draw(st.lists(names, max_size=4)):
        starts = (FIRST + draw(steps) * HALF_HOUR).astimezone(UTC)
        found.append(Duty(name, starts, starts + draw(st.integers(1, 10)) * HALF_HOUR))
    return found


def _fits(vacancy: Vacancy, person: Person, given: list[Duty]) -> bool:
    """The hard rules, asked half hour by half hour and without the code under test."""
    own = [duty for duty in given if duty.person == person.id]
    slots = list(_slots(vacancy.starts, vacancy.ends))
    return (
        vacancy.role in person.roles
        and person.id not in vacancy.barred
        and not any(away.first <= slot.date() <= away.last for away in person.away for slot in slots)
        and (not person.windows or all(_is_within(slot, person.windows) for slot in slots))
        and not any(set(slots) & set(_slots(duty.starts, duty.ends)) for duty in own)
        and all(
            30 * (len(slots) + sum(_counts(duty, limit, slots[0]) for duty in own)) <= limit.minutes
            for limit in person.limits
        )
    )


def _slots(starts: datetime, ends: datetime) -> Iterable[datetime]:
    count = (ends - starts) // HALF_HOUR
    return [starts.astimezone(SAIGON) + step * HALF_HOUR for step in range(count)]


def _is_within(slot: datetime, windows: Iterable[Window]) -> bool:
    day_before = (slot.weekday() - 1) % 7
    for window in windows:
        span = window.span or Span(time(0), time(0))
        till_midnight = span.end <= span.start
        begun = slot.weekday() in window.weekdays and slot.time() >= span.start
        if begun and (till_midnight or slot.time() < span.end):
            return True
        if till_midnight and day_before in window.weekdays and slot.time() < span.end:
            return True
    return False


def _counts(duty: Duty, limit: Limit, slot: datetime) -> int:
    """The half hours of a duty that count with a slot against the limit."""
    day = duty.starts.astimezone(SAIGON)
    if limit.per is Per.WEEK:
        together = day.isocalendar()[:2] == slot.isocalendar()[:2]
    else:
        together = (day.year, day.month) == (slot.year, slot.month)
    return (duty.ends - duty.starts) // HALF_HOUR if together else 0


@settings(max_examples=100)
@given(_vacancies(), _people(), _duties())
def test_no_roster_breaks_a_hard_rule_or_leaves_somebody_idle(
    vacancies: list[Vacancy], people: list[Person], duties: list[Duty]
) -> None:
    """Each choice fits beside all the others; where a seat stays empty, nobody left could take it."""
    choices = fill_roster(vacancies, people, duties, SAIGON)
    by_id = {person.id: person for person in people}
    wanted = {(vacancy.session, vacancy.role): vacancy for vacancy in vacancies}
    taken = [
        Duty(choice.person, vacancy.starts, vacancy.ends)
        for choice in choices
        for vacancy in [wanted[choice.session, choice.role]]
    ]
    assert len({(choice.session, choice.person) for choice in choices}) == len(choices)
    for number, choice in enumerate(choices):
        others = [*duties, *taken[:number], *taken[number + 1 :]]
        assert _fits(wanted[choice.session, choice.role], by_id[choice.person], others)
    filled = Counter((choice.session, choice.role) for choice in choices)
    for key, vacancy in wanted.items():
        assert filled[key] <= vacancy.count
        if filled[key] < vacancy.count:
            assert not [person.id for person in people if _fits(vacancy, person, [*duties, *taken])]


def test_a_border_between_clusters_of_wards_keeps_nobody_from_a_seat() -> None:
    """A city is split, being too large for one model: who lives on the other side is asked all the same.

    One ward has forty of fifty hours and two of sixty people: they are not left alone with them.
    """
    wards = ["ben-thanh"] * 40 + ["sai-gon"] * 10
    hours = [
        f"2026-11-{16 + number % 5} {8 + number // 5:02}:00/2026-11-{16 + number % 5} {9 + number // 5:02}:00"
        for number in range(50)
    ]
    vacancies = [
        replace(_vacancy(when, session=number), ward=ward)
        for number, (when, ward) in enumerate(zip(hours, wards, strict=True), start=1)
    ]
    people = [_person(f"p{number:02}", ward="ben-thanh" if number < 2 else "sai-gon") for number in range(60)]
    given_hours = Counter(_chosen(vacancies, people))
    assert sum(given_hours.values()) == 50
    assert max(given_hours.values()) <= 5


@settings(max_examples=50)
@given(_vacancies(), _people(), _duties(), st.integers(0, 1000))
def test_a_roster_does_not_depend_on_the_order_of_what_it_was_given(
    vacancies: list[Vacancy], people: list[Person], duties: list[Duty], seed: int
) -> None:
    """Rows come from a database in any order, and the plan that was shown is the one that is carried out."""
    before = fill_roster(vacancies, people, duties, SAIGON)
    for given_ones in (vacancies, people, duties):
        Random(seed).shuffle(given_ones)
    assert fill_roster(vacancies, people, duties, SAIGON) == before
