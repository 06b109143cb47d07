"""What is known of a session, and which of its seats are still open."""

from datetime import datetime

import pytest

from scheduler.reminders.case import OFF, RELEASED, Seat, told_end, told_start
from scheduler.roster.assignment import Standing
from scheduler.timetable.shift import Need, Role
from tests.unit.reminders.evening import at, evening, seat

WANTED = (Need(Role.VOLUNTEER, 2), Need(Role.LEADER, 1))


@pytest.mark.parametrize(
    ("seats", "missing", "unanswered"),
    [
        # nobody yet
        ([], 3, 0),
        # one of each standing that holds a seat: three have yet to say yes
        ([seat(Standing.PROPOSED), seat(Standing.ASKED)], 1, 2),
        ([seat(Standing.SILENT), seat(Standing.CONFIRMED)], 1, 1),
        # who refused, was sent home or stayed away holds none
        ([seat(Standing.DECLINED), seat(Standing.RELEASED), seat(Standing.ABSENT)], 3, 0),
        # a role that has too many does not make up for one that has too few
        ([seat(Standing.CONFIRMED)] * 4, 1, 0),
        ([seat(Standing.CONFIRMED, Role.LEADER)] * 2, 2, 0),
        # staff who were named are nobody's need, and are told, not asked
        ([seat(Standing.PROPOSED, Role.STAFF)], 3, 0),
    ],
)
def test_an_open_seat_is_one_that_nobody_holds(seats: list[Seat], missing: int, unanswered: int) -> None:
    """Missing are seats, role by role; unanswered are holders who are to be asked and have not said yes."""
    case = evening(*seats, needs=WANTED)
    assert (case.missing, case.unanswered) == (missing, unanswered)


@pytest.mark.parametrize(
    ("about", "start", "end"),
    [
        # what a text about a session told
        (evening().about, at("17 17:00"), at("17 19:30")),
        # that nothing is held, that nobody is needed, nothing at all
        (OFF, None, None),
        (RELEASED, None, None),
        ("", None, None),
    ],
)
def test_what_was_told_can_be_read_back(about: str, start: datetime | None, end: datetime | None) -> None:
    """A notice names the old time, which stands nowhere else once the session has moved."""
    assert (told_start(about), told_end(about)) == (start, end)


def test_a_session_that_is_off_tells_nothing_else() -> None:
    """Two sessions that are off are no news of each other, whenever they would have been."""
    assert evening(is_on=False).about == evening(hours="19 17:00/19 19:30", is_on=False).about == OFF


def test_what_is_told_differs_by_start_end_and_place() -> None:
    """Each of the three alone is a change that people must hear of."""
    cases = [
        evening(),
        evening(hours="17 17:30/17 19:30"),
        evening(hours="17 17:00/17 20:00"),
        evening(place="buu-cuc"),
    ]
    assert len({case.about for case in cases}) == len(cases)
