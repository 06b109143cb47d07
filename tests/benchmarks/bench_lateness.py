"""From due to accepted: a simulated day, and a burst.

The clock of a run goes as fast as the machine's while there is work, and leaps to the next due text when
there is none: a lateness holds all that turns, commits and calls really take. SQLite as shipped, one process,
a provider that takes 5 ms. The day has 10,000 texts at random instants.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from scheduler.store.database import Database
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


def play(url: str, due: Sequence[datetime], days: int) -> list[float]:
    """Sends what falls due until the end; how late each text was taken."""
    with opened(url) as database:
        *_, calls = nightly(database, due, days)
    numbered = {f"bench/{number}": at for number, at in enumerate(due)}
    return [(end - numbered[key]).total_seconds() for key, _, end in calls]


def nightly(
    database: Database, due: Sequence[datetime], days: int
) -> Iterator[list[tuple[str, datetime, datetime]]]:
    """Sends what falls due; yields at each midnight all calls until then, as the provider saw them."""
    clock = LeapingClock(NOW - SECOND)
    provider = SlowProvider(0.005, 8, clock)
    fill(database, due, clock())
    sender = Sender(database, RATE, provider, clock)
    for midnight in _midnights(days):
        while (upcoming := sender.turn()) < midnight or sender.under_way:
            if sender.under_way:
                sender.wait(min(0.25, max((upcoming - clock()).total_seconds(), 0)))
            else:
                clock.leap(upcoming)
        clock.leap(midnight)
        yield provider.calls
    assert not texts_under_way(database)
    sender.stop()


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


def test_a_day_is_on_time(tmp_path: Path) -> None:
    """10,000 texts."""
    lateness = play(f"sqlite:///{tmp_path / 'day.db'}", random_instants(FULL, 1), 1)
    assert len(lateness) == FULL
    print(show_day(lateness))


def test_a_burst_is_done_at_its_rate(tmp_path: Path) -> None:
    """2,000 texts at one instant."""
    lateness = play(f"sqlite:///{tmp_path / 'burst.db'}", [NOW + 60 * SECOND] * BURST, 1)
    assert len(lateness) == BURST
    print(show_burst(lateness))
