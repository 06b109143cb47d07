"""A part of the work that can be done alone, in another process too: some vacancies, and people for them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from math import ceil
from zoneinfo import ZoneInfo

from scheduler.roster.cost import POINT, Shares, cost_of_empty
from scheduler.roster.draft import Draft
from scheduler.roster.greedy import fill_greedily
from scheduler.roster.improve import improve
from scheduler.roster.model import Effort
from scheduler.roster.person import Person
from scheduler.roster.programme import Neighbourhood
from scheduler.roster.rules import RosterRules
from scheduler.roster.vacancy import Choice, Duty, Vacancy

# Times that somebody could serve at some hours. So few are searched to the very end: the best roster, not one
# that is as good within a ten-thousandth.
SMALL, EXACT = 150, Effort(nodes=20_000, proves=True)
# So many are one model, solved to the end; so many one model, of which the doubtful part is searched; more
# are taken week by week, and then in turn so many people at a time in two weeks, and week by week again.
WHOLE, ONE, TOGETHER = 1_300, 3_000, 400
# In one of many clusters so few at a time over all weeks: quicker, and made better with the others.
FEW = 80
THOROUGH = Effort(nodes=2_000, gap=0.0001, proves=True)
LED = Effort(nodes=50, gap=0.001, is_led=True)
POLISH = Effort(nodes=50, gap=0.0005, trifle=2 * POINT)
AGAIN = Effort(nodes=200, gap=0.0005)

Told = Callable[[int, int], None]
Numbers = tuple[int, ...]
Step = tuple[Neighbourhood, Effort]
# By the vacancies of each week and all people: rounds of steps, and after each all weeks are taken again.
Search = Callable[[Sequence[Numbers], Sequence[str]], Iterator[Iterable[Step]]]


@dataclass(frozen=True, slots=True)
class Part:
    """What `Draft` is made of; `before` names who sits on these vacancies now and may be moved."""

    vacancies: tuple[Vacancy, ...]
    people: tuple[Person, ...]
    duties: tuple[Duty, ...]
    zone: ZoneInfo
    rules: RosterRules
    shares: Shares
    before: tuple[Choice, ...] = ()

    def draft(self) -> Draft:
        """The draft with everybody where they were."""
        draft = Draft(
            self.vacancies, self.people, self.duties, self.zone, self.rules, self.shares, self.before
        )
        for number, idents in draft.before.items():
            for ident in sorted(idents):
                draft.seat(number, ident)
        return draft


def fill_part(part: Part, told: Told | None = None) -> tuple[Choice, ...]:
    """The best roster for a part: greedily, then by models as large as can be solved.

    `told` hears how many of how many models are done.
    """
    return _filled(part, _by_fortnights, told)


def fill_cluster(part: Part) -> tuple[Choice, ...]:
    """The same with less work, for one part of many."""
    return _filled(part, _by_groups)


def _filled(part: Part, search: Search, told: Told | None = None) -> tuple[Choice, ...]:
    draft = part.draft()
    fill_greedily(draft)
    models = [] if is_best(draft) else list(_models(draft, search))
    for done, (where, effort) in enumerate(models, start=1):
        improve(draft, where, effort)
        if told:
            told(done, len(models))
    return draft.choices()


def count_stints(draft: Draft) -> int:
    """How often somebody could serve at some hours: a search goes through as many columns of a model."""
    able: dict[tuple[int, int], set[str]] = defaultdict(set)
    for number, post in enumerate(draft.posts):
        able[post.starts, post.ends].update(draft.able(number))
    return sum(map(len, able.values()))


def is_best(draft: Draft) -> bool:
    """Whether it can be seen without a search that no roster costs less."""
    least = sum(
        max(0, vacancy.count - len(draft.candidates(number))) * cost_of_empty(vacancy, draft.rules)
        + sum(sorted(draft.taste(number, ident) for ident in draft.candidates(number))[: vacancy.count])
        for number, vacancy in enumerate(draft.vacancies)
    )
    return draft.cost <= draft.least_cost + least


def _models(draft: Draft, search: Search) -> Iterator[Step]:
    numbers, stints = tuple(range(len(draft.vacancies))), count_stints(draft)
    if stints <= ONE:
        yield Neighbourhood(numbers), EXACT if stints <= SMALL else THOROUGH if stints <= WHOLE else LED
        return
    weeks = [tuple(week) for _, week in groupby(numbers, lambda number: draft.posts[number].week)]
    yield from ((Neighbourhood(week), LED) for week in weeks)
    for steps in search(weeks, sorted(draft.people)):
        yield from steps
        yield from ((Neighbourhood(week), AGAIN) for week in weeks)


def _by_groups(weeks: Sequence[Numbers], ids: Sequence[str]) -> Iterator[Iterable[Step]]:
    """Few people at a time over all weeks."""
    numbers = tuple(sorted(chain(*weeks)))
    for people in _groups(ids, FEW):
        yield ((Neighbourhood(numbers, some), POLISH) for some in people)


def _by_fortnights(weeks: Sequence[Numbers], ids: Sequence[str]) -> Iterator[Iterable[Step]]:
    """Half of the people at a time, or as many as can be, and two weeks: others together the second time."""
    later = (*weeks[1:], weeks[0])
    for people, order in zip(_groups(ids, min(TOGETHER, ceil(len(ids) / 2))), (weeks, later), strict=True):
        twos = [tuple(chain(*order[first : first + 2])) for first in range(0, len(order), 2)]
        yield ((Neighbourhood(two, some), AGAIN) for some in people for two in twos)


def _groups(ids: Sequence[str], most: int) -> Iterator[list[frozenset[str]]]:
    """All people in groups, twice: no two are together both times, but for few."""
    groups = ceil(len(ids) / most)
    yield [frozenset(ids[first::groups]) for first in range(groups)]
    yield [frozenset(ids[first : first + most]) for first in range(0, len(ids), most)]
