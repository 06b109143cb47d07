"""``/follow`` and ``/f/{token}``: GET shows, POST acts."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from notifications.phone import BadNumber, mask, parse_phone
from notifications.veil import new_name
from scheduler.service.send_code import Redeemed, Sent
from scheduler.store.follow_codes import Asked
from scheduler.timetable.opening import Board
from scheduler.web.calendar import MEDIA_TYPE, calendar_text
from scheduler.web.feed import event_of
from scheduler.web.following.door import FollowDoor, Followed, OwnWishes
from scheduler.web.following.letterbox import Letterbox
from scheduler.web.following.wanted import NOTHING, SESSION, Wanted, choice_of, choices, value_of, wanted_of
from scheduler.web.following.words import SAID, follow_words_in
from scheduler.web.intake import Refused
from scheduler.web.personal.asked import form_of
from scheduler.web.personal.threads import Busy
from scheduler.web.personal.tries import Allowance, Tries
from scheduler.web.personal.visit import NO_ROBOTS, Threshold, TooMany, Visit, language_links
from scheduler.web.personal.words import BUSY
from scheduler.web.rendering import KEEP_SECONDS, Pages
from scheduler.web.wording import ward_title, when

# A family or an office behind one address enrols in turn; whoever wants to spend our money has not time.
ASKED_EACH = Allowance(6, timedelta(minutes=2))
ASKED_OVER_ALL = Allowance(300, timedelta(seconds=1))
# 15 codes of a number a day at most, of a million: guessing is hopeless, and this keeps the database free.
CODES_EACH = Allowance(10, timedelta(seconds=30))
CODES_OVER_ALL = Allowance(120, timedelta(seconds=0.5))
LINKS_EACH = Allowance(30, timedelta(seconds=5))
LINKS_OVER_ALL = Allowance(600, timedelta(seconds=0.1))
# Every answer to a code takes so long: how long the database took tells nobody whose number is known.
STEADY_SECONDS = 0.4

LONGEST_FIELD = 200

Found = TypeVar("Found")


class FollowPages:
    """Answers where residents follow and stop.

    Args:
        door: Does what needs the database.
        wake: Called after something was done, so that texts go out.
        clock: Returns the present instant, aware.
        board: Returns the snapshot in force.
        pages: Renders.
        working: Sends codes, one after another.
        steady_seconds: How long an answer to a code takes, whatever it is.
    """

    def __init__(
        self,
        door: FollowDoor,
        wake: Callable[[], None],
        clock: Callable[[], datetime],
        board: Callable[[], Board],
        pages: Pages,
        working: Executor,
        steady_seconds: float = STEADY_SECONDS,
    ) -> None:
        self._door = door
        self._wake = wake
        self._clock = clock
        self._board = board
        self._pages = pages
        self._steady_seconds = steady_seconds
        self._threshold = Threshold(clock)
        self._letterbox = Letterbox(self._send, working, clock)
        self._asking = Tries(ASKED_EACH, ASKED_OVER_ALL, 1)
        self._codes = Tries(CODES_EACH, CODES_OVER_ALL, 1)
        self._links = Tries(LINKS_EACH, LINKS_OVER_ALL, LINKS_EACH.most)

    def add_to(self, app: FastAPI) -> None:
        """Adds the routes; they are no part of what residents' programs may use."""
        reading, acting = ["GET", "HEAD"], ["POST"]
        app.add_api_route("/follow", self.form, methods=reading, include_in_schema=False)
        app.add_api_route("/follow", self.act, methods=acting, include_in_schema=False)
        app.add_api_route("/f/{token}", self.own, methods=reading, include_in_schema=False)
        app.add_api_route("/f/{token}", self.stop, methods=acting, include_in_schema=False)
        app.add_api_route("/f/{token}/calendar.ics", self.calendar, methods=reading, include_in_schema=False)

    async def form(self, request: Request) -> Response:
        """What can be followed, and where the number is typed."""
        return self._form(self._visit(request))

    async def act(self, request: Request) -> Response:
        """Sends a code, or takes one."""
        visit = self._visit(request)
        try:
            form = await form_of(request)
            return await (self._enter if form.get("do") == "code" else self._ask)(visit, form)
        except Refused as refusal:
            return refusal.answer()
        except TooMany:
            return self._form(visit, 429, follow_words_in(visit.language).wait, calls=True)
        except Busy:
            return self._form(visit, 503, BUSY.in_language(visit.language))

    async def own(self, request: Request, token: str) -> Response:
        """What a number follows; what opens nothing has one answer, whatever it is or was."""
        visit = self._visit(request, token)
        try:
            found = await self._threshold.pass_by(
                self._links, visit, partial(self._door.own, visit.secret, visit.now)
            )
        except (TooMany, Busy) as trouble:
            return self._refuse(visit, trouble)
        return self._own(visit, found) if found else self._locked(visit, 404)

    async def stop(self, request: Request, token: str) -> Response:
        """Stops, and leads back to the page."""
        visit = self._visit(request, token)
        try:
            form = await form_of(request)
            work = partial(self._door.stop, visit.secret, form, visit.now)
            said = await self._threshold.pass_by(self._links, visit, work)
        except Refused as refusal:
            return refusal.answer()
        except (TooMany, Busy) as trouble:
            return self._refuse(visit, trouble)
        if said is None:
            return self._locked(visit, 404)
        self._wake()
        return visit.lead_to(f"/f/{visit.secret}", said=said)

    async def calendar(self, request: Request, token: str) -> Response:
        """What a number follows, for a calendar application."""
        visit = self._visit(request, token)
        try:
            found = await self._threshold.pass_by(
                self._links, visit, partial(self._door.own, visit.secret, visit.now)
            )
        except (TooMany, Busy) as trouble:
            return self._refuse(visit, trouble)
        if found is None:
            return self._locked(visit, 404)
        openings = {one.number: one for followed in found.followed for one in followed.openings}
        events = [event_of(visit.board, one, visit.language) for one in openings.values()]
        told = calendar_text(visit.board.service_name.in_language(visit.language), events)
        name = {"Content-Disposition": 'inline; filename="catruc.ics"', "Cache-Control": "no-store"}
        return Response(told, media_type=MEDIA_TYPE, headers={**name, **NO_ROBOTS})

    async def _ask(self, visit: Visit, form: Mapping[str, str]) -> Response:
        """Answers before anything is looked up: neither words nor time tell whether the number is known."""
        words, terms = follow_words_in(visit.language), self._door.terms
        if terms is None or not terms.answers_a_day:
            return self._form(visit, 503)
        if not self._asking.begin(visit.address, visit.now):
            raise TooMany
        wanted = wanted_of(visit.board, form.get("what", ""), visit.now, visit.language)
        if wanted is None:
            return self._form(visit, 422, words.bad_what, form)
        phone = _number(form.get("phone", ""), terms.countries)
        if phone is None:
            return self._form(visit, 422, words.bad_number, form)
        flow = new_name()
        self._letterbox.drop_in(self._asked(visit, flow, phone, wanted, terms.texts_a_month))
        return self._code(visit, 200, flow, form.get("phone", ""))

    def _asked(self, visit: Visit, flow: str, phone: str, wanted: Wanted, most: int) -> Asked:
        wording = f"{wanted.title}: {self._consent(visit, most)}" if wanted.service else ""
        return Asked(flow, phone, visit.language, wanted.service, wanted.ward, wanted.session, wording)

    async def _enter(self, visit: Visit, form: Mapping[str, str]) -> Response:
        terms = self._door.terms
        phone = _number(form.get("phone", ""), terms.countries if terms else ())
        code = "".join(sign for sign in form.get("code", "")[:LONGEST_FIELD] if sign.isdigit())
        flow = form.get("flow", "")[:LONGEST_FIELD]
        work = partial(self._door.redeem, flow, phone or "", code, visit.now)
        redeemed = await self._steadily(self._threshold.pass_by(self._codes, visit, work))
        if redeemed is None:
            words = follow_words_in(visit.language)
            return self._code(visit, 404, flow, form.get("phone", ""), words.wrong_code)
        self._wake()
        return visit.lead_to(f"/f/{redeemed.link}", said=_said_of(redeemed))

    async def _steadily(self, work: Awaitable[Found]) -> Found:
        pause = asyncio.ensure_future(asyncio.sleep(self._steady_seconds))
        try:
            return await work
        finally:
            await pause

    def _send(self, asked: Asked) -> Sent:
        sent = self._door.send(asked, self._clock())
        if sent is Sent.SENT:
            self._wake()
        return sent

    def _visit(self, request: Request, token: str = "") -> Visit:
        return Visit(request, self._board(), self._clock(), token)

    def _form(
        self,
        visit: Visit,
        status: int = 200,
        fault: str = "",
        typed: Mapping[str, str] | None = None,
        calls: bool = False,
    ) -> Response:
        board, language, terms = visit.board, visit.language, self._door.terms
        chosen = (typed or {}).get("what", "")
        key = chosen.removeprefix(SESSION) if chosen.startswith(SESSION) else visit.asked("session")
        chosen = chosen or value_of(board, visit.asked("service"), visit.asked("ward"), visit.now)
        return self._page(
            "follow.html",
            visit,
            status,
            # The empty form is the same for everybody; what was typed is nobody else's.
            KEEP_SECONDS if status == 200 else 0,
            fault=fault,
            calls=calls,
            wards=choices(board, visit.now, language),
            alone=choice_of(board, key, visit.now, language),
            chosen=chosen,
            kept=_kept(session=key, service=visit.asked("service"), ward=visit.asked("ward")),
            nothing=NOTHING,
            phone=(typed or {}).get("phone", "")[:LONGEST_FIELD],
            is_closed=terms is None or not terms.answers_a_day,
            consent=self._consent(visit, terms.texts_a_month if terms else 0),
        )

    def _consent(self, visit: Visit, most: int) -> str:
        name = visit.board.service_name.in_language(visit.language)
        return follow_words_in(visit.language).consent.format(name=name, most=most)

    def _code(self, visit: Visit, status: int, flow: str, phone: str, fault: str = "") -> Response:
        return self._page(
            "follow_code.html", visit, status, flow=flow, phone=phone[:LONGEST_FIELD], fault=fault
        )

    def _own(self, visit: Visit, own: OwnWishes) -> Response:
        said = visit.asked("said")
        return self._page(
            "follow_own.html",
            visit,
            200,
            token=visit.secret,
            form=self._door.form_token(visit.secret),
            phone=mask(own.phone),
            notice=SAID[said].in_language(visit.language) if said in SAID else "",
            followed=[_line(one, visit) for one in own.followed],
        )

    def _refuse(self, visit: Visit, trouble: Exception) -> Response:
        return self._locked(visit, 429 if isinstance(trouble, TooMany) else 503)

    def _locked(self, visit: Visit, status: int) -> Response:
        words = follow_words_in(visit.language)
        sentence = {429: words.wait, 503: BUSY.in_language(visit.language)}.get(status, words.locked)
        return self._page("follow_locked.html", visit, status, sentence=sentence)

    def _page(self, template: str, visit: Visit, status: int, seconds: int = 0, **values: object) -> Response:
        board, language = visit.board, visit.language
        answer = self._pages.page(
            template,
            board,
            language,
            status=status,
            seconds=seconds,
            w=follow_words_in(language),
            lang=visit.asked("lang"),
            language_links=language_links(board, language),
            **values,
        )
        answer.headers.update(NO_ROBOTS | ({"Retry-After": "120"} if status in (429, 503) else {}))
        return answer


def _number(typed: str, countries: tuple[str, ...]) -> str | None:
    for country in countries:
        try:
            return parse_phone(typed[:LONGEST_FIELD], country)
        except BadNumber:
            continue
    return None


def _said_of(redeemed: Redeemed) -> str:
    if redeemed.wish is None:
        return "seen"
    return "following" if redeemed.is_new else "known"


def _line(one: Followed, visit: Visit) -> dict[str, object]:
    coming = [opening for opening in one.openings if opening.ends > visit.now]
    title = one.wish.service.name.in_language(visit.language)
    return {
        "id": one.id,
        "title": title if one.wish.session else f"{title}, {ward_title(one.wish.ward, visit.language)}",
        "next": when(coming[0].starts, visit.now, visit.board.zone, visit.language) if coming else "",
        "place": coming[0].place.name.in_language(visit.language) if coming else "",
    }


def _kept(**asked: str) -> str:
    """What a page in the other language has to be asked with."""
    return "".join(f"{urlencode({name: text})}&" for name, text in asked.items() if text)
