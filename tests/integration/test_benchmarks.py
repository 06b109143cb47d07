"""The benchmarks, in their small form: tables come out and all texts are counted. No time is judged here."""

from pathlib import Path

import pytest

from scheduler.roster.fill import fill_roster
from tests import rostering
from tests.benchmarks import (
    bench_flood,
    bench_lateness,
    bench_pace,
    bench_pages,
    bench_people,
    bench_planning,
    bench_roster,
    bench_sending,
    bench_soak,
)
from tests.benchmarks.side_by_side import Line, Spent, ratio_of, table, verdict
from tests.postgres import PostgresServer


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_planning_is_compared(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Each step of each engine is in the table."""
    size = bench_planning.SMALL
    with bench_planning.databases(kind, request, tmp_path) as new_url:
        found = bench_planning.measure(kind, new_url, size)
    shown = bench_planning.show(kind, found, size)
    assert shown.count("times APScheduler") == 6
    assert shown.count("Procrastinate") == (6 if kind == "postgresql" else 0)


def test_sending_is_compared(postgres_server: PostgresServer, tmp_path: Path) -> None:
    """Every engine sends every text once."""
    found = bench_sending.measure(postgres_server, tmp_path, bench_sending.SMALL)
    assert len(found) == 6
    assert all(rate > 0 for rounds in found.values() for rate, _ in rounds)
    assert "two processes to one" in bench_sending.show(found)


def test_the_pace_is_measured(tmp_path: Path) -> None:
    """Two processes send every text once."""
    pace = bench_pace.measure(f"sqlite:///{tmp_path / 'pace.db'}", bench_pace.SMALL)
    assert pace.texts == bench_pace.SMALL
    assert "worst second" in bench_pace.show("sqlite", pace)


def test_pages_are_measured_under_a_crowd(tmp_path: Path) -> None:
    """Every request is answered, and texts leave meanwhile."""
    found = bench_pages.measure(
        f"sqlite:///{tmp_path / 'pages.db'}", bench_pages.SMALL_SESSIONS, bench_pages.SMALL_SECONDS
    )
    asked = int(bench_pages.RATE * bench_pages.SMALL_SECONDS)
    assert [len(one.latencies) for one in found.crowds.values()] == [asked] * len(bench_pages.PATHS)
    assert found.texts > 0
    assert bench_pages.show(found, bench_pages.SMALL_SESSIONS).count("p99 of") == len(bench_pages.PATHS)


@pytest.mark.parametrize("form", ["tcvn3.csv", "shared.xlsx"])
def test_reading_people_is_measured(tmp_path: Path, form: str) -> None:
    """Whatever a list is saved as, the same people come out of it."""
    cost = bench_people.measure_reading(tmp_path, form, bench_people.SMALL)
    assert (cost.people, cost.told) == (bench_people.SMALL, 0)
    assert form in bench_people.show(form, cost)


def test_importing_people_is_measured(tmp_path: Path) -> None:
    """All of them are known, and all of them change."""
    cost = bench_people.measure_import(tmp_path, bench_people.SMALL)
    assert (cost.people, cost.told) == (bench_people.SMALL, bench_people.SMALL)


def test_a_flood_is_measured(tmp_path: Path) -> None:
    """A running service answers every request, sends few codes and every reminder."""
    found = bench_flood.measure(tmp_path, bench_flood.SMALL, bench_flood.SMALL_RATE)
    assert set(found.came_of_it.statuses) <= {200, 429}
    assert found.came_of_it.statuses.total() == bench_flood.SMALL
    assert 0 < found.came_of_it.duty == found.due
    assert bench_flood.show(found).count("kept") >= 4, "all but what is late, where the machine is busy"


def test_lateness_is_measured(tmp_path: Path) -> None:
    """Nothing is early and nothing is left."""
    due = bench_lateness.random_instants(bench_lateness.SMALL, 1)
    lateness = bench_lateness.play(f"sqlite:///{tmp_path / 'a.db'}", due, 1)
    assert len(lateness) == bench_lateness.SMALL
    assert min(lateness) >= 0
    assert "within a second" in bench_lateness.show_day(lateness) + bench_lateness.show_burst(lateness)


@pytest.mark.parametrize("half", bench_soak.HALVES)
def test_a_soak_is_flat(half: str) -> None:
    """Two days instead of a week: no file stays open, and memory stays within the same bound."""
    stands = bench_soak.soaked(half, bench_soak.SMALL)
    assert len(stands) == bench_soak.SMALL.days
    assert "MISSED" not in bench_soak.show(half, stands), stands


def test_ratios_compare_within_a_round() -> None:
    """A machine that was slow for one round was slow for both."""
    ours = Line("ours", (Spent(1.0, 1.0, 1), Spent(10.0, 1.0, 1)))
    other = Line("other", tuple(Spent(wall, 2.0, 10).scaled(20) for wall in (15.0, 150.0)))
    assert ratio_of(other, ours) == 30
    assert "30.0 times ours (30.0 to 30.0)" in table("title", ours, [other])


@pytest.mark.parametrize(
    ("value", "most", "said"), [(2.0, False, "kept"), (2.0, True, "MISSED"), (1.0, True, "kept")]
)
def test_a_bound_is_kept_or_missed(value: float, most: bool, said: str) -> None:
    """The bound itself is kept."""
    assert said in verdict("it", value, 1.0, most)


def test_rosters_are_measured() -> None:
    """Nothing costs less than the bound, and a no leaves the others in peace."""
    found = bench_roster.measure(bench_roster.TINY)
    assert found.bound <= found.cost
    assert "empty" in str(found)
    part = rostering.made_up(bench_roster.TINY)
    changes = bench_roster.refuse(part, fill_roster(part), 3)
    assert len(changes) == 3
    assert all(seats >= 1 for seats, _ in changes)
