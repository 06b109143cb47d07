"""Carries batches by Procrastinate, through tables of PostgreSQL, to deliverers on any machine.

The only importer of procrastinate; with SQLite nobody imports this file.

A job is a piece of a batch: ids, and the reference under which they are claimed. It is enqueued by the
transaction that claims, so there is never a claim without its job. The rows of messages are the truth and a
job only says "look at these": a job that is carried twice, or too late, finds nothing to do.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import structlog
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.schema import SchemaManager
from sqlalchemy import ColumnElement, Connection, column, func, literal_column, select, table

from notifications.batch import Batch, Work

log = structlog.get_logger(__name__)

TASK = "catruc_deliver"
# Hand-overs one after another in a job. A deadline is 15 s, so that even a job that waited behind another one
# begins its last text within 4 of the 5 minutes of a lease.
IN_A_ROW = 8
POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 3.0
STALLED_SECONDS = 15.0
PAUSE_SECONDS = 1.0
POOL: dict[str, Any] = {"min_size": 1, "max_size": 3, "timeout": 5.0}

_jobs = table("procrastinate_jobs", column("queue_name"), column("status"))
_WAITING: ColumnElement[str] = literal_column("'todo'")  # of a type of its own, which a bound text is not


def schema() -> str:
    """The statements that make Procrastinate's tables, as the installed version has them."""
    return SchemaManager.get_schema()


class ProcrastinateCarrier:
    """Enqueues batches of a channel, and works on those that anybody has enqueued.

    `arguments` are those of psycopg's connect. At most `at_once` jobs are worked on at a time, by threads of
    its own; `hands` says how many texts the deliverer hands over at a time. `done` is called from such a
    thread after each job, also after a fault: that is logged, and the leases of what it left undone run out.
    What a dead worker left is taken up by another one within half a minute.
    """

    def __init__(
        self,
        arguments: Mapping[str, Any],
        channel: str,
        deliver: Callable[[Batch], None],
        at_once: int,
        hands: int,
        done: Callable[[], None],
    ) -> None:
        self._arguments = dict(arguments)
        self._queue = f"catruc/{channel}"
        self._deliver = deliver
        self._done = done
        self._at_once = at_once
        self._size = max(1, IN_A_ROW * hands // at_once)
        # Never opened: it writes on the connections of others only.
        self._enqueuing = App(connector=SyncPsycopgConnector())
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="deliver")
        self._stopping = Event()
        self._loop = asyncio.new_event_loop()
        self._work = self._loop.create_task(self._work_on())
        self._thread = Thread(target=self._run, name=self._queue, daemon=True)
        self._thread.start()

    def is_full(self, connection: Connection) -> bool:
        """Whether as many jobs wait as one machine works on at a time."""
        waiting = (
            select(func.count())
            .select_from(_jobs)
            .where(_jobs.c.queue_name == self._queue, _jobs.c.status == _WAITING)
        )
        return (connection.scalar(waiting) or 0) >= self._at_once

    def enqueue(self, connection: Connection, batch: Batch) -> None:
        """Writes the jobs of `batch` in the caller's transaction."""
        pieces = [_written(piece) for piece in batch.pieces(self._size)]
        if pieces:
            own = connection.connection.driver_connection
            self._enqueuing.configure_task(TASK, queue=self._queue, connection=own).batch_defer(*pieces)

    def carry(self, batch: Batch) -> None:
        """Nothing: the job was committed with the claim."""

    def stop(self, timeout: float) -> bool:
        """Takes no more jobs, and waits at most `timeout` seconds for those under way."""
        if not self._stopping.is_set():
            self._stopping.set()
            with suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._work.cancel)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        # A job whose end could not be written is one of a dead worker's: another round takes it up.
        self._loop.set_exception_handler(lambda _, __: None)
        try:
            with suppress(asyncio.CancelledError):
                self._loop.run_until_complete(self._work)
        finally:
            self._pool.shutdown()
            self._loop.close()

    async def _work_on(self) -> None:
        """Works until it is stopped; a database that is away ends a round, and another one begins."""
        while not self._stopping.is_set():
            try:
                await self._work_a_round()
            except ConnectorException:
                pass  # the database is away: whoever writes to it tells so
            except Exception:
                log.exception("carrier_fault", queue=self._queue)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _work_a_round(self) -> None:
        app = App(connector=PsycopgConnector(kwargs=self._arguments, **POOL))
        app.task(name=TASK)(self._do)
        async with app.open_async():
            taking_over = asyncio.create_task(self._take_over(app))
            try:
                await app.run_worker_async(
                    queues=[self._queue],
                    concurrency=self._at_once,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    fetch_job_polling_interval=POLL_SECONDS,
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=STALLED_SECONDS,
                )
            finally:
                taking_over.cancel()

    async def _do(self, **said: Any) -> None:
        batch = _read(said)
        # Procrastinate would run it in the loop's own pool, which has no more threads than the machine cores.
        await asyncio.get_running_loop().run_in_executor(self._pool, self._deliver_one, batch)

    def _deliver_one(self, batch: Batch) -> None:
        try:
            self._deliver(batch)
        except Exception:
            log.exception("delivery_failed")
        finally:
            self._done()

    async def _take_over(self, app: App) -> None:
        """Puts back into the queue what dead workers had in hand: whoever takes it skips what was begun."""
        while True:
            with suppress(ConnectorException):  # another one was quicker, or the database is away
                for job in await app.job_manager.get_stalled_jobs(
                    queue=self._queue, seconds_since_heartbeat=STALLED_SECONDS
                ):
                    with suppress(ConnectorException):
                        await app.job_manager.retry_job(job)
                await app.job_manager.prune_stalled_workers(STALLED_SECONDS)
            await asyncio.sleep(STALLED_SECONDS / 3)


def _written(batch: Batch) -> dict[str, Any]:
    """A batch as JSON may hold it."""
    return {
        "reference": batch.reference,
        "ids": list(batch.ids),
        "work": str(batch.work),
        "begins_at": batch.begins_at.isoformat() if batch.begins_at else None,
        "apart": batch.apart.total_seconds(),
    }


def _read(said: Mapping[str, Any]) -> Batch:
    begins_at = datetime.fromisoformat(said["begins_at"]) if said["begins_at"] else None
    apart = timedelta(seconds=said["apart"])
    return Batch(said["reference"], tuple(said["ids"]), Work(said["work"]), begins_at, apart)
