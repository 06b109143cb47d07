"""Nobody is at two sessions at once, also where one of them was off for a while, or has moved."""

from scheduler.service.speak_for_desk import Spoken, call_off, hold_after_all
from scheduler.service.take_answer import Answered, answer
from scheduler.store import sessions
from tests.desk import ONE_EVENING, Desk
from tests.stories.conftest import OpenDesk

NEVER = '"\nwhen = ["sun 01:00-01:30"]'
ONLY_AN = ONE_EVENING.replace('"Bình"', f'"Bình{NEVER}').replace('"Chi"', f'"Chi{NEVER}')
LATER = """
[[shifts]]
id = "later"
service = "Sao y"
days = "T3"
time = "18:00-20:30"
from = 2026-11-16
until = 2026-11-22
needs = { volunteer = 1 }
"""
EARLY, LATE = "sao-y-ubnd-sai-gon@2026-11-17", "later@2026-11-17"
BEGIN, ASKED = "2026-11-03 09:00", "2026-11-11 19:00"
WHILE_IT_WAS_OFF = "2026-11-12 09:00"


def say(desk: Desk, word: str) -> None:
    """The coordinator calls the early session off, or takes that back."""
    with desk.database.write() as connection:
        row = sessions.row_by_key(connection, EARLY)
        assert row is not None
        if word == "off":
            assert call_off(connection, desk.office, row, "Mất điện", "lan", desk.clock()) is Spoken.DONE
        else:
            assert hold_after_all(connection, desk.office, row, "lan", desk.clock()) is Spoken.DONE


def yes(desk: Desk, session: str) -> Answered:
    """An says yes."""
    with desk.database.write() as connection:
        row = sessions.row_by_key(connection, session)
        assert row is not None
        return answer(connection, desk.office, row, "an", True, desk.clock())


def off_and_elsewhere(open_desk: OpenDesk) -> Desk:
    """An has promised the early session, which was called off, and is asked for the late one."""
    desk = open_desk(ONLY_AN, BEGIN)
    desk.run_until(ASKED)
    assert yes(desk, EARLY) is Answered.DONE
    say(desk, "off")
    desk.run_until("2026-11-11 19:15")
    desk.edit(ONLY_AN + LATER)
    desk.run_until(WHILE_IT_WAS_OFF)
    assert desk.roster()[LATE] == {"an": "asked"}
    return desk


def test_who_is_elsewhere_is_not_expected_when_a_session_is_held_after_all(open_desk: OpenDesk) -> None:
    """They know that it was off, and what they took instead stands; nobody tells them to come."""
    desk = off_and_elsewhere(open_desk)
    assert yes(desk, LATE) is Answered.DONE
    before = desk.texts_to("An")
    say(desk, "on")
    desk.run_until("2026-11-12 12:00")
    assert (desk.roster()[EARLY], desk.roster()[LATE]) == ({"an": "released"}, {"an": "confirmed"})
    assert desk.texts_to("An") == before


def test_a_promise_that_is_given_back_comes_before_a_question(open_desk: OpenDesk) -> None:
    """They hear that they are expected after all, and cannot be had for the other one besides."""
    desk = off_and_elsewhere(open_desk)
    say(desk, "on")
    desk.run_until("2026-11-12 12:00")
    assert "VAN dien ra" in desk.texts_to("An")[-1].says
    assert yes(desk, LATE) is Answered.BUSY
    assert (desk.roster()[EARLY], desk.roster()[LATE]) == ({"an": "confirmed"}, {"an": "asked"})


def test_a_seat_of_which_nobody_was_told_gives_way_to_one_that_is_revived(open_desk: OpenDesk) -> None:
    """Taken back at once, it is as if nothing had been: An has promised, and hears of neither."""
    desk = open_desk(ONLY_AN, BEGIN)
    desk.run_until(ASKED)
    assert yes(desk, EARLY) is Answered.DONE
    say(desk, "off")
    desk.edit(ONLY_AN + LATER)
    assert desk.roster()[LATE] == {"an": "proposed"}
    say(desk, "on")
    desk.run_until("2026-11-11 19:30")
    assert (desk.roster()[EARLY], desk.roster()[LATE]) == ({"an": "confirmed"}, {})


def test_of_two_sessions_of_one_hour_one_gets_a_yes(open_desk: OpenDesk) -> None:
    """A session that moves keeps its people, and into whatever hours: they can come to one of the two."""
    desk = open_desk(ONLY_AN + LATER.replace('"T3"', '"T2"'), BEGIN)
    desk.run_until(ASKED)
    assert [seats["an"] for seats in desk.roster().values()] == ["asked", "asked"]
    desk.edit(ONLY_AN + LATER)
    desk.run_until("2026-11-12 09:00")
    assert (yes(desk, EARLY), yes(desk, LATE)) == (Answered.DONE, Answered.BUSY)
    assert (desk.roster()[EARLY], desk.roster()[LATE]) == ({"an": "confirmed"}, {"an": "asked"})
