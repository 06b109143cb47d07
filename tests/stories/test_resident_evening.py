"""A resident's evening in a real chromium: found by an old name, full, followed, called off, stopped.

One service lives through as many evenings as there are ways to read it, with another resident on each.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta

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
from tests.stories.test_following import EVERY_TUESDAY

pytestmark = pytest.mark.browser

OFFICE = EVERY_TUESDAY.replace('name = "Sài Gòn"\n', 'name = "Sài Gòn"\nformerly = ["Bến Nghé", "Đa Kao"]\n')
EVERY_EVENING = OFFICE.replace('days = "T3"', 'days = "mon-sun"\non_holiday = "keep"')
FIRST = date(2026, 11, 17)
PHONE, TABLET, SCREEN = (
    ViewportSize(width=width, height=height) for width, height in ((320, 640), (768, 1024), (1920, 1080))
)


@dataclass(frozen=True, slots=True)
class Evening:
    """One evening of the desk, and who comes on it."""

    desk: Desk
    day: date
    phone: str

    @property
    def session(self) -> str:
        """The key of the evening's session."""
        return f"sao-y-ubnd-sai-gon@{self.day}"

    @property
    def typed(self) -> str:
        """The number as its owner types it."""
        return "0" + self.phone.removeprefix("+84")

    def run_until(self, time: str, days: int = 0) -> None:
        """Lets the desk do all that is due until then."""
        self.desk.run_until(f"{self.day + timedelta(days=days)} {time}")

    def texts(self) -> list[str]:
        """What this evening's resident was sent."""
        return [text.says for text in self.desk.texts_to(self.phone)]

    def code(self) -> str:
        """The digits of the last text."""
        texts = [VEIL.lift(parcel.text) for parcel in self.desk.phones.taken if parcel.phone == self.phone]
        return next(word for word in texts[-1].replace(",", " ").split() if word.isdigit() and len(word) == 6)

    def say_full(self) -> None:
        """The clerk says that nobody else is let in."""
        with self.desk.database.write() as connection:
            row = sessions.row_by_key(connection, self.session)
            assert row is not None
            say_of_session(connection, self.desk.office, row, Live(State.FULL), "dung", self.desk.clock())

    def call_off(self) -> None:
        """The coordinator calls it off."""
        with self.desk.database.write() as connection:
            row = sessions.row_by_key(connection, self.session)
            assert row is not None
            call_off(connection, self.desk.office, row, "Mất điện", "lan", self.desk.clock())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk on which certification is held every evening."""
    assert 'name = "Sài Gòn"\n' in WARD
    path = tmp_path_factory.mktemp("evenings") / "catruc.db"
    with closing(Desk(f"sqlite:///{path}", EVERY_EVENING, "2026-11-16 09:00")) as one:
        yield one


@pytest.fixture(scope="module")
def address(desk: Desk) -> Iterator[str]:
    """Where its pages are served."""
    server = WebServer(app_of(desk))
    server.start("127.0.0.1", 0)
    yield server.url
    assert server.stop(60)


@pytest.fixture(scope="module")
def evenings(desk: Desk) -> Iterator[Evening]:
    """One after the other; whichever test comes first has the first."""
    return (Evening(desk, FIRST + timedelta(days=number), f"+8490200{number:04}") for number in range(40))


@pytest.fixture
def evening(evenings: Iterator[Evening]) -> Evening:
    """In the afternoon before a session."""
    one = next(evenings)
    one.run_until("15:00")
    return one


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
@pytest.mark.parametrize("size", [PHONE, TABLET, SCREEN], ids=["phone", "tablet", "screen"])
def test_an_evening(
    browser: Browser, evening: Evening, address: str, size: ViewportSize, scripts: bool, language: str
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
    evening.say_full()
    page.reload()
    assert full in page.inner_text("main")

    page.locator(f'a[href*="{evening.session}"]').first.click()
    page.get_by_role("link", name=t.follow).first.click()
    _look(page, scripts)
    page.get_by_label(w.phone).fill(evening.typed)
    page.get_by_role("button", name=w.agree).click()
    _look(page, scripts)
    evening.run_until("15:01")
    page.get_by_label(w.code).fill("000000")
    page.get_by_role("button", name=w.code_send).click()
    assert w.wrong_code in page.inner_text("main")
    page.get_by_label(w.code).fill(evening.code())
    page.get_by_role("button", name=w.code_send).click()
    assert f"+8490•••{evening.phone[-3:]}" in page.inner_text("header")
    _look(page, scripts)

    evening.call_off()
    evening.run_until("15:10")
    off = evening.texts()[-1]
    assert ("KHONG dien ra" if language == "vi" else "NOT held") in off
    own = page.url
    page.goto(f"{address}/sessions/{evening.session}")
    page.reload()  # anybody may keep a page for three seconds
    assert "Mất điện" in page.inner_text("main")

    page.goto(own)
    page.get_by_role("button", name=w.stop, exact=True).click()
    assert w.follows_nothing in page.inner_text("main")
    evening.run_until("09:00", days=1)
    assert evening.texts()[-2] == off, "then one that says goodbye"
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
