"""The notice of a place: one sheet of A4 whatever it holds, printed by a real chromium."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from scheduler.timetable.opening import Board
from scheduler.web.application import create_app
from scheduler.web.poster_page import poster_file
from scheduler.web.rendering import load_pages
from scheduler.web.server import WebServer
from tests.board import OFFICE, local, month_of
from tests.javascript import axe

pytestmark = pytest.mark.browser

NOW = "2026-11-28T08:00"
PATIENCE_MS = 300_000
POINTS = 72 / 96
"""Points in a pixel of a style."""


@contextmanager
def served(board: Board) -> Iterator[str]:
    """Where this board is served."""
    server = WebServer(create_app(lambda: board, lambda: local(NOW), lambda: True))
    server.start("127.0.0.1", 0)
    yield server.url
    assert server.stop(60)


def opened(browser: Browser) -> Page:
    """A window that waits as long as a machine needs on which all tests run at once."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def sheets(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize(
    ("board", "size"),
    [
        pytest.param(month_of(0), 22, id="nothing planned"),
        pytest.param(month_of(1), 22, id="one service"),
        pytest.param(month_of(3), 16, id="three"),
        pytest.param(month_of(6, long=True), 7, id="six with long names"),
        pytest.param(month_of(60), 7, id="more than any sheet holds"),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_notice_is_exactly_one_sheet(browser: Browser, board: Board, size: int, language: str) -> None:
    """One page of A4; nothing is cut off in silence; letters are at least as big as the amount allows."""
    with served(board) as address:
        page = opened(browser)
        page.goto(f"{address}/poster/ubnd-sai-gon?lang={language}")
        pdf = page.pdf(prefer_css_page_size=True, print_background=True)
        page.set_viewport_size({"width": 794, "height": 1123})
        page.emulate_media(media="print")
        room = page.locator(".blocks, .sheet").evaluate_all(INSIDE)
        letters = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.blocks')).fontSize)")
        page.close()
    assert sheets(pdf) == 1
    assert b"/MediaBox [0 0 594" in pdf or b"/MediaBox [0 0 595" in pdf
    assert room == [True, True]
    assert letters * POINTS >= size - 0.01


INSIDE = """all => all.map(
  one => one.scrollHeight <= one.clientHeight + 1 && one.scrollWidth <= one.clientWidth + 1)"""


def test_a_usual_notice_is_read_from_two_metres(browser: Browser) -> None:
    """With three services: times at 28 points, dates and services at 19 or more, the place's name at 38."""
    with served(month_of(3)) as address:
        page = opened(browser)
        page.goto(f"{address}/poster/ubnd-sai-gon")
        size = "one => parseFloat(getComputedStyle(one).fontSize) * 0.75"
        sizes = {name: page.locator(name).first.evaluate(size) for name in ("h1", "h2", ".time", "td")}
        page.evaluate(axe())
        faults = page.evaluate("async () => (await axe.run(document)).violations.map(one => one.id)")
        page.close()
    assert sizes["h1"] >= 37.9
    assert sizes[".time"] >= 27.9
    assert min(sizes["h2"], sizes["td"]) >= 18.9
    assert faults == []


def test_a_file_of_a_notice_prints_like_the_page(browser: Browser, tmp_path: Path) -> None:
    """It needs no other file and no server."""
    with served(month_of(2)) as address:
        page = opened(browser)
        page.goto(f"{address}/poster/ubnd-sai-gon?lang=vi")
        shown = page.locator("main").inner_text()
        page.close()
    app_page = _file_of(month_of(2), tmp_path)
    page = opened(browser)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(app_page.as_uri())
    assert page.locator("main").inner_text() == shown
    assert sheets(page.pdf(prefer_css_page_size=True)) == 1
    assert asked == [app_page.as_uri()]
    page.close()


def _file_of(board: Board, folder: Path) -> Path:
    path = folder / "thong-bao.html"
    path.write_bytes(poster_file(load_pages(), board, OFFICE, "vi", local(NOW)))
    return path
