"""A day of the shipped calendar by the real Twilio channel: all that passes fits Twilio's description."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from notifications.channels.channel import Channel
from notifications.channels.twilio import Twilio
from notifications.channels.twilio_account import Credentials
from notifications.message import State
from notifications.receipt import Rank, Receipt
from notifications.receipts import merge_receipt
from notifications.tables import attempts, messages
from scheduler.service.pretend import VirtualClock
from tests.desk import Desk, instant
from tests.fake_twilio import ACCOUNT, TOKEN, FakeTwilio

EXAMPLE = Path(__file__).parents[2] / "settings.toml"
CALLBACK = "https://catruc.example/sms/twilio/status"
MORNING = "2026-11-29 08:00"
HOURS = ("2026-11-29 12:00", "2026-11-29 17:30", "2026-11-29 20:00", "2026-11-30 12:00", "2026-11-30 20:00")


@pytest.fixture
def clock() -> VirtualClock:
    """The morning before."""
    return VirtualClock(instant(MORNING))


@pytest.fixture
def twilio(clock: VirtualClock) -> Iterator[FakeTwilio]:
    """A pretend Twilio on the same clock; leaving it fails if anything did not fit its description."""
    with FakeTwilio(clock) as fake:
        yield fake


@pytest.fixture
def channel(twilio: FakeTwilio) -> Iterator[Channel]:
    """The real channel, pointed there."""
    with closing(Twilio(Credentials(ACCOUNT, TOKEN), twilio.url, callback=CALLBACK)) as one:
        yield one


@pytest.fixture
def desk(database_url: str, channel: Channel, clock: VirtualClock) -> Iterator[Desk]:
    """The shipped settings, on each kind of database."""
    text = EXAMPLE.read_text(encoding="utf-8")
    with closing(Desk(database_url, text, MORNING, channel, clock)) as one:
        yield one


def _report(desk: Desk, twilio: FakeTwilio, luck: Random) -> None:
    """Twilio tells of some texts how far they came, in any order, as its calls would."""
    with desk.database.read() as connection:
        known = connection.execute(select(attempts.c.provider_id, attempts.c.reference))
        references = {row.provider_id: row.reference for row in known}
    told = [(message, rank) for message in twilio.ledger for rank in (Rank.SENT, Rank.ARRIVED)]
    for message, rank in luck.sample(told, len(told) // 2):
        receipt = Receipt(references.get(message.sid, ""), message.sid, rank.name, rank, desk.clock())
        with desk.database.write() as connection:
            merge_receipt(connection, receipt, desk.clock())


def test_a_day_with_all_kinds_of_trouble_loses_and_doubles_nothing(desk: Desk, twilio: FakeTwilio) -> None:
    """Lost answers, failures and refusals: the rows and Twilio's own ledger tell the same."""
    luck = Random(20261130)
    trouble: list[Callable[[], None]] = [
        twilio.accept_then_500,
        twilio.accept_then_drop,
        twilio.garbage_201,
        lambda: twilio.too_many(30),
        lambda: twilio.refuse(30001),
    ]
    for hour in HOURS:
        for _ in range(luck.randint(2, 6)):
            luck.choice(trouble)()
        desk.run_until(hour)
        _report(desk, twilio, luck)
    with desk.database.read() as connection:
        rows = list(connection.execute(select(messages)))
    took = Counter((message.to, message.body) for message in twilio.ledger)
    out = [row for row in rows if row.state in (State.SENT, State.DELIVERED)]
    assert len(twilio.ledger) > 50
    assert not [row.key for row in rows if row.state in (State.IN_DOUBT, State.FAILED, State.UNDELIVERED)]
    assert not [row.key for row in rows if row.resent]
    assert took == Counter((row.phone, row.text) for row in out)
    assert twilio.complaints() == []
