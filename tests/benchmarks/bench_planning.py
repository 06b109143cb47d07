"""Planning, moving and cancelling reminders: the outbox's bulk step, and the same with deciding and wording.

Measured by the clock, side by side in each round: `outbox.reconcile` with 10,000 messages of 1,000 sessions,
in one committed transaction for each step; what `queue_reminders` takes through the real deciders and
templates; APScheduler's SQLAlchemy job store with one job a reminder, and on PostgreSQL Procrastinate with
one job a message. All are scaled to 10,000; of the rivals 200 are measured, since so many would take minutes.
These are planned into an empty store; before they are moved and cancelled it is filled, outside the time that
is measured, until 10,000 jobs wait in it, as 10,000 wait in ours. Each session is at an instant of its own.
What is wanted is worked out beforehand for the bulk step; the other line measures that, too.
Every database keeps what is committed through a power cut: SQLite runs as catruc opens it (WAL, FULL) and as
SQLite is shipped for APScheduler, PostgreSQL with its own defaults. `CATRUC_FSYNC=off` measures PostgreSQL
without waiting for the disk, which no desk should run: it shows what is left when commits cost nothing.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Connection, bindparam, delete, func, select, update

from notifications import outbox
from notifications.message import State, Wanted
from notifications.tables import audit, messages
from scheduler.collector import keep_what_is_loaded
from scheduler.service.apply_plan import apply_plan
from scheduler.service.cause import Cause
from scheduler.service.office import Office
from scheduler.service.queue_reminders import queue_reminders
from scheduler.store import sessions
from scheduler.store.database import Database
from scheduler.store.tables import sessions as session_rows
from tests.benchmarks.rivals import JobAMessage, JobAReminder, procrastinate_on
from tests.benchmarks.side_by_side import Line, Spent, ratio_of, spent, table, verdict
from tests.desk import settings_of
from tests.outgoing import opened
from tests.postgres import AS_SHIPPED, frail_server

NOW = datetime(2026, 11, 17, 3, tzinfo=UTC)
AT = NOW + timedelta(days=3650)
STEPS = ("plan", "move", "cancel")
BULK, WORDED = "catruc, bulk step", "catruc, decided and worded"
BOUNDS = {"sqlite": 100.0, "postgresql": 30.0}
WORDED_BOUND = 20.0


@dataclass(frozen=True, slots=True)
class Size:
    """How many reminders, how many of them a rival is measured on, days of the desk, and rounds."""

    reminders: int
    rival: int
    days: int
    rounds: int


FULL = Size(10_000, 200, 28, 3)
SMALL = Size(60, 6, 1, 1)

Measured = dict[str, dict[str, list[Spent]]]


def measure(kind: str, new_url: Callable[[], str], size: Size) -> Measured:
    """Seconds by step, who and round; all of one round on fresh databases."""
    found: Measured = {step: {} for step in STEPS}
    keep_what_is_loaded()  # as the service does when it has started
    for _ in range(size.rounds):
        with ExitStack() as stack:
            actors: list[tuple[str, object, int]] = [
                (BULK, _Bulk(stack.enter_context(opened(new_url())), size.reminders), size.reminders),
                (WORDED, _Worded(stack.enter_context(opened(new_url())), size.days), size.reminders),
            ]
            rival = JobAReminder(new_url(), AT)
            stack.callback(rival.close)
            actors.append((rival.name, rival, size.rival))
            if kind == "postgresql":
                app = stack.enter_context(procrastinate_on(new_url()))
                actors.append((JobAMessage.name, JobAMessage(app, AT), size.rival))
            for step in STEPS:
                for name, actor, many in actors:
                    act = getattr(actor, step)
                    took = spent(lambda: act(many))  # noqa: B023  called at once
                    found[step].setdefault(name, []).append(took.scaled(size.reminders))
                    if step == "plan" and isinstance(actor, JobAReminder | JobAMessage):
                        actor.fill(size.reminders - many)
    return found


def show(kind: str, found: Measured, size: Size) -> str:
    """The tables of one database, each with its bounds."""
    said = []
    for step, by_name in found.items():
        scaled = f"(measured on {size.rival}, scaled)"
        lines = {name: Line(name, tuple(rounds)) for name, rounds in by_name.items()}
        others = [replace(line, note=scaled) for name, line in lines.items() if name not in (BULK, WORDED)]
        for own in (BULK, WORDED):
            title = f"\n{kind}: {step} {size.reminders} reminders"
            said.append(table(title, lines[own], others))
            bound = BOUNDS[kind] if own == BULK else WORDED_BOUND
            said.append(verdict("times APScheduler", ratio_of(others[0], lines[own]), bound))
    return "\n".join(said)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_planning_side_by_side(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Prints the tables; says of each bound whether it is kept."""
    with databases(kind, request, tmp_path) as new_url:
        print(show(kind, measure(kind, new_url, FULL), FULL))


@contextmanager
def databases(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Callable[[], str]]:
    """Gives the URL of an empty database of a kind, as often as it is called."""
    numbers = count(1)
    if kind == "sqlite":
        yield lambda: f"sqlite:///{folder / f'{next(numbers)}.db'}"
        return
    waits = AS_SHIPPED if os.environ.get("CATRUC_FSYNC", "on") == "on" else ()
    with frail_server(*waits) as frail, ExitStack() as stack:
        server = frail.server
        yield lambda: stack.enter_context(server.fresh_database())


class _Bulk:
    """Ten messages for each of many sessions, as `reconcile` gets them."""

    def __init__(self, database: Database, reminders: int) -> None:
        self._database = database
        self._wanted = {
            f"session:{number}": [_wanted(number, seat) for seat in range(10)]
            for number in range(reminders // 10)
        }
        hour = timedelta(hours=1)
        self._moved = {
            scope: [
                replace(one, send_at=one.send_at + hour, expires_at=one.expires_at + hour) for one in wanted
            ]
            for scope, wanted in self._wanted.items()
        }

    def plan(self, many: int) -> int:
        self._reconcile(self._wanted)
        return self._count(State.WAITING)

    def move(self, many: int) -> int:
        self._reconcile(self._moved)
        return self._count(State.WAITING)

    def cancel(self, many: int) -> int:
        self._reconcile({scope: [] for scope in self._wanted})
        return self._count(State.CANCELLED)

    def _reconcile(self, wanted: dict[str, list[Wanted]]) -> None:
        with self._database.write() as connection:
            outbox.reconcile(connection, wanted, "bench", NOW)

    def _count(self, state: State) -> int:
        return _count(self._database, state)


def _wanted(session: int, seat: int) -> Wanted:
    return Wanted(
        key=f"remind/{session}/{seat}",
        scope=f"session:{session}",
        kind="remind",
        audience="volunteer",
        purpose="duty",
        recipient=f"person:p{seat}",
        phone=f"+8490{session * 10 + seat:07}",
        language="vi",
        text=f"UBND phuong: moi ban {seat} den truc ca {session}, 17:00 thu Ba 17/11, 45 Le Duan.",
        send_at=AT + timedelta(minutes=session),
        expires_at=AT + timedelta(days=1, minutes=session),
        sender="UBNDQ1",
    )


class _Worded:
    """A desk of ten sessions a day for ten volunteers each: gathered, decided and worded."""

    def __init__(self, database: Database, days: int) -> None:
        self._database = database
        self._office = Office(settings_of(_desk(days)))
        with database.write() as connection:
            apply_plan(connection, self._office, NOW)
            connection.execute(delete(messages))
            connection.execute(delete(audit))
            self._ids = sessions.ids_to_come(connection, NOW)

    def plan(self, many: int) -> int:
        self._queue()
        return _count(self._database, State.WAITING)

    def move(self, many: int) -> int:
        hour = timedelta(hours=1)
        with self._database.write() as connection:
            rows = connection.execute(select(session_rows)).all()
            each = update(session_rows).where(session_rows.c.id == bindparam("row"))
            later = [{"row": row.id, "starts": row.starts + hour, "ends": row.ends + hour} for row in rows]
            connection.execute(each, later)
            queue_reminders(connection, self._office, self._ids, Cause.SETTINGS, NOW)
        return _count(self._database, State.WAITING)

    def cancel(self, many: int) -> int:
        with self._database.write() as connection:
            connection.execute(update(session_rows).values(state=sessions.CANCELLED))
            before = _count_in(connection, State.WAITING)
            queue_reminders(connection, self._office, self._ids, Cause.SETTINGS, NOW)
        return before

    def _queue(self) -> None:
        with self._database.write() as connection:
            queue_reminders(connection, self._office, self._ids, Cause.SETTINGS, NOW)


def _count(database: Database, state: State) -> int:
    with database.read() as connection:
        return _count_in(connection, state)


def _count_in(connection: Connection, state: State) -> int:
    counted = select(func.count()).select_from(messages).where(messages.c.state == state)
    found: int = connection.execute(counted).scalar_one()
    assert found, f"no message is {state}"
    return found


def _desk(days: int) -> str:
    people = "".join(
        f'[[people]]\nname = "Tình nguyện viên {number}"\nphone = "0901 000 {number:03}"\n'
        'roles = ["volunteer"]\n'
        for number in range(20)
    )
    first = NOW.date() + timedelta(days=20)
    hours = ", ".join(f'"{hour:02}:00-{hour:02}:50"' for hour in range(8, 18))
    return f"""\
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
hotline = "028 0000 0000"
plan_ahead = "90 days"

[sms]
sender = "UBNDQ1"
daily_cap = 1000000

[[wards]]
name = "Sài Gòn"

[[places]]
name = "UBND Sài Gòn"

[[services]]
name = "Sao y"

{people}
[[shifts]]
service = "Sao y"
days = "mon-sun"
on_holiday = "keep"
time = [{hours}]
from = {first}
until = {first + timedelta(days=days - 1)}
needs = {{ volunteer = 10 }}
"""
