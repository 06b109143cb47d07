"""``/``: what is open now, tonight and in the next seven days, as a page or on the wall of a hall."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import FastAPI, Query
from starlette.requests import Request
from starlette.responses import Response

from scheduler.timetable.naming import wards_meant
from scheduler.timetable.opening import AHEAD, Availability, Board, Question, at_a_glance, availability
from scheduler.web.asking import FrontAsked, instant_of, language_of
from scheduler.web.fold import folds_of
from scheduler.web.rendering import KEEP_SECONDS, Pages
from scheduler.web.schedule import Schedule
from scheduler.web.view import View
from scheduler.web.wall import REFRESH_SECONDS, wall_values

FIRST_BYTES = 14_000
"""What a phone gets in the first round trip of a new connection: the page and its style, compressed."""

# Who has named a ward wants to see all of it.
_BYTES_OF_A_WARD = 60_000


@dataclass(frozen=True, slots=True)
class Front:
    """Answers ``/`` from the board as it is at each request."""

    board: Callable[[], Board]
    clock: Callable[[], datetime]
    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Adds the route of the front page."""
        app.add_api_route("/", self.front, methods=["GET", "HEAD"], include_in_schema=False)

    async def front(self, request: Request, asked: Annotated[FrontAsked, Query()]) -> Response:
        """The page for one question; a name that nothing bears shows everything, and says so."""
        board = self.board()
        schedule = _schedule(board, asked, self.clock(), language_of(request, board.languages))
        return self._on_the_wall(schedule) if asked.view == "wall" else self._fitting(schedule)

    def _fitting(self, schedule: Schedule) -> Response:
        """The fullest page that is small enough: compressed and weighed, not guessed."""
        view, glance = schedule.view, at_a_glance(schedule.view.board, schedule.answer)
        room = _BYTES_OF_A_WARD if len(schedule.wards_meant) == 1 else FIRST_BYTES
        style = len(gzip.compress(self.pages.style, 6))
        for fold in folds_of(glance):
            page = self.pages.page(
                "front.html",
                view.board,
                view.language,
                status=404 if schedule.refused else 200,
                seconds=KEEP_SECONDS,
                **schedule.values(glance, fold),
            )
            if len(gzip.compress(bytes(page.body), 6)) + style <= room:
                break
        return page

    def _on_the_wall(self, schedule: Schedule) -> Response:
        view = schedule.view
        values = wall_values(view, schedule.answer)
        page = self.pages.page(
            "wall.html", view.board, view.language, status=200, seconds=KEEP_SECONDS, **values
        )
        page.headers["Refresh"] = str(REFRESH_SECONDS)
        return page


def _schedule(board: Board, asked: FrontAsked, now: datetime, language: str) -> Schedule:
    instant = instant_of(asked.at, now, board.zone)
    at = asked.at.isoformat() if asked.at else ""
    kept = {"ward": asked.ward, "service": asked.service, "lang": asked.lang, "at": at}
    view = View(board, language, instant, "/", kept)
    answer = availability(board, Question(asked.ward, asked.service), instant)
    meant = wards_meant(board.wards, asked.ward, view.today, view.today + AHEAD)
    if isinstance(answer, Availability):
        return Schedule(view, asked, answer, None, meant)
    everything = availability(board, Question(), instant)
    assert isinstance(everything, Availability)
    return Schedule(view, asked, everything, answer, meant)
