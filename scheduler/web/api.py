"""The JSON that programs read, and its description."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Literal

from fastapi import FastAPI, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from scheduler.timetable.opening import Board, Fault, Unanswerable, answer_as_json, availability
from scheduler.web.aside import Aside, TooManyWait
from scheduler.web.asking import AvailabilityAsked, instant_of, language_of
from scheduler.web.rendering import KEEP_SECONDS
from scheduler.web.words import TOO_MANY_WAIT

STATUS = {Fault.UNKNOWN: 404, Fault.RANGE: 400}


class _Described(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Named(_Described):
    """A ward, a place or a service."""

    id: str
    name: str


class SessionAnswer(_Described):
    """One session as residents see it."""

    key: str = Field(description="Names the session; it changes when the session is moved.")
    service: Named
    ward: Named
    place: Named
    address: str
    starts: datetime
    ends: datetime
    last_entry: datetime | None = Field(description="The last instant at which people are let in.")
    bring: str | None = Field(description="What to bring.")
    fee: str | None
    state: Literal["scheduled", "open", "late", "full", "cancelled", "ended"]
    basis: Literal["schedule", "confirmed"] = Field(
        description="schedule: the clock says so; confirmed: the desk said so."
    )
    confirmed_at: datetime | None
    reason: str | None = Field(description="Why it was changed or cancelled.")
    places_left: int | None = Field(description="Only when the desk entered it.")


class AvailabilityAnswer(_Described):
    """What is open now, what comes next, and the sessions of the asked dates."""

    now: datetime
    open_now: list[SessionAnswer]
    next: SessionAnswer | None
    sessions: list[SessionAnswer]


class Refusal(_Described):
    """Why there is no answer, in one sentence."""

    error: str


class Health(_Described):
    """Whether the service is well."""

    ok: bool


@dataclass(frozen=True, slots=True)
class Api:
    """Answers programs from the board as it is at each request."""

    board: Callable[[], Board]
    clock: Callable[[], datetime]
    health: Callable[[], bool]
    aside: Aside

    def add_to(self, app: FastAPI) -> None:
        """Adds the routes for programs, described for the OpenAPI document."""
        app.add_api_route(
            "/api/v1/availability",
            self.availability,
            response_model=AvailabilityAnswer,
            responses={
                304: {"description": "The ETag still names the answer"},
                400: {"model": Refusal, "description": "The dates make no range"},
                404: {"model": Refusal, "description": "Nothing bears that name"},
                422: {"model": Refusal, "description": "A parameter was not understood"},
                503: {"model": Refusal, "description": "Too many wide questions wait for an answer"},
            },
            summary="What is open, and when",
        )
        app.add_api_route("/healthz", self.alive, response_model=Health, summary="Whether it runs")
        app.add_api_route(
            "/readyz",
            self.ready,
            response_model=Health,
            responses={503: {"model": Health, "description": "Not ready"}},
            summary="Whether it can do its work",
        )

    async def availability(self, request: Request, asked: Annotated[AvailabilityAsked, Query()]) -> Response:
        """What is open at the asked instant, what comes next, and the sessions of up to 92 days."""
        board = self.board()
        language = language_of(request, board.languages)
        now = instant_of(asked.at, self.clock(), board.zone)
        return await made_aside(self.aside, partial(_answer, board, asked, now, language), language)

    async def alive(self) -> Response:
        """Answers as long as the process serves at all."""
        return _health(True)

    async def ready(self) -> Response:
        """Answers 200 when the service can do its work, 503 when it cannot, and no details."""
        return _health(self.health())


async def made_aside(aside: Aside, make: Callable[[], Response], language: str) -> Response:
    """The answer that `make` returns, made beside the event loop; a refusal where too many wait already."""
    try:
        return await aside.run(make)
    except TooManyWait:
        answer = refusal(TOO_MANY_WAIT.in_language(language), 503)
        answer.headers["Retry-After"] = "60"
        return answer


def _answer(board: Board, asked: AvailabilityAsked, now: datetime, language: str) -> Response:
    answer = availability(board, asked.question(), now)
    if isinstance(answer, Unanswerable):
        return refusal(answer.message.in_language(language), STATUS[answer.fault])
    headers = {
        "Cache-Control": f"public, max-age={KEEP_SECONDS}",
        "Content-Language": language,
        "Vary": "Accept-Language",
    }
    return JSONResponse(answer_as_json(answer, board.zone, language), headers=headers)


def refusal(sentence: str, status: int) -> JSONResponse:
    """The JSON answer that says in one sentence why there is none."""
    return JSONResponse({"error": sentence}, status, {"Cache-Control": "no-store"})


def _health(ok: bool) -> JSONResponse:
    return JSONResponse({"ok": ok}, 200 if ok else 503, {"Cache-Control": "no-store"})
