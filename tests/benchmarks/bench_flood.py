"""A flood of 100,000 wishes for codes within an hour, while reminders fall due; SQLite as shipped.

The desk's clock stands while five minutes' requests come in, so that the lateness of reminders is that of the
desk and not of this machine; how many requests a second the machine answered is told beside it.
"""

import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from scheduler.service.send_code import MOST_A_DAY, MOST_A_PREFIX
from tests.benchmarks.side_by_side import verdict
from tests.desk import Desk
from tests.flood import Flooded, flood
from tests.stories.test_following import EVERY_TUESDAY

FULL, SMALL = 100_000, 300
FOLLOWERS, FEW = 50, 3
ANSWERS, FEW_ANSWERS = 200, 20
ON_TIME = 60.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of a flood, and the seconds that it took here."""

    came_of_it: Flooded
    seconds: float


def measure(url: str, requests: int, followers: int, answers: int) -> Measured:
    """Floods a desk that so many people follow, and that sends so many codes a day."""
    bound = f"[follow]\nanswers_a_day = {answers + followers}\n\n[[wards]]"
    text = EVERY_TUESDAY.replace("[[wards]]", bound, 1)
    with closing(Desk(url, text, "2026-11-15 09:00")) as desk:
        for number in range(followers):
            desk.follow(f"+849330000{number:02}")
        desk.run_until("2026-11-15 10:00")
        began = time.perf_counter()
        came_of_it = flood(desk, requests)
        return Measured(came_of_it, time.perf_counter() - began)


def show(measured: Measured, followers: int, answers: int) -> str:
    """The bounds, and whether each was kept."""
    found, total = measured.came_of_it, measured.came_of_it.statuses.total()
    together = max(found.prefixes.values())
    late = found.latest.total_seconds()
    return "\n".join(
        [
            f"\n{total} wishes for codes in an hour, {total / measured.seconds:.0f} a second here",
            verdict("codes sent", found.codes.total(), answers + followers, most=True),
            verdict("to one number", max(found.codes.values()), MOST_A_DAY, most=True),
            verdict("to numbers that lie together", together, MOST_A_PREFIX, most=True),
            verdict("reminders that left meanwhile", found.duty, followers + 1),
            verdict("the latest of them, in seconds, at one a second", late, ON_TIME, most=True),
        ]
    )


def test_a_flood_costs_little(tmp_path: Path) -> None:
    """100,000 requests."""
    print(show(measure(f"sqlite:///{tmp_path / 'flood.db'}", FULL, FOLLOWERS, ANSWERS), FOLLOWERS, ANSWERS))
