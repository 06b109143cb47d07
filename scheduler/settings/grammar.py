"""The shape of settings.toml: which keys each table has, and of which kind.

A key that may be left out has a neutral default here, even where it is required: `required` names those, so
that a faulty table can still be checked for everything else. What the values mean together is checked by
``judge``; what they become is in ``build``.
"""

from datetime import timedelta
from typing import Annotated, Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from notifications.terms import Accents, Answer
from scheduler.settings import leaves
from scheduler.settings.settings import Mode
from scheduler.timetable.label import Label
from scheduler.timetable.shift import OnHoliday

NAMELESS = Label("", "")


def _nothing() -> list[Any]:
    """The default of a list; of `list` itself pydantic looks up a signature, at half a millisecond a key."""
    return []


class Table(BaseModel):
    """A table of the file; a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)
    required: ClassVar[tuple[str, ...]] = ()


class ServiceTable(Table):
    """``[service]``: who runs this desk."""

    required = ("name", "timezone")
    name: leaves.Names = NAMELESS
    timezone: leaves.Zone = ZoneInfo("UTC")
    languages: Annotated[list[leaves.Languages], Field(min_length=1)] = [
        leaves.Language.VI,
        leaves.Language.EN,
    ]
    plan_ahead: leaves.Horizon = timedelta(days=28)
    database: leaves.Database = "sqlite:///catruc.db"
    public_url: leaves.Url = "http://127.0.0.1:8000"
    hotline: leaves.AnyText = ""


class HoldAbove(Table):
    """How big a change waits for a person."""

    cancelled: leaves.AtLeastZero = 20
    texts: leaves.AtLeastZero = 500


class ApplyTable(Table):
    """``[apply]``: how edits come into force."""

    mode: leaves.Modes = Mode.AUTOMATIC
    wait: leaves.Wait = timedelta(minutes=10)
    hold_above: HoldAbove = Field(default_factory=HoldAbove)


class Closure(Table):
    """Days on which the ward is closed; one day where `to` is left out."""

    required = ("from",)
    first: leaves.Day | None = Field(None, alias="from")
    last: leaves.Day | None = Field(None, alias="to")
    name: leaves.Names = Label("Nghỉ", "Closed")


class Swap(Table):
    """A working day off, and the day worked for it."""

    required = ("off", "worked")
    off: leaves.Day | None = None
    worked: leaves.Day | None = None


class CalendarTable(Table):
    """``[calendar]``: holidays."""

    country: leaves.AnyText = "VN"
    closed: list[Closure] = Field(default_factory=_nothing)
    swapped: list[Swap] = Field(default_factory=_nothing)


class RosterTable(Table):
    """``[roster]``: rules for everyone's duty; what is absent is no rule."""

    rest: leaves.Rest | None = None
    travel: leaves.Travel | None = None
    consecutive_days: leaves.DaysInARow | None = None
    weekends: leaves.Weekends | None = None
    first: Annotated[list[leaves.Text], leaves.OneOrSeveral] = Field(default_factory=_nothing)


class FollowTable(Table):
    """``[follow]``: whom residents' wishes may make us text, and how often."""

    countries: Annotated[list[leaves.Countries], leaves.OneOrSeveral, Field(min_length=1)] = Field(
        default_factory=lambda: [leaves.Country.VN]
    )
    texts_a_month: leaves.AMonth = 12
    answers_a_day: leaves.ADay = 200


class TermsTable(Table):
    """``[sms.staff]`` and its like: the terms for one audience; what is absent is as for everyone."""

    channel: leaves.Channels = leaves.Channel.CONSOLE
    sender: leaves.Sender = ""
    answer: leaves.Answers = Answer.LINK
    replies_to: leaves.RepliesTo = ""
    accents: leaves.AccentRule = Accents.STRIP
    max_segments: leaves.Segments = 1
    rate: leaves.Rate = 1.0
    quiet: leaves.QuietHours = None
    daily_cap: leaves.AtLeastOne = 2000
    only_to: list[leaves.Phone] = Field(default_factory=_nothing)
    price: leaves.SegmentPrice = None


class SmsTable(TermsTable):
    """``[sms]``: the terms for everyone."""

    staff: TermsTable = Field(default_factory=TermsTable)
    volunteer: TermsTable = Field(default_factory=TermsTable)
    resident: TermsTable = Field(default_factory=TermsTable)


class VolunteerReminders(Table):
    """``[reminders.volunteer]``."""

    ask: leaves.LeadTime | None = None
    chase: leaves.LeadTime | None = None
    remind: Annotated[list[leaves.LeadTime], leaves.OneOrSeveral] = Field(default_factory=_nothing)
    escalate: leaves.LeadTime | None = None


class RemindersTable(Table):
    """``[reminders]``: lead times; what is absent is as above it: the service's, everyone's, the default."""

    staff: Annotated[list[leaves.LeadTime], leaves.OneOrSeveral] = Field(default_factory=_nothing)
    resident: Annotated[list[leaves.LeadTime], leaves.OneOrSeveral] = Field(default_factory=_nothing)
    volunteer: VolunteerReminders = Field(default_factory=VolunteerReminders)


class NeedsTable(Table):
    """How many people of each role a session wants."""

    staff: leaves.HeadCount = 0
    volunteer: leaves.HeadCount = 0
    leader: leaves.HeadCount = 0


# One for all the shifts and services that say nothing: a city has thousands.
_NO_REMINDERS, _NO_NEEDS = RemindersTable(), NeedsTable()


class WardTable(Table):
    """``[[wards]]``."""

    required = ("name",)
    id: leaves.Ident = ""
    name: leaves.Names = NAMELESS
    formerly: list[leaves.Text] = Field(default_factory=_nothing)
    coordinators: list[leaves.Text] = Field(default_factory=_nothing)
    sender: leaves.Sender | None = None
    first: leaves.Day | None = Field(None, alias="from")
    until: leaves.Day | None = None


class PlaceTable(Table):
    """``[[places]]``."""

    required = ("name",)
    id: leaves.Ident = ""
    ward: leaves.Text = ""
    kind: leaves.Kinds = leaves.PlaceKind.OTHER
    name: leaves.Names = NAMELESS
    address: leaves.AnyText = ""
    map: leaves.Map | None = None


class DutyTable(Table):
    """``[[services]]``: a kind of duty."""

    required = ("name",)
    id: leaves.Ident = ""
    name: leaves.Names = NAMELESS
    short: leaves.Names | None = None
    after_hours: leaves.Flag = False
    public: leaves.Flag = True
    bring: leaves.Names | None = None
    last_entry: leaves.LastEntry | None = None
    fee: leaves.Names | None = None
    result: leaves.Names | None = None
    reminders: RemindersTable = Field(default_factory=lambda: _NO_REMINDERS)


class Away(Table):
    """Dates on which a person is away; one day where `to` is left out."""

    required = ("from",)
    first: leaves.Day | None = Field(None, alias="from")
    last: leaves.Day | None = Field(None, alias="to")


class PersonTable(Table):
    """``[[people]]``."""

    required = ("name", "phone")
    id: leaves.Ident = ""
    name: leaves.Text = ""
    phone: leaves.Phone = ""
    salutation: leaves.Names | None = None
    language: leaves.Languages | None = None
    roles: list[leaves.Roles] = Field(default_factory=_nothing)
    ward: leaves.Text = ""
    when: Annotated[list[leaves.WeeklyTime], leaves.OneOrSeveral] = Field(default_factory=_nothing)
    away: list[Away] = Field(default_factory=_nothing)
    at_most: Annotated[list[leaves.DutyLimit], leaves.OneOrSeveral] = Field(default_factory=_nothing)
    not_with: Annotated[list[leaves.Text], leaves.OneOrSeveral] = Field(default_factory=_nothing)
    prefers: Annotated[list[leaves.Text], leaves.OneOrSeveral] = Field(default_factory=_nothing)


class DeputyTable(Table):
    """Who stands in for a named member of staff, and when."""

    required = ("for", "is", "from", "to")
    absent: leaves.Text = Field("", alias="for")
    stand_in: leaves.Text = Field("", alias="is")
    first: leaves.Day | None = Field(None, alias="from")
    last: leaves.Day | None = Field(None, alias="to")


class ShiftTable(Table):
    """``[[shifts]]``."""

    required = ("service", "days", "time")
    id: leaves.Ident = ""
    service: leaves.Text = ""
    place: leaves.Text = ""
    days: Annotated[list[leaves.DayRule], leaves.OneOrSeveral, Field(min_length=1)] = Field(
        default_factory=_nothing
    )
    every: leaves.Weeks = 1
    time: Annotated[list[leaves.Hours], leaves.OneOrSeveral, Field(min_length=1)] = Field(
        default_factory=_nothing
    )
    first: leaves.Day | None = Field(None, alias="from")
    until: leaves.Day | None = None
    on_holiday: leaves.HolidayRule = OnHoliday.SKIP
    excepted: list[leaves.Day] = Field(default_factory=_nothing, alias="except")
    also: list[leaves.Day] = Field(default_factory=_nothing)
    needs: NeedsTable = Field(default_factory=lambda: _NO_NEEDS)
    staff: list[leaves.Text] = Field(default_factory=_nothing)
    deputies: list[DeputyTable] = Field(default_factory=_nothing)
    capacity: leaves.AtLeastOne | None = None
    reminders: RemindersTable = Field(default_factory=lambda: _NO_REMINDERS)


class File(Table):
    """The whole of settings.toml; what it includes, and the lists of people, are put in by ``whole``."""

    include: Annotated[list[leaves.Text], leaves.OneOrSeveral] = Field(default_factory=_nothing)
    texts: leaves.Text = ""
    service: ServiceTable = Field(default_factory=ServiceTable)
    apply: ApplyTable = Field(default_factory=ApplyTable)
    calendar: CalendarTable = Field(default_factory=CalendarTable)
    roster: RosterTable = Field(default_factory=RosterTable)
    sms: SmsTable = Field(default_factory=SmsTable)
    follow: FollowTable = Field(default_factory=FollowTable)
    reminders: RemindersTable = Field(default_factory=RemindersTable)
    wards: list[WardTable] = Field(default_factory=_nothing)
    places: list[PlaceTable] = Field(default_factory=_nothing)
    services: list[DutyTable] = Field(default_factory=_nothing)
    people: list[PersonTable] = Field(default_factory=_nothing)
    shifts: list[ShiftTable] = Field(default_factory=_nothing)
