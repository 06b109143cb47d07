"""A mixed-integer programme, as figures: columns, rows, and nothing of what they mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

INFINITE = float("inf")
SLIGHT = 1e-6


@dataclass(slots=True)
class Model:
    """Minimises the sum of costs; columns and rows lie between their bounds."""

    costs: list[float] = field(default_factory=list)
    lowers: list[float] = field(default_factory=list)
    uppers: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_lowers: list[float] = field(default_factory=list)
    row_uppers: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)
    # No two solutions differ in cost by less.
    unit: int = 1

    def column(self, cost: float, upper: float = 1, whole: bool = True) -> int:
        """A new column from 0 to `upper`; returns its number."""
        self.costs.append(cost)
        self.lowers.append(0.0)
        self.uppers.append(upper)
        self.whole.append(whole)
        return len(self.costs) - 1

    def at_most(self, limit: float, terms: Iterable[tuple[int, float]]) -> None:
        """The sum of column times factor is at most `limit`."""
        self._row(-INFINITE, limit, terms)

    def exactly(self, sum_of: float, terms: Iterable[tuple[int, float]]) -> None:
        """The sum of column times factor is `sum_of`."""
        self._row(sum_of, sum_of, terms)

    def relaxed(self) -> "Model":
        """The same where nothing need be whole."""
        return replace(self, whole=[False] * len(self.whole))

    def led_by(self, values: Sequence[float]) -> "Model":
        """The same where each whole column that is full in `values` is full."""
        full = zip(self.lowers, self.whole, values, strict=True)
        return replace(
            self, lowers=[1.0 if whole and value > 1 - SLIGHT else lower for lower, whole, value in full]
        )

    def settled(self, values: Sequence[float]) -> "Model":
        """The same with its whole columns as they are in `values`: what is left is no search."""
        pairs = list(zip(self.whole, map(round, values), strict=True))
        return replace(
            self.relaxed(),
            lowers=[one if whole else low for (whole, one), low in zip(pairs, self.lowers, strict=True)],
            uppers=[one if whole else high for (whole, one), high in zip(pairs, self.uppers, strict=True)],
        )

    def _row(self, lower: float, upper: float, terms: Iterable[tuple[int, float]]) -> None:
        for column, factor in terms:
            self.columns.append(column)
            self.factors.append(factor)
        self.row_lowers.append(lower)
        self.row_uppers.append(upper)
        self.starts.append(len(self.columns))


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work a solve may take; never how much time, so that every machine ends with the same roster.

    `nodes` of the search tree, the part of the cost at which it is good enough, and the cost that is too
    little to go on for. When it `is_led`, whoever gives hours where people may be cut into parts gives them,
    and only the others are searched: much less work for nearly as good a roster, and no bound. When it
    `proves`, it goes on until nothing can be better, and saves what only helps to find a good roster early.
    """

    nodes: int = 20_000
    gap: float = 0.0
    trifle: int = 0
    is_led: bool = False
    proves: bool = False


@dataclass(frozen=True, slots=True)
class Solution:
    """Values of the columns; nothing costs less than `bound`."""

    values: tuple[float, ...]
    bound: float
    is_best: bool
