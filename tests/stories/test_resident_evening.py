"""A resident's evening in a real chromium: found by an old name, full, followed, called off, stopped."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from scheduler.service.speak_for_desk import Live, call_off, say_of_session
from scheduler.store import sessions
from scheduler.timetable.opening import State
from scheduler.web.following.words import follow_words_in
from scheduler.web.server import WebServer
from scheduler.web.words import STATES, words_in
from tests.desk import WARD, Desk
from tests.javascript import axe
from tests.own_page import VEIL, app_of
from tests.stories.test_following import EVERY_TUESDAY, RESIDENT, TYPED

pytestmark = pytest.mark.browser

SESSION = "sao-y-ubnd-sai-gon@2026-11-17"
OFFICE = EVERY_TUESDAY.replace('name = "Sài Gòn"\n', 'name = "Sài Gòn"\nformerly = ["Bến Nghé", "Đa Kao"]\n')
PHONE, TABLET, SCREEN = (
    ViewportSize(width=width, height=height) for width, height in ((320, 640), (768, 1024), (1920, 1080))
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk in the afternoon of an evening on which certification is held."""
    assert 'name = "Sài Gòn"\n' in WARD
    with closing(Desk(f"sqlite:///{tmp_path / 'catruc.db'}", OFFICE, "2026-11-16 09:00")) as one:
        one.run_until("2026-11-17 15:00")
        yield one


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """Where its pages are served."""
    server = WebServer(app_of(desk))
    server.start("127.0.0.1", 0)
    yield server.url
    assert server.stop(5)


@pytest.mark.parametrize(
    ("size", "scripts", "language"),
    [
        pytest.param(PHONE, False, "vi", id="phone, off, vi"),
        pytest.param(PHONE, True, "en", id="phone, on, en"),
        pytest.param(TABLET, False, "en", id="tablet, off, en"),
        pytest.param(TABLET, True, "vi", id="tablet, on, vi"),
        pytest.param(SCREEN, False, "vi", id="screen, off, vi"),
        pytest.param(SCREEN, True, "en", id="screen, on, en"),
    ],
)
def test_an_evening(
    browser: Browser, desk: Desk, address: str, size: ViewportSize, scripts: bool, language: str
) -> None:
    """What residents do, from a search for "da kao" to the last text, by nothing but links and buttons."""
    context = browser.new_context(viewport=size, java_script_enabled=scripts, locale=language)
    page, w, t = context.new_page(), follow_words_in(language), words_in(language)
    page.goto(address)
    page.locator("#ward").fill("da kao")
    page.get_by_role("button", name=t.show).click()
    assert "17:00" in page.inner_text("main")
    full = STATES[State.FULL].in_language(language)
    assert full not in page.inner_text("main")
    _say_full(desk)
    page.reload()
    assert full in page.inner_text("main")

    page.locator(f'a[href*="{SESSION}"]').first.click()
    page.get_by_role("link", name=t.follow).first.click()
    _look(page, scripts)
    page.get_by_label(w.phone).fill(TYPED)
    page.get_by_role("button", name=w.agree).click()
    _look(page, scripts)
    desk.run_until("2026-11-17 15:01")
    page.get_by_label(w.code).fill("000000")
    page.get_by_role("button", name=w.code_send).click()
    assert w.wrong_code in page.inner_text("main")
    page.get_by_label(w.code).fill(_code(desk))
    page.get_by_role("button", name=w.code_send).click()
    assert "+8490•••001" in page.inner_text("header")
    _look(page, scripts)

    _call_off(desk)
    desk.run_until("2026-11-17 15:10")
    off = [text.says for text in desk.texts_to(RESIDENT)][-1]
    assert ("KHONG dien ra" if language == "vi" else "NOT held") in off
    own = page.url
    page.goto(f"{address}/sessions/{SESSION}")
    page.reload()  # anybody may keep a page for three seconds
    assert "Mất điện" in page.inner_text("main")

    page.goto(own)
    page.get_by_role("button", name=w.stop, exact=True).click()
    assert w.follows_nothing in page.inner_text("main")
    desk.run_until("2026-11-30 23:00")
    assert [text.says for text in desk.texts_to(RESIDENT)][-2] == off, "then one that says goodbye"
    context.close()


def _look(page: Page, scripts: bool) -> None:
    """Nothing sticks out at the side; with scripts axe-core looks, too."""
    wide = page.locator("body *:not(.skip)").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().right"
        " > document.documentElement.clientWidth + 0.5).map(one => one.outerHTML.slice(0, 80))"
    )
    assert not wide
    if scripts:
        page.evaluate(axe())
        found = page.evaluate("async () => (await axe.run(document)).violations")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def _code(desk: Desk) -> str:
    texts = [VEIL.lift(parcel.text) for parcel in desk.phones.taken if parcel.phone == RESIDENT]
    return next(word for word in texts[-1].replace(",", " ").split() if word.isdigit() and len(word) == 6)


def _say_full(desk: Desk) -> None:
    with desk.database.write() as connection:
        row = sessions.row_by_key(connection, SESSION)
        assert row is not None
        say_of_session(connection, desk.office, row, Live(State.FULL), "dung", desk.clock())


def _call_off(desk: Desk) -> None:
    with desk.database.write() as connection:
        row = sessions.row_by_key(connection, SESSION)
        assert row is not None
        call_off(connection, desk.office, row, "Mất điện", "lan", desk.clock())
