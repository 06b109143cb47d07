"""Sending through a provider that takes 100 ms, fifty texts at a time: texts a second, and CPU a text.

Ours are turns of the service with the carrier of one process (SQLite as shipped; PostgreSQL with one and with
two processes, each `python -m tests.benchmarks.sender`), at a rate that holds nothing back. APScheduler runs
one job a text from its SQLAlchemy job store on a pool of fifty threads, with `misfire_grace_time=None`, for
by default it drops what is a second late. Procrastinate runs one job a text in one worker with
`concurrency=50`, as asynchronous tasks that wait. CPU is that of the sending process from its first turn to
its last record; what fifty threads that only wait cost is measured beside it and taken off. The rate is
counted from the first call to the last answer; five hundred a second are all there can be with one process.
"""

import asyncio
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from threading import Event

import procrastinate
from apscheduler.executors.pool import ThreadPoolExecutor as Pool
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from procrastinate.types import JSONDict
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from tests.benchmarks.rivals import procrastinate_on
from tests.benchmarks.sender import FASTEST, Run, fill
from tests.benchmarks.side_by_side import verdict
from tests.outgoing import opened
from tests.postgres import PostgresServer
from tests.served import ROOT

SECONDS = 0.1
HANDS = 50


@dataclass(frozen=True, slots=True)
class Size:
    """How many texts, how many of them Procrastinate sends, and rounds."""

    texts: int
    rival: int
    rounds: int


FULL = Size(3_000, 500, 3)
SMALL = Size(60, 10, 1)


def sent_by_processes(
    url: str,
    texts: int,
    processes: int,
    rate: int = FASTEST,
    seconds: float = SECONDS,
    hands: int = HANDS,
) -> list[Run]:
    """Fills an outbox and lets so many processes send it; each text goes once."""
    with opened(url) as database:
        now = datetime.now(UTC)
        fill(database, [now + timedelta(seconds=1)] * texts, now)
    command = [sys.executable, "-m", "tests.benchmarks.sender", url, str(rate), str(seconds), str(hands)]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(processes)
    ]
    runs = []
    for process in running:
        told, _ = process.communicate()
        assert process.returncode == 0
        runs.append(Run(**json.loads(told)))
    assert sum(len(run.calls) for run in runs) == texts
    return runs


def rate_of(calls: list[tuple[float, float]]) -> float:
    """Texts a second, from the first call to the last answer."""
    return len(calls) / (max(end for _, end in calls) - min(begin for begin, _ in calls))


def own_cost(texts: int) -> float:
    """Milliseconds of CPU that a text costs whose thread only waits."""
    before = time.process_time()
    with ThreadPoolExecutor(HANDS) as pool:
        list(pool.map(lambda _: time.sleep(SECONDS), range(texts)))
    return (time.process_time() - before) / texts * 1000


_APSCHEDULER: list[tuple[float, float]] = []
_DONE = Event()


def call(number: int, texts: int) -> None:
    """One job of APScheduler's."""
    begin = time.time()
    time.sleep(SECONDS)
    _APSCHEDULER.append((begin, time.time()))
    if len(_APSCHEDULER) == texts:
        _DONE.set()


def sent_by_apscheduler(url: str, texts: int) -> Run:
    """One job a text, all due at one instant."""
    _APSCHEDULER.clear()
    _DONE.clear()
    engine = create_engine(url)
    scheduler = BackgroundScheduler(
        timezone=UTC,
        jobstores={"default": SQLAlchemyJobStore(engine=engine)},
        executors={"default": Pool(HANDS)},
        job_defaults={"misfire_grace_time": None},
    )
    scheduler.start(paused=True)
    for number in range(texts):
        at = datetime.now(UTC)
        scheduler.add_job(call, "date", run_date=at, id=f"k{number}", args=[number, texts])
    before = time.process_time()
    scheduler.resume()
    assert _DONE.wait(600)
    cpu = time.process_time() - before
    scheduler.shutdown(wait=True)
    engine.dispose()  # once more: its thread looks at the store a last time after the store was shut down
    return Run(cpu, list(_APSCHEDULER))


def sent_by_procrastinate(url: str, texts: int) -> Run:
    """One job a text, by one worker of fifty."""
    own = make_url(url)
    with procrastinate_on(url) as app:
        jobs: list[JSONDict] = [{"number": number} for number in range(texts)]
        app.task(name="call")(_never).batch_defer(*jobs)
    calls: list[tuple[float, float]] = []

    async def work() -> None:
        options = {"dbname": own.database, "user": own.username, "host": own.query["host"]}
        app = procrastinate.App(connector=procrastinate.PsycopgConnector(kwargs=options))

        @app.task(name="call")
        async def call_once(number: int) -> None:
            begin = time.time()
            await asyncio.sleep(SECONDS)
            calls.append((begin, time.time()))

        async with app.open_async():
            await app.run_worker_async(concurrency=HANDS, wait=False, install_signal_handlers=False)

    before = time.process_time()
    asyncio.run(work())
    assert len(calls) == texts
    return Run(time.process_time() - before, calls)


def _never(number: int) -> None:
    raise AssertionError(number)


Rates = dict[str, list[tuple[float, float]]]
OURS = "catruc, SQLite"
OURS_PG = "catruc, PostgreSQL"
OURS_TWO = "catruc, PostgreSQL, two processes"


def measure(server: PostgresServer, folder: Path, size: Size) -> Rates:
    """By who: for each round texts a second, and milliseconds of CPU a text beyond the channel's own."""
    found: Rates = {}
    for number in range(size.rounds):
        own = own_cost(size.texts)

        def note(name: str, *runs: Run) -> None:
            calls = [one for run in runs for one in run.calls]
            cpu = sum(run.cpu for run in runs) / len(calls) * 1000
            found.setdefault(name, []).append((rate_of(calls), cpu - own))  # noqa: B023  called at once

        note(OURS, *sent_by_processes(f"sqlite:///{folder / f'a{number}.db'}", size.texts, 1))
        note("APScheduler, SQLite", sent_by_apscheduler(f"sqlite:///{folder / f'b{number}.db'}", size.rival))
        with server.fresh_database() as url:
            note(OURS_PG, *sent_by_processes(url, size.texts, 1))
        with server.fresh_database() as url:
            note(OURS_TWO, *sent_by_processes(url, 2 * size.texts, 2))
        with server.fresh_database() as url:
            note("Procrastinate, one job each", sent_by_procrastinate(url, size.rival))
        with server.fresh_database() as url:
            note("APScheduler, PostgreSQL", sent_by_apscheduler(url, size.rival))
    return found


def show(found: Rates) -> str:
    """The table with its bounds."""
    lines = [f"\nsending, {SECONDS * 1000:.0f} ms a call, {HANDS} at a time in each process"]
    for name, rounds in found.items():
        rates = sorted(rate for rate, _ in rounds)
        cpu = median(cost for _, cost in rounds)
        spread = f"({rates[0]:.0f} to {rates[-1]:.0f})"
        lines.append(f"  {name:<34} {median(rates):5.0f}/s {spread:<14} CPU {cpu:6.3f} ms a text")
    for name in (OURS, OURS_PG):
        lines.append(verdict(f"{name}: texts a second", median(rate for rate, _ in found[name]), 475))
        lines.append(verdict(f"{name}: ms of CPU a text", median(cost for _, cost in found[name]), 0.5, True))
    pairs = zip(found[OURS_TWO], found[OURS_PG], strict=True)
    lines.append(verdict("two processes to one", median(two / one for (two, _), (one, _) in pairs), 1.9))
    return "\n".join(lines)


def test_sending_side_by_side(postgres_server: PostgresServer, tmp_path: Path) -> None:
    """Prints the table; says of each bound whether it is kept."""
    print(show(measure(postgres_server, tmp_path, FULL)))
