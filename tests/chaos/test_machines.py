"""Services and workers on one PostgreSQL: whoever dies, each text goes once and somebody takes turns."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.burst import BURST, a_burst
from tests.machines import Machines
from tests.postgres import PostgresServer
from tests.served import wait_for

LONG = 180.0
"""Seconds; a burst on a loaded machine, with a dead worker's half minute in it."""

GIVE_UP_THE_HOLDER = (
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 3240"
)


@pytest.fixture
def machines(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[Machines]:
    """Machines whose settings make 500 texts due at once."""
    with postgres_server.fresh_database() as url:
        yield Machines(tmp_path, url, a_burst(datetime.now(UTC)))


def assert_nothing_lost_or_doubled(machines: Machines, doubts: int) -> None:
    """Each text was handed over once, or is one of at most so many in doubt."""
    states, handed = machines.states(), machines.handed()
    assert sum(key.startswith("ask/") for key in states) == BURST
    assert set(handed) <= set(states)
    assert {key: handed[key] for key in states if handed[key] > 1} == {}
    lost = {key: state for key, state in states.items() if handed[key] == 0 and state != "in_doubt"}
    assert lost == {}
    assert sum(state == "in_doubt" for state in states.values()) <= doubts


def test_machines_share_the_work_and_each_text_goes_once(machines: Machines) -> None:
    """Two services and two workers, of which one is there before anything is in force; all stop well."""
    burst = machines.hold_back()
    with (
        machines.working("three") as three,
        machines.serving("one") as one,
        machines.serving("two") as two,
        machines.working("four") as four,
    ):
        assert "nothing is in force yet" in three.printed()
        assert machines.holder("one", "two") == "one"
        assert "Another catruc serve" in two.printed()
        machines.apply(burst)
        wait_for(lambda: machines.handed().total() == BURST, patience=LONG)
        wait_for(lambda: not machines.under_way())
        assert [each.stop() for each in (four, three, two, one)] == [0, 0, 0, 0]
    assert_nothing_lost_or_doubled(machines, doubts=0)
    names = ("one", "two", "three", "four")
    assert all(machines.handed_by(name) for name in names)
    assert not any("Traceback" in machines.logged(name) for name in names)
    assert machines.jobs() == 0


def test_the_tick_is_taken_over_from_a_killed_service(machines: Machines) -> None:
    """The other one goes on with what is in force; what the dead one had in hand is in doubt, and no more."""
    with machines.serving("one") as one, machines.serving("two") as two:
        wait_for(lambda: machines.handed().total() > 20)
        one.kill()
        wait_for(lambda: machines.holder("two"))
        wait_for(lambda: machines.handed().total() >= BURST - 20, patience=LONG)
        assert '"sessions"' in two.get("/api/v1/availability")
        assert two.stop() == 0
    assert {key for key, times in machines.handed().items() if times > 1} == set()


def test_a_holder_without_power_is_followed_and_does_no_harm_when_it_wakes(
    machines: Machines, postgres_server: PostgresServer
) -> None:
    """It stands still in the middle of a burst; the server gives it up, as it does after seven seconds.

    The other takes turns then. The first, awake again, finds that they are not its own any more.
    """
    with machines.serving("one") as one, machines.serving("two") as two:
        wait_for(lambda: machines.handed().total() > 20)
        one.process.send_signal(signal.SIGSTOP)
        with postgres_server.connect() as connection:
            connection.execute(GIVE_UP_THE_HOLDER)
        wait_for(lambda: machines.holder("two"), patience=10)
        before = machines.handed_by("two")
        wait_for(lambda: machines.handed_by("two") > before or not machines.under_way(), patience=LONG)
        one.process.send_signal(signal.SIGCONT)
        wait_for(lambda: "event=tick_lost" in machines.logged("one"))
        wait_for(lambda: not machines.under_way(), patience=LONG)
        assert machines.holder("one", "two") == "two"
        assert [one.stop(), two.stop()] == [0, 0]
    assert_nothing_lost_or_doubled(machines, doubts=0)


def test_a_killed_worker_loses_nothing(machines: Machines) -> None:
    """What it had begun is in doubt, what it had not is taken up by another within half a minute."""
    with machines.serving("one") as one, machines.working("two") as two:
        wait_for(lambda: machines.handed_by("two") > 10)
        two.kill()
        begun = ("sending", "in_doubt")
        wait_for(
            lambda: all(state == "sent" or state in begun for state in machines.states().values()),
            patience=LONG,
        )
        assert one.stop() == 0
    assert sum(state in begun for state in machines.states().values()) <= 2
    assert {key for key, times in machines.handed().items() if times > 1} == set()


def test_a_worker_that_is_told_to_stop_gives_back(machines: Machines) -> None:
    """SIGTERM and SIGINT: nothing is in doubt, and the others do the rest."""
    with machines.serving("one") as one:
        for number in (signal.SIGTERM, signal.SIGINT):
            with machines.working("two") as two:
                before = machines.handed_by("two")
                wait_for(lambda: machines.handed_by("two") > before or not machines.under_way())  # noqa: B023  in this turn
                assert two.stop(number) == 0
        wait_for(lambda: not machines.under_way(), patience=LONG)
        assert one.stop() == 0
    assert_nothing_lost_or_doubled(machines, doubts=0)
    assert set(machines.states().values()) == {"sent"}


def test_the_tick_is_taken_again_after_its_connection_was_dropped(
    machines: Machines, postgres_server: PostgresServer
) -> None:
    """Whoever is first has it; turns go on, and no text goes twice."""
    with machines.serving("one") as one, machines.serving("two") as two:
        wait_for(lambda: machines.handed().total() > 20)
        with postgres_server.connect() as connection:
            connection.execute(GIVE_UP_THE_HOLDER)
        wait_for(lambda: "event=tick_lost" in machines.logged("one"))
        wait_for(lambda: machines.holder("one", "two"))
        wait_for(lambda: not machines.under_way(), patience=LONG)
        assert [one.stop(), two.stop()] == [0, 0]
    assert_nothing_lost_or_doubled(machines, doubts=0)
