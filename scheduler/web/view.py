"""What every page of residents has: its reader's language, its instant, and links to itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from scheduler.timetable.closure import closures_between
from scheduler.timetable.opening import Board, Day, Opening
from scheduler.timetable.place import Place
from scheduler.web.asking import PageAsked, instant_of
from scheduler.web.card import Card, card
from scheduler.web.wording import (
    dates_in_words,
    short_date,
    short_weekday,
    true_at,
    ward_title,
    weekday,
)
from scheduler.web.words import words_in

# From October on people plan the next year.
_LATE_IN_THE_YEAR = 10
_MAP = "https://www.google.com/maps/dir/?"


@dataclass(frozen=True, slots=True)
class Link:
    """A link: where it goes, what it says, and whether one is there already."""

    href: str
    text: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class WardCards:
    """The cards of one ward on one day."""

    ward: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class DayCards:
    """One day, with the cards of its wards."""

    iso: str
    weekday: str
    short: str
    date: str
    estimated: bool
    wards: tuple[WardCards, ...]


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Holidays in a row, as a list prints them."""

    dates: str
    name: str
    estimated: bool


@dataclass(frozen=True, slots=True)
class View:
    """A page at `path` as of `now`, in one language; `kept` are the parameters that its links keep."""

    board: Board
    language: str
    now: datetime
    path: str
    kept: Mapping[str, str]

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the service."""
        return self.board.zone

    @property
    def today(self) -> date:
        """The local date."""
        return self.now.astimezone(self.zone).date()

    @property
    def kept_elsewhere(self) -> str:
        """The end of an address that keeps the chosen language and time on another page."""
        return address("", **{name: self.kept.get(name, "") for name in ("lang", "at")})

    def frame(self) -> dict[str, object]:
        """What the head and the foot of every page print."""
        return {
            "name": self.board.service_name.in_language(self.language),
            "home": address("/", lang=self.kept.get("lang", "")),
            "language_links": self._language_links(),
            "true_at": true_at(self.now, self.zone, self.language),
            "now_iso": self.now.astimezone(self.zone).isoformat(timespec="seconds"),
            "asked_at": self.kept.get("at", ""),
            "now_link": self.link(at=""),
        }

    def link(self, **changed: str) -> str:
        """The address of this page with some parameters changed; empty ones are left out."""
        return address(self.path, **{**self.kept, **changed})

    def follow(self, **what: str) -> str:
        """Where somebody follows this, in the language that was chosen."""
        return address("/follow", **what, lang=self.kept.get("lang", ""))

    def public(self, path: str, **parameters: str) -> str:
        """The whole address of a page in this language, as a phone reaches it."""
        lang = self.language if self.language != self.board.languages[0] else ""
        return self.board.public_url.rstrip("/") + address(path, **parameters, lang=lang)

    def cards(self, openings: Iterable[Opening]) -> tuple[Card, ...]:
        """The cards of these openings."""
        return tuple(card(one, self.now, self.zone, self.language, self.kept_elsewhere) for one in openings)

    def day(self, day: Day) -> DayCards:
        """A day with all its cards, by ward."""
        return DayCards(
            iso=day.date.isoformat(),
            weekday=weekday(day.date, self.language),
            short=short_weekday(day.date, self.language),
            date=short_date(day.date, self.language),
            estimated=self.board.is_estimated(day.date),
            wards=tuple(
                WardCards(ward_title(held.ward, self.language), self.cards(held.openings))
                for held in day.wards
            ),
        )

    def closures(self) -> tuple[ClosedDays, ...]:
        """The holidays that are left of this year, and late in the year those of the next."""
        last = date(self.today.year + (self.today.month >= _LATE_IN_THE_YEAR), 12, 31)
        return tuple(
            ClosedDays(
                dates_in_words(one.first, one.last, self.language),
                one.name.in_language(self.language),
                one.is_public and self.board.is_estimated(one.first),
            )
            for one in closures_between(self.board.holidays, self.today, last)
        )

    def _language_links(self) -> tuple[tuple[str, Link], ...]:
        return tuple(
            (code, Link(self.link(lang=code), words_in(code).this_language))
            for code in self.board.languages
            if code != self.language
        )


def view_of(board: Board, language: str, path: str, asked: PageAsked, now: datetime) -> View:
    """The view of a page that is asked for with a language and an instant, or with neither."""
    kept = {"lang": asked.lang, "at": asked.at.isoformat() if asked.at else ""}
    return View(board, language, instant_of(asked.at, now, board.zone), path, kept)


def address(path: str, **parameters: str) -> str:
    """An address on this site with those parameters that say something."""
    query = urlencode({name: text for name, text in parameters.items() if text})
    return f"{path}?{query}" if query else path


def directions(place: Place) -> str:
    """The address that shows the way to a place on a map, on whatever telephone."""
    where = f"{place.map[0]},{place.map[1]}" if place.map else f"{place.name.vi}, {place.address}"
    return _MAP + urlencode({"api": "1", "destination": where})
