"""Things measured side by side in one run: rounds of pairs, medians, spread and ratios.

The machine may be shared: a round measures all of them one after another, a ratio compares within one round,
and what is printed is the median of the rounds with the least and the most. CPU is that of this process.
"""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock and seconds of CPU, for `count` things."""

    wall: float
    cpu: float
    count: int

    def scaled(self, count: int) -> "Spent":
        """What `count` things would take at that pace."""
        factor = count / self.count
        return Spent(self.wall * factor, self.cpu * factor, count)


def spent(act: Callable[[], int]) -> Spent:
    """What `act` takes; it returns how many things it has done.

    Garbage is collected before: else whoever comes after the others pays for what they left.
    """
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    count = act()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu, count)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in all rounds; `note` says how it was measured, where that is not plain."""

    name: str
    rounds: tuple[Spent, ...]
    note: str = ""


def ratio_of(line: Line, to: Line) -> float:
    """How many times as long `line` took as `to`: the median of the rounds."""
    return median(one.wall / other.wall for one, other in zip(line.rounds, to.rounds, strict=True))


def table(title: str, ours: Line, others: list[Line]) -> str:
    """The lines with ours first, and how many times as long each other took."""
    width = max(len(line.name) for line in (ours, *others))
    shown = [title, f"  {_columns(ours, width)}"]
    for line in others:
        pairs = zip(line.rounds, ours.rounds, strict=True)
        ratios = sorted(one.wall / own.wall for one, own in pairs)
        times = f"  {median(ratios):6.1f} times ours ({ratios[0]:.1f} to {ratios[-1]:.1f})"
        shown.append(f"  {_columns(line, width)}{times}{'  ' + line.note if line.note else ''}")
    return "\n".join(shown)


def verdict(what: str, value: float, bound: float, most: bool = False) -> str:
    """Whether a bound is kept, in one line."""
    kept = value <= bound if most else value >= bound
    sign = "at most" if most else "at least"
    return f"  {'kept  ' if kept else 'MISSED'} {what}: {value:.2f}, {sign} {bound:g}"


def _columns(line: Line, width: int) -> str:
    wall = sorted(one.wall for one in line.rounds)
    cpu = median(one.cpu for one in line.rounds)
    return f"{line.name:<{width}} {median(wall):9.3f} s ({wall[0]:.3f} to {wall[-1]:.3f}), CPU {cpu:8.3f} s"
