"""The heartbeat: when to run which use case. APScheduler is imported here and nowhere else.

It keeps no jobs: what is due stands in the database. One job runs the next turn at the next due instant, one
looks each second whether somebody else has written, and one wakes the service at least every half minute,
since a machine that slept oversleeps its alarms.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Lock

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

log = structlog.get_logger(__name__)

PULSE = timedelta(seconds=30)
WATCH = timedelta(seconds=1)
AFTER_A_FAULT = timedelta(seconds=5)


class Ticker:
    """Runs `turn` now and at each instant that it returns, and whenever it is woken.

    `watch` says whether something has changed that a turn should see. Two turns never run at once.
    """

    def __init__(
        self, turn: Callable[[], datetime], watch: Callable[[], bool], clock: Callable[[], datetime]
    ) -> None:
        self._turn = turn
        self._watch = watch
        self._clock = clock
        self._woken = Event()
        self._turning = Lock()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begins with a turn at once."""
        self._scheduler.add_job(self._look, "interval", seconds=WATCH.total_seconds(), id="watch")
        self._scheduler.add_job(self.wake, "interval", seconds=PULSE.total_seconds(), id="pulse")
        self._scheduler.start()
        self.wake()

    def stop(self) -> None:
        """Lets a running turn finish and begins no other."""
        self._scheduler.shutdown(wait=True)

    def wake(self) -> None:
        """Asks for a turn now; one that is under way is followed by another."""
        self._woken.set()
        if not self._turning.locked():
            self._schedule(self._clock())

    def _look(self) -> None:
        if self._watch():
            self.wake()

    def _run(self) -> None:
        if not self._turning.acquire(blocking=False):
            return
        try:
            upcoming = self._turns()
        finally:
            self._turning.release()
        # A wake between the last turn and the release found the lock taken and scheduled nothing.
        self._schedule(self._clock() if self._woken.is_set() else upcoming)

    def _turns(self) -> datetime:
        while True:
            self._woken.clear()
            try:
                upcoming = self._turn()
            except Exception:  # a locked or full database passes; the service must outlive it
                log.exception("turn_failed")
                return self._clock() + AFTER_A_FAULT
            if not self._woken.is_set():
                return upcoming

    def _schedule(self, instant: datetime) -> None:
        if self._scheduler.running:
            self._scheduler.add_job(self._run, "date", run_date=instant, id="turn", replace_existing=True)
