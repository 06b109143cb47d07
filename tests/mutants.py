"""Edits of a settings file as haste, Notepad and cats make them: of bytes, and of meanings."""

import re
from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import NamedTuple

BLOCK = re.compile(r"(?m)^\[\[?\w+(?:\.\w+)*\]\]?")
TIME = re.compile(r"\b\d\d:\d\d-\d\d:\d\d\b")
DATE = re.compile(r"\b20\d\d-\d\d-\d\d\b")
NAME = re.compile(r'(?m)^name(\s*)= "([^"\n]+)"')
PHONE = re.compile(r"0900 000 \d{3}")
COUNT = re.compile(r"\b(volunteer|leader|staff) = (\d)")
DAY = re.compile(r'"(T[2-7]|CN)"')
IDENT = re.compile(r'(?m)^id(\s*)= "([^"\n]+)"')
WARD = re.compile(r'(?m)^ward(\s*)= "([^"\n]+)"')
FORMERLY = re.compile(r"(?m)^formerly\s*= .*$")
WARDS = ("Sài Gòn", "Bến Thành", "Bến Nghé", "Đa Kao")  # the last one has gone to two
GARBAGE = ["\x00", "“", "”", "[", "]]", '"""', "=", "\\", "\t", "é́", "\ufeff", "a.b.c = 1\n", "🙂", "#", "\r"]


class Mutant(NamedTuple):
    """One edit: what was done, and the text that it left."""

    kind: str
    text: str


def mutant_of(text: str, random: Random) -> Mutant:
    """One random edit of `text`."""
    kind = random.choice(list(EDITS))
    return Mutant(kind, EDITS[kind](text, random))


def _truncated(text: str, random: Random) -> str:
    return text[: random.randrange(len(text))]


def _line_deleted(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    del lines[random.randrange(len(lines))]
    return "".join(lines)


def _line_doubled(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    at = random.randrange(len(lines))
    return "".join([*lines[:at], lines[at], *lines[at:]])


def _lines_swapped(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def _letter_flipped(text: str, random: Random) -> str:
    at = random.randrange(len(text))
    return text[:at] + chr(ord(text[at]) ^ (1 << random.randrange(6))) + text[at + 1 :]


def _letter_gone(text: str, random: Random) -> str:
    at = random.randrange(len(text))
    return text[:at] + text[at + 1 :]


def _garbage_typed(text: str, random: Random) -> str:
    at = random.randrange(len(text))
    return text[:at] + random.choice(GARBAGE) + text[at:]


def _block_deleted(text: str, random: Random) -> str:
    blocks = _blocks(text)
    del blocks[random.randrange(len(blocks))]
    return "".join(blocks)


def _block_doubled(text: str, random: Random) -> str:
    blocks = _blocks(text)
    at = random.randrange(len(blocks))
    return "".join([*blocks[:at], blocks[at], *blocks[at:]])


def _blocks_shuffled(text: str, random: Random) -> str:
    head, *blocks = _blocks(text)
    return head + "".join(random.sample(blocks, len(blocks)))


def _blocks(text: str) -> list[str]:
    starts = [0, *(match.start() for match in BLOCK.finditer(text)), len(text)]
    return [text[first:last] for first, last in pairwise(starts) if first < last]


def _replacing(
    pattern: "re.Pattern[str]", write: Callable[["re.Match[str]", Random], str]
) -> Callable[[str, Random], str]:
    """An edit of one random place that the pattern finds."""

    def edit(text: str, random: Random) -> str:
        found = list(pattern.finditer(text))
        if not found:
            return text
        match = random.choice(found)
        return text[: match.start()] + write(match, random) + text[match.end() :]

    return edit


EDITS: dict[str, Callable[[str, Random], str]] = {
    "truncated": _truncated,
    "a line deleted": _line_deleted,
    "a line doubled": _line_doubled,
    "two lines swapped": _lines_swapped,
    "a letter flipped": _letter_flipped,
    "a letter gone": _letter_gone,
    "garbage typed": _garbage_typed,
    "a block deleted": _block_deleted,
    "a block doubled": _block_doubled,
    "blocks shuffled": _blocks_shuffled,
    "another time": _replacing(
        TIME, lambda _, random: f"{random.randint(6, 20):02}:00-{random.randint(6, 24):02}:00"
    ),
    "another date": _replacing(
        DATE, lambda _, random: f"202{random.randint(6, 8)}-{random.randint(1, 13):02}-15"
    ),
    "another day": _replacing(
        DAY, lambda _, random: random.choice(['"T2"', '"T7"', '"CN"', '"T8"', '"fri"'])
    ),
    "renamed": _replacing(NAME, lambda match, _: f'name{match[1]}= "{match[2]} mới"'),
    "another id": _replacing(IDENT, lambda match, _: f'id{match[1]}= "{match[2]}-2"'),
    "another number": _replacing(PHONE, lambda _, random: f"0900 000 {random.randint(0, 999):03}"),
    "another need": _replacing(COUNT, lambda match, random: f"{match[1]} = {random.randint(0, 4)}"),
    "another ward": _replacing(WARD, lambda match, random: f'ward{match[1]}= "{random.choice(WARDS)}"'),
    "a ward that ends or begins": _replacing(
        FORMERLY,
        lambda match, random: (
            f"{match[0]}\n{random.choice(['from', 'until'])} = 202{random.randint(6, 7)}-"
            f"{random.choice(['01', '12'])}-{random.randint(1, 31):02}"
        ),
    ),
    "a comment": lambda text, _: "# sửa\n" + text,
}
