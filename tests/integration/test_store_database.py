"""One database, two ways in: writers in turn, readers that cannot write, and news of others' writes."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, event, insert, literal, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from notifications.instant import UTCDateTime
from notifications.tables import audit
from scheduler.store.database import Database, DatabaseFault
from tests.outgoing import NOW, opened
from tests.postgres import PostgresServer

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
LINE = insert(audit).values(at=NOW, event="noted", key="a")


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """A database in a SQLite file."""
    with opened(f"sqlite:///{tmp_path / 'catruc.db'}") as one:
        yield one


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> Iterator[Database]:
    """A database on PostgreSQL."""
    with postgres_server.fresh_database() as url, opened(url) as one:
        yield one


def url_of(database: Database) -> str:
    """How another process reaches the same database."""
    return database.url.render_as_string(hide_password=False)


def lines(database: Database) -> int:
    """How many lines the audit trail has."""
    with database.read() as connection:
        return len(connection.execute(select(audit.c.id)).all())


def write_line(database: Database) -> None:
    """Commits one line."""
    with database.write() as connection:
        connection.execute(LINE)


def hears(database: Database) -> bool:
    """Whether it hears of a commit: PostgreSQL tells its listeners a moment after it."""
    until = monotonic() + PATIENCE
    while not database.was_written_elsewhere():
        if monotonic() > until:
            return False
        sleep(0.01)
    return True


def test_what_is_written_stays(database: Database) -> None:
    """A transaction that ends well is committed, for everybody."""
    write_line(database)
    with closing(Database(url_of(database))) as other:
        assert lines(other) == 1


def test_an_error_leaves_nothing_behind(database: Database) -> None:
    """A transaction that ends in an error never happened, and the next one works."""
    with pytest.raises(ZeroDivisionError):
        _write_and_fail(database)
    assert lines(database) == 0
    write_line(database)
    assert lines(database) == 1


def _write_and_fail(database: Database) -> None:
    with database.write() as connection:
        connection.execute(LINE)
        raise ZeroDivisionError


def test_a_rehearsal_never_happened(database: Database) -> None:
    """What a rehearsal writes it also sees, and nobody ever does afterwards."""
    with database.rehearse() as connection:
        connection.execute(LINE)
        assert connection.scalar(select(audit.c.key)) == "a"
    assert lines(database) == 0


def test_readers_cannot_write(database: Database) -> None:
    """A query that would change something is refused by the database itself."""
    with database.read() as connection, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        connection.execute(LINE)
    write_line(database)  # what the reader may not, the writer still may


def test_a_reader_sees_one_snapshot(database: Database) -> None:
    """What is committed between two queries of one reading shows in neither."""
    with database.read() as connection:
        before = connection.execute(select(audit.c.id)).all()
        write_line(database)
        assert connection.execute(select(audit.c.id)).all() == before == []
    assert lines(database) == 1


def test_readers_do_not_wait_for_the_writer(database: Database) -> None:
    """A page is read while a transaction is open, as things stood before it."""
    with database.write() as connection:
        connection.execute(LINE)
        assert lines(database) == 0


def test_a_power_cut_loses_no_acknowledged_text(sqlite: Database) -> None:
    """Every writer of a SQLite file runs with WAL and FULL, and checks foreign keys."""
    with sqlite.write() as connection:
        asked = [connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")]
        assert asked == ["wal", 2]
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_a_file_that_cannot_keep_its_word_is_refused(tmp_path: Path) -> None:
    """Where WAL does not work, as on a disk without locks, the sentence says what to do."""
    without_locks = Database(f"sqlite:///file:{tmp_path / 'catruc.db'}?nolock=1&uri=true")
    with closing(without_locks), pytest.raises(DatabaseFault, match="put its file on a local disk"):
        without_locks.engine.connect()


def test_writers_of_a_file_take_turns_from_their_first_statement(sqlite: Database) -> None:
    """The second waits for the first, so that none reads what it would then have to write over."""
    order: list[str] = []
    began = Event()

    def write_second() -> None:
        with closing(Database(url_of(sqlite))) as other:
            began.set()
            with other.write() as connection:
                order.append(f"second sees {connection.scalar(select(audit.c.key))}")

    thread = Thread(target=write_second)
    with sqlite.write() as connection:
        thread.start()
        assert began.wait(PATIENCE)
        connection.execute(LINE)
        order.append("first")
    thread.join(PATIENCE)
    assert order == ["first", "second sees a"]


def test_no_connection_idles_within_a_transaction(postgres: Database) -> None:
    """After reading, writing, rehearsing and watching, the server has no open transaction of ours."""
    lines(postgres)
    write_line(postgres)
    with postgres.rehearse() as connection:
        connection.execute(LINE)
    postgres.was_written_elsewhere()
    postgres.was_written_elsewhere()
    idling = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
    )
    with postgres.read() as connection:
        assert connection.scalar(idling) == 0


def test_a_writer_after_a_reader_may_write(postgres: Database) -> None:
    """Readers share the writers' connections: being read-only ends with the reading."""
    lines(postgres)
    with postgres.write() as connection:
        assert connection.scalar(text("SHOW transaction_read_only")) == "off"
        assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"


@pytest.mark.parametrize(
    ("url", "file"),
    [
        pytest.param("sqlite:///folder/catruc.db", Path("folder/catruc.db"), id="a file"),
        pytest.param("sqlite://", None, id="in memory"),
        pytest.param("sqlite:///:memory:", None, id="in memory, said aloud"),
        pytest.param("postgresql+psycopg://user@host/db", None, id="a server"),
    ],
)
def test_a_database_knows_its_file(url: str, file: Path | None) -> None:
    """Only a SQLite file has one, beside which locks and keys may stand."""
    with closing(Database(url)) as database:
        assert database.file == file


WRITE_ELSEWHERE = textwrap.dedent(
    """
    import sys
    from datetime import UTC, datetime
    from notifications.tables import audit
    from scheduler.store.database import Database

    with Database(sys.argv[1]).write() as connection:
        at = datetime(2026, 11, 17, tzinfo=UTC)
        connection.execute(audit.insert().values(at=at, event="noted", key="from another process"))
    """
)


def test_what_another_process_writes_is_noticed(database: Database) -> None:
    """The first look always says yes; then only a commit from elsewhere does, and only once."""
    assert database.was_written_elsewhere()
    assert not database.was_written_elsewhere()
    subprocess.run([sys.executable, "-c", WRITE_ELSEWHERE, url_of(database)], check=True, cwd=ROOT)
    assert hears(database)
    assert not database.was_written_elsewhere()


def test_what_another_connection_writes_is_noticed(database: Database) -> None:
    """A commit is one piece of news, however much it wrote; one that was rolled back is none."""
    with closing(Database(url_of(database))) as other:
        assert database.was_written_elsewhere()
        with pytest.raises(ZeroDivisionError):
            _write_and_fail(other)
        assert not database.was_written_elsewhere()
        with other.write() as connection:
            connection.execute(LINE)
            connection.execute(LINE)
        assert hears(database)
        assert not database.was_written_elsewhere()


def test_who_wrote_nothing_tells_of_nothing(database: Database) -> None:
    """Two idle services do not keep each other awake with empty transactions."""
    with closing(Database(url_of(database))) as other:
        assert database.was_written_elsewhere()
        with other.write() as connection:
            connection.execute(audit.update().where(audit.c.key == "nobody").values(key="x"))
        assert not database.was_written_elsewhere()


def test_a_service_does_not_hear_itself(postgres: Database) -> None:
    """On PostgreSQL a turn's own writes are no reason for another turn."""
    assert postgres.was_written_elsewhere()
    write_line(postgres)
    assert not postgres.was_written_elsewhere()


def test_a_lost_watch_counts_as_news(postgres: Database) -> None:
    """After the server dropped the listener nobody knows what was missed: look, and listen again."""
    assert postgres.was_written_elsewhere()
    assert not postgres.was_written_elsewhere()
    with postgres.write() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE query LIKE 'LISTEN%' AND datname = current_database()"
            )
        )
    # The farewell of the server, its silence, and the first look of a new watch: one look each.
    looks = [postgres.was_written_elsewhere() for _ in range(5)]
    assert any(looks)
    assert not looks[-1]
    with closing(Database(url_of(postgres))) as other:
        write_line(other)
    assert hears(postgres)


INSTANTS = [
    pytest.param(datetime(2026, 11, 17, 3, tzinfo=UTC), id="in UTC"),
    pytest.param(datetime(2026, 11, 17, 10, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")), id="in Sài Gòn"),
    pytest.param(datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=ZoneInfo("America/New_York")), id="in a fold"),
    pytest.param(datetime(2026, 11, 17, 3, 0, 0, 1, tzinfo=UTC), id="with a microsecond"),
    pytest.param(datetime(1999, 1, 1, tzinfo=timezone(timedelta(hours=-9.5))), id="of another century"),
]


def _in_zone(connection: Connection, zone: str) -> None:
    """Sets the session's zone where the database has such a thing."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL TIME ZONE '{zone}'"))


@pytest.mark.parametrize("instant", INSTANTS)
def test_an_instant_comes_back_as_the_same_instant_in_utc(database: Database, instant: datetime) -> None:
    """Whatever zone it was told in and whatever zone the sessions have, it is aware, equal and in UTC."""
    with database.write() as connection:
        _in_zone(connection, "America/St_Johns")
        connection.execute(LINE.values(at=instant))
    with database.read() as connection:
        _in_zone(connection, "Asia/Kathmandu")
        found = connection.execute(select(audit.c.at)).scalar_one()
        same = connection.execute(select(audit.c.id).where(audit.c.at == instant)).all()
    assert (found, found.tzinfo) == (instant.astimezone(UTC), UTC)
    assert len(same) == 1


def test_instants_are_ordered_by_time_and_not_by_their_wall_clocks(database: Database) -> None:
    """Ten in Sài Gòn is before four in London, also for the database."""
    early = datetime(2026, 11, 17, 10, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    late = datetime(2026, 11, 17, 4, tzinfo=ZoneInfo("Europe/London"))
    with database.write() as connection:
        connection.execute(LINE.values(at=late, key="late"))
        connection.execute(LINE.values(at=early, key="early"))
        assert list(connection.scalars(select(audit.c.key).order_by(audit.c.at))) == ["early", "late"]
        assert list(connection.scalars(select(audit.c.key).where(audit.c.at < late))) == ["early"]


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    """It would be hours off, and nobody would know: neither stored nor compared with."""
    naive = datetime(2026, 11, 17)  # noqa: DTZ001  the mistake itself
    with database.write() as connection, pytest.raises(StatementError, match="has no zone"):
        connection.execute(LINE.values(at=naive))
    with database.read() as connection, pytest.raises(StatementError, match="has no zone"):
        connection.execute(select(audit.c.id).where(audit.c.at < naive))


def test_no_instant_stays_no_instant(database: Database) -> None:
    """An absent instant comes back absent."""
    with database.read() as connection:
        assert connection.scalar(select(literal(None, UTCDateTime))) is None


@pytest.mark.parametrize("mended", ["2026-11-17", "2026-11-17 00:00:00", "2026-11-17 07:00:00+07:00"])
def test_an_instant_mended_by_hand_is_one(sqlite: Database, mended: str) -> None:
    """Whoever writes one into the file in another form gets it back aware, and no service stands still."""
    with sqlite.write() as connection:
        connection.execute(LINE)
        connection.exec_driver_sql("UPDATE audit SET at = ?", (mended,))
        at = connection.scalar(select(audit.c.at))
    assert at == datetime(2026, 11, 17, tzinfo=UTC)
    assert at.tzinfo is UTC


def test_what_is_noted_for_the_moment_stays_in_memory(sqlite: Database) -> None:
    """Also after the file was written anew, which notes down all of it and does so on the disk."""
    sqlite.leave_no_trace()
    with sqlite.write() as connection:
        assert connection.exec_driver_sql("PRAGMA temp_store").scalar() == 2


def test_a_lost_server_connection_is_replaced(postgres: Database) -> None:
    """After the server restarted, the next use finds a living connection by itself."""
    dropped: list[object] = []
    event.listen(postgres.engine, "invalidate", lambda *_: dropped.append(1))
    lines(postgres)
    with closing(Database(url_of(postgres))) as other, other.write() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
    assert lines(postgres) == 0
