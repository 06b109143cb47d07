"""Who calls the webhooks: Twilio, or somebody who would like to pass for it. In process."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
from fastapi import FastAPI

from notifications.arrival import Arrival
from notifications.channels.twilio import Verifier
from scheduler.web.application import create_app
from scheduler.web.intake import READ_SECONDS, Intake
from scheduler.web.twilio import TwilioCalls
from tests.board import board_of, december
from tests.fake_twilio.calls import inbound_form, sign, status_form
from tests.fake_twilio.message import ACCOUNT, Message

NOON = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
PUBLIC_URL = "https://catruc.example"
TOKENS = ("the-new-token", "the-old-token")
SID = "SM" + "1" * 32
FORM = "application/x-www-form-urlencoded"

STATUS = status_form(Message(SID, "+84901234567", "UBNDQ1", "ca truc", NOON), "delivered")
INBOUND = inbound_form(SID, "CÓ 12", "+84901234567", "+15550006789")

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Call:
    """One call as it goes over the wire; `target` is path and query."""

    target: str
    body: bytes
    headers: Headers
    method: str = "POST"
    chunks: int = 0

    def with_headers(self, **changes: str | None) -> "Call":
        """The same with other headers (an underscore is a dash); None takes one away."""
        named = {name.replace("_", "-"): value for name, value in changes.items()}
        kept = tuple((name, value) for name, value in self.headers if name not in named)
        return replace(
            self, headers=(*kept, *((name, value) for name, value in named.items() if value is not None))
        )

    def and_header(self, name: str, value: str) -> "Call":
        """The same with one header more."""
        return replace(self, headers=(*self.headers, (name, value)))


def signed(
    target: str,
    form: dict[str, str],
    *,
    token: str = TOKENS[0],
    base: str = PUBLIC_URL,
    signed_for: str | None = None,
) -> Call:
    """A call with Twilio's signature over `form` and its own address, or the one that it is `signed_for`."""
    signature = sign(token, signed_for if signed_for is not None else base + target, form)
    return Call(target, urlencode(form).encode(), (("Content-Type", FORM), ("X-Twilio-Signature", signature)))


def a_status(**more: str) -> Call:
    """A receipt of a text of ours."""
    return signed("/sms/twilio/status?o=attempt-1", {**STATUS, **more})


def an_inbound(**more: str) -> Call:
    """A text that somebody sent."""
    return signed("/sms/twilio/inbound", {**INBOUND, **more})


@dataclass
class Desk:
    """The application with its webhooks, and what it stored; with a `fault` it cannot store."""

    tokens: tuple[str, ...] = TOKENS
    account: str = ACCOUNT
    public_url: str | None = PUBLIC_URL
    stored: list[Arrival] = field(default_factory=list)
    woken: int = 0
    fault: Exception | None = None
    now: datetime = NOON
    read_seconds: float = READ_SECONDS

    def __post_init__(self) -> None:
        self.receive: Callable[[Arrival], bool] = self._receive

    def app(self) -> FastAPI:
        """The application."""
        calls = TwilioCalls(
            self.account,
            Verifier(self.tokens),
            lambda: self.public_url,
            Intake(lambda arrival: self.receive(arrival), self._wake, lambda: self.now),
            lambda: self.now,
            read_seconds=self.read_seconds,
        )
        return create_app(lambda: board_of(*december()), lambda: self.now, lambda: True, [calls])

    def answer(self, *calls: Call) -> list[httpx.Response]:
        """What is answered to these calls, one after the other."""
        app = self.app()

        async def ask() -> list[httpx.Response]:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
                return [await self.call(client, call) for call in calls]

        return asyncio.run(ask())

    def codes(self, *calls: Call) -> list[int]:
        """The same, as codes."""
        return [answer.status_code for answer in self.answer(*calls)]

    async def call(self, client: httpx.AsyncClient, call: Call) -> httpx.Response:
        """What is answered to one call of this client."""
        content = _in_chunks(call) if call.chunks else call.body
        request = client.build_request(
            call.method, httpx.URL("http://desk" + call.target), content=content, headers=list(call.headers)
        )
        return await client.send(request)

    def _receive(self, arrival: Arrival) -> bool:
        if self.fault:
            raise self.fault
        is_new = arrival.key not in {each.key for each in self.stored}
        if is_new:
            self.stored.append(arrival)
        return is_new

    def _wake(self) -> None:
        self.woken += 1


async def _in_chunks(call: Call) -> AsyncIterator[bytes]:
    for _ in range(call.chunks):
        yield call.body


def recut(call: Call, fields: Iterable[tuple[str, str]]) -> Call:
    """The same call and signature over other fields, whose letters are the same."""
    return replace(call, body=urlencode(list(fields)).encode())
