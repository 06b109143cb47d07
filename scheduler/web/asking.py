"""What a request asks: its parameters, its language, its instant."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from starlette.requests import Request

from scheduler.timetable.opening import Question

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d.*", re.ASCII)
_YES_OR_NO = {"true": True, "1": True, "false": False, "0": False, "": False}
# A plus sign in an address arrives as a space; nobody who pastes an ISO time escapes it.
_OFFSET_AFTER_SPACE = re.compile(r" (?=\d\d:?\d\d$)")


def _read_date(text: object) -> date | None:
    if text == "":
        return None
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        raise ValueError("not a date")
    return date.fromisoformat(text)


def _read_moment(text: object) -> datetime | None:
    if text == "":
        return None
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        raise ValueError("not a time")
    written = text if "T" not in text else _OFFSET_AFTER_SPACE.sub("+", text.strip())
    moment = datetime.fromisoformat(written)
    if not 1970 <= moment.year < 2200:
        raise ValueError("too far off")
    return moment


def _read_yes(text: object) -> bool:
    if isinstance(text, bool):
        return text
    if not isinstance(text, str) or text not in _YES_OR_NO:
        raise ValueError("neither yes nor no")
    return _YES_OR_NO[text]


AskedDate = Annotated[
    date | None,
    BeforeValidator(_read_date),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "maxLength": 0}]}),
]
AskedMoment = Annotated[
    datetime | None,
    BeforeValidator(_read_moment),
    WithJsonSchema({"type": "string", "pattern": r"^([0-9]{4}-[0-9]{2}-[0-9]{2}.*)?$"}),
]
AskedYes = Annotated[
    bool, BeforeValidator(_read_yes), WithJsonSchema({"type": "string", "enum": list(_YES_OR_NO)})
]
_LANGUAGE: str = Field("", description="Language of names and texts, vi or en; else Accept-Language decides.")


class PageAsked(BaseModel):
    """The parameters of every page; an empty one counts as absent, as a form sends it."""

    model_config = ConfigDict(str_strip_whitespace=True)

    lang: str = ""
    at: AskedMoment = None


class FrontAsked(PageAsked):
    """The parameters of the front page."""

    ward: str = ""
    service: str = ""
    view: str = ""


class CalendarAsked(BaseModel):
    """The parameters of the calendar: which sessions, and in which language."""

    model_config = ConfigDict(str_strip_whitespace=True)

    ward: str = Field("", description="Id, name or former name; accents and case do not matter.")
    service: str = Field("", description="Id or name.")
    place: str = Field("", description="Id, name or address.")
    first: AskedDate = Field(
        None, alias="from", description="First local date of the sessions; a week ago if absent."
    )
    last: AskedDate = Field(
        None,
        alias="to",
        description="Last local date, inclusive; 92 days in all are the most, and the default.",
    )
    lang: str = _LANGUAGE


class AvailabilityAsked(BaseModel):
    """The parameters of the availability question."""

    model_config = ConfigDict(str_strip_whitespace=True)

    ward: str = Field("", description="Id, name or former name; accents and case do not matter.")
    service: str = Field("", description="Id or name.")
    place: str = Field("", description="Id, name or address.")
    first: AskedDate = Field(
        None, alias="from", description="First local date of the sessions; today if absent."
    )
    last: AskedDate = Field(
        None,
        alias="to",
        description="Last local date, inclusive, at most 92 days in all; seven days on if absent.",
    )
    open_now: AskedYes = Field(False, description="Lists only the sessions that are open now.")
    at: AskedMoment = Field(
        None, description="Answer for another time; without offset it is local to the service."
    )
    lang: str = _LANGUAGE

    def question(self) -> Question:
        """The question that these parameters ask."""
        return Question(self.ward, self.service, self.place, self.first, self.last, self.open_now)


def instant_of(moment: datetime | None, now: datetime, zone: ZoneInfo) -> datetime:
    """The asked moment, local to `zone` when it names no offset, else `now`."""
    if moment is None:
        return now
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def language_of(request: Request, languages: Sequence[str]) -> str:
    """The language to answer in: ``lang``, else what the browser prefers, else the first of `languages`."""
    asked = request.query_params.get("lang", "").strip().lower()
    return asked if asked in languages else preferred(request.headers.get("accept-language", ""), languages)


def preferred(accepted: str, languages: Sequence[str]) -> str:
    """The one of `languages` that an ``Accept-Language`` prefers, else the first."""
    ranked = sorted((_weighed(item) for item in accepted.split(",")), key=lambda pair: -pair[1])
    known = (language for language, weight in ranked if weight > 0 and language in languages)
    return next(known, languages[0])


def _weighed(item: str) -> tuple[str, float]:
    name, _, rest = item.partition(";")
    weight = rest.strip().removeprefix("q=")
    language = name.strip().lower().partition("-")[0]
    return language, float(weight) if re.fullmatch(r"[01](\.\d+)?", weight) else 1.0
