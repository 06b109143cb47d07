"""Deliverers are killed at random while the provider has bad days: nothing is lost and nothing goes twice."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event

import pytest
from sqlalchemy import Row, func, select

from notifications import outbox
from notifications.message import State, Wanted
from notifications.tables import messages, outcomes
from scheduler.store.database import Database
from scheduler.store.migrate import migrate
from tests.chaos import size
from tests.chaos.deliverer import Orders
from tests.chaos.fleet import Fleet, fleet
from tests.chaos.hastened import HastenedClock
from tests.chaos.ledgers import UNDER_WAY, Plan, compare, ledgers_of, planned, taken_by
from tests.chaos.tally import Tally
from tests.chaos.trouble import Trouble
from tests.fake_twilio import FakeTwilio
from tests.outgoing import DAY, wanted
from tests.postgres import PostgresServer

NOW = datetime(2026, 11, 17, 3, tzinfo=UTC)
# Two minutes become 1.2 seconds, ten become six, the lease of five becomes three.
TIMES = 100.0
SEED = 20261117
# A race of more kills would only carry longer ledgers along; a release runs many, each with luck of its own.
MOST_KILLS = 250
RACES = ceil(size.kills() / 2 / MOST_KILLS)
KILLS_A_RACE = ceil(size.kills() / 2 / RACES)
# A kill cuts off no disk: waiting for one would only make fewer kills in the same time.
IN_MEMORY = Path("/dev/shm")
AT_LEAST_WAITING, AT_A_TIME = 60, 120
STALLED_AFTER = 120.0
# Requests from one kill to the next. Each text that a kill leaves in doubt costs two look-ups or four: with
# less time between the kills, doubts would only pile up until the end.
MOST_REQUESTS = 24
# Seconds from one look after everything to the next.
A_LOOK = 0.03


class Race:
    """Texts to send, deliverers to kill and a provider with bad days, around one database."""

    def __init__(self, database: Database, twilio: FakeTwilio, clock: HastenedClock, random: Random) -> None:
        self.database = database
        self.twilio = twilio
        self.clock = clock
        self.trouble = Trouble(twilio, clock, random)
        self.plan: list[Plan] = []

    def orders(self, url: str) -> Orders:
        """What the deliverers are told."""
        return Orders(url, self.twilio.url, self.clock.began, self.clock.at.isoformat(), self.clock.times)

    def step(self, plans_more: bool = True) -> None:
        """One look after everything: more texts, more luck, more receipts."""
        self.trouble.go_on()
        self.trouble.bring_receipts(self.database.write)
        if plans_more and self._waiting() < AT_LEAST_WAITING:
            self._plan_more()

    @contextmanager
    def going_on(self) -> Iterator["Future[None]"]:
        """Everything is looked after in a thread meanwhile: who waits for the database kills nobody."""
        over = Event()

        def go_on() -> None:
            while not over.wait(A_LOOK):
                self.step()

        with ThreadPoolExecutor(1) as pool:
            looking = pool.submit(go_on)
            try:
                yield looking
            finally:
                over.set()
            looking.result()

    def run_to_rest(self) -> None:
        """Goes on until nothing is under way and every doubt is settled or given up."""
        fewest, give_up = len(self.plan) + 1, 0.0
        while restless := self._restless():
            if len(restless) < fewest:  # however slow the machine is
                fewest, give_up = len(restless), time.monotonic() + STALLED_AFTER
            assert time.monotonic() < give_up, f"these do not come to rest: {restless[:5]}"
            self.step(plans_more=False)
            time.sleep(0.1)

    def untold(self) -> list[str]:
        """The texts in doubt of which nobody was told while there was time."""
        told = select(outcomes.c.message_id).where(
            outcomes.c.kind == "in_doubt", outcomes.c.at < messages.c.expires_at
        )
        doubts = select(messages.c.key).where(
            messages.c.state == State.IN_DOUBT, messages.c.id.not_in(told.correlate(messages))
        )
        with self.database.read() as connection:
            return list(connection.scalars(doubts))

    def _plan_more(self) -> None:
        now = self.clock()
        more = [_text(len(self.plan) + number, now) for number in range(AT_A_TIME)]
        with self.database.write() as connection:
            outbox.reconcile(connection, {one.scope: [one] for one in more}, "test", now)
        self.plan.extend(planned(more))

    def _waiting(self) -> int:
        waiting = select(func.count()).where(messages.c.state == State.WAITING)
        with self.database.read() as connection:
            return connection.scalar(waiting) or 0

    def _restless(self) -> list[Row[tuple[str, str]]]:
        under_way = messages.c.state.in_(UNDER_WAY)
        asked = (messages.c.state == State.IN_DOUBT) & messages.c.look_up_at.is_not(None)
        with self.database.read() as connection:
            return list(connection.execute(select(messages.c.key, messages.c.state).where(under_way | asked)))


def _text(number: int, now: datetime) -> Wanted:
    return wanted(
        f"remind/{number}",
        scope=f"session:{number}",
        phone=f"+849{number:08}",
        text=f"Nho ca truc {number}",
        send_at=now,
        expires_at=now + 7 * DAY,
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of each kind; SQLite's file in memory, which outlives a killed process too."""
    if request.param == "sqlite":
        with TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
            yield f"sqlite:///{folder}/catruc.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.fresh_database() as url:
        yield url


@pytest.fixture(params=range(RACES), ids=lambda number: f"race {number}")
def seed(request: pytest.FixtureRequest) -> int:
    """What one race is lucky with."""
    number: int = request.param
    return SEED + number


@pytest.fixture
def race(database_url: str, seed: int) -> Iterator[Race]:
    """A race that has not begun."""
    clock = HastenedClock.starting(NOW, TIMES)
    with closing(Database(database_url)) as database, FakeTwilio(clock) as twilio:
        migrate(database)
        yield Race(database, twilio, clock, Random(seed))


def kill_again_and_again(race: Race, deliverers: Fleet, kills: int, random: Random) -> None:
    """Each time they have asked the provider for something, at a moment that luck chooses."""
    with race.going_on() as looking:
        while deliverers.kills < kills:
            enough = race.twilio.requests + random.randint(1, MOST_REQUESTS)
            was_asked = race.twilio.wait_until_asked(enough, STALLED_AFTER)
            assert not looking.done(), looking.exception()
            assert was_asked, "the deliverers do nothing any more"
            deliverers.check()
            deliverers.kill()


def test_kills_at_random_lose_nothing_and_double_nothing(
    race: Race, database_url: str, seed: int, tally: Tally
) -> None:
    """Four ledgers agree; none went twice, and of those that were unlucky twice somebody was told."""
    one_at_a_time = race.database.is_sqlite
    name = f"kills at random, {'sqlite' if one_at_a_time else 'postgresql'}"
    random = Random(seed)
    with (
        tally.part(name) as row,
        fleet(race.orders(database_url), 1 if one_at_a_time else 3, random, race.step) as deliverers,
    ):
        kill_again_and_again(race, deliverers, KILLS_A_RACE, random)
        race.run_to_rest()
        kills = deliverers.kills

    comparison = compare(ledgers_of(race.database, race.plan, taken_by(race.twilio)))
    row.add(kills=kills)
    row.add_comparison(comparison)
    print(f"\n{kills} kills, seed {seed}; {comparison}\n{dict(race.trouble.counts)}")
    assert comparison.agrees, comparison
    assert not comparison.resent, "the first look-up came before the latest late accept"
    assert not comparison.set_aside, comparison
    assert not race.untold()
    # Killed in two deliverers' hands, and looked up in vain: that takes more than one kill each.
    assert len(comparison.in_doubt) <= kills // 2, comparison
