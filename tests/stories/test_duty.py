"""Those who serve: asked, chased, reminded, replaced."""

import pytest

from tests.desk import ONE_EVENING, WARD, Text
from tests.stories.conftest import OpenDesk

SESSION = "sao-y-ubnd-sai-gon@2026-11-17"
HELD = {"proposed", "asked", "silent", "confirmed"}


def test_a_volunteer_who_says_nothing_is_asked_chased_and_reminded(open_desk: OpenDesk) -> None:
    """The default lead times: 6 days at 18:00, 3 days at 18:00, 1 day at 18:00 and 2 hours before."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until("2026-11-18 00:00")

    evening = "Sao y T3 17/11, 17:00-19:30, UBND Sai Gon"
    page = "http://127.0.0.1:8000/r/************"
    reminder = f"UBNDQ1: Nhac ban An: ca {evening}. Nguoi dan dang cho. Khong den: {page}"
    assert desk.texts_to("An") == [
        Text("2026-11-11 18:00", f"UBNDQ1: Moi ban An truc {evening}: {page}"),
        Text("2026-11-14 18:00", f"UBNDQ1: Mong ban An tra loi ca {evening}: {page}"),
        Text("2026-11-16 18:00", reminder),
        Text("2026-11-17 15:00", reminder),
    ]


def test_a_volunteer_who_says_yes_is_not_asked_again(open_desk: OpenDesk) -> None:
    """Three days before, the silent are asked once more and the confirmed reminded."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until("2026-11-12 08:00")
    assert desk.answer("an", SESSION, yes=True)
    desk.run_until("2026-11-18 00:00")

    assert [(text.at, text.says[:10]) for text in desk.texts_to("An")] == [
        ("2026-11-11 18:00", "UBNDQ1: Mo"),
        ("2026-11-14 18:00", "UBNDQ1: Nh"),
        ("2026-11-16 18:00", "UBNDQ1: Nh"),
        ("2026-11-17 15:00", "UBNDQ1: Nh"),
    ]
    assert not desk.texts_to("Lan"), "nothing was missing, so nobody was alarmed"


def test_staff_are_reminded_the_day_before(open_desk: OpenDesk) -> None:
    """Named staff are not asked: they hear once, at 17:00 of the day before."""
    desk = open_desk(ONE_EVENING.replace("needs = { volunteer = 1 }", 'staff = ["Dũng"]'), "2026-11-03 09:00")
    desk.run_until("2026-11-18 00:00")

    says = (
        "UBNDQ1: Nhac Anh/Chi Dung: truc Sao y T3 17/11, 17:00-19:30, UBND Sai Gon. "
        "Tai quay: http://127.0.0.1:8000/r/************"
    )
    assert desk.texts_to("Dũng") == [Text("2026-11-16 17:00", says)]


def test_the_coordinator_hears_when_nobody_has_said_yes(open_desk: OpenDesk) -> None:
    """36 hours before would be 5 in the morning: she hears before that night, and who was asked is silent."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until("2026-11-16 18:30")

    says = (
        "UBNDQ1: Sao y T3 17/11, 17:00-19:30, UBND Sai Gon: 0 dong y, 0 tu choi, 1 im, thieu 0. "
        "Xem http://127.0.0.1:8000/r/************"
    )
    assert desk.texts_to("Lan") == [Text("2026-11-15 20:30", says)]
    assert desk.roster()[SESSION] == {"an": "silent", "binh": "sought", "chi": "sought"}


def test_a_no_finds_a_substitute_and_nobody_else_moves(open_desk: OpenDesk) -> None:
    """The seat that fell free is offered to the next best; all other seats stay as they were."""
    desk = open_desk(ONE_EVENING.replace('"T3"', '["T3", "thu", "sat"]'), "2026-11-03 09:00")
    before = desk.roster()
    desk.run_until("2026-11-12 08:00")
    assert desk.answer("an", SESSION, yes=False)

    after = desk.roster()
    assert after[SESSION]["an"] == "declined"
    substitutes = [person for person, state in after[SESSION].items() if state in HELD]
    assert len(substitutes) == 1
    assert set(substitutes).isdisjoint(before[SESSION])
    others = [key for key in before if key != SESSION]
    assert [set(after[key]) for key in others] == [set(before[key]) for key in others]

    desk.run_until("2026-11-12 20:00")
    name = {"binh": "Bình", "chi": "Chi"}[substitutes[0]]
    (asked,) = [text for text in desk.texts_to(name) if "17/11" in text.says]
    assert asked.at == "2026-11-12 08:00", "the planned hour is past, so the question goes at once"
    assert len(desk.texts_to("An")) == 1, "who said no hears no more of it"


def test_who_said_no_may_come_after_all_while_the_seat_is_free(open_desk: OpenDesk) -> None:
    """With nobody else in the list the seat stays open, and a later yes takes it."""
    alone = ONE_EVENING.replace('roles = ["volunteer"]', "", 2).replace('name = "Chi"', 'name = "An Chi"')
    desk = open_desk(alone, "2026-11-03 09:00")
    desk.run_until("2026-11-12 08:00")

    assert desk.answer("an-chi", SESSION, yes=False)
    assert not desk.answer("an-chi", SESSION, yes=False), "a second no changes nothing"
    assert desk.answer("an-chi", SESSION, yes=True)
    assert desk.roster()[SESSION] == {"an-chi": "confirmed"}


def test_a_yes_comes_too_late_once_the_seat_is_taken(open_desk: OpenDesk) -> None:
    """A seat is given once: who refused it and changes their mind finds it held by the substitute."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until("2026-11-12 08:00")
    assert desk.answer("an", SESSION, yes=False)
    assert not desk.answer("an", SESSION, yes=True)
    assert not desk.answer("chi", SESSION, yes=True), "nobody has asked Chi"
    assert desk.roster()[SESSION] == {"an": "declined", "binh": "proposed"}


def test_an_answer_after_the_start_changes_nothing(open_desk: OpenDesk) -> None:
    """What happened is no longer a matter of answers."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until("2026-11-17 17:00")
    assert not desk.answer("an", SESSION, yes=True)


@pytest.mark.parametrize(
    ("known_at", "heard_at"),
    [
        # The evening before: asked at once, which absorbs the chase; 18:00 is past; two hours before remains.
        ("2026-11-16 19:00", ["2026-11-16 19:00", "2026-11-17 15:00"]),
        # In the night: asked when it is over.
        ("2026-11-16 22:00", ["2026-11-17 07:00", "2026-11-17 15:00"]),
        # Two days before: both reminders are still to come.
        ("2026-11-15 12:00", ["2026-11-15 12:00", "2026-11-16 18:00", "2026-11-17 15:00"]),
        # On the day of the chase, before it: one question a day is enough.
        ("2026-11-14 09:00", ["2026-11-14 09:00", "2026-11-16 18:00", "2026-11-17 15:00"]),
        # Less than two hours before: a question is all that is left.
        ("2026-11-17 15:30", ["2026-11-17 15:30"]),
    ],
)
def test_a_late_session_asks_at_once_and_drops_what_is_past(
    open_desk: OpenDesk, known_at: str, heard_at: list[str]
) -> None:
    """An ask whose hour is past goes as soon as it may; a reminder whose hour is past does not go."""
    desk = open_desk(ONE_EVENING, known_at)
    desk.run_until("2026-11-18 00:00")

    assert desk.times_of_texts_to("An") == heard_at
    assert desk.texts_to("An")[0].says.startswith("UBNDQ1: Moi ban An")


def test_a_reminder_goes_before_the_night_that_it_would_fall_in(open_desk: OpenDesk) -> None:
    """Two hours before 06:30 is in quiet hours: it goes half an hour before they begin."""
    desk = open_desk(ONE_EVENING.replace("17:00-19:30", "06:30-08:00"), "2026-11-03 09:00")
    desk.run_until("2026-11-18 00:00")

    assert desk.times_of_texts_to("An")[-2:] == ["2026-11-16 18:00", "2026-11-16 20:30"]


def test_someone_who_reads_english_gets_english(open_desk: OpenDesk) -> None:
    """The language of a person, not of the desk."""
    english = ONE_EVENING.replace('name = "An"', 'name = "An"\nlanguage = "en"')
    desk = open_desk(english, "2026-11-03 09:00")
    desk.run_until("2026-11-18 00:00")

    evening = "Sao y Tue 17/11, 17:00-19:30, UBND Sai Gon"
    page = "http://127.0.0.1:8000/r/************"
    reminder = f"UBNDQ1: An, duty: {evening}. Residents are waiting. Can't come? {page}"
    assert [text.says for text in desk.texts_to("An")] == [
        f"UBNDQ1: An, can you serve: {evening}? {page}",
        f"UBNDQ1: An, please answer: {evening}. {page}",
        reminder,
        reminder,
    ]


def test_days_come_into_sight_at_local_midnight(open_desk: OpenDesk) -> None:
    """The window rolls with the local date: not a minute before, and without anybody's doing."""
    every_day = f"""{WARD}
[[shifts]]
service = "Sao y"
days = "mon-sun"
time = "17:00-19:30"
needs = {{ volunteer = 1 }}
"""
    week = every_day.replace("[sms]", "[apply]\n\n[sms]").replace("hotline", 'plan_ahead = "7 days"\nhotline')
    desk = open_desk(week, "2026-11-03 09:00")
    last = "sao-y-ubnd-sai-gon@2026-11-11"
    desk.run_until("2026-11-03 23:59")
    assert last not in desk.sessions()

    desk.run_until("2026-11-04 00:00")
    assert desk.sessions()[last] == "scheduled"
    assert len(desk.roster()[last]) == 1, "somebody stands there at once"


def test_who_leaves_the_list_is_replaced(open_desk: OpenDesk) -> None:
    """They hear once that nobody waits for them; somebody else is asked at once."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until("2026-11-12 08:00")
    desk.edit(
        ONE_EVENING.replace('name = "An"\nphone = "0901 000 001"', 'name = "Yên"\nphone = "0901000009"')
    )
    desk.run_until("2026-11-18 00:00")

    assert desk.roster()[SESSION] == {"an": "released", "binh": "silent", "chi": "sought", "yen": "sought"}
    assert desk.times_of_texts_to("Bình")[0] == "2026-11-12 08:00"
    assert desk.times_of_texts_to("An") == ["2026-11-11 18:00", "2026-11-12 08:10"]


def test_a_deputy_stands_in_on_the_dates_named(open_desk: OpenDesk) -> None:
    """The one who is away hears that nobody waits for them; the deputy is reminded."""
    named = ONE_EVENING.replace("needs = { volunteer = 1 }", 'staff = ["Dũng"]')
    desk = open_desk(named, "2026-11-03 09:00")
    desk.run_until("2026-11-16 17:30")
    deputy = 'deputies = [{ for = "Dũng", is = "Lan", from = 2026-11-16, to = 2026-11-18 }]'
    desk.edit(f"{named}{deputy}\n")
    desk.run_until("2026-11-18 00:00")

    assert desk.roster()[SESSION] == {"dung": "released", "lan": "confirmed"}
    assert [text.at for text in desk.texts_to("Dũng")] == ["2026-11-16 17:00", "2026-11-16 17:40"]
    assert "nay khong can Anh/Chi Dung den nua" in desk.texts_to("Dũng")[-1].says


def test_nobody_is_sought_for_staff_who_were_told(open_desk: OpenDesk) -> None:
    """Staff are told, not asked: that no yes came from them is no reason to ask others in their place."""
    desk = open_desk(ONE_EVENING.replace("{ volunteer = 1 }", "{ staff = 1 }"), "2026-11-03 09:00")
    desk.run_until("2026-11-17 17:30")
    [(one, state)] = desk.roster()["sao-y-ubnd-sai-gon@2026-11-17"].items()
    assert (one in ("dung", "lan"), state) == (True, "proposed")
    assert len(desk.phones.taken) == 1, "the evening before"
