"""The engines that catruc is compared with, each used as its own documentation says.

APScheduler 3 with its SQLAlchemy job store: one job with a date a reminder, added to a scheduler that runs
paused so that no job fires meanwhile. Procrastinate on PostgreSQL: one job a message with `schedule_at`, by
its synchronous connector; it has no way to move a job, so a moved one is cancelled and deferred anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import procrastinate
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from procrastinate.types import JSONDict
from sqlalchemy import create_engine, insert, select
from sqlalchemy.engine import make_url


def send(key: str) -> None:
    """What a job would do; none of them runs here."""
    raise AssertionError(key)


class JobAReminder:
    """APScheduler, one job a reminder."""

    name = "APScheduler, one job each"

    def __init__(self, url: str, at: datetime) -> None:
        self._engine = create_engine(url)
        self._store = SQLAlchemyJobStore(engine=self._engine)
        self._scheduler = BackgroundScheduler(timezone=UTC, jobstores={"default": self._store})
        self._scheduler.start(paused=True)
        self._at = at

    def plan(self, count: int) -> int:
        """Adds jobs."""
        for number in range(count):
            self._scheduler.add_job(send, "date", run_date=self._at, id=f"k{number}", args=[f"k{number}"])
        return count

    def fill(self, count: int) -> None:
        """Lets so many others wait beside those: copies of one job, for adding them would take minutes."""
        jobs = self._store.jobs_t
        with self._engine.begin() as connection:
            one = connection.execute(select(jobs).limit(1)).one()
            copies = [{**one._mapping, "id": f"other{number}"} for number in range(count)]
            connection.execute(insert(jobs), copies)

    def move(self, count: int) -> int:
        """Gives each another date."""
        for number in range(count):
            later = self._at + timedelta(hours=1)
            self._scheduler.reschedule_job(f"k{number}", trigger="date", run_date=later)
        return count

    def cancel(self, count: int) -> int:
        """Removes each."""
        for number in range(count):
            self._scheduler.remove_job(f"k{number}")
        return count

    def close(self) -> None:
        """Ends its thread."""
        self._scheduler.shutdown(wait=True)
        self._engine.dispose()


class JobAMessage:
    """Procrastinate, one job a message."""

    name = "Procrastinate, one job each"

    def __init__(self, app: procrastinate.App, at: datetime) -> None:
        self._app = app
        self._task = app.task(name="send")(send)
        self._at = at
        self._ids: list[int] = []

    def plan(self, count: int) -> int:
        """Defers jobs."""
        task = self._task.configure(schedule_at=self._at)
        self._ids = [task.defer(key=f"k{number}") for number in range(count)]
        return count

    def fill(self, count: int) -> None:
        """Lets so many others wait beside those."""
        others: list[JSONDict] = [{"key": f"other{number}"} for number in range(count)]
        self._task.configure(schedule_at=self._at).batch_defer(*others)

    def move(self, count: int) -> int:
        """Cancels each and defers it anew."""
        self.cancel(count)
        self._at += timedelta(hours=1)
        return self.plan(count)

    def cancel(self, count: int) -> int:
        """Cancels each."""
        for one in self._ids[:count]:
            assert self._app.job_manager.cancel_job_by_id(one)
        return count


@contextmanager
def procrastinate_on(url: str) -> Iterator[procrastinate.App]:
    """An app on an empty database, its tables made."""
    own = make_url(url)
    options = {"dbname": own.database, "user": own.username, "host": own.query["host"]}
    app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(kwargs=options))
    with app.open():
        app.schema_manager.apply_schema()
        yield app
