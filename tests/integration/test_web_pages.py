"""The pages of a place and of a session, and the screen in the hall, in process."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from fastapi import FastAPI

from scheduler.timetable.opening import Opening, State
from scheduler.web.application import create_app
from tests.board import OFFICE, board_of, december, evening, holidays, local, talk
from tests.visitor import app_at, get

TUESDAY_EVENING = "2026-12-01T18:00"


def app_of(*openings: Opening, now: str = TUESDAY_EVENING) -> FastAPI:
    """The application on a board that also knows its holidays, its address and how far it is planned."""
    board = replace(
        board_of(*openings),
        holidays=holidays(),
        planned_until=date(2026, 12, 29),
        known_until=date(2026, 12, 31),
        public_url="https://desk.example",
    )
    return create_app(lambda: board, lambda: local(now), lambda: True)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/places/ubnd-sai-gon", "<h1>UBND phường Sài Gòn</h1>"),
        ("/places/ubnd-sai-gon", "45 Lê Duẩn, Phường Sài Gòn"),
        ("/places/ubnd-sai-gon", "Đang mở: Chứng thực sao y ngoài giờ, đến 19:30."),
        ("/places/ubnd-sai-gon?at=2026-12-01T21:00", "Bây giờ không mở. Gần nhất: Thứ Ba 8/12 17:00."),
        ("/places/hoi-truong?lang=en", "Not open now. Next: tomorrow 18:30."),
        ("/places/ubnd-sai-gon?at=2026-12-01T19:10", "Bây giờ không nơi nào nhận thêm người."),
        ("/places/ubnd-sai-gon?at=2026-12-20T08:00&lang=en", "Not open now. Nothing is planned yet."),
        ("/places/ubnd-sai-gon", "Mất điện theo lịch"),
        ("/places/ubnd-sai-gon", "Dời từ 16:00"),
        ("/places/ubnd-sai-gon", 'href="/calendar.ics?place=ubnd-sai-gon&amp;lang=vi"'),
        ("/places/ubnd-sai-gon", "Lịch đã xếp đến hết Thứ Ba 29/12/2026."),
        ("/places/ubnd-sai-gon?lang=en", "Sessions are planned up to Tuesday 29 Dec 2026."),
        ("/places/ubnd-sai-gon", "<b>Tết Dương lịch</b><br>Thứ Sáu 1/1/2027 <small>(dự kiến)</small>"),
        ("/places/ubnd-sai-gon", "<b>Tết Đinh Mùi</b><br>Thứ Năm 4/2 – Thứ Sáu 12/2/2027</li>"),
        ("/places/ubnd-sai-gon?lang=en", "<b>New Year&#39;s Day</b><br>Friday 1 Jan 2027"),
        ("/places/ubnd-sai-gon?lang=en", 'href="/sessions/sao-y@2026-12-08?lang=en"'),
        ("/sessions/sao-y@2026-12-01", "<h1>Chứng thực sao y ngoài giờ</h1>"),
        ("/sessions/sao-y@2026-12-01", "Thứ Ba 1/12/2026, <time"),
        ("/sessions/sao-y@2026-12-01", "Mở theo lịch"),
        ("/sessions/sao-y@2026-12-01", "CCCD và bản chính"),
        ("/sessions/sao-y@2026-12-01", "Buổi kế tiếp: Thứ Ba 8/12 17:00"),
        ("/sessions/sao-y@2026-12-01?lang=en", "The next one: Tuesday 8 Dec 17:00"),
        ("/sessions/sao-y@2026-12-03", "Đã hủy"),
        ("/sessions/sao-y@2026-12-03?lang=en", "Planned power cut"),
        ("/sessions/sao-y@2026-12-08", "Dời từ 16:00"),
        ("/sessions/doi-thoai@2026-12-02", "Mọi ca ở Phường Tân Định"),
        ("/sessions/doi-thoai@2026-12-02", "Tết Đinh Mùi"),
    ],
)
def test_a_page_says_what_one_needs_before_going(path: str, words: str) -> None:
    """Where, when, until when people are let in, what to bring, what is off and why, and when else."""
    assert words in get(app_of(*december()), path).text


def test_the_way_there_is_one_tap_away() -> None:
    """By the point on the map where it is known, else by name and address; nothing is fetched for it."""
    mapped = replace(evening("2026-12-01"), place=replace(OFFICE, map=(10.7826, 106.7004)))
    page = get(app_of(mapped), "/sessions/sao-y@2026-12-01").text
    assert 'href="https://www.google.com/maps/dir/?api=1&amp;destination=10.7826%2C106.7004"' in page
    unmapped = get(app_of(evening("2026-12-01")), "/sessions/sao-y@2026-12-01").text
    assert "destination=UBND+ph%C6%B0%E1%BB%9Dng+S%C3%A0i+G%C3%B2n%2C+45+L%C3%AA+Du%E1%BA%A9n" in unmapped


def test_the_address_of_a_moved_session_leads_to_what_became_of_it() -> None:
    """A link that somebody kept still works after the session has moved to another day and key."""
    moved = replace(evening("2026-12-09"), moved_from=local("2026-12-08T17:00"))
    app = app_of(moved, talk("2026-12-08"))
    page = get(app, "/sessions/sao-y@2026-12-08").text
    assert "Thứ Tư 9/12/2026" in page
    assert "Dời từ Thứ Ba 8/12 17:00" in page
    assert get(app, "/sessions/doi-thoai@2026-12-09").status_code == 404


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/places/nowhere", "Không có nơi nào ở địa chỉ này."),
        ("/sessions/sao-y@1999-01-01", "Không có buổi nào ở địa chỉ này."),
        ("/sessions/<script>", "Không có buổi nào ở địa chỉ này."),
    ],
)
def test_what_is_not_there_is_said_in_words(path: str, words: str) -> None:
    """An address that leads nowhere says what that may mean, in both languages."""
    answer = get(app_of(*december()), path)
    assert answer.status_code == 404
    assert words in answer.text
    assert "at this address" in answer.text
    assert "<script" not in answer.text


def test_a_cancelled_session_offers_one_that_is_held() -> None:
    """Neither a cancelled nor a full one is offered as the next."""
    full = replace(evening("2026-12-05"), state=State.FULL)
    off = replace(evening("2026-12-03"), state=State.CANCELLED)
    app = app_of(off, full, talk("2026-12-06"), evening("2026-12-10"))
    assert "Buổi kế tiếp: Thứ Năm 10/12 17:00" in get(app, "/sessions/sao-y@2026-12-03").text
    assert "Buổi kế tiếp" not in get(app, "/sessions/sao-y@2026-12-10").text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Hôm nay</h2>"),
        ("", "Ngày mai, Thứ Tư</h2>"),
        ("&lang=en", "Tomorrow, Wednesday</h2>"),
        ("", '<p class="clock"><time datetime="2026-12-01T18:00:00+07:00">18:00</time></p>'),
        ("", "UBND phường Sài Gòn, Phường Sài Gòn"),
        ("&ward=sai-gon", "Ca trực Quận 1</a> · Phường Sài Gòn</p>"),
        ("&ward=tan-dinh&at=2026-12-05T08:00", "Không có ca nào."),
        ("", "Xem trên điện thoại: quét mã này"),
        ("", '<svg aria-hidden="true"'),
    ],
)
def test_the_screen_in_the_hall_shows_today_and_tomorrow(query: str, words: str) -> None:
    """Both days with their names, the time, and a code for one's telephone."""
    assert words in get(app_of(*december()), f"/?view=wall{query}").text


def test_the_screen_in_the_hall_refreshes_itself() -> None:
    """Every minute, by a header: it needs neither a script nor a hand; other pages stay as they are."""
    app = app_of(*december())
    assert get(app, "/?view=wall").headers["refresh"] == "60"
    assert "refresh" not in get(app, "/").headers


def test_the_screen_in_the_hall_never_needs_scrolling() -> None:
    """Of a long day it shows the next seven, and says how many more there are."""
    held = [replace(evening("2026-12-01"), key=f"sao-y-{n}@2026-12-01") for n in range(30)]
    page = get(app_of(*held), "/?view=wall").text
    assert page.count('<li class="row') == 7
    assert "và 23 ca nữa" in page


def test_a_session_over_midnight_is_still_on_the_screen() -> None:
    """What began yesterday and is still held stands under today."""
    night = replace(evening("2026-11-30"), ends=local("2026-12-01T02:00"))
    assert "02:00 hôm sau" in get(app_of(night, now="2026-12-01T01:00"), "/?view=wall").text


def test_links_keep_the_language_that_was_chosen() -> None:
    """Who chose English, or another time, keeps it from page to page."""
    page = get(app_at(TUESDAY_EVENING), "/?lang=en&at=2026-12-01T18:30").text
    assert 'href="/sessions/sao-y@2026-12-01?lang=en&amp;at=2026-12-01T18%3A30%3A00"' in page
    assert 'href="/places/ubnd-sai-gon?lang=en' in page


def test_a_session_of_last_week_is_still_told() -> None:
    """What is over says so."""
    over = evening("2026-12-01")
    app = create_app(lambda: board_of(over), lambda: over.ends + timedelta(days=3), lambda: True)
    assert "Đã xong" in get(app, "/sessions/sao-y@2026-12-01").text
