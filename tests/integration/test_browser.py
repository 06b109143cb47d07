"""The residents' page in a real chromium, without JavaScript, on a small phone and on a wide screen."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from scheduler.settings.rehearsal import Rehearsal
from scheduler.timetable.label import Label
from scheduler.timetable.opening import Board, State
from scheduler.web.application import create_app
from scheduler.web.server import WebServer
from tests.board import COPIES, board_of, december, evening, local

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]
PHONE = ViewportSize(width=360, height=740)
WALL = ViewportSize(width=1280, height=900)
PLACE, SESSION = "/places/ubnd-sai-gon?lang=en", "/sessions/sao-y@2026-12-03"
PATHS = ["/?lang=vi", "/?lang=en", "/?ward=da+kao", "/?view=wall", PLACE, SESSION, "/docs", "/nowhere"]


def held() -> Board:
    """December's board."""
    return board_of(*december())


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where December's board is served, on the evening of the first."""
    board = held()
    server = WebServer(create_app(lambda: board, lambda: local("2026-12-01T18:00"), lambda: True))
    server.start("127.0.0.1", 0)
    yield server.url
    assert server.stop(60)


@pytest.fixture(scope="module")
def trial() -> Iterator[str]:
    """The same in a rehearsal."""
    rehearsal = Rehearsal(("staff", "volunteer", "resident"), frozenset())
    board = replace(held(), rehearsal=rehearsal.to_residents())
    server = WebServer(create_app(lambda: board, lambda: local("2026-12-01T18:00"), lambda: True))
    server.start("127.0.0.1", 0)
    yield server.url
    assert server.stop(60)


def day_of(rows: int, named: str = "", reason: str = "Mất điện theo lịch") -> Board:
    """A board with so many sessions on each of two days, one of them late and one called off."""
    off = {"state": State.CANCELLED, "reason": Label.same(reason)}
    late = {"state": State.LATE, "reason": Label("Kẹt xe", "Traffic")}
    service = replace(COPIES, name=Label.same(named)) if named else COPIES
    held = []
    for day in ("2026-12-01", "2026-12-02"):
        for n in range(rows):
            one = replace(evening(day), key=f"sao-y-{n:02}@{day}", number=n, service=service)
            held.append(replace(one, **{2: off, 3: late}.get(n, {})))  # type: ignore[arg-type]  # rows name fields of every type
    return replace(board_of(*held), public_url="https://ca-truc.example")


@pytest.fixture(scope="module")
def hall() -> Iterator[tuple[str, list[Board]]]:
    """Where a board is served, and the list whose last one it is."""
    boards = [held()]
    server = WebServer(create_app(lambda: boards[-1], lambda: local("2026-12-01T17:30"), lambda: True))
    server.start("127.0.0.1", 0)
    yield server.url, boards
    assert server.stop(60)


def opened(browser: Browser, url: str, size: ViewportSize = PHONE, scheme: Scheme = "light") -> Page:
    """The page at `url`, in a window of this size, with scripts off."""
    context = browser.new_context(
        viewport=size, java_script_enabled=False, locale="vi-VN", color_scheme=scheme
    )
    page = context.new_page()
    page.goto(url)
    return page


@pytest.mark.parametrize("size", [PHONE, WALL, ViewportSize(width=320, height=640)])
def test_nothing_sticks_out_at_the_side(browser: Browser, address: str, size: ViewportSize) -> None:
    """No page is wider than the screen: nobody has to scroll sideways."""
    page = opened(browser, address, size)
    wide = {}
    for path in PATHS:
        page.goto(address + path)
        wide[path] = page.locator("body, body *:not(.skip):not(.scroll *)").evaluate_all(
            "all => all"
            ".filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)"
            ".map(one => one.outerHTML.slice(0, 80))"
        )
    assert {path: found for path, found in wide.items() if found} == {}
    page.context.close()


@pytest.mark.parametrize("path", ["/?lang=vi", "/?lang=en", "/nowhere", "/docs"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, WALL])
def test_a_rehearsal_is_never_out_of_sight(
    browser: Browser, trial: str, path: str, scheme: Scheme, size: ViewportSize
) -> None:
    """At the top of a page and at its end; it hides no day to which a link leads, and takes little room."""
    page = opened(browser, trial + path, size, scheme)
    page.evaluate("() => window.scrollTo(0, document.body.scrollHeight)")
    box = page.locator(".rehearsal").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"]) == (0, 0, size["width"])
    assert box["height"] < 100
    page.context.close()


def test_a_day_that_a_link_names_is_seen_below_the_rehearsal(browser: Browser, trial: str) -> None:
    """The banner that stays covers no heading."""
    page = opened(browser, f"{trial}/#d2026-12-02")
    banner, heading = (page.locator(one).bounding_box() for one in (".rehearsal", "#d2026-12-02"))
    assert banner is not None
    assert heading is not None
    assert heading["y"] >= banner["height"]
    page.context.close()


SCREENS = [(1920, 1080), (1366, 768), (1280, 720), (1080, 1920), (1280, 1024), (1920, 1200)]
LONG = "Tình nguyện viên hỗ trợ tại quầy"
LONGER = "Hướng dẫn người cao tuổi làm thủ tục hành chính trực tuyến trên điện thoại"


@pytest.mark.parametrize(
    ("board", "least"),
    [
        pytest.param(day_of(1), 2, id="one a day"),
        pytest.param(day_of(3), 6, id="three"),
        pytest.param(day_of(3, LONG), 6, id="three with long names"),
        pytest.param(day_of(5, LONG), 8, id="five with long names"),
        pytest.param(day_of(20), 10, id="more than any screen holds"),
        pytest.param(day_of(20, LONGER, "Mất điện đến hết buổi, " * 4), 2, id="hardly anything fits"),
    ],
)
def test_a_screen_in_the_hall_needs_no_hand(
    browser: Browser, hall: tuple[str, list[Board]], board: Board, least: int
) -> None:
    """Whatever the two days hold, some of it late or off with a reason: all that is shown is in sight."""
    address, boards = hall
    page = opened(browser, address)
    for rehearsal in (None, Rehearsal(("staff",), frozenset()).to_residents()):
        boards.append(replace(board, rehearsal=rehearsal))
        page.goto(f"{address}/?view=wall&lang=vi&ward=sai-gon&service=sao-y&{len(boards)}")
        assert page.locator(".row").count() >= least
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), (width, height)
    page.context.close()


def test_a_printed_page_is_black_on_white(browser: Browser, address: str) -> None:
    """On paper the page has no colour behind text, whatever the screen is set to, and nothing to tap."""
    page = opened(browser, f"{address}/?lang=vi", scheme="dark")
    page.emulate_media(media="print")
    assert page.locator("body").evaluate(FAINT_TEXT) == []
    ground = page.locator("header").evaluate("one => getComputedStyle(one).backgroundColor")
    assert ground == "rgba(0, 0, 0, 0)"
    assert not page.locator("header nav").is_visible()
    assert not page.locator(".find").is_visible()
    page.context.close()


def test_an_old_name_without_accents_finds_the_wards(browser: Browser, address: str) -> None:
    """A resident types "da kao", as people say it, and sees the sessions of both wards that took it."""
    page = opened(browser, address)
    page.get_by_role("combobox", name="Phường").fill("da kao")
    page.get_by_role("button", name="Xem lịch").click()
    assert "“da kao” có thể là Phường Sài Gòn hoặc Phường Tân Định." in page.inner_text("[role=status]")
    assert page.get_by_text("UBND phường Sài Gòn").first.is_visible()
    assert page.get_by_text("Hội trường Tân Định").first.is_visible()
    page.context.close()


def test_a_service_is_chosen_from_a_list(browser: Browser, address: str) -> None:
    """The form keeps what was chosen, and the page shows only that."""
    page = opened(browser, address)
    page.get_by_role("combobox", name="Dịch vụ").select_option("Đối thoại khu phố")
    page.get_by_role("button", name="Xem lịch").click()
    assert page.get_by_role("combobox", name="Dịch vụ").input_value() == "doi-thoai"
    assert "Gần nhất: ngày mai 18:30, Hội trường Tân Định." in page.inner_text("h1")
    page.context.close()


def test_the_language_is_changed_with_one_tap(browser: Browser, address: str) -> None:
    """The other language is a link, and the page stays in it."""
    page = opened(browser, address)
    page.get_by_role("link", name="English").click()
    page.get_by_role("link", name="Tân Định", exact=True).click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Next: tomorrow 18:30, Tân Định Hall." in page.inner_text("h1")
    page.context.close()


def test_a_keyboard_can_skip_to_the_schedule(browser: Browser, address: str) -> None:
    """The first stop of the tab key leads past the head of the page."""
    page = opened(browser, address)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#schedule")
    page.context.close()


def test_nothing_is_fetched_from_elsewhere(browser: Browser, address: str) -> None:
    """The pages ask only for what they need, and only from here; the policy forbids nothing that they use."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: said.append(line.text))
    for path in ("/", "/docs"):
        page.goto(address + path)
    assert asked
    assert [url for url in asked if not url.startswith(address)] == []
    assert said == []
    context.close()


FAINT_TEXT = """body => {
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const ground = one => {
    for (; one; one = one.parentElement) {
      const colour = parts(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  return [...body.querySelectorAll('*')]
    .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    .filter(one => one.getClientRects().length && !one.closest('.skip'))
    .map(one => {
      const [a, b] = [light(parts(getComputedStyle(one).color)), light(ground(one))];
      return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), one.outerHTML.slice(0, 80)];
    })
    .filter(([contrast]) => contrast < 4.5);
}"""
