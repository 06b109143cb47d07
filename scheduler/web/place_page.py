"""``/places/{id}``: one place, its coming sessions, and when it is closed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import FastAPI, Query
from starlette.requests import Request
from starlette.responses import Response

from scheduler.timetable.opening import (
    Availability,
    Board,
    Question,
    availability,
    days_ahead,
)
from scheduler.timetable.place import Place
from scheduler.web.asking import PageAsked, language_of
from scheduler.web.problem import NotHere
from scheduler.web.rendering import KEEP_SECONDS, Pages
from scheduler.web.view import View, address, directions, view_of
from scheduler.web.wording import headline_here, planned_until, ward_title
from scheduler.web.words import KINDS, NO_SUCH_PLACE

MONTH = timedelta(days=30)
"""How far ahead a place tells its sessions, if they are planned so far."""


@dataclass(frozen=True, slots=True)
class PlacePage:
    """Answers ``/places/{id}`` from the board as it is at each request."""

    board: Callable[[], Board]
    clock: Callable[[], datetime]
    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Adds the route of the places."""
        app.add_api_route("/places/{place}", self.place, methods=["GET", "HEAD"], include_in_schema=False)

    async def place(self, request: Request, place: str, asked: Annotated[PageAsked, Query()]) -> Response:
        """The page of one place."""
        board = self.board()
        language = language_of(request, board.languages)
        found = place_of(board, place)
        view = view_of(board, language, f"/places/{found.id}", asked, self.clock())
        values = _values(view, found, month_of(view, found))
        return self.pages.page("place.html", board, language, status=200, seconds=KEEP_SECONDS, **values)


def place_of(board: Board, place: str) -> Place:
    """The place with this id.

    Raises:
        NotHere: There is none.
    """
    for one in board.places:
        if one.id == place:
            return one
    raise NotHere(NO_SUCH_PLACE)


def month_of(view: View, place: Place) -> Availability:
    """What is planned at a place from today for a month."""
    question = Question(place=place.id, first=view.today, last=view.today + MONTH)
    answer = availability(view.board, question, view.now)
    assert isinstance(answer, Availability)
    return answer


def _values(view: View, place: Place, answer: Availability) -> dict[str, object]:
    board, language = view.board, view.language
    ward = next(one for one in board.wards if one.id == place.ward)
    shown = {one.service.id for one in answer.sessions}
    return view.frame() | {
        "place_name": place.name.in_language(language),
        "address": place.address,
        "ward_name": ward_title(ward, language),
        "kind": KINDS[place.kind].in_language(language) if place.kind in KINDS else "",
        "headline": headline_here(answer, view.zone, language),
        "lit": any(one.receives_at(view.now) for one in answer.open_now),
        "directions": directions(place),
        "calendar": address("/calendar.ics", place=place.id, lang=language),
        "follow": view.follow(ward=place.ward, service=min(shown) if len(shown) == 1 else ""),
        "poster": f"/poster/{place.id}{view.kept_elsewhere}",
        "open_now": view.cards(answer.open_now),
        "days": [view.day(day) for day in days_ahead(board, answer)],
        "services": [one for one in board.services if one.id in shown],
        "closures": view.closures(),
        "planned_until": planned_until(board.planned_until, language),
    }
