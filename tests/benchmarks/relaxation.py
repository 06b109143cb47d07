"""What no roster costs less than, from the relaxation, in which people may be cut into parts.

By the interior point method without a corner at the end, which alone gets through a whole city: it comes
near the least cost of the relaxation, and whatever prices of rows it ends with, the bound that follows from
them holds.
"""

from typing import Any

import highspy
import numpy as np

from scheduler.roster.model import Model


def bound_of_relaxation(model: Model) -> float:
    """No values within all bounds cost less."""
    columns, rows = len(model.costs), len(model.row_lowers)
    engine: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # the wheel has no types for it
    options = {"output_flag": False, "threads": 1, "solver": "ipm", "run_crossover": "off"}
    for name, value in options.items():
        engine.setOptionValue(name, value)
    by_row, minimise = 2, 1
    engine.passModel(
        columns, rows, len(model.columns), by_row, minimise, 0.0,
        np.array(model.costs), np.array(model.lowers), np.array(model.uppers, dtype=np.float64),
        np.array(model.row_lowers), np.array(model.row_uppers),
        np.array(model.starts[:-1], dtype=np.int32), np.array(model.columns, dtype=np.int32),
        np.array(model.factors), np.zeros(columns, dtype=np.int32),
    )  # fmt: skip
    engine.run()
    return _by_prices(model, np.array(engine.getSolution().row_dual))


def _by_prices(model: Model, prices: Any) -> float:
    """The least that rows and columns can come to, each alone, when rows are paid for."""
    lowers, uppers = np.array(model.row_lowers, dtype=float), np.array(model.row_uppers, dtype=float)
    prices = np.where(np.isinf(lowers), np.minimum(prices, 0), prices)
    prices = np.where(np.isinf(uppers), np.maximum(prices, 0), prices)
    paid = np.where(prices > 0, prices * np.where(np.isinf(lowers), 0, lowers), 0).sum()
    paid += np.where(prices < 0, prices * np.where(np.isinf(uppers), 0, uppers), 0).sum()
    in_row = np.repeat(prices, np.diff(model.starts))
    share = np.bincount(model.columns, in_row * np.array(model.factors), len(model.costs))
    left = np.array(model.costs, dtype=float) - share
    least = np.where(left > 0, left * np.array(model.lowers), left * np.array(model.uppers, dtype=float))
    return float(paid + least.sum())
