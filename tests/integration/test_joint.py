"""Joint texts: one text says what several would have, and what becomes of it has become of all of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Connection, Row, update

from notifications import outbox
from notifications.attempts import Ended, begin_attempts, end_attempts
from notifications.channels.channel import Accepted, InDoubt, NotSent, Outcome
from notifications.claims import claim_due
from notifications.fault import Fault
from notifications.joint import (
    EVENING,
    each_by_itself,
    free,
    how_many_between,
    join,
    may_join,
    said_together,
    take_apart,
)
from notifications.message import State
from notifications.numbers import spoil
from notifications.outcomes import take_outcomes
from notifications.tables import messages
from notifications.terms import Terms
from scheduler.service.list_messages import summarise_messages
from tests.outgoing import DAY, HASTE, HOUR, MINUTE, NOW, SECOND, Outgoing, house, wanted

A, B = wanted("a"), wanted("b", scope="session:2", expires_at=NOW + HOUR)
TOGETHER = wanted("a+b", scope="person:an", kind="several", text="Hai ca", expires_at=NOW + HOUR)
SCOPES, AN = ("session:1", "session:2"), ("person:an",)


def join_both(post: Outgoing) -> None:
    """Lets one text say both."""
    post.want(A)
    post.want(B, scope="session:2")
    with post.database.write() as connection:
        rows = may_join(connection, SCOPES, AN, NOW)
        join(connection, TOGETHER, [row.id for row in rows], NOW)


def hand_over(post: Outgoing, outcome: Outcome, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Claims the joint text and tries it, with this outcome."""
    batch = post.claim()
    with post.database.write() as connection:
        (begun,) = begin_attempts(connection, batch.ids, "r", "g", NOW)
    meanwhile()
    with post.database.write() as connection:
        ended = Ended(begun.message_id, begun.parcel.reference, outcome)
        end_attempts(connection, [ended], looks_up=True, now=NOW)


def told(post: Outgoing) -> list[str]:
    """The scopes of which the recipient may have been told."""
    with post.database.read() as connection:
        return sorted(row.scope for row in outbox.last_told(connection, SCOPES))


def test_the_joint_text_goes_and_the_others_do_not(post: Outgoing) -> None:
    """One text is claimed, and nothing is told of either before it has left."""
    join_both(post)
    assert post.states() == {"a": State.JOINED, "b": State.JOINED, "a+b": State.WAITING}
    assert told(post) == []
    assert post.claimed_keys() == ["a+b"]


def test_a_batch_may_know_of_more_sessions_than_a_database_takes_parameters(post: Outgoing) -> None:
    """Two hundred people of a city have tens of thousands of sessions to come."""
    post.want(A)
    post.want(B, scope="session:2")
    many = [f"session:{number}" for number in range(70_000)]
    with post.database.write() as connection:
        assert [row.key for row in may_join(connection, many, AN, NOW)] == ["a", "b"]


def test_when_it_has_left_all_of_them_have(post: Outgoing) -> None:
    """Who asks what was told, and whoever reads outcomes, hears of each by itself."""
    join_both(post)
    hand_over(post, Accepted("id"))
    assert told(post) == list(SCOPES)
    with post.database.write() as connection:
        assert [(row.outcome, row.key) for row in take_outcomes(connection, NOW)] == [
            ("sent", "a"),
            ("sent", "b"),
            ("sent", "a+b"),
        ]
        assert said_together(connection, ["a+b", "c"]) == {"a+b": ["a", "b"]}
    post.want(scope="session:1", reason="answered")
    assert post.states()["a"] == State.JOINED, "what has left stays as it is"


@pytest.mark.parametrize("claimed", [False, True])
def test_a_change_of_one_before_it_left_takes_it_apart(post: Outgoing, claimed: bool) -> None:
    """What is no longer wanted is cancelled; the other waits by itself, and the claim is worth nothing."""
    join_both(post)
    batch = post.claim() if claimed else None
    post.want(scope="session:2", reason="the session is off")
    assert post.states() == {"a": State.WAITING, "b": State.CANCELLED, "a+b": State.CANCELLED}
    if batch:
        with post.database.write() as connection:
            assert begin_attempts(connection, batch.ids, "r", "g", NOW) == []
    assert post.claimed_keys("again") == ["a"]
    assert post.audited("cancelled") == ["a+b", "b"]


def test_taken_apart_and_joined_again_it_is_the_same_text(post: Outgoing) -> None:
    """An edit that changes nothing costs no second row."""
    join_both(post)
    post.want(A)
    assert post.states() == {"a": State.WAITING, "b": State.WAITING, "a+b": State.CANCELLED}
    with post.database.write() as connection:
        rows = may_join(connection, SCOPES, AN, NOW)
        join(connection, TOGETHER, [row.id for row in rows], NOW)
    assert post.states() == {"a": State.JOINED, "b": State.JOINED, "a+b": State.WAITING}


def test_what_comes_too_late_together_may_still_go_by_itself(post: Outgoing) -> None:
    """The joint text is worth as little as the first of them that is worth nothing; nobody is told of it."""
    join_both(post)
    late = NOW + HOUR + MINUTE
    with post.database.write() as connection:
        assert outbox.expire(connection, late) == 2
        assert [row.key for row in take_outcomes(connection, late)] == ["b"]
    assert post.states() == {"a": State.WAITING, "b": State.EXPIRED, "a+b": State.EXPIRED}


def test_a_busy_network_gets_it_again_as_one(post: Outgoing) -> None:
    """It waits for its next try, and what it says with it."""
    join_both(post)
    hand_over(post, NotSent(Fault.TRANSIENT, "503", "busy"))
    assert post.states() == {"a": State.JOINED, "b": State.JOINED, "a+b": State.WAITING}
    assert told(post) == []


def test_a_text_that_was_given_up_is_not_joined_once_more(post: Outgoing) -> None:
    """The network said that it came too late; what it was to say is useful still, and goes by itself."""
    join_both(post)
    hand_over(post, NotSent(Fault.TOO_LATE, "expired", "too late"))
    assert post.states() == {"a": State.WAITING, "b": State.WAITING, "a+b": State.FAILED}
    with post.database.write() as connection:
        rows = may_join(connection, SCOPES, AN, NOW)
        assert join(connection, TOGETHER, [row.id for row in rows], NOW) is None
    assert post.claimed_keys("again") == ["b", "a"]


@pytest.mark.parametrize("fault", [Fault.TRANSIENT, Fault.TOO_LATE])
def test_called_off_while_it_was_handed_over_in_vain_the_others_go_by_themselves(
    post: Outgoing, fault: Fault
) -> None:
    """Together they are not tried again; what is off never goes, and what is not waits by itself."""
    join_both(post)
    hand_over(post, NotSent(fault, "503", "busy"), lambda: post.want(scope="session:2", reason="off"))
    assert post.states() == {"a": State.WAITING, "b": State.WAITING, "a+b": State.FAILED}
    assert post.claimed_keys("again") == ["a"]
    assert post.states()["b"] == State.EXPIRED


def test_what_a_refused_text_said_is_not_tried_by_itself(post: Outgoing) -> None:
    """The number takes no texts: neither that one nor another, and each is told."""
    join_both(post)
    hand_over(post, NotSent(Fault.BAD_NUMBER, "21211", "no such number"))
    assert post.states() == {"a": State.JOINED, "b": State.JOINED, "a+b": State.FAILED}
    with post.database.write() as connection:
        assert [(row.outcome, row.key) for row in take_outcomes(connection, NOW)] == [
            ("failed", "a"),
            ("failed", "b"),
            ("failed", "a+b"),
        ]


def test_a_joint_text_that_may_not_go_is_judged_for_what_it_says(post: Outgoing) -> None:
    """The number was marked after they were joined: each matter is blocked, and is news once."""
    join_both(post)
    with post.database.write() as connection:
        spoil(connection, A.phone, "21211", NOW)
    assert post.claimed_keys() == []
    assert post.states() == {"a": State.BLOCKED, "b": State.BLOCKED, "a+b": State.CANCELLED}
    with post.database.write() as connection:
        told = {(row.outcome, row.key) for row in take_outcomes(connection, NOW)}
    assert told == {("blocked", "a"), ("blocked", "b")}


def test_what_one_text_may_say_is_not_put_off_by_the_rate_of_its_audience(post: Outgoing) -> None:
    """The second would come too late to be joined, and go by itself a moment later."""
    post.want(A, wanted("other", phone="+84901000002", recipient="person:binh"))
    post.want(B, scope="session:2")
    offered: list[str] = []

    def join_nothing(connection: Connection, rows: Sequence[Row[Any]], now: datetime) -> list[int]:
        offered.extend(row.key for row in rows)
        return each_by_itself(connection, rows, now)

    slow = house(HASTE, volunteer=Terms(rate=1, quiet=None))
    with post.database.write() as connection:
        claim_due(connection, slow, "console", "r", NOW, join_nothing)
    assert sorted(offered) == ["a", "b"]
    assert post.row("other").send_at == NOW + SECOND


def test_what_no_other_text_says_keeps_the_rate_of_its_audience(post: Outgoing) -> None:
    """Three texts to one number that are not joined are three texts."""
    post.want(A, wanted("c"))
    post.want(B, scope="session:2")
    slow = house(HASTE, volunteer=Terms(rate=1, quiet=None))
    assert post.claimed_keys("r", NOW, slow) == ["b"]
    assert (post.row("a").send_at, post.row("c").send_at) == (NOW + SECOND, NOW + 2 * SECOND)
    assert post.claimed_keys("r2", NOW + SECOND, slow) == ["a"]


def test_what_is_in_doubt_may_have_been_told_and_goes_no_second_time_in_vain(post: Outgoing) -> None:
    """Both count as told; when one of them is off, it is not sent once more."""
    join_both(post)
    hand_over(post, InDoubt("timeout", "no answer"))
    assert told(post) == list(SCOPES)
    post.want(A)
    assert post.row("a+b").expires_at == TOGETHER.expires_at
    post.want(scope="session:2", reason="the session is off")
    assert post.row("a+b").expires_at == NOW


def test_what_was_to_be_said_once_more_may_be_known_already(post: Outgoing) -> None:
    """After a doubt it waits to go again, and is taken apart: a change of one must still be told."""
    join_both(post)
    hand_over(post, InDoubt("timeout", "no answer"))
    with post.database.write() as connection:
        again = update(messages).where(messages.c.key == "a+b")
        connection.execute(again.values(state=State.WAITING, resent=True, reference=None))
    post.want(scope="session:2", reason="the session is off")
    assert post.states() == {"a": State.WAITING, "b": State.CANCELLED, "a+b": State.CANCELLED}
    assert told(post) == list(SCOPES)


def test_what_was_taken_apart_after_a_doubt_is_counted_once(post: Outgoing) -> None:
    """What the joint text said may come twice, and is counted; the joint text itself is not, besides."""
    join_both(post)
    hand_over(post, InDoubt("timeout", "no answer"))
    with post.database.write() as connection:
        again = update(messages).where(messages.c.key == "a+b")
        connection.execute(again.values(state=State.WAITING, resent=True, reference=None))
        take_apart(connection, SCOPES, NOW)
    with post.database.read() as connection:
        counted = {row["state"]: row for row in summarise_messages(connection, house())}
    assert {state: row["resent"] for state, row in counted.items()} == {"waiting": 2, "cancelled": 0}
    assert counted["cancelled"]["segments"] == 0


def test_what_has_been_tried_or_is_not_due_tonight_joins_nothing(post: Outgoing) -> None:
    """Only what would go for the first time, now or within an evening."""
    later = wanted("tonight", send_at=NOW + EVENING), wanted("late", send_at=NOW + EVENING + MINUTE)
    post.want(A, *later, wanted("other", recipient="person:binh"))
    post.want(B, scope="session:2")
    with post.database.write() as connection:
        connection.execute(update(messages).where(messages.c.key == "b").values(attempts=1))
        assert [row.key for row in may_join(connection, SCOPES, AN, NOW)] == ["a", "tonight"]
        assert [row.key for row in may_join(connection, SCOPES, AN, NOW + DAY)] == []


def test_how_many_a_recipient_gets_of_a_scope_counts_what_has_gone_and_no_cancelled_ones(
    post: Outgoing,
) -> None:
    """From the first instant to before the last, each scope by itself."""
    others = wanted("next", send_at=NOW + HOUR), wanted("other", recipient="person:binh")
    post.want(A, wanted("b", send_at=NOW + MINUTE), wanted("c", send_at=NOW + MINUTE), *others)
    post.want(wanted("d", scope="session:2"), scope="session:2")
    post.claim()
    post.want(A, wanted("b", send_at=NOW + MINUTE), *others)
    with post.database.read() as connection:
        counted = how_many_between(connection, "person:an", SCOPES, NOW, NOW + HOUR)
    assert counted == {"session:1": 2, "session:2": 1}


@pytest.mark.parametrize("looked_at", [NOW, NOW - MINUTE])
@pytest.mark.parametrize("send_at", [NOW, NOW + EVENING])
def test_who_cancels_while_others_join_waits_and_takes_it_apart(
    post: Outgoing, send_at: datetime, looked_at: datetime
) -> None:
    """On PostgreSQL both may be at it in one instant: what is off is not told, due or to be due.

    Nor where the one looked at the clock a while before the other.
    """
    if post.database.is_sqlite:
        return  # one writer at a time: there is no such instant
    post.want(A)
    post.want(replace(B, send_at=send_at, expires_at=send_at + HOUR), scope="session:2")

    def call_off() -> None:
        post.want(scope="session:2", reason="the session is off", now=looked_at)

    canceller = Thread(target=call_off)

    def join_meanwhile(connection: Connection) -> None:
        rows = may_join(connection, SCOPES, AN, NOW)
        canceller.start()
        join(connection, TOGETHER, [row.id for row in rows], NOW)

    with post.database.write() as connection:
        join_meanwhile(connection)
        canceller.join(0.5)
        assert canceller.is_alive(), "it waits for the rows that are being joined"
    canceller.join()
    assert post.states() == {"a": State.WAITING, "b": State.CANCELLED, "a+b": State.CANCELLED}


def test_who_cancels_while_a_joint_text_comes_too_late_waits_for_that(post: Outgoing) -> None:
    """Whoever gives the text up holds it, and then wants what it says: the other must not hold that."""
    if post.database.is_sqlite:
        return  # one writer at a time: nobody waits for anybody
    join_both(post)
    canceller = Thread(target=lambda: post.want(scope="session:2", reason="the session is off"))
    with post.database.write() as connection:
        gone = update(messages).where(messages.c.key == "a+b").values(state=State.EXPIRED)
        ids = connection.scalars(gone.returning(messages.c.id)).all()
        canceller.start()
        canceller.join(0.5)
        free(connection, ids, NOW)
    canceller.join()
    assert post.states() == {"a": State.WAITING, "b": State.CANCELLED, "a+b": State.EXPIRED}
