"""A mixed-integer programme, as figures: columns, rows, and nothing of what they mean."""

from collections.abc import Iterable
from dataclasses import dataclass, field

INFINITE = float("inf")


@dataclass(slots=True)
class Model:
    """Minimises the sum of costs; columns lie between 0 and `uppers`, rows between their own bounds."""

    costs: list[float] = field(default_factory=list)
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
        """A new column; returns its number."""
        self.costs.append(cost)
        self.uppers.append(upper)
        self.whole.append(whole)
        return len(self.costs) - 1

    def at_most(self, limit: float, terms: Iterable[tuple[int, float]]) -> None:
        """The sum of column times factor is at most `limit`."""
        self._row(-INFINITE, limit, terms)

    def exactly(self, sum_of: float, terms: Iterable[tuple[int, float]]) -> None:
        """The sum of column times factor is `sum_of`."""
        self._row(sum_of, sum_of, terms)

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
    little to go on for.
    """

    nodes: int = 20_000
    gap: float = 0.0
    trifle: int = 0


@dataclass(frozen=True, slots=True)
class Solution:
    """Values of the columns; nothing costs less than `bound`."""

    values: tuple[float, ...]
    bound: float
    is_best: bool
