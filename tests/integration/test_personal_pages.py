"""The doors of the personal pages: what opens them, what is refused, what is shown to whom."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import CapturingLogger

from scheduler.store import links
from scheduler.web.personal.door import Door
from scheduler.web.security import SECURITY_HEADERS
from tests.desk import ONE_EVENING, PHONES, Desk, instant
from tests.own_page import FROM_HERE, VEIL, Reader, app_of, name_for, path_for

SESSION = "sao-y-ubnd-sai-gon@2026-11-17"
TWO_WANTED = ONE_EVENING.replace("volunteer = 1", "volunteer = 2")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on an evening on which An and Bình have been asked."""
    with closing(Desk(f"sqlite:///{tmp_path / 'catruc.db'}", TWO_WANTED, "2026-11-03 09:00")) as one:
        one.run_until("2026-11-11 18:30")
        yield one


@pytest.fixture
def own(desk: Desk) -> Reader:
    """An, with the link of a text."""
    return Reader(app_of(desk), path_for(desk, "an"))


def yes(own: Reader) -> dict[str, str]:
    """The fields by which An says yes."""
    own.get()
    (session,) = set(re.findall(r'name="session" value="(\d+)"', own.answer.text))
    (form,) = set(re.findall(r'name="form" value="(\w+)"', own.answer.text))
    return {"do": "yes", "session": session, "form": form}


def test_every_answer_is_kept_from_caches_robots_and_other_sites(own: Reader) -> None:
    """Pages, refusals, redirects and the calendar: all of them say so."""
    form = yes(own)
    answers = [
        own.get().answer,
        own.get(f"{own.path}/calendar.ics").answer,
        own.get("/r/nothing").answer,
        own.get("/a").answer,
        own.send(form).answer,
        own.send({"code": "NOTHING"}, path="/a").answer,
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 404, 200, 303, 404]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert SECURITY_HEADERS["Referrer-Policy"] == "no-referrer"


def test_no_route_takes_a_form_of_another_site(desk: Desk, own: Reader) -> None:
    """Every route of the application is asked: what acts refuses, what only shows cannot be posted to."""
    routes: dict[str, set[str]] = {
        str(getattr(route, "path", "")): getattr(route, "methods", set()) for route in own.app.routes
    }
    acting = {path for path, methods in routes.items() if "POST" in methods}
    acting |= {"/r/{token}", "/a"}
    assert {"/r/{token}/calendar.ics", "/", "/api/v1/availability"} <= set(routes)
    form, headers = yes(own), {"Sec-Fetch-Site": "cross-site"}
    for path in routes:
        answer = own.send(form, headers, path=path.replace("/r/{token}", own.path)).answer
        assert answer.status_code == (403 if path in acting else 405), path
        assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert desk.roster()[SESSION]["an"] == "asked"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(desk: Desk, own: Reader, method: str) -> None:
    """Phones and networks open links by themselves, whatever stands behind the question mark."""
    form = yes(own)
    before = desk.roster()
    query = "&".join(f"{name}={value}" for name, value in form.items())
    assert own.get(f"{own.path}?{query}", method=method).answer.status_code == 200
    assert desk.roster() == before


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Sec-Fetch-Site": "same-origin"}, 303, id="our own page"),
        pytest.param({"Sec-Fetch-Site": "none"}, 303, id="typed by the person"),
        pytest.param({"Origin": "null"}, 303, id="an older browser, from a page that names no origin"),
        pytest.param({"Origin": "http://desk"}, 303, id="an older browser that names it"),
        pytest.param({}, 303, id="a browser that says nothing"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="a neighbour under the same domain"),
        pytest.param(
            {"Sec-Fetch-Site": "cross-site", "Origin": "http://desk"}, 403, id="another site, with our name"
        ),
        pytest.param({"Origin": "https://evil.example"}, 403, id="an older browser on another site"),
        pytest.param({"Origin": "http://desk.evil.example"}, 403, id="a name that begins like ours"),
    ],
)
def test_only_our_own_pages_may_send_forms(
    desk: Desk, own: Reader, headers: dict[str, str], status: int
) -> None:
    """What comes from another site is refused and changes nothing, with and without the code's door."""
    form = yes(own)
    assert own.send(form, headers).answer.status_code == status
    assert desk.roster()[SESSION]["an"] == ("confirmed" if status == 303 else "asked")
    code = {"code": VEIL.code(name_for(desk, "an"))}
    assert own.send(code, headers, path="/a").answer.status_code == status


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        pytest.param({"form": ""}, 404, id="without the token of the form"),
        pytest.param({"form": "0" * 32}, 404, id="with another token"),
        pytest.param({"do": "nothing"}, 303, id="that asks for something unknown"),
        pytest.param({"session": "9999999999999"}, 303, id="about no session"),
        pytest.param({"session": "x"}, 303, id="about no number"),
    ],
)
def test_a_form_that_is_not_ours_changes_nothing(
    desk: Desk, own: Reader, changed: dict[str, str], status: int
) -> None:
    """Every field is looked at before anything is done."""
    form = yes(own)
    assert own.send(form | changed).answer.status_code == status
    assert desk.roster()[SESSION]["an"] == "asked"


def test_what_is_no_form_is_refused(own: Reader) -> None:
    """Another kind of body, and one that is too large."""
    form = yes(own)
    assert own.send(form, {**FROM_HERE, "Content-Type": "text/plain"}).answer.status_code == 415
    assert own.send({**form, "to": "x" * 70_000}).answer.status_code == 413
    assert own.send({f"field{number}": "" for number in range(30)}).answer.status_code == 400


def test_all_that_opens_nothing_has_one_answer(desk: Desk) -> None:
    """Unknown, expired, revoked, of who left or has another number, and a code where a link belongs."""
    app = app_of(desk)
    name = name_for(desk, "binh")
    secrets = {"unknown": "0" * 12, "a code": VEIL.code(name), "nonsense": "%00%2e", "long": "x" * 3000}
    answers = {what: Reader(app).get(f"/r/{secret}").answer for what, secret in secrets.items()}
    gone = path_for(desk, "chi")
    with desk.database.write() as connection:
        links.revoke_others(connection, "chi", "none", VEIL, desk.clock())
    answers["revoked"] = Reader(app).get(gone).answer
    own = path_for(desk, "an")
    desk.edit(TWO_WANTED.replace("0901 000 001", "0901 000 009"))
    answers["another number"] = Reader(app).get(own).answer
    theirs = f"/r/{VEIL.link(name)}"
    assert Reader(app).get(theirs).answer.status_code == 200
    desk.clock.now = instant("2026-11-03 09:00") + timedelta(days=120)
    answers["expired"] = Reader(app).get(theirs).answer
    assert {what: answer.status_code for what, answer in answers.items()} == dict.fromkeys(answers, 404)
    assert len({answer.text for answer in answers.values()}) == 1
    said = Reader(app).get("/r/nothing").text
    assert "028 0000 0000" in said
    assert "Nhập mã trong tin nhắn" in said


def test_a_code_leads_to_the_page_and_stands_in_no_address(desk: Desk) -> None:
    """Typed in small letters, with spaces, with the full stop that stood behind it."""
    code = VEIL.code(name_for(desk, "an")).lower()
    reader = Reader(app_of(desk)).get("/a")
    reader.press("Mở trang của tôi", code=f" {code[:4]} {code[4:]}.")
    assert "Lịch trực của bạn An" in reader.text
    reader.get("/a").send({"code": code}, path="/a")
    assert reader.answer.headers["location"] == path_for(desk, "an")
    assert code not in str(reader.answer.headers).lower()


def test_wrong_codes_are_limited_for_who_tries_and_not_for_others(desk: Desk) -> None:
    """Eight from one address, then one every half minute; a good code from elsewhere opens at once."""
    app, code = app_of(desk), VEIL.code(name_for(desk, "an"))
    guesser = Reader(app)
    tried = [guesser.send({"code": f"WRONG{number}"}, path="/a").answer.status_code for number in range(10)]
    assert tried == [404] * 8 + [429] * 2
    assert guesser.send({"code": code}, path="/a").answer.status_code == 429
    assert "Đã thử quá nhiều lần." in guesser.text
    assert Reader(app, address="203.0.113.6").send({"code": code}, path="/a").answer.status_code == 303
    desk.clock.now += timedelta(seconds=31)
    assert guesser.send({"code": code}, path="/a").answer.status_code == 303


def test_a_crowd_of_guessers_shuts_nobody_out(desk: Desk) -> None:
    """Once the tries over all are used up, an address still has its first three."""
    app, code = app_of(desk), VEIL.code(name_for(desk, "an"))
    for house in range(30):
        for _ in range(3):
            Reader(app, address=f"198.51.100.{house}").send({"code": "WRONG"}, path="/a")
    crowded = Reader(app, address="198.51.100.1").send({"code": "WRONG"}, path="/a")
    assert crowded.answer.status_code == 429
    late = Reader(app, address="203.0.113.7")
    assert late.send({"code": "WR0NG"}, path="/a").answer.status_code == 404
    assert late.send({"code": code}, path="/a").answer.status_code == 303


def test_wrong_links_are_limited_too(desk: Desk) -> None:
    """The database is not asked without end; good links of the same address do not count."""
    app, good = app_of(desk), path_for(desk, "an")
    reader = Reader(app)
    for _ in range(40):
        assert reader.get(good).answer.status_code == 200
    tried = [reader.get(f"/r/wrong{number}").answer.status_code for number in range(32)]
    assert tried == [404] * 30 + [429] * 2


def test_no_number_and_nobody_elses_name_is_shown(desk: Desk, own: Reader) -> None:
    """Names only of those who have promised to come to the same session."""
    assert "Bình" not in own.get().text
    desk.answer("binh", SESSION, yes=True)
    own.get()
    assert "Bình" not in own.text, "who is only asked need not know who else comes"
    desk.answer("an", SESSION, yes=True)
    assert "Cùng ca: Bình" in own.get().text
    numbers = [phone.removeprefix("+84") for phone in PHONES.values()]
    for path in (own.path, f"{own.path}/calendar.ics", path_for(desk, "lan")):
        written = re.sub(r"[ .-]", "", own.get(path).answer.text)
        assert not [number for number in numbers if number in written]
        assert not {"Chi", "Dũng"} & set(own.text.split())


def test_the_address_of_a_page_is_told_nobody(desk: Desk, own: Reader, told: CapturingLogger) -> None:
    """It stands in no title and no log, and nothing on the page is fetched from or leads to elsewhere."""
    secret = own.path.removeprefix("/r/")
    page = own.get().answer.text
    assert secret not in (re.search(r"<title>(.*?)</title>", page) or [""])[0]
    assert not re.findall(r'(?:href|src|action)="(?:https?:)?//', page)
    own.send(yes(own))
    own.get("/r/nothing")
    assert secret not in str(told.calls)


def test_the_language_is_the_persons_own_unless_they_choose(desk: Desk) -> None:
    """The settings say it, a link changes it, and it stays when something is done."""
    desk.edit(TWO_WANTED.replace('name = "An"', 'name = "An"\nlanguage = "en"'))
    own = Reader(app_of(desk), path_for(desk, "an"))
    assert "An: your duties" in own.get().text
    own.get(f"{own.path}?lang=vi").press("Tôi đến được")
    assert "Đã ghi nhận: đến được." in own.text


def test_a_database_that_is_away_is_told_in_words(desk: Desk, own: Reader, told: CapturingLogger) -> None:
    """503, whom to call, and in the log the kind of fault without its words."""
    form = yes(own)
    with desk.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE links RENAME TO elsewhere")
    for answer in (own.get().answer, own.send(form).answer, own.get(f"{own.path}/calendar.ics").answer):
        assert answer.status_code == 503
        assert "Máy đang bận." in answer.text
    assert own.send({"code": "ABCDEFGH"}, path="/a").answer.status_code == 503
    assert str(told.calls).count("fault=OperationalError") == 4
    assert "links" not in str(told.calls)


def test_before_anything_is_in_force_every_link_is_locked(desk: Desk) -> None:
    """A service that has not applied its first settings knows nobody."""
    door = Door(desk.database, lambda: None, VEIL)
    assert door.page(VEIL.link(name_for(desk, "an")), desk.clock()) is None
