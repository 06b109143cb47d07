"""One process that sends: our claims and our deliverer, as a service has them, to a provider that takes time.

It runs as a program, too, so that several can share one outbox: ``python -m tests.benchmarks.sender URL RATE
SECONDS HANDS`` sends all that is due, and prints as JSON what that took. Its turns are those of the service
(`take_turn`); there is no web page and no settings file beside it.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event, Lock
from uuid import uuid4

from sqlalchemy import func, select

from notifications import outbox
from notifications.carrier.in_process import AT_ONCE, InProcessCarrier
from notifications.channels.channel import Accepted, Capabilities, Found, Inquiry, Outcome, Parcel
from notifications.delivery import Deliverer
from notifications.message import State, Wanted
from notifications.tables import messages
from scheduler.service.office import Office
from scheduler.service.turn import next_turn, take_turn
from scheduler.store.database import Database
from scheduler.ticker import PULSE, WATCH
from tests.desk import ONE_EVENING, settings_of

UNDER_WAY = (State.WAITING, State.CLAIMED, State.SENDING)
FASTEST = 5000


class SlowProvider:
    """Takes every text after `seconds`; remembers when each was handed over and when it was taken."""

    name = "console"

    def __init__(self, seconds: float, hands: int, clock: Callable[[], datetime]) -> None:
        self.capabilities = Capabilities(two_way=False, receipts="none", looks_up=False, workers=hands)
        self.calls: list[tuple[str, datetime, datetime]] = []
        self._seconds = seconds
        self._clock = clock
        self._lock = Lock()

    def hand(self, parcel: Parcel) -> Outcome:
        """Waits, and takes it."""
        begin = self._clock()
        time.sleep(self._seconds)
        with self._lock:
            self.calls.append((parcel.key, begin, self._clock()))
        return Accepted(parcel.reference)

    def look_up(self, inquiry: Inquiry) -> Found:
        """It keeps nothing."""
        return ()

    def forget(self, provider_id: str) -> bool:
        """It keeps nothing."""
        return True

    def close(self) -> None:
        """Nothing to close."""


class Sender:
    """Takes turns until nothing is due, with as many batches on their way as a service has."""

    def __init__(
        self, database: Database, rate: int, provider: SlowProvider, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._office = Office(settings_of(_settings(rate)))
        self._provider = provider
        self._clock = clock
        self._deliverer = Deliverer(database.write, provider, clock)
        self._carrier = InProcessCarrier(
            self._deliverer.deliver, provider.capabilities.workers, self._put_down
        )
        self._places = min(AT_ONCE, provider.capabilities.workers)
        self._woken = Event()
        self._numbers = count()
        self.carried = 0
        self._done = 0

    def turn(self) -> datetime:
        """Claims what is due and hands it on; returns when there will be more."""
        self._woken.clear()
        ways = {self._provider.name: self._provider.capabilities}
        free = [self._provider.name] if self.under_way < self._places else []
        reference = f"{uuid4().hex}/{next(self._numbers)}"
        with self._database.write() as connection:
            loads = take_turn(connection, self._office, ways, free, {}, reference, self._clock())
        for _, batch in loads:
            self.carried += 1
            self._carrier.carry(batch)
        with self._database.read() as connection:
            return next_turn(connection, self._office, free, self._clock())

    @property
    def under_way(self) -> int:
        """How many batches are on their way."""
        return self.carried - self._done

    def wait(self, seconds: float) -> None:
        """Until a batch has ended, but not for longer."""
        self._woken.wait(seconds)

    def send_all(self) -> None:
        """Until no text is under way any more, here or in another process."""
        while True:
            upcoming = self.turn()
            if not self.under_way and not texts_under_way(self._database):
                return
            if self.under_way >= self._places:
                self.wait(PULSE.total_seconds())  # as the service does: who puts a batch down wakes it
            else:
                # Nor does a service sleep longer: it looks whether another has written.
                self.wait(min(max((upcoming - self._clock()).total_seconds(), 0.0), WATCH.total_seconds()))

    def stop(self) -> None:
        """Ends its threads."""
        self._deliverer.stop()
        assert self._carrier.stop(30)

    def _put_down(self) -> None:
        self._done += 1
        self._woken.set()


def texts_under_way(database: Database) -> int:
    """How many texts wait or are being sent."""
    counted = select(func.count()).select_from(messages).where(messages.c.state.in_(UNDER_WAY))
    with database.read() as connection:
        return int(connection.execute(counted).scalar_one())


def fill(database: Database, instants: Iterable[datetime], now: datetime) -> None:
    """Puts a text into the outbox for each of these instants; useful for a day."""
    day = timedelta(days=1)
    texts = [_text(number, at, at + day) for number, at in enumerate(instants)]
    with database.write() as connection:
        outbox.put(connection, texts, now)


def _text(number: int, at: datetime, until: datetime) -> Wanted:
    return Wanted(
        key=f"bench/{number}",
        scope="bench",
        kind="bench",
        audience="volunteer",
        purpose="answer",
        recipient=f"person:p{number}",
        phone=f"+8490{number:07}",
        language="vi",
        text="UBND phuong: moi ban den truc ca 17:00 thu Ba 17/11, 45 Le Duan.",
        send_at=at,
        expires_at=until,
        sender="UBNDQ1",
    )


def _settings(rate: int) -> str:
    return ONE_EVENING.replace("[sms]", f'[sms]\nquiet = ""\nrate = "{rate}/s"\ndaily_cap = 10000000')


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of CPU while it sent, and for each call when it began and ended (seconds since 1970)."""

    cpu: float
    calls: list[tuple[float, float]]


def send(url: str, rate: int, seconds: float, hands: int) -> Run:
    """Sends all that is due in the database behind `url`."""
    database = Database(url)
    provider = SlowProvider(seconds, hands, _now)
    sender = Sender(database, rate, provider, _now)
    before = time.process_time()
    sender.send_all()
    sender.stop()
    cpu = time.process_time() - before
    database.close()
    return Run(cpu, [(begin.timestamp(), end.timestamp()) for _, begin, end in provider.calls])


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    print(json.dumps(asdict(send(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])))))
