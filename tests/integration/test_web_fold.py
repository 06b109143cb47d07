"""The front page stays small however many sessions there are: it folds, and all of it is one tap away."""

import gzip
import re

import pytest

from scheduler.timetable.opening import Board
from scheduler.web.application import create_app
from scheduler.web.front import FIRST_BYTES
from tests.board import board_of, december, local
from tests.crowd import city
from tests.visitor import get

NOW = "2026-12-01T17:30"


def page_of(board: Board, path: str = "/") -> str:
    """The page as this board has it on the evening of the first."""
    return get(create_app(lambda: board, lambda: local(NOW), lambda: True), path).text


def bytes_of(board: Board, path: str = "/") -> int:
    """What a phone fetches to see a page: page and style, compressed."""
    app = create_app(lambda: board, lambda: local(NOW), lambda: True)
    page, style = (get(app, one, {"accept-encoding": "gzip"}) for one in (path, "/style.css"))
    return sum(int(answer.headers["content-length"]) for answer in (page, style))


@pytest.mark.parametrize(
    ("wards", "sessions", "days", "shown"),
    [
        pytest.param(4, 4, 8, "week", id="a quiet week"),
        pytest.param(4, 100, 8, "week", id="four wards, a hundred sessions"),
        pytest.param(4, 40_000, 8, "week", id="four wards, 40,000 sessions in a week"),
        pytest.param(168, 40_000, 400, "wards", id="a city, 40,000 sessions in a year"),
        pytest.param(168, 40_000, 8, "wards", id="a city, 40,000 sessions in a week"),
        pytest.param(3321, 40_000, 8, "week", id="a whole country"),
    ],
)
def test_the_front_page_fits_the_first_round_trip(wards: int, sessions: int, days: int, shown: str) -> None:
    """At most 14 kB with its style, compressed as it is sent; sentence and search are always there."""
    board = city(wards, sessions, "2026-12-01", days)
    for path in ("/?lang=vi", "/?lang=en"):
        page = page_of(board, path)
        assert bytes_of(board, path) <= FIRST_BYTES
        assert "<h1>" in page
        assert 'id="ward"' in page
        assert f'<h2 id="{shown}">' in page


def test_what_is_folded_is_one_tap_away() -> None:
    """A folded ward says when one can go, and its link leads to every session of it."""
    board = city(40, 2_000, "2026-12-01", 8)
    page = page_of(board, "/?service=sao-y&lang=en")
    lines = re.findall(r'<li><a href="([^"]+)">([^<]+)</a> <span>([^<]+)</span>', page)
    assert len(lines) >= 40
    href, name, says = lines[0]
    assert re.fullmatch(r"open until \d\d:\d\d|(?:today|tomorrow|\w+day) \d\d:\d\d", says)
    ward = page_of(board, href.replace("&amp;", "&"))
    assert f'value="{name}"' in ward
    held = [one for one in board.openings if one.ward.name.en == name and one.service.id == "sao-y"]
    shown = re.findall(r'href="/sessions/([^"?]+)', ward)
    assert set(shown) == {one.key for one in held if one.ends > local(NOW)}


def test_a_folded_page_says_what_each_day_holds() -> None:
    """With few wards and many sessions each day names its wards, with how many sessions each has."""
    page = page_of(city(4, 2_000, "2026-12-01", 8))
    assert page.count('<section class="day"') == 7
    assert re.search(r'href="/\?ward=phuong-0#d2026-12-02">[^<]+</a> <span>\d+ ca</span>', page)


def test_a_page_is_packed_as_it_was_weighed() -> None:
    """What is sent compressed is the page itself."""
    board = board_of(*december())
    app = create_app(lambda: board, lambda: local(NOW), lambda: True)
    plain = get(app, "/", {"accept-encoding": ""}).content
    assert len(gzip.compress(plain, 6)) == int(get(app, "/").headers["content-length"])
