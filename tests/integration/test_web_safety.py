"""Every route of the service, errors included, keeps the rules of safety."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import closing

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from notifications.channels.twilio import Verifier
from scheduler.web.android import AndroidCalls
from scheduler.web.application import create_app
from scheduler.web.intake import LONGEST_BODY, READ_SECONDS, Intake
from scheduler.web.twilio import TwilioCalls
from tests.desk import ONE_EVENING, Desk
from tests.own_page import board_at, door_of, path_for, path_of_follower

FOLLOWER = "+84902000001"
SESSION = "sao-y-ubnd-sai-gon@2026-11-17"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
PERSONAL = re.compile(r"/(?:[rf]/.*|a)")
# A webhook for JSON says first that a form is none.
REFUSED = (403, 415)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk on SQLite."""
    folder = tmp_path_factory.mktemp("desk")
    with closing(Desk(f"sqlite:///{folder / 'catruc.db'}", ONE_EVENING, "2026-11-16 09:00")) as one:
        yield one


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    """The whole application: pages, personal pages, and the webhooks of both providers."""
    intake = Intake(lambda _: True, lambda: None, desk.clock)
    calls = (
        AndroidCalls("key", intake, desk.clock),
        TwilioCalls("AC" + "0" * 32, Verifier(("token",)), lambda: "https://desk", intake, desk.clock),
    )
    return create_app(lambda: board_at(desk), desk.clock, lambda: True, calls, door_of(desk))


def routes(app: FastAPI) -> list[APIRoute]:
    """Every route that was added."""
    found = [route for route in app.routes if isinstance(route, APIRoute)]
    assert {route.path for route in found} >= {"/", "/follow", "/f/{token}", "/r/{token}", "/a", "/readyz"}
    return found


def paths(app: FastAPI, desk: Desk) -> list[str]:
    """Each route's address, with something known and something unknown in it; and none that there is."""
    known = {"place_id": "ubnd-sai-gon", "id": "ubnd-sai-gon", "place": "ubnd-sai-gon", "key": SESSION}
    known["token"] = path_for(desk, "an").removeprefix("/r/")
    desk.follow(FOLLOWER)
    own = path_of_follower(desk, FOLLOWER)
    assert ask(app, "GET", own).status_code == 200
    found = ["/nowhere", "/%00", "/..%2f..%2fetc", own, f"{own}/calendar.ics"]
    for route in routes(app):
        names = re.findall(r"{(\w+)}", route.path)
        assert set(names) <= set(known), f"{route.path} has a part that this walk does not know"
        found += [filled(route.path, known), filled(route.path, dict.fromkeys(known, "x"))]
    return sorted({*found})


def filled(path: str, values: dict[str, str]) -> str:
    """The path with these values for its parts."""
    return re.sub(r"{(\w+)}", lambda one: values[one[1]], path)


async def _ask(
    app: FastAPI,
    method: str,
    path: str,
    headers: dict[str, str] | None = None,
    content: bytes | AsyncIterator[bytes] = b"",
) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk", timeout=60) as client:
        return await client.request(method, path, headers=headers or {}, content=content)


def ask(
    app: FastAPI, method: str, path: str, headers: dict[str, str] | None = None, content: bytes = b""
) -> httpx.Response:
    """What one request is answered."""
    return asyncio.run(_ask(app, method, path, headers, content))


def posts(app: FastAPI) -> list[str]:
    """The addresses that take a body."""
    return [re.sub(r"{\w+}", "x", route.path) for route in routes(app) if "POST" in (route.methods or ())]


def test_every_answer_is_safe_to_show(app: FastAPI, desk: Desk) -> None:
    """No script, no frame, no guessing of types, no address told to others; by any method."""
    for path in paths(app, desk):
        for method in METHODS:
            answer = ask(app, method, path)
            told = f"{method} {path}: {answer.status_code}"
            assert answer.status_code < 500, told
            policy = answer.headers.get("Content-Security-Policy", "")
            assert "default-src 'none'" in policy, told
            assert "frame-ancestors 'none'" in policy, told
            assert "unsafe" not in policy, told
            assert answer.headers.get("X-Content-Type-Options") == "nosniff", told
            assert answer.headers.get("Referrer-Policy") == "no-referrer", told
            assert "set-cookie" not in answer.headers, told
            if PERSONAL.fullmatch(path) or method == "POST" or answer.status_code >= 400:
                assert not answer.headers.get("Cache-Control", "").startswith("public"), told
            if PERSONAL.fullmatch(path) and answer.status_code == 200:
                assert answer.headers["Cache-Control"] == "no-store", told


def test_pages_hold_no_script_and_no_style_of_their_own(app: FastAPI, desk: Desk) -> None:
    """The policy allows neither; nor does anything come from elsewhere."""
    for path in paths(app, desk):
        answer = ask(app, "GET", path)
        if "text/html" in answer.headers.get("Content-Type", ""):
            assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", answer.text), path
            assert not re.search(r'(?:src|<link[^>]*href)="(?!/)', answer.text), path


def test_a_fault_of_ours_is_safe_too(app: FastAPI, desk: Desk) -> None:
    """Wherever it happens, the answer has the same headers and tells nothing of the fault."""
    broken = create_app(lambda: board_at(desk), lambda: 1 / 0, lambda: 1 / 0, personal=door_of(desk))  # type: ignore[arg-type,return-value]  # the clock stands
    failed = 0
    for path in paths(app, desk):
        for method in ("GET", "POST"):
            answer = ask(broken, method, path, {**FORM, **FROM_HERE}, b"do=ask")
            failed += answer.status_code == 500
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], path
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
            assert not re.search("Traceback|division", answer.text), path
    assert failed > len(paths(app, desk))


def test_when_nothing_works_at_all_there_is_an_answer() -> None:
    """Not even the page that says so can be made then."""
    answer = ask(create_app(lambda: 1 / 0, lambda: 1 / 0, lambda: True), "GET", "/")  # type: ignore[arg-type,return-value]  # nothing works here
    assert answer.status_code == 500
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "division" not in answer.text


def test_forms_of_other_sites_are_refused_everywhere(app: FastAPI) -> None:
    """Whatever takes a form takes it from its own pages only; webhooks want a signature."""
    for path in posts(app):
        for site in ("cross-site", "same-site"):
            answer = ask(app, "POST", path, {**FORM, "Sec-Fetch-Site": site}, b"do=x")
            assert answer.status_code in REFUSED, path
        elsewhere = {**FORM, "Origin": "https://elsewhere.example"}
        assert ask(app, "POST", path, elsewhere, b"do=x").status_code in REFUSED, path


def test_a_body_has_a_limit_everywhere(app: FastAPI) -> None:
    """More is not read, whether it is announced or just comes."""
    body = b"a=" + b"x" * LONGEST_BODY

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    for path in posts(app):
        for content in (body, in_pieces()):
            answer = asyncio.run(_ask(app, "POST", path, {**_kind(path), **FROM_HERE}, content))
            assert answer.status_code == 413, path


def test_a_body_has_a_time_everywhere(app: FastAPI) -> None:
    """Who sends drop by drop is let go; all at once here, so that it takes the time of one."""

    async def drop_by_drop() -> AsyncIterator[bytes]:
        yield b"a="
        await asyncio.sleep(READ_SECONDS * 20)
        yield b"1"

    async def all_of_them() -> list[httpx.Response]:
        return await asyncio.gather(
            *(_ask(app, "POST", path, {**_kind(path), **FROM_HERE}, drop_by_drop()) for path in posts(app))
        )

    assert {answer.status_code for answer in asyncio.run(all_of_them())} == {408}


def _kind(path: str) -> dict[str, str]:
    return {"Content-Type": "application/json"} if "android" in path else FORM
