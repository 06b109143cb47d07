"""A plan shows what applying would do then, and does none of it; a large change waits for a person."""

import pytest

from scheduler.service.apply_plan import is_held
from tests.desk import ONE_EVENING, WARD, settings_of
from tests.stories.conftest import OpenDesk

EDITS = {
    "nothing": ONE_EVENING,
    "another day": ONE_EVENING.replace('"T3"', '"T5"'),
    "another hour": ONE_EVENING.replace("17:00-19:30", "18:00-20:30"),
    "one more seat": ONE_EVENING.replace("volunteer = 1", "volunteer = 2"),
    "one day more": ONE_EVENING.replace('"T3"', '["T3", "T5"]'),
    "another week": ONE_EVENING.replace("2026-11-17", "2026-11-19").replace("2026-11-22", "2026-11-29")
    + "also = [2026-11-26]\n",
    "new names": ONE_EVENING.replace('"Sao y"', '"Chứng thực"').replace('"An"', '"Văn An"'),
    "who came and went": ONE_EVENING.replace(
        'name = "An"\nphone = "0901 000 001"', 'name = "Y"\nphone = "0901 000 009"'
    ),
}


@pytest.mark.parametrize("edited", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("planned_at", ["2026-11-12 09:00", "2026-11-16 19:00"])
def test_a_plan_is_what_applying_does_then(open_desk: OpenDesk, edited: str, planned_at: str) -> None:
    """The same counts, the same sessions, and looking changes nothing."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until(planned_at)
    before = desk.sessions(), desk.roster(), desk.states_of_messages()
    planned = desk.plan(edited)
    assert (desk.sessions(), desk.roster(), desk.states_of_messages()) == before
    assert desk.edit(edited) == planned


def test_the_texts_of_a_plan_are_those_that_go_within_a_day(open_desk: OpenDesk) -> None:
    """Two volunteers wanted tomorrow: two questions now, two reminders two hours before, and no more."""
    desk = open_desk(
        f'{WARD}\n[[shifts]]\nservice = "Sao y"\ndays = "CN"\ntime = "17:00-19:00"\n', "2026-11-16 19:00"
    )
    tomorrow = ONE_EVENING.replace("volunteer = 1", "volunteer = 2").replace(
        'days = "T3"', 'days = "T3"\nid = "toi"'
    )
    planned = desk.plan(tomorrow)
    desk.edit(tomorrow)
    already = len(desk.phones.taken)
    desk.run_until("2026-11-17 19:00")

    assert (planned.texts, planned.people, planned.segments) == (4, 2, 4)
    went = [parcel.key.partition("/")[0] for parcel in desk.phones.taken[already:]]
    # That nobody answers, and substitutes are asked, is not the edit's doing.
    assert len([kind for kind in went if kind != "substitute"]) == 4


@pytest.mark.parametrize(
    ("channel", "held"),
    [("console", False), ("twilio", True)],
)
def test_the_first_apply_is_held_where_texts_are_real(open_desk: OpenDesk, channel: str, held: bool) -> None:
    """On the console nobody is texted; anywhere else a person looks first."""
    text = ONE_EVENING.replace("[sms]", f'[sms]\nchannel = "{channel}"')
    desk = open_desk(text, "2026-11-03 09:00")
    assert is_held(desk.first, settings_of(text)) is held
    assert not is_held(desk.edit(text), settings_of(text)), "the second is judged by its size"


@pytest.mark.parametrize(
    ("limits", "held"),
    [
        ("cancelled = 0, texts = 500", True),
        ("cancelled = 1, texts = 500", False),
    ],
)
def test_a_change_above_the_limits_is_held(open_desk: OpenDesk, limits: str, held: bool) -> None:
    """Exactly the limit may still go by itself."""
    daily = ONE_EVENING.replace("[sms]", f"[apply]\nhold_above = {{ {limits} }}\n\n[sms]")
    desk = open_desk(daily, "2026-11-03 09:00")
    edited = f"{daily}except = [2026-11-17]\nalso = [2026-11-25]\n"
    assert is_held(desk.plan(edited), settings_of(edited)) is held


@pytest.mark.parametrize(("most", "held"), [(1, True), (2, False)])
def test_texts_above_the_limit_are_held(open_desk: OpenDesk, most: int, held: bool) -> None:
    """A question now and a reminder within the day are two texts."""
    base = ONE_EVENING.replace("[sms]", f"[apply]\nhold_above = {{ texts = {most} }}\n\n[sms]")
    desk = open_desk(base.replace("needs = { volunteer = 1 }", ""), "2026-11-16 19:00")
    assert is_held(desk.plan(base), settings_of(base)) is held
