"""What the notice of a place says, in process."""

import re
from dataclasses import replace
from datetime import date

import pytest
import segno

from scheduler.timetable.opening import State
from scheduler.web.application import create_app
from scheduler.web.poster import SIZES
from tests.board import board_of, december, evening, local, month_of
from tests.visitor import get

NOW = "2026-11-28T08:00"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "<h1>UBND phường Sài Gòn</h1>"),
        ("", "Đúng từ 28/11/2026 đến hết 26/12/2026."),
        ("?lang=en", "True from 28 Nov 2026 to 26 Dec 2026."),
        ("", '<th scope="row">Thứ Ba</th><td>1/12 · 8/12</td>'),
        ("", "Thứ Năm 3/12: Đã hủy; Mất điện theo lịch"),
        ("?lang=en", "Thursday 3 Dec: Cancelled; Planned power cut"),
        ("", "Thứ Ba 8/12: Dời từ 16:00"),
        ("", "Nhận hồ sơ đến: 19:00 · Mang theo: CCCD và bản chính · Lệ phí: 2.000 đ/trang"),
        ("", "https://ca-truc.example/places/ubnd-sai-gon<"),
        ("?lang=en", "https://ca-truc.example/places/ubnd-sai-gon?lang=en<"),
        ("", "Hỏi thêm: 028 0000 0000"),
    ],
)
def test_a_notice_says_what_holds_and_for_how_long(query: str, words: str) -> None:
    """The dates by weekday, what is off and why, what to bring, and from when to when all that is true."""
    board = replace(
        board_of(*december()), planned_until=date(2026, 12, 26), public_url="https://ca-truc.example/"
    )
    app = create_app(lambda: board, lambda: local(NOW), lambda: True)
    assert words in get(app, f"/poster/ubnd-sai-gon{query}").text


def test_the_code_on_a_notice_is_the_address_below_it() -> None:
    """Its dots are those of the page's address, drawn without a style that the policy would refuse."""
    board = month_of(1)
    page = get(create_app(lambda: board, lambda: local(NOW), lambda: True), "/poster/ubnd-sai-gon").text
    drawn = page.partition("<svg")[2].partition("</svg>")[0]
    code = segno.make("https://ca-truc.example/places/ubnd-sai-gon", error="q", micro=False)
    assert (
        re.findall(r' d="([^"]+)"', code.svg_inline(border=4, omitsize=True))
        == re.findall(r' d="([^"]+)"', drawn)[1:]
    )
    assert "style" not in drawn


def test_a_notice_with_too_much_says_how_much_is_missing() -> None:
    """What does not fit in the smallest letters is counted, not cut off."""
    board = month_of(60)
    page = get(create_app(lambda: board, lambda: local(NOW), lambda: True), "/poster/ubnd-sai-gon").text
    shown = page.count("<h2>")
    assert 0 < shown < 60
    assert f"và {60 - shown} ca nữa" in page
    assert f'class="blocks s{SIZES[-1]}"' in page


def test_a_service_that_is_only_cancelled_keeps_no_dates() -> None:
    """A notice never shows the hours of what is not held."""
    off = replace(evening("2026-12-03"), state=State.CANCELLED)
    page = get(
        create_app(lambda: board_of(off), lambda: local(NOW), lambda: True), "/poster/ubnd-sai-gon"
    ).text
    assert '<p class="time">' not in page
    assert "Thứ Năm 3/12: Đã hủy" in page


def test_no_place_no_notice() -> None:
    """The refusal is a page that says so."""
    board = month_of(1)
    answer = get(create_app(lambda: board, lambda: local(NOW), lambda: True), "/poster/nowhere")
    assert (answer.status_code, "Không có nơi nào" in answer.text) == (404, True)
