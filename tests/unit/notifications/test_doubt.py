"""A text in doubt: when it is looked up, and what follows from what is found."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.channel import Found, NoWord, Trace
from notifications.doubt import (
    BETWEEN,
    MISSES,
    AskAgain,
    Doubt,
    Healed,
    LeaveIt,
    SendAgain,
    Settlement,
    first_look_up,
    settle,
)
from notifications.message import Purpose
from notifications.receipt import Rank

BEGAN = datetime(2026, 11, 17, 3, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NOW = BEGAN + 2 * MINUTE
DUTY = Doubt(BEGAN, BEGAN + timedelta(hours=5), "duty")
NO_WORD = NoWord("down", "The provider did not answer.")


def trace(provider_id: str = "SM1", at: datetime | None = BEGAN) -> Trace:
    """A text that the provider knows."""
    return Trace(provider_id, "sent", Rank.SENT, at)


@pytest.mark.parametrize(
    ("doubt", "found", "settlement"),
    [
        pytest.param(DUTY, (trace(),), Healed(trace()), id="found"),
        pytest.param(DUTY, (trace(at=None),), Healed(trace(at=None)), id="found, not sent on yet"),
        pytest.param(
            DUTY, (trace(at=BEGAN - MINUTE / 2),), Healed(trace(at=BEGAN - MINUTE / 2)), id="clocks differ"
        ),
        pytest.param(
            DUTY, (trace("SM9"), trace()), Healed(trace()), id="one like it is known to be another's"
        ),
        pytest.param(
            DUTY, (trace(at=BEGAN - 2 * MINUTE),), AskAgain(NOW + BETWEEN, 1), id="one like it is older"
        ),
        pytest.param(DUTY, (trace("SM9"),), AskAgain(NOW + BETWEEN, 1), id="only another's"),
        pytest.param(DUTY, (), AskAgain(NOW + BETWEEN, 1), id="nothing found, once"),
        pytest.param(DUTY, NO_WORD, AskAgain(NOW + 2 * MINUTE, 0), id="nobody to ask"),
        pytest.param(
            Doubt(BEGAN, DUTY.expires_at, "duty", misses=1),
            NO_WORD,
            AskAgain(NOW + 2 * MINUTE, 1),
            id="nobody to ask, after a miss",
        ),
        pytest.param(
            Doubt(NOW - timedelta(days=1), DUTY.expires_at, "duty"), NO_WORD, LeaveIt(), id="a day of silence"
        ),
        pytest.param(
            Doubt(BEGAN, DUTY.expires_at, "duty", misses=1), (), SendAgain(), id="nothing found, twice"
        ),
        pytest.param(
            Doubt(BEGAN, DUTY.expires_at, "service", misses=1), (), LeaveIt(), id="a notice to many"
        ),
        pytest.param(
            Doubt(BEGAN, DUTY.expires_at, "answer", misses=1), (), LeaveIt(), id="an answer, long cold"
        ),
        pytest.param(Doubt(BEGAN, NOW, "duty", misses=1), (), LeaveIt(), id="of no use any more"),
        pytest.param(
            Doubt(BEGAN, DUTY.expires_at, "duty", 1, resent=True), (), LeaveIt(), id="sent again before"
        ),
        pytest.param(
            Doubt(BEGAN, DUTY.expires_at, "duty", misses=1), (trace(),), Healed(trace()), id="found late"
        ),
    ],
)
def test_what_follows_from_a_look_up(doubt: Doubt, found: Found, settlement: Settlement) -> None:
    """Every case of the promise, in one table."""
    assert settle(doubt, found, {"SM9"}, NOW) == settlement


def test_the_first_look_up_waits_for_slow_providers() -> None:
    """Half a minute after a lost connection they have still taken texts."""
    assert first_look_up(BEGAN) - BEGAN >= MINUTE


FOUND = st.lists(st.one_of(st.just(()), st.just(NO_WORD), st.just((trace("SM9"),))), min_size=1, max_size=12)
PURPOSES: st.SearchStrategy[Purpose] = st.sampled_from(["duty", "service", "answer"])


@given(FOUND, PURPOSES, st.booleans())
def test_nothing_is_sent_again_before_two_misses_ten_minutes_apart(
    answers: list[Found], purpose: Purpose, resent: bool
) -> None:
    """Whatever the provider says in whatever order, and only a duty text, and only once."""
    doubt, now, misses = Doubt(BEGAN, BEGAN + timedelta(days=9), purpose, resent=resent), NOW, []
    for found in answers:
        settlement = settle(doubt, found, {"SM9"}, now)
        if not isinstance(found, NoWord):
            misses.append(now)
        if not isinstance(settlement, AskAgain):
            assert isinstance(settlement, SendAgain) == (purpose == "duty" and not resent)
            assert len(misses) == MISSES
            assert misses[-1] - misses[0] >= 10 * MINUTE
            return
        assert settlement.misses == len(misses)
        assert settlement.at > now
        doubt = Doubt(BEGAN, doubt.expires_at, purpose, settlement.misses, resent)
        now = settlement.at
