"""Why somebody sits where they sit: who else could, and at what cost; or what stands in everybody's way."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scheduler.roster.cost import AWAY_FROM_HOME, POINT, cost_of_taste
from scheduler.roster.draft import Draft
from scheduler.roster.load import Obstacle
from scheduler.timetable.shift import Role


class Ground(StrEnum):
    """What makes a person cost something at a seat."""

    FAIRNESS = "fairness"
    HOME = "home"
    LIKING = "liking"
    STAYING = "staying"


@dataclass(frozen=True, slots=True)
class Rival:
    """Somebody else who could sit there, and how many points more that would cost; less where negative.

    A point is half an hour of duty above a fair share.
    """

    person: str
    more: float


@dataclass(frozen=True, slots=True)
class Reason:
    """One seat: who sits there and what that costs, or nobody; who else could; what keeps all others away.

    `grounds` add up to the cost. Who `is_named` was not chosen: the settings say so.
    """

    role: Role
    person: str | None
    cost: float = 0.0
    rivals: tuple[Rival, ...] = ()
    obstacles: Counter[Obstacle] = field(default_factory=Counter)
    is_named: bool = False
    grounds: Mapping[Ground, float] = field(default_factory=dict)


def explain(draft: Draft) -> tuple[Reason, ...]:
    """The reasons for each seat of one session; `draft` has all its seats, with those seated who hold one.

    Who is cheapest comes first among `rivals`. All empty seats of a role have one reason.
    """
    reasons: list[Reason] = []
    for number, vacancy in enumerate(draft.vacancies):
        reasons += [_of_seat(draft, number, ident) for ident in sorted(draft.seats[number])]
        if draft.empty(number):
            reasons.append(
                Reason(vacancy.role, None, 0.0, _able(draft, number, 0), _in_the_way(draft, number))
            )
    return tuple(reasons)


def _of_seat(draft: Draft, number: int, ident: str) -> Reason:
    draft.unseat(number, ident)
    own, grounds = draft.price(number, ident), _grounds(draft, number, ident)
    rivals = tuple(one for one in _able(draft, number, own) if one.person != ident)
    draft.seat(number, ident)
    return Reason(draft.vacancies[number].role, ident, own / POINT, rivals, grounds=grounds)


def _grounds(draft: Draft, number: int, ident: str) -> dict[Ground, float]:
    person, vacancy, kept = draft.people[ident], draft.vacancies[number], draft.taste(number, ident)
    taste, home = cost_of_taste(person, vacancy), AWAY_FROM_HOME * (person.ward != vacancy.ward)
    costs = {
        Ground.FAIRNESS: draft.price(number, ident) - kept,
        Ground.HOME: home,
        Ground.LIKING: taste - home,
        Ground.STAYING: kept - taste,
    }
    return {ground: cost / POINT for ground, cost in costs.items() if cost}


def _able(draft: Draft, number: int, own: int) -> tuple[Rival, ...]:
    able = [ident for ident in draft.candidates(number) if draft.fits(number, ident)]
    rivals = [Rival(ident, (draft.price(number, ident) - own) / POINT) for ident in able]
    return tuple(sorted(rivals, key=lambda one: (one.more, one.person)))


def _in_the_way(draft: Draft, number: int) -> Counter[Obstacle]:
    """What keeps each of that role away who does not sit at this session already."""
    session = draft.vacancies[number].session
    role = draft.vacancies[number].role
    found = (
        draft.obstacle(number, ident)
        for ident, person in draft.people.items()
        if role in person.roles and not draft.load.is_there(ident, session)
    )
    return Counter(obstacle for obstacle in found if obstacle is not None)
