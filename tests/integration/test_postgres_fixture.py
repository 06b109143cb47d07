"""The databases that tests are given are real, empty and their own."""

import os

import psycopg
import sqlalchemy as sa

from tests.postgres import PostgresServer


def test_the_server_answers_a_real_query(postgres_server: PostgresServer) -> None:
    """The server is PostgreSQL 16 or newer, and its text is UTF-8."""
    with postgres_server.connect() as connection:
        row = connection.execute("SELECT current_setting('server_version_num')::int, 'Đa Kao'").fetchone()
    assert row is not None
    assert row[0] >= 160000
    assert row[1] == "Đa Kao"


def test_the_server_never_runs_as_root(postgres_server: PostgresServer) -> None:
    """Files of the cluster belong to nobody when root runs the tests, and to the runner otherwise."""
    owner = (postgres_server.folder / "cluster" / "PG_VERSION").stat().st_uid
    assert owner != 0
    assert os.geteuid() in (0, owner)


def test_no_network_port_is_opened(postgres_server: PostgresServer) -> None:
    """The server listens on its Unix socket only, so that two runs on one machine cannot meet."""
    with postgres_server.connect() as connection:
        row = connection.execute("SELECT current_setting('listen_addresses')").fetchone()
    assert row == ("",)


def test_a_fresh_database_is_empty_and_takes_tables(database_url: str) -> None:
    """Whatever the kind, a test starts without tables and may make its own."""
    engine = sa.create_engine(database_url)
    assert sa.inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE left_behind (id integer)"))
    assert sa.inspect(engine).get_table_names() == ["left_behind"]
    engine.dispose()


def test_a_fresh_database_is_dropped_though_someone_is_connected(postgres_server: PostgresServer) -> None:
    """A test that leaves a connection open costs the next test nothing."""
    with postgres_server.fresh_database() as url:
        name = sa.make_url(url).database
        assert name is not None
        left_open = postgres_server.connect(name)
    try:
        with postgres_server.connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        assert found is None
        assert _is_cut_off(left_open)
    finally:
        left_open.close()


def _is_cut_off(connection: psycopg.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return True
    return False
