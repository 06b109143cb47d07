"""A person's own page in a real chromium, without JavaScript, on a phone: taps, the keyboard, contrast."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from scheduler.web.server import WebServer
from tests.desk import ONE_EVENING, Desk, instant
from tests.integration.test_browser import FAINT_TEXT, Scheme, opened
from tests.javascript import axe
from tests.own_page import VEIL, app_of, name_for, path_for

pytestmark = pytest.mark.browser

SESSION = "sao-y-ubnd-sai-gon@2026-11-17"
SMALL = ViewportSize(width=320, height=640)
WITH_A_LEADER = ONE_EVENING.replace("volunteer = 1", "volunteer = 1, leader = 1").replace(
    '0901 000 003"\nroles = ["volunteer"]', '0901 000 003"\nroles = ["leader"]'
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on an evening on which An and Chi, who leads, have been asked."""
    with closing(Desk(f"sqlite:///{tmp_path / 'catruc.db'}", WITH_A_LEADER, "2026-11-03 09:00")) as one:
        one.run_until("2026-11-11 18:30")
        yield one


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """Where its pages are served."""
    server = WebServer(app_of(desk))
    server.start("127.0.0.1", 0)
    yield server.url
    assert server.stop(60)


def test_a_shift_goes_through_many_hands(browser: Browser, desk: Desk, address: str) -> None:
    """Yes, no, yes again; offered, taken, given back, taken; days away; and the leader marks who came."""
    an, binh, chi = (opened(browser, address + path_for(desk, one)) for one in ("an", "binh", "chi"))
    _tap(an, "Tôi đến được")
    assert desk.roster()[SESSION]["an"] == "confirmed"
    an.get_by_text("Không đến được, hoặc muốn nhờ người khác").click()
    an.get_by_label("Nhờ ai").fill("Bình")
    _tap(an, "Nhờ trực thay")
    assert "Đang nhờ Bình." in an.inner_text("main")

    binh.reload()
    _tap(binh, "Tôi nhận ca này")
    assert desk.roster()[SESSION]["binh"] == "confirmed"
    binh.get_by_text("Không đến được, hoặc muốn nhờ người khác").click()
    _tap(binh, "Trả lại ca này")
    assert desk.roster()[SESSION]["an"] == "confirmed"

    an.reload()
    an.get_by_label("Từ ngày").fill("2026-11-17")
    _tap(an, "Báo bận")
    assert "Đã báo bận ngày này." in an.inner_text("main")
    _tap(an, "Tôi không đến được")
    assert desk.roster()[SESSION]["an"] == "declined"

    _tap(chi, "Tôi đến được")
    desk.answer("binh", SESSION, yes=True)
    desk.clock.now = instant("2026-11-17 17:10")
    chi.goto(address + path_for(desk, "chi"))
    chi.get_by_text("Danh sách").click()
    _tap(chi, "Có mặt")
    assert "served" in desk.roster()[SESSION].values()
    for page in (an, binh, chi):
        page.context.close()


def test_a_code_is_typed_on_a_phone(browser: Browser, desk: Desk, address: str) -> None:
    """A wrong one is explained where it was typed; a good one opens the page."""
    page = opened(browser, f"{address}/r/gone")
    page.get_by_role("link", name="Nhập mã trong tin nhắn").click()
    page.get_by_label("Mã").fill("nothing")
    _enter(page)
    assert "Mã này không đúng hoặc đã hết hạn." in page.get_by_role("alert").inner_text()
    page.get_by_label("Mã").fill(VEIL.code(name_for(desk, "an")).lower())
    _enter(page)
    assert page.inner_text("h1") == "Lịch trực của bạn An"
    assert page.url == address + path_for(desk, "an")
    page.context.close()


def test_another_site_cannot_send_a_form(browser: Browser, desk: Desk, address: str) -> None:
    """Even one that knows every field of it: the browser itself says where it comes from."""
    page = opened(browser, address + path_for(desk, "an"))
    form = page.locator("form", has_text="Tôi đến được").evaluate("form => form.outerHTML")
    stranger = opened(browser, "about:blank")
    stranger.set_content(form.replace('action="', f'action="{address}'))
    with stranger.expect_navigation() as sent:
        stranger.get_by_role("button").click()
    assert sent.value is not None
    assert sent.value.status == 403
    assert desk.roster()[SESSION]["an"] == "asked"
    for one in (page, stranger):
        one.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_can_be_read_and_nothing_sticks_out(
    browser: Browser, desk: Desk, address: str, scheme: Scheme
) -> None:
    """On the smallest phone, by day and by night, in both languages, with everything unfolded."""
    desk.answer("an", SESSION, yes=True)
    page = opened(browser, address, SMALL, scheme)
    for path in (path_for(desk, "an"), path_for(desk, "lan"), path_for(desk, "chi"), "/r/gone", "/a"):
        for language in ("vi", "en"):
            page.goto(f"{address}{path}?lang={language}")
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert page.locator("body").evaluate(FAINT_TEXT) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"], path
            assert page.evaluate(UNNAMED) == [], path
    page.context.close()


def test_the_pages_keep_nobody_out(browser: Browser, desk: Desk, address: str) -> None:
    """No rule of axe-core is broken, its best practices included, with everything unfolded."""
    desk.answer("an", SESSION, yes=True)
    script, page = axe(), browser.new_page(viewport=SMALL)
    for path in (path_for(desk, "an"), path_for(desk, "lan"), path_for(desk, "chi"), "/r/gone", "/a"):
        page.goto(f"{address}{path}")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        page.evaluate(script)
        found = page.evaluate("async () => (await axe.run(document)).violations")
        assert [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found] == [], path
    page.close()


def test_a_keyboard_reaches_every_button(browser: Browser, desk: Desk, address: str) -> None:
    """The first stop leads past the head; the yes is the next of all that act."""
    page = opened(browser, address + path_for(desk, "an"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    _enter(page)
    assert "Đã ghi nhận: đến được." in page.get_by_role("status").inner_text()
    page.context.close()


def _tap(page: Page, label: str) -> None:
    """Presses the first button of this label, and waits for the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=True).first.click()


def _enter(page: Page) -> None:
    """Presses the enter key, and waits for the page that follows."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


# Fields without a label, ids that are there twice, and references that lead nowhere.
UNNAMED = """() => {
  const fields = [...document.querySelectorAll('input:not([type=hidden])')].filter(one => !one.labels.length);
  const ids = [...document.querySelectorAll('[id]')].map(one => one.id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  const wanted = [...document.querySelectorAll('[aria-describedby], [aria-labelledby]')]
    .flatMap(one => [one.getAttribute('aria-describedby'), one.getAttribute('aria-labelledby')])
    .filter(Boolean);
  return [...fields.map(one => one.name), ...twice, ...wanted.filter(id => !ids.includes(id))];
}"""
