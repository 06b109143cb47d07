"""``POST /sms/android``: what the phone with the SIM tells of our texts, and the texts that it was sent."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

import structlog
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from notifications.arrival import Arrival
from notifications.channels.android_event import CHANNEL, Ignored, Verdict, arrival_of, judge_signature
from scheduler.web.intake import Intake, Refused, read_body

log = structlog.get_logger(__name__)

_SENTENCES: Mapping[Verdict, str] = MappingProxyType(
    {
        "unsigned": "A call needs X-Signature and X-Timestamp, each once.",
        "forged": "The signature does not fit: CATRUC_ANDROID_SIGNING_KEY is the key that the app shows.",
        "stale": "The call is more than five minutes from our clock; set the clock of the phone.",
    }
)


class AndroidCalls:
    """Takes the calls that the phone signs with `key`; without a key every call is refused."""

    def __init__(self, key: str, intake: Intake, clock: Callable[[], datetime]) -> None:
        self._key = key
        self._intake = intake
        self._clock = clock

    def add_to(self, app: FastAPI) -> None:
        """Adds the route; it is no part of what residents' programs may use."""
        app.add_api_route("/sms/android", self.take, methods=["POST"], include_in_schema=False)

    async def take(self, request: Request) -> Response:
        """Checks the signature over the raw body, stores the call once, and leaves its meaning for later."""
        try:
            arrival = self._checked(request, await read_body(request, "application/json"))
            if isinstance(arrival, Arrival):
                await self._intake.store(arrival)
        except Refused as refusal:
            self._intake.complain(CHANNEL, str(refusal))
            return refusal.answer()
        return Response(status_code=204, headers={"Cache-Control": "no-store"})

    def _checked(self, request: Request, body: bytes) -> Arrival | Ignored:
        """What a call tells, once it is known to be the phone's."""
        if not self._key:
            raise Refused(403)
        now = self._clock()
        verdict = judge_signature(
            self._key, body, _only(request, "X-Signature"), _only(request, "X-Timestamp"), now
        )
        if verdict != "good":
            raise Refused(403, _SENTENCES[verdict])
        told = arrival_of(body, now)
        if isinstance(told, Ignored):
            # Refused, it would come again for two days.
            log.info("call_ignored", channel=CHANNEL, told=told.event[:40])
        return told


def _only(request: Request, name: str) -> str:
    values = request.headers.getlist(name)
    return values[0] if len(values) == 1 else ""
