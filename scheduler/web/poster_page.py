"""``/poster/{place}``: the notice as a page to print; the same as a file for ``catruc poster``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import FastAPI, Query
from starlette.requests import Request
from starlette.responses import Response

from scheduler.timetable.opening import Board
from scheduler.timetable.place import Place
from scheduler.web.asking import PageAsked, language_of
from scheduler.web.place_page import place_of
from scheduler.web.poster import poster_values
from scheduler.web.rendering import KEEP_SECONDS, Pages
from scheduler.web.view import view_of


@dataclass(frozen=True, slots=True)
class PosterPage:
    """Answers ``/poster/{place}`` from the board as it is at each request."""

    board: Callable[[], Board]
    clock: Callable[[], datetime]
    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Adds the route of the notices."""
        app.add_api_route("/poster/{place}", self.poster, methods=["GET", "HEAD"], include_in_schema=False)

    async def poster(self, request: Request, place: str, asked: Annotated[PageAsked, Query()]) -> Response:
        """The notice of one place."""
        board = self.board()
        language = language_of(request, board.languages)
        found = place_of(board, place)
        view = view_of(board, language, f"/poster/{found.id}", asked, self.clock())
        values = poster_values(view, found) | {"own_style": ""}
        return self.pages.page("poster.html", board, language, status=200, seconds=KEEP_SECONDS, **values)


def poster_file(pages: Pages, board: Board, place: Place, language: str, now: datetime) -> bytes:
    """The notice as a file that needs no other: HTML with its style in it, UTF-8."""
    view = view_of(board, language, f"/poster/{place.id}", PageAsked(), now)
    values = poster_values(view, place) | {"own_style": pages.poster_style.decode()}
    return bytes(pages.page("poster.html", board, language, status=200, seconds=0, **values).body)
