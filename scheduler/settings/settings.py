"""The settings as frozen values: what the file says, parsed once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from notifications.template import Templates
from notifications.terms import Terms
from scheduler.plan.desk import Desk
from scheduler.reminders.vocabulary import shipped_templates
from scheduler.roster.rules import RosterRules
from scheduler.timetable.label import Label


class Mode(StrEnum):
    """Whether an edit is applied by the service, or waits for ``catruc apply``."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Apply:
    """How edits come into force; `wait` is the time before texts about a change go out."""

    mode: Mode = Mode.AUTOMATIC
    wait: timedelta = timedelta(minutes=10)
    hold_above_cancelled: int = 20
    hold_above_texts: int = 500


@dataclass(frozen=True, slots=True)
class Identity:
    """Who runs this desk, where and in which languages; the first language is the default."""

    name: Label
    zone: ZoneInfo
    languages: tuple[str, ...] = ("vi", "en")
    plan_ahead: timedelta = timedelta(days=28)
    database: str = "sqlite:///catruc.db"
    public_url: str = "http://127.0.0.1:8000"
    hotline: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """That somebody agreed to be texted on a day, and the row of the list that says so."""

    phone: str
    on: date
    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Following:
    """What residents may make us send.

    To numbers of which countries ("VN"), how many notices a month to one number, and how many codes and
    answers a day to all who ask.
    """

    countries: tuple[str, ...] = ("VN",)
    texts_a_month: int = 12
    answers_a_day: int = 200


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything one settings file says, with all that it includes.

    `agreements` are those of people who serve, in the order of the lists.
    `templates` are the texts, those of the administrator among them; `source` is what all this was read from.
    """

    service: Identity
    desk: Desk
    terms: Terms = field(default_factory=Terms)
    audience_terms: Mapping[str, Terms] = field(default_factory=dict)
    apply: Apply = field(default_factory=Apply)
    agreements: tuple[Agreement, ...] = ()
    roster: RosterRules = field(default_factory=RosterRules)
    following: Following = field(default_factory=Following)
    templates: Templates = field(default_factory=shipped_templates, repr=False)
    source: str = ""

    def terms_for(self, audience: str) -> Terms:
        """The terms of "staff", "volunteer" or "resident"."""
        return self.audience_terms.get(audience, self.terms)
