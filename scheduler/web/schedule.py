"""The front page's values: an answer as the template prints it, folded as far as it must be."""

from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.timetable.naming import services_named
from scheduler.timetable.opening import AHEAD, Availability, Day, Glance, Unanswerable
from scheduler.timetable.place import Service, Ward
from scheduler.web.asking import FrontAsked
from scheduler.web.fold import Fold, by_ward
from scheduler.web.view import DayCards, Link, View, address
from scheduler.web.wording import (
    count_of_sessions,
    headline,
    in_short,
    rest_of_today_is_evening,
    split_name,
)
from scheduler.web.words import words_in

# More than these are slower to read than to type.
_MOST_WARD_LINKS = 12
_MOST_OFFERED = 60


@dataclass(frozen=True, slots=True)
class WardLine:
    """One ward in one line: a link to all of it, and what is most useful to know."""

    link: Link
    says: str


@dataclass(frozen=True, slots=True)
class FoldedDay:
    """One day, with a line for each ward."""

    iso: str
    weekday: str
    date: str
    lines: tuple[WardLine, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """One question, its answer, and what was meant by the names in it."""

    view: View
    asked: FrontAsked
    answer: Availability
    refused: Unanswerable | None
    wards_meant: tuple[Ward, ...]

    def values(self, glance: Glance, fold: Fold) -> dict[str, object]:
        """Everything the template of the front page prints."""
        view, words = self.view, words_in(self.view.language)
        evening = rest_of_today_is_evening(glance.today, view.zone)
        in_rows, in_cards = fold <= Fold.ROWS, fold is Fold.CARDS
        return view.frame() | {
            "headline": headline(self.answer, view.zone, view.language),
            "lit": any(one.receives_at(self.answer.now) for one in self.answer.open_now),
            "notice": self.notice(),
            "in_cards": in_cards,
            "open_now": view.cards(glance.open_now) if in_rows else (),
            "today": view.cards(glance.today) if in_rows else (),
            "nothing_today": not glance.open_now and not glance.today,
            "today_title": words.tonight if evening else words.later_today,
            "days": [view.day(day) for day in glance.days] if in_rows else (),
            "folded_days": self._folded_days(glance) if fold is Fold.WARD_DAYS else (),
            "ward_lines": self._ward_lines(glance) if fold in (Fold.WARD_DAYS, Fold.WARDS) else (),
            "is_too_much": fold is Fold.NOTHING,
            "services": self._told_services() if fold < Fold.WARDS else (),
            "places": self._places(),
            **self._form(),
        }

    def notice(self) -> str | None:
        """What must be said of the question itself: nothing found, or a name with several meanings."""
        if self.refused is not None:
            return self.refused.message.in_language(self.view.language)
        return split_name(self.asked.ward, self.wards_meant, self.view.language)

    def _form(self) -> dict[str, object]:
        view, asked = self.view, self.asked
        names = sorted({name for ward in view.board.wards for name in self._names_of(ward)})
        meant = self.wards_meant
        service = services_named(view.board.services, asked.service)
        return {
            "asked": asked,
            "ward_value": meant[0].name.in_language(view.language) if len(meant) == 1 else asked.ward,
            "ward_links": self._ward_links(),
            "ward_names": names if len(names) <= _MOST_OFFERED else (),
            "service_value": service[0].id if len(service) == 1 else "",
            "offered_services": view.board.services if len(view.board.services) <= _MOST_OFFERED else (),
            "all_link": view.link(ward="", service="", at=""),
            "calendar": address("/calendar.ics", ward=asked.ward, service=asked.service, lang=view.language),
            "wall": view.link(view="wall"),
            "follow": view.follow(
                ward=meant[0].id if len(meant) == 1 else "",
                service=service[0].id if len(service) == 1 else "",
            ),
        }

    def _names_of(self, ward: Ward) -> Iterable[str]:
        return (ward.name.in_language(self.view.language), *ward.formerly)

    def _folded_days(self, glance: Glance) -> list[FoldedDay]:
        return [self._folded(self.view.day(Day(day.date, ())), day) for day in glance.days]

    def _folded(self, told: DayCards, day: Day) -> FoldedDay:
        language, part = self.view.language, f"#d{told.iso}"
        lines = (
            self._line(held.ward, count_of_sessions(len(held.openings), language), part) for held in day.wards
        )
        return FoldedDay(told.iso, told.weekday, told.date, tuple(lines))

    def _ward_lines(self, glance: Glance) -> list[WardLine]:
        view = self.view
        return [
            self._line(held.ward, in_short(held.openings, view.now, view.zone, view.language))
            for held in by_ward(glance)
        ]

    def _line(self, ward: Ward, says: str, part: str = "") -> WardLine:
        return WardLine(
            Link(self.view.link(ward=ward.id) + part, ward.name.in_language(self.view.language)), says
        )

    def _told_services(self) -> tuple[Service, ...]:
        shown = {opening.service.id for opening in self.answer.sessions}
        told = (one for one in self.view.board.services if one.bring or one.fee or one.result)
        return tuple(one for one in told if one.id in shown)

    def _places(self) -> tuple[Link, ...]:
        meant, view = {ward.id for ward in self.wards_meant}, self.view
        return tuple(
            Link(f"/places/{place.id}{view.kept_elsewhere}", place.name.in_language(view.language))
            for place in view.board.places
            if place.ward in meant
        )

    def _ward_links(self) -> tuple[Link, ...]:
        view = self.view
        wards = view.board.wards_between(view.today, view.today + AHEAD)
        if len(wards) > _MOST_WARD_LINKS:
            return ()
        meant = {ward.id for ward in self.wards_meant}
        return tuple(
            Link(view.link(ward=ward.id), ward.name.in_language(view.language), meant == {ward.id})
            for ward in wards
        )
