"""The states of an assignment: what may follow what."""

from itertools import pairwise

import pytest

from scheduler.roster.assignment import HOLDING, TRANSITIONS, NoSuchMove, Standing, move, sources_of

PAIRS = [(before, after) for before in Standing for after in Standing]


def test_every_state_has_its_line_in_the_table() -> None:
    """A state without a line would be a KeyError on the day somebody gets there."""
    assert set(TRANSITIONS) == set(Standing)


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_state_moves_only_where_the_table_leads(before: Standing, after: Standing) -> None:
    """Every pair is either in the table, read from both ends alike, or an error that names both."""
    if after in TRANSITIONS[before]:
        assert move(before, after) is after
        assert before in sources_of(after)
        return
    with pytest.raises(NoSuchMove, match=f"that is {before} cannot become {after}"):
        move(before, after)
    assert before not in sources_of(after)


@pytest.mark.parametrize(
    "path",
    [
        # the good ways: asked, with and without silence, or told by phone before any text
        "proposed asked confirmed served",
        "proposed asked silent confirmed served",
        "proposed confirmed served",
        # a no, early, late, and after a yes; and thought better of
        "proposed declined",
        "proposed asked silent declined",
        "proposed asked confirmed declined confirmed",
        # sent home and taken back, as the one chosen or as the one named
        "proposed asked confirmed released proposed asked",
        "confirmed released confirmed",
        # the desk corrects what it noted
        "confirmed absent served",
        "confirmed served absent",
    ],
)
def test_a_life_of_an_assignment_is_possible(path: str) -> None:
    """What a ward does with its people is in the table."""
    states = [Standing(name) for name in path.split()]
    for before, after in pairwise(states):
        move(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # a no is not made a question again, and nobody serves who never said yes
        (Standing.DECLINED, Standing.ASKED),
        (Standing.DECLINED, Standing.PROPOSED),
        (Standing.DECLINED, Standing.SERVED),
        (Standing.PROPOSED, Standing.SERVED),
        # a yes is not taken for silence, and what has been served is not sent home
        (Standing.CONFIRMED, Standing.SILENT),
        (Standing.CONFIRMED, Standing.ASKED),
        (Standing.SERVED, Standing.RELEASED),
        (Standing.ABSENT, Standing.DECLINED),
    ],
)
def test_an_answer_is_not_undone_by_the_house(before: Standing, after: Standing) -> None:
    """What a person said, or did, stands against any later step of the service."""
    with pytest.raises(NoSuchMove):
        move(before, after)


def test_a_seat_is_held_by_all_but_those_who_are_gone() -> None:
    """Nobody else is wanted where somebody is proposed, asked, silent, confirmed or has served."""
    assert set(Standing) - set(HOLDING) == {
        Standing.SOUGHT,
        Standing.DECLINED,
        Standing.RELEASED,
        Standing.ABSENT,
    }
