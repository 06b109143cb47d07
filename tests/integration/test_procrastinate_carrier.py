"""The carrier between machines: a claim and its jobs are one commit, and a job only says what to look at."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event

import procrastinate
import pytest
from sqlalchemy import text

from notifications.batch import Batch, Work
from notifications.carrier.procrastinate import ProcrastinateCarrier
from notifications.delivery import Deliverer
from notifications.message import State
from scheduler.service.pretend import VirtualClock
from scheduler.store.database import Database
from scheduler.store.migrate import migrate
from scheduler.store.tick import Tick
from tests.fake_channel import FakeChannel
from tests.outgoing import NOW, Outgoing, wanted
from tests.postgres import PostgresServer
from tests.served import wait_for

NEWEST_OF_THEIRS = "03.04.00_50_post_add_retry_failed_job_procedure.sql"


class Machine:
    """A machine that delivers; `worked` are the batches as they reached its deliverer."""

    def __init__(self, post: Outgoing, at_once: int = 1, hands: int = 1) -> None:
        self.channel = FakeChannel(looks_up=True)
        self.worked: list[Batch] = []
        self.done = Event()
        self.deliver: Callable[[Batch], None] = Deliverer(
            post.database.write, self.channel, VirtualClock(NOW)
        ).deliver
        self.carrier = ProcrastinateCarrier(
            post.database.driver_arguments, "console", self._work, at_once, hands, self.done.set
        )

    def _work(self, batch: Batch) -> None:
        self.worked.append(batch)
        self.deliver(batch)


@pytest.fixture
def machine(postgres_post: Outgoing) -> Iterator[Machine]:
    """One machine, stopped at the end."""
    one = Machine(postgres_post)
    yield one
    one.channel.let_go()
    assert one.carrier.stop(30)


def enqueue(post: Outgoing, machine: Machine, batch: Batch) -> None:
    """Commits the jobs of a batch."""
    with post.database.write() as connection:
        machine.carrier.enqueue(connection, batch)


def jobs(post: Outgoing) -> list[str]:
    """The states of all jobs."""
    with post.database.read() as connection:
        return list(connection.scalars(text("SELECT status::text FROM procrastinate_jobs ORDER BY id")))


def test_what_is_claimed_is_carried_in_pieces(postgres_post: Outgoing, machine: Machine) -> None:
    """Small enough that each text is begun within its lease; afterwards no job is left."""
    postgres_post.want(*(wanted(f"k{number:02}") for number in range(20)))
    enqueue(postgres_post, machine, postgres_post.claim("r"))
    wait_for(lambda: set(postgres_post.states().values()) == {State.SENT})
    wait_for(lambda: not jobs(postgres_post))
    assert [len(batch.ids) for batch in machine.worked] == [8, 8, 4]
    assert machine.channel.keys() == [f"k{number:02}" for number in range(20)]


@pytest.mark.parametrize("work", list(Work))
def test_every_kind_of_work_travels(postgres_post: Outgoing, machine: Machine, work: Work) -> None:
    """A batch arrives as it was."""
    machine.deliver = lambda _: None
    batch = Batch("r/console", (7, 3), work, NOW, timedelta(milliseconds=10))
    enqueue(postgres_post, machine, batch)
    wait_for(lambda: machine.worked == [batch])


def test_a_claim_that_is_not_committed_carries_nothing(postgres_post: Outgoing, machine: Machine) -> None:
    """The job is gone with the claim."""
    with postgres_post.database.rehearse() as connection:
        machine.carrier.enqueue(connection, Batch("r", (1, 2)))
    enqueue(postgres_post, machine, Batch("s", (3,)))
    wait_for(lambda: not jobs(postgres_post) and machine.worked)
    assert [batch.reference for batch in machine.worked] == ["s"]


def test_a_repeated_job_skips_what_was_begun(postgres_post: Outgoing, machine: Machine) -> None:
    """However often it is carried."""
    postgres_post.want(wanted("a"), wanted("b"))
    batch = postgres_post.claim("r")
    for _ in range(3):
        enqueue(postgres_post, machine, batch)
    wait_for(lambda: len(machine.worked) == 3 and not jobs(postgres_post))
    assert machine.channel.keys() == ["a", "b"]


def test_a_carrier_is_full_while_jobs_wait(postgres_post: Outgoing, machine: Machine) -> None:
    """More would wait with a running lease; what is under way does not count."""

    def is_full() -> bool:
        with postgres_post.database.read() as connection:
            return machine.carrier.is_full(connection)

    assert not is_full()
    machine.channel.hold()
    postgres_post.want(wanted("a"))
    enqueue(postgres_post, machine, postgres_post.claim("r"))
    assert machine.channel.is_busy.wait(30)
    assert not is_full()
    enqueue(postgres_post, machine, Batch("s", (99,)))
    assert is_full()
    machine.channel.let_go()
    wait_for(lambda: not is_full())


def test_a_fault_of_one_batch_stops_nothing(postgres_post: Outgoing, machine: Machine) -> None:
    """Its job is gone all the same, and the next one is worked on."""

    def fail(batch: Batch) -> None:
        if batch.reference == "bad":
            raise ValueError("ours")

    machine.deliver = fail
    enqueue(postgres_post, machine, Batch("bad", (1,)))
    enqueue(postgres_post, machine, Batch("good", (2,)))
    wait_for(lambda: not jobs(postgres_post) and len(machine.worked) == 2)
    assert machine.done.is_set()


def test_what_a_dead_worker_had_in_hand_is_taken_up(postgres_post: Outgoing, machine: Machine) -> None:
    """Long before its lease ends: its heart has not beaten for a while."""
    postgres_post.want(wanted("a"))
    batch = postgres_post.claim("r")
    job = {"reference": "r", "ids": list(batch.ids), "work": "send", "begins_at": None, "apart": 0.0}
    with postgres_post.database.write() as connection:
        connection.execute(
            text(
                "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - interval '1 minute') RETURNING id)"
                " INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, args)"
                " SELECT 'catruc/console', 'catruc_deliver', 'doing', id, CAST(:args AS jsonb) FROM dead"
            ),
            {"args": json.dumps(job)},
        )
    wait_for(lambda: postgres_post.states() == {"a": State.SENT})
    wait_for(lambda: not jobs(postgres_post))


def test_their_tables_are_those_of_their_code() -> None:
    """A newer Procrastinate with migrations of its own wants a revision of ours that runs them."""
    migrations = Path(procrastinate.__file__).parent / "sql" / "migrations"
    assert max(file.name for file in migrations.glob("*.sql")) == NEWEST_OF_THEIRS


def test_tables_that_another_program_made_are_shared(postgres_server: PostgresServer) -> None:
    """A database in which somebody uses Procrastinate already is taken as it is."""
    from notifications.carrier.procrastinate import schema

    with postgres_server.fresh_database() as url, closing(Database(url)) as database:
        with postgres_server.connect(database.url.database or "") as connection:
            connection.execute(schema().encode())
        migrate(database)
        with database.read() as reading:
            assert reading.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0


def test_the_tick_goes_over_when_it_is_free(postgres_server: PostgresServer) -> None:
    """Released or dropped: the next look of another takes it, and the former holder's next look knows."""
    with postgres_server.fresh_database() as url, closing(Database(url)) as database:
        one, two = Tick(database), Tick(database)
        assert (one.hold(), two.hold(), one.hold()) == (True, False, True)
        with postgres_server.connect() as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE objid = 3240")
        wait_for(two.hold)
        assert not one.hold()
        two.release()
        assert not two.is_held
        wait_for(one.hold)
        one.release()


def test_the_tick_of_sqlite_is_always_held(tmp_path: Path) -> None:
    """The service lock has seen to it that there is one service only."""
    with closing(Database(f"sqlite:///{tmp_path / 'catruc.db'}")) as database:
        tick = Tick(database)
        assert tick.is_held
        assert tick.hold()
