"""How often an address may try what opens nothing, and what a crowd of them does to others."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.web.personal.tries import REMEMBERED, Allowance, Tries, household

NOW = datetime(2026, 11, 17, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def tries(most: int = 3, over_all: int = 100, free: int = 1) -> Tries:
    """So many at once from an address and over all, and one more each ten seconds and each second."""
    return Tries(Allowance(most, 10 * SECOND), Allowance(over_all, SECOND), free)


def test_an_address_has_so_many_at_once_and_then_one_at_a_time() -> None:
    """What was refused is not counted: who waits is let in, however often they asked before."""
    door = tries()
    assert [door.begin("a", NOW) for _ in range(5)] == [True, True, True, False, False]
    assert not door.begin("a", NOW + 9 * SECOND)
    assert door.begin("a", NOW + 10 * SECOND)
    assert not door.begin("a", NOW + 10 * SECOND)
    assert [door.begin("a", NOW + 60 * SECOND) for _ in range(4)] == [True, True, True, False]


def test_what_opened_something_is_given_back() -> None:
    """Good codes of a whole ward office do not add up."""
    door = tries()
    for _ in range(20):
        assert door.begin("a", NOW)
        door.give_back("a", NOW)


def test_tries_begun_at_once_count_before_they_end() -> None:
    """Who sends a hundred before the first is answered is refused all but the first few."""
    door = tries()
    assert sum(door.begin("a", NOW) for _ in range(100)) == 3


def test_a_crowd_takes_only_what_is_not_free() -> None:
    """When all are used up, each address still has its free ones, and the rest comes back with time."""
    door = tries(most=5, over_all=10, free=2)
    for house in range(50):
        door.begin(f"10.0.0.{house}", NOW)
    assert [door.begin("192.0.2.1", NOW) for _ in range(3)] == [True, True, False]
    assert door.begin("192.0.2.1", NOW + 2 * SECOND)


def test_a_clock_set_back_frees_nobody_and_locks_nobody_out_for_good() -> None:
    """Nothing leaks while it is behind; from there on time counts as ever."""
    door = tries()
    for _ in range(3):
        door.begin("a", NOW)
    assert not door.begin("a", NOW - timedelta(days=1))
    assert door.begin("a", NOW - timedelta(days=1) + 11 * SECOND)


def test_addresses_are_forgotten_when_there_are_too_many() -> None:
    """The one that was quiet longest first, so that memory has an end."""
    door = tries()
    for _ in range(3):
        door.begin("a", NOW)
    for number in range(REMEMBERED):
        door.begin(f"b{number}", NOW)
    assert door.begin("a", NOW)


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::ff", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("no address", "no address"),
    ],
)
def test_one_customer_is_one_address(address: str, counts_as: str) -> None:
    """Who has a network of IPv6 addresses does not have as many tries."""
    assert household(address) == counts_as


@given(st.lists(st.integers(0, 3_000), max_size=80))
def test_no_minute_lets_more_through_than_allowed(moments: list[int]) -> None:
    """In any stretch of time: what is allowed at once, and what has come back in it."""
    door = tries(most=4, over_all=1_000)
    let_in = [at for at in sorted(moments) if door.begin("a", NOW + at * SECOND)]
    for first in let_in:
        for last in let_in:
            if first <= last:
                within = sum(first <= at <= last for at in let_in)
                assert within <= 4 + (last - first) / 10 + 1e-9
