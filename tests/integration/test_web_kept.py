"""Public answers are made once a minute, named, compressed, and never older than the board."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from scheduler.timetable.opening import Board
from scheduler.web.application import create_app
from scheduler.web.aside import MOST_WAITING, Aside
from scheduler.web.kept import _MOST_BYTES, Kept, KeptAnswers
from tests.board import board_of, december, evening, local
from tests.crowd import city
from tests.visitor import app_at, get

TUESDAY_EVENING = "2026-12-01T18:00"
PUBLIC = ["/", "/api/v1/availability", "/docs", "/style.css", "/openapi.json"]


class Desk:
    """A board and a clock that a test sets; counts how often the board was looked at."""

    def __init__(self) -> None:
        self.board = board_of(*december())
        self.now = local(TUESDAY_EVENING)

    def app(self) -> FastAPI:
        """The application on it."""
        return create_app(lambda: self.board, lambda: self.now, lambda: True)


@pytest.mark.parametrize(
    "path", ["/", "/?ward=da+kao&lang=en", "/api/v1/availability", "/docs", "/style.css"]
)
def test_who_has_the_answer_is_told_so(path: str) -> None:
    """The ETag of an answer gets 304 without a body; the same headers say how long it may be kept."""
    app = app_at(TUESDAY_EVENING)
    first = get(app, path)
    tag = first.headers["etag"]
    for said in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = get(app, path, {"if-none-match": said})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"] == first.headers["cache-control"]
        assert "content-type" not in again.headers
    assert get(app, path, {"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.8", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, br", False),
        ("gzip;q=0.5", True),
        ("xgzip", False),
    ],
)
def test_an_answer_is_compressed_for_those_who_take_it(accepted: str, is_packed: bool) -> None:
    """Compressed only where the reader says that it can unpack; the text is the same."""
    app = app_at(TUESDAY_EVENING)
    answer = get(app, "/", {"accept-encoding": accepted})
    assert ("content-encoding" in answer.headers) == is_packed
    assert answer.text == get(app, "/", {"accept-encoding": ""}).text
    assert "Accept-Encoding" in answer.headers["vary"]
    if is_packed:
        assert int(answer.headers["content-length"]) < len(answer.content) / 2


def test_a_minute_is_the_smallest_step_of_a_page() -> None:
    """Two answers of one minute are the same to the byte; in the next minute the page says so."""
    desk = Desk()
    app = desk.app()
    first = get(app, "/")
    desk.now += timedelta(seconds=59)
    assert get(app, "/").headers["etag"] == first.headers["etag"]
    desk.now += timedelta(seconds=1)
    later = get(app, "/")
    assert "18:01" in later.text
    assert later.headers["etag"] != first.headers["etag"]


def test_a_changed_board_is_seen_at_once() -> None:
    """What the desk says within a minute is not hidden by what was kept of it."""
    desk = Desk()
    app = desk.app()
    assert "doi-thoai" in get(app, "/").text
    desk.board = board_of(evening("2026-12-01"))
    assert "Hội trường" not in get(app, "/").text.partition("<main")[2]


def test_each_language_has_its_own_answer() -> None:
    """One address, two readers: each gets the page in the language of the browser."""
    app = app_at(TUESDAY_EVENING)
    pages = [get(app, "/", {"accept-language": language}) for language in ("vi", "en", "fr", "en-GB")]
    assert [page.headers["content-language"] for page in pages] == ["vi", "en", "vi", "en"]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_head_request_has_the_headers_of_a_page(path: str) -> None:
    """Whatever may be read may be asked for its head, the first time and again."""
    app = app_at(TUESDAY_EVENING)
    for _ in range(2):
        head = get(app, path, method="HEAD")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == get(app, path).headers["content-type"]


@pytest.mark.parametrize("path", ["/nowhere", "/readyz", "/?ward=hanoi", "/api/v1/availability?to=x"])
def test_what_is_not_public_is_not_kept(path: str) -> None:
    """Refusals and the state of the service are made anew each time; their heads have no body either."""
    app = app_at(TUESDAY_EVENING)
    answer = get(app, path)
    assert answer.headers["cache-control"] == "no-store" or answer.status_code == 404
    assert "etag" not in answer.headers
    head = get(app, path, method="HEAD")
    assert (head.status_code, head.content) == (answer.status_code, b"")


def test_what_strangers_ask_for_is_not_kept_without_end() -> None:
    """The oldest answers make room; what is kept never takes more than its bound."""
    desk = Desk()
    kept = KeptAnswers(desk.app(), _boards(desk), _clocks(desk), Aside())
    for number in range(100):
        kept._keep(("/", b"%d" % number, "vi"), Kept((), "", bytes(_MOST_BYTES // 10), None))
        kept._keep(("/", b"%d" % number, "vi"), Kept((), "", bytes(_MOST_BYTES // 10), b"x"))
    assert kept._size == sum(answer.size for answer in kept._kept.values()) <= _MOST_BYTES
    assert [question[1] for question in kept._kept][-1] == b"99"


@pytest.mark.parametrize("path", ["/api/v1/availability", "/api/v1/availability?ward=x", "/openapi.json"])
def test_scripts_of_other_sites_may_read_what_is_for_programs(path: str) -> None:
    """Answers and refusals alike; a browser that asks first is told what it may send."""
    app = app_at(TUESDAY_EVENING)
    assert get(app, path).headers["access-control-allow-origin"] == "*"
    asked = get(app, path, {"origin": "https://x.example", "access-control-request-method": "GET"}, "OPTIONS")
    assert asked.status_code == 204
    assert asked.headers["access-control-allow-headers"] == "If-None-Match"
    assert "access-control-allow-credentials" not in asked.headers


@pytest.mark.parametrize("path", ["/", "/docs", "/healthz", "/nowhere"])
def test_pages_are_not_for_scripts_of_others(path: str) -> None:
    """Only what is for programs is open to them."""
    assert "access-control-allow-origin" not in get(app_at(TUESDAY_EVENING), path).headers


def _boards(desk: Desk) -> Callable[[], Board]:
    return lambda: desk.board


def _clocks(desk: Desk) -> Callable[[], datetime]:
    return lambda: desk.now


class Slow:
    """An application whose public answers take a while; `then` is called before each of them is sent."""

    def __init__(self, then: Callable[[], None] = lambda: None) -> None:
        self.asked = 0
        self._then = then

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers with the number of the request."""
        self.asked += 1
        answer = PlainTextResponse(str(self.asked), headers={"Cache-Control": "public, max-age=3"})
        await asyncio.sleep(0.01)
        self._then()
        await answer(scope, receive, send)


def ask_at_once(app: ASGIApp, paths: Sequence[str]) -> list[str]:
    """What came back, in the order in which it came."""

    async def ask() -> list[str]:
        told: list[str] = []

        async def one(path: str) -> None:
            told.append((await client.get(path)).text)

        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            await asyncio.gather(*map(one, paths))
        return told

    return asyncio.run(ask())


def test_a_crowd_waits_for_one_answer_that_is_being_made() -> None:
    """Who asks meanwhile gets that one; another question is another answer."""
    desk, slow = Desk(), Slow()
    kept = KeptAnswers(slow, _boards(desk), _clocks(desk), Aside())
    assert sorted(ask_at_once(kept, ["/a"] * 20 + ["/b"])) == ["1"] * 20 + ["2"]


def test_what_was_overtaken_while_it_was_made_is_not_kept() -> None:
    """An answer that was begun on the former board goes to who asked then, and to nobody afterwards."""
    desk = Desk()

    def change() -> None:
        desk.board = board_of(evening("2026-12-01"))

    slow = Slow(change)
    kept = KeptAnswers(slow, _boards(desk), _clocks(desk), Aside())
    assert ask_at_once(kept, ["/"]) == ["1"]
    assert ask_at_once(kept, ["/"]) == ["2"]


def test_a_wide_question_holds_up_no_page() -> None:
    """A city's quarter of a year is worked out and compressed beside the pages."""
    board = city(40, 1_200, "2026-12-01", 60)
    app = create_app(lambda: board, lambda: local(TUESDAY_EVENING), lambda: True)
    first, second, *wide = ask_at_once(app, ["/calendar.ics", "/?ward=phuong-7", "/healthz"])
    assert {first[:15], second[:15]} == {"<!doctype html>", '{"ok":true}'}
    assert len(wide[0]) > 500_000


def test_of_too_many_wide_questions_the_last_is_refused() -> None:
    """In a sentence, with the time after which to come again; who asks for a page is not."""
    app = app_at(TUESDAY_EVENING)
    paths = [f"/calendar.ics?from=2026-12-{day:02}" for day in range(1, MOST_WAITING + 2)]
    told = ask_at_once(app, [*paths, "/"])
    assert sum("Quá nhiều câu hỏi lớn" in text for text in told) == 1
    assert sum(text.startswith("BEGIN:VCALENDAR") for text in told) == MOST_WAITING
