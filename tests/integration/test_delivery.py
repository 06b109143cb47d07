"""Delivery: an attempt is on record before the channel is called, and its outcome is written once."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import event, func, literal_column, select, table

from notifications.attempts import LEASE, Ended, end_attempts
from notifications.batch import Batch
from notifications.carrier.in_process import InProcessCarrier
from notifications.channels.channel import Accepted, InDoubt, Outcome, Parcel
from notifications.delivery import Deliverer
from notifications.fault import Fault
from notifications.message import State
from notifications.recovery import recover
from notifications.retry import FIRST_WAIT
from notifications.tables import attempts, messages
from notifications.terms import Terms
from scheduler.service.pretend import VirtualClock
from scheduler.store.database import Database
from tests.chaos.hastened import HastenedClock
from tests.fake_channel import FakeChannel, PowerCut
from tests.outgoing import HOUR, MINUTE, NOW, SECOND, Outgoing, house, wanted

PATIENCE = 30.0


class Delivery:
    """A deliverer at work on an outbox, with a fake channel and a clock that stands still."""

    def __init__(self, post: Outgoing) -> None:
        self.post = post
        self.channel = FakeChannel()
        self.clock = VirtualClock(NOW)
        self.deliverer = Deliverer(post.database.write, self.channel, self.clock)

    def claim(self, reference: str, *keys: str) -> Batch:
        """Wants these messages and claims them."""
        self.post.want(*(wanted(key) for key in keys))
        return self.post.claim(reference, self.clock())

    def deliver(self, *keys: str) -> None:
        """Wants these messages, claims and delivers them."""
        self.deliverer.deliver(self.claim("r", *keys))


@pytest.fixture
def delivery(post: Outgoing) -> Delivery:
    """A deliverer on each kind of database."""
    return Delivery(post)


def test_a_text_that_was_taken_is_sent(delivery: Delivery) -> None:
    """The parcel holds what was wanted; the row, the attempt and the trail say what came of it."""
    delivery.deliver("a")
    (parcel,) = delivery.channel.handed
    (attempt,) = delivery.post.attempts()
    row = delivery.post.row("a")
    assert parcel == Parcel(
        reference=attempt.reference,
        key="a",
        phone="+84901000001",
        text="Nho ca truc",
        sender="UBNDQ1",
        expires_at=row.expires_at,
        at=NOW,
    )
    assert (row.state, row.provider_id, row.handed_at, row.attempts) == (State.SENT, "id of a", NOW, 1)
    assert (attempt.message_id, attempt.started_at, attempt.ended_at) == (row.id, NOW, NOW)
    assert (attempt.outcome, attempt.code) == ("accepted", None)
    assert delivery.post.audited("sent") == ["a"]


def test_the_attempt_is_committed_before_the_channel_is_called(delivery: Delivery) -> None:
    """Somebody else sees it during every call, under the reference that the channel was given."""
    seen: list[list[tuple[str, str, object]]] = []

    def look(parcel: Parcel) -> None:
        with closing(_elsewhere(delivery)) as other, other.read() as connection:
            begun = select(messages.c.state, attempts.c.reference, attempts.c.ended_at).join(attempts)
            seen.append([tuple(row) for row in connection.execute(begun)])

    delivery.channel.look_around(look)
    delivery.deliver("a")
    assert seen == [[(State.SENDING, delivery.channel.handed[0].reference, None)]]


def test_no_transaction_is_open_while_the_channel_is_called(delivery: Delivery) -> None:
    """Another process may write at once, and no connection idles within a transaction."""
    wrote: list[int] = []

    def look(_: Parcel) -> None:
        with closing(_elsewhere(delivery)) as other, other.write() as connection:
            touched = connection.execute(messages.update().values(about="seen by another"))
            wrote.append(touched.rowcount)
            if not other.is_sqlite:
                assert connection.scalar(_IDLING) == 0

    delivery.channel.look_around(look)
    delivery.deliver("a", "b")
    assert wrote == [2, 2]


_IDLING = (
    select(func.count())
    .select_from(table("pg_stat_activity"))
    .where(
        literal_column("datname") == func.current_database(),
        literal_column("state").like("idle in transaction%"),
    )
)


def _elsewhere(delivery: Delivery) -> Database:
    return Database(delivery.post.database.url.render_as_string(hide_password=False))


def test_what_was_refused_for_good_is_not_tried_again(delivery: Delivery) -> None:
    """The code says why; nothing waits."""
    delivery.channel.refuse(Fault.BAD_TEXT, "21617")
    delivery.deliver("a")
    row = delivery.post.row("a")
    assert (row.state, row.reason, row.handed_at) == (State.FAILED, "bad_text (21617)", None)
    (attempt,) = delivery.post.attempts()
    assert (attempt.outcome, attempt.sentence) == ("not_sent", "Refused: bad_text.")


@pytest.mark.parametrize(
    ("asked", "at_least"),
    [
        pytest.param(None, FIRST_WAIT, id="no wish of the channel's"),
        pytest.param(timedelta(minutes=10), timedelta(minutes=10), id="ten minutes, as it asked"),
        pytest.param(SECOND, FIRST_WAIT, id="it asked for less than is decent"),
    ],
)
def test_what_was_turned_away_waits_and_goes_again(
    delivery: Delivery, asked: timedelta | None, at_least: timedelta
) -> None:
    """Proven not sent: it is free again after a while, and the second attempt has its own reference."""
    delivery.channel.turn_away(asked)
    delivery.deliver("a")
    row = delivery.post.row("a")
    assert (row.state, row.reason, row.reference, row.lease_until) == (
        State.WAITING,
        "transient (busy)",
        None,
        None,
    )
    assert NOW + at_least <= row.send_at <= NOW + at_least * 1.5
    assert delivery.post.claim("early", row.send_at - SECOND).ids == ()
    delivery.deliverer.deliver(delivery.post.claim("again", row.send_at))
    assert delivery.post.states() == {"a": State.SENT}
    assert len({attempt.reference for attempt in delivery.post.attempts()}) == 2


def test_in_the_end_it_is_given_up(delivery: Delivery) -> None:
    """A text that is always turned away is tried as long as it is useful, and not a second longer."""
    deadline = NOW + 3 * HOUR
    delivery.post.want(wanted("a", expires_at=deadline))
    tries = 0
    while delivery.post.states() == {"a": State.WAITING}:
        tries += 1
        delivery.channel.turn_away()
        delivery.clock.now = delivery.post.row("a").send_at
        delivery.deliverer.deliver(delivery.post.claim(f"r{tries}", delivery.clock()))
    assert delivery.post.states() == {"a": State.FAILED}
    assert deadline - MINUTE <= delivery.clock() < deadline
    assert tries == len(delivery.channel.handed) > 10


def test_what_is_in_doubt_stays_there(delivery: Delivery) -> None:
    """It may have gone out: nobody tries it again by himself."""
    delivery.channel.leave_in_doubt()
    delivery.deliver("a")
    assert delivery.post.states() == {"a": State.IN_DOUBT}
    assert delivery.post.row("a").reason == "no_answer"
    assert delivery.post.claim("again", NOW + HOUR).ids == ()
    with delivery.post.database.write() as connection:
        recover(connection, NOW + HOUR, orphaned=True)
    assert delivery.post.states() == {"a": State.IN_DOUBT}


def test_a_channel_that_breaks_down_leaves_its_text_in_doubt(delivery: Delivery) -> None:
    """Whatever it raises, the text may be out; the next one of the batch goes all the same."""
    delivery.channel.break_down(ZeroDivisionError("a bug"))
    delivery.deliver("a", "b")
    assert delivery.post.states() == {"a": State.IN_DOUBT, "b": State.SENT}
    assert "ZeroDivisionError" in delivery.post.attempts()[0].sentence


def test_a_killed_deliverer_leaves_its_text_in_doubt(delivery: Delivery) -> None:
    """The kill comes within the call: after the lease it is in doubt, what was not begun goes."""
    delivery.channel.break_down(PowerCut())
    with pytest.raises(PowerCut):
        delivery.deliver("a", "b")
    assert delivery.post.states() == {"a": State.SENDING, "b": State.CLAIMED}
    with delivery.post.database.write() as connection:
        assert recover(connection, NOW + LEASE, orphaned=False) == 1
    delivery.deliverer.deliver(delivery.post.claim("next", NOW + LEASE))
    assert delivery.post.states() == {"a": State.IN_DOUBT, "b": State.SENT}
    assert delivery.channel.keys() == ["a", "b"]


def test_a_late_finish_settles_the_doubt(delivery: Delivery) -> None:
    """An attempt that was taken back meanwhile no longer holds the message, but what it learnt counts."""

    def take_back(_: Parcel) -> None:
        with delivery.post.database.write() as connection:
            recover(connection, NOW + LEASE, orphaned=False)

    delivery.channel.look_around(take_back)
    delivery.deliver("a")
    assert delivery.post.states() == {"a": State.SENT}
    assert delivery.post.audited("in_doubt") == delivery.post.audited("sent") == ["a"]
    assert [attempt.outcome for attempt in delivery.post.attempts()] == ["accepted"]


@pytest.mark.parametrize("reference", ["another", ""])
@pytest.mark.parametrize("outcome", [Accepted("x"), InDoubt("x", "Nobody knows.")], ids=["taken", "in doubt"])
def test_an_outcome_is_written_only_by_the_attempt_that_holds_it(
    delivery: Delivery, reference: str, outcome: Outcome
) -> None:
    """A reference that is not the row's own writes nothing."""
    delivery.claim("r", "a")
    delivery.post.put_in_state("a", State.SENDING)
    with delivery.post.database.write() as connection:
        assert not end_attempts(connection, [Ended(1, reference, outcome)], False, NOW)
        assert end_attempts(connection, [Ended(1, "r", outcome)], False, NOW) == {"r"}
        assert not end_attempts(connection, [Ended(1, "r", outcome)], False, NOW)
    state = State.SENT if isinstance(outcome, Accepted) else State.IN_DOUBT
    assert delivery.post.states() == {"a": state}
    assert delivery.post.audited(state) == ["a"]


def test_recording_and_taking_back_at_once_agree(postgres_post: Outgoing) -> None:
    """On PostgreSQL the two may meet between a reading and a writing: the first to read wins."""
    delivery = Delivery(postgres_post)
    delivery.claim("r", "a")
    postgres_post.put_in_state("a", State.SENDING)
    began = Event()

    def take_back() -> None:
        with postgres_post.database.write() as connection:
            began.set()
            recover(connection, NOW, orphaned=True)

    rival = Thread(target=take_back)
    with postgres_post.database.write() as connection:
        starts = [rival.start]

        def start_rival(*_: object) -> None:
            if starts:
                starts.pop()()
                assert began.wait(PATIENCE)

        event.listen(connection, "after_cursor_execute", start_rival)
        assert end_attempts(connection, [Ended(1, "r", Accepted("x"))], False, NOW) == {"r"}
    rival.join(PATIENCE)
    assert postgres_post.states() == {"a": State.SENT}
    assert (postgres_post.audited("sent"), postgres_post.audited("in_doubt")) == (["a"], [])


def test_a_batch_that_is_carried_twice_is_delivered_once(delivery: Delivery) -> None:
    """A repeated job skips what has been begun."""
    batch = delivery.claim("r", "a", "b")
    delivery.deliverer.deliver(batch)
    delivery.deliverer.deliver(batch)
    assert delivery.channel.keys() == ["a", "b"]


def test_two_deliverers_of_one_batch_hand_each_text_over_once(delivery: Delivery) -> None:
    """Whoever begins a message has it; the other passes on."""
    batch = delivery.claim("r", *(f"k{number}" for number in range(20)))
    with closing(_elsewhere(delivery)) as other:
        rival = Deliverer(other.write, delivery.channel, delivery.clock)
        thread = Thread(target=rival.deliver, args=(batch,))
        thread.start()
        delivery.deliverer.deliver(batch)
        thread.join(PATIENCE)
    assert sorted(delivery.channel.keys()) == sorted(f"k{number}" for number in range(20))
    assert set(delivery.post.states().values()) == {State.SENT}


def test_what_expires_before_its_turn_is_not_handed_over(delivery: Delivery) -> None:
    """A slow channel does not make the last of a batch go out too late."""
    batch = delivery.claim("r", "a")
    delivery.clock.now = NOW + 24 * HOUR
    delivery.deliverer.deliver(batch)
    assert delivery.channel.handed == []
    delivery.post.claim("next", delivery.clock())
    assert delivery.post.states() == {"a": State.EXPIRED}


@pytest.mark.parametrize("text", [None, "Ca truc doi gio"], ids=["cancelled", "changed"])
def test_what_changes_before_its_turn_is_not_handed_over(delivery: Delivery, text: str | None) -> None:
    """A claimed text that was cancelled or changed is not sent as it was."""
    batch = delivery.claim("r", "a")
    delivery.post.want(*([wanted("a", text=text)] if text else []))
    delivery.deliverer.deliver(batch)
    assert delivery.channel.handed == []
    assert delivery.post.states() == {"a": State.WAITING if text else State.CANCELLED}


class _Watched(FakeChannel):
    """Notes by a clock that runs when each text was handed over."""

    def __init__(self, clock: HastenedClock) -> None:
        super().__init__()
        self.clock = clock
        self.at: list[datetime] = []

    def hand(self, parcel: Parcel) -> Outcome:
        self.at.append(self.clock())
        return super().hand(parcel)


def test_no_text_is_handed_over_before_its_place_in_the_pace(post: Outgoing) -> None:
    """Five are claimed together, and go a twentieth of a second apart."""
    clock = HastenedClock.starting(NOW, 1.0)
    channel = _Watched(clock)
    post.want(*(wanted(f"k{number}") for number in range(5)))
    batch = post.claim_places("r", clock(), house(Terms(rate=20, quiet=None)))
    Deliverer(post.database.write, channel, clock).deliver(batch)
    assert channel.keys() == [f"k{number}" for number in range(5)]
    assert all(at >= place for at, place in zip(channel.at, batch.go_at().values(), strict=True))


def test_a_stopped_deliverer_gives_the_rest_back(delivery: Delivery) -> None:
    """The text under way is finished, and the others are free at once, without a lease to run out."""
    delivery.channel.look_around(lambda _: delivery.deliverer.stop())
    delivery.deliver("a", "b", "c")
    assert delivery.post.states() == {"a": State.SENT, "b": State.WAITING, "c": State.WAITING}
    assert {row.reference for row in delivery.post.rows()[1:]} == {None}
    assert delivery.post.claimed_keys("next") == ["b", "c"]


class Carriage:
    """A carrier of one worker with a delivery at its end; `done` counts how often it was free again."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.done: list[bool] = []
        self.is_done = Event()
        self.carrier = InProcessCarrier(delivery.deliverer.deliver, workers=1, done=self._note)

    def is_full(self) -> bool:
        """Whether it takes no more."""
        with self.delivery.post.database.read() as connection:
            return self.carrier.is_full(connection)

    def _note(self) -> None:
        self.done.append(self.is_full())
        self.is_done.set()


@pytest.fixture
def carriage(delivery: Delivery) -> Iterator[Carriage]:
    """A carrier that is stopped at the end."""
    one = Carriage(delivery)
    yield one
    delivery.channel.let_go()
    assert one.carrier.stop(PATIENCE)


def test_a_carried_batch_is_delivered_and_told(carriage: Carriage) -> None:
    """Who is told that a worker is free finds it free."""
    carriage.carrier.carry(carriage.delivery.claim("r", "a"))
    assert carriage.is_done.wait(PATIENCE)
    assert carriage.done == [False]
    assert carriage.delivery.post.states() == {"a": State.SENT}


def test_a_carrier_at_work_is_full(carriage: Carriage) -> None:
    """While its only worker is busy it takes no more; afterwards it does."""
    carriage.delivery.channel.hold()
    carriage.carrier.carry(carriage.delivery.claim("r", "a"))
    assert carriage.delivery.channel.is_busy.wait(PATIENCE)
    assert carriage.is_full()
    carriage.delivery.channel.let_go()
    assert carriage.is_done.wait(PATIENCE)
    assert not carriage.is_full()


def test_an_empty_batch_is_nobodys_work(carriage: Carriage) -> None:
    """It occupies no worker and tells nobody."""
    carriage.carrier.carry(Batch("r", ()))
    assert not carriage.is_full()
    assert carriage.carrier.stop(PATIENCE)
    assert carriage.done == []


def test_a_fault_of_a_deliverer_frees_its_worker(carriage: Carriage) -> None:
    """The database failed under it: the next batch still finds a worker, and the fault is told of."""
    carriage.delivery.channel.break_down(PowerCut())
    carriage.carrier.carry(carriage.delivery.claim("r1", "a"))
    assert carriage.is_done.wait(PATIENCE)
    carriage.is_done.clear()
    carriage.delivery.post.want(wanted("b", scope="session:2"), scope="session:2")
    carriage.carrier.carry(carriage.delivery.post.claim("r2"))
    assert carriage.is_done.wait(PATIENCE)
    assert carriage.delivery.post.states() == {"a": State.SENDING, "b": State.SENT}


def test_stopping_waits_for_what_is_under_way_but_not_for_ever(carriage: Carriage) -> None:
    """A call that outlasts the grace is told of; one that ends within it is recorded."""
    carriage.delivery.channel.hold()
    carriage.carrier.carry(carriage.delivery.claim("r", "a"))
    assert carriage.delivery.channel.is_busy.wait(PATIENCE)
    assert not carriage.carrier.stop(0.01)
    carriage.delivery.channel.let_go()
    assert carriage.carrier.stop(PATIENCE)
    assert carriage.delivery.post.states() == {"a": State.SENT}


def test_a_minute_later_nothing_of_it_is_repeated(delivery: Delivery) -> None:
    """What was sent is not due again, whatever is claimed or taken back afterwards."""
    delivery.deliver("a")
    with delivery.post.database.write() as connection:
        recover(connection, NOW + MINUTE, orphaned=True)
    assert delivery.post.claim("again", NOW + MINUTE).ids == ()
    assert delivery.channel.keys() == ["a"]
