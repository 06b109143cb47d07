"""Vietnamese as it was written before Unicode: in Windows' own code page, and in the ABC fonts (TCVN3).

A font of the ABC family shows Vietnamese where the file has Western letters and marks: "Nguyễn" is kept as
"NguyÔn". Nothing in a file says so; but what is read the wrong way is no Vietnamese.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

# TCVN 5712:1993, VN3: the code of each letter in the ABC fonts. Accented capitals have no codes of their own:
# they are the small letters in a font of capitals.
_CODES = bytes.fromhex(
    "a1a2a3a4a5a6a7 a8a9aaabacadae b5b6b7b8b9 bbbcbdbec6 c7c8c9cacb cccecfd0d1 d2d3d4d5d6 d7d8dcddde"
    "dfe1e2e3e4 e5e6e7e8e9 eaebecedee eff1f2f3f4 f5f6f7f8f9 fafbfcfdfe"
)
_LETTERS = (
    "ĂÂÊÔƠƯĐ ăâêôơưđ àảãáạ ằẳẵắặ ầẩẫấậ èẻẽéẹ ềểễếệ ìỉĩíị òỏõóọ ồổỗốộ ờởỡớợ ùủũúụ ừửữứự ỳỷỹýỵ"
).replace(" ", "")
_TCVN3 = dict(zip(_CODES, _LETTERS, strict=True))
_NO_LETTER = re.compile("[\xa1-\xa9\xab-\xae\xb5-\xb9\xbb-\xbe\xd7\xf7]")
_HIGH = re.compile(rb"[\x80-\xff]")
_SYLLABLE = re.compile(
    "(?:ngh?|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx])?[aăâeêioôơuưy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_LOOKED_AT = 20_000
# Of the words with accents, so many are Vietnamese in a text that is read the right way.
_RIGHT, _WRONG = 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """Bytes read one way: its name as people know it, and the text."""

    name: str
    text: str


def from_tcvn3(text: str) -> str:
    """What the ABC fonts show for `text`."""
    return text.translate(_TCVN3)


def is_of_abc_font(text: str) -> bool:
    """Whether a name has marks in it that only an ABC font shows as letters."""
    return bool(_NO_LETTER.search(text))


def readings_of(raw: bytes, known_headings: Callable[[str], int]) -> list[Reading]:
    """The ways in which `raw`, which is no Unicode, can be meant: one where that is certain.

    None where it is Vietnamese in no way. `known_headings` counts those in a text.
    """
    candidates = [*_as_windows(raw), *_as_tcvn3(raw)]
    marks = [(known_headings(one.text), _share_of_vietnamese(one.text)) for one in candidates]
    if len(candidates) < 2:
        return candidates
    (headings, share), (others, its) = marks
    if headings != others:
        return [candidates[headings < others]]
    if max(share, its) >= _RIGHT and min(share, its) < _WRONG:
        return [candidates[share < its]]
    return candidates


def _as_windows(raw: bytes) -> list[Reading]:
    try:
        return [Reading("Windows-1258", unicodedata.normalize("NFC", raw.decode("cp1258")))]
    except UnicodeDecodeError:
        return []


def _as_tcvn3(raw: bytes) -> list[Reading]:
    high = set(b"".join(_HIGH.findall(raw)))
    # A space that does not break is no letter, and Excel writes it.
    if not high <= {*_CODES, 0xA0}:
        return []
    return [Reading("TCVN3 (ABC)", from_tcvn3(raw.decode("latin-1")))]


def _share_of_vietnamese(text: str) -> float:
    """How many of the first words that are not ASCII are Vietnamese syllables; marks are none."""
    accented = [word for word in re.split(r"[\s,;\"]+", text[:_LOOKED_AT]) if not word.isascii()]
    return sum(map(_is_vietnamese, accented)) / len(accented) if accented else 0.0


def _is_vietnamese(word: str) -> bool:
    letters = unicodedata.normalize("NFD", word.strip(".:()-/").lower())
    tones = sum(letter in _TONES for letter in letters)
    plain = unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in _TONES))
    return tones <= 1 and bool(_SYLLABLE.fullmatch(plain))
