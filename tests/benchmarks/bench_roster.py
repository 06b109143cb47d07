"""How good a roster is, and what it costs to find: made-up desks of three sizes, and a no on one of them.

A cost is in points: half an hour of duty above a fair share is one. The bound is that of `relaxation`, over
the whole desk: no roster costs less. What a long search finds is kept in `LONG_SEARCH`; its command makes it
again.
"""

import resource
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from random import Random
from statistics import median

from scheduler.roster.cost import POINT
from scheduler.roster.draft import Draft
from scheduler.roster.fill import drafted, empty_in, fill_roster, rearrange
from scheduler.roster.part import Part
from scheduler.roster.programme import Neighbourhood, Programme
from scheduler.roster.vacancy import Choice, Vacancy
from tests import rostering
from tests.benchmarks.relaxation import bound_of_relaxation

TINY = rostering.Size(20, 24, 2)
S_CPU, M_CPU, NO_CPU, L_WALL, L_MEMORY = 2.0, 60.0, 0.5, 180.0, 1024
M_GAP, FROM_LONG = 0.20, 0.05
# python -m tests.benchmarks.long_search SIZE SECONDS: seconds of CPU, and the cost that it came down to.
LONG_SEARCH = {"M": (1_380, 13_944), "L": (3_600, 198_704)}
REFUSALS = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A roster: its cost in points, what none can cost less than, seats left empty, CPU seconds, memory."""

    seats: int
    empty: int
    cost: float
    bound: float
    cpu: float
    megabytes: int

    @property
    def gap(self) -> float:
        """The part of the cost that a better roster could save at most."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0

    def __str__(self) -> str:
        return (
            f"{self.seats:6} seats {self.empty:4} empty  cost {self.cost:10.0f}"
            f"  bound {self.bound:10.0f} ({self.gap:.1%})  {self.cpu:6.1f} s CPU  {self.megabytes:4} MB"
        )


def measure(size: rostering.Size) -> Found:
    """Fills a desk of this size in one process, and bounds the cost."""
    part = rostering.made_up(size)
    begin = time.process_time()
    choices = fill_roster(part)
    return judged(part, choices, time.process_time() - begin)


def judged(part: Part, choices: Sequence[Choice], cpu: float) -> Found:
    """A roster beside its bound, looked over for broken rules."""
    megabytes = max(map(_peak, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
    draft = drafted(part, choices)
    assert_allowed(draft)
    seats = sum(vacancy.count for vacancy in draft.vacancies)
    empty = sum(draft.empty(number) for number in empty_in(draft))
    return Found(seats, empty, draft.cost / POINT, bound_of(part), cpu, megabytes)


def assert_allowed(draft: Draft) -> None:
    """Everybody could be seated where they sit if they were the last to come."""
    for number, seats in enumerate(draft.seats):
        for ident in sorted(seats):
            draft.unseat(number, ident)
            assert draft.obstacle(number, ident) is None, (number, ident)
            draft.seat(number, ident)


def bound_of(part: Part) -> float:
    """What the whole desk costs at least: people may be cut into parts, and nothing else is left out."""
    draft = part.draft()
    numbers = tuple(range(len(draft.vacancies)))
    programme = Programme(draft, Neighbourhood(numbers), {number: frozenset() for number in numbers})
    return (draft.least_cost + bound_of_relaxation(programme.model)) / POINT


def _peak(who: int) -> int:
    return resource.getrusage(who).ru_maxrss // 1024


def beyond_long_search(size: str, found: Found) -> float:
    """The part by which a roster costs more than what a long search came down to; printed as well."""
    seconds, least = LONG_SEARCH[size]
    beyond = (found.cost - least) / least
    print(f"{beyond:.1%} beyond the {least} of {seconds} s CPU of tests.benchmarks.long_search {size}")
    return beyond


def refuse(part: Part, choices: Sequence[Choice], count: int) -> list[tuple[int, float]]:
    """Says no in the name of some, one by one; how many seats changed each time, and CPU seconds."""
    random, found = Random(7), []
    for _ in range(count):
        gone = random.choice(choices)
        stays = tuple(one for one in choices if one != gone)
        now = replace(part, before=stays, vacancies=_without(part.vacancies, gone))
        begin = time.process_time()
        after = rearrange(now)
        spent = time.process_time() - begin
        found.append((len(set(choices) - set(after)) + len(set(after) - set(choices)), spent))
    return found


def _without(vacancies: Iterable[Vacancy], gone: Choice) -> tuple[Vacancy, ...]:
    """Only the session of the one who said no has something empty."""
    return tuple(
        replace(one, barred=one.barred | {gone.person}) if one.session == gone.session else one
        for one in vacancies
    )


def test_a_small_desk_is_filled_at_best() -> None:
    """S: within a ten-thousandth of the best, in 2 s of CPU."""
    for seed in (7, 11, 12, 13):
        found = measure(replace(rostering.S, seed=seed))
        print(f"\nS, seed {seed}: {found}  (wanted: {S_CPU} s)")


def test_a_large_desk_is_filled_well_and_a_no_moves_two_seats() -> None:
    """M: near what a long search finds, in a minute of CPU; a no changes two seats, in half a second."""
    part = rostering.made_up(rostering.M)
    begin = time.process_time()
    choices = fill_roster(part)
    found = judged(part, choices, time.process_time() - begin)
    print(f"\nM: {found}  (wanted: {M_CPU} s)")
    beyond = beyond_long_search("M", found)
    changes = refuse(_settled(part, choices), choices, REFUSALS)
    spent = [cpu for _, cpu in changes]
    print(
        f"a no: median {median(seats for seats, _ in changes)} seats changed, most {max(changes)[0]};"
        f" {median(spent):.2f} s CPU, most {max(spent):.2f}  (wanted: 2 seats, {NO_CPU} s)"
    )
    assert found.gap <= M_GAP
    assert beyond <= FROM_LONG


def _settled(part: Part, choices: Sequence[Choice]) -> Part:
    """The desk with vacancies cut to what is filled: what is empty for want of people is not asked again."""
    seats = {(one.session, one.role): 0 for one in part.vacancies}
    for choice in choices:
        seats[choice.session, choice.role] += 1
    return replace(
        part,
        vacancies=tuple(
            replace(one, count=seats[one.session, one.role])
            for one in part.vacancies
            if seats[one.session, one.role]
        ),
    )


def test_a_city_is_filled_by_two_processes() -> None:
    """L: three minutes on two cores, and a gigabyte in the largest process; the bound is found afterwards."""
    part = rostering.made_up(rostering.L)
    begin, spent = time.monotonic(), _cpu()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        choices = fill_roster(part, _by(pool))
    wall = time.monotonic() - begin
    found = judged(part, choices, _cpu() - spent)
    print(f"\nL: {found} in the largest process, {wall:.0f} s  (wanted: {L_WALL} s, {L_MEMORY} MB)")
    assert found.gap <= M_GAP
    assert beyond_long_search("L", found) <= FROM_LONG


def _cpu() -> float:
    """Seconds that this process and its children took, once these have ended."""
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def _by(pool: ProcessPoolExecutor) -> Callable[..., Iterable[tuple[Choice, ...]]]:
    return pool.map
