"""Who was sent home and is wanted again hears of it where they heard the one, and of neither where not."""

import pytest

from tests.desk import ONE_EVENING, Desk
from tests.stories.conftest import OpenDesk

SESSION = "sao-y-ubnd-sai-gon@2026-11-17"
NEVER = '\nwhen = ["sun 01:00-01:30"]'
TWO = ONE_EVENING.replace('name = "Chi"', 'name = "Chi"' + NEVER).replace("volunteer = 1", "volunteer = 2")
ONE = TWO.replace("volunteer = 2", "volunteer = 1")


def told_since(desk: Desk, who: str, since: str) -> list[str]:
    """The first words of what somebody heard from then on, after the sender."""
    return [" ".join(text.says.split()[1:3]) for text in desk.texts_to(who) if text.at >= since]


@pytest.mark.parametrize("has_said_yes", [False, True])
@pytest.mark.parametrize(
    ("sent_home", "back", "hears"),
    [
        pytest.param("2026-11-12 09:00", "2026-11-12 09:09", [], id="before the text"),
        pytest.param(
            "2026-11-12 21:30", "2026-11-12 23:00", [], id="before the text, which the night held back"
        ),
        pytest.param("2026-11-12 09:00", "2026-11-12 09:11", ["Ca Sao", "Moi ban"], id="after the text"),
    ],
)
def test_who_is_wanted_again_hears_of_it_exactly_when_they_heard_the_other(
    open_desk: OpenDesk, has_said_yes: bool, sent_home: str, back: str, hears: list[str]
) -> None:
    """Unheard, seat and answer are as they were; who heard that they need not come is asked anew."""
    desk = open_desk(TWO, "2026-11-09 09:00")
    desk.run_until("2026-11-12 08:00")
    if has_said_yes:
        assert all(desk.answer(person, SESSION, True) for person in ("an", "binh"))
    before = desk.roster()
    desk.run_until(sent_home)
    desk.edit(ONE)
    assert sorted(desk.roster()[SESSION].values()) == sorted([before[SESSION]["an"], "released"])
    desk.run_until(back)
    desk.edit(TWO)
    desk.run_until("2026-11-13 09:00")
    assert told_since(desk, "An", sent_home) == []
    assert told_since(desk, "Bình", sent_home) == hears
    if hears:
        assert desk.roster()[SESSION]["binh"] == "asked"
    else:
        assert desk.roster() == before


@pytest.mark.parametrize(
    ("has_said_yes", "hears"), [(True, ["Ca Sao", "Ca Sao"]), (False, ["Ca Sao", "Moi ban"])]
)
def test_who_heard_it_at_once_hears_at_once_that_it_is_undone(
    open_desk: OpenDesk, has_said_yes: bool, hears: list[str]
) -> None:
    """Minutes before a session nothing waits: that a mistake is undone is told, too; seat and answer stay."""
    desk = open_desk(TWO, "2026-11-09 09:00")
    desk.run_until("2026-11-12 08:00")
    if has_said_yes:
        assert all(desk.answer(person, SESSION, True) for person in ("an", "binh"))
    desk.run_until("2026-11-17 16:54")
    before = desk.roster()
    desk.edit(ONE)
    desk.run_until("2026-11-17 16:55")
    desk.edit(TWO)
    desk.run_until("2026-11-17 17:30")
    assert told_since(desk, "Bình", "2026-11-17 16:00") == hears
    assert ("moi Binh den" in desk.texts_to("Bình")[-1].says) is has_said_yes
    assert desk.roster()[SESSION]["an"] == before[SESSION]["an"]


def test_who_has_been_put_elsewhere_meanwhile_is_not_taken_back(open_desk: OpenDesk) -> None:
    """Nobody can stand in two places: Bình is asked for the one, and hears that another takes the other."""
    other = (
        '\n[[shifts]]\nid = "khac"\nservice = "Sao y"\ndays = "T3"\ntime = "18:00-20:30"\n'
        "from = 2026-11-17\nuntil = 2026-11-22\nneeds = { volunteer = 1 }\n"
    )
    desk = open_desk(TWO, "2026-11-09 09:00")
    desk.run_until("2026-11-12 08:00")
    assert all(desk.answer(person, SESSION, True) for person in ("an", "binh"))
    desk.run_until("2026-11-12 21:30")
    desk.edit(ONE + other)
    desk.edit(TWO + other)
    desk.run_until("2026-11-13 09:00")
    assert desk.roster() == {
        SESSION: {"an": "confirmed", "binh": "released"},
        "khac@2026-11-17": {"binh": "asked"},
    }
    assert told_since(desk, "Bình", "2026-11-12 21:30") == ["Ca Sao", "Moi ban"]


def in_waves(open_desk: OpenDesk) -> Desk:
    """An was asked and is silent; the day before, Bình and Chi are asked to stand in, and Bình says yes."""
    desk = open_desk(ONE_EVENING, "2026-11-09 09:00")
    desk.run_until("2026-11-16 08:00")
    assert desk.roster()[SESSION] == {"an": "silent", "binh": "sought", "chi": "sought"}
    assert desk.answer("binh", SESSION, True)
    assert desk.roster()[SESSION] == {"an": "released", "binh": "confirmed", "chi": "released"}
    return desk


def test_who_gives_up_before_the_others_were_thanked_leaves_them_as_they_were(open_desk: OpenDesk) -> None:
    """They have the question still, and hear neither that the seat is filled nor the question once more."""
    desk = in_waves(open_desk)
    desk.run_until("2026-11-16 08:05")
    assert desk.answer("binh", SESSION, False)
    desk.run_until("2026-11-16 09:30")
    assert desk.roster()[SESSION] == {"an": "silent", "binh": "declined", "chi": "sought"}
    assert told_since(desk, "An", "2026-11-16 08:00") == told_since(desk, "Chi", "2026-11-16 08:00") == []
    assert desk.answer("chi", SESSION, True)


def test_who_gives_up_after_the_others_were_thanked_has_them_asked_again(open_desk: OpenDesk) -> None:
    """But not whoever was asked in vain before."""
    desk = in_waves(open_desk)
    desk.run_until("2026-11-16 08:15")
    assert desk.answer("binh", SESSION, False)
    desk.run_until("2026-11-16 09:30")
    assert desk.roster()[SESSION] == {"an": "released", "binh": "declined", "chi": "sought"}
    assert told_since(desk, "An", "2026-11-16 08:00") == ["Ca Sao"]
    assert told_since(desk, "Chi", "2026-11-16 08:00") == ["Ca Sao", "ban Chi"]
