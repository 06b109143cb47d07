"""The heartbeat: when to run which use case. APScheduler is imported here and nowhere else.

It keeps no jobs: what is due stands in the database. One job wakes the turning thread at the next due
instant, one looks each second whether somebody else has written, and one wakes it at least every half minute,
since a machine that slept oversleeps its alarms. No job takes a turn itself: APScheduler drops a job that
comes due while the one before it is still being put away.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

log = structlog.get_logger(__name__)

PULSE = timedelta(seconds=30)
WATCH = timedelta(seconds=1)
AFTER_A_FAULT = timedelta(seconds=5)
# Alarms only set an event: any number may ring at once, and none may be dropped.
ANY_NUMBER = 1000


class Ticker:
    """Runs `turn` now and at each instant that it returns, and whenever it is woken.

    `watch` says whether something has changed that a turn should see. Two turns never run at once, and one
    that fails is followed by another in 5 seconds.
    """

    def __init__(
        self, turn: Callable[[], datetime], watch: Callable[[], bool], clock: Callable[[], datetime]
    ) -> None:
        self._turn = turn
        self._watch = watch
        self._clock = clock
        self._woken = Event()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="turn", daemon=True)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begins with a turn at once."""
        self._scheduler.add_job(self._look, "interval", seconds=WATCH.total_seconds(), id="watch")
        self._scheduler.add_job(self.wake, "interval", seconds=PULSE.total_seconds(), id="pulse")
        self._scheduler.start()
        self._thread.start()
        self.wake()

    def stop(self) -> None:
        """Lets a running turn finish and begins no other."""
        self._stopping.set()
        self.wake()
        self._thread.join()
        # A job that comes due within the shutdown would end APScheduler's own thread with a traceback.
        self._scheduler.remove_all_jobs()
        self._scheduler.shutdown(wait=True)

    def wake(self) -> None:
        """Asks for a turn now; one that is under way is followed by another."""
        self._woken.set()

    def _look(self) -> None:
        if self._watch():
            self.wake()

    def _run(self) -> None:
        while True:
            self._woken.wait()
            if self._stopping.is_set():
                return
            self._woken.clear()
            self._set_alarm(self._take_turn())

    def _take_turn(self) -> datetime:
        try:
            return self._turn()
        except Exception:  # a locked or full database passes; the service must outlive it
            log.exception("turn_failed")
            return self._clock() + AFTER_A_FAULT

    def _set_alarm(self, instant: datetime) -> None:
        self._scheduler.add_job(
            self.wake, "date", run_date=instant, id="alarm", replace_existing=True, max_instances=ANY_NUMBER
        )
