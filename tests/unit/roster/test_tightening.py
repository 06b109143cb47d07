"""Rows that tighten a model let through what the minutes let through, and nothing else."""

from itertools import combinations, product

import pytest

from scheduler.roster.tightening import rows_of_limit

LENGTHS = (60, 90, 120, 150, 240)


@pytest.mark.parametrize("lengths", [*combinations(LENGTHS, 2), (120, 150, 240), (60, 120, 240)])
def test_the_rows_of_a_limit_say_what_its_minutes_say(lengths: tuple[int, ...]) -> None:
    """However many of each length somebody could take: whole ones fit the rows when they fit the minutes.

    Rows of small factors alone let four of 120 minutes and one of 150 into ten hours.
    """
    for room, counts in product(range(0, 780, 30), product((1, 2, 4), repeat=len(lengths))):
        rows = rows_of_limit(tuple(zip(lengths, counts, strict=True)), room)
        for taken in product(*(range(count + 1) for count in counts)):
            minutes = sum(map(int.__mul__, lengths, taken))
            sums = (sum(row[one] * many for one, many in zip(lengths, taken, strict=True)) for row, _ in rows)
            fits = all(total <= limit for total, (_, limit) in zip(sums, rows, strict=True))
            assert fits == (minutes <= room), (room, counts, taken)
