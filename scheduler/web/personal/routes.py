"""``/r/{token}``, its calendar, and ``/a``: GET shows, POST acts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scheduler.service.show_own_page import OwnPage
from scheduler.timetable.opening import Board
from scheduler.web.asking import language_of
from scheduler.web.calendar import MEDIA_TYPE
from scheduler.web.intake import Refused
from scheduler.web.personal.asked import form_of, secret_in
from scheduler.web.personal.deeds import SURE, Done
from scheduler.web.personal.door import Bearer, Door
from scheduler.web.personal.feed import own_calendar
from scheduler.web.personal.threads import Busy, Threads
from scheduler.web.personal.tries import Allowance, Tries
from scheduler.web.personal.view import View
from scheduler.web.personal.words import BUSY, own_words_in
from scheduler.web.rendering import Pages
from scheduler.web.words import words_in

# A link has 71 bits: these keep the database free. Many phones of one network share an address.
LINKS_EACH = Allowance(30, timedelta(seconds=5))
LINKS_OVER_ALL = Allowance(600, timedelta(seconds=0.1))
# A code has 39: at a try in two seconds it takes centuries to hit one of a thousand.
CODES_EACH = Allowance(8, timedelta(seconds=30))
CODES_OVER_ALL = Allowance(60, timedelta(seconds=2))
FREE = 3

NO_ROBOTS = {"X-Robots-Tag": "noindex, nofollow"}

Found = TypeVar("Found")


class _TooMany(Exception):
    """One try too many."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request, and the language of who sent it as far as the request tells."""

    request: Request
    board: Board
    token: str = ""

    @property
    def secret(self) -> str:
        return secret_in(self.token)

    @property
    def address(self) -> str:
        return self.request.client.host if self.request.client else ""

    @property
    def language(self) -> str:
        return language_of(self.request, self.board.languages)

    def language_for(self, bearer: Bearer) -> str:
        """That of the address, else the person's own, else the service's first."""
        languages = self.board.languages
        chosen = self.request.query_params.get("lang", "")
        own = bearer.person.language or ""
        return next((one for one in (chosen, own) if one in languages), languages[0])


class PersonalPages:
    """Answers the personal pages; the database is asked in threads.

    Args:
        door: Knows whose a link is.
        wake: Called after something was done, so that what others must hear of it goes out.
        clock: Returns the present instant, aware.
        board: Returns the snapshot in force, for name, languages and hotline.
        pages: Renders.
    """

    def __init__(
        self,
        door: Door,
        wake: Callable[[], None],
        clock: Callable[[], datetime],
        board: Callable[[], Board],
        pages: Pages,
    ) -> None:
        self._door = door
        self._wake = wake
        self._clock = clock
        self._board = board
        self._pages = pages
        self._threads = Threads()
        self._links = Tries(LINKS_EACH, LINKS_OVER_ALL, LINKS_EACH.most)
        self._codes = Tries(CODES_EACH, CODES_OVER_ALL, FREE)

    def add_to(self, app: FastAPI) -> None:
        """Adds the routes; they are no part of what residents' programs may use."""
        reading, acting = ["GET", "HEAD"], ["POST"]
        app.add_api_route("/r/{token}", self.page, methods=reading, include_in_schema=False)
        app.add_api_route("/r/{token}", self.act, methods=acting, include_in_schema=False)
        app.add_api_route("/r/{token}/calendar.ics", self.calendar, methods=reading, include_in_schema=False)
        app.add_api_route("/a", self.code, methods=reading, include_in_schema=False)
        app.add_api_route("/a", self.enter, methods=acting, include_in_schema=False)

    async def page(self, request: Request, token: str) -> Response:
        """The person's page; what opens nothing has one answer, whatever it is or was."""
        asked, now = _Asked(request, self._board(), token), self._clock()
        try:
            found = await self._try(self._links, asked, partial(self._door.page, asked.secret, now))
        except (_TooMany, Busy) as trouble:
            return self._refuse(asked, trouble)
        if found is None:
            return self._locked(asked)
        about = request.query_params.get("about", "")
        is_number = about.isascii() and about.isdigit() and len(about) < 10
        done = Done(request.query_params.get("said", ""), int(about) if is_number else 0)
        return self._own("personal.html", asked, done, *found)

    async def act(self, request: Request, token: str) -> Response:
        """Does what a form asks for, and leads back to the page, so that a reload does nothing again."""
        asked, now = _Asked(request, self._board(), token), self._clock()
        try:
            form = await form_of(request)
            found = await self._try(self._links, asked, partial(self._door.act, asked.secret, form, now))
            if found is None:
                return self._locked(asked)
            if found[1].said == SURE:
                return await self._ask_again(asked, found[1], now)
        except Refused as refusal:
            return refusal.answer()
        except (_TooMany, Busy) as trouble:
            return self._refuse(asked, trouble)
        self._wake()
        return _to(asked.secret, asked, said=found[1].said, about=str(found[1].about or ""))

    async def calendar(self, request: Request, token: str) -> Response:
        """The person's shifts for a calendar application."""
        asked, now = _Asked(request, self._board(), token), self._clock()
        try:
            found = await self._try(self._links, asked, partial(self._door.seats, asked.secret, now))
        except (_TooMany, Busy) as trouble:
            return self._refuse(asked, trouble)
        if found is None:
            return self._locked(asked)
        bearer, seats = found
        told = own_calendar(seats, asked.board, asked.language_for(bearer))
        name = {"Content-Disposition": 'inline; filename="catruc.ics"', "Cache-Control": "no-store"}
        return Response(told, media_type=MEDIA_TYPE, headers={**name, **NO_ROBOTS})

    async def code(self, request: Request) -> Response:
        """Where a code is typed."""
        return self._code_page(_Asked(request, self._board()), 200, "")

    async def enter(self, request: Request) -> Response:
        """Leads from a good code to the page; the code itself never stands in an address."""
        asked, now = _Asked(request, self._board()), self._clock()
        words = own_words_in(asked.language)
        try:
            form = await form_of(request)
            code = secret_in(form.get("code", ""))
            link = await self._try(self._codes, asked, partial(self._door.link_of, code, now))
        except Refused as refusal:
            return refusal.answer()
        except _TooMany:
            return self._code_page(asked, 429, words.wait)
        except Busy as trouble:
            return self._refuse(asked, trouble)
        return _to(link, asked) if link else self._code_page(asked, 404, words.wrong_code)

    async def _try(self, tries: Tries, asked: _Asked, work: Callable[[], Found | None]) -> Found | None:
        """Runs `work`, and counts it as a wrong try when it finds nothing."""
        if not tries.begin(asked.address, self._clock()):
            raise _TooMany
        found = await self._threads.run(work)
        if found is not None:
            tries.give_back(asked.address, self._clock())
        return found

    async def _ask_again(self, asked: _Asked, done: Done, now: datetime) -> Response:
        found = await self._threads.run(partial(self._door.page, asked.secret, now))
        if found is None:
            return self._locked(asked)
        return self._own("personal_sure.html", asked, done, *found)

    def _own(self, template: str, asked: _Asked, done: Done, bearer: Bearer, page: OwnPage) -> Response:
        zone, today = asked.board.zone, self._clock().astimezone(asked.board.zone).date()
        language = asked.language_for(bearer)
        view = View(page, zone, language, done.said, done.about, bearer.expires_at, today)
        answer = self._pages.page(
            template,
            asked.board,
            view.language,
            status=200,
            seconds=0,
            token=asked.secret,
            form=self._door.form_token(asked.secret),
            lang=asked.request.query_params.get("lang", ""),
            language_links=_language_links(asked.board, view.language),
            **view.values(),
        )
        answer.headers.update(NO_ROBOTS)
        return answer

    def _locked(self, asked: _Asked) -> Response:
        words = own_words_in(asked.language)
        return self._plain(asked, 404, words.locked_title, words.locked)

    def _refuse(self, asked: _Asked, trouble: Exception) -> Response:
        words = own_words_in(asked.language)
        if isinstance(trouble, _TooMany):
            return self._plain(asked, 429, words.locked_title, words.wait)
        return self._plain(asked, 503, words.title, BUSY.in_language(asked.language))

    def _plain(self, asked: _Asked, status: int, title: str, sentence: str) -> Response:
        """A page that shows nobody's shifts: why, whom to call, and the way by a code."""
        answer = self._pages.page(
            "personal_locked.html",
            asked.board,
            asked.language,
            status=status,
            w=own_words_in(asked.language),
            title=title,
            sentence=sentence,
            lang=asked.request.query_params.get("lang", ""),
            language_links=_language_links(asked.board, asked.language),
        )
        answer.headers.update(NO_ROBOTS | ({"Retry-After": "60"} if status != 404 else {}))
        return answer

    def _code_page(self, asked: _Asked, status: int, fault: str) -> Response:
        answer = self._pages.page(
            "personal_code.html",
            asked.board,
            asked.language,
            status=status,
            w=own_words_in(asked.language),
            fault=fault,
            lang=asked.request.query_params.get("lang", ""),
            language_links=_language_links(asked.board, asked.language),
        )
        answer.headers.update(NO_ROBOTS | ({"Retry-After": "60"} if status == 429 else {}))
        return answer


def _to(secret: str, asked: _Asked, **told: str) -> Response:
    """Leads to a personal page, in the language that was chosen, by an address without a host."""
    query = urlencode(
        {
            name: text
            for name, text in {**told, "lang": asked.request.query_params.get("lang", "")}.items()
            if text
        }
    )
    headers = {"Cache-Control": "no-store", **NO_ROBOTS}
    return RedirectResponse(f"/r/{secret}{'?' if query else ''}{query}", 303, headers)


def _language_links(board: Board, language: str) -> list[tuple[str, str]]:
    return [(code, words_in(code).this_language) for code in board.languages if code != language]
