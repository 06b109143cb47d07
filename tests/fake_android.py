"""A pretend "SMS Gateway for Android" on this machine: real HTTP, a phone's memory, and faults on request.

It takes new texts as the app does and its server too, shows them by id, and signs what it tells of them. Each
fault that is asked for befalls one request, in order; the rest are accepted. Requests are held against the
shapes of the app's own description (its swagger.json, Apache-2.0), answers are made of them, so that it
cannot drift.
"""

import hmac
import json
import re
import threading
from base64 import b64decode
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

USER = "sms"
PASSWORD = "mật khẩu: của máy"
SIGNING_KEY = "kYz1-of-the-app"
DEVICE = "PyDmBQZZXYmyxMwED8Fzy"
TAKEN_AT = "2026-11-02T12:00:00.000+07:00"

State = Literal["Pending", "Cancelling", "Cancelled", "Processed", "Sent", "Delivered", "Failed"]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Words(_Shape):
    """``smsgateway.TextMessage``."""

    text: Annotated[str, Field(min_length=1, max_length=65535)]


class Asked(_Shape):
    """``smsgateway.Message``, as far as texts go."""

    id: Annotated[str, Field(min_length=1, max_length=36)]
    textMessage: Words  # noqa: N815 - the word of the API
    phoneNumbers: Annotated[list[str], Field(min_length=1, max_length=100)]  # noqa: N815 - the word of the API
    deviceId: Annotated[str, Field(max_length=21)] | None = None  # noqa: N815 - the word of the API
    simNumber: Annotated[int, Field(ge=1, le=3)] | None = None  # noqa: N815 - the word of the API
    withDeliveryReport: bool = True  # noqa: N815 - the word of the API
    ttl: Annotated[int, Field(ge=5)] | None = None
    validUntil: str | None = None  # noqa: N815 - the word of the API
    priority: Annotated[int, Field(ge=-128, le=127)] = 0
    isEncrypted: bool = False  # noqa: N815 - the word of the API


class Recipient(_Shape):
    """``smsgateway.RecipientState``."""

    phoneNumber: Annotated[str, Field(min_length=1, max_length=128)]  # noqa: N815 - the word of the API
    state: State
    error: str | None = None


class Shown(_Shape):
    """``smsgateway.GetMessageResponse``."""

    id: str
    deviceId: str  # noqa: N815 - the word of the API
    state: State
    recipients: Annotated[list[Recipient], Field(min_length=1)]
    states: dict[State, str]
    createdAt: str  # noqa: N815 - the word of the API
    isHashed: bool = False  # noqa: N815 - the word of the API
    isEncrypted: bool = False  # noqa: N815 - the word of the API


@dataclass(frozen=True)
class Call:
    """A call of the phone to an address of ours: what it holds, and how it is signed."""

    body: bytes
    timestamp: str
    signature: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers that go with it."""
        return {
            "Content-Type": "application/json",
            "X-Timestamp": self.timestamp,
            "X-Signature": self.signature,
        }


def signed(body: bytes, at: datetime, key: str = SIGNING_KEY) -> Call:
    """A call with this body, signed at that instant as the app does it."""
    timestamp = str(int(at.timestamp()))
    signature = hmac.new(key.encode(), body + timestamp.encode(), sha256).hexdigest()
    return Call(body, timestamp, signature)


@dataclass
class FakeAndroid:
    """The pretend phone, for as long as its ``with`` lasts.

    `ledger` holds the texts that it took, each once, by id; `requests` counts what came in whole,
    `connections` those who knocked.
    """

    ledger: dict[str, Asked] = field(default_factory=dict)
    requests: int = 0
    connections: int = 0
    queries: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._faults: deque[Callable[[_Request], None]] = deque()
        self._states: dict[str, tuple[State, str | None]] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._told = 0

    def __enter__(self) -> Self:
        handler = type("Handler", (_Request,), {"phone": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where the phone listens; the server of the app is the same below ``/3rdparty/v1``."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def accept(self) -> None:
        """The next request is answered as it should be."""
        self._faults.append(lambda request: request.serve())

    def accept_then_500(self) -> None:
        """The next text is taken, and the answer is a failure."""
        self._take_and(lambda request: request.say(500, "database is locked"))

    def accept_then_drop(self) -> None:
        """The next text is taken, and the connection ends without an answer."""
        self._take_and(lambda request: request.drop())

    def garbage_202(self) -> None:
        """The next text is taken, and the answer is a success that nobody can read."""
        self._take_and(lambda request: request.answer(202, b"<html>ok</html>"))

    def slow(self, seconds: float) -> None:
        """The next text is taken, and its answer comes one byte at a time, so many seconds apart."""
        self._take_and(lambda request: request.dribble(seconds))

    def unauthorized(self) -> None:
        """The next request is refused as one with a wrong password."""
        self._faults.append(lambda request: request.say(401, "Unauthorized"))

    def fail(self, status: int, message: str = "") -> None:
        """The next request is refused with this status and sentence."""
        self._faults.append(lambda request: request.say(status, message))

    def answer_with(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """The next request does nothing, and gets this answer."""
        self._faults.append(lambda request: request.answer(status, body, headers))

    def forget(self, reference: str) -> None:
        """The text is no longer in the phone's memory."""
        del self._states[reference]

    def process(self, reference: str) -> None:
        """The text goes from the queue to Android."""
        self._states[reference] = ("Processed", None)

    def send(self, reference: str, at: datetime) -> Call:
        """The network takes the text; returns what the phone tells of it."""
        self._states[reference] = ("Sent", None)
        return self.tell("sms:sent", self._about(reference) | {"partsCount": 1, "sentAt": _written(at)}, at)

    def deliver(self, reference: str, at: datetime) -> Call:
        """The handset has the text; returns what the phone tells of it."""
        self._states[reference] = ("Delivered", None)
        return self.tell("sms:delivered", self._about(reference) | {"deliveredAt": _written(at)}, at)

    def lose(self, reference: str, reason: str, at: datetime) -> Call:
        """The text does not arrive; returns what the phone tells of it."""
        self._states[reference] = ("Failed", reason)
        told = self._about(reference) | {"failedAt": _written(at), "reason": reason}
        return self.tell("sms:failed", told, at)

    def receive(self, phone: str, text: str, at: datetime) -> Call:
        """Somebody texts the SIM; returns what the phone tells of it."""
        told = {
            # Of the content only, as the app makes it: two texts may share it.
            "messageId": f"{hash((phone, text)) & 0xFFFFFFFF:x}",
            "sender": phone,
            "phoneNumber": phone,
            "recipient": None,
            "simNumber": 1,
            "message": text,
            "receivedAt": _written(at),
        }
        return self.tell("sms:received", told, at)

    def tell(self, event: str, payload: dict[str, Any], at: datetime) -> Call:
        """Any event, in the app's envelope, signed at that instant; each has an id of its own."""
        self._told += 1
        envelope = {
            "deviceId": DEVICE,
            "event": event,
            "id": f"event-{self._told}",
            "payload": payload,
            "webhookId": "webhook-1",
        }
        return signed(json.dumps(envelope, ensure_ascii=False).encode(), at)

    def _about(self, reference: str) -> dict[str, Any]:
        asked = self.ledger.get(reference)
        phone = asked.phoneNumbers[0] if asked else "+84900000001"
        return {
            "messageId": reference,
            "phoneNumber": phone,
            "recipient": phone,
            "sender": None,
            "simNumber": None,
        }

    def _take_and(self, answer: Callable[["_Request"], None]) -> None:
        def fault(request: _Request) -> None:
            request.take()
            answer(request)

        self._faults.append(fault)

    def _handle(self, request: "_Request") -> None:
        with self._lock:
            self.requests += 1
            fault = self._faults.popleft() if self._faults else None
        if not request.is_ours():
            request.say(401, "Unauthorized")
        else:
            (fault or _Request.serve)(request)

    def _shown(self, reference: str) -> bytes:
        state, reason = self._states[reference]
        phone = self.ledger[reference].phoneNumbers[0]
        shown = Shown(
            id=reference,
            deviceId=DEVICE,
            state=state,
            recipients=[Recipient(phoneNumber=phone, state=state, error=reason)],
            states={"Pending": TAKEN_AT},
            createdAt=TAKEN_AT,
        )
        return shown.model_dump_json().encode()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128


class _Request(BaseHTTPRequestHandler):
    phone: FakeAndroid
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        with self.phone._lock:
            self.phone.connections += 1

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        self.phone._handle(self)

    def do_GET(self) -> None:
        self.body = b""
        self.phone._handle(self)

    def is_ours(self) -> bool:
        scheme, _, secret = self.headers.get("Authorization", "").partition(" ")
        return scheme == "Basic" and b64decode(secret).decode() == f"{USER}:{PASSWORD}"

    def serve(self) -> None:
        """Answers as the app does: a new text by POST, the state of one by GET."""
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/3rdparty/v1")
        known = re.fullmatch(r"/messages?/([^/]+)", path)
        with self.phone._lock:
            self.phone.queries.append(dict(parse_qsl(parts.query)))
        if self.command == "POST" and path in ("/message", "/messages"):
            self.take_and_answer()
        elif self.command == "GET" and known and unquote(known[1]) in self.phone._states:
            self.answer(200, self.phone._shown(unquote(known[1])))
        elif parts.path != path:
            self.say(404, "message not found")
        else:
            self.answer(404, b"")

    def take_and_answer(self) -> None:
        try:
            taken = self.take()
        except ValidationError as fault:
            self.say(400, str(fault))
            return
        if taken is None:
            self.say(409, "duplicate id")
        else:
            self.answer(202, self.phone._shown(taken))

    def take(self) -> str | None:
        """The id of the text that was taken, or None when the phone has it already."""
        asked = Asked.model_validate_json(self.body)
        with self.phone._lock:
            if asked.id in self.phone._states:
                return None
            self.phone.ledger[asked.id] = asked
            self.phone._states[asked.id] = ("Pending", None)
        return asked.id

    def say(self, status: int, message: str) -> None:
        self.answer(status, json.dumps({"message": message}).encode())

    def drop(self) -> None:
        self.close_connection = True

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def dribble(self, seconds: float) -> None:
        self.close_connection = True
        for byte in b"HTTP/1.1 202 Accepted\r\nX-Padding: " + b"x" * 10_000:
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return
            if self.phone._closing.wait(seconds):
                return

    def log_message(self, *_: object) -> None:
        """Silence: the ledger is what tests read."""


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
