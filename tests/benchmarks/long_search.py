"""The best roster of the middle desk that an hour finds: `python -m tests.benchmarks.long_search [SECONDS]`.

An hour of CPU unless told otherwise, in one process. It begins with what `fill_roster` finds and makes parts
of it better, drawn with a fixed seed: a week of everybody, two weeks of more than half of the people, or all
four of some. Only where it stops hangs on the machine.
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
MOST, SOME = 350, (90, 120, 150)
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
    numbers, ids = range(len(draft.vacancies)), sorted(draft.people)
    weeks = sorted({post.week for post in draft.posts})
    if step % 4 == 0:
        week = random.choice(weeks)
        return Neighbourhood(tuple(each for each in numbers if draft.posts[each].week == week)), WIDE
    if step % 4 == 2:
        two, people = random.sample(weeks, 2), frozenset(random.sample(ids, MOST))
        return Neighbourhood(tuple(each for each in numbers if draft.posts[each].week in two), people), WIDE
    return Neighbourhood(tuple(numbers), frozenset(random.sample(ids, random.choice(SOME)))), NARROW


if __name__ == "__main__":
    desk = rostering.made_up(rostering.M)
    search(drafted(desk, fill_roster(desk)), float(sys.argv[1]) if len(sys.argv) > 1 else AN_HOUR)
