"""While the database is away nothing is lost or doubled: the same is written as soon as it is back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from structlog.testing import CapturingLogger

from notifications.attempts import LEASE
from notifications.channels.channel import Parcel
from notifications.delivery import Deliverer
from notifications.lookups import claim_look_ups
from notifications.message import State
from notifications.outage import in_a_line, means_away
from notifications.recovery import recover
from scheduler.service.pretend import VirtualClock
from scheduler.store.database import Database
from tests.fake_channel import FakeChannel
from tests.outgoing import NOW, SECOND, Outgoing, wanted
from tests.postgres import PostgresServer


class Line:
    """The line to a database, which breaks at some transactions: before their commit, or after it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._breaks: list[str] = []
        self.clock = VirtualClock(NOW)
        self._passes = timedelta(0)

    def break_at(self, number: int, when: str, times: int = 1) -> None:
        """The transaction of this number, from 0, breaks `before` its commit or `after` it."""
        self._breaks = [""] * number + [when] * times

    def take(self, span: timedelta) -> None:
        """Each break takes so long."""
        self._passes = span

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction, over this line."""
        when = self._breaks.pop(0) if self._breaks else ""
        with self._database.write() as connection:
            yield connection
            if when == "before":
                raise self._fault()
        if when == "after":
            raise self._fault()

    def _fault(self) -> OperationalError:
        self.clock.now += self._passes
        return OperationalError("COMMIT", {}, psycopg.OperationalError("the connection is lost"))


class Delivery:
    """A deliverer at the end of such a line."""

    def __init__(self, post: Outgoing) -> None:
        self.post = post
        self.line = Line(post.database)
        self.channel = FakeChannel(looks_up=True)
        self.deliverer = Deliverer(self.line.begin, self.channel, self.line.clock)

    def deliver(self, *keys: str) -> None:
        """Wants these messages, claims and delivers them."""
        self.post.want(*(wanted(key) for key in keys))
        self.deliverer.deliver(self.post.claim("r", NOW))


@pytest.fixture
def delivery(post: Outgoing) -> Delivery:
    """A deliverer on each kind of database."""
    return Delivery(post)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_a_broken_transaction_is_done_once(delivery: Delivery, number: int, when: str) -> None:
    """Whether the commit was lost or only its answer: each text goes once, and its story is told once."""
    delivery.line.break_at(number, when)
    delivery.deliver("a", "b")
    assert delivery.channel.keys() == ["a", "b"]
    assert delivery.post.states() == {"a": State.SENT, "b": State.SENT}
    assert [attempt.outcome for attempt in delivery.post.attempts()] == ["accepted", "accepted"]
    assert delivery.post.audited("sent") == ["a", "b"]
    assert delivery.post.audited("receipt") == []


def test_what_cannot_be_written_within_the_lease_is_looked_up(
    delivery: Delivery, told: CapturingLogger
) -> None:
    """The attempt is on record: it is in doubt, never sent again blindly; the rest of the batch waits."""
    delivery.line.take(LEASE)
    delivery.line.break_at(1, "before")
    delivery.deliver("a", "b")
    assert delivery.channel.keys() == ["a"]
    assert "batch_left" in str(told.calls)
    with delivery.post.database.write() as connection:
        assert recover(connection, NOW + LEASE, False, {"console"}) == 1
    assert delivery.post.states() == {"a": State.IN_DOUBT, "b": State.WAITING}
    assert delivery.post.row("a").look_up_at is not None


def test_a_stop_does_not_wait_for_the_database(delivery: Delivery) -> None:
    """It is tried for a moment more; what stays unwritten is in doubt."""

    def stop(_: Parcel) -> None:
        delivery.deliverer.stop()

    delivery.channel.look_around(stop)
    delivery.line.take(SECOND)
    delivery.line.break_at(1, "before", times=1000)
    delivery.deliver("a", "b")
    assert delivery.post.states() == {"a": State.SENDING, "b": State.CLAIMED}


def test_a_look_up_counts_one_miss_at_most(delivery: Delivery) -> None:
    """One answer that was written without our knowing must not be written a second time."""
    delivery.channel.leave_in_doubt()
    delivery.deliver("a")
    due = delivery.post.row("a").look_up_at
    with delivery.post.database.write() as connection:
        batch = claim_look_ups(connection, "console", due)
    delivery.line.break_at(1, "after")
    delivery.line.clock.now = due
    delivery.deliverer.deliver(batch)
    assert delivery.post.row("a").misses == 1


def test_a_fault_of_ours_is_not_an_outage() -> None:
    """It would be repeated in vain for five minutes."""
    assert not means_away(ValueError("ours"))
    assert not means_away(DBAPIError("SELECT", {}, psycopg.ProgrammingError("no such column")))


@pytest.mark.parametrize(
    ("statement", "is_away"),
    [("CREATE TABLE b (id)", True), ("SELECT * FROM nowhere", False), ("SELEC", False)],
    ids=["locked", "unknown table", "no SQL"],
)
def test_outages_of_sqlite_are_known(tmp_path: Path, statement: str, is_away: bool) -> None:
    """One class says everything there: the name of the error decides."""
    file = tmp_path / "one.db"
    holder = sqlite3.connect(file)
    holder.execute("CREATE TABLE a (id)")
    holder.execute("BEGIN IMMEDIATE")
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": 0})
    with engine.connect() as connection, pytest.raises(DBAPIError) as raised:
        connection.execute(text(statement))
    engine.dispose()
    holder.close()
    assert means_away(raised.value) is is_away
    assert "\n" not in in_a_line(raised.value)


@pytest.mark.parametrize(
    ("statement", "is_away"),
    [
        ("SELECT pg_terminate_backend(pg_backend_pid())", True),
        ("CREATE TABLE a (id integer)", True),
        ("SELECT * FROM nowhere", False),
        ("SELECT 1/0", False),
    ],
    ids=["terminated", "read-only", "unknown table", "division by zero"],
)
def test_outages_of_postgresql_are_known(
    postgres_server: PostgresServer, statement: str, is_away: bool
) -> None:
    """A lost connection and a server that only reads pass; a fault of ours does not."""
    only_reads = {"options": "-c default_transaction_read_only=on"}
    engine = create_engine(postgres_server.url("postgres"), connect_args=only_reads)
    with engine.connect() as connection, pytest.raises(DBAPIError) as raised:
        connection.execute(text(statement))
    engine.dispose()
    assert means_away(raised.value) is is_away


def test_a_server_that_is_not_there_is_an_outage(tmp_path: Path) -> None:
    """Nobody listens: it may be starting."""
    engine = create_engine(f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    with pytest.raises(DBAPIError) as raised:
        engine.connect()
    assert means_away(raised.value)


def fail_once(database: Database, writes: bool) -> None:
    """A transaction in which the line breaks."""
    with pytest.raises(OperationalError), database.write() if writes else database.read():
        raise OperationalError("COMMIT", {}, psycopg.OperationalError("the connection is lost"))


@pytest.mark.parametrize(
    ("breaks", "works", "told_back"),
    [
        ("w", "w", 1),
        ("w", "r", 0),  # a full disk lets everybody read
        ("w", "rw", 1),
        ("r", "r", 1),
        ("r", "w", 1),
        ("rw", "r", 0),
        ("www", "ww", 1),
    ],
)
def test_an_outage_is_told_when_it_begins_and_when_it_ends(
    database: Database, told: CapturingLogger, breaks: str, works: str, told_back: int
) -> None:
    """One line each, however many transactions fail and succeed; w writes, r only reads."""
    for kind in breaks:
        fail_once(database, kind == "w")
    for kind in works:
        with database.write() if kind == "w" else database.read():
            pass
    said = str(told.calls)
    assert (said.count("database_away"), said.count("database_back")) == (1, told_back)


def test_a_writer_obeys_a_server_that_only_reads(postgres_server: PostgresServer) -> None:
    """Also on a connection that has served a reading before."""
    with postgres_server.fresh_database() as url, closing(Database(url)) as database:
        with database.read() as connection:
            connection.execute(text("SELECT 1"))
        with postgres_server.connect() as owner:
            name = database.url.database
            owner.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        database.engine.dispose()
        for _ in range(2):
            with database.read() as connection:
                connection.execute(text("SELECT 1"))
            with pytest.raises(DBAPIError, match="read-only"), database.write() as connection:
                connection.execute(text("CREATE TABLE a (id integer)"))
