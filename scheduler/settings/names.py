"""Words as people mistype them: folded, made into ids, and the nearest known one."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache

from notifications import text

_DASHES = re.compile("[‐‑‒–—−]")
_NOT_IN_A_SLUG = re.compile("[^a-z0-9]+")
_WORST_RATIO = 0.6
# Comparing is quadratic in the length, and nobody means a name of this length.
_LONGEST_WORD = 80


@lru_cache(maxsize=16_384)
def fold(written: str) -> str:
    """`written` without accents and case, spaces single, đ as d and every dash as a hyphen."""
    return " ".join(_DASHES.sub("-", text.fold(written)).split())


@lru_cache(maxsize=16_384)
def slug(name: str) -> str:
    """The id that a name gives: ``a-z 0-9 -``; empty for a name without a Latin letter or digit."""
    return _NOT_IN_A_SLUG.sub("-", fold(name)).strip("-")


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word that was probably meant, or None; accents are folded before anything is compared."""
    if len(word) > _LONGEST_WORD:
        return None
    by_fold = {fold(each): each for each in reversed(known)}
    close = get_close_matches(fold(word), by_fold, n=1, cutoff=_WORST_RATIO)
    return by_fold[close[0]] if close else None
