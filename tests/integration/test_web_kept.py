"""Public answers are made once a minute, named, compressed, and never older than the board."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI

from scheduler.timetable.opening import Board
from scheduler.web.application import create_app
from scheduler.web.kept import _MOST_BYTES, Kept, KeptAnswers
from tests.board import board_of, december, evening, local
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
    kept = KeptAnswers(desk.app(), _boards(desk), _clocks(desk))
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
