"""``/?view=wall``: today and tomorrow, big enough to read across the hall of a ward."""

from datetime import timedelta

from scheduler.timetable.opening import Availability, Opening
from scheduler.web.card import Card
from scheduler.web.qr import qr_of
from scheduler.web.view import View
from scheduler.web.wording import headline, ward_title, weekday
from scheduler.web.words import words_in

REFRESH_SECONDS = 60
"""How often the screen asks again: as often as the page can change by itself."""

# The screen has no hand that scrolls it.
_MOST_ROWS = 8


def wall_values(view: View, answer: Availability) -> dict[str, object]:
    """Everything the template of the wall prints."""
    words, tomorrow = words_in(view.language), view.today + timedelta(days=1)
    wards = {one.ward.id: one.ward for one in answer.sessions}
    columns = [
        _column(view, words.today, [one for one in _on(view, answer, 0) if view.now < one.ends]),
        _column(view, f"{words.tomorrow}, {weekday(tomorrow, view.language)}", _on(view, answer, 1)),
    ]
    asked = {name: view.kept.get(name, "") for name in ("ward", "service")}
    return view.frame() | {
        "headline": headline(answer, view.zone, view.language),
        "lit": any(one.receives_at(answer.now) for one in answer.open_now),
        "columns": columns,
        "several_wards": len(wards) > 1,
        "ward_name": ward_title(next(iter(wards.values())), view.language) if len(wards) == 1 else "",
        "most": max(len(cards) for _, cards, _ in columns),
        "clock": f"{view.now.astimezone(view.zone):%H:%M}",
        "qr": qr_of(view.public("/", **asked)),
        "page": view.link(view=""),
    }


def _on(view: View, answer: Availability, ahead: int) -> list[Opening]:
    day = view.today + timedelta(days=ahead)
    held = {one.key: one for one in (*answer.open_now, *answer.sessions)}.values()
    return [
        one
        for one in held
        if one.starts.astimezone(view.zone).date() == day or (ahead == 0 and one.under_way_at(view.now))
    ]


def _column(view: View, title: str, openings: list[Opening]) -> tuple[str, tuple[Card, ...], int]:
    shown = openings if len(openings) <= _MOST_ROWS else openings[: _MOST_ROWS - 1]
    return title, view.cards(shown), len(openings) - len(shown)
