"""A provider with bad days, in volume: nothing goes twice, and what stays unknown is told in time."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from itertools import count
from random import Random

import pytest
from sqlalchemy import select

from notifications.channels import twilio_form
from notifications.channels.twilio import Twilio
from notifications.channels.twilio_account import Credentials
from notifications.channels.twilio_codes import load_codes
from notifications.claims import claim_due
from notifications.delivery import Deliverer
from notifications.lookups import claim_look_ups, tell_in_time
from notifications.message import State
from notifications.reading import work_off
from notifications.recovery import recover
from notifications.tables import messages, outcomes
from notifications.terms import Terms
from scheduler.service.pretend import VirtualClock
from tests.chaos import size
from tests.chaos.deliverer import CALLBACK
from tests.chaos.ledgers import UNDER_WAY, compare, ledgers_of, planned, taken_by
from tests.chaos.tally import Tally
from tests.chaos.trouble import FAULTS, Trouble
from tests.fake_twilio import ACCOUNT, TOKEN, FakeTwilio
from tests.outgoing import DAY, NOW, Outgoing, house, opened, wanted

SEED = 20261118
A_TURN = timedelta(seconds=10)
MOST_TURNS = 2_000
AT = house(Terms(channel="twilio", rate=20.0, quiet=None, daily_cap=10**9))
READERS = {"twilio": partial(twilio_form.read_arrival, codes=load_codes())}
SLOWLY = {"taken, one byte at a time": lambda twilio: twilio.slow_bytes(0.02)}


class Season:
    """Many texts, one deliverer, a virtual clock and a provider with bad days."""

    def __init__(self, post: Outgoing, twilio: FakeTwilio, clock: VirtualClock, texts: int) -> None:
        self.post = post
        self.twilio = twilio
        self.clock = clock
        self.trouble = Trouble(twilio, clock, Random(SEED), {**FAULTS, **SLOWLY})
        account = Credentials(ACCOUNT, TOKEN)
        self._channel = Twilio(account, twilio.url, callback=CALLBACK, connect=5.0, total=0.5)
        self._deliverer = Deliverer(post.database.write, self._channel, clock)
        self._references = map(str, count())
        self.plan = [
            wanted(f"m{number}", phone=f"+849{number:08}", text=f"Nho ca {number}", expires_at=NOW + 2 * DAY)
            for number in range(texts)
        ]
        post.want(*self.plan)

    def run_to_rest(self) -> None:
        """Turns every ten seconds until nothing is under way and every doubt is settled or given up."""
        with closing(self._channel):
            for _ in range(MOST_TURNS):
                self._turn()
                if not self._restless():
                    return
        raise AssertionError(f"after {MOST_TURNS} turns these still have no end: {self._restless()[:5]}")

    def untold(self) -> list[str]:
        """Texts in doubt of which nobody was told while there was time."""
        told = select(outcomes.c.message_id).where(outcomes.c.kind == "in_doubt")
        doubts = select(messages.c.key).where(messages.c.state == State.IN_DOUBT, messages.c.id.not_in(told))
        with self.post.database.read() as connection:
            return list(connection.scalars(doubts))

    def _turn(self) -> None:
        self.trouble.go_on()
        self.trouble.bring_receipts(self.post.database.write)
        now = self.clock()
        with self.post.database.write() as connection:
            work_off(connection, READERS, now)
            recover(connection, now, False, {"twilio"})
            batches = [
                claim_due(connection, AT, "twilio", next(self._references), now),
                claim_look_ups(connection, "twilio", now),
            ]
            tell_in_time(connection, now)
        for batch in batches:
            self._deliverer.deliver(batch.at_once())
        self.clock.now += A_TURN

    def _restless(self) -> list[str]:
        asked = (messages.c.state == State.IN_DOUBT) & messages.c.look_up_at.is_not(None)
        restless = select(messages.c.key).where(messages.c.state.in_(UNDER_WAY) | asked)
        with self.post.database.read() as connection:
            return list(connection.scalars(restless))


@pytest.fixture
def season(database_url: str) -> Iterator[Season]:
    """A season that has not begun."""
    clock = VirtualClock(NOW)
    with opened(database_url) as database, FakeTwilio(clock) as twilio:
        yield Season(Outgoing(database), twilio, clock, size.scaled(400))


def test_bad_days_of_the_provider_lose_and_double_nothing(season: Season, tally: Tally) -> None:
    """An eighth of all calls and look-ups goes wrong, in every way that is known."""
    kind = "sqlite" if season.post.database.is_sqlite else "postgresql"
    with tally.part(f"bad days of the provider, {kind}") as row:
        season.run_to_rest()
    comparison = compare(ledgers_of(season.post.database, planned(season.plan), taken_by(season.twilio)))
    row.add_comparison(comparison)
    print(f"\nseed {SEED}; {comparison}\n{dict(season.trouble.counts)}")
    assert comparison.agrees, comparison
    assert not comparison.resent, comparison
    assert not comparison.set_aside, comparison
    assert len(comparison.in_doubt) <= max(2, comparison.texts // 1000), comparison
    assert not season.untold()
