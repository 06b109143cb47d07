"""``/sessions/{key}``: one session, how it stands, the way there, and what to do when it is off."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import FastAPI, Query
from starlette.requests import Request
from starlette.responses import Response

from scheduler.timetable.opening import Board, Opening, State
from scheduler.web.asking import PageAsked, language_of
from scheduler.web.problem import NotHere
from scheduler.web.rendering import KEEP_SECONDS, Pages
from scheduler.web.view import View, address, directions, view_of
from scheduler.web.wording import dates_in_words, when
from scheduler.web.words import NO_SUCH_SESSION

_KEY = re.compile(r"(?P<shift>[a-z0-9-]+)@(?P<day>\d{4}-\d\d-\d\d)(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class SessionPage:
    """Answers ``/sessions/{key}`` from the board as it is at each request."""

    board: Callable[[], Board]
    clock: Callable[[], datetime]
    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Adds the route of the sessions."""
        app.add_api_route("/sessions/{key}", self.session, methods=["GET", "HEAD"], include_in_schema=False)

    async def session(self, request: Request, key: str, asked: Annotated[PageAsked, Query()]) -> Response:
        """The page of one session; the key of a moved one leads to what became of it."""
        board = self.board()
        language = language_of(request, board.languages)
        opening = opening_of(board, key)
        view = view_of(board, language, f"/sessions/{opening.key}", asked, self.clock())
        return self.pages.page(
            "session_page.html", board, language, status=200, seconds=KEEP_SECONDS, **_values(view, opening)
        )


def opening_of(board: Board, key: str) -> Opening:
    """The session with this key, else the one that was announced under it and then moved.

    Raises:
        NotHere: There is neither.
    """
    for opening in board.openings:
        if opening.key == key:
            return opening
    asked = _KEY.fullmatch(key)
    for opening in board.openings if asked else ():
        was = opening.moved_from and opening.moved_from.astimezone(board.zone).date().isoformat()
        if asked and opening.key.startswith(f"{asked['shift']}@") and was == asked["day"]:
            return opening
    raise NotHere(NO_SUCH_SESSION)


def _values(view: View, opening: Opening) -> dict[str, object]:
    board, language = view.board, view.language
    following = _following(board, opening, view.now)
    day = opening.starts.astimezone(view.zone).date()
    (card,) = view.cards([opening])
    return view.frame() | {
        "lit": opening.receives_at(view.now),
        "card": card,
        "day": dates_in_words(day, day, language),
        "following": following and view.cards([following])[0],
        "following_day": following and when(following.starts, view.now, view.zone, language),
        "directions": directions(opening.place),
        "calendar": address("/calendar.ics", ward=opening.ward.id, service=opening.service.id, lang=language),
        "follow": _follow(view, opening),
        "ward_link": address("/", ward=opening.ward.id, **{n: view.kept.get(n, "") for n in ("lang", "at")}),
        "ward_name": card.ward,
        "closures": view.closures(),
    }


def _follow(view: View, opening: Opening) -> str:
    """Where somebody follows this session, or its service once there is nothing more to be told of it."""
    if view.now < opening.starts and opening.state is not State.CANCELLED:
        return view.follow(session=opening.key)
    return view.follow(ward=opening.ward.id, service=opening.service.id)


def _following(board: Board, opening: Opening, now: datetime) -> Opening | None:
    """The next session of the same service in the same ward that anyone can still go to."""
    for one in board.starting_after(max(now, opening.starts)):
        is_alike = (one.service.id, one.ward.id) == (opening.service.id, opening.ward.id)
        if is_alike and one.state not in (State.CANCELLED, State.FULL):
            return one
    return None
