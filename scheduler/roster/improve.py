"""Part of a draft made as good as it can be, while the rest stays as it is."""

from collections.abc import Mapping
from dataclasses import replace

from scheduler.roster.draft import Draft
from scheduler.roster.model import Effort, Model, Solution
from scheduler.roster.programme import Neighbourhood, Programme
from scheduler.roster.solver import solve


def improve(draft: Draft, where: Neighbourhood, effort: Effort) -> Solution | None:
    """Makes these vacancies of the draft cost least, within `effort`; never worse than before."""
    before = {number: frozenset(draft.seats[number]) for number in where.numbers}
    cost = draft.cost
    for number, ident in _movable(draft, where):
        draft.unseat(number, ident)
    programme = Programme(draft, where, before)
    solution = None if programme.is_empty else _solution(programme, effort)
    if solution is not None:
        for number, ident in programme.seated(solution.values):
            # A solver rounds: it has no last word on a hard rule.
            if draft.fits(number, ident):
                draft.seat(number, ident)
        if draft.cost < cost:
            return solution
    # What is only as good moves people for nothing.
    _restore(draft, before)
    return solution


def _solution(programme: Programme, effort: Effort) -> Solution | None:
    """One in which nobody is cut into parts: of ways that cost the same a search may take half of each."""
    found = (
        _led(programme.model, effort) if effort.is_led else solve(programme.model, programme.start(), effort)
    )
    if found is None or programme.is_whole(found.values):
        return found
    settled = solve(programme.model.settled(found.values), {}, effort)
    if settled is None or not programme.is_whole(settled.values):
        return None
    return replace(found, values=settled.values)


def _led(model: Model, effort: Effort) -> Solution | None:
    relaxed = solve(model.relaxed(), {}, effort)
    return solve(model.led_by(relaxed.values), {}, effort) if relaxed else None


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
