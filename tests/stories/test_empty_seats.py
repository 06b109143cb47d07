"""Empty seats are looked at again when somebody can be asked who could not; nobody needs to touch them."""

from collections.abc import Callable
from datetime import date

import pytest

from scheduler.service.note_absence import Noted, end_absence, note_absence
from scheduler.store import absences
from tests.desk import ONE_EVENING, PHONES, Desk
from tests.stories.conftest import OpenDesk

SESSION = "sao-y-ubnd-sai-gon@2026-11-17"
NEVER = '\nwhen = ["sun 01:00-01:30"]'
ONLY_AN = (
    ONE_EVENING.replace('name = "Bình"', 'name = "Bình"' + NEVER)
    .replace('name = "Chi"', 'name = "Chi"' + NEVER)
    .replace("[sms]", '[sms]\nreplies_to = "0901 999 999"')
)
NOBODY = ONLY_AN.replace('name = "An"', 'name = "An"' + NEVER)
BEGIN = "2026-11-09 09:00"


def go_away(desk: Desk) -> None:
    """An is away on the day of the session."""
    day = date(2026, 11, 17)
    with desk.database.write() as connection:
        an = desk.office.desk.people["an"]
        assert note_absence(connection, desk.office, an, day, None, desk.clock()) is Noted.AWAY


def come_back(desk: Desk) -> None:
    """An takes it back."""
    with desk.database.write() as connection:
        [row] = absences.of_person(connection, "an", date(2026, 11, 9))
        assert end_absence(connection, desk.office, row.id, "an", desk.clock()) is Noted.AGAIN


def write(text: str) -> Callable[[Desk], None]:
    """An writes, and the service reads it."""

    def deed(desk: Desk) -> None:
        desk.receive(PHONES["An"], text)
        desk.turn(desk.clock())

    return deed


def stop(desk: Desk) -> None:
    """An wants no more texts; only then is somebody like An wanted."""
    write("STOP")(desk)
    desk.edit(ONLY_AN)


def edit(text: str) -> Callable[[Desk], None]:
    """The settings are edited."""

    def deed(desk: Desk) -> None:
        desk.edit(text)

    return deed


@pytest.mark.parametrize(
    ("before", "leave", "come"),
    [
        pytest.param(ONLY_AN, go_away, come_back, id="an absence is taken back"),
        pytest.param(
            ONLY_AN.replace("volunteer = 1", "leader = 1"), stop, write("START"), id="STOP is undone"
        ),
        pytest.param(NOBODY, edit(NOBODY), edit(ONLY_AN), id="somebody has other hours"),
        pytest.param(
            NOBODY,
            edit(NOBODY),
            edit(NOBODY + '\n[[people]]\nname = "An Hai"\nphone = "0901 000 009"\nroles = ["volunteer"]\n'),
            id="somebody new",
        ),
        pytest.param(
            ONLY_AN.replace('name = "An"', 'name = "An"\nat_most = ["1 hour a week"]'),
            edit(ONLY_AN.replace('name = "An"', 'name = "An"\nat_most = ["1 hour a week"]')),
            edit(ONLY_AN),
            id="a limit is loosened",
        ),
    ],
)
def test_an_empty_seat_is_filled_when_somebody_can_be_asked(
    open_desk: OpenDesk, before: str, leave: Callable[[Desk], None], come: Callable[[Desk], None]
) -> None:
    """Whoever comes back, is new or may do more is asked at the hour of the question."""
    desk = open_desk(before, BEGIN)
    leave(desk)
    assert not set(desk.roster()[SESSION].values()) & {"proposed", "asked"}
    come(desk)
    desk.run_until("2026-11-12 09:00")
    assert [state for state in desk.roster()[SESSION].values() if state != "released"] == ["asked"]


def test_looser_rules_fill_what_they_kept_empty(open_desk: OpenDesk) -> None:
    """No person and no shift has changed, and a seat that nobody could take has somebody."""
    two = ONLY_AN.replace('days = "T3"', 'days = ["T2", "T3"]').replace("2026-11-17", "2026-11-16")
    strict = two.replace("[[wards]]", '[roster]\nrest = "24 hours"\n\n[[wards]]')
    desk = open_desk(strict, BEGIN)
    assert sorted(map(len, desk.roster().values())) == [0, 1]
    desk.edit(strict.replace("24 hours", "8 hours"))
    assert [seats.get("an") for seats in desk.roster().values()] == ["proposed", "proposed"]


def test_where_time_is_short_whoever_comes_back_is_asked_in_a_wave(open_desk: OpenDesk) -> None:
    """The next one: they are not put on a seat for which others may be thinking of a yes."""
    desk = open_desk(ONLY_AN, BEGIN)
    go_away(desk)
    desk.run_until("2026-11-17 08:00")
    come_back(desk)
    assert desk.roster()[SESSION] == {"an": "released"}
    desk.run_until("2026-11-17 12:00")
    assert desk.roster()[SESSION] == {"an": "sought"}
