"""Receipts: ranks that only rise."""

from functools import reduce
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from notifications.message import State
from notifications.receipt import STATE_OF, Rank, merge

RANKS = st.none() | st.sampled_from(Rank)


def test_every_rank_means_a_state() -> None:
    """From "taken" to "arrived", each is a state in which the text has left."""
    assert {rank.name: STATE_OF[rank] for rank in Rank} == {
        "TAKEN": State.SENT,
        "SENT": State.SENT,
        "NOT_ARRIVED": State.UNDELIVERED,
        "ARRIVED": State.DELIVERED,
    }


@given(RANKS, RANKS)
def test_the_order_of_two_does_not_matter(one: Rank | None, other: Rank | None) -> None:
    """Which came first, nobody can see afterwards."""
    assert merge(one, other) == merge(other, one)


@given(RANKS)
def test_a_repeated_one_changes_nothing(rank: Rank | None) -> None:
    """Providers repeat themselves."""
    assert merge(rank, rank) == rank


@given(RANKS, RANKS)
def test_nothing_goes_back(known: Rank | None, told: Rank | None) -> None:
    """What is known of a text never becomes less."""
    merged = merge(known, told)
    assert merged == max(known or Rank(1), told or Rank(1)) if known or told else merged is None


@given(st.lists(RANKS, max_size=5))
def test_every_order_ends_alike(ranks: list[Rank | None]) -> None:
    """Late, twice, in any order."""
    start: Rank | None = None
    assert len({reduce(merge, order, start) for order in permutations(ranks)}) == 1
