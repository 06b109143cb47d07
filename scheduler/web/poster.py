"""The notice of a place: a month of its sessions on one sheet of A4, big enough to read from two metres."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from scheduler.timetable.opening import Opening, State
from scheduler.timetable.place import Place
from scheduler.web.card import Card
from scheduler.web.place_page import MONTH, month_of
from scheduler.web.qr import qr_of
from scheduler.web.view import View
from scheduler.web.wording import short_date, ward_title, weekday, whole_date
from scheduler.web.words import KINDS, words_in

# The height of the sheet that is left for sessions, and its width, in points.
_HEIGHT, _WIDTH = 510, 515
SIZES = (22, 20, 18, 16, 14, 12, 10, 8, 7)
"""The sizes of letters in points, the largest that fits is taken; poster.css has a class for each."""

# The width of a letter, in its size, for long texts in system fonts.
_LETTER = 0.56


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of one weekday."""

    weekday: str
    dates: str


@dataclass(frozen=True, slots=True)
class Block:
    """Sessions of one service at one time of day; `notes` tell which are off, or were moved, and why."""

    service: str
    time: str
    dates: tuple[Dates, ...]
    told: str
    notes: tuple[str, ...]

    def height(self, size: int) -> float:
        """About how high it is, in points, when its letters have this size: style and wrapping counted."""
        lines = 1.5 * _lines(self.service, 1.5 * size) + 1.9 + 1.45 * len(self.dates)
        lines += sum(1.3 * _lines(text, size) for text in (self.told, *self.notes) if text)
        return (lines + 1.1) * size


def poster_values(view: View, place: Place) -> dict[str, object]:
    """Everything the template of the notice prints."""
    board, language = view.board, view.language
    words, until = words_in(language), view.today + MONTH
    until = min(until, board.planned_until) if board.planned_until else until
    held = [one for one in month_of(view, place).sessions if one.ends > view.now]
    size, blocks, more = fitted(_blocks(view, held))
    address = view.public(f"/places/{place.id}")
    return view.frame() | {
        "place_name": place.name.in_language(language),
        "address": place.address,
        "ward_name": next(ward_title(ward, language) for ward in board.wards if ward.id == place.ward),
        "kind": KINDS[place.kind].in_language(language) if place.kind in KINDS else "",
        "size": size,
        "blocks": blocks,
        "more": words.and_more.format(more) if more else "",
        "valid": words.true_from.format(whole_date(view.today, language), whole_date(until, language)),
        "qr": qr_of(address),
        "page_address": address,
        "back": f"/places/{place.id}{view.kept_elsewhere}",
    }


def fitted(blocks: Sequence[Block]) -> tuple[int, Sequence[Block], int]:
    """The largest size in which the blocks fit, those that fit in the smallest, and how many are left out."""
    for size in SIZES:
        if sum(block.height(size) for block in blocks) <= _HEIGHT:
            return size, blocks, 0
    room, shown = float(_HEIGHT), 0
    for block in blocks:
        room -= block.height(SIZES[-1])
        if room < 0:
            break
        shown += 1
    return SIZES[-1], blocks[:shown], len(blocks) - shown


def _blocks(view: View, openings: Iterable[Opening]) -> list[Block]:
    found: dict[tuple[str, str], list[tuple[Opening, Card]]] = {}
    for opening in openings:
        (card,) = view.cards([opening])
        found.setdefault((opening.service.id, f"{card.starts}–{card.ends}"), []).append((opening, card))
    return [_block(view, time, held) for (_, time), held in found.items()]


def _block(view: View, time: str, held: Sequence[tuple[Opening, Card]]) -> Block:
    words, card = words_in(view.language), held[0][1]
    days = [_day(view, opening) for opening, _ in held if opening.state is not State.CANCELLED]
    told = (
        (words.last_entry, card.last_entry),
        (words.bring, card.bring),
        (words.fee, card.fee),
    )
    return Block(
        service=card.service,
        time=time,
        dates=tuple(_by_weekday(days, view.language)),
        told=" · ".join(f"{name}: {text}" for name, text in told if text),
        notes=tuple(_note(view, opening, card) for opening, card in held if card.notes or _is_off(opening)),
    )


def _by_weekday(days: Sequence[date], language: str) -> Iterable[Dates]:
    for number in dict.fromkeys(sorted(day.weekday() for day in days)):
        same = [day for day in days if day.weekday() == number]
        yield Dates(weekday(same[0], language), " · ".join(short_date(day, language) for day in same))


def _note(view: View, opening: Opening, card: Card) -> str:
    day = _day(view, opening)
    what = [card.badge] if _is_off(opening) else []
    said = "; ".join([*what, *card.notes])
    return f"{weekday(day, view.language)} {short_date(day, view.language)}: {said}"


def _is_off(opening: Opening) -> bool:
    return opening.state is State.CANCELLED


def _day(view: View, opening: Opening) -> date:
    return opening.starts.astimezone(view.zone).date()


def _lines(text: str, size: float) -> int:
    return ceil(len(text) * size * _LETTER / _WIDTH)
