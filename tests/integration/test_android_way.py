"""One text's way over a phone and back: outbox, real HTTP, signed calls, inbox, on each kind of database."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest

from notifications.arrival import Arrival
from notifications.channels.android import Android, Gateway
from notifications.channels.android_event import CHANNEL, read_arrival
from notifications.delivery import Deliverer
from notifications.halts import halted
from notifications.inbox import receive
from notifications.lookups import claim_look_ups
from notifications.message import State
from notifications.reading import take_replies, work_off
from scheduler.service.pretend import VirtualClock
from scheduler.web.android import AndroidCalls
from scheduler.web.application import create_app
from scheduler.web.intake import Intake
from tests.board import board_of
from tests.fake_android import PASSWORD, SIGNING_KEY, USER, Call, FakeAndroid
from tests.outgoing import HASTE, HOUR, MINUTE, NOW, Outgoing, house, wanted


class Way:
    """An outbox whose texts leave by a phone, and a desk that the phone calls."""

    def __init__(self, post: Outgoing, phone: FakeAndroid) -> None:
        self.post, self.phone = post, phone
        self.clock = VirtualClock(NOW)
        self.channel = Android(Gateway(phone.url, USER, PASSWORD))
        self._deliverer = Deliverer(post.database.write, self.channel, self.clock)
        calls = AndroidCalls(SIGNING_KEY, Intake(self._receive, lambda: None, self.clock, 20), self.clock)
        self._app = create_app(lambda: board_of(), self.clock, lambda: True, [calls])

    def send(self, key: str) -> str:
        """Wants a text and hands it over; returns the reference of its attempt."""
        self.post.want(wanted(key))
        self.go()
        return str(self.post.attempts()[-1].reference)

    def go(self) -> None:
        """Hands over what is due."""
        terms = replace(HASTE, channel=CHANNEL)
        self._deliverer.deliver(self.post.claim(now=self.clock(), at=house(terms), channel=CHANNEL))

    def look_up(self) -> None:
        """Looks up what is due."""
        with self.post.database.write() as connection:
            batch = claim_look_ups(connection, CHANNEL, self.clock())
        self._deliverer.deliver(batch)

    def call(self, *calls: Call) -> list[int]:
        """The phone calls; then a turn works off what it told."""

        async def ask() -> list[int]:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
                return [
                    (await client.post("/sms/android", content=call.body, headers=call.headers)).status_code
                    for call in calls
                ]

        answers = asyncio.run(ask())
        with self.post.database.write() as connection:
            work_off(connection, {CHANNEL: read_arrival}, self.clock())
        return answers

    def state(self, key: str) -> str:
        """The state of a message."""
        return self.post.states()[key]

    def _receive(self, arrival: Arrival) -> bool:
        with self.post.database.write() as connection:
            return receive(connection, arrival)


@pytest.fixture
def way(post: Outgoing) -> Iterator[Way]:
    """A way on each kind of database."""
    with FakeAndroid() as phone:
        one = Way(post, phone)
        yield one
        one.channel.close()


def test_a_text_goes_and_its_receipts_come_back(way: Way) -> None:
    """Taken, sent, with the handset; told twice and in the wrong order it ends alike."""
    reference = way.send("a")
    assert way.state("a") == State.SENT
    sent, delivered = way.phone.send(reference, NOW), way.phone.deliver(reference, NOW)

    assert way.call(delivered, sent, delivered) == [204] * 3
    assert way.state("a") == State.DELIVERED


@pytest.mark.parametrize(
    "fault", [FakeAndroid.accept_then_500, FakeAndroid.accept_then_drop, FakeAndroid.garbage_202]
)
def test_a_lost_answer_is_looked_up_and_nobody_is_texted_twice(
    way: Way, fault: Callable[[FakeAndroid], None]
) -> None:
    """In doubt for two minutes, then found by our own id, however wrong the clock of the phone is."""
    fault(way.phone)
    way.send("a")
    assert way.state("a") == State.IN_DOUBT

    way.clock.now = NOW + 3 * MINUTE
    way.look_up()
    assert way.state("a") == State.SENT
    assert len(way.phone.ledger) == 1


def test_a_receipt_that_outruns_its_answer_settles_the_doubt(way: Way) -> None:
    """The reference rides with the text: no look-up is needed."""
    way.phone.accept_then_drop()
    reference = way.send("a")

    way.call(way.phone.deliver(reference, NOW))
    assert way.state("a") == State.DELIVERED


def test_a_text_that_was_not_taken_is_sent_once_more(way: Way) -> None:
    """The gateway fails before it takes the text, and twice knows nothing of it: a duty text goes again."""
    way.phone.fail(500, "database is locked")
    way.send("a")
    for minutes in (3, 14, 15):
        way.clock.now = NOW + minutes * MINUTE
        way.look_up()
    way.go()

    assert way.state("a") == State.SENT
    assert len(way.phone.ledger) == 1


def test_a_phone_without_a_sim_stops_the_queue(way: Way) -> None:
    """The fault is ours, and no other text shall pay for it."""
    reference = way.send("a")
    way.call(way.phone.lose(reference, "Can't send message: No SIMs found", NOW))

    with way.post.database.read() as connection:
        assert [row.channel for row in halted(connection)] == [CHANNEL]
    assert way.state("a") == State.UNDELIVERED


def test_an_answer_by_text_is_kept_once(way: Way) -> None:
    """Told again it is the same; what the network writes is nobody's answer."""
    told = way.phone.receive("0901 000 001", "Có 12 ạ", NOW)
    way.call(told, told, way.phone.receive("Viettel", "KM 50%", NOW))

    with way.post.database.write() as connection:
        replies = take_replies(connection, NOW + HOUR)
    assert [(row.phone, row.text, row.at) for row in replies] == [("+84901000001", "Có 12 ạ", NOW)]


def test_a_forged_call_changes_nothing(way: Way) -> None:
    """Whoever knows a reference still cannot say that a text has arrived."""
    reference = way.send("a")
    genuine = way.phone.deliver(reference, NOW)

    assert way.call(Call(genuine.body, genuine.timestamp, "0" * 64)) == [403]
    assert way.state("a") == State.SENT
