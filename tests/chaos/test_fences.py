"""Who comes with yesterday's news changes nothing: old look-ups, repeated calls, two claimers at once."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import event, text

from notifications.arrival import Arrival
from notifications.attempts import LEASE, Ended, begin_attempts, end_attempts
from notifications.channels.channel import NotSent
from notifications.claims import claim_due
from notifications.doubt import BEFORE_FIRST, BETWEEN
from notifications.fault import Fault
from notifications.inbox import receive, take_arrivals
from notifications.lookups import end_look_up, inquiry_for
from notifications.message import State
from notifications.recovery import recover
from notifications.terms import Terms
from tests.doubts import Doubts
from tests.outgoing import NOW, SECOND, Outgoing, house, outgoing, wanted
from tests.postgres import PostgresServer
from tests.served import wait_for

NOT_NOW = NotSent(Fault.TRANSIENT, "20429", "Too fast.")
BLOCKED = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


@pytest.fixture
def doubts(database_url: str) -> Iterator[Doubts]:
    """A deliverer whose channel can be asked, on each kind of database."""
    with outgoing(database_url) as post:
        yield Doubts(post)


def test_a_look_up_of_an_earlier_attempt_decides_nothing(doubts: Doubts) -> None:
    """While a slow look-up was under way the text was sent once more: its answer is about the first try."""
    doubts.channel.leave_in_doubt()
    doubts.channel.leave_in_doubt()
    doubts.send("a")
    number = doubts.post.row("a").id
    with doubts.post.database.read() as connection:
        slow = inquiry_for(connection, number)
    assert slow is not None
    doubts.look_up(BEFORE_FIRST)
    doubts.look_up(BETWEEN)
    doubts.go_on()
    assert doubts.channel.keys() == ["a", "a"]
    with doubts.post.database.write() as connection:
        end_look_up(connection, number, slow, (), doubts.clock())
    row = doubts.post.row("a")
    assert (row.state, row.misses) == (State.IN_DOUBT, 0)


def test_the_answer_to_an_earlier_attempt_does_not_end_a_later_one(doubts: Doubts) -> None:
    """The first try was given up and the text is being sent once more, when the first is refused at last."""
    doubts.channel.leave_in_doubt()
    doubts.send("a")
    doubts.look_up(BEFORE_FIRST)
    doubts.look_up(BETWEEN)
    (first,) = doubts.post.attempts()
    batch = doubts.post.claim("again", doubts.clock())
    with doubts.post.database.write() as connection:
        assert begin_attempts(connection, batch.ids, "again", "second", doubts.clock())
    told = doubts.post.audited("failed"), doubts.post.audited("waiting")
    with doubts.post.database.write() as connection:
        ended = Ended(batch.ids[0], first.reference, NotSent(Fault.BAD_TEXT, "21617", "Too long."))
        assert not end_attempts(connection, [ended], True, doubts.clock())
    row = doubts.post.row("a")
    assert (row.state, row.reference) == (State.SENDING, f"second-{row.id}")
    assert (doubts.post.audited("failed"), doubts.post.audited("waiting")) == told == ([], [])


def test_a_batch_whose_lease_ran_out_begins_nothing(doubts: Doubts) -> None:
    """Another deliverer has claimed its texts meanwhile; whoever wakes up late leaves them to that one."""
    doubts.post.want(wanted("a"))
    late = doubts.post.claim("late", NOW)
    with doubts.post.database.write() as connection:
        recover(connection, NOW + LEASE, False)
    doubts.clock.now = NOW + LEASE
    on_time = doubts.post.claim("on time", doubts.clock())
    doubts.deliverer.deliver(late)
    assert doubts.channel.keys() == []
    doubts.deliverer.deliver(on_time)
    assert doubts.channel.keys() == ["a"]


def test_recovery_leaves_alone_what_was_begun_anew(postgres_server: PostgresServer) -> None:
    """Between its look and its writing the slow deliverer ended its try, and another began the next."""
    with postgres_server.fresh_database() as url, outgoing(url) as post:
        post.want(wanted("a"))
        (number,) = post.claim("r").ids
        now = NOW + LEASE

        def begin_anew() -> None:
            with post.database.write() as connection:
                end_attempts(connection, [Ended(number, f"first-{number}", NOT_NOW)], True, now)
            later = post.row("a").send_at
            batch = post.claim("again", later)
            with post.database.write() as connection:
                assert begin_attempts(connection, batch.ids, "again", "second", later)

        def look(*told: Any) -> None:
            if "in_doubt" in str(told[3]) and post.row("a").reference == f"first-{number}":
                begin_anew()

        with post.database.write() as connection:
            assert begin_attempts(connection, [number], "r", "first", NOW)
        with post.database.write() as recovering:
            event.listen(recovering, "before_cursor_execute", look)
            recover(recovering, now, False, {"console"})
        row = post.row("a")
        assert (row.state, row.reference) == (State.SENDING, f"second-{number}")


def test_what_a_provider_tells_twice_is_stored_once(database_url: str) -> None:
    """The same call a minute later is the same call."""
    with outgoing(database_url) as post:
        for at in (NOW, NOW + SECOND):
            with post.database.write() as connection:
                assert receive(connection, Arrival("twilio", "status", "k", "", "", at)) is (at == NOW)
        with post.database.write() as connection:
            assert len(take_arrivals(connection, NOW)) == 1


def test_two_claimers_at_once_keep_one_pace(postgres_server: PostgresServer) -> None:
    """The second one reads the pace only when the first has written down what it took."""
    at, later = house(Terms(rate=1.0, quiet=None)), NOW + 10 * SECOND
    got: list[tuple[int, ...]] = []
    with postgres_server.fresh_database() as url, outgoing(url) as post:
        post.want(*(wanted(key) for key in "abc"))
        assert len(post.claim("zero", NOW, at).ids) == 1
        other = Thread(target=lambda: got.append(post.claim("two", later, at).ids))
        with post.database.write() as connection:
            assert len(claim_due(connection, at, "console", "one", later).ids) == 1
            other.start()
            wait_for(lambda: _blocked(post))
        other.join()
    assert got == [()]


def _blocked(post: Outgoing) -> int:
    with post.database.read() as connection:
        return connection.scalar(BLOCKED) or 0
