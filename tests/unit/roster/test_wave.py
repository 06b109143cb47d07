"""How many substitutes are asked at a time, and when the next ones are."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.roster.wave import LONGEST, MOST, SHORTEST, Search, next_wave_at, size_of_wave

STARTS = datetime(2026, 11, 17, 10, tzinfo=UTC)
BEGINS = STARTS - timedelta(hours=36)


def _before(**time: float) -> datetime:
    return STARTS - timedelta(**time)


@pytest.mark.parametrize(
    ("search", "at"),
    [
        (Search(1, 0, None, STARTS), BEGINS),
        (Search(0, 0, None, STARTS), None),
        (Search(0, 3, _before(hours=9), STARTS), None),
        # asked long ago, as the roster had it: their time is over when the search begins
        (Search(1, 1, _before(days=6), STARTS), BEGINS),
        # two hours when there is time, a quarter of it when there is not, twenty minutes at the last
        (Search(1, 2, _before(hours=30), STARTS), _before(hours=28)),
        (Search(1, 2, _before(hours=4), STARTS), _before(hours=3)),
        (Search(1, 2, _before(minutes=40), STARTS), _before(minutes=20)),
        # all of a wave have said no: the next ones at once
        (Search(2, 0, _before(hours=4), STARTS, _before(hours=4)), BEGINS),
        # nobody was found: looked for again when people may have changed
        (Search(2, 0, None, STARTS, _before(hours=4)), _before(hours=3)),
        (Search(2, 0, _before(hours=9), STARTS, _before(hours=4)), _before(hours=3)),
        (Search(2, 1, _before(hours=9), STARTS, _before(hours=4)), _before(hours=3)),
    ],
)
def test_a_wave_waits_for_the_one_before(search: Search, at: datetime | None) -> None:
    """The less time there is, the shorter."""
    assert next_wave_at(search, BEGINS) == at


@given(st.integers(1, 30), st.integers(1, 5), st.timedeltas(timedelta(0), timedelta(hours=36)))
def test_waves_stay_within_their_bounds(seats: int, waiting: int, left: timedelta) -> None:
    """Nobody is rushed within twenty minutes, and nobody waits for more than two hours."""
    asked_at = STARTS - left
    at = next_wave_at(Search(seats, waiting, asked_at, STARTS), BEGINS)
    assert at is not None
    assert SHORTEST <= at - asked_at <= LONGEST
    assert 1 <= size_of_wave(Search(seats, waiting, asked_at, STARTS)) <= MOST
