"""The states of a message: which step may follow which."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.message import (
    TRANSITIONS,
    NoSuchTransition,
    State,
    is_final,
    sources_of,
    step,
    table_of_states,
)


def test_the_table_reads_as_it_was_agreed() -> None:
    """The whole life of a message, as it is printed."""
    assert table_of_states().splitlines() == [
        "waiting     → claimed, cancelled, expired, blocked, joined, sent, delivered",
        "claimed     → waiting, sending, expired, blocked, cancelled, sent, delivered",
        "sending     → sent, waiting, failed, in_doubt, delivered, undelivered",
        "in_doubt    → sent, waiting, delivered, undelivered",
        "sent        → delivered, undelivered",
        "undelivered → delivered",
        "cancelled   → waiting",
        "blocked     → waiting, cancelled",
        "joined      → waiting",
        "delivered   → (final)",
        "failed      → (final)",
        "expired     → (final)",
    ]


def test_every_state_has_a_line_of_its_own() -> None:
    """No state is missing from the table."""
    assert set(TRANSITIONS) == set(State)


@pytest.mark.parametrize(("source", "target"), list(product(State, State)))
def test_a_step_is_taken_exactly_when_the_table_has_it(source: State, target: State) -> None:
    """Every other pair is an error that names both states and what is possible."""
    if source in sources_of(target):
        assert step(source, target) is target
        return
    with pytest.raises(NoSuchTransition, match=f"from {source} to {target}") as caught:
        step(source, target)
    assert (caught.value.source, caught.value.target) == (source, target)


def test_only_a_claimed_message_is_sent() -> None:
    """No text goes out that was not claimed first: the fence against sending twice."""
    assert sources_of(State.SENDING) == (State.CLAIMED,)


def test_what_was_handed_over_is_never_cancelled() -> None:
    """A text that may be out cannot be called back, only contradicted by another."""
    assert not {State.SENDING, State.SENT, State.IN_DOUBT} & set(sources_of(State.CANCELLED))


@pytest.mark.parametrize("state", [State.FAILED, State.EXPIRED, State.DELIVERED])
def test_what_is_final_stays(state: State) -> None:
    """Nothing follows an end."""
    assert is_final(state)


@given(st.lists(st.sampled_from(State), max_size=12))
def test_no_path_leads_from_sent_to_sending(path: list[State]) -> None:
    """However states follow one another from `sent`, a message is not sent a second time."""
    here = State.SENT
    for target in path:
        if target in TRANSITIONS[here]:
            here = step(here, target)
    assert here in (State.SENT, State.DELIVERED, State.UNDELIVERED)
