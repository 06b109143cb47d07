"""A part of the work that can be done alone, in another process too: some vacancies, and people for them."""

from dataclasses import dataclass
from itertools import groupby
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

# So many pairs of a person and a vacancy are one model, solved to the end; more are taken week by week.
WHOLE = 4_000
THOROUGH = Effort(nodes=2_000, gap=0.0001)
WEEKLY = Effort(nodes=200, gap=0.002, trifle=20 * POINT)
# So few are searched to the very end: the best roster, not one that is as good within a ten-thousandth.
SMALL, EXACT = 400, Effort(nodes=20_000)


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


def fill_part(part: Part) -> tuple[Choice, ...]:
    """The best roster for a part: greedily, then as one model, or week by week where that is too large."""
    draft = part.draft()
    fill_greedily(draft)
    if not is_best(draft):
        for numbers, effort in _models(draft):
            improve(draft, Neighbourhood(numbers), effort)
    return draft.choices()


def is_best(draft: Draft) -> bool:
    """Whether it can be seen without a search that no roster costs less."""
    least = sum(
        max(0, vacancy.count - len(draft.candidates(number))) * cost_of_empty(vacancy, draft.rules)
        + sum(sorted(draft.taste(number, ident) for ident in draft.candidates(number))[: vacancy.count])
        for number, vacancy in enumerate(draft.vacancies)
    )
    return draft.cost <= draft.least_cost + least


def _models(draft: Draft) -> list[tuple[tuple[int, ...], Effort]]:
    numbers = range(len(draft.vacancies))
    pairs = sum(len(draft.candidates(number)) for number in numbers)
    if pairs <= WHOLE:
        return [(tuple(numbers), EXACT if pairs <= SMALL else THOROUGH)]
    weeks = groupby(numbers, lambda number: draft.posts[number].week)
    return [(tuple(week), WEEKLY) for _, week in weeks]
