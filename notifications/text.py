"""What a text costs, and how it must be written to cost no more.

A text goes out as GSM-7 or, as soon as one of its characters is not in that alphabet, as UCS-2, which holds
less than half as much. Segments are counted as the provider counts them: by what a reader sees as one
character, which is never cut in two.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal

from notifications.graphemes import LATIN, graphemes
from notifications.terms import Accents

Encoding = Literal["GSM-7", "UCS-2"]

_GSM_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_GSM_SIGNS = " !\"#$%&'()*+,-./:;<=>?@_£¥§¤¡¿\n\r"
_GSM_FOREIGN = "ÄÖÑÜäöñüàèéùìòÇØøÅåÆæßÉΔΦΓΛΩΠΨΣΘΞ"
_GSM_BASIC = frozenset(_GSM_LETTERS + _GSM_SIGNS + _GSM_FOREIGN)
_GSM_ESCAPED = frozenset("{}[]~^\\|€\f")

_SEGMENT_BITS = 140 * 8
_HEADER_BITS = 6 * 8
_UNIT_BITS: dict[Encoding, int] = {"GSM-7": 7, "UCS-2": 16}

# The same texts are weighed each time an outbox is reconciled.
_REMEMBERED = 8192

_GSM_ONLY = re.compile(f"[{re.escape(''.join(sorted(_GSM_BASIC)))}]*")
# What nearly every text is made of: signs that stand as they are, and have one letter each without accents.
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_ACCENTED = "".join(
    unicodedata.normalize("NFC", vowel + tone) for vowel, tone in product("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY", _TONES)
)
_SIGNS_OF_ASCII = "".join(map(chr, range(ord(" "), ord("~") + 1))).replace("`", "")
_USUAL = re.compile(f"[\n\r{re.escape(_SIGNS_OF_ASCII)}đĐ{_ACCENTED}]*")

_HALF = re.compile("[\ud800-\udfff]")

# Signs that look like ASCII and are not in GSM-7: pasted from Word and Zalo, each one doubles the price.
_LOOKALIKES = (
    ("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2022\u00b7\u2219\u25aa\u25cf", "-"),
    ("`\u00b4\u2018\u2019\u201a\u201b\u2032\u02b9\u02bb\u02bc\u2039\u203a", "'"),
    ("\u00ab\u00bb\u201c\u201d\u201e\u201f\u2033", '"'),
    ("\u2026", "..."),
    ("\u2192", "->"),
    ("\u00d7", "x"),
    ("\u20ab", "d"),
    ("\u00b9", "1"),
    ("\u00b2", "2"),
    ("\u00b3", "3"),
)
_PLAIN = {sign: plain for signs, plain in _LOOKALIKES for sign in signs}
_FULL_WIDTH_TO_ASCII = 0xFEE0


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text costs: its encoding, the segments that are paid for, the characters that count."""

    encoding: Encoding
    segments: int
    characters: int


def encoding_of(text: str) -> Encoding:
    """GSM-7 where its alphabet holds every character of `text`, else UCS-2."""
    return "GSM-7" if odd_sign(text) is None else "UCS-2"


@lru_cache(maxsize=_REMEMBERED)
def measure(text: str) -> Measure:
    """What `text` costs as it stands, in the provider's own count; an empty text is one segment.

    In GSM-7 a character of the extension table (the euro sign, brackets, braces, …) counts twice; in UCS-2
    what a reader sees as one sign counts once, however many units it takes.
    """
    if _GSM_ONLY.fullmatch(text):
        return _even(len(text), "GSM-7")
    encoding = encoding_of(text)
    if encoding == "UCS-2" and LATIN.fullmatch(text):
        return _even(len(text), "UCS-2")
    sizes = _sizes(text, encoding)
    characters = sum(sizes) if encoding == "GSM-7" else len(sizes)
    return Measure(encoding, _segments([size * _UNIT_BITS[encoding] for size in sizes]), characters)


def room(text: str, segments: int) -> int:
    """How many more letters of the same alphabet fit into so many segments; below zero, how many are over."""
    if measure(text).segments <= segments:
        more = range(1, segments * _SEGMENT_BITS // _UNIT_BITS["GSM-7"] + 1)
        return bisect_right(more, segments, key=lambda count: measure(text + "a" * count).segments)
    encoding = encoding_of(text)
    bits = _SEGMENT_BITS if segments == 1 else segments * (_SEGMENT_BITS - _HEADER_BITS)
    return min(bits // _UNIT_BITS[encoding] - sum(_sizes(text, encoding)), -1)


def odd_sign(text: str) -> str | None:
    """The first sign of a text that is in no GSM-7, and makes all of it cost more than twice as much."""
    return next((mark for mark in text if mark not in _GSM_BASIC and mark not in _GSM_ESCAPED), None)


def strip_accents(text: str) -> str:
    """`text` without accents and typographic signs; each Vietnamese letter becomes one ASCII letter."""
    if _USUAL.fullmatch(text):
        return _bare(text)
    decomposed = unicodedata.normalize("NFD", _tidy(text))
    # The next mark, a stroke through the whole sign, is no accent: without it "≠" would say the opposite.
    bare = "".join(mark for mark in decomposed if not "\u0300" <= mark <= "\u0337")
    return unicodedata.normalize("NFC", bare.replace("đ", "d").replace("Đ", "D"))


def _bare(usual: str) -> str:
    # Decomposed to letters and their marks; twelve times as quick as translating sign by sign.
    decomposed = unicodedata.normalize("NFD", usual.replace("đ", "d").replace("Đ", "D"))
    return decomposed.encode("ascii", "ignore").decode("ascii")


def fold(text: str) -> str:
    """The key under which two spellings are one: no accents, no case, no invisible signs, single spaces."""
    # Stripped again, for casefolding takes some letters apart.
    return " ".join(strip_accents(strip_accents(text).casefold()).split())


@lru_cache(maxsize=_REMEMBERED)
def dress(text: str, accents: Accents) -> str:
    """What is really sent for `text`: composed (NFC), look-alikes folded, accents as `accents` says."""
    is_usual = _USUAL.fullmatch(text) is not None
    kept = text if is_usual else _tidy(text)
    if accents is Accents.KEEP:
        return kept
    bare = _bare(text) if is_usual else strip_accents(kept)
    if accents is Accents.STRIP or measure(bare).segments < measure(kept).segments:
        return bare
    return kept


def _paired(text: str) -> str:
    """`text` with two halves of a pair that stand together as the one character that they are in UTF-16."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _units(sign: str, encoding: Encoding) -> int:
    """Septets in GSM-7, 16-bit units in UCS-2; a lone surrogate, which encodes to nothing, is one."""
    if encoding == "GSM-7":
        return 2 if sign in _GSM_ESCAPED else 1
    return len(sign.encode("utf-16-le", "surrogatepass")) // 2


def _sizes(text: str, encoding: Encoding) -> list[int]:
    return [_units(sign, encoding) for sign in graphemes(_paired(text))]


def _segments(bits: list[int]) -> int:
    """How many segments signs of these sizes fill; with a second one each loses room to a header.

    What has no room beside the header of the first moves to the second, unasked whether it fits there.
    """
    segments, free, full, moving = 1, _SEGMENT_BITS, 0, 0
    for size in bits:
        if size > free:
            free = _SEGMENT_BITS - _HEADER_BITS - (moving if segments == 1 else 0)
            segments += 1
        free -= size
        full += size
        if full > _SEGMENT_BITS - _HEADER_BITS:
            moving += size
    return segments


@lru_cache(maxsize=1024)
def _even(count: int, encoding: Encoding) -> Measure:
    """The measure of so many signs that all take one unit, as they do in nearly every text."""
    bits = _UNIT_BITS[encoding]
    alone, each = _SEGMENT_BITS // bits, (_SEGMENT_BITS - _HEADER_BITS) // bits
    return Measure(encoding, 1 if count <= alone else -(-count // each), count)


def _tidy(text: str) -> str:
    """`text` composed, with look-alikes folded and without what cannot be seen."""
    if _USUAL.fullmatch(text):
        return text
    composed = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", "".join(map(_tidy_character, composed)))


def _tidy_character(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    if "\uff01" <= character <= "\uff5e":
        return _tidy_character(chr(ord(character) - _FULL_WIDTH_TO_ASCII))
    if character in "\n\r":
        return character
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character
