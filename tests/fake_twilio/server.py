"""The HTTP of the pretend Twilio: what was asked, and what is answered, if anything."""

import sys
import threading
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Asked:
    """One request, whole."""

    method: str
    path: str
    query: Pairs
    form: Pairs
    kind: str
    credentials: str

    @property
    def fields(self) -> dict[str, str]:
        """The form by name."""
        return dict(self.form)


@dataclass(frozen=True)
class Answer:
    """What is answered; `off_script` is nothing that Twilio describes, but what a broken one would say."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    off_script: bool = False
    kind: str = "application/json"


@dataclass(frozen=True)
class Silence:
    """No answer: the connection ends; with `pause` an answer begins, a byte every so many seconds."""

    pause: float | None = None


class Server(ThreadingHTTPServer):
    """Listens on this machine, and asks `answer` what to say to each request."""

    # With the usual five, a burst of connections would wait a second for the kernel to ask again.
    request_queue_size = 128

    def __init__(self, answer: Callable[[Asked], Answer | Silence], knock: Callable[[], None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.knock = knock
        self.closing = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def handle_error(self, request: object, client_address: object) -> None:
        """Silence about a client that was killed before its answer came; all else is told."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # handed on as it came

    def stop(self) -> None:
        """Ends it, and every answer under way."""
        self.closing.set()
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are written one after the other: with Nagle's algorithm each answer would take 40 ms.
    disable_nagle_algorithm = True
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.knock()

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def log_message(self, *_: object) -> None:
        """Silence: the ledger is what tests read."""

    def _handle(self) -> None:
        body = self.rfile.read(length := int(self.headers.get("Content-Length", "0")))
        if len(body) < length:  # whoever asked was killed while asking: this is no request
            self.close_connection = True
            return
        answer = self.server.answer(self._asked(body))
        if isinstance(answer, Answer):
            self._answer(answer)
            return
        self.close_connection = True
        if answer.pause is not None:
            self._dribble(answer.pause)

    def _asked(self, body: bytes) -> Asked:
        address = urlsplit(self.path)
        scheme, _, secret = self.headers.get("Authorization", "").partition(" ")
        return Asked(
            self.command,
            unquote(address.path),
            tuple(parse_qsl(address.query, keep_blank_values=True)),
            tuple(parse_qsl(body.decode(), keep_blank_values=True)),
            self.headers.get("Content-Type", ""),
            b64decode(secret).decode() if scheme == "Basic" else "",
        )

    def _answer(self, answer: Answer) -> None:
        told = {
            "Content-Type": answer.kind,
            "Content-Length": str(len(answer.body)),
            **answer.headers,
        }
        self.send_response(answer.status)
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def _dribble(self, pause: float) -> None:
        for byte in b"HTTP/1.1 201 Created\r\nX-Padding: " + b"x" * 10_000:
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return
            if self.server.closing.wait(pause):
                return
