"""How a provider's call is taken in: read within limits, stored once off the event loop, answered in time."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from types import MappingProxyType

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from notifications.arrival import Arrival

log = structlog.get_logger(__name__)

# Providers wait some seconds and then count the call as failed; others of theirs wait behind it.
STORE_SECONDS = 0.8
READ_SECONDS = 5.0
LONGEST_BODY = 64 * 1024
MOST_WAITING = 32
BETWEEN_COMPLAINTS = timedelta(minutes=1)

# Whoever looks for the reason at the provider's side reads these.
_SENTENCES: Mapping[int, str] = MappingProxyType(
    {
        403: "This is not signed by anybody who is known here.",
        408: "The call took too long to arrive.",
        413: "The call is too large.",
        415: "This kind of body is not taken here.",
        503: "The call could not be stored in time; please come again.",
    }
)


class Refused(Exception):
    """The call is answered with `status` and this sentence, and has no effect."""

    def __init__(self, status: int, sentence: str = "") -> None:
        super().__init__(sentence or _SENTENCES[status])
        self.status = status

    def answer(self) -> Response:
        """The answer in plain text: its readers are programs, and people who read logs."""
        headers = {"Cache-Control": "no-store"} | ({"Retry-After": "10"} if self.status == 503 else {})
        return Response(f"{self}\n", self.status, headers, media_type="text/plain")


class Intake:
    """Keeps what providers tell; what it is about is worked out later, by a turn.

    Args:
        receive: Stores an arrival and returns whether it is new. Called from a thread of its own.
        wake: Called after something new was stored.
        clock: Returns the present instant, aware.
        seconds: How long a call may wait for the database; it may still be stored later.
    """

    def __init__(
        self,
        receive: Callable[[Arrival], bool],
        wake: Callable[[], None],
        clock: Callable[[], datetime],
        seconds: float = STORE_SECONDS,
    ) -> None:
        self._receive = receive
        self._wake = wake
        self._clock = clock
        self._seconds = seconds
        self._storing = ThreadPoolExecutor(2, thread_name_prefix="intake")
        self._waiting = 0
        self._complained_at: dict[tuple[str, str], datetime] = {}

    async def store(self, arrival: Arrival) -> None:
        """Stores the arrival once, or refuses it: the provider comes again, and what came twice is one."""
        if self._waiting >= MOST_WAITING:
            raise Refused(503)
        self._waiting += 1
        storing = asyncio.get_running_loop().run_in_executor(self._storing, self._stores, arrival)
        storing.add_done_callback(self._is_done)
        done, _ = await asyncio.wait({storing}, timeout=self._seconds)
        if not done or not storing.result():
            raise Refused(503)

    def complain(self, channel: str, why: str) -> None:
        """Tells the log of a call that was refused, each kind once a minute: anybody can fill a log."""
        now, kind = self._clock(), (channel, why)
        if now - self._complained_at.get(kind, now - BETWEEN_COMPLAINTS) >= BETWEEN_COMPLAINTS:
            self._complained_at[kind] = now
            log.warning("call_refused", channel=channel, why=why)

    def _stores(self, arrival: Arrival) -> bool:
        """Whether the arrival is stored now; one that came before is."""
        try:
            if self._receive(arrival):
                self._wake()
        except Exception as fault:  # noqa: BLE001  whatever it is, its text may hold a number and is not told
            log.error("arrival_not_stored", way=arrival.way, fault=type(fault).__name__)  # noqa: TRY400  the same
            return False
        return True

    def _is_done(self, _: "asyncio.Future[bool]") -> None:
        self._waiting -= 1


async def read_body(request: Request, kind: str, seconds: float = READ_SECONDS) -> bytes:
    """The whole body, if it is of that kind, of bearable size and comes within so many seconds.

    Raises:
        Refused: it is not, or does not.
    """
    if not _is_of(kind, request):
        raise Refused(415)
    announced = request.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced[:9]) > LONGEST_BODY:
        raise Refused(413)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LONGEST_BODY:
                    raise Refused(413)
    except (TimeoutError, ClientDisconnect) as fault:
        raise Refused(408) from fault
    return bytes(body)


def _is_of(kind: str, request: Request) -> bool:
    """Of two headers nobody knows which was meant, and what is packed was signed by nobody."""
    told = request.headers.getlist("Content-Type")
    media, _, charset = (told[0] if len(told) == 1 else "").lower().replace(" ", "").partition(";")
    known = media == kind and charset in ("", "charset=utf-8")
    return known and "Content-Encoding" not in request.headers
