"""``/r/{token}``, its calendar, and ``/a``: GET shows, POST acts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from scheduler.service.show_own_page import OwnPage
from scheduler.timetable.opening import Board
from scheduler.web.calendar import MEDIA_TYPE
from scheduler.web.intake import Refused
from scheduler.web.personal.asked import form_of, secret_in
from scheduler.web.personal.deeds import SURE, Done
from scheduler.web.personal.door import Bearer, Door
from scheduler.web.personal.feed import own_calendar
from scheduler.web.personal.threads import Busy
from scheduler.web.personal.tries import Allowance, Tries
from scheduler.web.personal.view import View
from scheduler.web.personal.visit import NO_ROBOTS, Threshold, TooMany, Visit, language_links
from scheduler.web.personal.words import BUSY, own_words_in
from scheduler.web.rendering import Pages

# A link has 71 bits: these keep the database free. Many phones of one network share an address.
LINKS_EACH = Allowance(30, timedelta(seconds=5))
LINKS_OVER_ALL = Allowance(600, timedelta(seconds=0.1))
# A code has 39: at a try in two seconds it takes centuries to hit one of a thousand.
CODES_EACH = Allowance(8, timedelta(seconds=30))
CODES_OVER_ALL = Allowance(60, timedelta(seconds=2))
FREE = 3


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
        self._threshold = Threshold(clock)
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
        visit = self._visit(request, token)
        try:
            found = await self._threshold.pass_by(
                self._links, visit, partial(self._door.page, visit.secret, visit.now)
            )
        except (TooMany, Busy) as trouble:
            return self._refuse(visit, trouble)
        if found is None:
            return self._locked(visit)
        about = visit.asked("about")
        is_number = about.isascii() and about.isdigit() and len(about) < 10
        done = Done(visit.asked("said"), int(about) if is_number else 0)
        return self._own("personal.html", visit, done, *found)

    async def act(self, request: Request, token: str) -> Response:
        """Does what a form asks for, and leads back to the page, so that a reload does nothing again."""
        visit = self._visit(request, token)
        try:
            form = await form_of(request)
            found = await self._threshold.pass_by(
                self._links, visit, partial(self._door.act, visit.secret, form, visit.now)
            )
            if found is None:
                return self._locked(visit)
            if found[1].said == SURE:
                return await self._ask_again(visit, found[1])
        except Refused as refusal:
            return refusal.answer()
        except (TooMany, Busy) as trouble:
            return self._refuse(visit, trouble)
        self._wake()
        said = found[1]
        return visit.lead_to(f"/r/{visit.secret}", said=said.said, about=str(said.about or ""))

    async def calendar(self, request: Request, token: str) -> Response:
        """The person's shifts for a calendar application."""
        visit = self._visit(request, token)
        try:
            found = await self._threshold.pass_by(
                self._links, visit, partial(self._door.seats, visit.secret, visit.now)
            )
        except (TooMany, Busy) as trouble:
            return self._refuse(visit, trouble)
        if found is None:
            return self._locked(visit)
        bearer, seats = found
        told = own_calendar(seats, visit.board, _language_for(visit, bearer))
        name = {"Content-Disposition": 'inline; filename="catruc.ics"', "Cache-Control": "no-store"}
        return Response(told, media_type=MEDIA_TYPE, headers={**name, **NO_ROBOTS})

    async def code(self, request: Request) -> Response:
        """Where a code is typed."""
        return self._code_page(self._visit(request), 200, "")

    async def enter(self, request: Request) -> Response:
        """Leads from a good code to the page; the code itself never stands in an address."""
        visit = self._visit(request)
        words = own_words_in(visit.language)
        try:
            form = await form_of(request)
            code = secret_in(form.get("code", ""))
            link = await self._threshold.pass_by(
                self._codes, visit, partial(self._door.link_of, code, visit.now)
            )
        except Refused as refusal:
            return refusal.answer()
        except TooMany:
            return self._code_page(visit, 429, words.wait)
        except Busy as trouble:
            return self._refuse(visit, trouble)
        return visit.lead_to(f"/r/{link}") if link else self._code_page(visit, 404, words.wrong_code)

    def _visit(self, request: Request, token: str = "") -> Visit:
        return Visit(request, self._board(), self._clock(), token)

    async def _ask_again(self, visit: Visit, done: Done) -> Response:
        found = await self._threshold.run(partial(self._door.page, visit.secret, visit.now))
        if found is None:
            return self._locked(visit)
        return self._own("personal_sure.html", visit, done, *found)

    def _own(self, template: str, visit: Visit, done: Done, bearer: Bearer, page: OwnPage) -> Response:
        zone, today = visit.board.zone, visit.now.astimezone(visit.board.zone).date()
        language = _language_for(visit, bearer)
        view = View(page, zone, language, done.said, done.about, bearer.expires_at, today)
        answer = self._pages.page(
            template,
            visit.board,
            view.language,
            status=200,
            seconds=0,
            token=visit.secret,
            form=self._door.form_token(visit.secret),
            lang=visit.asked("lang"),
            language_links=language_links(visit.board, view.language),
            **view.values(),
        )
        answer.headers.update(NO_ROBOTS)
        return answer

    def _locked(self, visit: Visit) -> Response:
        words = own_words_in(visit.language)
        return self._plain(visit, 404, words.locked_title, words.locked)

    def _refuse(self, visit: Visit, trouble: Exception) -> Response:
        words = own_words_in(visit.language)
        if isinstance(trouble, TooMany):
            return self._plain(visit, 429, words.locked_title, words.wait)
        return self._plain(visit, 503, words.title, BUSY.in_language(visit.language))

    def _plain(self, visit: Visit, status: int, title: str, sentence: str) -> Response:
        """A page that shows nobody's shifts: why, whom to call, and the way by a code."""
        answer = self._pages.page(
            "personal_locked.html",
            visit.board,
            visit.language,
            status=status,
            w=own_words_in(visit.language),
            title=title,
            sentence=sentence,
            lang=visit.asked("lang"),
            language_links=language_links(visit.board, visit.language),
        )
        answer.headers.update(NO_ROBOTS | ({"Retry-After": "60"} if status != 404 else {}))
        return answer

    def _code_page(self, visit: Visit, status: int, fault: str) -> Response:
        answer = self._pages.page(
            "personal_code.html",
            visit.board,
            visit.language,
            status=status,
            w=own_words_in(visit.language),
            fault=fault,
            lang=visit.asked("lang"),
            language_links=language_links(visit.board, visit.language),
        )
        answer.headers.update(NO_ROBOTS | ({"Retry-After": "60"} if status == 429 else {}))
        return answer


def _language_for(visit: Visit, bearer: Bearer) -> str:
    """That of the address, else the person's own, else the service's first."""
    languages = visit.board.languages
    wished = visit.asked("lang"), bearer.person.language or ""
    return next((one for one in wished if one in languages), languages[0])
