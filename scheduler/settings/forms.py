"""How the small languages of ``words`` look, as far as an editor can check: patterns for the JSON Schema.

They take what the readers take, in any case, with the right accents or with none; the readers are stricter.
They are regular expressions of ECMA 262 (2025): ``(?i:`` is blind to case.
"""

import re

from scheduler.settings.names import fold

_TIME = r"\d{1,2} ?(: ?\d{2}|[hg]( ?\d{2})?)"
_SPAN = rf"{_TIME} ?(-|to|đến) ?{_TIME}"
_DAY = (
    r"(t[2-7]|cn|chủ nhật|thứ ([2-7]|hai|ba|tư|năm|sáu|bảy)|mon(day)?|tue(s|sday)?|wed(s|nesday)?"
    r"|thu(r|rs|rsday)?|fri(day)?|sat(urday)?|sun(day)?)"
)
_EVERY_DAY = "daily|every day|hằng ngày|mỗi ngày"
# One weekday at least; written so that the long alternative stands once in what an editor shows.
_WEEKDAYS = rf"(( ?(-|,) ?| (to|đến|and|và) )?{_DAY})+"
_NTH = r"1st|2nd|3rd|4th|5th|first|last"
_NAMED = rf"(({_NTH}) )?{_WEEKDAYS}( (đầu|cuối)( tiên| cùng)?( tháng)?)?"
_UNIT = r"(m|mins?|minutes?|phút|h|hrs?|hours?|giờ|tiếng|d|days?|ngày|w|weeks?|tuần)"
_LENGTH = rf"\d{{1,5}} ?{_UNIT}"
_ON_DAY = r"(\d{1,3} (days?|ngày)|(on )?(the )?same day|cùng ngày)"
_PACE = r"(s|sec|second|giây|m|min|minute|phút|h)"

_LITERAL = re.compile(r"\[[^]]*\]| \?|[^\x00-\x7f]|[- ]")
_WIDER = {" ?": r"\s*", " ": r"\s+", "-": "[-‐-―−]", "đ": "[dđ]"}


def _pattern(form: str) -> str:
    """`form` from end to end: a space is any gap, a dash any dash, an accent may be left out."""
    return rf"^\s*(?i:{_LITERAL.sub(_widened, form)})\s*$"


def _widened(found: re.Match[str]) -> str:
    literal = found[0]
    if literal.startswith("["):
        return literal
    # The range holds the accented letters of Vietnamese, and accents that stand by themselves.
    return _WIDER.get(literal) or f"[{fold(literal)}À-ỹ]+"


IDENT = "^[a-z0-9]+(-[a-z0-9]+)*$"
DAY = _pattern(rf"{_NAMED}|{_EVERY_DAY}|workdays|ngày làm việc")
SPAN = _pattern(_SPAN)
SPAN_OR_NONE = _pattern(f"({_SPAN})?")
WINDOW = _pattern(rf"(({_WEEKDAYS}|{_EVERY_DAY}) ?)?({_SPAN})?")
LENGTH = _pattern(_LENGTH)
LEAD = _pattern(rf"{_ON_DAY}( at| lúc| vào lúc)? {_TIME}|{_LENGTH}")
LIMIT = _pattern(rf"{_LENGTH} ?(/| a | per | một | mỗi ) ?(week|month|tuần|tháng)")
RATE = _pattern(rf"\d{{1,6}}(\.\d{{1,3}})? ?(/|per|a|mỗi) ?{_PACE}")
PRICE = _pattern(r"(\d[\d.,]{0,15} ?(vnd|đ|đồng|[a-z]{3}))?")
PHONE = r"^[\s(]*\+?[\d\s().‐-―−-]{8,}$"
SENDER = "^[A-Za-z0-9 ._&+-]*$"
LIST = r"(?i:\.(csv|txt|xlsx|xlsm))$"
ZONE = "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$"
DATABASE = r"^\s*(sqlite:///|postgresql(\+psycopg)?://)"
URL = r"^\s*https?://"
