"""A channel that takes many texts at a time: begun together, ended together, each on its own account."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Lock, Thread

import psycopg
import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from notifications.attempts import LEASE
from notifications.batch import Batch
from notifications.channels.channel import Parcel
from notifications.delivery import Deliverer
from notifications.message import State
from notifications.recovery import recover
from notifications.tables import messages
from scheduler.service.pretend import VirtualClock
from tests.fake_channel import FakeChannel
from tests.outgoing import NOW, Outgoing, wanted

PATIENCE = 30.0
HANDS = 4
PLACES = 2 * HANDS


class ManyHands:
    """A deliverer whose channel takes four texts at a time; `commits` counts its transactions."""

    def __init__(self, post: Outgoing) -> None:
        self.post = post
        self.channel = FakeChannel(workers=HANDS)
        self.commits = 0
        self.away = 0
        self.passes = timedelta(0)
        self.clock = VirtualClock(NOW)
        self.deliverer = Deliverer(self._begin, self.channel, self.clock)

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        if self.away:
            self.away -= 1
            self.clock.now += self.passes
            raise OperationalError("BEGIN", {}, psycopg.OperationalError("the database is away"))
        with self.post.database.write() as connection:
            yield connection
        self.commits += 1

    def claim(self, count: int, reference: str = "r") -> Batch:
        """Wants so many messages and claims them."""
        self.post.want(*(wanted(f"k{number:02}") for number in range(count)))
        return self.post.claim(reference)

    def states(self) -> dict[str, int]:
        """How many messages stand in each state."""
        found = list(self.post.states().values())
        return {state: found.count(state) for state in sorted(set(found))}


@pytest.fixture
def many(post: Outgoing) -> ManyHands:
    """Four hands on each kind of database."""
    return ManyHands(post)


def test_as_many_texts_are_under_way_as_the_channel_takes(many: ManyHands) -> None:
    """Four meet within their calls, all of them on record by then, and never a fifth."""
    meeting, lock = Barrier(HANDS, timeout=PATIENCE), Lock()
    now_inside: list[str] = []
    most: list[int] = []
    on_record: list[bool] = []

    def look(parcel: Parcel) -> None:
        with lock:
            now_inside.append(parcel.key)
            most.append(len(now_inside))
            on_record.append(many.post.row(parcel.key).reference == parcel.reference)
        meeting.wait()
        with lock:
            now_inside.remove(parcel.key)

    many.channel.look_around(look)
    many.deliverer.deliver(many.claim(2 * HANDS))
    assert max(most) == HANDS
    assert on_record == [True] * 2 * HANDS
    assert many.states() == {"sent": 2 * HANDS}


def test_texts_share_their_commits(many: ManyHands) -> None:
    """Forty texts, eight places: fewer than forty transactions, where one by one it would be eighty."""
    many.deliverer.deliver(many.claim(40))
    assert many.states() == {"sent": 40}
    assert many.commits < 40
    assert len({attempt.reference for attempt in many.post.attempts()}) == 40
    assert sorted(many.post.audited("sent")) == sorted(many.channel.keys())


def test_a_trouble_is_on_the_account_of_its_own_text(many: ManyHands) -> None:
    """One is refused, one is in doubt, one is turned away: the others of their group are sent."""
    many.channel.refuse()
    many.channel.leave_in_doubt()
    many.channel.turn_away()
    many.deliverer.deliver(many.claim(10))
    assert many.states() == {"failed": 1, "in_doubt": 1, "sent": 7, "waiting": 1}
    ended = [(attempt.outcome, attempt.provider_id is None) for attempt in many.post.attempts()]
    assert sorted(ended) == sorted(
        [("accepted", False)] * 7 + [("not_sent", True)] * 2 + [("in_doubt", True)]
    )
    with many.post.database.read() as connection:
        own = select(messages.c.key, messages.c.provider_id).where(messages.c.state == State.SENT)
        assert all(row.provider_id == f"id of {row.key}" for row in connection.execute(own))


def test_what_was_taken_back_from_a_group_is_settled_by_what_the_channel_says(many: ManyHands) -> None:
    """One of a group lost its lease meanwhile: the others are sent as usual, and it is, too, by its doubt."""
    taken_back: list[str] = []

    def take_back(parcel: Parcel) -> None:
        if parcel.key == "k00":
            with many.post.database.write() as connection:
                mine = messages.c.reference == parcel.reference
                connection.execute(messages.update().where(mine).values(lease_until=NOW))
                taken_back.extend("k00" for _ in range(recover(connection, NOW, orphaned=False)))

    many.channel.look_around(take_back)
    many.deliverer.deliver(many.claim(HANDS))
    assert taken_back == many.post.audited("in_doubt") == ["k00"]
    assert many.states() == {"sent": HANDS}


def test_who_is_told_to_stop_finishes_what_was_handed_over_and_gives_back_the_rest(many: ManyHands) -> None:
    """What was begun but not handed over waits again as if it had not been claimed."""
    meeting = Barrier(HANDS, action=many.deliverer.stop, timeout=PATIENCE)

    def meet(_: Parcel) -> None:
        meeting.wait()

    many.channel.look_around(meet)
    many.deliverer.deliver(many.claim(12))
    assert len(many.channel.handed) == HANDS
    assert many.states() == {"sent": HANDS, "waiting": 12 - HANDS}
    assert {row.attempts for row in many.post.rows() if row.state == State.WAITING} == {0}
    assert len(many.post.attempts()) == HANDS
    assert len(many.post.claim("next").ids) == 12 - HANDS


def test_what_the_channel_said_is_kept_while_the_database_is_away(many: ManyHands) -> None:
    """Recording is tried again: nothing falls into doubt for a moment without a database."""

    def cut(_: Parcel) -> None:
        many.away = 2

    many.channel.look_around(cut)
    many.deliverer.deliver(many.claim(1))
    assert many.states() == {"sent": 1}


def test_what_cannot_be_recorded_at_all_is_taken_back_later(many: ManyHands) -> None:
    """The deliverer gives up in the end; its places are free for the next batch, and the text is in doubt."""
    many.passes = LEASE

    def cut(_: Parcel) -> None:
        many.away = 1

    many.channel.look_around(cut)
    many.deliverer.deliver(many.claim(1))
    with many.post.database.write() as connection:
        assert recover(connection, many.clock(), orphaned=False) == 1
    many.channel.look_around(lambda _: None)
    later = (wanted(f"n{number}", scope="session:2", send_at=many.clock()) for number in range(PLACES))
    many.post.want(*later, scope="session:2")
    many.deliverer.deliver(many.post.claim("next", many.clock()))
    assert many.states() == {"in_doubt": 1, "sent": PLACES}


def test_batches_share_the_hands_of_their_channel(many: ManyHands) -> None:
    """Three batches at a time: still no more than four texts are in the channel's hands."""
    lock = Lock()
    inside, most = [0], [0]

    def look(_: Parcel) -> None:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        with lock:
            inside[0] -= 1

    many.channel.look_around(look)
    many.post.want(*(wanted(f"k{number:02}") for number in range(60)))
    whole = many.post.claim("r")
    batches = [Batch("r", whole.ids[start::3]) for start in range(3)]
    threads = [Thread(target=many.deliverer.deliver, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert many.states() == {"sent": 60}
    assert most[0] <= HANDS
