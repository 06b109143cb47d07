"""Rehearsals: who is really texted, and how that is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.message import Audience
from notifications.terms import Terms
from scheduler.settings.read import read_text
from scheduler.settings.rehearsal import Rehearsal, for_everybody, rehearsal_of, turn_between
from scheduler.settings.settings import Settings

PHONE = "+84901234567"
SMALLEST = """\
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
[[wards]]
name = "Sài Gòn"
[[places]]
name = "Bưu cục"
[[services]]
name = "Sao y"
[[shifts]]
service = "sao-y"
days = "T3"
time = "17:00-19:30"
"""


def settings(sms: str) -> Settings:
    """A small desk whose ``[sms]`` holds these lines."""
    reading = read_text(f'{SMALLEST}\n[sms]\nsender = "UBNDQ1"\n{sms}\n', "settings.toml")
    assert reading.settings, reading.render("en")
    return reading.settings


ALL: tuple[Audience, ...] = ("staff", "volunteer", "resident")
LIST = 'only_to = ["0901 234 567"]'


@pytest.mark.parametrize(
    ("sms", "audiences"),
    [
        ("", ()),
        ("only_to = []", ()),
        (LIST, ALL),
        (f"[sms.resident]\n{LIST}", ("resident",)),
        (f"[sms.volunteer]\n{LIST}\n[sms.staff]\n{LIST}", ("staff", "volunteer")),
        (f"{LIST}\n[sms.staff]\nonly_to = []", ("volunteer", "resident")),
        (f"{LIST}\n[sms.staff]\naccents = 'keep'\nmax_segments = 3", ALL),
        (
            f"{LIST}\n[sms.staff]\nonly_to = []\n[sms.volunteer]\nonly_to = []\n[sms.resident]\nonly_to = []",
            (),
        ),
    ],
)
def test_a_list_for_everyone_or_for_an_audience_makes_a_rehearsal(
    sms: str, audiences: tuple[Audience, ...]
) -> None:
    """An audience that has a list of its own follows that, an empty one included."""
    found = rehearsal_of(settings(sms))
    assert (found.audiences if found else ()) == audiences


@pytest.mark.parametrize(
    ("audiences", "vi", "en"),
    [
        (
            ALL,
            "DIỄN TẬP: chỉ nhắn đến các số trong only_to.",
            "REHEARSAL: only the numbers in only_to are texted.",
        ),
        (
            ("volunteer",),
            (
                "DIỄN TẬP: tin cho tình nguyện viên chỉ đến các số trong only_to; "
                "những người khác vẫn nhận tin thật."
            ),
            "REHEARSAL: texts to volunteers reach only the numbers in only_to; all others are really texted.",
        ),
        (
            ("staff", "resident"),
            (
                "DIỄN TẬP: tin cho cán bộ và người dân chỉ đến các số trong only_to; "
                "những người khác vẫn nhận tin thật."
            ),
            (
                "REHEARSAL: texts to staff and residents reach only the numbers in only_to; "
                "all others are really texted."
            ),
        ),
    ],
)
def test_the_desk_is_told_who_is_really_texted(audiences: tuple[Audience, ...], vi: str, en: str) -> None:
    """In both languages, and the key to change is named."""
    told = Rehearsal(audiences, frozenset({PHONE})).to_the_desk()
    assert (told.vi, told.en) == (vi, en)


@pytest.mark.parametrize(("audiences", "of_texts"), [(ALL, True), (("volunteer",), False)])
def test_residents_are_told_not_to_come_in_vain(audiences: tuple[Audience, ...], of_texts: bool) -> None:
    """They know no settings; of texts they are told when their own do not come."""
    told = Rehearsal(audiences, frozenset({PHONE})).to_residents()
    assert told.vi.startswith("ĐANG DIỄN TẬP.")
    assert told.en.startswith("REHEARSAL.")
    assert "only_to" not in f"{told.vi}{told.en}"
    assert ("Tin nhắn" in told.vi, "Texts" in told.en) == (of_texts, of_texts)


@given(st.frozensets(st.sampled_from(ALL), min_size=1))
def test_no_sentence_and_no_repr_holds_a_number(audiences: frozenset[Audience]) -> None:
    """Sentences stand on pages and in logs."""
    one = Rehearsal(tuple(audiences), frozenset({PHONE}))
    assert PHONE[3:] not in f"{one!r}{one.to_the_desk()}{one.to_residents()}"


@given(st.sampled_from([f"{LIST}\nrate = '5/s'", f"[sms.staff]\n{LIST}", ""]))
def test_what_reaches_nobody_needs_no_list(sms: str) -> None:
    """A simulation shows every text; all else of the terms is as it was."""
    rehearsed = settings(sms)
    real = for_everybody(rehearsed)
    assert rehearsal_of(real) is None
    assert (real.terms.rate, real.terms.sender) == (rehearsed.terms.rate, "UBNDQ1")
    assert real.audience_terms.keys() == rehearsed.audience_terms.keys()


OFF, ON = Terms(), Terms(only_to=(PHONE,))


@pytest.mark.parametrize(
    ("former", "present", "turn"),
    [
        (None, OFF, None),
        (None, ON, "begun"),
        (OFF, ON, "begun"),
        (ON, ON, None),
        (ON, Terms(only_to=("+84901234568",)), "changed"),
        (ON, OFF, "ended"),
        (OFF, OFF, None),
        (ON, Terms(only_to=(PHONE,), rate=5.0), None),
    ],
)
def test_an_edit_begins_changes_or_ends_a_rehearsal(
    former: Terms | None, present: Terms, turn: str | None
) -> None:
    """Another number is a change; another rate is none."""
    base = settings("")
    then, now = (base if terms is None else _with(base, terms) for terms in (former, present))
    assert turn_between(None if former is None else then, now) == turn


def _with(base: Settings, terms: Terms) -> Settings:
    return Settings(base.service, base.desk, terms)
