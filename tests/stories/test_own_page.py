"""A volunteer's own page, behind the link of a text: answers, days away; and what coordinators see there."""

import re
from pathlib import Path

import pytest

from scheduler.store import links
from tests.desk import ONE_EVENING, PHONES, WARD, instant
from tests.own_page import VEIL, Reader, app_of, path_for
from tests.stories.conftest import OpenDesk


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite only: what is written here is written by use cases that other stories run on both databases."""
    return f"sqlite:///{tmp_path / 'catruc.db'}"


# Tuesday and Thursday of one week; one volunteer and a leader each. Lan coordinates, Chi leads.
EVENINGS = (
    WARD.replace('0901 000 003"\nroles = ["volunteer"]', '0901 000 003"\nroles = ["leader"]')
    + """
[[shifts]]
service = "Sao y"
days = ["T3", "T5"]
time = "17:00-19:30"
from = 2026-11-17
until = 2026-11-19
needs = { volunteer = 1, leader = 1 }
"""
)
FIRST, SECOND = "sao-y-ubnd-sai-gon@2026-11-17", "sao-y-ubnd-sai-gon@2026-11-19"
ASKED = "2026-11-11 18:30"


def test_a_volunteer_says_yes_and_gives_up(open_desk: OpenDesk) -> None:
    """The question stands on the page; a yes can be taken back, and then somebody else is asked."""
    desk = open_desk(EVENINGS, "2026-11-03 09:00")
    desk.run_until(ASKED)
    own = Reader(app_of(desk), path_for(desk, "an")).get()
    assert "Sao y Thứ Ba 17/11, 17:00–19:30 UBND Sài Gòn" in own.section("Chờ trả lời")

    own.press("Tôi đến được")
    assert desk.roster()[FIRST]["an"] == "confirmed"
    assert "Đã ghi nhận: đến được." in own.text
    assert not own.section("Chờ trả lời")
    assert "Sao y Thứ Ba 17/11" in own.section("Ca đã nhận")

    own.press("Tôi không đến được", beside="17/11")
    assert desk.roster()[FIRST]["an"] == "declined"
    assert desk.roster()[FIRST]["binh"] == "proposed"
    assert "Đã có người khác." in own.section("Đã báo không đến")


def test_a_no_is_undone_while_the_seat_is_free(open_desk: OpenDesk) -> None:
    """With nobody else in the list the page offers to change it back, at once and later."""
    alone = ONE_EVENING.replace('roles = ["volunteer"]', "", 2).replace('name = "Chi"', 'name = "An Chi"')
    desk = open_desk(alone, "2026-11-03 09:00")
    desk.run_until(ASKED)
    own = Reader(app_of(desk), path_for(desk, "an-chi")).get()

    own.press("Tôi không đến được").press("Đổi lại")
    assert desk.roster()[FIRST]["an-chi"] == "confirmed"
    own.press("Tôi không đến được").get().press("Đổi lại: tôi đến được")
    assert desk.roster()[FIRST]["an-chi"] == "confirmed"
    desk.run_until("2026-11-17 17:00")
    assert "Chưa có ca nào sắp tới." in own.get().text


def test_a_late_drop_out_is_asked_once_more(open_desk: OpenDesk) -> None:
    """Within the time in which substitutes are sought one tap is not enough; the first changes nothing."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until(ASKED)
    own = Reader(app_of(desk), path_for(desk, "an")).get().press("Tôi đến được")
    desk.run_until("2026-11-16 12:00")

    own.get().press("Tôi không đến được")
    assert own.answer.status_code == 200
    assert "Chắc chắn không đến được?" in own.text
    assert "Sao y Thứ Ba 17/11" in own.text
    assert desk.roster()[FIRST]["an"] == "confirmed"
    own.press("Chắc chắn, tôi không đến được")
    assert desk.roster()[FIRST]["an"] == "declined"


def test_days_away_count_from_then_on_and_promises_are_asked_about(open_desk: OpenDesk) -> None:
    """Who was only planned is let be, who has promised is asked; taken back, the days count no more."""
    desk = open_desk(EVENINGS, "2026-11-03 09:00")
    planned = next(person for person in ("an", "binh") if person in desk.roster()[SECOND])
    other = {"an": "binh", "binh": "an"}[planned]
    own = Reader(app_of(desk), path_for(desk, planned)).get()

    own.press("Báo bận", first="2026-11-19", last="")
    assert "Đã ghi ngày bận." in own.text
    assert "19/11/2026 Bỏ" in own.section("Ngày bận")
    assert desk.roster()[SECOND] == {planned: "released", other: "proposed", "chi": "proposed"}

    desk.run_until(ASKED)
    first = next(person for person in ("an", "binh") if desk.roster()[FIRST].get(person) == "asked")
    promised = Reader(app_of(desk), path_for(desk, first)).get().press("Tôi đến được")
    promised.press("Báo bận", first="16/11/2026", last="17/11/2026")
    assert desk.roster()[FIRST][first] == "confirmed"
    assert "Đã báo bận ngày này. Ca này có đến được không?" in promised.section("Ca đã nhận")
    promised.press("Bỏ", beside="16/11/2026")
    assert "Đã báo bận ngày này." not in promised.text


def test_days_away_outlive_an_edit_and_a_new_name(open_desk: OpenDesk) -> None:
    """The settings may be applied again and again: what a person said on their page stays."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    Reader(app_of(desk), path_for(desk, "an")).get().press("Báo bận", first="2026-11-10", last="2026-11-20")
    desk.edit(ONE_EVENING.replace('name = "An"', 'name = "An An"'))
    own = Reader(app_of(desk), path_for(desk, "an-an")).get()
    assert "10/11/2026 – 20/11/2026" in own.section("Ngày bận")
    assert "an-an" not in {person for person, state in desk.roster()[FIRST].items() if state != "released"}


def test_dates_that_are_none_are_explained(open_desk: OpenDesk) -> None:
    """Nothing is guessed: wrong order, the past, too far off, no date at all; and there is an end to it."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    own = Reader(app_of(desk), path_for(desk, "an"))
    for first, last in (
        ("2026-11-20", "2026-11-10"),
        ("2026-10-01", "2026-10-02"),
        ("2027-11-01", "2028-11-01"),
        ("", "2026-11-10"),
        ("31/2/2026", ""),
        ("2026-11-20", "someday"),
    ):
        own.get().press("Báo bận", first=first, last=last)
        assert "Xin ghi ngày như 24/12/2026" in own.text, (first, last)
    for day in range(1, 22):
        own.get().press("Báo bận", first=f"2026-12-{day:02}", last="")
    assert "Đã có quá nhiều ngày bận" in own.text
    own.get().press("Báo bận", first="2026-12-01", last="")
    assert own.section("Ngày bận").count("/12/2026") == 20


def test_a_coordinator_sees_counts_and_records_answers(open_desk: OpenDesk) -> None:
    """Counts like "1 yes, 0 no, 1 silent", the names behind them, and what was heard by telephone."""
    desk = open_desk(EVENINGS, "2026-11-03 09:00")
    desk.run_until(ASKED)
    desk.answer("an", FIRST, yes=True)
    app = app_of(desk)
    lan = Reader(app, path_for(desk, "lan")).get()
    watched = lan.section("Các ca của phường, hai tuần tới")
    assert "17/11, 17:00–19:30 , UBND Sài Gòn 1 đến, 0 không, 1 chưa trả lời" in watched
    assert "0 đến, 0 không, 0 chưa trả lời, 2 chưa hỏi" in watched

    lan.press("Ghi: đến", beside="Chi")
    assert desk.roster()[FIRST]["chi"] == "confirmed"
    lan.press("Ghi: không đến", beside="An")
    assert desk.roster()[FIRST]["an"] == "declined"
    assert not Reader(app, path_for(desk, "chi")).get().section("Các ca của phường, hai tuần tới")


def test_only_coordinators_record_for_others(open_desk: OpenDesk) -> None:
    """A form of the coordinator's, sent from the page of a volunteer, changes nothing."""
    desk = open_desk(EVENINGS, "2026-11-03 09:00")
    desk.run_until(ASKED)
    own = Reader(app_of(desk), path_for(desk, "an")).get()
    (token,) = set(re.findall(r'name="form" value="(\w+)"', own.answer.text))
    (session,) = set(re.findall(r'name="session" value="(\d+)"', own.answer.text))
    fields = {"form": token, "session": session, "person": "chi", "answer": "yes"}
    for deed in ("record", "attend"):
        own.send({"do": deed, **fields})
        assert "said=unchanged" in own.answer.headers["location"]
    assert desk.roster()[FIRST]["chi"] == "asked"


def test_attendance_is_marked_and_put_right_for_two_weeks(open_desk: OpenDesk) -> None:
    """By the session's leader and by the coordinator, from its start on."""
    desk = open_desk(EVENINGS, "2026-11-03 09:00")
    desk.run_until(ASKED)
    for person in ("an", "chi"):
        desk.answer(person, FIRST, yes=True)
    app, lan = app_of(desk), path_for(desk, "lan")
    chi = Reader(app, path_for(desk, "chi"))
    assert not chi.get().section("Ai đã đến")
    desk.run_until("2026-11-17 17:05")

    chi.get().press("Có mặt", beside="An")
    assert desk.roster()[FIRST]["an"] == "served"
    assert "1 có mặt, 0 vắng, 1 chưa ghi" in chi.section("Ai đã đến")
    Reader(app, lan).get().press("Vắng", beside="An")
    assert desk.roster()[FIRST]["an"] == "absent"
    assert not Reader(app, path_for(desk, "an")).get().section("Ai đã đến")

    desk.clock.now = instant("2026-12-01 19:29")
    Reader(app, lan).get().press("Có mặt", beside="An")
    assert desk.roster()[FIRST]["an"] == "served"
    desk.clock.now = instant("2026-12-01 19:31")
    assert "17/11" not in Reader(app, lan).get().section("Ai đã đến")


def test_who_never_answered_may_have_come(open_desk: OpenDesk) -> None:
    """The silent can be marked as there; that somebody did not come is only said of who had promised to."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until("2026-11-17 17:05")
    assert desk.roster()[FIRST]["an"] == "silent"
    lan = Reader(app_of(desk), path_for(desk, "lan")).get()
    assert "Vắng" not in lan.section("Ai đã đến")
    lan.press("Có mặt", beside="An")
    assert desk.roster()[FIRST]["an"] == "served"


def test_substitutes_answer_on_their_pages_and_the_first_yes_wins(open_desk: OpenDesk) -> None:
    """A late drop-out alarms the coordinator; who is asked then sees the question until somebody has it."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until(ASKED)
    app = app_of(desk)
    own = Reader(app, path_for(desk, "an")).get().press("Tôi đến được")
    desk.run_until("2026-11-16 12:00")
    own.get().press("Tôi không đến được").press("Chắc chắn, tôi không đến được")
    desk.run_until("2026-11-16 12:30")
    assert "An" in desk.texts_to("Lan")[-1].says
    assert {state for person, state in desk.roster()[FIRST].items() if person != "an"} == {"sought"}

    pages = [Reader(app, path_for(desk, person)).get() for person in ("binh", "chi")]
    assert all("17/11" in page.section("Chờ trả lời") for page in pages)
    pages[0].press("Tôi đến được")
    pages[1].press("Tôi đến được")
    assert desk.roster()[FIRST]["binh"] == "confirmed"
    assert "Ca này đã có người khác." in pages[1].text
    assert not pages[1].get().section("Chờ trả lời")


def test_the_calendar_follows_what_becomes_of_a_session(open_desk: OpenDesk) -> None:
    """One entry with one name from the question to the end: asked, taken, moved, given up."""
    desk = open_desk(EVENINGS, "2026-11-03 09:00")
    app = app_of(desk)
    own = Reader(app, path_for(desk, "an"))
    feed = f"{own.path}/calendar.ics"
    assert "BEGIN:VEVENT" not in own.get(feed).answer.text, "who was only planned has not heard of it"
    desk.run_until(ASKED)
    asked = own.get(feed).answer.text
    assert "SUMMARY:Chờ trả lời: Sao y" in asked
    assert "TRANSP:TRANSPARENT" in asked

    own.get().press("Tôi đến được")
    taken = own.get(feed).answer.text
    assert "SUMMARY:Sao y\r\n" in taken
    assert "DTSTART:20261117T100000Z" in taken

    desk.edit(EVENINGS.replace("17:00-19:30", "18:00-20:30"))
    moved = own.get(feed).answer.text
    assert "DTSTART:20261117T110000Z" in moved
    assert _of("SEQUENCE", moved) > _of("SEQUENCE", taken)
    assert _of("UID", moved) == _of("UID", taken) == _of("UID", asked)

    own.get().press("Tôi không đến được", beside="17/11")
    assert "STATUS:CANCELLED" in own.get(feed).answer.text


def test_a_calendar_lasts_and_is_closed_from_another_page(open_desk: OpenDesk) -> None:
    """Who subscribes does it once; who lost a phone closes all addresses but the one in their hand."""
    desk = open_desk(EVENINGS, "2026-11-03 09:00")
    desk.run_until(ASKED)
    app = app_of(desk)
    old = path_for(desk, "an")
    desk.clock.now = instant("2027-04-01 09:00")
    assert Reader(app, old).get().answer.status_code == 404
    assert "BEGIN:VCALENDAR" in Reader(app).get(f"{old}/calendar.ics").answer.text

    own = Reader(app, path_for(desk, "an")).get()
    assert own.path != old
    own.press("Đóng các địa chỉ khác")
    assert "Các địa chỉ khác đã đóng." in own.text
    assert Reader(app).get(f"{old}/calendar.ics").answer.status_code == 404
    assert Reader(app).get(f"{own.path}/calendar.ics").answer.status_code == 200


def test_what_waits_does_not_lead_to_a_page_that_was_closed(open_desk: OpenDesk) -> None:
    """A reminder that was worded before gets the link that stays open."""
    desk = open_desk(EVENINGS, "2026-11-03 09:00")
    first = path_for(desk, "an")
    with desk.database.write() as connection:
        until, phone = instant("2027-06-01 00:00"), desk.office.desk.people["an"].phone
        name = links.names_for(connection, {"an": phone}, until, desk.clock())["an"]
        links.keep_new(connection, VEIL)
    own = Reader(app_of(desk), f"/r/{VEIL.link(name)}").get()
    assert own.path != first
    own.press("Đóng các địa chỉ khác")
    desk.run_until(ASKED)
    (text,) = [parcel.text for parcel in desk.phones.taken if parcel.phone == PHONES["An"]]
    assert own.path in VEIL.lift(text)


def _of(name: str, feed: str) -> list[str]:
    return re.findall(rf"^{name}:(.*?)\r$", feed, flags=re.MULTILINE)
