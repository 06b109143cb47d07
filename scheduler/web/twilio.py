"""``POST /sms/twilio/status`` and ``/sms/twilio/inbound``: receipts of our texts, and texts sent to us."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from notifications.arrival import Arrival, Way
from notifications.channels.twilio_form import (
    CHANNEL,
    INBOUND_PATH,
    STATUS_PATH,
    BadForm,
    ForeignForm,
    arrival_of,
    parse_form,
)
from scheduler.web.intake import READ_SECONDS, Intake, Refused, read_body

FORM = "application/x-www-form-urlencoded"
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

_NOT_TWILIOS = "This is not a call as Twilio makes it."


class Verifies(Protocol):
    """Tells whether the provider signed a form for an address."""

    def accepts(self, address: str, form: Mapping[str, str], signature: str) -> bool:
        """Whether the signature is good."""
        ...


class TwilioCalls:
    """Takes Twilio's calls.

    Args:
        account_sid: Our account at Twilio; empty when there is none, and then every call is refused.
        verifier: Checks the signatures.
        public_url: Returns the address that Twilio was told, or None while there is none. What a call says of
            its own address (Host, X-Forwarded-…) is never believed.
        intake: Stores what is found good.
        clock: Returns the present instant, aware.
        read_seconds: How long a call may take to arrive.
    """

    def __init__(
        self,
        account_sid: str,
        verifier: Verifies,
        public_url: Callable[[], str | None],
        intake: Intake,
        clock: Callable[[], datetime],
        *,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._account_sid = account_sid
        self._verifier = verifier
        self._public_url = public_url
        self._intake = intake
        self._clock = clock
        self._read_seconds = read_seconds

    def add_to(self, app: FastAPI) -> None:
        """Adds the two routes; they are no part of what residents' programs may use."""
        app.add_api_route(STATUS_PATH, self.status, methods=["POST"], include_in_schema=False)
        app.add_api_route(INBOUND_PATH, self.inbound, methods=["POST"], include_in_schema=False)

    async def status(self, request: Request) -> Response:
        """A receipt of a text that we sent."""
        return await self._take("status", request)

    async def inbound(self, request: Request) -> Response:
        """A text that somebody sent us."""
        return await self._take("inbound", request)

    async def _take(self, way: Way, request: Request) -> Response:
        """Checks, stores and answers; a turn works on it, and replies go out like every other text."""
        try:
            # Another kind of body would be read as an empty form, and its letters be signed by nobody.
            body = await read_body(request, FORM, self._read_seconds)
            await self._intake.store(self._checked(way, request, body))
        except Refused as refusal:
            self._intake.complain(CHANNEL, str(refusal))
            return refusal.answer()
        return Response(EMPTY, headers={"Cache-Control": "no-store"}, media_type="text/xml")

    def _checked(self, way: Way, request: Request, body: bytes) -> Arrival:
        """The arrival that a call makes, once it is known to be Twilio's and ours."""
        query: str = request.scope["query_string"].decode("latin-1")
        # The SDK's check breaks on a header that is missing, and cannot know which of two was meant.
        signatures = request.headers.getlist("X-Twilio-Signature")
        signature = signatures[0] if len(signatures) == 1 else ""
        try:
            form = parse_form(body)
            if not self._verifier.accepts(self._address(request, query), form, signature):
                raise Refused(403)
            return arrival_of(way, query, body, self._account_sid, self._clock())
        except ForeignForm as fault:
            raise Refused(403) from fault
        except BadForm as fault:
            raise Refused(400, _NOT_TWILIOS) from fault

    def _address(self, request: Request, query: str) -> str:
        """The address as Twilio was told it: our own, and path and query to the letter as they came."""
        own = self._public_url()
        if own is None:
            raise Refused(403)
        path: str = request.scope["raw_path"].decode("latin-1")
        return own.rstrip("/") + path + (f"?{query}" if query else "")
