"""HiGHS: the only file that knows it, and np. Both are loaded when a model is solved, not before."""

from collections.abc import Mapping
from typing import Any

from scheduler.roster.model import Effort, Model, Solution

# A third of the work at the root goes into one heuristic; and of cuts that hold nothing each later round is
# slower until they go, after ten rounds unless told otherwise.
PROOF = {"mip_heuristic_run_root_reduced_cost": False, "mip_lp_age_limit": 5}


def solve(model: Model, start: Mapping[int, float], effort: Effort) -> Solution | None:
    """The best values found from `start` (columns that are not 0), or None when none were found.

    One thread and a fixed seed: a parallel search ends elsewhere each time. A new engine each time: one whose
    options change between two solves answers "Not Set".
    """
    found = _run(model, start, effort)
    if found is not None and found.is_best and _is_stale(model, found, effort):
        # HiGHS 1.16 may prove a better roster best while presolving, and hand back the start it was given.
        return _run(model, {}, effort)
    return found


def _run(model: Model, start: Mapping[int, float], effort: Effort) -> Solution | None:
    engine = _engine(model, effort)
    _hand_over(engine, model)
    if start:
        _begin_at(engine, model, start)
    engine.run()
    info = engine.getInfo()
    values = tuple(engine.getSolution().col_value)
    if info.primal_solution_status != _FEASIBLE or not values:
        return None
    bound = info.mip_dual_bound if any(model.whole) else info.objective_function_value
    return Solution(values, bound, engine.modelStatusToString(engine.getModelStatus()) == "Optimal")


def _is_stale(model: Model, found: Solution, effort: Effort) -> bool:
    """Whether values that are called best cost more than the bound allows."""
    cost = sum(price * value for price, value in zip(model.costs, found.values, strict=True))
    allowed = max(model.unit, effort.trifle, effort.gap * abs(cost))
    return cost - found.bound > allowed + 1


_FEASIBLE = 2


def _engine(model: Model, effort: Effort) -> Any:
    import highspy

    class Silent(highspy.Highs):
        """Told so before its first word, which it says while it is made, on the process's own stdout."""

        def enableCallbacks(self) -> Any:  # noqa: N802  its name for it
            self.setOptionValue("output_flag", False)
            return super().enableCallbacks()  # type: ignore[no-untyped-call]  # the wheel has no types for it

    engine: Any = Silent()  # type: ignore[no-untyped-call]  # the wheel has no types for it
    options: dict[str, Any] = {
        "threads": 1,
        "parallel": "off",
        "random_seed": 0,
        "mip_max_nodes": effort.nodes,
        "mip_rel_gap": effort.gap,
        "mip_abs_gap": max(model.unit - 0.001, effort.trifle),
    }
    if effort.proves:
        options |= PROOF
    for name, value in options.items():
        engine.setOptionValue(name, value)
    return engine


def _hand_over(engine: Any, model: Model) -> None:
    import numpy as np

    columns, rows, entries = len(model.costs), len(model.row_lowers), len(model.columns)
    by_row, minimise = 2, 1
    engine.passModel(
        columns, rows, entries, by_row, minimise, 0.0,
        np.array(model.costs, dtype=np.float64),
        np.array(model.lowers, dtype=np.float64),
        np.array(model.uppers, dtype=np.float64),
        np.array(model.row_lowers, dtype=np.float64),
        np.array(model.row_uppers, dtype=np.float64),
        np.array(model.starts[:-1], dtype=np.int32),
        np.array(model.columns, dtype=np.int32),
        np.array(model.factors, dtype=np.float64),
        np.array(model.whole, dtype=np.int32),
    )  # fmt: skip


def _begin_at(engine: Any, model: Model, start: Mapping[int, float]) -> None:
    import numpy as np

    values = np.zeros(len(model.costs))
    for column, value in start.items():
        values[column] = value
    engine.setSolution(len(values), np.arange(len(values), dtype=np.int32), values)
