"""Retrying: waits that double, within bounds, spread, and never past the deadline."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.retry import FIRST_WAIT, LONGEST_WAIT, TRIES_BEFORE_TOLD, delays_a_person, next_try

NOW = datetime(2026, 11, 17, 3, tzinfo=UTC)
FAR = NOW + timedelta(days=30)
NO_WISH = timedelta(0)
TRIES = st.integers(1, 1000)
JITTERS = st.floats(0, 1)
WISHES = st.integers(0, 7200).map(lambda seconds: timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("tries", "seconds"),
    [
        pytest.param(1, 15, id="the first wait"),
        pytest.param(2, 30, id="twice that"),
        pytest.param(3, 60, id="and again"),
        pytest.param(7, 960, id="the seventh"),
        pytest.param(8, 1800, id="half an hour at most"),
        pytest.param(1000, 1800, id="however often"),
        pytest.param(0, 15, id="none yet is as one"),
    ],
)
def test_waits_double(tries: int, seconds: int) -> None:
    """Without jitter and without a wish of the channel's, each wait is twice the one before."""
    assert next_try(tries, NOW, NO_WISH, FAR, jitter=0.0) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("left", "again"),
    [
        pytest.param(timedelta(minutes=10), timedelta(minutes=5), id="half of what is left"),
        pytest.param(timedelta(seconds=40), timedelta(seconds=20), id="and of that"),
        pytest.param(timedelta(seconds=16), timedelta(seconds=15), id="a last one"),
        pytest.param(timedelta(seconds=15), None, id="no more than that is left"),
        pytest.param(timedelta(0), None, id="the deadline itself"),
        pytest.param(timedelta(hours=-1), None, id="long past it"),
    ],
)
def test_the_deadline_draws_the_tries_together(left: timedelta, again: timedelta | None) -> None:
    """A text that is useful for ten more minutes is not put off by half an hour."""
    found = next_try(12, NOW, NO_WISH, NOW + left, jitter=0.0)
    assert found == (NOW + again if again else None)


@given(tries=TRIES, jitter=JITTERS, asked=WISHES, minutes=st.integers(-10, 3000))
def test_no_try_is_too_soon_nor_too_late(tries: int, jitter: float, asked: timedelta, minutes: int) -> None:
    """Never sooner than the channel asked for, nor than the first wait; never at or past the deadline."""
    deadline = NOW + timedelta(minutes=minutes)
    again = next_try(tries, NOW, asked, deadline, jitter)
    if again is None:
        assert NOW + max(asked, FIRST_WAIT, (deadline - NOW) / 2) * 1.5 >= deadline
        return
    assert max(asked, FIRST_WAIT) <= again - NOW <= max(asked, LONGEST_WAIT) * 1.5
    assert again < deadline


@given(tries=TRIES, jitter=JITTERS)
def test_patience_grows(tries: int, jitter: float) -> None:
    """With the same jitter, the next wait is never shorter than this one."""
    this, following = (next_try(count, NOW, NO_WISH, FAR, jitter) for count in (tries, tries + 1))
    assert this is not None
    assert following is not None
    assert this <= following


def test_a_person_hears_of_it_once() -> None:
    """After a quarter of an hour of trying, and not again with each further try."""
    assert [tries for tries in range(100) if delays_a_person(tries)] == [TRIES_BEFORE_TOLD]
    waited = timedelta(0)
    for tries in range(1, TRIES_BEFORE_TOLD):
        waited += (next_try(tries, NOW, NO_WISH, FAR, 0.0) or NOW) - NOW
    assert timedelta(minutes=7) <= waited <= timedelta(minutes=15)
