"""Carries batches to worker threads of this process."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from notifications.batch import Batch


class InProcessCarrier:
    """Worker threads that call `deliver` with each batch and then `done`, from the worker's thread."""

    def __init__(self, deliver: Callable[[Batch], None], workers: int, done: Callable[[], None]) -> None:
        self._deliver = deliver
        self._workers = workers
        self._done = done
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="deliver")
        self._busy: set[Future[None]] = set()

    @property
    def is_full(self) -> bool:
        """Whether every worker has a batch to work on; more batches would only wait with a running lease."""
        self._busy = {future for future in self._busy if not future.done()}
        return len(self._busy) >= self._workers

    def carry(self, batch: Batch) -> None:
        """Hands `batch` to a worker; an empty one is nobody's work."""
        if batch.ids:
            self._busy.add(self._pool.submit(self._work, batch))

    def stop(self, timeout: float) -> bool:
        """Waits at most `timeout` seconds for what was carried; returns whether all of it is worked off.

        The deliverer must have been told to stop before.
        """
        self._pool.shutdown(wait=False)
        return not wait(self._busy, timeout).not_done

    def _work(self, batch: Batch) -> None:
        self._deliver(batch)
        self._done()
