"""Residents who follow a service: they hear what they asked for, and nothing after they asked to stop."""

import pytest

from tests.desk import ONE_EVENING, Text
from tests.stories.conftest import OpenDesk

RESIDENT = "+84901000007"
BOTH_EVENINGS = ONE_EVENING.replace("2026-11-17", "2026-11-10")
WELCOME = (
    "UBNDQ1: Da dang ky nhan tin Sao y, phuong Sai Gon: truoc moi buoi, khi lich thay doi, "
    "toi da 12 tin/thang. Ngung: http://127.0.0.1:8000/f/************"
)
FAREWELL = "UBNDQ1: Da ngung gui tin Sao y, phuong Sai Gon, theo yeu cau. Can nhan lai: goi 028 0000 0000."


def test_a_follower_hears_the_day_before_and_nothing_after_unfollowing(open_desk: OpenDesk) -> None:
    """Each wish is answered at once and written down with its wording; two evenings, one followed."""
    desk = open_desk(BOTH_EVENINGS, "2026-11-03 09:00")
    assert desk.follow(RESIDENT)
    desk.run_until("2026-11-11 09:00")
    assert desk.unfollow(RESIDENT)
    desk.run_until("2026-11-18 00:00")

    evening = "UBNDQ1: Lich Sao y T3 10/11, 17:00-19:30 tai UBND Sai Gon. Ngung nhan tin: goi 028 0000 0000."
    assert desk.texts_to(RESIDENT) == [
        Text("2026-11-03 09:00", WELCOME),
        Text("2026-11-09 17:00", evening),
        Text("2026-11-11 09:00", FAREWELL),
    ]
    assert desk.consents() == [
        (RESIDENT, True, "counter", WELCOME),
        (RESIDENT, False, "counter", FAREWELL),
    ]


def test_following_twice_or_stopping_twice_changes_nothing(open_desk: OpenDesk) -> None:
    """The second wish finds itself fulfilled, and costs no text."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    assert [desk.follow(RESIDENT), desk.follow(RESIDENT)] == [True, False]
    assert [desk.unfollow(RESIDENT), desk.unfollow(RESIDENT)] == [True, False]
    desk.run_until("2026-11-03 10:00")
    assert len(desk.texts_to(RESIDENT)) == 2


@pytest.mark.parametrize(
    ("followed_at", "heard_at"),
    [
        ("2026-11-16 16:59", ["2026-11-16 16:59", "2026-11-16 17:00"]),
        ("2026-11-16 17:01", ["2026-11-16 17:01"]),  # the day before is past
        ("2026-11-16 23:00", ["2026-11-16 23:00"]),  # at night, but just asked for
    ],
)
def test_a_late_follower_hears_only_what_is_still_to_come(
    open_desk: OpenDesk, followed_at: str, heard_at: list[str]
) -> None:
    """A reminder whose hour was past when the wish became known is dropped; the answer to it never waits."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until(followed_at)
    desk.follow(RESIDENT)
    desk.run_until("2026-11-18 00:00")
    assert desk.times_of_texts_to(RESIDENT) == heard_at


def test_a_follower_hears_what_changed_after_being_told(open_desk: OpenDesk) -> None:
    """On the eve of the evening, an hour after the reminder, the office puts it an hour later."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.follow(RESIDENT)
    desk.run_until("2026-11-16 18:00")
    desk.edit(ONE_EVENING.replace("17:00-19:30", "18:00-20:30"))
    desk.run_until("2026-11-18 00:00")

    says = (
        "UBNDQ1: Lich Sao y doi tu T3 17/11, 17:00-19:30 sang T3 17/11, 18:00-20:30, UBND Sai Gon. "
        "Hoi them, ngung nhan tin: goi 028 0000 0000."
    )
    assert desk.times_of_texts_to(RESIDENT)[:2] == ["2026-11-03 09:00", "2026-11-16 17:00"]
    assert desk.texts_to(RESIDENT)[2:] == [Text("2026-11-16 18:10", says)]


def test_who_stopped_hears_of_no_change_either(open_desk: OpenDesk) -> None:
    """A resident who was told of the evening and then stopped is left alone when it is called off."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.follow(RESIDENT)
    desk.run_until("2026-11-16 17:30")
    desk.unfollow(RESIDENT)
    desk.edit(f"{ONE_EVENING}except = [2026-11-17]\nalso = [2026-11-25]\n")
    desk.run_until("2026-11-18 00:00")
    assert desk.times_of_texts_to(RESIDENT)[2:] == ["2026-11-16 17:30"]


def test_a_cancellation_names_the_next_evening(open_desk: OpenDesk) -> None:
    """A resident who was told to come learns when to come instead."""
    weekly = ONE_EVENING.replace("until = 2026-11-22", "until = 2026-12-06")
    desk = open_desk(weekly, "2026-11-03 09:00")
    desk.follow(RESIDENT)
    desk.run_until("2026-11-16 18:00")
    desk.edit(f"{weekly}except = [2026-11-17]\n")
    desk.run_until("2026-11-17 12:00")

    assert desk.texts_to(RESIDENT)[-1] == Text(
        "2026-11-16 18:10",
        "UBNDQ1: Buoi Sao y T3 17/11, 17:00-19:30 tai UBND Sai Gon KHONG dien ra. "
        "Hoi them: 028 0000 0000. Buoi ke tiep: T3 01/12, 17:00-19:30.",
    )


def test_a_follower_hears_that_it_is_off_though_its_place_has_left_the_ward(open_desk: OpenDesk) -> None:
    """The boundary is redrawn after the reminder: nobody is reminded again, nor left before a locked door."""
    second = '[[wards]]\nname = "Bến Thành"\n\n[[places]]\nward = "WARD"\n'
    wards = ONE_EVENING.replace("[[places]]\n", second)
    here, there = (wards.replace("WARD", ward) for ward in ("Sài Gòn", "Bến Thành"))
    desk = open_desk(here, "2026-11-03 09:00")
    desk.follow(RESIDENT)
    desk.run_until("2026-11-16 17:30")
    desk.edit(there)
    desk.run_until("2026-11-16 18:00")
    desk.edit(f"{there}except = [2026-11-17]\nalso = [2026-11-25]\n")
    desk.run_until("2026-11-26 00:00")

    assert desk.times_of_texts_to(RESIDENT) == ["2026-11-03 09:00", "2026-11-16 17:00", "2026-11-16 18:10"]
    assert "T3 17/11, 17:00-19:30 tai UBND Sai Gon KHONG dien ra" in desk.texts_to(RESIDENT)[-1].says


def test_without_a_hotline_a_resident_is_sent_to_the_ward(open_desk: OpenDesk) -> None:
    """The welcome and the reminder say where to ask, in whole sentences."""
    text = ONE_EVENING.replace('hotline = "028 0000 0000"\n', "")
    desk = open_desk(text + '[sms.resident]\nanswer = "reply"\n', "2026-11-03 09:00")
    desk.follow(RESIDENT)
    desk.run_until("2026-11-18 00:00")
    assert len(desk.texts_to(RESIDENT)) == 2
    welcome, eve = (text.says for text in desk.texts_to(RESIDENT))
    assert welcome.endswith("Ngung: goi phuong")
    assert eve.endswith("Ngung nhan tin: goi phuong.")


def test_a_follower_who_reads_english_gets_english(open_desk: OpenDesk) -> None:
    """The clerk notes the language with the number."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.follow(RESIDENT, "en")
    desk.run_until("2026-11-18 00:00")
    welcome, eve = (text.says for text in desk.texts_to(RESIDENT))
    assert welcome == (
        "UBNDQ1: A text before each Sao y in Sai Gon ward, and when it changes, at most 12 a month. "
        "Stop: http://127.0.0.1:8000/f/************"
    )
    assert eve == (
        "UBNDQ1: Sao y Tue 17/11, 17:00-19:30 at UBND Sai Gon. To stop these texts call 028 0000 0000."
    )
