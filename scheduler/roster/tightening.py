"""Rows that say the same of whole people and more of parts of people: the search ends sooner."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import product

from scheduler.roster.cost import unfairness

Lengths = tuple[tuple[int, int], ...]

# Beyond these the combinations are many, and the plain row is nearly as good.
FEW_LENGTHS, FEW_POSTS, MOST_FACTOR = 3, 4, 3


@lru_cache(4_096)
def rows_of_limit(lengths: Lengths, room: int) -> tuple[tuple[dict[int, int], int], ...]:
    """Rows (factor of each length, limit) that hold what some posts give within `room` minutes.

    `lengths` are minutes with how many posts last so long. Where few posts fit, the rows are those of which
    no other says more: in six hours there is time for two of 150 minutes or for one of 240. "One of 240
    counts twice, and at most two" says it, where minutes would let half of each through.
    """
    sums = sums_of(length for length, count in lengths for _ in range(count))
    if sums.bit_length() - 1 <= room:
        return ()
    within = sums & ((1 << (room + 1)) - 1)
    plain = {length: length for length, _ in lengths}, within.bit_length() - 1
    if len(lengths) > FEW_LENGTHS or room // lengths[0][0] > FEW_POSTS:
        return (plain,)
    # With factors so small the others need not say all that the minutes say.
    return (plain, *_facets(lengths, room))


def sums_of(minutes: Iterable[int]) -> int:
    """All sums that some of these can add up to, as the bits of a number."""
    sums = 1
    for each in minutes:
        sums |= sums << each
    return sums


def steps_of_fairness(minutes: list[int], above: int) -> list[tuple[float, int]]:
    """Price and width of each step of what a person gives more, who gives `above` minutes too much already.

    Between two sums that can be given the price is that of the way between them: half a session, which
    nobody can give, is then not free because it lies within the fair share.
    """
    steps: list[tuple[float, int]] = []
    sums, given, cost = sums_of(minutes), 0, unfairness(above)
    for more in range(1, sums.bit_length()):
        if sums >> more & 1:
            price = (unfairness(above + more) - cost) / (more - given)
            width = more - given
            if steps and steps[-1][0] == price:
                width += steps.pop()[1]
            steps.append((price, width))
            given, cost = more, unfairness(above + more)
    return steps


def _facets(lengths: Lengths, room: int) -> tuple[tuple[dict[int, int], int], ...]:
    minutes = [length for length, _ in lengths]
    ranges = [range(min(count, room // length) + 1) for length, count in lengths]
    possible = [counts for counts in product(*ranges) if sum(map(int.__mul__, counts, minutes)) <= room]
    rows = [
        (factors, max(sum(map(int.__mul__, factors, counts)) for counts in possible))
        for factors in product(range(MOST_FACTOR + 1), repeat=len(minutes))
        if any(factors)
    ]
    rows = [row for row in rows if not any(_says_more(other, row) for other in rows)]
    return tuple((dict(zip(minutes, factors, strict=True)), limit) for factors, limit in rows)


def _says_more(one: tuple[tuple[int, ...], int], other: tuple[tuple[int, ...], int]) -> bool:
    """Whether `one` implies `other`, and comes first where both say the same."""
    (factors, limit), (others, their_limit) = one, other
    if limit == 0:
        implies = all(factor or not theirs for factor, theirs in zip(factors, others, strict=True))
    else:
        implies = all(
            factor * their_limit >= theirs * limit for factor, theirs in zip(factors, others, strict=True)
        )
    same = implies and _implied_back(one, other)
    return implies and (not same or (limit, factors) < (their_limit, others))


def _implied_back(one: tuple[tuple[int, ...], int], other: tuple[tuple[int, ...], int]) -> bool:
    (factors, limit), (others, their_limit) = one, other
    if their_limit == 0:
        return limit == 0 and all(
            theirs or not factor for factor, theirs in zip(factors, others, strict=True)
        )
    return all(theirs * limit >= factor * their_limit for factor, theirs in zip(factors, others, strict=True))
