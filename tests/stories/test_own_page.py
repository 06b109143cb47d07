"""A volunteer's own page, behind the link of a text: answers, swaps, days away, attendance."""

from tests.desk import WARD
from tests.own_page import Reader, app_of, path_for
from tests.stories.conftest import OpenDesk

# Tuesdays and Thursdays of two weeks, one volunteer and a leader each.
EVENINGS = (
    WARD.replace(
        'name = "Chi"\nphone = "0901 000 003"\nroles = ["volunteer"]',
        'name = "Chi"\nphone = "0901 000 003"\nroles = ["leader"]',
    )
    + """
[[shifts]]
service = "Sao y"
days = "T3"
time = "17:00-19:30"
from = 2026-11-17
until = 2026-11-24
needs = { volunteer = 1, leader = 1 }
"""
)
FIRST, SECOND = "sao-y-ubnd-sai-gon@2026-11-17", "sao-y-ubnd-sai-gon@2026-11-24"
ASK_DAY = "2026-11-11 18:30"


def test_a_volunteer_says_yes_gives_up_and_changes_back(open_desk: OpenDesk) -> None:
    """The question stands on the page; a yes can be taken back, and that undone while the seat is free."""
    desk = open_desk(EVENINGS, "2026-11-03 09:00")
    desk.run_until(ASK_DAY)
    own = Reader(app_of(desk), path_for(desk, "an")).get()
    assert "Sao y Thứ Ba 17/11, 17:00–19:30 UBND Sài Gòn" in own.section("Chờ trả lời")

    own.press("Tôi đến được")
    assert desk.roster()[FIRST]["an"] == "confirmed"
    assert "Đã ghi nhận: đến được." in own.text
    assert not own.section("Chờ trả lời")

    own.press("Tôi không đến được", beside="17/11")
    assert desk.roster()[FIRST]["an"] == "declined"
    assert desk.roster()[FIRST]["binh"] == "proposed"
    assert "Đã có người khác." in own.section("Đã báo không đến")
