"""The rate that all processes share: a hundred texts a second from two processes at once.

Both claim from one outbox (`tests.benchmarks.sender`) and hand over to a provider that answers at once.
Counted are the calls of both together, by the clock of the machine: how many a second from the first to the
last, and the most within any one second. A text is counted when it is handed over, so that what the machine
holds up between claim and call counts against us.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.benchmarks.bench_planning import databases
from tests.benchmarks.bench_sending import sent_by_processes
from tests.benchmarks.side_by_side import verdict

RATE = 100
FULL, SMALL = 1_500, 60


@dataclass(frozen=True, slots=True)
class Pace:
    """Texts a second over the whole run, the most within one second, and how many texts."""

    mean: float
    worst: int
    texts: int


def measure(url: str, texts: int) -> Pace:
    """Sends so many from two processes."""
    runs = sent_by_processes(url, texts, 2, RATE, seconds=0.0, hands=4)
    begins = sorted(begin for run in runs for begin, _ in run.calls)
    worst = max(sum(start <= one < start + 1 for one in begins[at:]) for at, start in enumerate(begins))
    return Pace((len(begins) - 1) / (begins[-1] - begins[0]), worst, len(begins))


def show(kind: str, pace: Pace) -> str:
    """The figures with their bounds."""
    return "\n".join(
        [
            f"\n{kind}: {pace.texts} texts at {RATE}/s over two processes",
            f"  {pace.mean:.1f}/s, worst second {pace.worst}",
            verdict("per cent off the rate", abs(pace.mean / RATE - 1) * 100, 1, most=True),
            verdict("worst second", pace.worst, 105, most=True),
        ]
    )


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_processes_keep_one_pace(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Prints the figures; says of each bound whether it is kept."""
    with databases(kind, request, tmp_path) as new_url:
        print(show(kind, measure(new_url(), FULL)))
