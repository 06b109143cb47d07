"""A pretend Twilio on this machine: real HTTP, a ledger, and faults on request.

It takes new messages as Twilio does; each fault that is asked for befalls one request, in order, and the
rest are accepted. Twilio's own magic numbers are refused with their own codes.
"""

import json
import threading
from base64 import b64decode
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl

ACCOUNT = "AC" + "0" * 32
TOKEN = "a-token"

MAGIC_RECIPIENTS = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}


@dataclass(frozen=True)
class Taken:
    """A message that was accepted: it went out and was paid for."""

    sid: str
    to: str
    sender: str
    body: str
    validity: int


@dataclass
class FakeTwilio:
    """The pretend provider, for as long as its ``with`` lasts.

    `ledger` holds what was accepted, `requests` counts every request that came in whole, `connections`
    those who knocked.
    """

    ledger: list[Taken] = field(default_factory=list)
    requests: int = 0
    connections: int = 0

    def __post_init__(self) -> None:
        self._faults: deque[Callable[[_Request], None]] = deque()
        self._lock = threading.Lock()
        self._closing = threading.Event()

    def __enter__(self) -> Self:
        handler = type("Handler", (_Request,), {"twilio": self})
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
        """Where it listens; what takes the place of the provider's own address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def accept(self) -> None:
        """The next message is accepted."""
        self._faults.append(lambda request: request.accept())

    def accept_then_500(self) -> None:
        """The next message goes out, and the answer is a failure."""
        self._take_and(lambda request: request.fail(500, 20500))

    def accept_then_drop(self) -> None:
        """The next message goes out, and the connection ends without an answer."""
        self._take_and(lambda request: request.drop())

    def garbage_201(self) -> None:
        """The next message goes out, and the answer is a success that nobody can read."""
        self._take_and(lambda request: request.answer(201, b"<html>ok</html>"))

    def refuse(self, code: int, status: int = 400) -> None:
        """The next message is refused with one of Twilio's codes."""
        self._faults.append(lambda request: request.fail(status, code))

    def too_many(self, retry_after: int) -> None:
        """The next message is turned away for the rate, for so many seconds."""
        self._faults.append(lambda request: request.fail(429, 20429, {"Retry-After": str(retry_after)}))

    def slow_bytes(self, seconds: float) -> None:
        """The next message goes out, and its answer comes one byte at a time, so many seconds apart."""
        self._take_and(lambda request: request.dribble(seconds))

    def answer_with(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """The next message is not taken, and gets this answer."""
        self._faults.append(lambda request: request.answer(status, body, headers))

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
            request.fail(401, 20003)
        elif request.form["To"] in MAGIC_RECIPIENTS:
            request.fail(400, MAGIC_RECIPIENTS[request.form["To"]])
        else:
            (fault or _Request.accept)(request)


class _Server(ThreadingHTTPServer):
    # With the usual five, a burst of connections would wait a second for the kernel to ask again.
    request_queue_size = 128


class _Request(BaseHTTPRequestHandler):
    twilio: FakeTwilio
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        with self.twilio._lock:
            self.twilio.connections += 1

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.form = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
        self.twilio._handle(self)

    def is_ours(self) -> bool:
        expected = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        scheme, _, secret = self.headers.get("Authorization", "").partition(" ")
        return (
            self.path == expected and scheme == "Basic" and b64decode(secret).decode() == f"{ACCOUNT}:{TOKEN}"
        )

    def take(self) -> Taken:
        with self.twilio._lock:
            taken = Taken(
                sid=f"SM{len(self.twilio.ledger):032x}",
                to=self.form["To"],
                sender=self.form["From"],
                body=self.form["Body"],
                validity=int(self.form["ValidityPeriod"]),
            )
            self.twilio.ledger.append(taken)
        return taken

    def accept(self) -> None:
        self.answer(201, _created(self.take()))

    def fail(self, status: int, code: int, headers: dict[str, str] | None = None) -> None:
        # Twilio's own sentences name the number.
        message = f"Unable to send to {self.form.get('To')}"
        self.answer(
            status, json.dumps({"code": code, "message": message, "status": status}).encode(), headers
        )

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
        for byte in b"HTTP/1.1 201 Created\r\nX-Padding: " + b"x" * 10_000:
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return
            if self.twilio._closing.wait(seconds):
                return

    def log_message(self, *_: object) -> None:
        """Silence: the ledger is what tests read."""


def _created(taken: Taken) -> bytes:
    return json.dumps(
        {
            "sid": taken.sid,
            "account_sid": ACCOUNT,
            "to": taken.to,
            "from": taken.sender,
            "body": taken.body,
            "status": "queued",
            "num_segments": "1",
            "error_code": None,
            "error_message": None,
            "date_created": "Mon, 02 Nov 2026 10:00:00 +0000",
            "date_sent": None,
        }
    ).encode()
