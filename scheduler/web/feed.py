"""``/calendar.ics``: the sessions of a question, for a calendar app."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Query
from starlette.requests import Request
from starlette.responses import Response

from scheduler.timetable.naming import services_named, wards_named
from scheduler.timetable.opening import (
    LONGEST_RANGE,
    Board,
    Opening,
    Question,
    State,
    Unanswerable,
    availability,
)
from scheduler.web.api import STATUS, made_aside, refusal
from scheduler.web.aside import Aside
from scheduler.web.asking import CalendarAsked, language_of
from scheduler.web.calendar import MEDIA_TYPE, Event, calendar_text
from scheduler.web.wording import clock, moved_note, places_left_note, ward_title
from scheduler.web.words import STATES, words_in

_KEEP_SECONDS = 60
# An app that has a session of last week keeps it, and learns what became of it.
_BACK = timedelta(days=7)
# Refusals are JSON here too; the framework would describe them as calendars.
_REFUSED = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}}
_IN_FRONT = (State.CANCELLED, State.FULL, State.LATE)


class CalendarResponse(Response):
    """A calendar, as its own kind of text."""

    media_type = MEDIA_TYPE


@dataclass(frozen=True, slots=True)
class Feed:
    """Answers calendar apps from the board as it is at each request."""

    board: Callable[[], Board]
    clock: Callable[[], datetime]
    aside: Aside

    def add_to(self, app: FastAPI) -> None:
        """Adds the route, described for the OpenAPI document."""
        app.add_api_route(
            "/calendar.ics",
            self.calendar,
            response_class=CalendarResponse,
            responses={
                304: {"description": "The ETag still names the answer"},
                400: _REFUSED | {"description": "The dates make no range"},
                404: _REFUSED | {"description": "Nothing bears that name"},
                422: _REFUSED | {"description": "A parameter was not understood"},
                503: _REFUSED | {"description": "Too many wide questions wait for an answer"},
            },
            summary="The sessions, for a calendar app",
        )

    async def calendar(self, request: Request, asked: Annotated[CalendarAsked, Query()]) -> Response:
        """The sessions from a week ago on, of up to 92 days, as RFC 5545; the cancelled stay as CANCELLED."""
        board, now = self.board(), self.clock()
        language = language_of(request, board.languages)
        return await made_aside(self.aside, partial(_answer, board, asked, now, language), language)


def event_of(board: Board, opening: Opening, language: str) -> Event:
    """A session as an entry of a calendar. What only the clock decides is left out, so that it stays true."""
    service, place = opening.service, opening.place
    what = f"{service.name.in_language(language)}, {place.name.in_language(language)}"
    state = f"{STATES[opening.state].in_language(language)}: " if opening.state in _IN_FRONT else ""
    where = (place.name.in_language(language), place.address, ward_title(opening.ward, language))
    return Event(
        uid=f"session-{opening.number}@{urlsplit(board.public_url).hostname or 'catruc'}",
        sequence=opening.revision,
        changed_at=opening.changed_at,
        starts=opening.starts,
        ends=opening.ends,
        summary=state + what,
        location=", ".join(part for part in where if part),
        description="\n".join(_lines(board, opening, language)),
        url=board.public_url and f"{board.public_url.rstrip('/')}/sessions/{quote(opening.key, safe='@')}",
        position=place.map,
        is_cancelled=opening.state is State.CANCELLED,
    )


def _answer(board: Board, asked: CalendarAsked, now: datetime, language: str) -> Response:
    answer = availability(board, _dated(board, asked, now), now)
    if isinstance(answer, Unanswerable):
        return refusal(answer.message.in_language(language), STATUS[answer.fault])
    events = [event_of(board, opening, language) for opening in answer.sessions]
    headers = {
        "Cache-Control": f"public, max-age={_KEEP_SECONDS}",
        "Content-Disposition": 'inline; filename="catruc.ics"',
        "Content-Language": language,
    }
    return CalendarResponse(calendar_text(_name(board, asked, language), events), headers=headers)


def _lines(board: Board, opening: Opening, language: str) -> list[str]:
    words, service, last = words_in(language), opening.service, opening.last_entry
    told = (
        (words.last_entry, last and clock(last, board.zone)),
        (words.bring, service.bring and service.bring.in_language(language)),
        (words.fee, service.fee and service.fee.in_language(language)),
        (words.result, service.result and service.result.in_language(language)),
        (words.hotline, board.hotline),
    )
    notes = (
        opening.reason_in(language),
        moved_note(opening, opening.starts, board.zone, language),
        places_left_note(opening, language),
    )
    return [*(note for note in notes if note), *(f"{name}: {text}" for name, text in told if text)]


def _dated(board: Board, asked: CalendarAsked, now: datetime) -> Question:
    first = asked.first or now.astimezone(board.zone).date() - _BACK
    # From the last day of all calendars there is no next one.
    last = asked.last or first + min(timedelta(days=LONGEST_RANGE - 1), date.max - first)
    return Question(asked.ward, asked.service, asked.place, first, last)


def _name(board: Board, asked: CalendarAsked, language: str) -> str:
    wards = [ward_title(ward, language) for ward in wards_named(board.wards, asked.ward)]
    services: Sequence[str] = [
        one.name.in_language(language) for one in services_named(board.services, asked.service)
    ]
    return " · ".join([board.service_name.in_language(language), *wards, *services])
