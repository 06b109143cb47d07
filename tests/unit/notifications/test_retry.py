"""Retrying: waits that double, within bounds, spread, and not for ever."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.retry import FIRST_WAIT, LONGEST_WAIT, MOST_TRIES, next_try

NOW = datetime(2026, 11, 17, 3, tzinfo=UTC)
NO_WISH = timedelta(0)
TRIES = st.integers(1, MOST_TRIES - 1)
JITTERS = st.floats(0, 1)


@pytest.mark.parametrize(
    ("tries", "seconds"),
    [
        pytest.param(1, 15, id="the first wait"),
        pytest.param(2, 30, id="twice that"),
        pytest.param(3, 60, id="and again"),
        pytest.param(7, 960, id="the last"),
        pytest.param(0, 15, id="none yet is as one"),
    ],
)
def test_waits_double(tries: int, seconds: int) -> None:
    """Without jitter and without a wish of the channel's, each wait is twice the one before."""
    assert next_try(tries, NOW, NO_WISH, jitter=0.0) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("tries", [MOST_TRIES, MOST_TRIES + 1, 1000])
def test_enough_is_enough(tries: int) -> None:
    """After the eighth failure there is no further try."""
    assert next_try(tries, NOW, NO_WISH, jitter=0.5) is None


@given(tries=TRIES, jitter=JITTERS, seconds=st.integers(0, 7200))
def test_a_wait_is_never_shorter_than_asked_nor_much_longer(tries: int, jitter: float, seconds: int) -> None:
    """At least what the channel asked for and the first wait; at most half as long again as it must be."""
    asked = timedelta(seconds=seconds)
    again = next_try(tries, NOW, asked, jitter)
    assert again is not None
    assert max(asked, FIRST_WAIT) <= again - NOW <= max(asked, LONGEST_WAIT) * 1.5


@given(tries=st.integers(1, MOST_TRIES - 2), jitter=JITTERS)
def test_patience_grows(tries: int, jitter: float) -> None:
    """With the same jitter, the next wait is never shorter than this one."""
    this, following = (next_try(count, NOW, NO_WISH, jitter) for count in (tries, tries + 1))
    assert this is not None
    assert following is not None
    assert this <= following
