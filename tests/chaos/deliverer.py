"""A deliverer to be killed: catruc's own use cases in a process of its own, turn after turn.

``python -m tests.chaos.deliverer`` is the nursery: it imports everything once, then starts a deliverer for
each line that it reads, and answers with its process id. Starting costs a fork and not a second.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
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
from notifications.claims import claim_due, recover
from notifications.delivery import Deliverer
from notifications.lookups import claim_look_ups, tell_in_time
from notifications.reading import Read, work_off
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
CONNECT, TOTAL = 0.5, 0.3


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
    """Turns as ``catruc serve`` does with what concerns texts, until the process is killed."""

    def __init__(self, orders: Orders) -> None:
        self._clock = orders.clock
        self._database = Database(orders.database)
        account = Credentials(ACCOUNT, TOKEN)
        self._tick = Tick(self._database)
        self._channel = Twilio(account, orders.provider, callback=CALLBACK, connect=CONNECT, total=TOTAL)
        self._readers: Mapping[str, Read] = {CHANNEL: partial(twilio_form.read_arrival, codes=load_codes())}
        self._woken = Event()
        deliverer = Deliverer(self._database.write, self._channel, self._clock)
        self._carrier = InProcessCarrier(
            deliverer.deliver, self._channel.capabilities.workers, self._woken.set
        )

    def start(self) -> None:
        """Takes back what a killed one left; on SQLite it waits until that one is dead."""
        self._lock = self._locked()
        with self._database.write() as connection:
            recover(connection, self._clock(), self._database.is_sqlite, {CHANNEL})

    def turn(self) -> None:
        """Works off what came in, takes back lost claims, and claims what is due."""
        now = self._clock()
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
        self._woken.wait(PAUSE)
        self._woken.clear()

    def _locked(self) -> ServiceLock | None:
        if self._database.file is None:
            return None
        while True:
            with suppress(DatabaseFault):
                return ServiceLock(self._database.file)
            time.sleep(PAUSE)


def work(orders: Orders) -> None:
    """Turns until it is killed."""
    turning = Turning(orders)
    turning.start()
    for _ in count():
        turning.turn()


def main() -> None:
    """The nursery."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who was killed leaves no zombie
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # where process ids are read
            work(Orders(**json.loads(line)))
        print(child, flush=True)


if __name__ == "__main__":
    main()
