"""Many rows by one statement: whoever reads them cannot tell that they were not written one by one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, insert, select, update

from notifications.bulk import among, as_stored, differ, insert_rows, raw, update_rows
from notifications.cap import Cap
from notifications.forgetting import claim_to_forget
from notifications.joint import take_apart
from notifications.message import State
from notifications.tables import messages
from scheduler.store.database import Database
from tests.outgoing import DAY, NOW, house

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
NEW_YORK = ZoneInfo("America/New_York")
ONE: dict[str, Any] = {
    "scope": "session:1",
    "kind": "remind",
    "audience": "volunteer",
    "purpose": "duty",
    "recipient": "person:an",
    "phone": "+84901000001",
    "language": "vi",
    "sender": "UBNDQ1",
    "text": "Nhớ ca trực",
    "encoding": "UCS-2",
    "segments": 1,
    "about": "",
    "urgent": False,
    "priority": 1,
    "send_at": NOW,
    "expires_at": NOW + DAY,
}
STANDING = {"state": State.WAITING, "created_at": NOW, "changed_at": NOW.astimezone(SAIGON)}
NAMES = ("key", *ONE)

# What differs from ONE; each row is written both ways.
ODD: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a yes": {"urgent": True},
    "an instant of another zone": {"send_at": datetime(2026, 3, 1, 6, 59, 59, 999_999, SAIGON)},
    "an instant of a half-hour zone": {
        "send_at": datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=5.5)))
    },
    "an hour that clocks show twice": {"send_at": datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK)},
    "the same hour again": {"send_at": datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=1)},
    "a microsecond": {"expires_at": datetime(2026, 3, 1, 0, 0, 0, 1, UTC)},
    "a far year": {"expires_at": datetime(9998, 12, 31, 23, 59, tzinfo=UTC)},
    "a name of an enumeration": {"kind": State.WAITING},
    "signs that JSON escapes": {"text": 'a "b" \\ / \u0001 \u2028 \t\n'},
    "signs that SQL and drivers escape": {"text": "100 % 'x' :name %(name)s ? {}"},
    "signs of four bytes": {"text": "👨‍👩‍👧 trực"},
    "nothing at all": {"text": "", "about": ""},
    "what looks like null": {"about": "null"},
    "large numbers": {"priority": 2**31 - 1, "segments": -1},
}


def _insert(connection: Connection, rows: list[dict[str, Any]]) -> None:
    stored = as_stored(connection.dialect, [messages.c[name] for name in NAMES])
    insert_rows(
        connection, messages, NAMES, [stored(row[name] for name in NAMES) for row in rows], **STANDING
    )


def _as_the_driver_has_it(connection: Connection, prefix: str) -> dict[str, list[Any]]:
    columns = raw(*(column for column in messages.c if column.name not in ("id", "key")))
    rows = connection.execute(select(messages.c.key, *columns).where(messages.c.key.startswith(prefix)))
    return {row[0].removeprefix(prefix): [(type(one), one) for one in row[1:]] for row in rows}


def test_rows_are_stored_as_sqlalchemy_stores_them(database: Database) -> None:
    """Each column of each row holds the same, down to the type that the driver reads."""
    with database.write() as connection:
        _insert(connection, [{**ONE, **odd, "key": f"ours/{name}"} for name, odd in ODD.items()])
        theirs = [{**ONE, **odd, **STANDING, "key": f"theirs/{name}"} for name, odd in ODD.items()]
        connection.execute(insert(messages), theirs)
        ours = _as_the_driver_has_it(connection, "ours/")
        assert ours == _as_the_driver_has_it(connection, "theirs/")
    assert set(ours) == set(ODD)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(
    words=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), max_size=5),
    at=st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.timezones()),  # noqa: DTZ001  they get a zone
)
def test_what_is_written_is_read_again(database: Database, words: list[str], at: datetime) -> None:
    """Any words and any instant, read through SQLAlchemy's types and compared as the outbox compares."""
    with database.rehearse() as connection:
        _insert(
            connection, [{**ONE, "key": f"{n}", "text": one, "send_at": at} for n, one in enumerate(words)]
        )
        rows = connection.execute(select(messages).order_by(messages.c.id)).all()
        columns = messages.c.text, messages.c.send_at
        stored = as_stored(connection.dialect, columns)
        read = connection.execute(select(*raw(*columns)).order_by(messages.c.id)).all()
    assert [(row.text, row.send_at) for row in rows] == [(one, at.astimezone(UTC)) for one in words]
    for row, one in zip(read, words, strict=True):
        pairs = zip(row, stored((one, at)), strict=True)
        assert not any(is_read != is_stored and differ(is_read, is_stored) for is_read, is_stored in pairs)


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    """As everywhere: nobody knows which instant it is."""
    naive = datetime(2026, 11, 17)  # noqa: DTZ001  it is what is refused
    with pytest.raises(ValueError, match="must be aware"), database.write() as connection:
        _insert(connection, [{**ONE, "key": "a", "send_at": naive}])


def test_rows_are_changed_as_sqlalchemy_changes_them(database: Database) -> None:
    """Each row gets its own values and all get the common ones, but only while the condition holds."""
    own = {"send_at": NOW.astimezone(SAIGON) + DAY, "urgent": True, "text": "đổi"}
    common: dict[str, Any] = {"changed_at": NOW + DAY, "reference": None, "reason": State.SENT}
    waits = messages.c.state == State.WAITING
    with database.write() as connection:
        _insert(connection, [{**ONE, "key": f"{who}/{n}"} for who in ("ours", "theirs") for n in range(3)])
        ids = {row.key: row.id for row in connection.execute(select(messages.c.key, messages.c.id))}
        gone = messages.c.key.in_(["ours/2", "theirs/2"])
        connection.execute(update(messages).where(gone).values(state=State.CANCELLED))
        stored = as_stored(connection.dialect, [messages.c[name] for name in own])
        changed = [(ids[f"ours/{n}"], *stored(own.values())) for n in (1, 2)]
        update_rows(connection, messages, list(own), changed, waits, **common)
        theirs = messages.c.key.in_(["theirs/1", "theirs/2"]), waits
        connection.execute(update(messages).where(*theirs).values(**own, **common))
        found = _as_the_driver_has_it(connection, "ours/")
        assert found == _as_the_driver_has_it(connection, "theirs/")
        assert found["0"] != found["1"]
        changed_at = select(messages.c.key).where(messages.c.changed_at == NOW + DAY)
        assert set(connection.scalars(changed_at)) == {"ours/1", "theirs/1"}


def test_rows_may_get_nothing_but_what_is_common(database: Database) -> None:
    """What was cancelled and is wanted as it stands only waits again; and no rows are no statement."""
    with database.write() as connection:
        _insert(connection, [{**ONE, "key": "a"}, {**ONE, "key": "b"}])
        insert_rows(connection, messages, NAMES, [], **STANDING)
        update_rows(connection, messages, (), [], messages.c.id > 0, reason="x", priority=0)
        first = connection.scalar(select(messages.c.id).where(messages.c.key == "a"))
        update_rows(connection, messages, (), [(first,)], messages.c.id > 0, reason="y", priority=0)
        rows = connection.execute(select(messages.c.key, messages.c.reason).order_by(messages.c.id)).all()
    assert [tuple(row) for row in rows] == [("a", "y"), ("b", "")]


def test_many_values_are_one_parameter(database: Database) -> None:
    """More than a database takes as parameters, of either type, and none at all."""
    many = 70_000
    with database.write() as connection:
        _insert(connection, [{**ONE, "key": f"k{number}", "scope": f'"{number}"'} for number in range(5)])
        dialect = connection.dialect
        for column, values, found in (
            (messages.c.scope, [f'"{number}"' for number in range(3, many)], ["k3", "k4"]),
            (messages.c.id, range(2, many), ["k1", "k2", "k3", "k4"]),
            (messages.c.id, [], []),
        ):
            some = select(messages.c.key).where(among(dialect, column, list(values))).order_by(messages.c.id)
            assert list(connection.scalars(some)) == found


@pytest.mark.parametrize(
    ("act", "index"),
    [
        pytest.param(lambda c: Cap(c, house(), NOW), "ix_messages_handed", id="the texts of a day"),
        pytest.param(lambda c: claim_to_forget(c, "console", NOW), "ix_messages_forget", id="forgetting"),
    ],
)
def test_an_index_of_what_is_set_serves_its_queries(
    database: Database, act: Callable[[Connection], object], index: str
) -> None:
    """A partial index helps only a query of which the planner knows that it wants nothing else."""
    assert index in _plans(database, act)[0]


def test_what_is_said_of_a_session_is_found_by_it(database: Database) -> None:
    """However many texts wait: each answer of a volunteer looks for those of one session."""
    _, moving = _plans(database, lambda connection: take_apart(connection, ["session:1"], NOW))
    assert "ix_messages_scope" in moving


def _plans(database: Database, act: Callable[[Connection], object]) -> list[str]:
    """How the database goes about each statement of `act`."""
    statements: list[tuple[str, Any]] = []
    with database.rehearse() as connection:
        event.listen(connection, "before_cursor_execute", lambda *told: statements.append((told[2], told[3])))
        act(connection)
        asked = list(statements)
        if not database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # an empty table is read whole
        explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        return [str(connection.exec_driver_sql(f"{explain} {one}", given).all()) for one, given in asked]
