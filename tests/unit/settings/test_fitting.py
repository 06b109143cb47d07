"""Texts at their longest: the few people who are measured stand for all."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.terms import Accents, Terms
from scheduler.plan.desk import Desk
from scheduler.plan.longest import Outward, longest_texts
from scheduler.reminders.reminder import Audience
from scheduler.reminders.vocabulary import shipped_templates
from scheduler.roster.person import Person
from scheduler.settings.fitting import lean, sender_of, texts_at_their_longest
from scheduler.settings.read import read_text
from scheduler.settings.settings import Settings
from scheduler.timetable.label import Label
from scheduler.timetable.shift import Role

BASE = read_text(
    """\
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
[[wards]]
name = "Sài Gòn"
[[places]]
name = "Bưu cục"
[[services]]
name = "Sao y"
[[services]]
name = "Hướng dẫn trực tuyến"
[[shifts]]
service = "sao-y"
days = "T3"
time = "17:00-19:30"
[[shifts]]
service = "huong-dan-truc-tuyen"
days = "T3"
time = "07:30-11:30"
""",
    "settings.toml",
).settings


def _on_one_line(text: str) -> str:
    """A name as settings give it: single spaces, none at the ends."""
    return " ".join(text.split())


NAMES = st.text("aăắbcđeghi ươ", min_size=1, max_size=12).map(_on_one_line).filter(bool) | st.sampled_from(
    ["Ân", "An" * 9, "Nguyễn Thị Minh Khai", "中文", "A" * 20 + "…", "[An]", "An €", "😀 An"]
)
PEOPLE = st.lists(
    st.builds(
        Person,
        id=st.uuids().map(str),
        name=NAMES,
        phone=st.just("+84901234567"),
        roles=st.frozensets(st.sampled_from(list(Role))),
        salutation=st.sampled_from([None, Label.same("chị"), Label.same("bạn ơi")]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda person: person.id,
)
TEMPLATES = shipped_templates()


@given(
    people=PEOPLE,
    staff=st.integers(0, 12),
    coordinators=st.integers(0, 12),
    places=st.lists(NAMES, min_size=1, max_size=3),
    accents=st.sampled_from(list(Accents)),
)
def test_the_longest_texts_of_the_lean_desk_are_those_of_the_whole(
    people: list[Person], staff: int, coordinators: int, places: list[str], accents: Accents
) -> None:
    """People are told apart by how they are addressed and how long their name is, not one by one.

    What is too long is as much too long. (A courtesy, said where it fits, may stand beside a shorter name.)
    """
    settings = _settings(people, staff, coordinators, places, accents)
    assert _too_long(settings.desk, settings) == _too_long(lean(settings), settings)


def _settings(
    people: list[Person], staff: int, coordinators: int, places: list[str], accents: Accents
) -> Settings:
    assert BASE is not None
    desk, ids = BASE.desk, [person.id for person in people]
    [ward], [place] = desk.wards.values(), desk.places.values()
    halls = {
        str(number): replace(place, id=str(number), name=Label.same(name))
        for number, name in enumerate(places)
    }
    shifts = {
        f"{shift.id}-{hall}": replace(shift, id=f"{shift.id}-{hall}", place=hall, staff=tuple(ids[:staff]))
        for shift in desk.shifts.values()
        for hall in halls
    }
    return replace(
        BASE,
        terms=Terms(accents=accents),
        desk=replace(
            desk,
            wards={ward.id: replace(ward, coordinators=tuple(ids[-coordinators:] if coordinators else ()))},
            places=halls,
            shifts=shifts,
            people={person.id: person for person in people},
        ),
    )


def _too_long(desk: Desk, settings: Settings) -> list[tuple[object, ...]]:
    outward = Outward(settings.service.languages, settings.terms_for, lambda *_: "UBNDQ1", "028 0000 0000")
    return [
        (each.kind, each.language, each.audience, each.measure.segments, each.measure.encoding)
        for each in longest_texts(desk, outward, TEMPLATES)
        if each.measure.segments > settings.terms_for(each.audience).max_segments
    ]


LONG = "Hướng dẫn người dân nộp hồ sơ trực tuyến, tra cứu kết quả và đóng lệ phí qua mạng ngoài giờ làm việc"
DESK = """\
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
[[wards]]
name = "Sài Gòn"
[[places]]
name = "Bưu cục"
[[services]]
name = "Sao y"
[[people]]
name = "Lê Thị B"
phone = "0901 000 001"
roles = ["volunteer"]
[[shifts]]
service = "sao-y"
days = "T3"
time = "17:00-19:30"
needs = { volunteer = 1 }
"""


@pytest.mark.parametrize(
    ("short", "long", "line"),
    [
        ('name = "Bưu cục"', f'name = "{LONG}"', 7),
        ('name = "Sao y"', f'id = "sao-y"\nname = "{LONG}"', 10),
        ('name = "Sao y"', f'name = "Sao y"\nshort = "{LONG}"', 10),
        ('name = "Sao y"', f'name = "Sao y"\nbring = "{LONG}"', 10),
        ('name = "Lê Thị B"', f'name = "{LONG}"', 11),
    ],
    ids=["a place", "a service", "its short name", "what to bring", "a person"],
)
def test_a_text_that_is_too_long_is_told_at_its_longest_part(short: str, long: str, line: int) -> None:
    """There it can be shortened; told at the place, a clerk would shorten what is short already."""
    reading = read_text(DESK.replace(short, long), "settings.toml")
    problems = [each for each in reading.problems if each.code == "text_too_long"]
    assert {each.line for each in problems} == {line}


def test_who_reads_another_language_than_the_desk_is_texted_in_it() -> None:
    """Then the texts of that language are measured too; nobody else's are."""
    alone = DESK.replace("[[wards]]", 'languages = ["vi"]\n[[wards]]').replace("Bưu cục", LONG)
    told = {each.params["text"].split(".")[1] for each in read_text(alone, "settings.toml").problems}
    assert told == {"vi"}
    abroad = alone.replace('phone = "0901 000 001"', 'phone = "0901 000 001"\nlanguage = "en"')
    texts = texts_at_their_longest(_settings_of(abroad.replace(LONG, "Bưu cục")))
    assert {each.language for each in texts} == {"vi", "en"}


def _settings_of(text: str) -> Settings:
    settings = read_text(text, "settings.toml").settings
    assert settings is not None
    return settings


def test_a_text_to_residents_names_no_person() -> None:
    """Whom a text is for is told only where its name is in the text."""
    reading = read_text(DESK.replace("Bưu cục", LONG).replace('roles = ["volunteer"]', ""), "settings.toml")
    told = [each.message(language) for each in reading.problems for language in ("vi", "en")]
    [vi, en] = [each for each in told if "resident" in each]
    assert "–" not in vi + en
    assert "gửi" not in vi
    assert " to " not in en.split(" is ")[0]


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("Ca trực", "Ca truc"),
        ("Ca trực phường Sài Gòn", "Ca truc"),
        ("UBND phường Sài Gòn", "UBND phuong"),
        ("UBND Quận 1", "UBND Quan 1"),
        ("Chứngthựcngoàigiờ", "Chungthucng"),
    ],
)
def test_without_a_sender_texts_name_whole_words_of_the_service(name: str, sender: str) -> None:
    """A word that is cut reads like a mistake, or like somebody else."""
    assert BASE is not None
    settings = replace(BASE, service=replace(BASE.service, name=Label.same(name)))
    assert sender_of(settings, Audience.VOLUNTEER, settings.desk.ward_of("buu-cuc")) == sender
