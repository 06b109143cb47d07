"""A night off, a lost line, a list too long: what is still useful goes, what is not is told to a person."""

from datetime import timedelta

import pytest

from notifications.channels.channel import InDoubt, NotSent, Outcome
from notifications.fault import Fault
from tests.desk import ONE_EVENING, PHONES, Text
from tests.stories.conftest import OpenDesk

SESSION = "sao-y-ubnd-sai-gon@2026-11-17"
MISSED = (
    "UBNDQ1: 1 tin nhan chua gui duoc hoac chua ro da den noi. Nho Anh/Chi Lan xem catruc messages va "
    "goi dien bao nguoi nhan."
)


def test_after_a_night_off_the_useful_goes_and_the_rest_is_told(open_desk: OpenDesk) -> None:
    """The evening's reminder is overtaken by the next one and expires; that one still goes, an hour late."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until("2026-11-12 09:00")
    assert desk.answer("an", SESSION, yes=True)
    desk.run_until("2026-11-16 17:00")
    desk.night_off("2026-11-17 16:00")
    desk.run_until("2026-11-17 16:05")

    assert desk.times_of_texts_to("An") == ["2026-11-11 18:00", "2026-11-14 18:00", "2026-11-17 16:00"]
    (told,) = desk.texts_to("Lan")
    assert told.at == "2026-11-17 16:00"
    assert "1 tin nhan chua gui duoc" in told.says
    assert desk.states_of_messages()["expired"] == 1


def test_what_is_late_but_useful_is_sent_and_nobody_is_alarmed(open_desk: OpenDesk) -> None:
    """A short outage changes nothing but the hour."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until("2026-11-12 09:00")
    assert desk.answer("an", SESSION, yes=True)
    desk.run_until("2026-11-16 17:00")
    desk.night_off("2026-11-16 20:00")
    desk.run_until("2026-11-18 00:00")

    assert desk.times_of_texts_to("An")[2:] == ["2026-11-16 20:00", "2026-11-17 15:00"]
    assert not desk.texts_to("Lan")


def test_a_week_off_tells_of_nothing_that_is_over(open_desk: OpenDesk) -> None:
    """Nobody is asked to come to an evening that has passed; the coordinator gets one text about it."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until("2026-11-10 09:00")
    desk.night_off("2026-11-18 09:00")
    desk.run_until("2026-11-18 12:00")

    assert not desk.texts_to("An")
    assert [text.at for text in desk.texts_to("Lan")] == ["2026-11-18 09:00"]


def test_the_window_is_made_up_after_nights_off(open_desk: OpenDesk) -> None:
    """Days that came into sight meanwhile are planned at the first turn."""
    weekly = ONE_EVENING.replace("until = 2026-11-22", "until = 2027-01-31")
    desk = open_desk(weekly, "2026-11-03 09:00")
    assert max(desk.sessions()) == "sao-y-ubnd-sai-gon@2026-12-01"
    desk.night_off("2026-11-11 06:00")
    assert max(desk.sessions()) == "sao-y-ubnd-sai-gon@2026-12-08"


NO_SUCH_NUMBER = "UBNDQ1: An khong nhan duoc tin, xem lai so dien thoai. Nho Anh/Chi Lan goi bao ca truc."
WANTS_NONE = "UBNDQ1: An da tu choi nhan tin. Nho Anh/Chi Lan goi bao ca truc."


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        pytest.param(InDoubt("timeout", "No answer in time."), MISSED, id="in doubt"),
        pytest.param(NotSent(Fault.BAD_TEXT, "30007", "Filtered."), MISSED, id="refused for good"),
        pytest.param(NotSent(Fault.BAD_NUMBER, "30006", "A fixed line."), NO_SUCH_NUMBER, id="bad number"),
        pytest.param(NotSent(Fault.OPTED_OUT, "21610", "Unsubscribed."), WANTS_NONE, id="opted out"),
    ],
)
def test_a_duty_text_that_may_not_have_come_is_told_once(
    open_desk: OpenDesk, outcome: Outcome, told: str
) -> None:
    """The coordinator hears within the turn, before the session, and only once."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.phones.trouble[PHONES["An"]] = outcome
    desk.run_until("2026-11-12 09:00")

    assert desk.texts_to("Lan") == [Text("2026-11-11 18:00", told)]
    assert not desk.texts_to("An")


def test_in_doubt_is_never_simply_sent_again(open_desk: OpenDesk) -> None:
    """The question may have gone out, so its person counts as asked, and it is not repeated by itself."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.phones.trouble[PHONES["An"]] = InDoubt("timeout", "No answer in time.")
    desk.run_until("2026-11-11 18:05")
    assert desk.roster()[SESSION] == {"an": "asked"}
    del desk.phones.trouble[PHONES["An"]]
    desk.run_until("2026-11-14 17:00")
    assert not desk.texts_to("An")


def test_a_text_that_provably_did_not_leave_is_tried_again(open_desk: OpenDesk) -> None:
    """A network that is down for a while costs time and no text."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.phones.trouble[PHONES["An"]] = NotSent(Fault.TRANSIENT, "20429", "Too fast.", timedelta(minutes=5))
    desk.run_until("2026-11-11 18:04")
    assert not desk.texts_to("An")
    del desk.phones.trouble[PHONES["An"]]
    desk.run_until("2026-11-11 18:30")

    (asked,) = desk.times_of_texts_to("An")
    assert "2026-11-11 18:05" <= asked <= "2026-11-11 18:08"
    assert not desk.texts_to("Lan")


def test_a_refused_follower_alarms_nobody(open_desk: OpenDesk) -> None:
    """A resident's lost notice is no gap in the duty."""
    desk = open_desk(ONE_EVENING.replace("needs = { volunteer = 1 }", ""), "2026-11-03 09:00")
    desk.phones.trouble["+84901000007"] = NotSent(Fault.BAD_NUMBER, "30006", "A fixed line.")
    desk.follow("+84901000007")
    desk.run_until("2026-11-18 00:00")
    assert not desk.phones.taken
