"""The small languages inside the values: days, times, durations, leads, limits, rates, prices.

Every reader takes what stood in the file and returns a value, or raises `Misread`, which names the code of
the sentence to print. Accents and case do not matter; Vietnamese and English may be mixed.
"""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from decimal import Decimal

from notifications.terms import Price, Quiet
from scheduler.reminders.lead import Lead
from scheduler.roster.person import Limit, Per
from scheduler.settings.names import fold, nearest
from scheduler.timetable.availability import Window
from scheduler.timetable.days import DayPattern, MonthDay, NthWeekday, Weekdays, Workdays
from scheduler.timetable.span import Span


class Misread(ValueError):
    """A value that means nothing here; `code` and `params` choose and fill the sentence.

    `below` leads to the part that is wrong, from the value read; `at_key` points at its key.
    """

    def __init__(
        self,
        code: str,
        suggestion: str | None = None,
        *,
        below: tuple[str | int, ...] = (),
        at_key: bool = False,
        **params: str,
    ) -> None:
        super().__init__(code)
        self.code, self.suggestion, self.params = code, suggestion, params
        self.below, self.at_key = below, at_key


_WEEKDAY_NAMES = (
    ("mon", "monday", "t2", "thu 2", "thu hai"),
    ("tue", "tuesday", "t3", "thu 3", "thu ba", "tues"),
    ("wed", "wednesday", "t4", "thu 4", "thu tu", "weds"),
    ("thu", "thursday", "t5", "thu 5", "thu nam", "thur", "thurs"),
    ("fri", "friday", "t6", "thu 6", "thu sau"),
    ("sat", "saturday", "t7", "thu 7", "thu bay"),
    ("sun", "sunday", "cn", "chu nhat"),
)
_WEEKDAY = {name: number for number, names in enumerate(_WEEKDAY_NAMES) for name in names}
_EVERY_DAY = frozenset({"daily", "every day", "hang ngay", "moi ngay"})
_WORKDAYS = frozenset({"workdays", "ngay lam viec"})
_NTH = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "first": 1, "last": -1, "dau": 1, "cuoi": -1}
_NTH_FIRST = re.compile(r"(1st|2nd|3rd|4th|5th|first|last) (.+)")
_NTH_LAST = re.compile(r"(.+?) (dau|cuoi)(?: tien| cung)?(?: thang)?")
_RANGE = re.compile(r"\s*-\s*|\s+(?:to|den)\s+")
_LIST = re.compile(r"\s*,\s*|\s+(?:and|va)\s+")
_KNOWN_DAYS = (
    "workdays",
    "T2",
    "T3",
    "T4",
    "T5",
    "T6",
    "T7",
    "CN",
    *(n for row in _WEEKDAY_NAMES for n in row),
)

_TIME = r"\d{1,2}\s?(?::\s?\d{2}|[hg](?:\s?\d{2})?)"
_SPAN = re.compile(rf"({_TIME})\s*(?:-|to|den)\s*({_TIME})")
_WINDOW = re.compile(rf"(?:(.+?)\s+)?({_SPAN.pattern})")
_DIGITS = re.compile(r"\d+")

_UNITS = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "phut"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "gio", "tieng"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day", "days", "ngay"), timedelta(days=1)),
    **dict.fromkeys(("w", "week", "weeks", "tuan"), timedelta(weeks=1)),
}
_DURATION = re.compile(r"(\d{1,5}) ?([a-z]+)")
_LEAD = re.compile(
    rf"(?:(\d{{1,3}}) (?:days?|ngay)|(?:on )?(?:the )?same day|cung ngay)(?: at| luc| vao luc)? ({_TIME})"
)
_LIMIT = re.compile(r"(.+?)\s*(?:/| a | per | mot | moi )\s*(week|month|tuan|thang)")
_PER = {"week": Per.WEEK, "tuan": Per.WEEK, "month": Per.MONTH, "thang": Per.MONTH}
_RATE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) ?(?:/|per|a|moi) ?([a-z]+)")
_SECONDS = {"s": 1, "sec": 1, "second": 1, "giay": 1, "m": 60, "min": 60, "minute": 60, "phut": 60, "h": 3600}
_PRICE = re.compile(r"(\d[\d.,]{0,15}) ?([a-z]{1,4})")
_DONG = frozenset({"vnd", "d", "dong"})
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d+")


def read_day(value: object) -> DayPattern:
    """Weekdays ("T3", "mon-fri", "CN"), an nth one ("1st sat"), a day of the month (5), or "workdays"."""
    if isinstance(value, int) and not isinstance(value, bool):
        if not 1 <= value <= 31:
            raise Misread("day_of_month", value=str(value))
        return MonthDay(value)
    text = _text(value, "not_a_day")
    if text in _WORKDAYS:
        return Workdays()
    for pattern, nth, weekday in ((_NTH_FIRST, 1, 2), (_NTH_LAST, 2, 1)):
        if found := pattern.fullmatch(text):
            return NthWeekday(_NTH[found[nth]], _weekday(found[weekday], str(value)))
    return Weekdays(_weekdays(text, str(value)))


def read_span(value: object) -> Span:
    """A time from–to, "17:00-19:30" or "17h-19h30"; 24:00 is the midnight that ends the day."""
    found = _SPAN.fullmatch(_text(value, "not_a_span"))
    if found is None:
        raise Misread("not_a_span", value=str(value))
    return Span(_time(found[1], str(value)), _time(found[2], str(value), ends=True))


def read_window(value: object) -> Window:
    """When someone can come: "mon-fri 17:00-21:00", "sat", or only a time for every day."""
    text = _text(value, "not_a_window")
    found = _WINDOW.fullmatch(text)
    if found is None:
        if _DIGITS.search(text) and ":" in text:
            raise Misread("not_a_window", value=str(value))
        return Window(_weekdays(text, str(value)))
    days = _weekdays(found[1], str(value)) if found[1] else frozenset(range(7))
    return Window(days, read_span(found[2]))


def read_duration(value: object) -> timedelta:
    """Elapsed time: "28 days", "10 minutes", "2 giờ"."""
    found = _DURATION.fullmatch(_text(value, "not_a_duration"))
    if found is None:
        raise Misread("not_a_duration", value=str(value))
    if found[2] not in _UNITS:
        unit = nearest(found[2], ("minutes", "hours", "days", "weeks", "phút", "giờ", "ngày", "tuần"))
        raise Misread("not_a_duration", f"{found[1]} {unit}" if unit else None, value=str(value))
    return int(found[1]) * _UNITS[found[2]]


def read_lead(value: object) -> Lead:
    """How long before: "1 day at 18:00" is wall clock, "2 hours" is elapsed."""
    text = _text(value, "not_a_lead")
    if found := _LEAD.fullmatch(text):
        return Lead(days=int(found[1] or 0), at=_time(found[2], str(value)))
    try:
        elapsed = read_duration(text)
    except Misread as misread:
        raise Misread("not_a_lead", misread.suggestion, value=str(value)) from None
    if not elapsed:
        raise Misread("not_a_lead", value=str(value))
    return Lead(elapsed=elapsed)


def read_limit(value: object) -> Limit:
    """At most so much duty: "6 hours a week", "20 giờ một tháng"."""
    found = _LIMIT.fullmatch(_text(value, "not_a_limit"))
    if found is None:
        raise Misread("not_a_limit", value=str(value))
    try:
        minutes = read_duration(found[1]) // timedelta(minutes=1)
    except Misread:
        raise Misread("not_a_limit", value=str(value)) from None
    return Limit(minutes, _PER[found[2]])


def read_rate(value: object) -> float:
    """Texts a second: "1/s", "30/m"."""
    found = _RATE.fullmatch(_text(value, "not_a_rate"))
    seconds = _SECONDS.get(found[2]) if found else None
    if found is None or seconds is None or float(found[1]) == 0:
        raise Misread("not_a_rate", value=str(value))
    return float(found[1]) / seconds


def read_price(value: object) -> Price | None:
    """What a segment costs: "820 VND", "0.0725 USD"; an empty text is no price."""
    if value == "":
        return None
    text = _text(value, "not_a_price")
    found = _PRICE.fullmatch(text)
    if found is None:
        raise Misread("not_a_price", value=str(value))
    currency = "VND" if found[2] in _DONG else found[2].upper()
    amount = found[1].rstrip(".,")
    # There are no parts of a đồng: "1.200 đ" is one thousand two hundred.
    if currency == "VND" and _THOUSANDS.fullmatch(amount):
        amount = re.sub("[.,]", "", amount)
    if len(currency) != 3 or not re.fullmatch(r"\d+(\.\d+)?", amount):
        raise Misread("not_a_price", value=str(value))
    return Price(Decimal(amount), currency)


def read_quiet(value: object) -> Quiet | None:
    """Hours without texts: "21:00-07:00"; an empty text means none."""
    if value == "":
        return None
    span = read_span(value)
    if span.start == span.end:
        raise Misread("all_day_quiet", value=str(value))
    return Quiet(span.start, span.end)


def _text(value: object, code: str) -> str:
    if not isinstance(value, str):
        raise Misread(code, value=str(value))
    return fold(value)


def _time(text: str, written: str, *, ends: bool = False) -> time:
    numbers = [int(digits) for digits in _DIGITS.findall(text)]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if ends and (hour, minute) == (24, 0):
        return time(0)
    if hour > 23 or minute > 59:
        raise Misread("no_such_time", value=written, time=text)
    return time(hour, minute)


def _weekdays(text: str, written: str) -> frozenset[int]:
    if text in _EVERY_DAY:
        return frozenset(range(7))
    return frozenset(day for part in _LIST.split(text) for day in _days_of_range(part, written))


def _days_of_range(text: str, written: str) -> Iterator[int]:
    ends = _RANGE.split(text)
    if len(ends) > 2:
        raise Misread("not_a_day", value=written)
    first, last = _weekday(ends[0], written), _weekday(ends[-1], written)
    for later in range((last - first) % 7 + 1):
        yield (first + later) % 7


def _weekday(text: str, written: str) -> int:
    if text not in _WEEKDAY:
        raise Misread(
            "not_a_day", nearest(text, _KNOWN_DAYS) if text == fold(written) else None, value=written
        )
    return _WEEKDAY[text]
