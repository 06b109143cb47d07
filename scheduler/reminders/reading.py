"""Reads what somebody texted: all of it is one of a few words, perhaps with a number, or it is unclear.

Nothing is guessed. Where a text has accents they must be the right ones: "vang" is a yes to a ward that is
written to without accents, but "vắng" says that somebody will be away.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from notifications.text import fold

# Longer ones are telephone numbers and dates; and "0k" is no "no" to item 0.
_ITEM = re.compile("[1-9][0-9]{0,3}")


class Word(StrEnum):
    """What a text says."""

    YES = "yes"
    NO = "no"
    GIVE_UP = "give_up"
    STOP = "stop"
    START = "start"
    HELP = "help"
    SCHEDULE = "schedule"
    FOLLOW = "follow"
    FULL = "full"
    OPEN = "open"
    LATE = "late"
    LEFT = "left"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood: the word, the item that it names, and what stands behind LICH and DK.

    `left` are the places that CON says are left.
    """

    word: Word
    item: int | None = None
    about: str = ""
    left: int | None = None


# Each word as it is written with accents; without them it is understood too.
_SPELLINGS: Mapping[Word, tuple[str, ...]] = MappingProxyType(
    {
        Word.YES: ("có", "ok", "dạ", "vâng", "được", "đươc", "đựơc", "dc", "đc"),
        Word.NO: ("không", "khôg", "ko", "k", "hông", "hổng", "hong"),
        Word.GIVE_UP: ("hủy", "huỷ"),
        Word.STOP: ("stop", "ngừng", "ngưng", "tc", "từ chối"),
        Word.START: ("start", "unstop"),
        Word.HELP: ("help", "giúp", "hd"),
        Word.FULL: ("đầy",),
        Word.OPEN: ("mở",),
        Word.LATE: ("trễ",),
        Word.LEFT: ("còn",),
    }
)
# What the desk says of a session that it holds.
LIVE = (Word.FULL, Word.OPEN, Word.LATE, Word.LEFT)
_NUMBERED = (Word.YES, Word.NO, Word.GIVE_UP, Word.FULL, Word.OPEN, Word.LATE)
_PLACES = re.compile("[0-9]{1,4}")
_LEADING: Mapping[str, Word] = MappingProxyType({"lich": Word.SCHEDULE, "dk": Word.FOLLOW})
# Politeness that may stand behind a word.
_PARTICLES = ("a", "ạ", "nha", "nhé", "nhe", "em", "anh", "chị", "chi")
# What people put around a word without meaning anything by it. A question mark means much.
_AROUND = " \t\r\n.,!;:\"'“”‘’…-()"

_PACKED = re.compile(r"([^\W\d_]+)(\d+)|(\d+)([^\W\d_]+)")


def read(text: str) -> Reading:
    """What `text` says; UNCLEAR for all that is not certain."""
    words = _words(text)
    leading = _LEADING.get(fold(words[0])) if len(words) > 1 else None
    if leading:
        return Reading(leading, about=" ".join(words[1:]))
    while len(words) > 1 and words[-1] in _PARTICLES:
        words = words[:-1]
    numbers = [word for word in words if word.isdecimal() and word.isascii()]
    others = " ".join(word for word in words if not word.isdecimal())
    said = _MEANINGS.get(others, Word.UNCLEAR)
    if said is Word.LEFT:
        return _places_left(numbers)
    if not numbers:
        return Reading(said)
    if len(numbers) > 1 or said not in _NUMBERED or not _ITEM.fullmatch(numbers[0]):
        return Reading(Word.UNCLEAR)
    return Reading(said, int(numbers[0]))


def _places_left(numbers: list[str]) -> Reading:
    """CON 5, and CON 5 12 of item 12: the places come first."""
    places, item = (*numbers, "", "")[:2]
    is_clear = _PLACES.fullmatch(places) and (not item or _ITEM.fullmatch(item)) and len(numbers) < 3
    if not is_clear:
        return Reading(Word.UNCLEAR)
    return Reading(Word.LEFT, int(item) if item else None, left=int(places))


def _words(text: str) -> list[str]:
    """Composed, in small letters, without what stands around them; "CO12" is two."""
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text)).casefold()
    composed = unicodedata.normalize("NFC", composed)
    visible = "".join(sign for sign in composed if unicodedata.category(sign) != "Cf")
    return [part for word in visible.split() for part in _parts(word.strip(_AROUND))] or [""]


def _parts(word: str) -> Iterator[str]:
    packed = _PACKED.fullmatch(word)
    if packed:
        yield from (part for part in packed.groups() if part)
    elif word:
        yield word


def _meanings() -> Iterator[tuple[str, Word]]:
    for word, spellings in _SPELLINGS.items():
        for spelling in spellings:
            yield spelling, word
            yield fold(spelling), word


_MEANINGS: Mapping[str, Word] = MappingProxyType(dict(_meanings()))
