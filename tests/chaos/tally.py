"""The figures of a proof: what each part of it did and found, for the table at the end of a run."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.chaos.ledgers import Comparison

COLUMNS = ("tries", "kills", "texts", "lost", "doubled", "unexpected", "in_doubt", "resent")


@dataclass
class Row:
    """What one part did; `counts` has some of `COLUMNS`."""

    name: str
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, **counts: int) -> None:
        """Adds to the counts."""
        for column, count in counts.items():
            self.counts[column] = self.counts.get(column, 0) + count

    def add_comparison(self, comparison: Comparison) -> None:
        """Adds what a comparison of the books found."""
        self.add(texts=comparison.texts, **findings_of(comparison))


class Tally:
    """The rows of one run."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[Row]:
        """The row of that name, which counts its seconds until it is left."""
        row = self._rows.setdefault(name, Row(name))
        began = time.monotonic()
        try:
            yield row
        finally:
            row.seconds += time.monotonic() - began

    def lines(self) -> list[str]:
        """The table; nothing when nothing was counted."""
        if not self._rows:
            return []
        width = max(map(len, self._rows))
        heads = [column.replace("_", " ") for column in COLUMNS]
        head = " | ".join([" " * width, *(f"{each:>10}" for each in heads), f"{'seconds':>10}"])
        return [head, *(_line(row, width) for row in self._rows.values())]


def findings_of(comparison: Comparison) -> Mapping[str, int]:
    """How many of each kind a comparison found."""
    kinds = ("lost", "doubled", "unexpected", "in_doubt", "resent")
    return {kind: len(getattr(comparison, kind)) for kind in kinds}


def _line(row: Row, width: int) -> str:
    cells = [str(row.counts.get(column, "")) for column in COLUMNS]
    return " | ".join([f"{row.name:<{width}}", *(f"{each:>10}" for each in cells), f"{row.seconds:>10.0f}"])
