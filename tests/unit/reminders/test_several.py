"""One text for several shifts: what it says, when it is none, and that nothing is left out of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.terms import Accents, Answer
from notifications.text import measure
from scheduler.reminders.answering import Means
from scheduler.reminders.reminder import Audience, Kind
from scheduler.reminders.several import Matter, Voice, listed, may_come_sooner, week_of
from scheduler.reminders.vocabulary import shipped_templates
from scheduler.reminders.wording import Addressee
from scheduler.timetable.label import Label
from tests.unit.reminders.evening import SAIGON, at

NOW = at("16 18:00")
HALL, OFFICE = Label("Nhà văn hoá", "Culture house"), Label("UBND Sài Gòn", "Saigon Hall")
COPIES, DESK = Label("sao y", "copies"), Label("tiếp dân", "reception")
TUESDAY = Matter(at("17 17:00"), at("17 19:30"), COPIES, OFFICE, is_open=True)
THURSDAY = replace(TUESDAY, starts=at("19 17:00"), ends=at("19 19:30"))
MOVED = replace(THURSDAY, place=HALL, service=DESK, leads=True)
LINK = Means(Answer.LINK, "https://ca.vn", name="abcdefg")
BY_TEXT = Means(Answer.REPLY, "https://ca.vn", "0901234567", item=11)
TO = Addressee("+84901000001", "vi", "UBNDQ1", Accents.KEEP, max_segments=4, name="An", means=LINK)
VOICE = Voice(TO, Audience.VOLUNTEER, shipped_templates(), "028 1", SAIGON)
PAGE = "https://ca.vn/r/*abcdefg****"


def test_staff_are_led_to_the_counter_where_it_fits() -> None:
    """They are asked nothing; without a page, or without room for it, they read whom to call."""
    duties = replace(TUESDAY, is_open=False), replace(THURSDAY, is_open=False)
    clerk = replace(VOICE, audience=Audience.STAFF)
    hours = "sao y, UBND Sài Gòn, T3 17/11, 17:00-19:30; T5 19/11, 17:00-19:30"
    assert clerk.say(duties, NOW) == f"UBNDQ1: Anh/Chị An, 2 ca tuần này: {hours}. Tại quầy: {PAGE}"
    without = replace(clerk, to=replace(TO, means=None))
    assert without.say(duties, NOW) == f"UBNDQ1: Anh/Chị An, 2 ca tuần này: {hours}. Không đến: gọi 028 1"


def promised(matter: Matter) -> Matter:
    """The same after a yes."""
    return replace(matter, is_open=False, is_taken=True)


@pytest.mark.parametrize(
    ("matters", "to", "said"),
    [
        pytest.param(
            (TUESDAY, THURSDAY),
            TO,
            "bạn An, 2 ca tuần này: sao y, UBND Sài Gòn, T3 17/11, 17:00-19:30; T5 19/11, 17:00-19:30. "
            f"Trả lời: {PAGE}",
            id="two questions at one place",
        ),
        pytest.param(
            (promised(TUESDAY), promised(THURSDAY)),
            TO,
            "bạn An, 2 ca tuần này: sao y, UBND Sài Gòn, T3 17/11, 17:00-19:30; T5 19/11, 17:00-19:30. "
            f"Không đến: {PAGE}",
            id="promises alone",
        ),
        pytest.param(
            (promised(TUESDAY), MOVED),
            TO,
            "bạn An, 2 ca tuần này: T3 17/11, 17:00-19:30 (đã nhận), sao y, UBND Sài Gòn; "
            f"T5 19/11, 17:00-19:30, tiếp dân, Nhà văn hoá (trưởng nhóm). Trả lời: {PAGE}",
            id="one promised, one asked, elsewhere and as leader",
        ),
        pytest.param(
            (replace(TUESDAY, number=11), replace(THURSDAY, number=12)),
            replace(TO, language="en", means=BY_TEXT),
            "An, 2 shifts this week: copies, Saigon Hall, 11: Tue 17/11, 17:00-19:30; "
            "12: Thu 19/11, 17:00-19:30. Answer: text CO (yes)/KO (no) and its number to 0901234567",
            id="by text, in English",
        ),
        pytest.param(
            (promised(replace(TUESDAY, number=11)), promised(replace(THURSDAY, number=12))),
            replace(TO, language="en", means=BY_TEXT),
            "An, 2 shifts this week: copies, Saigon Hall, 11: Tue 17/11, 17:00-19:30; "
            "12: Thu 19/11, 17:00-19:30. Can't come? text HUY and its number to 0901234567",
            id="promises by text",
        ),
        pytest.param(
            (promised(TUESDAY), promised(THURSDAY)),
            replace(TO, means=None),
            "bạn An, 2 ca tuần này: sao y, UBND Sài Gòn, T3 17/11, 17:00-19:30; T5 19/11, 17:00-19:30. "
            "Không đến: gọi 028 1",
            id="by telephone",
        ),
        pytest.param(
            (TUESDAY, THURSDAY),
            replace(TO, accents=Accents.STRIP, max_segments=1, name="Nguyễn Thị Mỹ Hạnh Phương Thảo Nguyên"),
            "2 ca tuan nay: sao y, UBND Sai Gon, T3 17/11, 17:00-19:30; T5 19/11, 17:00-19:30. "
            f"Tra loi: {PAGE}",
            id="without the name where it would not fit",
        ),
    ],
)
def test_it_says_all_of_them(matters: tuple[Matter, ...], to: Addressee, said: str) -> None:
    """What is the same of all is said once, what differs with each; and how to answer once."""
    assert replace(VOICE, to=to).say(matters, NOW) == f"UBNDQ1: {said}"


@pytest.mark.parametrize(
    ("days", "today", "name"),
    [
        ((17, 19), 16, "tuần này"),
        ((17, 22), 17, "tuần này"),  # Sunday is the last day
        ((23, 29), 22, "tuần sau"),
        ((22, 23), 16, "sắp tới"),
        ((30,), 16, "sắp tới"),
    ],
)
def test_the_week_is_from_monday_to_sunday(days: tuple[int, ...], today: int, name: str) -> None:
    """Named is only what holds for all of them."""
    assert week_of([date(2026, 11, day) for day in days], date(2026, 11, today), "vi") == name


@given(
    minutes=st.lists(st.integers(0, 70 * 24 * 60), min_size=2, max_size=5),
    places=st.lists(st.sampled_from((HALL, OFFICE)), min_size=5, max_size=5),
    segments=st.integers(1, 3),
    accents=st.sampled_from(Accents),
    name=st.sampled_from(("An", "Nguyễn Thị Mỹ Hạnh Phương Thảo Nguyên")),
)
def test_it_leaves_nothing_out_or_is_none(
    minutes: list[int], places: list[Label], segments: int, accents: Accents, name: str
) -> None:
    """Never longer than a text may be, and never without an hour, a place or the way to answer."""
    starts = [NOW + timedelta(minutes=each) for each in minutes]
    matters = [
        replace(TUESDAY, starts=one, ends=one + timedelta(hours=2), place=place)
        for one, place in zip(starts, places, strict=False)
    ]
    to = replace(TO, max_segments=segments, accents=accents, name=name)
    said = replace(VOICE, to=to).say(matters, NOW)
    if said is None:
        plain = replace(VOICE, to=replace(to, max_segments=99, accents=Accents.STRIP, name=""))
        shortest = plain.say(matters, NOW)
        assert shortest is not None
        assert measure(shortest).segments > segments or accents is not Accents.STRIP
        return
    assert measure(said).segments <= segments
    assert PAGE in said
    for matter in matters:
        starts_at, ends_at = matter.starts.astimezone(SAIGON), matter.ends.astimezone(SAIGON)
        assert f"{starts_at:%d/%m}, {starts_at:%H:%M}-{ends_at:%H:%M}" in said


@pytest.mark.parametrize(
    ("kind", "send_at", "starts", "may"),
    [
        pytest.param(Kind.ASK, "16 19:00", "19 17:00", True, id="a question of Thursday"),
        pytest.param(Kind.CHASE, "16 23:59", "16 23:59", True, id="a question of tonight"),
        pytest.param(Kind.ASK, "17 00:00", "19 17:00", False, id="a question for tomorrow"),
        pytest.param(Kind.REMIND, "16 19:00", "17 08:00", True, id="a reminder of tomorrow"),
        pytest.param(Kind.DUTY, "16 19:00", "17 08:00", True, id="a duty of tomorrow"),
        pytest.param(Kind.REMIND, "16 19:00", "16 21:00", False, id="two hours before"),
        pytest.param(Kind.REMIND, "16 18:30", "17 00:30", True, id="six hours before midnight's"),
        pytest.param(Kind.DUTY, "16 18:31", "17 00:30", False, id="less than six hours before midnight's"),
        pytest.param(Kind.REMIND, "16 18:01", "16 23:59", False, id="on the day itself"),
        pytest.param(Kind.REMIND, "17 07:00", "19 17:00", False, id="a reminder for tomorrow"),
    ],
)
def test_what_is_far_away_may_be_said_sooner_the_same_evening(
    kind: Kind, send_at: str, starts: str, may: bool
) -> None:
    """Nothing is lost by it: questions, and reminders of a later day that would not be for setting out."""
    assert may_come_sooner(kind, at(send_at), at(starts), NOW, SAIGON) is may


def test_a_list_of_one_place_is_shorter_than_one_of_two() -> None:
    """The place is named once."""
    assert listed((TUESDAY, THURSDAY), SAIGON, "vi").count("UBND Sài Gòn") == 1
    assert listed((TUESDAY, MOVED), SAIGON, "vi").count("UBND Sài Gòn") == 1
