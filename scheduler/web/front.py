"""The residents' page: what is open now, tonight, and in the next seven days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Query
from starlette.requests import Request
from starlette.responses import Response

from scheduler.timetable.naming import services_named, wards_meant
from scheduler.timetable.opening import (
    AHEAD,
    Availability,
    Board,
    Day,
    Opening,
    Question,
    Unanswerable,
    at_a_glance,
    availability,
)
from scheduler.timetable.place import Service, Ward
from scheduler.web.asking import FrontAsked, instant_of, language_of
from scheduler.web.card import Card, card
from scheduler.web.rendering import KEEP_SECONDS, Pages
from scheduler.web.wording import (
    headline,
    rest_of_today_is_evening,
    short_date,
    short_weekday,
    split_name,
    true_at,
    ward_title,
    weekday,
)
from scheduler.web.words import words_in

# More links than this are slower to read than the list that the input offers.
_MOST_WARD_LINKS = 12


@dataclass(frozen=True, slots=True)
class WardCards:
    """The cards of one ward on one day."""

    ward: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class DayCards:
    """One day of the week ahead."""

    iso: str
    weekday: str
    short: str
    date: str
    estimated: bool
    wards: tuple[WardCards, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link: where it goes, what it says, and whether one is there already."""

    href: str
    text: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """One question, its answer, and the reader's language."""

    board: Board
    asked: FrontAsked
    answer: Availability
    refused: Unanswerable | None
    language: str

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the service."""
        return self.board.zone

    def values(self) -> dict[str, object]:
        """Everything the template of the front page prints."""
        glance = at_a_glance(self.board, self.answer)
        words = words_in(self.language)
        evening = rest_of_today_is_evening(glance.today, self.zone)
        return {
            "name": self.board.service_name.in_language(self.language),
            "headline": headline(self.answer, self.zone, self.language),
            "lit": any(one.receives_at(self.answer.now) for one in self.answer.open_now),
            "notice": self.notice(),
            "asked": self.asked,
            "open_now": self._cards(glance.open_now),
            "today": self._cards(glance.today),
            "today_title": words.tonight if evening else words.later_today,
            "days": [self._day(day) for day in glance.days],
            "services": self._told_services(),
            "ward_value": self._ward_value(),
            "service_value": self._service_value(),
            "ward_links": self._ward_links(),
            "ward_names": self._ward_names(),
            "language_links": self._language_links(),
            "true_at": true_at(self.answer.now, self.zone, self.language),
            "now_iso": self.answer.now.astimezone(self.zone).isoformat(timespec="seconds"),
            "home": self.link(ward="", service="", at=""),
            "now_link": self.link(at=""),
        }

    def notice(self) -> str | None:
        """What must be said of the question itself: nothing found, or a name with several meanings."""
        if self.refused is not None:
            return self.refused.message.in_language(self.language)
        return split_name(self.asked.ward, self._wards_meant(), self.language)

    def link(self, **changed: str) -> str:
        """The address of this page with some parameters changed; empty ones are left out."""
        at = self.asked.at.isoformat() if self.asked.at else ""
        kept = {"ward": self.asked.ward, "service": self.asked.service, "lang": self.asked.lang, "at": at}
        query = urlencode({name: text for name, text in (kept | changed).items() if text})
        return f"/?{query}" if query else "/"

    def _cards(self, openings: tuple[Opening, ...]) -> tuple[Card, ...]:
        return tuple(card(opening, self.answer.now, self.zone, self.language) for opening in openings)

    def _day(self, day: Day) -> DayCards:
        wards = tuple(
            WardCards(ward_title(held.ward, self.language), self._cards(held.openings)) for held in day.wards
        )
        return DayCards(
            iso=day.date.isoformat(),
            weekday=weekday(day.date, self.language),
            short=short_weekday(day.date, self.language),
            date=short_date(day.date, self.language),
            estimated=self.board.is_estimated(day.date),
            wards=wards,
        )

    def _told_services(self) -> tuple[Service, ...]:
        shown = {opening.service.id for opening in self.answer.sessions}
        return tuple(
            one for one in self.board.services if one.id in shown and (one.bring or one.fee or one.result)
        )

    def _ward_links(self) -> tuple[Link, ...]:
        wards = self.board.wards_between(*self._dates())
        if len(wards) > _MOST_WARD_LINKS:
            return ()
        meant = {ward.id for ward in self._wards_meant()}
        return tuple(
            Link(self.link(ward=ward.id), ward.name.in_language(self.language), meant == {ward.id})
            for ward in wards
        )

    def _dates(self) -> tuple[date, date]:
        """The dates that the page shows."""
        today = self.answer.now.astimezone(self.zone).date()
        return today, today + AHEAD

    def _wards_meant(self) -> tuple[Ward, ...]:
        return wards_meant(self.board.wards, self.asked.ward, *self._dates())

    def _ward_value(self) -> str:
        meant = self._wards_meant()
        return meant[0].name.in_language(self.language) if len(meant) == 1 else self.asked.ward

    def _service_value(self) -> str:
        meant = services_named(self.board.services, self.asked.service)
        return meant[0].id if len(meant) == 1 else ""

    def _ward_names(self) -> tuple[str, ...]:
        names = ((ward.name.in_language(self.language), *ward.formerly) for ward in self.board.wards)
        return tuple(sorted({name for group in names for name in group}))

    def _language_links(self) -> tuple[tuple[str, Link], ...]:
        return tuple(
            (code, Link(self.link(lang=code), words_in(code).this_language))
            for code in self.board.languages
            if code != self.language
        )


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
        view = _view(board, asked, self.clock(), language_of(request, board.languages))
        status = 404 if view.refused else 200
        return self.pages.page(
            "front.html", board, view.language, status=status, seconds=KEEP_SECONDS, **view.values()
        )


def _view(board: Board, asked: FrontAsked, now: datetime, language: str) -> View:
    instant = instant_of(asked.at, now, board.zone)
    answer = availability(board, Question(asked.ward, asked.service), instant)
    if isinstance(answer, Availability):
        return View(board, asked, answer, None, language)
    everything = availability(board, Question(), instant)
    assert isinstance(everything, Availability)
    return View(board, asked, everything, answer, language)
