"""What falls due for one person on one evening is one text, where it fits; each shift has its own life."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from notifications.channels.channel import NotSent
from notifications.fault import Fault
from notifications.tables import messages
from scheduler.reminders.reminder import Kind
from scheduler.service.office import Office
from scheduler.service.simulate import Simulation
from tests.desk import ONE_EVENING, PHONES, Desk, Text, instant, settings_of
from tests.outgoing import opened
from tests.stories.conftest import OpenDesk

NEVER = '\nwhen = ["sun 01:00-01:30"]'
ONLY_AN = (
    ONE_EVENING.replace('days = "T3"', 'days = ["T5", "T7"]')
    .replace('name = "Bình"', 'name = "Bình"' + NEVER)
    .replace('name = "Chi"', 'name = "Chi"' + NEVER)
    .replace("[sms]", '[sms]\nreplies_to = "0901 999 999"')
)
BY_TEXT = ONLY_AN.replace("[sms]", '[sms]\nanswer = "reply"')
THURSDAY, SATURDAY = "sao-y-ubnd-sai-gon@2026-11-19", "sao-y-ubnd-sai-gon@2026-11-21"
# Monday of the same week: both questions are late, and go at once.
LATE = "2026-11-16 09:00"
LINK = "http://127.0.0.1:8000/r/************"
NEXT = f"T5 19/11, 17:00-19:30. Tra loi: {LINK}"
LAN = "Lan"


def two_hours(thursday: str, saturday: str) -> str:
    """A session on Thursday 19 at 17:00 and one on Saturday 21 at 08:00, each with reminders of its own."""
    evening = ONLY_AN.replace('["T5", "T7"]', '"T5"') + f"reminders.volunteer = {{ {thursday} }}\n"
    return evening + (
        '\n[[shifts]]\nid = "sang"\nservice = "Sao y"\ndays = "T7"\ntime = "08:00-11:00"\n'
        "from = 2026-11-17\nuntil = 2026-11-22\nneeds = { volunteer = 1 }\n"
        f"reminders.volunteer = {{ {saturday} }}\n"
    )


def hours_of(desk: Desk, day: str) -> list[str]:
    """When An got texts on this day of the month."""
    return [at[11:] for at in desk.times_of_texts_to("An") if at[8:10] == day]


def said_to(desk: Desk, who: str) -> list[str]:
    """What the phone was told, without the sender."""
    return [text.says.removeprefix("UBNDQ1: ") for text in desk.texts_to(who)]


def write(desk: Desk, text: str) -> None:
    """An writes; what it causes is over in five seconds."""
    desk.receive(PHONES["An"], text)
    after = desk.clock().astimezone(desk.office.zone) + timedelta(seconds=5)
    desk.run_until(f"{after:%Y-%m-%d %H:%M:%S}")


def test_two_questions_of_one_moment_are_one_text(open_desk: OpenDesk) -> None:
    """It says what both would have said, with one link; both count as asked."""
    desk = open_desk(ONLY_AN, LATE)
    desk.run_until("2026-11-16 12:00")
    assert desk.texts_to("An") == [
        Text(
            LATE,
            "UBNDQ1: ban An, 2 ca tuan nay: Sao y, UBND Sai Gon, T5 19/11, 17:00-19:30; "
            f"T7 21/11, 17:00-19:30. Tra loi: {LINK}",
        )
    ]
    assert desk.roster() == {THURSDAY: {"an": "asked"}, SATURDAY: {"an": "asked"}}


@pytest.mark.parametrize(
    ("thursday", "saturday", "hours"),
    [
        ("18:00", "19:00", ["18:00"]),
        ("19:00", "18:00", ["18:00"]),
        ("17:30", "20:30", ["17:30"]),
        # Three hours are an evening, more are two occasions.
        ("17:29", "20:30", ["17:29", "20:30"]),
    ],
)
def test_two_questions_of_one_evening_are_one_text(
    open_desk: OpenDesk, thursday: str, saturday: str, hours: list[str]
) -> None:
    """The second is said with the first, and not again at its own hour; both count as asked."""
    asked = f'ask = "6 days at {thursday}"', f'ask = "8 days at {saturday}"'
    desk = open_desk(two_hours(*asked), "2026-11-09 09:00")
    desk.run_until("2026-11-14 09:00")
    assert hours_of(desk, "13") == hours
    assert ("2 ca tuan sau" in said_to(desk, "An")[0]) is (len(hours) == 1)
    assert desk.roster() == {THURSDAY: {"an": "asked"}, "sang@2026-11-21": {"an": "asked"}}


@pytest.mark.parametrize(
    ("thursday", "saturday", "day", "hours"),
    [
        pytest.param(
            '"1 day at 18:00"', '"3 days at 19:00"', "18", ["18:00"], id="of tomorrow and the day after"
        ),
        pytest.param('"2 hours"', '"2 days at 16:00"', "19", ["15:00"], id="one more with that of today"),
        pytest.param('"2 hours"', '"2 days at 14:00"', "19", ["14:00", "15:00"], id="today keeps its hour"),
        pytest.param(
            '"1 day at 18:00", "1 day at 20:00"',
            '"3 days at 18:00"',
            "18",
            ["18:00", "20:00"],
            id="two of one session keep theirs",
        ),
    ],
)
def test_a_reminder_comes_sooner_only_where_nothing_is_lost(
    open_desk: OpenDesk, thursday: str, saturday: str, day: str, hours: list[str]
) -> None:
    """What is for setting out, and what was wanted twice, is said at its own hour."""
    asked = 'ask = "9 days at 18:00", chase = "9 days at 18:01", remind = '
    desk = open_desk(two_hours(f"{asked}[{thursday}]", f"{asked}[{saturday}]"), "2026-11-09 09:00")
    desk.run_until("2026-11-13 09:00")
    for session in (THURSDAY, "sang@2026-11-21"):
        assert desk.answer("an", session, True)
    desk.run_until("2026-11-20 09:00")
    assert hours_of(desk, day) == hours


def test_what_has_just_changed_is_not_said_sooner(open_desk: OpenDesk) -> None:
    """An edit waits ten minutes before anybody hears of it: until then it may be taken back unheard."""
    desk = open_desk(two_hours('ask = "6 days at 18:00"', 'ask = "8 days at 19:00"'), "2026-11-09 09:00")
    desk.run_until("2026-11-13 17:55")
    desk.edit(desk.text.replace("08:00-11:00", "09:00-11:00"))
    desk.run_until("2026-11-13 20:00")
    assert hours_of(desk, "13") == ["18:00", "19:00"]
    assert "T7 21/11, 09:00-11:00" in said_to(desk, "An")[1]


def test_taken_apart_each_goes_at_its_own_hour(open_desk: OpenDesk) -> None:
    """Who answers one of them before the text could leave hears of the other when it was to be said."""
    desk = open_desk(two_hours('ask = "6 days at 18:00"', 'ask = "8 days at 19:00"'), "2026-11-09 09:00")
    desk.phones.trouble[PHONES["An"]] = NotSent(Fault.TRANSIENT, "503", "The network is busy.")
    desk.run_until("2026-11-13 18:00")
    assert desk.states_of_messages()["joined"] == 2
    desk.phones.trouble.clear()
    assert desk.answer("an", THURSDAY, True)
    assert desk.states_of_messages()["joined"] == 0
    desk.run_until("2026-11-13 20:00")
    assert hours_of(desk, "13") == ["19:00"]


def test_the_books_of_a_simulation_agree_though_some_is_said_sooner(database_url: str) -> None:
    """Who answers a question before its own hour, having heard it with another, makes nothing unplanned."""
    daily = ONE_EVENING.replace('days = "T3"', 'days = "daily"').replace("2026-11-22", "2026-11-21")
    morning = daily[daily.index("[[shifts]]") :].replace("17:00-19:30", "08:00-10:00")
    later = 'reminders.volunteer = { ask = "5 days at 20:30" }\n'
    text = f'{daily}id = "toi"\n{morning}id = "sang"\n{later}'
    with opened(database_url) as database:
        run = Simulation(database, Office(settings_of(text)), instant("2026-11-10 09:00"), seed=2)
        for _ in run.days(8, "vi"):
            pass
        books = run.books()
        with database.read() as connection:
            own, joint = messages.alias(), messages
            sooner = select(func.count()).select_from(own.join(joint, own.c.joint_id == joint.c.id))
            assert connection.scalar(sooner.where(joint.c.handed_at < own.c.send_at))
    assert books.agree, books


def test_a_question_and_a_reminder_are_one_text(open_desk: OpenDesk) -> None:
    """What was promised is told apart from what waits for an answer."""
    desk = open_desk(ONLY_AN.replace('["T5", "T7"]', '["T3", "T5"]'), "2026-11-03 09:00")
    desk.run_until("2026-11-12 09:00")
    desk.answer("an", "sao-y-ubnd-sai-gon@2026-11-17", True)
    desk.run_until("2026-11-16 18:00")
    assert said_to(desk, "An")[-2:] == [
        f"Nhac ban An: ca Sao y T3 17/11, 17:00-19:30, UBND Sai Gon. Nguoi dan dang cho. Khong den: {LINK}",
        f"ban An, 2 ca tuan nay: Sao y, UBND Sai Gon, T3 17/11, 17:00-19:30 (da nhan); {NEXT}",
    ]


def test_promises_alone_say_how_to_give_up(open_desk: OpenDesk) -> None:
    """Nothing is asked of who has said yes."""
    two_places = ONLY_AN.replace('days = ["T5", "T7"]', 'days = "T5"') + (
        '\n[[shifts]]\nid = "sang"\nservice = "Sao y"\ndays = "T5"\ntime = "08:00-11:00"\n'
        "from = 2026-11-17\nuntil = 2026-11-22\nneeds = { volunteer = 1 }\n"
    )
    desk = open_desk(two_places, "2026-11-03 09:00")
    desk.run_until("2026-11-12 09:00")
    desk.answer("an", THURSDAY, True)
    desk.answer("an", "sang@2026-11-19", True)
    desk.run_until("2026-11-16 18:00")
    hours = "T5 19/11, 08:00-11:00; T5 19/11, 17:00-19:30"
    assert said_to(desk, "An") == [f"ban An, 2 ca tuan nay: Sao y, UBND Sai Gon, {hours}. Khong den: {LINK}"]


def test_a_bare_answer_to_two_questions_is_asked_back(open_desk: OpenDesk) -> None:
    """The numbers stand in the text; only an answer with one of them counts."""
    desk = open_desk(BY_TEXT, LATE)
    desk.run_until("2026-11-16 09:01")
    (asked,) = said_to(desk, "An")
    assert asked == (
        "ban An, 2 ca tuan nay: Sao y, UBND Sai Gon, 11: T5 19/11, 17:00-19:30; 12: T7 21/11, 17:00-19:30. "
        "Tra loi: soan CO hoac KO kem so gui 0901999999"
    )
    write(desk, "có")
    assert said_to(desk, "An")[-1].startswith("ban An tra loi ca nao? 11: T5 19/11 17:00, 12: T7")
    assert set(desk.roster()[THURSDAY].values()) | set(desk.roster()[SATURDAY].values()) == {"asked"}
    write(desk, "co 11")
    write(desk, "ko 12")
    assert desk.roster() == {THURSDAY: {"an": "confirmed"}, SATURDAY: {"an": "declined"}}


@pytest.mark.parametrize(
    "text", ["1 co 2 khong", "co ca hai", "CO 11 12", "có 11 không 12", "ca hai deu duoc"]
)
def test_two_answers_in_one_text_reach_a_person(open_desk: OpenDesk, text: str) -> None:
    """Nothing is guessed: neither counts, the coordinator reads it, and An hears how to answer."""
    desk = open_desk(BY_TEXT, LATE)
    desk.run_until("2026-11-16 09:01")
    write(desk, text)
    assert desk.roster() == {THURSDAY: {"an": "asked"}, SATURDAY: {"an": "asked"}}
    assert said_to(desk, LAN)[-1].startswith("An nhan tin:")
    assert said_to(desk, "An")[-1].startswith("Xin loi, may chua hieu. 11: T5 19/11 17:00, 12: T7")


def test_what_becomes_of_one_of_them_is_told_of_that_one(open_desk: OpenDesk) -> None:
    """Who was told of both hears when one moves and when one is called off; the other goes on."""
    desk = open_desk(ONLY_AN, LATE)
    desk.run_until("2026-11-16 10:00")
    assert len(desk.texts_to("An")) == 1
    desk.edit(desk.text + "except = [2026-11-21]\n")
    desk.run_until("2026-11-16 11:00")
    assert [text.split(".")[0] for text in said_to(desk, "An")[1:]] == [
        "Ca Sao y T7 21/11, 17:00-19:30 tai UBND Sai Gon KHONG dien ra, ban An khong can den"
    ]
    desk.edit(desk.text.replace("17:00-19:30", "18:00-20:00"))
    desk.run_until("2026-11-16 12:00")
    assert [text.split(",")[0] for text in said_to(desk, "An")[2:]] == ["Ca Sao y doi tu T5 19/11"]


def test_an_answer_or_a_cancellation_before_it_leaves_takes_it_apart(open_desk: OpenDesk) -> None:
    """What waits is what is true now: nothing is asked that has been answered or called off meanwhile."""
    desk = open_desk(ONLY_AN, LATE)
    desk.phones.trouble[PHONES["An"]] = NotSent(Fault.TRANSIENT, "503", "The network is busy.")
    desk.run_until(LATE)
    assert desk.states_of_messages()["joined"] == 2
    desk.answer("an", SATURDAY, True)
    assert desk.states_of_messages()["joined"] == 0
    desk.phones.trouble.clear()
    desk.run_until("2026-11-16 10:00")
    assert [text.split(",")[0] for text in said_to(desk, "An")] == ["Moi ban An truc Sao y T5 19/11"]


def test_a_text_that_is_given_up_as_too_late_is_not_put_together_again(open_desk: OpenDesk) -> None:
    """Each of the two is tried by itself, and given up in its turn; nobody else waits for that."""
    desk = open_desk(ONLY_AN, LATE)
    desk.phones.trouble[PHONES["An"]] = NotSent(Fault.TOO_LATE, "expired", "It came too late.")
    desk.run_until("2026-11-16 09:01")
    assert desk.states_of_messages()["failed"] == 3


def test_a_text_that_could_not_go_goes_later_as_one(open_desk: OpenDesk) -> None:
    """A busy network is tried again with the same text, and nothing is said twice."""
    desk = open_desk(ONLY_AN, LATE)
    desk.phones.trouble[PHONES["An"]] = NotSent(Fault.TRANSIENT, "503", "The network is busy.")
    desk.run_until(LATE)
    desk.phones.trouble.clear()
    desk.run_until("2026-11-16 12:00")
    assert [text.split(":")[0] for text in said_to(desk, "An")] == ["ban An, 2 ca tuan nay"]
    assert set(desk.roster()[THURSDAY].values()) == {"asked"}


def test_a_number_that_takes_no_texts_is_told_once(open_desk: OpenDesk) -> None:
    """What was to be said fails for all of them, and the coordinator hears of the person once."""
    desk = open_desk(ONLY_AN, LATE)
    desk.phones.trouble[PHONES["An"]] = NotSent(Fault.BAD_NUMBER, "21211", "No such number.")
    desk.run_until("2026-11-16 10:00")
    about_an = [text for text in said_to(desk, LAN) if text.startswith("An ")]
    assert about_an == ["An khong nhan duoc tin, xem lai so dien thoai. Nho Anh/Chi Lan goi bao ca truc."]


def test_what_does_not_fit_goes_by_itself(open_desk: OpenDesk) -> None:
    """One text that costs two is no gain, and none leaves out where to go."""
    long = ONLY_AN.replace('"UBND Sài Gòn"', '"Nhà văn hoá thiếu nhi khu phố 12"')
    long = long.replace("hotline =", 'public_url = "https://truc.quan1.hcm.gov.vn"\nhotline =')
    desk = open_desk(long, LATE)
    desk.run_until("2026-11-16 12:00")
    assert [text.split(" Sao y")[0] for text in said_to(desk, "An")] == ["Moi ban An truc"] * 2


def test_staff_get_one_text_of_their_duties(open_desk: OpenDesk) -> None:
    """They are told, not asked; each at their own hour, unless two fall on one."""
    two = ONE_EVENING.replace('days = "T3"', 'days = "T5"').replace(
        "needs = { volunteer = 1 }", 'staff = ["Dũng"]'
    ) + (
        '\n[[shifts]]\nid = "sang"\nservice = "Sao y"\ndays = "T5"\ntime = "08:00-11:00"\n'
        'from = 2026-11-17\nuntil = 2026-11-22\nstaff = ["Dũng"]\n'
    )
    desk = open_desk(two, "2026-11-03 09:00")
    desk.run_until("2026-11-19 20:00")
    assert desk.texts_to("Dũng") == [
        Text(
            "2026-11-18 17:00",
            "UBNDQ1: Anh/Chi Dung, 2 ca tuan nay: Sao y, UBND Sai Gon, T5 19/11, 08:00-11:00; "
            f"T5 19/11, 17:00-19:30. Tai quay: {LINK}",
        )
    ]


def test_it_counts_as_one_text_of_several_matters(open_desk: OpenDesk) -> None:
    """The outbox holds each reminder under its own key, and the text that said them under its own."""
    desk = open_desk(ONLY_AN, LATE)
    desk.run_until("2026-11-16 12:00")
    states = desk.states_of_messages()
    assert (states["joined"], states["sent"]) == (2, 1)
    assert desk.phones.taken[0].key.startswith(f"{Kind.SEVERAL}/an/")
