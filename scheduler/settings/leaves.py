"""The values at the ends of the grammar: each a type, its reader, and its JSON Schema.

Readers stand in for pydantic's own checks, so that the sentence printed is ours; the schemas say to an editor
what a clerk may write.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, PlainValidator, WithJsonSchema

from notifications.phone import BadNumber, parse_phone
from notifications.terms import Accents, Answer, Price, Quiet
from scheduler.reminders.lead import Lead
from scheduler.roster.person import Limit
from scheduler.settings import forms, words
from scheduler.settings.names import fold, nearest
from scheduler.settings.settings import Mode
from scheduler.settings.words import Misread
from scheduler.timetable.availability import Window
from scheduler.timetable.days import DayPattern
from scheduler.timetable.label import Label
from scheduler.timetable.shift import OnHoliday, Role
from scheduler.timetable.span import Span

_Choice = TypeVar("_Choice", bound=StrEnum)
_Value = TypeVar("_Value")
_MOST_WHOLE = 1_000_000_000
# Zones that are none, and whose nearest names lead to China.
_VIET_NAM = ("hanoi", "ha_noi", "ha noi", "vietnam", "viet nam", "hcm", "sai gon", "gmt+7", "utc+7", "+07:00")
# What people call the roles, and lists of people do.
SAID_OF_ROLES = {"can bo": "staff", "tinh nguyen vien": "volunteer", "truong nhom": "leader"}
_PLAIN_MOBILE = re.compile(r"0([35789][0-9]{8})")
# Operators lease short numbers that take texts: 8088.
_SHORT_NUMBER = re.compile(r"[0-9]{3,6}")
# A file of thousands of people knows a few dozen hours and limits.
_REMEMBERED = 4_096


class Channel(StrEnum):
    """How texts leave."""

    CONSOLE = "console"
    TWILIO = "twilio"
    ANDROID = "android"


class Language(StrEnum):
    """The languages that catruc speaks."""

    VI = "vi"
    EN = "en"


class Country(StrEnum):
    """From where a number may be that is enrolled on the page: here, the neighbours, and where many live."""

    VN = "VN"
    LA = "LA"
    KH = "KH"
    TH = "TH"
    CN = "CN"
    TW = "TW"
    KR = "KR"
    JP = "JP"
    SG = "SG"
    MY = "MY"
    PH = "PH"
    ID = "ID"
    AU = "AU"
    US = "US"
    CA = "CA"
    GB = "GB"
    FR = "FR"
    DE = "DE"
    CZ = "CZ"


class PlaceKind(StrEnum):
    """What a place is."""

    WARD_OFFICE = "ward_office"
    POST_OFFICE = "post_office"
    COMMUNITY_HALL = "community_hall"
    OTHER = "other"


def plain(value: object) -> str:
    """A text as it will be shown: composed (NFC), on one line, single spaces."""
    if not isinstance(value, str):
        raise Misread("not_text")
    if not unicodedata.is_normalized("NFC", value):
        value = unicodedata.normalize("NFC", value)
    return " ".join(value.split())


def some(value: object) -> str:
    """A text that is not empty."""
    text = plain(value)
    if not text:
        raise Misread("empty")
    return text


def label(value: object) -> Label:
    """A text, or one for each language; where a language is missing, the other stands for both."""
    if not isinstance(value, dict):
        return Label.same(some(value))
    for key in value:
        if key not in ("vi", "en"):
            raise Misread("unknown_key", nearest(key, ("vi", "en")), below=(key,), at_key=True, key=key)
    texts = {}
    for key, text in value.items():
        try:
            texts[key] = some(text)
        except Misread as misread:
            raise Misread(misread.code, below=(key,)) from None
    if not texts:
        raise Misread("empty")
    first = next(iter(texts.values()))
    return Label(texts.get("vi", first), texts.get("en", first))


def day(value: object) -> date:
    """A date as TOML writes it, of this century."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise Misread("not_date")
    if not 2000 <= value.year <= 2100:
        raise Misread("bad_year", year=str(value.year))
    return value


def whole(least: int, most: int = _MOST_WHOLE) -> Callable[[object], int]:
    """A whole number from `least` to `most`."""

    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise Misread("not_integer")
        if value < least:
            raise Misread("too_small", least=str(least))
        if value > most:
            raise Misread("too_large", most=str(most))
        return value

    return read


def yes_or_no(value: object) -> bool:
    """A boolean, and no number for one."""
    if not isinstance(value, bool):
        raise Misread("not_boolean")
    return value


def one_of(choices: type[_Choice]) -> Callable[[object], _Choice]:
    """One of the words of an enumeration, written exactly."""
    known = [each.value for each in choices]

    def read(value: object) -> _Choice:
        if not isinstance(value, str):
            raise Misread("not_text")
        if value not in known:
            meant = SAID_OF_ROLES.get(fold(value)) if choices is Role else None
            guess = meant or nearest(value, known)
            raise Misread("bad_choice", guess, value=value, choices=", ".join(known))
        return choices(value)

    return read


def within(least: timedelta, most: timedelta) -> Callable[[object], timedelta]:
    """An elapsed time from `least` to `most`."""

    def read(value: object) -> timedelta:
        length = words.read_duration(value)
        if not least <= length <= most:
            raise Misread(
                "duration_range",
                least=_spoken(least),
                most=_spoken(most),
                least_vi=_spoken_vi(least),
                most_vi=_spoken_vi(most),
            )
        return length

    return read


def _spoken(length: timedelta) -> str:
    count, unit = (length.days, "day") if length.days else (length.seconds // 60, "minute")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _spoken_vi(length: timedelta) -> str:
    return f"{length.days} ngày" if length.days else f"{length.seconds // 60} phút"


def zone(value: object) -> ZoneInfo:
    """An IANA time zone."""
    name = some(value)
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        from zoneinfo import available_timezones

        is_here = fold(name).removeprefix("asia/") in _VIET_NAM
        guess = "Asia/Ho_Chi_Minh" if is_here else nearest(name, sorted(available_timezones()))
        raise Misread("bad_zone", guess, value=name) from None


def phone(value: object) -> str:
    """A number that takes texts, in E.164."""
    written = some(value)
    if found := _PLAIN_MOBILE.fullmatch(written.replace(" ", "")):
        return f"+84{found[1]}"  # what the library would say, at a fiftieth of the cost
    try:
        return parse_phone(written)
    except BadNumber as bad:
        raise Misread(bad.code, value=written) from None


def coordinates(value: object) -> tuple[float, float]:
    """Latitude and longitude in degrees."""
    if (
        not isinstance(value, list)
        or len(value) != 2
        or any(type(part) not in (int, float) for part in value)
    ):
        raise Misread("bad_map")
    latitude, longitude = value
    # A comparison with nan is false, which is what is wanted.
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Misread("bad_map")
    return float(latitude), float(longitude)


def url(value: object) -> str:
    """The address at which residents reach the service, without a slash at the end."""
    address = some(value)
    if not address.startswith(("http://", "https://")):
        raise Misread("bad_url", value=address)
    return address.rstrip("/")


def database(value: object) -> str:
    """Where the rows are kept."""
    address = some(value)
    if not address.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise Misread("bad_database", value=address)
    return address


def sender(value: object) -> str:
    """The name that texts come from, as networks take it."""
    name = plain(value)
    if len(name) > 11:
        raise Misread("sender_too_long", value=name, length=str(len(name)))
    if not all(letter.isascii() and (letter.isalnum() or letter in " ._&-+") for letter in name):
        raise Misread("bad_sender", value=name)
    return name


def replies_to(value: object) -> str:
    """The number that takes replies, as texts print it: a mobile number here, or a short one."""
    written = plain(value)
    if not written or _SHORT_NUMBER.fullmatch(written):
        return written
    number = phone(written)
    return f"0{number.removeprefix('+84')}" if number.startswith("+84") else number


def remembered(reader: Callable[[object], _Value]) -> Callable[[object], _Value]:
    """`reader`, that reads the same text only once."""
    of_text = lru_cache(_REMEMBERED)(reader)

    def read(value: object) -> _Value:
        return of_text(value) if type(value) is str else reader(value)

    return read


def one_or_several(value: object) -> object:
    """A list; one entry may stand without brackets."""
    return value if isinstance(value, list) else [value]


_TEXT = {"type": "string"}
_SOME_TEXT = {"type": "string", "minLength": 1}
# No anyOf anywhere: of a list of types an editor can say which part is wrong, and where.
_LABEL = {
    "type": ["string", "object"],
    "minLength": 1,
    "properties": {"vi": _SOME_TEXT, "en": _SOME_TEXT},
    "additionalProperties": False,
    "minProperties": 1,
}


def _words(choices: type[StrEnum]) -> WithJsonSchema:
    return WithJsonSchema(_TEXT | {"enum": [each.value for each in choices]})


def _number(least: int, most: int = _MOST_WHOLE) -> WithJsonSchema:
    return WithJsonSchema({"type": "integer", "minimum": least, "maximum": most})


def _like(pattern: str) -> WithJsonSchema:
    return WithJsonSchema(_TEXT | {"pattern": pattern})


_SomeText = WithJsonSchema(_SOME_TEXT)
_AnyText = WithJsonSchema(_TEXT)
_Dated = WithJsonSchema({"type": "string", "format": "date"})
_DayOrNumber = WithJsonSchema(
    {"type": ["string", "integer"], "pattern": forms.DAY, "minimum": 1, "maximum": 31}
)
_Named = WithJsonSchema(_TEXT | {"pattern": forms.SENDER, "maxLength": 11})
_Pair = WithJsonSchema({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2})

Text = Annotated[str, PlainValidator(some), _SomeText]
Ident = Annotated[str, PlainValidator(some), _like(forms.IDENT)]
AnyText = Annotated[str, PlainValidator(plain), _AnyText]
Names = Annotated[Label, PlainValidator(label), WithJsonSchema(_LABEL)]
Day = Annotated[date, PlainValidator(day), _Dated]
Flag = Annotated[bool, PlainValidator(yes_or_no), WithJsonSchema({"type": "boolean"})]
AtLeastZero = Annotated[int, PlainValidator(whole(0)), _number(0)]
AtLeastOne = Annotated[int, PlainValidator(whole(1)), _number(1)]
Segments = Annotated[int, PlainValidator(whole(1, 10)), _number(1, 10)]
Weeks = Annotated[int, PlainValidator(whole(1, 52)), _number(1, 52)]
DaysInARow = Annotated[int, PlainValidator(whole(1, 31)), _number(1, 31)]
AMonth = Annotated[int, PlainValidator(whole(3, 100)), _number(3, 100)]
ADay = Annotated[int, PlainValidator(whole(0, 100_000)), _number(0, 100_000)]
Weekends = Annotated[int, PlainValidator(whole(0, 5)), _number(0, 5)]
HeadCount = Annotated[int, PlainValidator(whole(0, 1000)), _number(0, 1000)]

Zone = Annotated[ZoneInfo, PlainValidator(zone), _like(forms.ZONE)]
Url = Annotated[str, PlainValidator(url), _like(forms.URL)]
Database = Annotated[str, PlainValidator(database), _like(forms.DATABASE)]
Phone = Annotated[str, PlainValidator(phone), _like(forms.PHONE)]
Sender = Annotated[str, PlainValidator(sender), _Named]
Map = Annotated[tuple[float, float], PlainValidator(coordinates), _Pair]

Modes = Annotated[Mode, PlainValidator(one_of(Mode)), _words(Mode)]
Channels = Annotated[Channel, PlainValidator(one_of(Channel)), _words(Channel)]
Languages = Annotated[Language, PlainValidator(one_of(Language)), _words(Language)]
Countries = Annotated[Country, PlainValidator(one_of(Country)), _words(Country)]
Kinds = Annotated[PlaceKind, PlainValidator(one_of(PlaceKind)), _words(PlaceKind)]
Roles = Annotated[Role, PlainValidator(one_of(Role)), _words(Role)]
HolidayRule = Annotated[OnHoliday, PlainValidator(one_of(OnHoliday)), _words(OnHoliday)]
AccentRule = Annotated[Accents, PlainValidator(one_of(Accents)), _words(Accents)]
Answers = Annotated[Answer, PlainValidator(one_of(Answer)), _words(Answer)]
RepliesTo = Annotated[str, PlainValidator(replies_to), _AnyText]

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
Horizon = Annotated[timedelta, PlainValidator(within(_DAY, 366 * _DAY)), _like(forms.LENGTH)]
Wait = Annotated[timedelta, PlainValidator(within(0 * _DAY, 7 * _DAY)), _like(forms.LENGTH)]
LastEntry = Annotated[timedelta, PlainValidator(within(_MINUTE, _DAY)), _like(forms.LENGTH)]
Rest = Annotated[timedelta, PlainValidator(within(_MINUTE, 7 * _DAY)), _like(forms.LENGTH)]
Travel = Annotated[timedelta, PlainValidator(within(_MINUTE, _DAY)), _like(forms.LENGTH)]
DayRule = Annotated[DayPattern, PlainValidator(remembered(words.read_day)), _DayOrNumber]
Hours = Annotated[Span, PlainValidator(remembered(words.read_span)), _like(forms.SPAN)]
WeeklyTime = Annotated[Window, PlainValidator(remembered(words.read_window)), _like(forms.WINDOW)]
LeadTime = Annotated[Lead, PlainValidator(words.read_lead), _like(forms.LEAD)]
DutyLimit = Annotated[Limit, PlainValidator(remembered(words.read_limit)), _like(forms.LIMIT)]
Rate = Annotated[float, PlainValidator(words.read_rate), _like(forms.RATE)]
SegmentPrice = Annotated[Price | None, PlainValidator(words.read_price), _like(forms.PRICE)]
QuietHours = Annotated[Quiet | None, PlainValidator(words.read_quiet), _like(forms.SPAN_OR_NONE)]
OneOrSeveral = BeforeValidator(one_or_several)
