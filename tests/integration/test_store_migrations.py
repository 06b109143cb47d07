"""Migrations make the tables that the code expects, once, whoever starts first."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from notifications.tables import metadata as notifications_metadata
from scheduler.store import migrate as migration
from scheduler.store.database import Database, DatabaseFault
from scheduler.store.migrate import NEWEST, migrate
from scheduler.store.tables import metadata as scheduler_metadata

ROOT = Path(__file__).parents[2]
OURS = {
    "in_force",
    "sessions",
    "assignments",
    "call_offs",
    "follow_codes",
    "subscriptions",
    "items",
    "links",
    "link_key",
    "absences",
    "offers",
    "searches",
}
THEIRS = {
    "messages",
    "attempts",
    "outcomes",
    "arrivals",
    "replies",
    "consents",
    "spoiled_numbers",
    "halts",
    "pace",
    "audit",
}
TABLES = OURS | THEIRS


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """A database without tables."""
    with closing(Database(database_url)) as one:
        yield one


def _tables(database: Database) -> set[str]:
    """But those of Procrastinate, which are not ours to name."""
    with database.engine.connect() as connection:
        return {name for name in inspect(connection).get_table_names() if not _is_carriers(name)}


def _is_carriers(name: str | None) -> bool:
    return name is not None and name.startswith("procrastinate_")


def test_an_empty_database_gets_the_tables_of_both_wings(empty: Database) -> None:
    """One call makes them all, and a second one changes nothing."""
    migrate(empty)
    assert _tables(empty) == TABLES | {"alembic_version"}
    migrate(empty)
    assert _tables(empty) == TABLES | {"alembic_version"}


def test_the_migrated_tables_are_those_of_the_code(empty: Database) -> None:
    """Columns, types, defaults, indexes and constraints do not drift from the two MetaData."""
    migrate(empty)
    with empty.engine.connect() as connection:
        # On SQLite Alembic takes an empty default for one that is missing.
        options = {
            "compare_type": True,
            "compare_server_default": not empty.is_sqlite,
            "include_name": lambda name, kind, _: kind != "table" or not _is_carriers(name),
        }
        context = MigrationContext.configure(connection, opts=options)
        both = [scheduler_metadata, notifications_metadata]
        assert compare_metadata(context, both) == []  # type: ignore[arg-type]  # takes a list, its hint lags


def test_a_table_that_drifted_would_be_seen(empty: Database) -> None:
    """The comparison above is no formality."""
    migrate(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_outcomes_unread"))
        ours = {"include_name": lambda name, kind, _: kind != "table" or not _is_carriers(name)}
        context = MigrationContext.configure(connection, opts=ours)
        found = compare_metadata(context, [scheduler_metadata, notifications_metadata])  # type: ignore[arg-type]  # takes a list, its hint lags
    assert [change[0] for change in found] == ["add_index"]


def test_the_newest_revision_is_known_by_name() -> None:
    """What a start compares with is the last migration of the tree, and the tree has one end."""
    config = Config()
    config.set_main_option("script_location", str(Path(migration.__file__).with_name("migrations")))
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_no_table_belongs_to_both_wings() -> None:
    """Each wing has its own MetaData."""
    assert set(scheduler_metadata.tables) == OURS
    assert set(notifications_metadata.tables) == THEIRS


MIGRATE = textwrap.dedent(
    """
    import sys
    from scheduler.store.database import Database
    from scheduler.store.migrate import migrate

    database = Database(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    migrate(database)
    """
)


def test_two_processes_may_start_at_once(database_url: str) -> None:
    """One makes the tables, the other waits for it and finds them made."""
    command = [sys.executable, "-c", MIGRATE, database_url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    both = [subprocess.Popen(command, cwd=ROOT, text=True, **pipes) for _ in range(2)]  # type: ignore[call-overload]  # the pipes are the same for both
    for process in both:
        assert process.stdout.readline() == "ready\n"
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    errors = [process.communicate(timeout=60)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], errors
    with closing(Database(database_url)) as database:
        assert _tables(database) == TABLES | {"alembic_version"}


def test_a_database_of_a_newer_catruc_is_refused(empty: Database) -> None:
    """An old program would not know what it overwrites: it says which one to start, and touches nothing."""
    migrate(empty)
    with empty.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseFault, match="revision 9999, newer than this catruc"):
        migrate(empty)


def test_a_half_made_database_is_not_left_behind(empty: Database) -> None:
    """A migration that fails takes everything back, and the next start makes the tables."""
    with empty.engine.begin() as connection:
        connection.execute(text("CREATE TABLE pace (in_the_way integer)"))
    with pytest.raises(Exception, match="already exists"):
        migrate(empty)
    assert _tables(empty) == {"pace"}
    with empty.engine.begin() as connection:
        connection.execute(text("DROP TABLE pace"))
    migrate(empty)
    assert _tables(empty) == TABLES | {"alembic_version"}


def test_what_nobody_had_acted_on_is_still_told_after_an_upgrade(empty: Database) -> None:
    """Revision 0001 kept a mark on the message; 0002 has a row for each outcome, and none is lost."""
    with empty.engine.begin() as connection:
        _to_revision(connection, "0001")
        for number, (state, read) in enumerate(
            [("sent", False), ("failed", False), ("in_doubt", False), ("expired", True), ("waiting", False)]
        ):
            connection.execute(_OLD_MESSAGE, {"key": f"k{number}", "state": state, "read": read})
    migrate(empty)
    with empty.read() as connection:
        rows = connection.execute(text("SELECT kind, sentence FROM outcomes ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [("sent", "why"), ("failed", "why"), ("in_doubt", "why")]


def test_an_older_database_gets_the_lighter_indexes(empty: Database) -> None:
    """Revision 0005 has indexes of what is set for those that also held what is not; 0006 has fewer."""
    columns = ("handed_at", "look_up_at", "forget_at", "provider_id", "phone")
    whole = {f"ix_messages_{column}" for column in columns}
    with empty.engine.begin() as connection:
        _to_revision(connection, "0004")
        assert whole <= _indexes_of_messages(connection)
    migrate(empty)
    with empty.engine.connect() as connection:
        found = _indexes_of_messages(connection)
        kind = "sqlite_where" if empty.is_sqlite else "postgresql_where"
        partial = {
            index["name"]: str(index["dialect_options"][kind]).strip("()")
            for index in inspect(connection).get_indexes("messages")
            if index.get("dialect_options", {}).get(kind) is not None
        }
    assert not whole & found
    assert partial == {
        "ix_messages_handed": "handed_at IS NOT NULL",
        "ix_messages_look_up": "look_up_at IS NOT NULL",
        "ix_messages_forget": "forget_at IS NOT NULL",
        "ix_messages_joint": "joint_id IS NOT NULL",
    }


def test_a_consent_that_was_written_twice_is_one_after_an_upgrade(empty: Database) -> None:
    """Two machines may have applied one list at one moment; revision 0011 keeps the first line."""
    line = text(
        "INSERT INTO consents (phone, purpose, granted, at, how, wording)"
        " VALUES (:phone, 'duty', true, '2026-11-17 00:00:00', 'list', 'ds.csv:2: 17/11/2026')"
    )
    with empty.engine.begin() as connection:
        _to_revision(connection, "0010")
        for phone in ("+84901000001", "+84901000002", "+84901000001"):
            connection.execute(line, {"phone": phone})
    migrate(empty)
    with empty.read() as connection:
        rows = connection.execute(text("SELECT id, phone FROM consents ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [(1, "+84901000001"), (2, "+84901000002")]


def _indexes_of_messages(connection: Connection) -> set[str | None]:
    return {index["name"] for index in inspect(connection).get_indexes("messages")}


_FILLED = {
    **dict.fromkeys(["scope", "kind", "audience", "purpose", "recipient", "phone"], "''"),
    **dict.fromkeys(["language", "sender", "text", "encoding", "about"], "''"),
    **dict.fromkeys(["send_at", "expires_at", "created_at", "changed_at"], "'2026-11-17 00:00:00'"),
}
_OLD_MESSAGE = text(
    f"INSERT INTO messages (key, state, read_at, reason, segments, urgent, priority, {', '.join(_FILLED)})"
    " VALUES (:key, :state, CASE WHEN :read THEN CAST('2026-11-17 00:00:00' AS TIMESTAMP) END,"
    f" 'why', 1, false, 1, {', '.join(_FILLED.values())})"
)


def _to_revision(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migration.__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
