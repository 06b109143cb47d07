"""The checker itself: whatever is planted in one of the ledgers, it finds, and names by its key."""

from dataclasses import replace

import pytest

from notifications.delivery import Deliverer
from notifications.message import State
from tests.chaos.ledgers import (
    Comparison,
    Finding,
    Ledgers,
    Line,
    Ours,
    Plan,
    Taken,
    Try,
    compare,
    ledgers_of,
    planned,
)
from tests.fake_channel import FakeChannel
from tests.outgoing import NOW, outgoing, wanted

KEYS = ("a", "b", "c")

IN_ORDER = Ledgers(
    [Plan(key, f"phone of {key}", f"words of {key}") for key in KEYS],
    [Ours(key, State.SENT) for key in KEYS],
    [Try(f"try of {key}", key, "accepted") for key in KEYS],
    [Taken(f"try of {key}", f"phone of {key}", f"words of {key}") for key in KEYS],
    [Line("sent", key) for key in KEYS],
)

LOSSES = {
    # Ours and the provider have it, and nobody wanted it: what is missing is the plan.
    "planned": (replace(IN_ORDER, planned=IN_ORDER.planned[:-1]), "unexpected"),
    "ours: the message": (replace(IN_ORDER, ours=IN_ORDER.ours[:-1]), "lost"),
    "ours: the attempt": (replace(IN_ORDER, tries=IN_ORDER.tries[:-1]), "lost"),
    "the provider's": (replace(IN_ORDER, theirs=IN_ORDER.theirs[:-1]), "lost"),
    "the audit trail": (replace(IN_ORDER, trail=IN_ORDER.trail[:-1]), "lost"),
}
DOUBLES = {
    "planned": replace(IN_ORDER, planned=[*IN_ORDER.planned, IN_ORDER.planned[-1]]),
    "ours: the message": replace(IN_ORDER, ours=[*IN_ORDER.ours, IN_ORDER.ours[-1]]),
    "ours: the attempt": replace(IN_ORDER, tries=[*IN_ORDER.tries, Try("another", "c", "accepted")]),
    "the provider's": replace(IN_ORDER, theirs=[*IN_ORDER.theirs, IN_ORDER.theirs[-1]]),
    "the audit trail": replace(IN_ORDER, trail=[*IN_ORDER.trail, IN_ORDER.trail[-1]]),
}
STRANGERS = {
    "ours": (replace(IN_ORDER, ours=[*IN_ORDER.ours, Ours("d", State.EXPIRED)]), "d"),
    "the provider's": (
        replace(IN_ORDER, theirs=[*IN_ORDER.theirs, Taken("nobody's", "phone", "words")]),
        'reference "nobody\'s"',
    ),
    "other words": (
        replace(IN_ORDER, theirs=[*IN_ORDER.theirs[:-1], replace(IN_ORDER.theirs[-1], text="other")]),
        "c",
    ),
    "the audit trail": (replace(IN_ORDER, trail=[*IN_ORDER.trail, Line("sent", "d")]), "d"),
    "went all the same": (
        replace(IN_ORDER, ours=[*IN_ORDER.ours[:-1], Ours("c", State.CANCELLED)], trail=IN_ORDER.trail[:-1]),
        "c",
    ),
}


def keys_of(findings: tuple[Finding, ...]) -> set[str]:
    """The texts that these are about."""
    return {one.key for one in findings}


def with_last(state: State, taken: int = 0, resent: bool = False) -> Comparison:
    """The comparison when the last text stands so, and the provider took it so often."""
    tries = [Try(f"try {number}", "c", "in_doubt") for number in range(taken)]
    texts = [Taken(each.reference, "phone of c", "words of c") for each in tries]
    left = state in (State.SENT, State.DELIVERED)
    return compare(
        Ledgers(
            IN_ORDER.planned,
            [*IN_ORDER.ours[:-1], Ours("c", state, resent)],
            [*IN_ORDER.tries[:-1], *tries],
            [*IN_ORDER.theirs[:-1], *texts],
            IN_ORDER.trail if left else IN_ORDER.trail[:-1],
        )
    )


def test_books_in_order_have_no_finding() -> None:
    """Planned, sent, taken and told, each once."""
    assert compare(IN_ORDER) == Comparison(3, (), (), (), (), (), ())


@pytest.mark.parametrize("ledger", LOSSES)
def test_a_planted_loss_is_named(ledger: str) -> None:
    """A text that is missing in one ledger is found by the other three."""
    ledgers, kind = LOSSES[ledger]
    comparison = compare(ledgers)
    assert not comparison.agrees
    assert keys_of(getattr(comparison, kind)) == {"c"}
    assert "c: " in str(comparison)


@pytest.mark.parametrize("ledger", DOUBLES)
def test_a_planted_double_is_named(ledger: str) -> None:
    """A text that stands in one ledger twice is found, and nothing else is."""
    comparison = compare(DOUBLES[ledger])
    assert not comparison.agrees
    assert keys_of(comparison.doubled) == {"c"}
    assert not comparison.lost


@pytest.mark.parametrize("ledger", STRANGERS)
def test_what_nobody_planned_is_named(ledger: str) -> None:
    """A text that is in one ledger and should be in none."""
    ledgers, key = STRANGERS[ledger]
    comparison = compare(ledgers)
    assert not comparison.agrees
    assert keys_of(comparison.unexpected) == {key}


@pytest.mark.parametrize("state", [State.WAITING, State.CLAIMED, State.SENDING])
def test_what_has_not_come_to_rest_is_lost(state: State) -> None:
    """Nothing may be left over when all is done."""
    assert keys_of(with_last(state).lost) == {"c"}


@pytest.mark.parametrize(
    ("comparison", "kind", "agrees"),
    [
        pytest.param(with_last(State.IN_DOUBT), "in_doubt", True, id="unknown, not taken"),
        pytest.param(with_last(State.IN_DOUBT, 1), "in_doubt", True, id="unknown, taken"),
        pytest.param(with_last(State.IN_DOUBT, 2), "doubled", False, id="unknown, taken twice"),
        pytest.param(with_last(State.SENT, 2), "doubled", False, id="twice"),
        pytest.param(with_last(State.SENT, 2, resent=True), "resent", True, id="twice, once on purpose"),
        pytest.param(with_last(State.SENT, 3, resent=True), "doubled", False, id="thrice"),
        pytest.param(with_last(State.SENT, 1, resent=True), "resent", None, id="resent for good reason"),
        pytest.param(with_last(State.EXPIRED), "set_aside", True, id="too late"),
        pytest.param(with_last(State.EXPIRED, 1), "unexpected", False, id="too late, and it went"),
    ],
)
def test_each_end_has_its_name(comparison: Comparison, kind: str, agrees: bool | None) -> None:
    """In doubt, resent and set aside are listed apart: they are no faults, and must be explained."""
    assert keys_of(getattr(comparison, kind)) == ({"c"} if agrees is not None else set())
    assert comparison.agrees == (agrees is not False)


def test_ledgers_are_read_from_a_real_database(database_url: str) -> None:
    """What was planned, delivered and told agrees; what is missing or twice at the provider is found."""
    plan = [wanted(key, phone=f"+8490100000{number}") for number, key in enumerate(KEYS)]
    with outgoing(database_url) as post:
        post.want(*plan)
        channel = FakeChannel()
        deliverer = Deliverer(post.database.write, channel, lambda: NOW)
        deliverer.deliver(post.claim())
        theirs = [Taken(each.reference, each.phone, each.text) for each in channel.handed]
        assert compare(ledgers_of(post.database, planned(plan), theirs)) == Comparison(
            3, (), (), (), (), (), ()
        )
        missing = compare(ledgers_of(post.database, planned(plan), theirs[1:]))
        assert [one.key for one in missing.lost] == ["a"]
        twice = compare(ledgers_of(post.database, planned(plan), [*theirs, theirs[0]]))
        assert [one.key for one in twice.doubled] == ["a"]
