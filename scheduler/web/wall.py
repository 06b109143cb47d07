"""``/?view=wall``: today and tomorrow, big enough to read across the hall of a ward."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from math import ceil

from scheduler.timetable.opening import Availability, Opening
from scheduler.web.card import Card
from scheduler.web.qr import qr_of
from scheduler.web.view import View
from scheduler.web.wording import headline, ward_title, weekday
from scheduler.web.words import words_in

REFRESH_SECONDS = 60
"""How often the screen asks again: as often as the page can change by itself."""

# The screen has no hand that scrolls it. Lengths are in the style's letters of the hall, of which a screen is
# so high, and a column at least so wide; a letter of the system's fonts takes about so much of its size.
_HEIGHT, _WIDTH, _COLUMN, _LETTER = 47.5, 80.0, 38.5, 0.54
_HEADLINE, _HEADLINE_LETTER, _MORE, _REHEARSAL = 2.2, 0.58, 1.7, 3.0
# Beside what is told: the times, and what is said in smaller letters.
_TIMES, _SMALLER = 7.0, 0.75
_LINE = 1.35
_MOST_ROWS = 8


@dataclass(frozen=True, slots=True)
class _Size:
    """How large rows are printed; `style` is the class of the page, `frame` what all else takes."""

    style: str
    letters: float
    padding: float
    frame: float

    def height(self, line: "_Line") -> float:
        """About how high the row of a session is, wrapped as it has to be."""
        width = _COLUMN / self.letters - _TIMES
        small = sum(_lines(text, _SMALLER, width) for text in line.small)
        return self.letters * (_LINE * (_lines(line.what, 1, width) + _SMALLER * small) + 2 * self.padding)

    def fits(self, lines: Sequence["_Line"], room: float) -> int:
        """How many rows fit, all of them or with a line below that says how many more there are."""
        heights = [self.height(line) for line in lines]
        if len(lines) <= _MOST_ROWS and sum(heights) <= room - self.frame:
            return len(lines)
        return sum(high <= room - self.frame - _MORE for high in accumulate(heights[: _MOST_ROWS - 1]))


@dataclass(frozen=True, slots=True)
class _Line:
    """What the row of a session says, in large letters and in small ones."""

    what: str
    small: tuple[str, ...]


_SIZES = (
    _Size("sparse", 1.875, 0.5, 20.6),
    _Size("", 1.5, 0.5, 20.6),
    _Size("close", 1.3, 0.35, 20.9),
    _Size("dense", 1.125, 0.25, 16.9),
)


def wall_values(view: View, answer: Availability) -> dict[str, object]:
    """Everything the template of the wall prints, as large as it can be."""
    words, tomorrow = words_in(view.language), view.today + timedelta(days=1)
    wards = {one.ward.id: one.ward for one in answer.sessions}
    said = headline(answer, view.zone, view.language)
    days = {
        words.today: view.cards(one for one in _on(view, answer, 0) if view.now < one.ends),
        f"{words.tomorrow}, {weekday(tomorrow, view.language)}": view.cards(_on(view, answer, 1)),
    }
    told = [[_told(card, len(wards) > 1, view.language) for card in cards] for cards in days.values()]
    size, shown = _fitted(told, _room_below(said, view.board.rehearsal is not None))
    asked = {name: view.kept.get(name, "") for name in ("ward", "service")}
    return view.frame() | {
        "headline": said,
        "lit": any(one.receives_at(answer.now) for one in answer.open_now),
        "columns": [
            (title, cards[:rows], len(cards) - rows)
            for (title, cards), rows in zip(days.items(), shown, strict=True)
        ],
        "several_wards": len(wards) > 1,
        "ward_name": ward_title(next(iter(wards.values())), view.language) if len(wards) == 1 else "",
        "size": size.style,
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


def _told(card: Card, names_ward: bool, language: str) -> _Line:
    where = f"{card.place}, {card.ward}" if names_ward else card.place
    entry = f" · {words_in(language).last_entry} {card.last_entry}" if card.last_entry else ""
    has_badge = card.state != "scheduled" or card.is_confirmed
    return _Line(f"{card.service} {card.badge}" if has_badge else card.service, (where + entry, *card.notes))


def _fitted(days: Sequence[Sequence[_Line]], room: float) -> tuple[_Size, list[int]]:
    """The largest letters in which both days fit, else the smallest; and how many rows of each fit then."""
    for size in _SIZES:
        shown = [size.fits(lines, room) for lines in days]
        if shown == [len(lines) for lines in days]:
            break
    return size, shown


def _room_below(said: str, is_rehearsal: bool) -> float:
    lines = _lines(said, _HEADLINE * _HEADLINE_LETTER / _LETTER, _WIDTH)
    return _HEIGHT - _HEADLINE * 1.25 * lines - (_REHEARSAL if is_rehearsal else 0)


def _lines(text: str, size: float, width: float) -> int:
    return ceil(len(text) * size * _LETTER / width)
