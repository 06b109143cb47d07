"""The columns of a list of people: what they are called, and how a cell of each is read."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

from scheduler.roster.person import Limit
from scheduler.settings import leaves, words
from scheduler.settings.grammar import Away
from scheduler.settings.leaves import Language
from scheduler.settings.names import fold, nearest
from scheduler.settings.old_letters import from_tcvn3, is_of_abc_font
from scheduler.settings.words import Misread
from scheduler.timetable.availability import Window
from scheduler.timetable.label import Label
from scheduler.timetable.shift import Role

HEADINGS = {
    "name": ("Họ tên", "Họ và tên", "Tên", "Name", "Full name"),
    "salutation": ("Xưng hô", "Salutation"),
    "phone": ("Điện thoại", "Số điện thoại", "SĐT", "Di động", "Phone", "Phone number", "Mobile"),
    "roles": ("Vai trò", "Role", "Roles"),
    "ward": ("Phường", "Ward"),
    "when": ("Lịch rảnh", "Giờ rảnh", "When", "Free"),
    "consent": ("Đồng ý nhận tin (ngày)", "Đồng ý nhận tin", "Consent (date)", "Consent"),
    "away": ("Vắng mặt", "Ngày vắng", "Away"),
    "at_most": ("Nhiều nhất", "Trực nhiều nhất", "At most"),
    "prefers": ("Muốn trực", "Dịch vụ muốn trực", "Prefers"),
    "not_with": ("Không trực cùng", "Not with"),
    "language": ("Ngôn ngữ", "Language"),
    "id": ("Mã", "id"),
}
KEYS = {fold(heading): key for key, headings in HEADINGS.items() for heading in headings}
REQUIRED = ("name", "phone")
EXAMPLE = ("Ví dụ:", "Example:")
_EXAMPLE = tuple(map(fold, EXAMPLE))
_FIRST_OF_EXAMPLE = frozenset("VvEe")

_ROLES = {
    "can bo": Role.STAFF, "staff": Role.STAFF,
    "tinh nguyen vien": Role.VOLUNTEER, "tnv": Role.VOLUNTEER, "volunteer": Role.VOLUNTEER,
    "truong nhom": Role.LEADER, "nhom truong": Role.LEADER, "leader": Role.LEADER,
}  # fmt: skip
ROLE_WORDS = ("Cán bộ", "Tình nguyện viên", "Trưởng nhóm", "staff", "volunteer", "leader")
_LANGUAGES = {
    "vi": Language.VI, "viet": Language.VI, "tieng viet": Language.VI, "vietnamese": Language.VI,
    "en": Language.EN, "anh": Language.EN, "tieng anh": Language.EN, "english": Language.EN,
}  # fmt: skip
LANGUAGE_WORDS = ("Tiếng Việt", "Tiếng Anh", "vi", "en", "Vietnamese", "English")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: 00:00(?::00)?)?")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: 00:00(?::00)?)?")
# Between two dates of one absence; a hyphen needs its gaps, since it stands within dates too.
_TO = re.compile(r"\s+[-‐-―−]\s+|\s*[–—→]\s*|\s+(?:đến|den|to|until)\s+|(?<=/\d{4})-(?=\d)")
_SEVERAL = re.compile(r"[,;/\n]")
_SEVERAL_NAMES = re.compile(r"[,;\n]")
_SEVERAL_TIMES = re.compile(r"[;\n]")
# What is left of 0901 234 567, and of 0168 123 4567, in a cell that took it for a number.
_ZERO_LOST = re.compile(r"[35789]\d{8}|1\d{9}")
_WHOLE_FLOAT = re.compile(r"([35789])[.,](\d{8})[Ee]\+?0?8")
_ROUNDED = re.compile(r"\d([.,]\d{0,7})?[Ee]\+?\d{1,2}")
_TEN_DIGITS = re.compile(r"0[0-9]{9}")
_BETWEEN_NUMBERS = re.compile(r"[/;,\n|&]|\s-\s|\s(?:và|hoặc|or|and)\s")
_TWO_NUMBERS = re.compile(r"(?:0[35789]\d{8}){2}")
_NOT_A_DIGIT = re.compile(r"[\s.-]+")
# A list of thousands knows a few dozen roles, hours and wards.
_REMEMBERED = 4_096


def key_of(heading: str) -> str | None:
    """The key that a heading stands for, accents and case not minded; None for any other column."""
    return KEYS.get(fold(heading).rstrip(" *:"))


def is_example(name: str) -> bool:
    """Whether a row shows how to fill the list in, and is nobody."""
    return name[:1] in _FIRST_OF_EXAMPLE and fold(name[: len(max(EXAMPLE, key=len)) + 1]).startswith(_EXAMPLE)


def value_of(key: str, cell: str) -> object:
    """What a cell of a column means.

    Raises:
        Misread: it means nothing there.
    """
    if cell.startswith("="):
        raise Misread("formula", value=cell)
    return _READERS[key](cell)


def with_zero(cell: str) -> str:
    """A number as it was before a spreadsheet took its leading zero, or wrote it as 9.01234567E8."""
    if found := _WHOLE_FLOAT.fullmatch(cell):
        cell = found[1] + found[2]
    digits = _NOT_A_DIGIT.sub("", cell)
    return f"0{digits}" if _ZERO_LOST.fullmatch(digits) else cell


def _parts(cell: str, between: re.Pattern[str]) -> list[str]:
    return [part.strip() for part in between.split(cell) if part.strip()]


def _name(cell: str) -> str:
    if is_of_abc_font(cell):
        raise Misread("abc_font", from_tcvn3(cell), value=cell)
    return leaves.some(cell)


def _phone(cell: str) -> str:
    if _TEN_DIGITS.fullmatch(cell):
        return leaves.phone(cell)
    if _ROUNDED.fullmatch(cell):
        raise Misread("rounded_number", value=cell)
    cell = with_zero(cell)
    if len(_parts(cell, _BETWEEN_NUMBERS)) > 1 or _TWO_NUMBERS.fullmatch(_NOT_A_DIGIT.sub("", cell)):
        raise Misread("two_numbers")
    return leaves.phone(cell)


def _roles(cell: str) -> list[Role]:
    return [_role(part) for part in _parts(cell, _SEVERAL)]


def _role(word: str) -> Role:
    if fold(word) not in _ROLES:
        raise Misread("bad_choice", nearest(word, ROLE_WORDS), value=word, choices=", ".join(ROLE_WORDS[:3]))
    return _ROLES[fold(word)]


def _language(cell: str) -> Language:
    if fold(cell) not in _LANGUAGES:
        choices = ", ".join(LANGUAGE_WORDS[:2])
        raise Misread("bad_choice", nearest(cell, LANGUAGE_WORDS), value=cell, choices=choices)
    return _LANGUAGES[fold(cell)]


def _names(cell: str) -> list[str]:
    return [leaves.some(part) for part in _parts(cell, _SEVERAL_NAMES)]


def _times(cell: str) -> list[Window]:
    return [words.read_window(part) for part in _parts(cell, _SEVERAL_TIMES)]


def _limits(cell: str) -> list[Limit]:
    return [words.read_limit(part) for part in _parts(cell, _SEVERAL_TIMES)]


def _absences(cell: str) -> list[Away]:
    return [_absence(part) for part in _parts(cell, _SEVERAL_TIMES)]


def _absence(part: str) -> Away:
    days = _TO.split(part)
    if len(days) > 2:
        raise Misread("not_day_month_year", value=part)
    first, last = _date(days[0].strip()), _date(days[-1].strip())
    if last < first:
        raise Misread("ends_before_start", later=days[-1].strip(), earlier=days[0].strip())
    return Away.model_construct({"first", "last"}, first=first, last=last)


def _date(cell: str) -> date:
    if found := _DAY_FIRST.fullmatch(cell):
        day, month, year = map(int, found.groups())
    elif found := _YEAR_FIRST.fullmatch(cell):
        year, month, day = map(int, found.groups())
    else:
        raise Misread("not_day_month_year", value=cell)
    try:
        return leaves.day(date(year, month, day))
    except ValueError as error:
        if isinstance(error, Misread):
            raise
        raise Misread("not_day_month_year", value=cell) from None


def _label(cell: str) -> Label:
    return leaves.label(cell)


def _remembered(reader: Callable[[str], object]) -> Callable[[str], object]:
    return lru_cache(_REMEMBERED)(reader)


_READERS: Mapping[str, Callable[[str], object]] = {
    "name": _name,
    "salutation": _remembered(_label),
    "phone": _phone,
    "roles": _remembered(_roles),
    "ward": _remembered(leaves.some),
    "when": _remembered(_times),
    "consent": _remembered(_date),
    "away": _remembered(_absences),
    "at_most": _remembered(_limits),
    "prefers": _remembered(_names),
    "not_with": _names,
    "language": _remembered(_language),
    "id": leaves.some,
}
