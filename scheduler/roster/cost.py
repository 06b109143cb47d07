"""What a roster costs: every weight in minutes of duty above somebody's fair share.

A tier weighs so much that no sum of what is below it comes near in practice: a seat that is filled, a leader,
people who stay where they are, fairness, what people like best, the home ward.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.roster.person import Person
from scheduler.roster.rules import RosterRules
from scheduler.roster.vacancy import Vacancy
from scheduler.timetable.shift import Role

POINT = 30
EMPTY_SEAT = 1000 * POINT
NO_LEADER = 300 * POINT
CHANGE = 40 * POINT
AWAY_FROM_HOME = 3 * POINT
# The service liked best, another one that is liked, any other.
LIKED = (0, 1 * POINT, 3 * POINT)
# So many minutes above the fair share cost so much each; each further one the last.
STEPS = ((120, 1), (120, 2), (240, 3))
BEYOND = 4


@dataclass(frozen=True, slots=True)
class Share:
    """Minutes that a person has given or holds, and the minutes that would be fair."""

    given: int = 0
    fair: int = 0


Shares = Mapping[str, Share]


def cost_of_empty(vacancy: Vacancy, rules: RosterRules) -> int:
    """What one seat of this vacancy costs while nobody sits there."""
    cost = EMPTY_SEAT + (NO_LEADER if vacancy.role is Role.LEADER else 0)
    return 2 * cost if vacancy.service in rules.first else cost


def cost_of_taste(person: Person, vacancy: Vacancy) -> int:
    """What it costs that a person serves here and not where they like it best, and are at home."""
    cost = 0 if person.ward == vacancy.ward else AWAY_FROM_HOME
    if not person.prefers:
        return cost
    if vacancy.service not in person.prefers:
        return cost + LIKED[2]
    return cost + LIKED[min(person.prefers.index(vacancy.service), 1)]


def unfairness(above: int) -> int:
    """What so many minutes above the fair share cost; the more, the dearer each."""
    cost = 0
    for width, price in STEPS:
        if above <= 0:
            return cost
        cost += min(above, width) * price
        above -= width
    return cost + max(above, 0) * BEYOND
