"""move at a terminal: a ward outgrows one machine, and comes back."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import select

from notifications.tables import metadata as outgoing
from scheduler.store.database import Database
from scheduler.store.lock import ServiceLock
from scheduler.store.tables import metadata as duty
from scheduler.store.tick import Tick
from tests.postgres import PostgresServer
from tests.terminal import SESSION, Terminal

TABLES = [*outgoing.sorted_tables, *duty.sorted_tables]
FOLLOWER, ANOTHER = "0902 000 001", "0902 000 002"


@pytest.fixture
def postgresql(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database on a server."""
    with postgres_server.fresh_database() as url:
        yield url


def rows_of(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All that stands in a database."""
    with closing(Database(url)) as database, database.read() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in TABLES
        }


def at_home(desk: Terminal) -> str:
    """The address of the file beside the settings."""
    return f"sqlite:///{desk.folder / 'catruc.db'}"


def test_a_ward_moves_and_comes_back_with_every_row(desk: Terminal, postgresql: str) -> None:
    """Instants, answers, texts and numbers of rows are the same; a new row finds a free number."""
    assert desk.run("follow", FOLLOWER, "sao-y", "Sài Gòn").code == 0
    roster = desk.run("roster", "--json").document
    person = next(one["person"] for one in roster if one["state"] != "confirmed")
    assert desk.run("confirm", SESSION, person).code == 0
    before = rows_of(at_home(desk))
    told = desk.run("move", "-", "--json", typed=postgresql + "\n").document
    assert told["moved"] == {name: len(rows) for name, rows in before.items()}
    assert rows_of(postgresql) == before
    assert rows_of(at_home(desk)) == before
    desk.export("CATRUC_DATABASE", postgresql)
    assert desk.run("plan", "--json").document["texts"]["count"] == 0
    assert desk.run("follow", ANOTHER, "sao-y", "Sài Gòn").code == 0
    (desk.folder / "catruc.db").rename(desk.folder / "former.db")
    grown = rows_of(postgresql)
    assert len(grown["subscriptions"]) == len(before["subscriptions"]) + 1
    desk.export("CATRUC_DATABASE", at_home(desk))
    said = desk.run("move", at_home(desk), "--from", postgresql)
    assert (said.code, said.err) == (0, "")
    assert f"Đã chép {sum(map(len, grown.values()))} dòng." in said.out
    assert rows_of(at_home(desk)) == grown


def test_a_database_that_somebody_serves_is_not_moved(desk: Terminal, postgresql: str) -> None:
    """Neither from nor to: what is written meanwhile would be lost."""
    with closing(Database(at_home(desk))) as database:
        assert database.file
        lock = ServiceLock(database.file)
    assert "serves" in desk.run("move", postgresql).complaint
    lock.release()
    with closing(Database(postgresql)) as database:
        tick = Tick(database)
        assert tick.hold()
        said = desk.run("move", postgresql)
        assert (said.code, "stop it and its workers" in said.err) == (1, True)
        tick.release()
    assert desk.run("move", postgresql).code == 0


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("sqlite:///catruc.db", "one database"),
        ("mysql://root@localhost/catruc", "not the address of a database that catruc knows"),
        ("sqlite:///no/such/folder/catruc.db", "make its folder"),
        ("sqlite://", "in memory ends with this command"),
        ("postgresql+psycopg://catruc@127.0.0.1:1/catruc", "cannot be used"),
    ],
)
def test_where_nothing_can_be_moved_to_is_one_line(desk: Terminal, to: str, words: str) -> None:
    """And nothing is written."""
    assert words in desk.run("move", to).complaint


def test_only_an_empty_database_takes_rows(desk: Terminal, postgresql: str) -> None:
    """Two wards never mix; and without rows there is nothing to move."""
    assert desk.run("move", postgresql).code == 0
    held = rows_of(postgresql)
    assert "in use already" in desk.run("move", postgresql).complaint
    assert rows_of(postgresql) == held
    desk.export("CATRUC_DATABASE", "sqlite:///nowhere.db")
    assert "nothing to move" in desk.run("move", postgresql).complaint
    assert not (desk.folder / "nowhere.db").exists()


def test_links_that_were_sent_open_after_a_move(desk: Terminal, postgresql: str) -> None:
    """Their key goes along to where the service looks for it; one that lies there already is not lost."""
    old, new, home = (desk.folder / f"{name}.key" for name in ("catruc", "quan1", "quan2"))
    old.write_text("the key of all links that were sent\n", encoding="ascii")
    assert desk.run("move", "sqlite:///quan1.db").code == 0
    assert (new.read_text(encoding="ascii"), new.stat().st_mode & 0o777) == (old.read_text("ascii"), 0o600)
    home.write_text("of links that another service sent\n", encoding="ascii")
    assert "links that were sent would open nothing" in desk.run("move", "sqlite:///quan2.db").complaint
    assert not any(map(len, rows_of(f"sqlite:///{desk.folder / 'quan2.db'}").values()))
    desk.export("CATRUC_SECRET_KEY", "the key of all links that were sent")
    assert desk.run("move", "sqlite:///quan2.db").code == 0
    old.unlink()
    assert desk.run("move", postgresql, "--from", "sqlite:///quan1.db").code == 0
    assert not old.exists()


def test_an_old_database_that_is_none_is_told_as_the_one_that_was_named(desk: Terminal) -> None:
    """By the option, not by a variable that nobody has set."""
    said = desk.run("move", "sqlite:///quan1.db", "--from", "mysql://root@localhost/catruc").complaint
    assert said.startswith("`--from` is not the address of a database")
