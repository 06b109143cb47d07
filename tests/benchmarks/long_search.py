"""The best roster of a desk that an hour finds: `python -m tests.benchmarks.long_search [M|L] [SECONDS]`.

The middle desk and an hour of CPU unless told otherwise, in one process. It begins with what `fill_roster`
finds and makes parts of it better, drawn with a fixed seed: of as many neighbouring wards as the middle desk
has, a week with everybody, two weeks of more than half of the people, or all four of some. Only where it
stops hangs on the machine.
"""

import sys
import time
from random import Random

from scheduler.roster.cost import POINT
from scheduler.roster.draft import Draft
from scheduler.roster.fill import drafted, fill_roster
from scheduler.roster.improve import improve
from scheduler.roster.model import Effort
from scheduler.roster.programme import Neighbourhood
from tests import rostering

AN_HOUR = 3600.0
SIZES = {"M": rostering.M, "L": rostering.L}
WARDS, MOST, SOME = rostering.M.wards, 350, (90, 120, 150)
WIDE, NARROW = Effort(nodes=200, gap=0.0005), Effort(nodes=300, gap=0.0003)


def search(draft: Draft, seconds: float) -> None:
    """Makes a draft better for so many seconds of CPU, and says how good it is whenever that changes."""
    random, begin, step = Random(7), time.process_time(), 0
    while time.process_time() - begin < seconds:
        step += 1
        cost = draft.cost
        where, effort = _drawn(draft, random, step)
        improve(draft, where, effort)
        if draft.cost < cost:
            spent = time.process_time() - begin
            print(f"{spent:7.0f} s CPU, step {step:5}: {draft.cost / POINT:.0f}", flush=True)


def _drawn(draft: Draft, random: Random, step: int) -> tuple[Neighbourhood, Effort]:
    numbers, ids = _neighbours(draft, random)
    weeks = sorted({draft.posts[each].week for each in numbers})
    if step % 4 == 0:
        week = random.choice(weeks)
        own = tuple(each for each in numbers if draft.posts[each].week == week)
        return Neighbourhood(own), WIDE
    if step % 4 == 2:
        two, people = random.sample(weeks, 2), frozenset(random.sample(ids, min(MOST, len(ids))))
        return Neighbourhood(tuple(each for each in numbers if draft.posts[each].week in two), people), WIDE
    return Neighbourhood(numbers, frozenset(random.sample(ids, random.choice(SOME)))), NARROW


def _neighbours(draft: Draft, random: Random) -> tuple[tuple[int, ...], list[str]]:
    """The vacancies of some wards in a row, and the people at home there."""
    wards = sorted({vacancy.ward for vacancy in draft.vacancies})
    first = random.randrange(max(1, len(wards) - WARDS + 1))
    some = set(wards[first : first + WARDS])
    numbers = tuple(each for each, vacancy in enumerate(draft.vacancies) if vacancy.ward in some)
    # In a small desk everybody is a neighbour, also who is at home nowhere.
    near = (
        ident for ident in sorted(draft.people) if len(wards) <= WARDS or draft.people[ident].ward in some
    )
    return numbers, list(near)


if __name__ == "__main__":
    size, seconds = "M", AN_HOUR
    for word in sys.argv[1:]:
        size, seconds = (word, seconds) if word in SIZES else (size, float(word))
    desk = rostering.made_up(SIZES[size])
    search(drafted(desk, fill_roster(desk)), seconds)
