"""From due to accepted: a simulated day, a burst, and a soak of a simulated week.

The clock of a run goes as fast as the machine's while there is work, and leaps to the next due text when
there is none: a lateness holds all that turns, commits and calls really take. SQLite as shipped, one process,
a provider that takes 5 ms. The day has 10,000 texts at random instants, the week as many in seven days; in
the week memory (resident) and open files are read at each midnight, growth from the first to the last.
"""

import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tests.benchmarks.sender import Sender, SlowProvider, fill, texts_under_way
from tests.benchmarks.side_by_side import verdict
from tests.outgoing import opened

NOW = datetime(2027, 1, 4, 17, tzinfo=UTC)  # midnight in Sài Gòn
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
IN_TIME = 1.0
FULL, SMALL = 10_000, 40
BURST, SMALL_BURST = 2_000, 60
RATE = 100
DAYS, SMALL_DAYS = 7, 2


class LeapingClock:
    """Goes on by itself, and leaps forward when it is told to."""

    def __init__(self, now: datetime) -> None:
        self._start, self._begin = now, time.monotonic()

    def __call__(self) -> datetime:
        """The instant that it shows."""
        return self._start + timedelta(seconds=time.monotonic() - self._begin)

    def leap(self, to: datetime) -> None:
        """Shows this instant, unless it is past."""
        self._start += max(to - self(), timedelta(0))


@dataclass(frozen=True, slots=True)
class Stand:
    """What the process holds: resident kilobytes and open files."""

    kilobytes: int
    files: int

    @classmethod
    def now(cls) -> "Stand":
        """As it stands."""
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return cls(pages * resource.getpagesize() // 1024, len(list(Path("/proc/self/fd").iterdir())))


def play(url: str, due: Sequence[datetime], days: int) -> tuple[list[float], list[Stand]]:
    """Sends what falls due until the end; how late each text was taken, and the stand at each midnight."""
    clock = LeapingClock(NOW - SECOND)
    provider = SlowProvider(0.005, 8, clock)
    with opened(url) as database:
        fill(database, due, clock())
        sender = Sender(database, RATE, provider, clock)
        stands = []
        for midnight in _midnights(days):
            while (upcoming := sender.turn()) < midnight or sender.under_way:
                if sender.under_way:
                    sender.wait(min(0.25, max((upcoming - clock()).total_seconds(), 0)))
                else:
                    clock.leap(upcoming)
            clock.leap(midnight)
            stands.append(Stand.now())
        assert not texts_under_way(database)
        sender.stop()
    numbered = {f"bench/{number}": at for number, at in enumerate(due)}
    return [(end - numbered[key]).total_seconds() for key, _, end in provider.calls], stands


def _midnights(days: int) -> Iterator[datetime]:
    return (NOW + number * DAY for number in range(1, days + 1))


def random_instants(count: int, days: int) -> list[datetime]:
    """So many instants within so many days, but for the last minute."""
    luck = Random(20270105)
    span = days * DAY.total_seconds() - 60
    return sorted(NOW + timedelta(seconds=luck.uniform(0, span)) for _ in range(count))


def show_day(lateness: Sequence[float]) -> str:
    """How late the texts of a day were, with the bounds."""
    ordered = sorted(lateness)
    in_time = sum(one <= IN_TIME for one in ordered) / len(ordered) * 100
    median, worst = ordered[len(ordered) // 2], ordered[-1]
    return "\n".join(
        [
            f"\n{len(ordered)} texts over a simulated day: median {median:.3f} s late, worst {worst:.3f} s",
            verdict("per cent within a second", in_time, 99.9),
            verdict("the earliest, in seconds after it was due", ordered[0], 0),
        ]
    )


def show_burst(lateness: Sequence[float]) -> str:
    """When the last of a burst had left, with the bounds."""
    return "\n".join(
        [
            f"\n{len(lateness)} texts due at once, at {RATE}/s: the last after {max(lateness):.2f} s",
            verdict("seconds", max(lateness), len(lateness) / RATE + 1, most=True),
            verdict("the earliest, in seconds after it was due", min(lateness), 0),
        ]
    )


def show_soak(stands: Sequence[Stand]) -> str:
    """What grew over a week, with the bounds."""
    first, last = stands[0], stands[-1]
    growth = (last.kilobytes / first.kilobytes - 1) * 100
    stood = (
        f"\na simulated week, after the first day and the last: {first.kilobytes // 1024} and "
        f"{last.kilobytes // 1024} MB, {first.files} and {last.files} open files"
    )
    return "\n".join(
        [
            stood,
            verdict("per cent more memory", growth, 5, most=True),
            verdict("more open files", last.files - first.files, 0, most=True),
        ]
    )


def test_a_day_is_on_time(tmp_path: Path) -> None:
    """10,000 texts."""
    lateness, _ = play(f"sqlite:///{tmp_path / 'day.db'}", random_instants(FULL, 1), 1)
    assert len(lateness) == FULL
    print(show_day(lateness))


def test_a_burst_is_done_at_its_rate(tmp_path: Path) -> None:
    """2,000 texts at one instant."""
    lateness, _ = play(f"sqlite:///{tmp_path / 'burst.db'}", [NOW + 60 * SECOND] * BURST, 1)
    assert len(lateness) == BURST
    print(show_burst(lateness))


def test_a_week_leaves_nothing_behind(tmp_path: Path) -> None:
    """Seven days of a seventh of 10,000 texts each."""
    lateness, stands = play(f"sqlite:///{tmp_path / 'week.db'}", random_instants(FULL, DAYS), DAYS)
    assert len(lateness) == FULL
    print(show_soak(stands))
