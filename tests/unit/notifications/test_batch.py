"""A batch keeps the places of its texts in the pace, whoever works on which part of it."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.batch import Batch

NOW = datetime(2026, 11, 17, 3, tzinfo=UTC)
SECOND, TENTH = timedelta(seconds=1), timedelta(seconds=0.1)
FIVE = Batch("r", (7, 3, 9, 1, 4), begins_at=NOW, apart=TENTH)


def test_each_text_has_a_place_a_step_after_the_one_before_it() -> None:
    """In the order of the ids; without a first place all may go at once."""
    assert list(FIVE.go_at().items()) == [(one, NOW + n * TENTH) for n, one in enumerate(FIVE.ids)]
    assert FIVE.at_once().go_at() == {}


@pytest.mark.parametrize("size", [1, 2, 5, 9])
def test_pieces_have_the_places_of_the_whole(size: int) -> None:
    """Cut as it may be, no text comes earlier or later for it."""
    pieces = list(FIVE.pieces(size))
    assert all(len(piece.ids) <= size for piece in pieces)
    assert {one: at for piece in pieces for one, at in piece.go_at().items()} == FIVE.go_at()
    assert [piece.go_at() for piece in FIVE.at_once().pieces(2)] == [{}, {}, {}]


@pytest.mark.parametrize(
    ("behind", "begins_at"),
    [
        (-SECOND, NOW),
        (timedelta(), NOW),
        (SECOND, NOW),  # a place that is ahead, as claims look
        (60 * SECOND, NOW - 60 * SECOND),
    ],
)
def test_a_clock_far_behind_the_claimer_keeps_the_pace_and_waits_for_nothing(
    behind: timedelta, begins_at: datetime
) -> None:
    """It would wait a second for each text: they go from now on, as far apart as they were."""
    seen = FIVE.by_clock(NOW - behind)
    assert (seen.begins_at, seen.apart, seen.ids) == (begins_at, TENTH, FIVE.ids)
    assert FIVE.at_once().by_clock(NOW - behind) == FIVE.at_once()
