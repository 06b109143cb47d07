"""The residents' pages and the JSON over HTTP, in process, from a board built by hand."""

import asyncio
import json
import socket
import threading
import urllib.request
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from scheduler.timetable.opening import Board, Opening, State
from scheduler.web.api import AvailabilityAnswer
from scheduler.web.application import create_app
from scheduler.web.security import SECURITY_HEADERS
from scheduler.web.server import CannotListenError, WebServer
from tests.board import board_of, december, evening, local, talk

TUESDAY_EVENING = "2026-12-01T18:00"
TUESDAY_NIGHT = "2026-12-01T22:00"


def app_at(now: str, *openings: Opening, well: bool = True) -> FastAPI:
    """The application on a board with these openings (else December's), at this local time."""
    board = board_of(*(openings or december()))
    return create_app(lambda: board, lambda: local(now), lambda: well)


def get(
    app: FastAPI, path: str, headers: Mapping[str, str] | None = None, method: str = "GET"
) -> httpx.Response:
    """What `app` answers to one request."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("path", "now", "sentence"),
    [
        pytest.param(
            "/",
            TUESDAY_EVENING,
            "Đang mở: Chứng thực sao y ngoài giờ, UBND phường Sài Gòn, đến 19:30.",
            id="open",
        ),
        pytest.param(
            "/?lang=en",
            TUESDAY_EVENING,
            "Open now: After-hours certification, Sài Gòn Ward Office, until 19:30.",
            id="open, in English",
        ),
        pytest.param(
            "/",
            "2026-12-01T09:00",
            "Bây giờ không nơi nào mở. Gần nhất: hôm nay 17:00, UBND phường Sài Gòn.",
            id="later today",
        ),
        pytest.param(
            "/?lang=en",
            TUESDAY_NIGHT,
            "Nothing is open now. Next: tomorrow 18:30, Tân Định Hall.",
            id="tomorrow",
        ),
        pytest.param(
            "/?service=sao-y",
            "2026-12-02T12:00",
            "Bây giờ không nơi nào mở. Gần nhất: Thứ Ba 17:00, UBND phường Sài Gòn.",
            id="the cancelled Thursday is passed over",
        ),
        pytest.param(
            "/?service=sao-y&lang=en",
            TUESDAY_NIGHT,
            "Nothing is open now. Next: Tuesday 8 Dec 17:00, Sài Gòn Ward Office.",
            id="a week on, with its date",
        ),
        pytest.param(
            "/",
            "2026-12-01T19:10",
            "Bây giờ không nơi nào nhận thêm người. Gần nhất: ngày mai 18:30",
            id="too late",
        ),
        pytest.param(
            "/", "2027-01-01T12:00", "Bây giờ không nơi nào mở. Chưa có ca nào sắp tới.", id="no more"
        ),
        pytest.param(
            "/?at=2026-12-02T19:00", TUESDAY_EVENING, "Đang mở: Đối thoại khu phố", id="another time"
        ),
        pytest.param(
            "/?at=2026-12-02T12:00%2B00:00",
            TUESDAY_EVENING,
            "Đang mở: Đối thoại khu phố",
            id="with an offset",
        ),
        pytest.param(
            "/?at=2026-12-02T12:00+00:00", TUESDAY_EVENING, "Đang mở: Đối thoại khu phố", id="a plus as typed"
        ),
    ],
)
def test_the_page_begins_with_the_answer(path: str, now: str, sentence: str) -> None:
    """The first heading says what is open and until when, else what comes next and where."""
    page = get(app_at(now), path).text
    heading = page.partition("<h1>")[2].partition("</h1>")[0]
    assert sentence in heading


def test_several_open_places_are_counted() -> None:
    """When more than one place is open, the sentence says how many, and how long the last one is."""
    page = get(app_at("2026-12-01T19:00", evening("2026-12-01"), talk("2026-12-01")), "/").text
    assert "<h1>Đang mở: 2 nơi, muộn nhất đến 20:30.</h1>" in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param({}, "Mở theo lịch", id="the schedule says so"),
        pytest.param(
            {"state": State.OPEN, "confirmed_at": local("2026-12-01T17:04")},
            "Đang mở, đã xác nhận lúc 17:04",
            id="the desk says so",
        ),
        pytest.param({"state": State.LATE}, "Mở muộn", id="late"),
        pytest.param({"state": State.FULL}, "Đã hết lượt", id="full"),
        pytest.param({"state": State.CANCELLED}, "Đã hủy", id="cancelled"),
        pytest.param({"state": State.CANCELLED, "reason": "Họp gấp"}, "Họp gấp", id="with its reason"),
        pytest.param({"places_left": 3}, "Còn 3 lượt", id="places left"),
        pytest.param({"places_left": 0}, "Còn 0 lượt", id="none left is said too"),
        pytest.param({"moved_from": local("2026-12-01T16:00")}, "Dời từ 16:00", id="moved on its day"),
        pytest.param(
            {"moved_from": local("2026-11-30T16:00")},
            "Dời từ Thứ Hai 30/11 16:00",
            id="moved from another day",
        ),
        pytest.param({}, "Nhận hồ sơ đến <b>19:00</b>", id="last entry"),
        pytest.param({}, "CCCD và bản chính", id="what to bring"),
        pytest.param({}, "2.000 đ/trang", id="the fee"),
        pytest.param({}, 'datetime="2026-12-01T17:00+07:00"', id="the time for machines"),
        pytest.param({"ends": local("2026-12-02T02:00")}, "02:00 hôm sau", id="into the next day"),
        pytest.param({"ends": local("2026-12-02T00:00")}, "00:00</time>", id="midnight ends the same day"),
    ],
)
def test_the_page_tells_how_a_session_stands(said: dict[str, object], words: str) -> None:
    """State and who says so, reason, last entry, what to bring and the fee stand with the session."""
    held = replace(evening("2026-12-01"), **said)  # type: ignore[arg-type]  # rows name fields of every type
    page = get(app_at(TUESDAY_EVENING, held), "/").text
    assert words in page.partition("<main")[2].partition('id="find"')[0]


def test_the_week_names_its_days_and_keeps_the_cancelled() -> None:
    """Each coming day has its heading; a cancelled session stays, with its reason."""
    page = get(app_at(TUESDAY_EVENING), "/").text
    week = page.partition('id="week"')[2]
    order = ["Thứ Tư", "Thứ Năm", "Đã hủy", "Mất điện theo lịch", "Thứ Ba", "Dời từ 16:00"]
    places = [week.rindex(words) for words in order]
    assert places == sorted(places)


def test_an_empty_board_says_so() -> None:
    """With nothing planned there is a sentence, not an empty page."""
    page = get(create_app(lambda: board_of(), lambda: local(TUESDAY_EVENING), lambda: True), "/?lang=en").text
    assert "Nothing more today." in page
    assert "Nothing is planned for the next seven days." in page


@pytest.mark.parametrize(
    ("path", "headers", "language"),
    [
        pytest.param("/", {}, "vi", id="the first language"),
        pytest.param("/", {"accept-language": "en-GB,en;q=0.9"}, "en", id="an English browser"),
        pytest.param("/", {"accept-language": "en;q=0.4, vi;q=0.8"}, "vi", id="weights decide"),
        pytest.param("/", {"accept-language": "fr, en;q=0.2"}, "en", id="the best that we have"),
        pytest.param("/", {"accept-language": "en;q=0"}, "vi", id="refused by weight"),
        pytest.param("/", {"accept-language": "en;q=x;;,"}, "en", id="a broken weight"),
        pytest.param("/?lang=vi", {"accept-language": "en"}, "vi", id="lang wins"),
        pytest.param("/?lang=fr", {"accept-language": "en"}, "en", id="an unknown lang does not"),
        pytest.param("/nowhere", {"accept-language": "en"}, "en", id="on an error page"),
    ],
)
def test_the_page_speaks_the_readers_language(path: str, headers: dict[str, str], language: str) -> None:
    """``lang``, then the browser, then the first of the settings; the answer says which it is."""
    answer = get(app_at(TUESDAY_EVENING), path, headers)
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language
    assert answer.headers["vary"] == "Accept-Language"


def test_the_other_language_is_one_tap_away() -> None:
    """The link to the other language keeps what was asked."""
    page = get(app_at(TUESDAY_EVENING), "/?ward=da+kao&service=sao-y").text
    assert 'href="/?ward=da+kao&amp;service=sao-y&amp;lang=en" lang="en"' in page


def test_an_old_name_of_two_wards_offers_both() -> None:
    """A name that was split shows the sessions of both wards, and says which they are."""
    page = get(app_at(TUESDAY_EVENING), "/?ward=da kao").text
    assert "“da kao” có thể là Phường Sài Gòn hoặc Phường Tân Định." in page
    assert "UBND phường Sài Gòn" in page
    assert "Hội trường Tân Định" in page


def test_a_ward_shows_only_its_own() -> None:
    """A ward found by its name narrows the page, and stands in the form by its full name."""
    page = get(app_at(TUESDAY_EVENING), "/?ward=P. tan dinh").text
    assert 'value="Tân Định"' in page
    assert "Hội trường Tân Định" in page
    assert "UBND phường Sài Gòn" not in page


def test_a_name_that_nothing_bears_shows_everything() -> None:
    """A resident whose ward is not known still gets the whole schedule, and a sentence about it."""
    answer = get(app_at(TUESDAY_EVENING), "/?ward=Hà Nội")
    assert answer.status_code == 404
    assert "Không có phường nào tên “Hà Nội”" in answer.text
    assert "UBND phường Sài Gòn" in answer.text


def test_what_a_stranger_types_stays_text() -> None:
    """Markup in a parameter is shown, never obeyed."""
    page = get(app_at(TUESDAY_EVENING), '/?ward=<script>alert("x")</script>&lang="><script>').text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_many_wards_are_not_offered_as_links() -> None:
    """Above a dozen the input's own list is faster than a wall of links."""
    few = board_of()
    many = replace(few, wards=tuple(replace(few.wards[0], id=f"ward-{n}") for n in range(13)))
    pages = [
        get(create_app(lambda: held, lambda: local(TUESDAY_NIGHT), lambda: True), "/").text for held in [few]
    ]
    pages += [get(create_app(lambda: many, lambda: local(TUESDAY_NIGHT), lambda: True), "/").text]
    assert ["?ward=" in page for page in pages] == [True, False]


def test_the_json_is_what_the_description_says() -> None:
    """The answer fits the described shape exactly: nothing more, nothing less."""
    answer = get(app_at(TUESDAY_EVENING), "/api/v1/availability?lang=en")
    assert answer.headers["cache-control"] == "public, max-age=15"
    told = AvailabilityAnswer.model_validate(answer.json())
    assert [session.key for session in told.open_now] == ["sao-y@2026-12-01"]
    assert told.next is not None
    assert told.next.key == "doi-thoai@2026-12-02"
    assert [session.state for session in told.sessions] == ["open", "scheduled", "cancelled", "scheduled"]
    assert told.sessions[2].reason == "Planned power cut"
    assert answer.json()["now"] == "2026-12-01T18:00:00+07:00"


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        pytest.param("", 4, id="the week"),
        pytest.param("?ward=&service=&place=&from=&to=&at=&lang=", 4, id="empty is absent"),
        pytest.param("?ward=tan+dinh", 1, id="a ward"),
        pytest.param("?service=sao-y", 3, id="a service"),
        pytest.param("?place=45%20le%20duan", 3, id="a place"),
        pytest.param("?from=2026-12-02&to=2026-12-03", 2, id="two days"),
        pytest.param("?open_now=true", 1, id="only what is open"),
        pytest.param("?open_now=1&at=2026-12-01T21:00", 0, id="nothing open"),
    ],
)
def test_parameters_narrow_the_json(query: str, keys: int) -> None:
    """Each parameter of the contract does what it says."""
    answer = get(app_at(TUESDAY_EVENING), f"/api/v1/availability{query}")
    assert len(answer.json()["sessions"]) == keys


@pytest.mark.parametrize(
    ("query", "status", "hint"),
    [
        pytest.param("?ward=hanoi", 404, "sai-gon", id="no such ward"),
        pytest.param("?service=passport", 404, "sao-y", id="no such service"),
        pytest.param("?place=market", 404, "hoi-truong", id="no such place"),
        pytest.param("?from=2026-12-02&to=2026-12-01", 400, "turn", id="backwards"),
        pytest.param("?from=2026-01-01&to=2026-12-01", 400, "92", id="too long"),
        pytest.param("?to=9999-12-31", 400, "92", id="the end of time"),
        pytest.param("?from=0001-01-01", 400, "too far", id="the beginning of time"),
        pytest.param("?from=tomorrow", 422, "2026-11-30", id="no date"),
        pytest.param("?to=20261201", 422, "2026-12-06", id="a date without dashes"),
        pytest.param("?from=2026-02-30", 422, "2026-11-30", id="no such day"),
        pytest.param("?at=5pm", 422, "2026-11-30T18:00", id="no time"),
        pytest.param("?at=1700000000", 422, "2026-11-30T18:00", id="a number is no time"),
        pytest.param("?at=0001-01-01T00:00", 422, "1970", id="before time"),
        pytest.param("?open_now=perhaps", 422, "true or false", id="neither yes nor no"),
    ],
)
def test_a_wrong_question_gets_one_sentence(query: str, status: int, hint: str) -> None:
    """A mistake is answered with its kind of status and one sentence that says what would be right."""
    answer = get(app_at(TUESDAY_EVENING), f"/api/v1/availability{query}", {"accept-language": "en"})
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    assert hint in answer.json()["error"]


def test_a_time_that_the_page_cannot_read_is_explained() -> None:
    """The page refuses a nonsensical time in words, in both languages, not as JSON."""
    answer = get(app_at(TUESDAY_EVENING), "/?at=teatime")
    assert answer.status_code == 422
    assert "“at” phải là một thời điểm" in answer.text
    assert "“at” must be a time" in answer.text


@pytest.mark.parametrize(("well", "status"), [(True, 200), (False, 503)])
def test_readiness_is_told_without_details(well: bool, status: int) -> None:
    """Ready or not, and nothing else; being alive does not depend on it."""
    app = app_at(TUESDAY_EVENING, well=well)
    ready, alive = get(app, "/readyz"), get(app, "/healthz")
    assert (ready.status_code, ready.json()) == (status, {"ok": well})
    assert (alive.status_code, alive.json()) == (200, {"ok": True})


def test_the_board_is_asked_for_each_time() -> None:
    """What is in force when the request comes is what is shown."""
    boards = [board_of(evening("2026-12-01")), board_of()]
    app = create_app(lambda: boards.pop(), lambda: local(TUESDAY_EVENING), lambda: True)
    lengths = [len(get(app, "/api/v1/availability").json()["sessions"]) for _ in range(2)]
    assert lengths == [0, 1]


def test_the_description_is_a_page_of_our_own() -> None:
    """``/docs`` says what ``/openapi.json`` says, without a script and without another host."""
    app = app_at(TUESDAY_EVENING)
    page, document = get(app, "/docs").text, get(app, "/openapi.json").json()
    asked = document["paths"]["/api/v1/availability"]["get"]
    names = [parameter["name"] for parameter in asked["parameters"]]
    assert names == ["ward", "service", "place", "from", "to", "open_now", "at", "lang"]
    assert sorted(asked["responses"]) == ["200", "400", "404", "422"]
    assert all(
        f"<code>{name}</code>" in page
        for name in [*names, *document["components"]["schemas"]["Named"]["properties"]]
    )
    assert "list of SessionAnswer" in page
    assert "//" not in page.replace("https://json-schema.org", "")
    assert "<script" not in page


def test_style_and_icon_are_fetched_once() -> None:
    """Their addresses carry a version, and may be kept for a year."""
    app = app_at(TUESDAY_EVENING)
    page = get(app, "/").text
    for start, kind in (("/style.css?v=", "text/css; charset=utf-8"), ("/icon.svg?v=", "image/svg+xml")):
        address = start + page.partition(start)[2].partition('"')[0]
        answer = get(app, address)
        assert answer.headers["content-type"] == kind
        assert "immutable" in answer.headers["cache-control"]


def failing_board() -> Board:
    """A board that cannot be had."""
    raise RuntimeError("the board cannot be had")


def refused_paths() -> list[str]:
    """Requests that end in every kind of refusal."""
    wrong = ["?ward=hanoi", "?to=1999-01-01", "?at=x"]
    return ["/nowhere", "/api/v1/nowhere", "/?at=x", *(f"/api/v1/availability{query}" for query in wrong)]


def test_every_answer_carries_the_security_headers() -> None:
    """Every route of the application and every kind of refusal has all of them."""
    app = app_at(TUESDAY_EVENING)
    routes = sorted(str(path) for path in _addresses(app))
    assert {"/", "/docs", "/openapi.json", "/api/v1/availability", "/healthz", "/readyz"} <= set(routes)
    for path in routes + refused_paths():
        answer = get(app, path)
        assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS, path


@pytest.mark.parametrize("path", ["/", "/api/v1/availability"])
def test_a_method_that_changes_things_is_refused(path: str) -> None:
    """These routes are for reading; the refusal names what is allowed and has the headers too."""
    answer = get(app_at(TUESDAY_EVENING), path, method="POST")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert answer.headers.items() >= {name.lower(): text for name, text in SECURITY_HEADERS.items()}.items()


def test_our_own_fault_is_said_plainly() -> None:
    """A failure while answering is a page with a sentence and the headers, and no details."""
    working = board_of()
    boards = iter([failing_board, lambda: working])
    app = create_app(lambda: next(boards)(), lambda: local(TUESDAY_EVENING), lambda: True)
    answer = get(app, "/")
    assert answer.status_code == 500
    assert "Máy gặp lỗi khi trả lời." in answer.text
    assert "cannot be had" not in answer.text
    assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_a_head_request_learns_what_a_page_is() -> None:
    """A check of the front page without its body is answered."""
    answer = get(app_at(TUESDAY_EVENING), "/", method="HEAD")
    assert answer.status_code == 200


def test_nobody_is_named_or_numbered() -> None:
    """The only number on the page and in the JSON is the hotline."""
    told = get(app_at(TUESDAY_EVENING), "/api/v1/availability").text
    assert "028" not in told
    assert get(app_at(TUESDAY_EVENING), "/").text.count('href="tel:') == 1


def test_the_server_answers_and_stops() -> None:
    """It listens when start returns, serves the application, and is gone when stop returns."""
    server = WebServer(app_at(TUESDAY_EVENING))
    server.start("127.0.0.1", 0)
    with urllib.request.urlopen(f"{server.url}/healthz") as answer:
        assert json.load(answer) == {"ok": True}
    assert server.stop(5)
    assert not [thread for thread in threading.enumerate() if thread.name == "web"]
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])))


@pytest.mark.parametrize(
    ("host", "hint"),
    [
        pytest.param("127.0.0.1", "choose another with --port", id="taken"),
        pytest.param("192.0.2.1", "cannot be listened on", id="not an address of this machine"),
    ],
)
def test_an_address_that_cannot_be_had_is_explained(host: str, hint: str) -> None:
    """One sentence names the address and what would help."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotListenError, match=hint) as refused:
            WebServer(app_at(TUESDAY_EVENING)).start(host, port)
    assert f"Port {port} on {host}" in str(refused.value)


def test_a_server_that_never_started_stops_at_once() -> None:
    """Stopping is safe at any time."""
    assert WebServer(app_at(TUESDAY_EVENING)).stop(timedelta(seconds=1).total_seconds())


def _addresses(app: FastAPI) -> set[str]:
    return {str(getattr(route, "path", "")) for route in app.routes} - {""}
