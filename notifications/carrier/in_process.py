"""Carries batches to worker threads of this process."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import structlog
from sqlalchemy import Connection

from notifications.batch import Batch

log = structlog.get_logger(__name__)

# A deliverer keeps all hands busy with one batch; the others are there for when that one ends.
AT_ONCE = 3


class InProcessCarrier:
    """Worker threads that call `deliver` with each batch, and `done` when the worker is free again.

    There are as many as the channel has `workers`, but a few at most.

    `done` is called from the worker's thread, also after a fault: that is logged, and the leases of what it
    left undone run out.
    """

    def __init__(self, deliver: Callable[[Batch], None], workers: int, done: Callable[[], None]) -> None:
        self._deliver = deliver
        self._workers = min(workers, AT_ONCE)
        self._done = done
        self._pool = ThreadPoolExecutor(max_workers=self._workers, thread_name_prefix="deliver")
        self._busy: set[Future[None]] = set()

    def is_full(self, connection: Connection) -> bool:  # noqa: ARG002  the other carrier asks the database
        """Whether every worker has a batch to work on; more batches would only wait with a running lease."""
        self._busy = {future for future in self._busy if not future.done()}
        return len(self._busy) >= self._workers

    def enqueue(self, connection: Connection, batch: Batch) -> None:
        """Nothing: what is in no database must not be begun before the claim is committed."""

    def carry(self, batch: Batch) -> None:
        """Hands `batch` to a worker; an empty one is nobody's work."""
        if batch.ids:
            future = self._pool.submit(self._deliver, batch)
            self._busy = {*(one for one in self._busy if not one.done()), future}
            # Called from inside the worker's task, `done` could still find the carrier full.
            future.add_done_callback(self._finish)

    def stop(self, timeout: float) -> bool:
        """Waits at most `timeout` seconds for what was carried; returns whether all of it is worked off.

        The deliverer must have been told to stop before.
        """
        self._pool.shutdown(wait=False)
        return not wait(self._busy, timeout).not_done

    def _finish(self, future: Future[None]) -> None:
        if (fault := future.exception()) is not None:
            log.error("delivery_failed", exc_info=fault)
        self._done()
