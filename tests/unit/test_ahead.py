"""A large roster is found between two attempts at the transaction that needs it."""

from collections import Counter
from dataclasses import replace

import pytest

from scheduler.cli.settings_file import told_on_terminal
from scheduler.roster.part import Part
from scheduler.roster.vacancy import Choice
from scheduler.service import ahead
from scheduler.service.ahead import Ahead, StillToFind
from tests import rostering

SMALL = rostering.made_up(rostering.Size(20, 24, 2))
# More than is found at once: people who can never come cost nothing but their number.
LARGE = replace(
    SMALL,
    people=SMALL.people
    + tuple(replace(SMALL.people[0], id=f"x{number:04}", roles=frozenset()) for number in range(2_000)),
)


def _with_ids_from(part: Part, first: int) -> Part:
    return replace(part, vacancies=tuple(replace(one, session=one.session + first) for one in part.vacancies))


def test_a_small_roster_is_found_at_once() -> None:
    """Nothing is done twice for it."""
    seeker, attempts = Ahead(), Counter[str]()

    def work() -> tuple[Choice, ...]:
        attempts["of this"] += 1
        return seeker.choose(SMALL)

    assert seeker.run(work)
    assert attempts.total() == 1


def test_a_large_roster_is_found_before_the_second_attempt() -> None:
    """The first attempt is undone; in the second the sessions have other ids, and the answer has them too."""
    seeker, attempts = Ahead(), list[int]()

    def work() -> tuple[Choice, ...]:
        attempts.append(len(attempts))
        return seeker.choose(_with_ids_from(LARGE, 100 * len(attempts)))

    found = seeker.run(work)
    assert len(attempts) == 2
    assert {choice.session for choice in found} <= {one.session + 200 for one in LARGE.vacancies}
    assert found


def test_a_world_that_changes_each_time_is_no_endless_work() -> None:
    """After some attempts the roster is found within the transaction."""
    seeker, attempts = Ahead(), list[int]()

    def work() -> tuple[Choice, ...]:
        attempts.append(1)
        return seeker.choose(replace(LARGE, vacancies=LARGE.vacancies[len(attempts) :]))

    assert seeker.run(work)
    assert len(attempts) == ahead.TRIES


def test_outside_of_an_attempt_nothing_can_be_put_off() -> None:
    """Who has not said that the work can begin again gets the roster now."""
    assert Ahead().choose(LARGE)
    with pytest.raises(StillToFind):
        raise StillToFind(LARGE)


def test_a_search_in_one_part_tells_how_far_it_is() -> None:
    """A desk that is no city is found in one process, which may take half a minute too."""
    told: list[tuple[int, int]] = []
    assert Ahead(lambda done, of: told.append((done, of))).choose(LARGE)
    assert told == [(done, len(told)) for done in range(1, len(told) + 1)]
    assert told


def test_progress_is_drawn_on_a_terminal_only(capsys: pytest.CaptureFixture[str]) -> None:
    """A log or a pipe gets none of it."""
    told_on_terminal(1, 2)
    assert capsys.readouterr() == ("", "")
