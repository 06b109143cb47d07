"""A service as residents meet it: the pages of a city's board, while texts are being sent beside them.

It runs as a program on one core: ``python -m tests.benchmarks.page_server URL SESSIONS RATE`` prints where it
serves, sends `RATE` texts a second from the outbox behind URL, ends when its input ends, and prints as JSON
how many texts left and how many seconds of CPU all of it took.
"""

import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from scheduler.collector import keep_what_is_loaded
from scheduler.store.database import Database
from scheduler.web.application import create_app
from scheduler.web.server import WebServer
from tests.benchmarks.sender import Sender, SlowProvider, fill
from tests.crowd import city
from tests.outgoing import opened

WARDS = 168
DAYS = 400
# As long as texts may be due; each run ends before.
_LONGEST = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Served:
    """What happened beside and besides the answers."""

    texts: int
    cpu: float


def serve(url: str, sessions: int, rate: int) -> Served:
    """Serves and sends until the input ends."""
    today = datetime.now(UTC).date()
    board = city(WARDS, sessions, today.isoformat(), DAYS)
    keep_what_is_loaded()
    web = WebServer(create_app(lambda: board, _now, lambda: True))
    with opened(url) as database:
        stopped, provider = Event(), SlowProvider(0.05, 10, _now)
        sending = Thread(target=_send, args=(database, provider, rate, stopped))
        _put_texts(database, rate)
        web.start("127.0.0.1", 0)
        sending.start()
        print(web.url, flush=True)
        before = time.process_time()
        sys.stdin.read()
        cpu = time.process_time() - before
        stopped.set()
        sending.join()
        web.stop(5)
    return Served(len(provider.calls), cpu)


def _put_texts(database: Database, rate: int) -> None:
    """So many a second are due from now on; that they are put there is no part of sending."""
    start, each = _now(), 1 / rate if rate else 0.0
    due = int(_LONGEST.total_seconds() * rate)
    fill(database, [start + timedelta(seconds=number * each) for number in range(due)], start)


def _send(database: Database, provider: SlowProvider, rate: int, stopped: Event) -> None:
    """Turn by turn, as the heartbeat does."""
    if not rate:
        return
    sender = Sender(database, rate, provider, _now)
    while not stopped.is_set():
        upcoming = sender.turn()
        stopped.wait(min(max((upcoming - _now()).total_seconds(), 0.02), 1))
    sender.stop()


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {0})
    print(json.dumps(asdict(serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))))
