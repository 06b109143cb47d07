"""PostgreSQL is stopped, only reads, has no connection free: services and workers wait, and go on."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select

from notifications.tables import arrivals
from scheduler.store.database import Database
from tests.burst import BURST, a_burst
from tests.by_twilio import BY_TWILIO, PUBLIC_URL, account_at
from tests.fake_twilio import FakeTwilio
from tests.machines import Machines
from tests.postgres import FrailServer, frail_server
from tests.served import wait_for

LONG = 180.0
"""Seconds; a burst with outages in it, on a loaded machine."""
OUTAGES = 3
CUT_OFF = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'fresh%'"


@pytest.fixture(scope="module")
def frail() -> Iterator[FrailServer]:
    """A server that is nobody else's, with few connections."""
    with frail_server("max_connections=30") as one:
        yield one


@pytest.fixture
def machines(frail: FrailServer, tmp_path: Path) -> Iterator[Machines]:
    """Machines whose settings make 500 texts due at once."""
    with frail.server.fresh_database() as url:
        yield Machines(tmp_path, url, a_burst(datetime.now(UTC)))


def assert_all_went_once(machines: Machines) -> None:
    """Each text was handed over once, and all of that is on record."""
    states = machines.states()
    assert sum(key.startswith("ask/") for key in states) == BURST
    assert set(states.values()) == {"sent"}
    assert machines.handed() == dict.fromkeys(states, 1)


def assert_outages_are_told(machines: Machines, *names: str) -> None:
    """One line when each begins and one when it ends, and no traceback."""
    for name in names:
        log = machines.logged(name)
        assert "Traceback" not in log
        assert "event=database_away" in log
        assert log.count("event=database_away") == log.count("event=database_back")


def test_a_stopped_server_loses_nothing_and_doubles_nothing(machines: Machines, frail: FrailServer) -> None:
    """It is cut off in the middle of a burst, again and again; what was under way is recorded afterwards."""
    with machines.serving("one") as one, machines.working("two") as two:
        for _ in range(OUTAGES):
            before = machines.handed().total()
            wait_for(lambda: machines.handed().total() > before + 20)  # noqa: B023  looked at in this turn
            frail.stop(signal.SIGQUIT)
            wait_for(lambda: _is_away(machines, "one") and _is_away(machines, "two"))
            frail.start()
        assert machines.under_way(), "the burst was over before the last outage: this proved nothing"
        wait_for(lambda: not machines.under_way(), patience=LONG)
        wait_for(lambda: "database_back" in machines.logged("two"))
        assert [two.stop(), one.stop()] == [0, 0]
    assert_all_went_once(machines)
    assert_outages_are_told(machines, "one")


def test_a_server_that_only_reads_is_waited_for(machines: Machines, frail: FrailServer) -> None:
    """As after a failover to a machine that is not in charge yet: no attempt on record, no text."""
    with machines.serving("one") as one, machines.working("two") as two:
        wait_for(lambda: machines.handed().total() > 20)
        _let_write(frail, False)
        wait_for(lambda: "database_away" in machines.logged("one"))
        _let_write(frail, True)
        wait_for(lambda: not machines.under_way(), patience=LONG)
        assert [two.stop(), one.stop()] == [0, 0]
    assert_all_went_once(machines)
    assert_outages_are_told(machines, "one")


def test_a_server_without_a_free_connection_is_waited_for(machines: Machines, frail: FrailServer) -> None:
    """Somebody else has taken all that there are, after ours were cut off."""
    with machines.serving("one") as one, machines.working("two") as two:
        wait_for(lambda: machines.handed().total() > 20)
        with ExitStack() as taken:
            killer = taken.enter_context(frail.server.connect())
            for _ in range(300):
                killer.execute(CUT_OFF)
                try:
                    taken.enter_context(frail.server.connect())
                except psycopg.OperationalError:
                    if "database_away" in machines.logged("one"):
                        break
            assert "database_away" in machines.logged("one")
        wait_for(lambda: not machines.under_way(), patience=LONG)
        assert [two.stop(), one.stop()] == [0, 0]
    assert_all_went_once(machines)
    assert_outages_are_told(machines, "one")


def test_calls_of_a_provider_come_again_until_they_are_stored(tmp_path: Path, frail: FrailServer) -> None:
    """While the server is away they are answered with 503, and Twilio repeats them; each counts once."""
    with frail.server.fresh_database() as url, FakeTwilio() as twilio:
        machines = Machines(tmp_path, url, BY_TWILIO)
        machines.apply(BY_TWILIO)
        with machines.serving("one", account_at(twilio.url)) as one:
            twilio.proxies = {PUBLIC_URL: one.address()}
            text = wait_for(lambda: twilio.ledger)[0]
            frail.stop(signal.SIGQUIT)
            assert twilio.report(text, "delivered") == [503]
            frail.start()
            wait_for(lambda: twilio.call_again() == 200)
            assert twilio.call_again() == 200
            wait_for(lambda: "delivered" in machines.states().values())
            assert one.stop() == 0
        with closing(Database(url)) as database, database.read() as connection:
            assert connection.scalar(select(func.count()).select_from(arrivals)) == 1


def _is_away(machines: Machines, name: str) -> bool:
    log = machines.logged(name)
    return log.count("event=database_away") > log.count("event=database_back")


def _let_write(frail: FrailServer, may_write: bool) -> None:
    """From the next transaction on, for those who are connected, too."""
    only_reads = "off" if may_write else "on"
    with frail.server.connect() as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {only_reads}")
        connection.execute("SELECT pg_reload_conf()")
