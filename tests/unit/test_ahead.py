"""A large roster is found between two attempts at the transaction that needs it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest

from scheduler.cli.settings_file import told_on_terminal
from scheduler.roster.fill import fill_roster
from scheduler.roster.part import Part
from scheduler.roster.vacancy import Choice, Duty
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


def _later(first: int) -> Part:
    """The same sessions, but on other days: nothing that was found is of use there."""
    days = timedelta(days=7 * first)
    return replace(
        LARGE,
        vacancies=tuple(
            replace(one, starts=one.starts + days, ends=one.ends + days) for one in LARGE.vacancies
        ),
    )


def test_a_world_that_changes_each_time_is_no_endless_work() -> None:
    """After some attempts it is filled as well as is quick: nobody searches within the transaction."""
    seeker, attempts = Ahead(), list[int]()

    def work() -> tuple[Choice, ...]:
        attempts.append(1)
        return seeker.choose(_later(len(attempts)))

    found = seeker.run(work)
    assert len(attempts) == ahead.TRIES
    assert_allowed(_later(ahead.TRIES), found)
    assert len(found) > len(LARGE.vacancies) / 2


def test_what_changed_a_little_meanwhile_costs_no_second_search() -> None:
    """A session is off, somebody has refused, somebody has promised those hours away: all else stays."""
    seeker, parts, before = Ahead(), [LARGE], fill_roster(LARGE)
    refuses, busy = before[-1], before[-2]

    def work() -> tuple[Choice, ...]:
        part = parts[-1]
        parts.append(_changed(LARGE, refuses, busy))
        return seeker.choose(part)

    found = seeker.run(work)
    assert len(parts) == 3
    assert_allowed(parts[1], found)
    off = parts[0].vacancies[0].session
    kept = {one for one in before if one.session != off} - {refuses, busy}
    assert kept <= set(found)
    assert refuses not in found
    assert not [one for one in found if one.person == busy.person and one.session == busy.session]


def _changed(part: Part, refuses: Choice, busy: Choice) -> Part:
    """Without its first session; one person is barred from a seat, another has promised those hours away."""
    [hours] = {(one.starts, one.ends) for one in part.vacancies if one.session == busy.session}
    vacancies = tuple(
        replace(one, barred=one.barred | {refuses.person}) if one.session == refuses.session else one
        for one in part.vacancies
        if one.session != part.vacancies[0].session
    )
    return replace(part, vacancies=vacancies, duties=(*part.duties, Duty(busy.person, *hours, 999_999)))


def assert_allowed(part: Part, choices: Iterable[Choice]) -> None:
    """No rule stands against anybody, and no seat is given twice."""
    draft = part.draft()
    numbers = {(one.session, one.role): number for number, one in enumerate(draft.vacancies)}
    for choice in choices:
        number = numbers[choice.session, choice.role]
        assert draft.obstacle(number, choice.person) is None
        assert draft.empty(number)
        draft.seat(number, choice.person)


def test_of_two_sessions_alike_each_keeps_its_own_people() -> None:
    """They are told apart by their order, whatever their ids are the second time."""
    twins = replace(
        LARGE,
        vacancies=(*LARGE.vacancies, *(replace(one, session=one.session + 5_000) for one in LARGE.vacancies)),
    )
    seeker, attempts = Ahead(), list[int]()

    def work() -> tuple[Choice, ...]:
        attempts.append(1)
        part = _with_ids_from(twins, 10 * len(attempts))
        return seeker.choose(replace(part, vacancies=part.vacancies[: -1 if attempts[1:] else None]))

    found = seeker.run(work)
    last = _with_ids_from(twins, 20)
    assert_allowed(replace(last, vacancies=last.vacancies[:-1]), found)
    assert len(attempts) == 2


def test_another_thread_cannot_begin_again() -> None:
    """A page that asks for a roster while the service begins its turn anew gets it now."""
    seeker, got = Ahead(), list[tuple[Choice, ...]]()

    def work() -> tuple[Choice, ...]:
        page = Thread(target=lambda: got.append(seeker.choose(LARGE)))
        page.start()
        page.join()
        return ()

    assert seeker.run(work) == ()
    assert got == [fill_roster(LARGE)]


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
