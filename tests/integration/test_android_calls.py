"""What the phone with the SIM tells us over HTTP: taken once, in time, and only from the phone."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import structlog
from fastapi import FastAPI

from notifications.arrival import Arrival
from scheduler.web import intake as intake_rules
from scheduler.web.android import AndroidCalls
from scheduler.web.application import create_app
from scheduler.web.intake import Intake
from tests.board import board_of
from tests.fake_android import SIGNING_KEY, Call, FakeAndroid, signed

NOON = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
PHONE = "+84901234567"
REFERENCE = "0f8fad5bd9cb469fa16570867728950e"


@dataclass
class Desk:
    """The application with one webhook and a store that may refuse or dawdle; `now` is its clock."""

    kept: dict[str, Arrival] = field(default_factory=dict)
    woken: int = 0
    now: datetime = NOON
    is_broken: bool = False
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def receive(self, arrival: Arrival) -> bool:
        """Stores an arrival once, when the gate is open and nothing is broken."""
        self.gate.wait(30)
        if self.is_broken:
            raise OSError(f"disk full while writing {arrival.body}")
        return self.kept.setdefault(arrival.key, arrival) is arrival

    def wake(self) -> None:
        """Counts how often a turn was asked for."""
        self.woken += 1

    def app(self, key: str = SIGNING_KEY, seconds: float = 20) -> FastAPI:
        """The application; a slow machine must not be taken for a slow database."""
        clock: Callable[[], datetime] = lambda: self.now  # noqa: E731 - a clock in one word
        calls = AndroidCalls(key, Intake(self.receive, self.wake, clock, seconds), clock)
        return create_app(lambda: board_of(), clock, lambda: True, [calls])


def post(
    app: FastAPI, *calls: Call, headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = None
) -> list[httpx.Response]:
    """The answers to these calls, made at once; `headers` stand in place of the phone's own."""

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            asked = (
                client.post("/sms/android", content=call.body, headers=headers or call.headers)  # type: ignore[arg-type]  # httpx takes pairs, too
                for call in calls
            )
            return list(await asyncio.gather(*asked))

    return asyncio.run(ask())


def test_a_receipt_is_stored_as_it_came_and_answered_with_nothing() -> None:
    """Its meaning is worked out later, by a turn that is asked for at once."""
    desk, call = Desk(), FakeAndroid().deliver(REFERENCE, NOON)
    [answer] = post(desk.app(), call)

    [arrival] = desk.kept.values()
    assert (answer.status_code, answer.content) == (204, b"")
    assert arrival == Arrival(
        "android", "status", f"sms:delivered {REFERENCE}", REFERENCE, call.body.decode(), NOON
    )
    assert desk.woken == 1


def test_what_comes_twice_is_stored_once() -> None:
    """Both are answered well, or the phone would go on calling."""
    desk, phone = Desk(), FakeAndroid()
    call, again = phone.receive(PHONE, "CO 12", NOON), phone.receive(PHONE, "CO 12", NOON)
    answers = post(desk.app(), call, call, again)

    assert [answer.status_code for answer in answers] == [204] * 3
    assert (len(desk.kept), desk.woken) == (1, 1)


def test_a_call_repeated_hours_later_is_signed_anew_and_taken() -> None:
    """The phone that could not reach us for a night signs each try with the second of that try."""
    desk, first = Desk(), FakeAndroid().receive(PHONE, "CO 12", NOON)
    desk.now = NOON + timedelta(hours=9)
    answers = post(desk.app(), first, signed(first.body, desk.now))

    assert [answer.status_code for answer in answers] == [403, 204]
    assert len(desk.kept) == 1


@pytest.mark.parametrize(
    ("forge", "words"),
    [
        pytest.param(lambda call: signed(call.body, NOON, "guessed"), "signing key|key", id="forged"),
        pytest.param(
            lambda call: Call(call.body + b" ", call.timestamp, call.signature), "key", id="changed"
        ),
        pytest.param(
            lambda call: Call(call.body + call.timestamp[:1].encode(), call.timestamp[1:], call.signature),
            "clock",
            id="re-cut",
        ),
        pytest.param(lambda call: signed(call.body, NOON - timedelta(minutes=6)), "clock", id="replayed"),
        pytest.param(lambda call: Call(call.body, call.timestamp, ""), "X-Signature", id="unsigned"),
    ],
)
def test_what_is_not_the_phones_own_word_is_refused(forge: Callable[[Call], Call], words: str) -> None:
    """The answer says what to mend, since it stands in the log of the app."""
    desk = Desk()
    [answer] = post(desk.app(), forge(FakeAndroid().receive(PHONE, "CO 12", NOON)))

    assert answer.status_code == 403
    assert any(word in answer.text for word in words.split("|"))
    assert desk.kept == {}


def test_without_a_key_every_call_is_refused() -> None:
    """An empty key would be known to everybody."""
    desk, call = Desk(), FakeAndroid().receive(PHONE, "CO 12", NOON)
    answers = post(desk.app(key=""), call, signed(call.body, NOON, ""))

    assert [answer.status_code for answer in answers] == [403, 403]
    assert desk.kept == {}


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": ""}, 415),
        ({"Content-Type": "application/json; charset=utf-16"}, 415),
        ({"Content-Encoding": "gzip"}, 415),
        ({"Content-Length": "65537"}, 413),
        ({"Content-Type": "application/json; charset=UTF-8"}, 204),  # as the app writes it
        ({"X-Unheard-Of": "1"}, 204),
    ],
)
def test_only_json_of_bearable_size_is_read(changed: dict[str, str], status: int) -> None:
    """Anything else is refused before its signature is looked at."""
    desk, call = Desk(), FakeAndroid().receive(PHONE, "CO 12", NOON)
    [answer] = post(desk.app(), call, headers=call.headers | changed)

    assert answer.status_code == status


def test_a_body_that_does_not_end_is_cut_off() -> None:
    """Whoever announces no length is read up to the limit, and no further."""
    desk = Desk()
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 1024

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(desk.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            return await client.post(
                "/sms/android",
                content=endless(),
                headers={"Content-Type": "application/json"},
            )

    assert asyncio.run(ask()).status_code == 413
    assert taken <= intake_rules.LONGEST_BODY // 1024 + 2


@pytest.mark.parametrize("name", ["X-Signature", "X-Timestamp", "Content-Type"])
def test_of_two_headers_none_counts(name: str) -> None:
    """Nobody knows which was meant."""
    desk, call = Desk(), FakeAndroid().receive(PHONE, "CO 12", NOON)
    twice = [*call.headers.items(), (name, call.headers[name])]
    [answer] = post(desk.app(), call, headers=twice)

    assert answer.status_code in (403, 415)
    assert desk.kept == {}


def test_events_of_other_kinds_are_let_be() -> None:
    """A refusal would make the phone call for two days."""
    desk, phone = Desk(), FakeAndroid()
    answers = post(
        desk.app(),
        phone.tell("system:ping", {}, NOON),
        phone.tell("sms:teleported", {"messageId": REFERENCE}, NOON),
        signed(b"not json", NOON),
    )

    assert [answer.status_code for answer in answers] == [204] * 3
    assert desk.kept == {}


def test_a_receipt_of_a_text_that_nobody_knows_is_kept() -> None:
    """It may come before the answer to our own request."""
    desk = Desk()
    [answer] = post(desk.app(), FakeAndroid().send("early-bird", NOON))

    assert answer.status_code == 204
    assert [arrival.reference for arrival in desk.kept.values()] == ["early-bird"]


def test_a_database_that_fails_makes_the_phone_come_again() -> None:
    """Nothing is lost, and nothing of the text is in the log."""
    desk, call = Desk(is_broken=True), FakeAndroid().receive(PHONE, "CO 12", NOON)
    with structlog.testing.capture_logs() as logged:
        [answer] = post(desk.app(), call)
    desk.is_broken = False
    [again] = post(desk.app(), call)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert (again.status_code, len(desk.kept)) == (204, 1)
    assert not any(private in str(logged) for private in (PHONE, PHONE[1:], "CO 12"))


def test_a_database_that_is_slow_is_not_waited_for() -> None:
    """The phone is told to come again within a second; what is stored late is stored once."""
    desk, call = Desk(), FakeAndroid().receive(PHONE, "CO 12", NOON)
    desk.gate.clear()
    app = desk.app(seconds=0.05)
    [answer] = post(app, call)
    desk.gate.set()
    [again] = post(desk.app(), call)

    assert (answer.status_code, again.status_code) == (503, 204)
    assert len(desk.kept) == 1


def test_a_crowd_of_calls_does_not_pile_up_before_a_slow_database() -> None:
    """Beyond some dozens under way, a call is refused at once."""
    desk, phone = Desk(), FakeAndroid()
    desk.gate.clear()
    crowd = [phone.receive(PHONE, f"CO {number}", NOON) for number in range(intake_rules.MOST_WAITING + 5)]
    answers = post(desk.app(seconds=0.05), *crowd)
    desk.gate.set()

    assert {answer.status_code for answer in answers} == {503}
    while len(desk.kept) < intake_rules.MOST_WAITING:
        time.sleep(0.01)
    assert len(desk.kept) == intake_rules.MOST_WAITING


def test_refused_calls_do_not_fill_the_log() -> None:
    """Each kind is told once a minute, and never with what it held."""
    desk, call = Desk(), FakeAndroid().receive(PHONE, "CO 12", NOON)
    forged = signed(call.body, NOON, "guessed")
    app = desk.app()
    with structlog.testing.capture_logs() as logged:
        post(app, *[forged] * 5)
        desk.now += timedelta(minutes=1)
        post(app, forged)

    assert [line["event"] for line in logged] == ["call_refused"] * 2
    assert PHONE not in str(logged)


def test_the_address_takes_posts_only_and_is_not_advertised() -> None:
    """Residents' programs have no use for it."""

    async def ask() -> tuple[httpx.Response, httpx.Response]:
        transport = httpx.ASGITransport(Desk().app())
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            return await client.get("/sms/android"), await client.get("/openapi.json")

    got, described = asyncio.run(ask())
    assert got.status_code == 405
    assert "android" not in described.text
