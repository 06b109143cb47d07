"""Words as people mistype them: folded, made into ids, and the nearest known one."""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache, lru_cache

from notifications import text

_DASHES = re.compile("[‐‑‒–—−]")
_NOT_IN_A_SLUG = re.compile("[^a-z0-9]+")
_LETTERS = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_LETTERS += _LETTERS.upper() + "`"
_WORST_RATIO = 0.6
# Beyond so many names only those are compared that share the most pairs of letters with the word.
_FEW = 200
_MOST_COMPARED = 40
# Comparing is quadratic in the length, and nobody means a name of this length.
_LONGEST_WORD = 80


@lru_cache(maxsize=16_384)
def fold(written: str) -> str:
    """`written` without accents and case, spaces single, đ as d and every dash as a hyphen."""
    quick = written.translate(_vietnamese())
    if quick.isascii() and quick.isprintable():
        return " ".join(quick.lower().split())
    return " ".join(_DASHES.sub("-", text.fold(written)).split())


@cache
def _vietnamese() -> dict[int, str]:
    """Each letter that is not ASCII as `text.fold` leaves it, which looks at one character at a time."""
    return {ord(letter): text.fold(letter) for letter in _LETTERS}


def is_plain(name: str) -> bool:
    """Whether `name` is composed of Vietnamese or English letters, digits and spaces only."""
    letters = name.translate(_vietnamese()).replace(" ", "")
    return letters.isascii() and letters.isalnum()


@lru_cache(maxsize=16_384)
def slug(name: str) -> str:
    """The id that a name gives: ``a-z 0-9 -``; empty for a name without a Latin letter or digit."""
    return _NOT_IN_A_SLUG.sub("-", fold(name)).strip("-")


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word that was probably meant, or None; accents are folded before anything is compared."""
    if len(word) > _LONGEST_WORD:
        return None
    meant = fold(word)
    by_fold = {fold(each): each for each in reversed(known)} if len(known) <= _FEW else None
    if by_fold is None:
        by_fold, pairs = _index(tuple(known))
        shared = Counter(each for pair in _pairs(meant) for each in pairs.get(pair, ()))
        candidates = [name for name, _ in shared.most_common(_MOST_COMPARED)]
    else:
        candidates = list(by_fold)
    close = get_close_matches(meant, candidates, n=1, cutoff=_WORST_RATIO)
    return by_fold[close[0]] if close else None


@lru_cache(maxsize=4)
def _index(known: tuple[str, ...]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The names by their folded form, and these by each pair of letters in them."""
    by_fold = {fold(each): each for each in reversed(known)}
    pairs: dict[str, list[str]] = {}
    for name in by_fold:
        for pair in _pairs(name):
            pairs.setdefault(pair, []).append(name)
    return by_fold, pairs


def _pairs(name: str) -> set[str]:
    return {name[at : at + 2] for at in range(len(name) - 1)}
