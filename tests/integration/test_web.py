"""The residents' pages and the JSON over HTTP, in process, from a board built by hand."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import httpx
import pytest

from scheduler.timetable.label import Label
from scheduler.timetable.opening import Board, State
from scheduler.timetable.place import Ward
from scheduler.web.application import create_app
from scheduler.web.security import SECURITY_HEADERS
from scheduler.web.wording import true_at
from tests.board import OFFICE, WARDS, board_of, evening, local, talk
from tests.visitor import app_at, get

NEW_YORK = ZoneInfo("America/New_York")
TUESDAY_EVENING = "2026-12-01T18:00"
TUESDAY_NIGHT = "2026-12-01T22:00"
# What somebody types, and a link from before.
PATHS = ("/?ward=bến nghé", "/?ward=ben-nghe")


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
    app = app_at("2026-12-01T19:00", evening("2026-12-01"), talk("2026-12-01"))
    assert "<h1>Đang mở: 2 nơi, muộn nhất đến 20:30.</h1>" in get(app, "/").text
    assert "<h1>Open now: 2 places, the last until 20:30.</h1>" in get(app, "/?lang=en").text


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
        pytest.param({"state": State.FULL}, "Đã đủ người", id="full"),
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


@pytest.mark.parametrize(
    ("query", "now", "words"),
    [
        pytest.param("", "2026-12-01T12:00", "Đã xác nhận<", id="confirmed ahead"),
        pytest.param("?lang=en", "2026-12-01T12:00", "Confirmed<", id="confirmed ahead, in English"),
        pytest.param(
            "?lang=en", TUESDAY_EVENING, "Open, confirmed 09:00", id="confirmed and open, in English"
        ),
        pytest.param("?lang=en", TUESDAY_EVENING, "Moved from 16:00", id="moved, in English"),
        pytest.param("?lang=en", TUESDAY_EVENING, "1 place left", id="one place, in English"),
        pytest.param("?lang=en", "2026-12-01T12:00", ">Tonight<", id="all that is left is in the evening"),
        pytest.param("", "2026-12-01T12:00", ">Tối nay<", id="tonight"),
        pytest.param(
            "", TUESDAY_EVENING, "Đúng lúc 18:00 Thứ Ba 1/12/2026, giờ Việt Nam.", id="when the page was true"
        ),
        pytest.param(
            "?lang=en",
            TUESDAY_EVENING,
            "True at 18:00 on Tuesday 1 Dec 2026, Viet Nam time.",
            id="when the page was true, in English",
        ),
    ],
)
def test_what_the_desk_said_is_told_in_both_languages(query: str, now: str, words: str) -> None:
    """A confirmation, a move and the places left are said as people say them."""
    said = replace(
        evening("2026-12-01"),
        confirmed_at=local("2026-12-01T09:00"),
        moved_from=local("2026-12-01T16:00"),
        places_left=1,
    )
    assert words in get(app_at(now, said), f"/{query}").text


def test_what_is_left_of_the_day_is_not_always_tonight() -> None:
    """With an afternoon still to come, the heading says today."""
    afternoon = replace(evening("2026-12-01"), starts=local("2026-12-01T14:00"))
    page = get(app_at("2026-12-01T12:00", afternoon), "/").text
    assert ">Còn lại hôm nay<" in page
    assert ">Tối nay<" not in page


def test_a_ward_named_in_full_is_not_called_a_ward_twice() -> None:
    """Where the settings write "Phường 4", the page does too."""
    named = replace(evening("2026-12-01"), ward=replace(WARDS[0], name=Label("Phường 4", "Ward 4")))
    assert "<br>Phường 4</p>" in get(app_at(TUESDAY_EVENING, named), "/").text


def test_the_week_names_its_days_and_keeps_the_cancelled() -> None:
    """Each coming day has its heading; a cancelled session stays, with its reason."""
    page = get(app_at(TUESDAY_EVENING), "/").text
    week = page.partition('id="week"')[2]
    order = ["Thứ Tư", "Thứ Năm", "Đã hủy", "Mất điện theo lịch", "Thứ Ba", "Dời từ 16:00"]
    places = [week.rindex(words) for words in order]
    assert places == sorted(places)


def test_days_past_the_official_calendar_are_called_estimated() -> None:
    """What a government decision may still move must not look settled; the rest must not look doubtful."""
    board = replace(board_of(evening("2026-12-01"), evening("2026-12-03")), known_until=date(2026, 12, 2))

    def page_of(shown: Board) -> str:
        app = create_app(lambda: shown, lambda: local("2026-12-01T08:00"), lambda: True)
        return get(app, "/?lang=en").text

    page = page_of(board)
    assert page.count("(estimated)") == 1
    assert "the public holidays of that year are not official yet" in page
    assert "stimated" not in page_of(replace(board, known_until=None))


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
    assert "Accept-Language" in answer.headers["vary"]


def test_the_other_language_is_one_tap_away() -> None:
    """The link to the other language keeps what was asked."""
    page = get(app_at(TUESDAY_EVENING), "/?ward=da+kao&service=sao-y").text
    assert 'href="/?ward=da+kao&amp;service=sao-y&amp;lang=en" lang="en"' in page


def test_an_old_name_of_two_wards_offers_both() -> None:
    """A name that was split shows the sessions of both wards, and says which they are."""
    page = get(app_at(TUESDAY_EVENING), "/?ward=da kao").text
    assert (
        "may mean Sài Gòn ward or Tân Định ward."
        in get(app_at(TUESDAY_EVENING), "/?ward=da kao&lang=en").text
    )
    assert "“da kao” có thể là Phường Sài Gòn hoặc Phường Tân Định." in page
    assert "UBND phường Sài Gòn" in page
    assert "Hội trường Tân Định" in page


def test_after_a_merger_the_old_name_leads_to_the_new_ward() -> None:
    """The old one is offered until its last day is over, the new one as soon as the page shows its first."""
    old = Ward("ben-nghe", Label.same("Bến Nghé"), until=date(2026, 12, 1))
    new = Ward("sai-gon", Label.same("Sài Gòn"), ("Bến Nghé",), start=date(2026, 12, 2))
    late = replace(
        evening("2026-12-08"), ward=new, place=replace(OFFICE, id="moi", name=Label.same("Nhà mới"))
    )
    board = replace(board_of(replace(evening("2026-12-01"), ward=old), late), wards=(old, new))

    def pages(now: str) -> dict[str, str]:
        app = create_app(lambda: board, lambda: local(now), lambda: True)
        return {path: get(app, path).text for path in PATHS}

    before, after = pages(TUESDAY_EVENING), pages("2026-12-02T08:00")
    assert all("UBND phường Sài Gòn" in page and "Nhà mới" in page for page in before.values())
    assert "“bến nghé” có thể là Phường Bến Nghé hoặc Phường Sài Gòn." in before[PATHS[0]]
    assert all("Nhà mới" in page and "có thể là" not in page for page in after.values())
    assert all('value="Sài Gòn"' in page for page in after.values())
    assert ["?ward=ben-nghe" in page[PATHS[0]] for page in (before, after)] == [True, False]


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

    def offers(board: Board) -> bool:
        return (
            "?ward=" in get(create_app(lambda: board, lambda: local(TUESDAY_NIGHT), lambda: True), "/").text
        )

    assert (offers(few), offers(many)) == (True, False)


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
    shown = [board_of()]
    app = create_app(lambda: shown[-1], lambda: local(TUESDAY_EVENING), lambda: True)
    assert get(app, "/api/v1/availability").json()["sessions"] == []
    shown.append(board_of(evening("2026-12-01")))
    assert len(get(app, "/api/v1/availability").json()["sessions"]) == 1


def test_the_description_is_a_page_of_our_own() -> None:
    """``/docs`` says what ``/openapi.json`` says, without a script and without another host."""
    app = app_at(TUESDAY_EVENING)
    page, document = get(app, "/docs").text, get(app, "/openapi.json").json()
    asked = document["paths"]["/api/v1/availability"]["get"]
    names = [parameter["name"] for parameter in asked["parameters"]]
    assert names == ["ward", "service", "place", "from", "to", "open_now", "at", "lang"]
    assert sorted(asked["responses"]) == ["200", "304", "400", "404", "422", "503"]
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


def security_of(answer: httpx.Response) -> dict[str, str | None]:
    """The security headers of an answer, None for each that is missing."""
    return {name: answer.headers.get(name) for name in SECURITY_HEADERS}


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
    routes = sorted(str(getattr(route, "path", "")) for route in app.routes)
    assert {"/", "/docs", "/openapi.json", "/api/v1/availability", "/healthz", "/readyz"} <= set(routes)
    for path in routes + refused_paths():
        answer = get(app, path)
        assert security_of(answer) == SECURITY_HEADERS, path


@pytest.mark.parametrize("path", ["/", "/api/v1/availability"])
def test_a_method_that_changes_things_is_refused(path: str) -> None:
    """These routes are for reading; the refusal names what is allowed and has the headers too."""
    answer = get(app_at(TUESDAY_EVENING), path, method="POST")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert security_of(answer) == SECURITY_HEADERS


def test_our_own_fault_is_said_plainly() -> None:
    """A failure while answering is a page with a sentence and the headers, and no details."""
    boards: list[Callable[[], Board]] = [board_of, failing_board]
    app = create_app(lambda: boards.pop()(), lambda: local(TUESDAY_EVENING), lambda: True)
    answer = get(app, "/")
    assert answer.status_code == 500
    assert "Máy gặp lỗi khi trả lời." in answer.text
    assert "cannot be had" not in answer.text
    assert security_of(answer) == SECURITY_HEADERS


ON_TRIAL = Label("ĐANG DIỄN TẬP. Thử <b>đã</b>.", "REHEARSAL. A trial.")


def trial_board() -> Board:
    """December's board, in a rehearsal."""
    return replace(board_of(evening("2026-12-01")), rehearsal=ON_TRIAL)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/?view=wall", 200),
        ("/places/ubnd-sai-gon", 200),
        ("/sessions/sao-y@2026-12-01", 200),
        ("/?ward=hanoi", 404),
        ("/?at=x", 422),
        ("/nowhere", 404),
        ("/healthz?lang=en", 405),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_rehearsal_stands_at_the_top_of_every_page(path: str, status: int, language: str) -> None:
    """In the reader's language and as plain text, before anything else; refusals are pages too."""
    app = create_app(trial_board, lambda: local(TUESDAY_EVENING), lambda: True)
    method = "POST" if status == 405 else "GET"
    answer = get(app, path, {"Accept-Language": language}, method)
    told = "ĐANG DIỄN TẬP. Thử &lt;b&gt;đã&lt;/b&gt;." if language == "vi" else "REHEARSAL. A trial."
    assert answer.status_code == status
    if "lang=en" not in path:
        assert re.search(rf'<body[^>]*>\n<p class="rehearsal" role="status">{told}</p>', answer.text)


def test_a_rehearsal_is_told_on_the_description_and_after_our_own_fault() -> None:
    """Every template is a page that somebody reads."""
    app = create_app(trial_board, lambda: local(TUESDAY_EVENING), lambda: True)
    boards: list[Callable[[], Board]] = [trial_board, failing_board]
    broken = create_app(lambda: boards.pop()(), lambda: local(TUESDAY_EVENING), lambda: True)
    assert "REHEARSAL. A trial." in get(app, "/docs").text
    assert "REHEARSAL. A trial." in get(app, "/poster/ubnd-sai-gon?lang=en").text
    assert "ĐANG DIỄN TẬP" in get(broken, "/").text


@pytest.mark.parametrize("path", ["/", "/nowhere", "/docs"])
def test_without_a_rehearsal_no_page_speaks_of_one(path: str) -> None:
    """What is real needs no mark."""
    assert "rehearsal" not in get(app_at(TUESDAY_EVENING), path).text


def test_a_head_request_learns_what_a_page_is() -> None:
    """A check of the front page without its body is answered."""
    answer = get(app_at(TUESDAY_EVENING), "/", method="HEAD")
    assert answer.status_code == 200


def test_nobody_is_named_or_numbered() -> None:
    """The only number on the page and in the JSON is the hotline."""
    told = get(app_at(TUESDAY_EVENING), "/api/v1/availability").text
    assert "028" not in told
    assert get(app_at(TUESDAY_EVENING), "/").text.count('href="tel:') == 1


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "giờ America/New York"), ("en", "America/New York time")]
)
def test_a_zone_without_a_name_of_its_own_goes_by_its_key(language: str, words: str) -> None:
    """A desk elsewhere sees which zone its page means, without the underscore."""
    assert words in true_at(local(TUESDAY_EVENING), NEW_YORK, language)
