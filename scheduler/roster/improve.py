"""Part of a draft made as good as it can be, while the rest stays as it is."""

from collections.abc import Mapping

from scheduler.roster.draft import Draft
from scheduler.roster.model import Effort, Solution
from scheduler.roster.programme import Neighbourhood, Programme
from scheduler.roster.solver import solve


def improve(draft: Draft, where: Neighbourhood, effort: Effort) -> Solution | None:
    """Makes these vacancies of the draft cost least, within `effort`; never worse than before."""
    before = {number: frozenset(draft.seats[number]) for number in where.numbers}
    cost = draft.cost
    for number, ident in _movable(draft, where):
        draft.unseat(number, ident)
    programme = Programme(draft, where, before)
    solution = solve(programme.model, programme.start(), effort) if programme.pairs else None
    if solution is not None:
        for (number, ident), column in programme.pairs.items():
            if solution.values[column] > 0.5:
                draft.seat(number, ident)
        if draft.cost < cost:
            return solution
    # What is only as good moves people for nothing.
    _restore(draft, before)
    return solution


def _movable(draft: Draft, where: Neighbourhood) -> list[tuple[int, str]]:
    return [
        (number, ident)
        for number in where.numbers
        for ident in sorted(draft.seats[number])
        if where.people is None or ident in where.people
    ]


def _restore(draft: Draft, before: Mapping[int, frozenset[str]]) -> None:
    for number, seats in before.items():
        for ident in sorted(draft.seats[number] - seats):
            draft.unseat(number, ident)
    for number, seats in before.items():
        for ident in sorted(seats - draft.seats[number]):
            draft.seat(number, ident)
