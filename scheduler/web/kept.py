"""Public answers, kept ready: whoever asks the same within the same minute gets the same bytes.

A crowd asks one question. Its answer changes with the minute and with the board, so that it is made once for
each of them, compressed once, and named by an ETag. Who asks while it is being made waits for that.
"""

import asyncio
import gzip
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scheduler.timetable.opening import Board
from scheduler.web.aside import Aside, TooManyWait
from scheduler.web.asking import preferred

RawHeaders = list[tuple[bytes, bytes]]

# Strangers choose the addresses, so what is kept of them has an end: the longest answers are megabytes.
_MOST_BYTES = 32 * 2**20
_WORTH_COMPRESSING = 500
# More than these take so long to compress that pages would wait for it.
_LONG_BYTES = 200_000
_TAKES_GZIP = re.compile(
    r"(?:^|[,\s])(?:gzip|\*)\s*(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))(?:;|,|$)", re.IGNORECASE
)
_NOT_KEPT = (b"content-length", b"vary")
_NAMES_THE_BODY = (b"content-type", b"content-length", b"content-encoding")

Question = tuple[str, bytes, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer: its headers, its body, and the body compressed where that is worth it."""

    headers: tuple[tuple[bytes, bytes], ...]
    tag: str
    plain: bytes
    compressed: bytes | None

    @property
    def size(self) -> int:
        """The bytes that keeping it takes."""
        return len(self.plain) + len(self.compressed or b"")


def by_the_minute(clock: Callable[[], datetime]) -> Callable[[], datetime]:
    """The clock without its seconds: within a minute every page is the same."""
    return lambda: clock().replace(second=0, microsecond=0)


class KeptAnswers:
    """Middleware that keeps the answers which say of themselves that they are public.

    All others pass through untouched. ``HEAD`` is answered wherever ``GET`` is.
    """

    def __init__(
        self, app: ASGIApp, board: Callable[[], Board], clock: Callable[[], datetime], aside: Aside
    ) -> None:
        self._app = app
        self._board = board
        self._clock = clock
        self._aside = aside
        self._true_for: tuple[Board, datetime] | None = None
        self._kept: OrderedDict[Question, Kept] = OrderedDict()
        self._making: dict[Question, asyncio.Event] = {}
        self._size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, from what is kept if it can."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        question = self._question(scope, headers)
        found = self._find(question) or await self._made_for_another(question)
        if found is None:
            found = await self._make(question, scope, receive, send)
        if found is not None:
            await _answer(found, headers, scope["method"], send)

    def _question(self, scope: Scope, headers: Headers) -> Question:
        board, now = self._board(), self._clock()
        # By identity: comparing two boards costs more than what is kept saves.
        if self._true_for is None or self._true_for[0] is not board or self._true_for[1] != now:
            self._true_for, self._size = (board, now), 0
            self._kept.clear()
            self._making = {}
        language = preferred(headers.get("accept-language", ""), board.languages)
        return scope["path"], scope["query_string"], language

    def _find(self, question: Question) -> Kept | None:
        found = self._kept.get(question)
        if found is not None:
            self._kept.move_to_end(question)
        return found

    async def _made_for_another(self, question: Question) -> Kept | None:
        made = self._making.get(question)
        if made is None:
            return None
        await made.wait()
        return self._find(question)

    async def _make(self, question: Question, scope: Scope, receive: Receive, send: Send) -> Kept | None:
        """Makes an answer; None when it was not for keeping and has gone out."""
        true_for, made = self._true_for, asyncio.Event()
        self._making[question] = made
        try:
            capture = _Capture(send, scope["method"] == "HEAD")
            await self._app({**scope, "method": "GET"}, receive, capture)
            found = await self._packed(capture)
            # By now the minute may be over, or the board another one.
            if found is not None and self._true_for is true_for:
                self._keep(question, found)
            return found
        finally:
            made.set()
            if self._making.get(question) is made:
                del self._making[question]

    async def _packed(self, capture: "_Capture") -> Kept | None:
        if capture.size < _LONG_BYTES:
            return capture.kept()
        try:
            return await self._aside.run(capture.kept)
        except TooManyWait:
            return capture.kept(pack=False)

    def _keep(self, question: Question, answer: Kept) -> None:
        before = self._kept.pop(question, None)
        self._kept[question] = answer
        self._size += answer.size - (before.size if before else 0)
        while self._size > _MOST_BYTES:
            self._size -= self._kept.popitem(last=False)[1].size


class _Capture:
    """Holds a public answer back as it is made; lets every other one through, without a body for HEAD."""

    def __init__(self, send: Send, is_head: bool) -> None:
        self._send = send
        self._is_head = is_head
        self._headers: RawHeaders | None = None
        self._body: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_public(message):
            self._headers = list(message["headers"])
        elif self._headers is not None:
            self._body.append(message.get("body", b""))
        elif self._is_head and message["type"] == "http.response.body":
            await self._send({**message, "body": b""})
        else:
            await self._send(message)

    @property
    def size(self) -> int:
        """The bytes that were held back."""
        return sum(map(len, self._body))

    def kept(self, pack: bool = True) -> Kept | None:
        """The answer, or None when it was not for keeping and has gone out."""
        if self._headers is None:
            return None
        body = b"".join(self._body)
        packed = gzip.compress(body, 6, mtime=0) if pack and len(body) >= _WORTH_COMPRESSING else None
        headers = tuple((name, value) for name, value in self._headers if name.lower() not in _NOT_KEPT)
        vary = (b"vary", b"Accept-Encoding, Accept-Language")
        tag = f'W/"{sha256(body).hexdigest()[:20]}"'
        return Kept((*headers, vary, (b"etag", tag.encode())), tag, body, packed)


def _is_public(start: Message) -> bool:
    said = Headers(raw=list(start["headers"])).get("cache-control", "")
    return start["status"] == 200 and said.startswith("public")


async def _answer(kept: Kept, asked: Headers, method: str, send: Send) -> None:
    if _knows(asked.get("if-none-match", ""), kept.tag):
        headers = [pair for pair in kept.headers if pair[0] not in _NAMES_THE_BODY]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    packed = kept.compressed if _TAKES_GZIP.search(asked.get("accept-encoding", "")) else None
    body = kept.plain if packed is None else packed
    headers = [*kept.headers, (b"content-length", str(len(body)).encode())]
    if packed is not None:
        headers.append((b"content-encoding", b"gzip"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


def _knows(tags: str, tag: str) -> bool:
    strong = tag.removeprefix("W/")
    return any(one.strip().removeprefix("W/") in (strong, "*") for one in tags.split(","))
