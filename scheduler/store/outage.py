"""Tells once that the database is away, and once that it is back."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import structlog

from notifications.outage import in_a_line, means_away

log = structlog.get_logger(__name__)


class Outage:
    """What is known of one database: whether it is away. Any thread may say so.

    One that a writing has met is over when something was written: a full disk lets everybody read.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._is_on = False
        self._stops_writing = False

    @contextmanager
    def watched(self, writes: bool) -> Iterator[None]:
        """Notes what befalls a transaction that `writes`, or only reads."""
        try:
            yield
        except Exception as fault:
            if means_away(fault):
                self._begin(fault, writes)
            raise
        if self._is_on and (writes or not self._stops_writing):
            self._end()

    def _begin(self, fault: Exception, writes: bool) -> None:
        with self._lock:
            was_on, self._is_on = self._is_on, True
            self._stops_writing = writes or (was_on and self._stops_writing)
        if not was_on:
            log.error("database_away", fault=in_a_line(fault))

    def _end(self) -> None:
        with self._lock:
            was_on, self._is_on = self._is_on, False
        if was_on:
            log.info("database_back")
