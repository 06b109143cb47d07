"""A deliverer to be killed: catruc's own use cases in a process of its own, turn after turn.

``python -m tests.chaos.deliverer`` is the nursery: it reads its orders as a line of JSON and works by them
for a while itself, so that all is imported and every statement compiled. It says so, and then starts a
deliverer for each line that it reads, with so many hands, and answers with its process id. Starting costs a
fork, not a second.
"""

import gc
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from itertools import count
from threading import Event
from uuid import uuid4
from zoneinfo import ZoneInfo

import twilio.base.exceptions  # type: ignore[import-untyped]  # ships no types; imported before the forks
import twilio.rest  # type: ignore[import-untyped]  # noqa: F401  as above

from notifications.batch import Batch
from notifications.carrier.in_process import InProcessCarrier
from notifications.channels import one_post, twilio_form  # noqa: F401  imported before the forks
from notifications.channels.twilio import Twilio
from notifications.channels.twilio_account import Credentials
from notifications.channels.twilio_codes import load_codes
from notifications.claims import claim_due
from notifications.delivery import Deliverer
from notifications.lookups import claim_look_ups, tell_in_time
from notifications.outage import means_away
from notifications.reading import Read, work_off
from notifications.recovery import recover
from notifications.terms import House, Terms
from scheduler.store.database import Database, DatabaseFault
from scheduler.store.lock import ServiceLock
from scheduler.store.tick import Tick
from tests.chaos.hastened import HastenedClock
from tests.fake_twilio import ACCOUNT, TOKEN

CHANNEL = "twilio"
# Nobody listens there: receipts are brought, see `trouble`.
CALLBACK = "http://127.0.0.1:9/sms/twilio/status"
HOUSE = House(
    Terms(channel=CHANNEL, rate=50.0, quiet=None, daily_cap=10**9), {}, ZoneInfo("Asia/Ho_Chi_Minh")
)
PAUSE = 0.03
PATIENCE = 120.0
CONNECT, TOTAL = 0.5, 0.3
# Seconds of a processor at the nursery's own work: texts go, come back as receipts, and are looked up.
WARM_UP = 2.5
WARM = "warm"
HANDS = 4


@dataclass(frozen=True, slots=True)
class Orders:
    """What a deliverer needs to know: the database, the provider, and the clock that all share."""

    database: str
    provider: str
    began: float
    at: str
    times: float

    @property
    def clock(self) -> HastenedClock:
        """The clock."""
        return HastenedClock(self.began, datetime.fromisoformat(self.at), self.times)

    def as_line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self))


class Turning:
    """Turns as ``catruc serve`` does with what concerns texts, until the process is killed.

    `database` has no open connection yet; it may have been another's before a fork.
    """

    def __init__(self, orders: Orders, database: Database, hands: int) -> None:
        self._clock = orders.clock
        self._database = database
        account = Credentials(ACCOUNT, TOKEN)
        self._tick = Tick(self._database)
        self._channel = Twilio(
            account, orders.provider, callback=CALLBACK, connect=CONNECT, total=TOTAL, workers=hands
        )
        self._readers: Mapping[str, Read] = {CHANNEL: partial(twilio_form.read_arrival, codes=load_codes())}
        self._woken = Event()
        self._deliverer = Deliverer(self._database.write, self._channel, self._clock)
        self._carrier = InProcessCarrier(
            self._deliverer.deliver, self._channel.capabilities.workers, self._woken.set
        )

    def start(self) -> None:
        """On SQLite takes back what a killed one left, once that one is dead."""
        self._lock = self._locked()
        if self._lock:
            with self._database.write() as connection:
                recover(connection, self._clock(), orphaned=True, asking={CHANNEL})

    def turn(self) -> None:
        """Works off what came in, takes back lost claims, and claims what is due.

        On PostgreSQL it may wait in a circle with who records: one of the two is cut short and tries again.
        """
        try:
            self._turn(self._clock())
        except Exception as fault:
            if not means_away(fault):
                raise
        self._woken.wait(PAUSE)
        self._woken.clear()

    def _turn(self, now: datetime) -> None:
        batches: list[Batch] = []
        with self._database.write() as connection:
            self._tick.enter(connection)
            work_off(connection, self._readers, now)
            recover(connection, now, False, {CHANNEL})
            if not self._carrier.is_full(connection):
                batches.append(claim_due(connection, HOUSE, CHANNEL, uuid4().hex, now))
                batches.append(claim_look_ups(connection, CHANNEL, now))
            tell_in_time(connection, now)
        for batch in batches:
            self._carrier.carry(batch.at_once())  # the clock is too fast to wait by

    def close(self) -> None:
        """Leaves what can be forked: no text under way, no open connection and no lock."""
        self._deliverer.stop()
        assert self._carrier.stop(PATIENCE)
        self._channel.close()
        self._database.close()
        if self._lock:
            self._lock.release()

    def _locked(self) -> ServiceLock | None:
        if self._database.file is None:
            return None
        while True:
            with suppress(DatabaseFault):
                return ServiceLock(self._database.file)
            time.sleep(PAUSE)


def work(orders: Orders, database: Database, hands: int) -> None:
    """Turns until it is killed."""
    turning = Turning(orders, database, hands)
    turning.start()
    for _ in count():
        turning.turn()


def warm_up(orders: Orders, database: Database) -> None:
    """Turns for a while, so that whoever is forked from here inherits the statements that it compiled."""
    with closing(Turning(orders, database, HANDS)) as turning:
        turning.start()
        while time.process_time() < WARM_UP:
            turning.turn()
    del turning
    gc.collect()  # the last thing that holds idle hands, which end then
    while threading.active_count() > 1:
        time.sleep(PAUSE)
    gc.freeze()  # shared with every child, and no collection shall touch it there


def main() -> None:
    """The nursery; a line of the answer is nobody else's, whatever a library prints."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who was killed leaves no zombie
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    orders = Orders(**json.loads(sys.stdin.readline()))
    database = Database(orders.database)
    warm_up(orders, database)
    print(WARM, file=answers)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            answers.close()
            work(orders, database, int(line))
        print(child, file=answers)


if __name__ == "__main__":
    main()
