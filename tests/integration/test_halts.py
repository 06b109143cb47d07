"""Faults of ours: a wrong configuration stops the queue, costs no message a try, and is told once."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from notifications.claims import next_due
from notifications.fault import Fault
from notifications.halts import FIRST_PROBE, LONGEST_PROBE, halted
from notifications.message import State
from notifications.tables import outcomes
from notifications.terms import Terms
from tests.doubts import Doubts
from tests.outgoing import DAY, HOUR, MINUTE, NOW, SECOND, Outgoing, house, wanted

KEYS = ("a", "b", "c")


def _still(post: Outgoing) -> list[tuple[str, str]]:
    with post.database.read() as connection:
        return [(row.channel, row.code) for row in halted(connection)]


def _told_of_halts(post: Outgoing) -> int:
    with post.database.read() as connection:
        return len(list(connection.scalars(select(outcomes.c.id).where(outcomes.c.kind == "halted"))))


def _stopped(doubts: Doubts, *keys: str, count: int = 1) -> None:
    """Meets a wrong token."""
    for _ in range(count):
        doubts.channel.refuse(Fault.CONFIGURATION, "20003")
    doubts.send(*keys)


def test_one_refusal_of_our_account_stops_the_queue(doubts: Doubts) -> None:
    """Nothing more is claimed; what was refused waits and has lost no try."""
    doubts.post.want(*(wanted(key, expires_at=NOW + DAY) for key in KEYS))
    doubts.channel.refuse(Fault.CONFIGURATION, "20003")
    doubts.deliverer.deliver(doubts.post.claim("r", NOW, house()))
    doubts.go_on()
    assert doubts.channel.keys() == ["a", "b", "c"]  # what the same batch had claimed was under way
    assert (doubts.post.row("a").state, doubts.post.row("a").attempts) == (State.WAITING, 0)


def test_a_halted_channel_claims_nothing_until_it_is_probed(doubts: Doubts) -> None:
    """One text tries after two minutes, then after four, and so on to half an hour; the rest waits."""
    _stopped(doubts, "a")
    doubts.post.want(*(wanted(key, expires_at=NOW + DAY) for key in KEYS))
    waits: list[timedelta] = []
    last = NOW
    for _ in range(8):
        with doubts.post.database.read() as connection:
            due = next_due(connection, house(), ("console",), last)
        assert due is not None
        assert doubts.post.claim("early", due - SECOND).ids == ()
        doubts.clock.now = due
        before = len(doubts.channel.handed)
        doubts.channel.refuse(Fault.CONFIGURATION, "20003")
        doubts.go_on()
        if len(doubts.channel.handed) > before:
            assert len(doubts.channel.handed) == before + 1
            waits.append(due - last)
            last = due
    assert waits[0] >= FIRST_PROBE
    assert all(one <= following + MINUTE for one, following in pairwise(waits))
    assert max(waits) <= LONGEST_PROBE * 1.5
    assert _still(doubts.post) == [("console", "20003")]


def test_it_is_told_once_however_many_meet_it(doubts: Doubts) -> None:
    """A batch of refusals is one piece of news."""
    _stopped(doubts, *KEYS, count=3)
    assert _told_of_halts(doubts.post) == 1
    assert doubts.post.audited("halted") == ["console"]


def test_the_first_text_that_is_taken_lets_all_go_on(doubts: Doubts) -> None:
    """Somebody has mended the token: no restart is needed."""
    _stopped(doubts, *KEYS, count=3)
    doubts.clock.now = max(NOW + FIRST_PROBE, *(row.send_at for row in doubts.post.rows()))
    doubts.go_on()
    assert _still(doubts.post) == []
    assert doubts.post.audited("resumed") == ["console"]
    doubts.go_on()
    assert set(doubts.post.states().values()) == {State.SENT}


def test_a_halt_after_a_halt_is_news_again(doubts: Doubts) -> None:
    """What was mended and broke again is told again."""
    _stopped(doubts, "a")
    doubts.clock.now = NOW + HOUR
    doubts.go_on()
    doubts.clock.now = NOW + 2 * HOUR
    doubts.channel.refuse(Fault.CONFIGURATION, "20003")
    doubts.post.want(
        wanted("a"), wanted("b", send_at=doubts.clock(), expires_at=NOW + DAY), now=doubts.clock()
    )
    doubts.go_on()
    assert _told_of_halts(doubts.post) == 2


def test_one_number_that_our_account_cannot_text_holds_up_no_other(doubts: Doubts) -> None:
    """Twilio's words for a wrong sender are also those for one number abroad: the others find that out."""
    at = house(Terms(rate=1.0, quiet=None))
    doubts.channel.never_take("abroad", Fault.CONFIGURATION, "21612")
    others = [f"k{number}" for number in range(9)]
    doubts.post.want(wanted("abroad", priority=0), *(wanted(key) for key in others))
    for step in range(240):
        doubts.deliverer.deliver(doubts.post.claim(f"r{step}", doubts.clock(), at))
        doubts.clock.now += 15 * SECOND
    states = doubts.post.states()
    assert {states[key] for key in others} == {State.SENT}
    assert states["abroad"] == State.WAITING
    assert len(doubts.post.attempts()) <= len(others) + 10
    assert ("delayed", "abroad") in doubts.told()


def test_another_channel_goes_on(doubts: Doubts) -> None:
    """The volunteers' provider refuses us; the residents' texts leave by another way."""
    _stopped(doubts, "a")
    at = house(Terms(rate=1000.0, quiet=None), resident=Terms(channel="twilio", rate=1000.0, quiet=None))
    doubts.post.want(wanted("a"), wanted("b", audience="resident"))
    assert doubts.post.claim("r2", NOW, at).ids == ()
    assert doubts.post.claim("r3", NOW, at, channel="twilio").ids == (doubts.post.row("b").id,)


@pytest.mark.parametrize(
    ("fault", "tries"),
    [
        pytest.param(Fault.BAD_NUMBER, 1, id="bad number"),
        pytest.param(Fault.OPTED_OUT, 1, id="opted out"),
        pytest.param(Fault.BAD_TEXT, 1, id="bad text"),
        pytest.param(Fault.TOO_LATE, 1, id="too late"),
        pytest.param(Fault.UNKNOWN, 2, id="unknown: once more"),
    ],
)
def test_each_class_is_tried_as_often_as_its_table_says(doubts: Doubts, fault: Fault, tries: int) -> None:
    """Then it has failed, and whoever wanted it reads why."""
    for _ in range(tries + 3):
        doubts.channel.refuse(fault, "code")
    doubts.send("a")
    for _ in range(3):
        doubts.clock.now += HOUR
        doubts.go_on()
    assert (doubts.post.row("a").state, len(doubts.channel.handed)) == (State.FAILED, tries)
    assert doubts.post.row("a").reason == f"{fault} (code)"
    assert doubts.told() == [("failed", "a")]


def test_who_waits_long_is_told_of_while_it_is_tried_on(doubts: Doubts) -> None:
    """After a quarter of an hour without a way out, and once."""
    doubts.post.want(wanted("a", expires_at=NOW + DAY))
    for _ in range(9):
        doubts.clock.now = max(doubts.clock(), doubts.post.row("a").send_at)
        doubts.channel.turn_away()
        doubts.go_on()
    assert (doubts.post.row("a").state, doubts.told()) == (State.WAITING, [("delayed", "a")])
