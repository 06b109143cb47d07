"""Answers by text: a question is asked, and whatever comes back is done, asked back, or read by a person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from scheduler.roster.vacancy import Choice
from scheduler.service.seek_substitutes import ask_substitutes
from scheduler.service.take_answer import Answered, answer
from scheduler.store import sessions
from scheduler.timetable.shift import Role
from tests.desk import ONE_EVENING, PHONES, Desk, Text
from tests.stories.conftest import OpenDesk

BY_TEXT = ONE_EVENING.replace("[sms]", '[sms]\nanswer = "reply"\nreplies_to = "0901 999 999"')
TWO_EVENINGS = BY_TEXT.replace('days = "T3"', 'days = ["T3", "T5"]')
NEVER = '"\nwhen = ["sun 01:00-01:30"]'
ONLY_AN = TWO_EVENINGS.replace('"Bình"', f'"Bình{NEVER}').replace('"Chi"', f'"Chi{NEVER}')
TUESDAY, THURSDAY = "sao-y-ubnd-sai-gon@2026-11-17", "sao-y-ubnd-sai-gon@2026-11-19"
LAN = "Lan"
ASKED_AT = "2026-11-11 18:00"


def write(desk: Desk, phone: str, text: str) -> None:
    """A text comes in on the channel of the pretend phones; what it causes is over in five seconds."""
    now = desk.clock()
    desk.receive(phone, text)
    desk.run_until(f"{now.astimezone(desk.office.zone) + timedelta(seconds=5):%Y-%m-%d %H:%M:%S}")


def said_to(desk: Desk, who: str) -> list[str]:
    """What the phone was told, without the sender."""
    return [text.says.removeprefix("UBNDQ1: ") for text in desk.texts_to(who)]


def test_a_question_by_text_is_answered_by_text(open_desk: OpenDesk) -> None:
    """It says what to text and to whom; a yes is thanked for, and says how to give up."""
    desk = open_desk(BY_TEXT, "2026-11-03 09:00")
    desk.run_until(ASKED_AT)
    write(desk, PHONES["An"], "có ạ")
    evening = "Sao y T3 17/11, 17:00-19:30, UBND Sai Gon"
    assert desk.texts_to("An") == [
        Text(ASKED_AT, f"UBNDQ1: Moi ban An truc {evening}: soan CO 11 hoac KO 11 gui 0901999999"),
        Text(ASKED_AT, f"UBNDQ1: Cam on ban An: {evening}. Khong den: soan HUY 11 gui 0901999999"),
    ]
    assert desk.roster()[TUESDAY] == {"an": "confirmed"}


def test_a_no_is_noted_and_somebody_else_is_asked(open_desk: OpenDesk) -> None:
    """Nobody has to telephone."""
    desk = open_desk(BY_TEXT, "2026-11-03 09:00")
    desk.run_until(ASKED_AT)
    write(desk, PHONES["An"], "KO11.")
    assert said_to(desk, "An")[1] == (
        "Da ghi ban An khong truc Sao y T3 17/11, 17:00-19:30, UBND Sai Gon. Cam on da bao."
    )
    assert said_to(desk, "Bình")[0].startswith("Moi ban Binh truc Sao y T3 17/11")
    assert desk.roster()[TUESDAY] == {"an": "declined", "binh": "asked"}
    assert not desk.texts_to(LAN), "there is time, and somebody else is asked"


def test_a_bare_yes_to_two_questions_is_asked_back(open_desk: OpenDesk) -> None:
    """Which one is not guessed; with its number it is clear."""
    desk = open_desk(ONLY_AN, "2026-11-03 09:00")
    desk.run_until("2026-11-13 18:00")
    write(desk, PHONES["An"], "co")
    assert said_to(desk, "An")[-1] == (
        "ban An tra loi ca nao? 11: T3 17/11 17:00, 12: T5 19/11 17:00. Soan CO hoac KO kem so, vd CO 12"
    )
    assert not desk.texts_to(LAN)
    write(desk, PHONES["An"], "co 12")
    assert desk.roster()[THURSDAY] == {"an": "confirmed"}
    assert desk.roster()[TUESDAY] == {"an": "asked"}


def test_a_bare_no_to_two_questions_alarms_the_coordinator(open_desk: OpenDesk) -> None:
    """It may be either: she hears at once, and it is asked back."""
    desk = open_desk(ONLY_AN, "2026-11-03 09:00")
    desk.run_until("2026-11-13 18:00")
    write(desk, PHONES["An"], "không")
    assert said_to(desk, "An")[-1].startswith("ban An tra loi ca nao?")
    assert said_to(desk, LAN) == [
        'An bao "khong": Sao y T3 17/11, 17:00-19:30, thieu 1. Nho Anh/Chi lo giup.'
    ]
    assert {"an": "asked"} in desk.roster().values()


@pytest.mark.parametrize(("text", "state"), [("co", "confirmed"), ("ko", "declined")])
def test_a_bare_answer_means_the_one_question_that_was_asked(
    open_desk: OpenDesk, text: str, state: str
) -> None:
    """Who is planned for the weeks to come has heard of none of them yet."""
    weekly = ONLY_AN.replace('["T3", "T5"]', '"T3"').replace("2026-11-22", "2026-12-22")
    desk = open_desk(weekly, "2026-11-03 09:00")
    desk.run_until(ASKED_AT)
    assert sum(seats == {"an": "proposed"} for seats in desk.roster().values()) > 1
    write(desk, PHONES["An"], text)
    assert desk.roster()[TUESDAY] == {"an": state}
    assert not desk.texts_to(LAN)


def test_what_is_called_off_is_asked_no_more(open_desk: OpenDesk) -> None:
    """A bare yes is for the other question, and the number of what is off says yes to nothing."""
    desk = open_desk(ONLY_AN, "2026-11-03 09:00")
    desk.run_until("2026-11-13 18:00")
    desk.edit(desk.text.replace("until =", "except = [2026-11-17]\nuntil ="))
    desk.run_until("2026-11-13 18:15")
    write(desk, PHONES["An"], "co 11")
    assert desk.roster()[TUESDAY] == {"an": "asked"}
    write(desk, PHONES["An"], "co")
    assert desk.roster()[THURSDAY] == {"an": "confirmed"}
    with desk.database.write() as connection:
        row = sessions.row_by_key(connection, TUESDAY)
        assert row is not None
        assert answer(connection, desk.office, row, "an", True, desk.clock()) is Answered.TOO_LATE


def test_who_says_no_again_and_again_alarms_once_in_ten_minutes(open_desk: OpenDesk) -> None:
    """A machine that answers by itself floods no coordinator."""
    desk = open_desk(ONLY_AN, "2026-11-03 09:00")
    for minute in (1, 2, 5, 9, 11, 15):
        desk.run_until(f"2026-11-13 19:{minute:02}")
        write(desk, PHONES["An"], "không")
    assert [text.at for text in desk.texts_to(LAN)] == ["2026-11-13 19:01", "2026-11-13 19:11"]


def test_giving_up_late_alarms_and_seeks(open_desk: OpenDesk) -> None:
    """On the day itself: substitutes are asked at once, the coordinator hears, the first yes wins."""
    desk = open_desk(BY_TEXT, "2026-11-03 09:00")
    desk.run_until(ASKED_AT)
    write(desk, PHONES["An"], "ok nha")
    desk.run_until("2026-11-17 09:00")
    write(desk, PHONES["An"], "HUY 11")
    assert said_to(desk, LAN) == [
        "An khong den duoc: Sao y T3 17/11, 17:00-19:30, thieu 1. Nho Anh/Chi lo giup."
    ]
    asked = "ban {} truc thay Sao y T3 17/11, 17:00-19:30, UBND Sai Gon? soan CO 11 hoac KO 11 gui 0901999999"
    assert said_to(desk, "Bình") == [asked.format("Binh")]
    assert said_to(desk, "Chi") == [asked.format("Chi")]
    write(desk, PHONES["Chi"], "co")
    desk.run_until("2026-11-17 10:00")
    assert desk.roster()[TUESDAY] == {"an": "declined", "binh": "released", "chi": "confirmed"}
    assert said_to(desk, "Bình")[1] == (
        "Ca Sao y T3 17/11, 17:00-19:30, UBND Sai Gon da du nguoi. Cam on ban Binh, hen dip khac."
    )
    write(desk, PHONES["Bình"], "co 11")
    assert said_to(desk, "Bình")[2].startswith(
        "Ca Sao y T3 17/11, 17:00-19:30, UBND Sai Gon da co nguoi khac."
    )
    assert desk.roster()[TUESDAY]["chi"] == "confirmed"


def test_the_silent_give_way_to_a_substitute_who_says_yes(open_desk: OpenDesk) -> None:
    """36 hours before, two others are asked; who says yes has the seat, and the silent one hears of it."""
    desk = open_desk(BY_TEXT, "2026-11-03 09:00")
    desk.run_until("2026-11-16 08:00")
    assert desk.roster()[TUESDAY] == {"an": "silent", "binh": "sought", "chi": "sought"}
    write(desk, PHONES["Bình"], "dạ")
    desk.run_until("2026-11-16 09:00")
    assert desk.roster()[TUESDAY] == {"an": "released", "binh": "confirmed", "chi": "released"}
    assert "nay khong can ban An den nua" in said_to(desk, "An")[-1]
    assert "da du nguoi" in said_to(desk, "Chi")[-1]


def test_of_two_who_say_yes_at_one_moment_one_has_the_seat(open_desk: OpenDesk) -> None:
    """Whatever the database: the other hears that it is taken."""
    desk = open_desk(BY_TEXT, "2026-11-03 09:00")
    desk.run_until("2026-11-16 08:00")
    assert desk.roster()[TUESDAY] == {"an": "silent", "binh": "sought", "chi": "sought"}
    ready = Barrier(2)

    def say_yes(person: str) -> Answered:
        with desk.database.write() as connection:
            row = sessions.row_by_key(connection, TUESDAY)
            assert row is not None
            if not desk.database.is_sqlite:  # where writers take turns, two cannot be inside at once
                ready.wait(10)
            return answer(connection, desk.office, row, person, True, desk.clock())

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(say_yes, ("binh", "chi"))) == [Answered.DONE, Answered.TAKEN]
    assert sorted(desk.roster()[TUESDAY].values()) == ["confirmed", "released", "released"]


def test_a_yes_twice_is_thanked_for_once(open_desk: OpenDesk) -> None:
    """Networks deliver twice, and people press twice."""
    desk = open_desk(BY_TEXT, "2026-11-03 09:00")
    desk.run_until(ASKED_AT)
    write(desk, PHONES["An"], "CO")
    desk.run_until("2026-11-11 18:02")
    write(desk, PHONES["An"], "CO 11")
    desk.run_until("2026-11-11 18:04")
    write(desk, PHONES["An"], "ok")
    assert len(desk.texts_to("An")) == 2
    assert not desk.texts_to(LAN)


def test_what_is_not_understood_is_said_once_in_twelve_hours(open_desk: OpenDesk) -> None:
    """Each of them reaches a person; the machine asks back only once."""
    desk = open_desk(BY_TEXT, "2026-11-03 09:00")
    desk.run_until(ASKED_AT)
    for minute in (1, 2, 30, 50):
        desk.run_until(f"2026-11-11 18:{minute:02}")
        write(desk, PHONES["An"], f"em chưa biết {minute}")
    assert said_to(desk, "An")[1:] == [
        "Xin loi, may chua hieu. 11: T3 17/11 17:00. Soan CO hoac KO kem so. Gap nguoi: 028 0000 0000"
    ]
    assert len(desk.texts_to(LAN)) == 3, "the second came within ten minutes of the first"


def test_no_more_than_three_answers_in_ten_minutes(open_desk: OpenDesk) -> None:
    """Two machines that answer each other come to an end."""
    desk = open_desk(BY_TEXT, "2026-11-03 09:00")
    desk.run_until(ASKED_AT)
    for _ in range(8):
        write(desk, PHONES["An"], "HD")
    assert len(desk.texts_to("An")) == 1 + 3


@pytest.mark.parametrize("text", ["CO", "HD", "HUY 11", "KO"])
def test_strangers_are_passed_on_and_not_answered(open_desk: OpenDesk, text: str) -> None:
    """Nobody makes the ward text a number that it does not know."""
    desk = open_desk(BY_TEXT, "2026-11-03 09:00")
    desk.run_until(ASKED_AT)
    write(desk, "+84901999998", text)
    assert desk.texts_to("+84901999998") == []
    assert desk.roster()[TUESDAY] == {"an": "asked"}


def test_a_number_that_has_changed_hands_answers_for_nobody(open_desk: OpenDesk) -> None:
    """An has a new number; whoever has the old one now cannot speak for An, and An is asked under the new."""
    desk = open_desk(BY_TEXT, "2026-11-03 09:00")
    desk.run_until(ASKED_AT)
    desk.edit(desk.text.replace("0901 000 001", "0901 000 077"))
    desk.run_until("2026-11-11 18:30")
    write(desk, PHONES["An"], "CO 11")
    assert desk.roster()[TUESDAY] == {"an": "asked"}
    write(desk, "+84901000077", "CO")
    assert desk.roster()[TUESDAY] == {"an": "confirmed"}


def test_who_refuses_texts_is_not_asked_again(open_desk: OpenDesk) -> None:
    """Nobody is put on a session who cannot be asked; whoever has a shift already is the coordinator's."""
    desk = open_desk(BY_TEXT, "2026-11-03 09:00")
    write(desk, PHONES["Bình"], "STOP")
    desk.run_until(ASKED_AT)
    write(desk, PHONES["An"], "KO")
    write(desk, PHONES["Bình"], "HD")
    assert desk.roster()[TUESDAY] == {"an": "declined", "chi": "asked"}
    assert not desk.texts_to("Bình")


def test_a_substitute_cannot_say_yes_beyond_a_limit(open_desk: OpenDesk) -> None:
    """Asked by hand for two sessions of one week, with time for one: the second yes reaches a person."""
    busy = 'name = "Bình"\nwhen = ["sun 01:00-01:30"]\nat_most = "3 hours a week"'
    desk = open_desk(TWO_EVENINGS.replace('name = "Bình"', busy), "2026-11-03 09:00")
    with desk.database.write() as connection:
        for key in (TUESDAY, THURSDAY):
            row = sessions.row_by_key(connection, key)
            assert row is not None
            asked = [Choice(row.id, Role.VOLUNTEER, "binh")]
            ask_substitutes(connection, desk.office, row, asked, desk.clock())
    desk.run_until("2026-11-04 09:00")
    for number in (11, 12):
        write(desk, PHONES["Bình"], f"CO {number}")
    assert sum(seats["binh"] == "confirmed" for seats in desk.roster().values()) == 1
    assert said_to(desk, LAN)[-1].startswith('Binh nhan tin: "CO 12"')


def test_a_late_answer_reaches_a_person(open_desk: OpenDesk) -> None:
    """After the session has begun nothing is changed by itself."""
    desk = open_desk(BY_TEXT, "2026-11-03 09:00")
    desk.run_until("2026-11-17 17:05")
    before = desk.roster()[TUESDAY]
    write(desk, PHONES["An"], "CO 11")
    assert desk.roster()[TUESDAY] == before
    assert said_to(desk, LAN)[-1].startswith('An nhan tin: "CO 11"')


def test_an_answer_follows_a_moved_session(open_desk: OpenDesk) -> None:
    """The number in an old text is that of the same session, whenever it is held now."""
    desk = open_desk(BY_TEXT, "2026-11-03 09:00")
    desk.run_until(ASKED_AT)
    desk.edit(desk.text.replace('days = "T3"', 'days = "T4"'))
    desk.run_until("2026-11-11 18:30")
    write(desk, PHONES["An"], "CO 11")
    assert desk.roster()["sao-y-ubnd-sai-gon@2026-11-18"]["an"] == "confirmed"


def test_giving_up_without_a_number_asks_which_and_alarms(open_desk: OpenDesk) -> None:
    """HUY alone from somebody who serves is no refusal of all texts."""
    desk = open_desk(BY_TEXT, "2026-11-03 09:00")
    desk.run_until(ASKED_AT)
    write(desk, PHONES["An"], "CO")
    desk.run_until("2026-11-12 09:00")
    write(desk, PHONES["An"], "hủy")
    assert said_to(desk, "An")[-1].startswith("ban An tra loi ca nao? 11: T3 17/11 17:00")
    assert said_to(desk, LAN)[-1].startswith('An bao "huy": Sao y T3 17/11')
    assert desk.roster()[TUESDAY] == {"an": "confirmed"}
    assert all(granted for _, granted, *_ in desk.consents())
