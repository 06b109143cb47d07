"""axe-core looks at every public page as a screen reader does, by day and by night, in both languages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from scheduler.timetable.label import Label
from scheduler.timetable.opening import State
from scheduler.web.application import create_app
from scheduler.web.server import WebServer
from tests.board import board_of, december, evening, holidays, local, talk
from tests.javascript import axe

pytestmark = pytest.mark.browser

PAGES = [
    "/?",
    "/?ward=da+kao&at=2026-12-01T12:00",
    "/?ward=nowhere&",
    "/?view=wall&",
    "/places/ubnd-sai-gon?",
    "/sessions/sao-y@2026-12-01?",
    "/sessions/sao-y@2026-12-03?",
    "/docs?",
    "/nowhere?",
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where a board with a session in every state is served, on the evening of the first of December."""
    open_now = replace(
        evening("2026-12-01"), state=State.OPEN, confirmed_at=local("2026-12-01T17:04"), places_left=3
    )
    traffic = Label("Kẹt xe", "Traffic")
    late = replace(evening("2026-12-01", "late@2026-12-01"), state=State.LATE, reason=traffic)
    held = [*december()[1:], open_now, late, replace(talk("2026-12-01"), state=State.FULL)]
    board = replace(board_of(*held), holidays=holidays(), planned_until=date(2026, 12, 29))
    server = WebServer(create_app(lambda: board, lambda: local("2026-12-01T18:00"), lambda: True))
    server.start("127.0.0.1", 0)
    yield server.url
    assert server.stop(60)


def faults_of(page: Page) -> list[str]:
    """What axe-core finds wrong, each with the element."""
    page.evaluate(axe())
    found = page.evaluate("async () => (await axe.run(document)).violations")
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]} ({len(one['nodes'])})" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_keeps_anybody_out(browser: Browser, address: str, scheme: Literal["light", "dark"]) -> None:
    """No rule of axe-core is broken, its best practices included, on a phone's width."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page = context.new_page()
    faults = {}
    for path in PAGES:
        for language in ("vi", "en"):
            page.goto(f"{address}{path}&lang={language}".replace("?&", "?"))
            faults[f"{path} {language}"] = faults_of(page)
    context.close()
    assert {path: found for path, found in faults.items() if found} == {}


def test_the_keyboard_goes_through_a_page_as_one_reads_it(browser: Browser, address: str) -> None:
    """Each stop of the tab key lies below the one before, or beside it; each is seen and has a name."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(address)
    stops: list[dict[str, Any]] = []
    while True:
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or len(stops) > 200:
            break
        stops.append(stop)
    context.close()
    assert len(stops) > 10
    assert all(stop["name"] for stop in stops)
    tops = [stop["top"] for stop in stops[1:]]  # the first is the way past the head of the page
    assert tops == sorted(tops)


STOP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  const name = one.textContent.trim() || one.labels?.[0]?.textContent || '';
  return {name, top: Math.round(box.top + scrollY)};
}"""
