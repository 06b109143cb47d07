"""Proposes people for what is not covered: the best roster, the same every time, breaking no rule."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from scheduler.roster.draft import Draft
from scheduler.roster.greedy import fill_greedily, fill_one
from scheduler.roster.improve import improve
from scheduler.roster.part import AGAIN, THOROUGH, Part, Told, count_stints, fill_cluster, fill_part
from scheduler.roster.person import Person
from scheduler.roster.programme import Neighbourhood
from scheduler.roster.vacancy import Choice

# Times that somebody could serve which one cluster of wards should have in a week.
COMFORTABLE = 1_800
# Who is asked whether they would rather stand elsewhere, for one empty seat.
ASKED = 40
# Seats for which people are moved at one time, each a tenth of a second: nothing else is written meanwhile.
REPAIRS = 40

Each = Callable[[Callable[[Part], tuple[Choice, ...]], Sequence[Part]], Iterable[tuple[Choice, ...]]]


def fill_roster(part: Part, each: Each = map, told: Told | None = None) -> tuple[Choice, ...]:
    """Who should sit on these vacancies, those who sit there already among them.

    What is too large for one model is split into clusters of wards, and `each` applies a function to all of
    them, in other processes if it likes: the result does not depend on that. Then everybody may go where the
    borders of their cluster kept them from; `told` hears how many of how many steps of that are done.
    """
    parts = clusters(part)
    fill = fill_part if len(parts) == 1 else fill_cluster
    found = [choice for choices in each(fill, parts) for choice in choices]
    if len(parts) == 1:
        return tuple(found)
    draft = drafted(part, found)
    fill_greedily(draft, empty_in(draft))
    weeks = _weeks_across(draft, len(parts))
    for done, week in enumerate(weeks, start=1):
        improve(draft, Neighbourhood(week), AGAIN)
        if told:
            told(done, len(weeks))
    for number in empty_in(draft):
        repair(draft, number)
    return draft.choices()


def _weeks_across(draft: Draft, count: int) -> list[tuple[int, ...]]:
    """The vacancies of each week in wards on both sides of a border between clusters, for all borders."""
    wards = sorted({vacancy.ward for vacancy in draft.vacancies})
    nearest = {ward: (index * 2 * count // len(wards) + 1) // 2 % count for index, ward in enumerate(wards)}
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, vacancy in enumerate(draft.vacancies):
        found[nearest[vacancy.ward], draft.posts[number].week].append(number)
    return [tuple(found[each]) for each in sorted(found)]


def rearrange(part: Part) -> tuple[Choice, ...]:
    """Who should sit where so that vacancies are filled that nobody free can take.

    Those of `part.before` may be moved for it, within a week; where they sat somebody sits afterwards. Each
    seat that is filled moves as few as can be, and no session is made better at the price of a move.
    """
    draft = part.draft()
    for number in empty_in(draft)[:REPAIRS]:
        fill_one(draft, number)
        if draft.empty(number):
            repair(draft, number)
    return draft.choices()


def mend(part: Part, choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """The roster of these choices, as far as they still may be, with the rest filled as well as is quick.

    They were found for a part of which a little has changed since. No rule of the part is broken.
    """
    draft = part.draft()
    numbers = {(one.session, one.role): number for number, one in enumerate(draft.vacancies)}
    for choice in choices:
        number = numbers.get((choice.session, choice.role))
        if number is None or choice.person not in draft.people or choice.person in draft.seats[number]:
            continue
        if draft.empty(number) and draft.obstacle(number, choice.person) is None:
            draft.seat(number, choice.person)
    fill_greedily(draft, empty_in(draft))
    for number in empty_in(draft)[:REPAIRS]:
        repair(draft, number)
    return draft.choices()


def drafted(part: Part, choices: Iterable[Choice]) -> Draft:
    """The draft of a part with these choices made."""
    draft = part.draft()
    for number, seats in enumerate(draft.seats):
        for ident in sorted(seats):
            draft.unseat(number, ident)
    numbers = {(one.session, one.role): number for number, one in enumerate(draft.vacancies)}
    for choice in choices:
        draft.seat(numbers[choice.session, choice.role], choice.person)
    return draft


def empty_in(draft: Draft) -> list[int]:
    """The vacancies with an empty seat, by number."""
    return [number for number in range(len(draft.vacancies)) if draft.empty(number)]


def repair(draft: Draft, number: int) -> None:
    """Fills what is empty of one vacancy by moving people who could sit there, within its week.

    What they leave is filled again: of no other vacancy more seats, or fewer, are empty afterwards.
    """
    asked = frozenset(_askable(draft, number))
    week = draft.posts[number].week
    theirs = [
        other
        for other, seats in enumerate(draft.seats)
        if draft.posts[other].week == week and other != number and not asked.isdisjoint(seats)
    ]
    if not theirs:
        return
    helpers = asked | {ident for other in theirs for ident in draft.candidates(other)[:ASKED]}
    where = Neighbourhood((number, *theirs), frozenset(helpers), frozenset(theirs))
    improve(draft, where, THOROUGH)


def _askable(draft: Draft, number: int) -> list[str]:
    """Of those who could sit here, the ones who give least beyond their share."""
    return sorted(draft.candidates(number), key=lambda ident: (draft.above(ident), ident))[:ASKED]


def clusters(part: Part) -> list[Part]:
    """Parts of neighbouring wards, with the people at home there; one where all is small enough."""
    draft = part.draft()
    weeks = len({post.week for post in draft.posts})
    count = max(1, round(count_stints(draft) / max(weeks, 1) / COMFORTABLE))
    wards = sorted({vacancy.ward for vacancy in part.vacancies})
    if count == 1 or len(wards) < count:
        return [part]
    home = {ward: index * count // len(wards) for index, ward in enumerate(wards)}
    people = _at_home(part.people, home, count)
    return [_cluster(part, people[number], home, number) for number in range(count)]


def _at_home(people: Iterable[Person], home: dict[str, int], count: int) -> dict[int, list[Person]]:
    """People by cluster; who is at home in none of the wards goes where fewest are."""
    found: dict[int, list[Person]] = {number: [] for number in range(count)}
    homeless = []
    for person in sorted(people, key=lambda each: each.id):
        if person.ward in home:
            found[home[person.ward]].append(person)
        else:
            homeless.append(person)
    for person in homeless:
        found[min(found, key=lambda number: (len(found[number]), number))].append(person)
    return found


def _cluster(part: Part, people: list[Person], home: dict[str, int], number: int) -> Part:
    own = {person.id for person in people}
    vacancies = tuple(one for one in part.vacancies if home[one.ward] == number)
    theirs = {(one.session, one.role) for one in vacancies}
    return replace(
        part,
        vacancies=vacancies,
        people=tuple(people),
        duties=tuple(duty for duty in part.duties if duty.person in own),
        shares={ident: share for ident, share in part.shares.items() if ident in own},
        before=tuple(one for one in part.before if (one.session, one.role) in theirs and one.person in own),
    )
