"""What the solver hands back is what it says it found."""

from scheduler.roster.model import Effort, Model
from scheduler.roster.solver import solve


def test_a_start_that_is_not_best_is_left() -> None:
    """One of two people for a seat, the dearer one at the start; presolving leaves nothing."""
    model = Model()
    cheap, dear, empty = model.column(0), model.column(90), model.column(30_000)
    model.exactly(1, [(cheap, 1.0), (dear, 1.0), (empty, 1.0)])
    model.unit = 30
    for start in ({empty: 1.0}, {dear: 1.0}, {}):
        found = solve(model, start, Effort())
        assert found is not None
        assert found.is_best
        assert [round(value) for value in found.values] == [1, 0, 0]


def test_whole_people_are_not_cut_into_parts() -> None:
    """A column that is whole is 0 or 1; the others may lie between."""
    model = Model()
    person, part = model.column(-3), model.column(-2, 1, whole=False)
    model.at_most(1.5, [(person, 1.0), (part, 1.0)])
    found = solve(model, {}, Effort())
    assert found is not None
    assert [round(value, 6) for value in found.values] == [1, 0.5]
