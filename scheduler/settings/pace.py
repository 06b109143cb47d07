"""More texts than may go: what people on duty are sent on the busiest day and at the busiest instant.

An estimate: followers are not known here, and a change of plan sends more.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.reminders.lead import Lead, Leads
from scheduler.settings.finding import Finding
from scheduler.settings.settings import Settings
from scheduler.timetable.recurrence import WEEK_ONE, sessions_between
from scheduler.timetable.shift import Role, Rule, Shift

# Long enough to hold every nth weekday and every day of the month once.
_SAMPLE = timedelta(days=35)
_DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class _Due:
    """Texts of one kind that are due at one instant, and the seconds until they come too late."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Duty:
    """What shifts have in common whose people are texted at the same instants."""

    rule: Rule
    seats: tuple[tuple[Role, int], ...]
    leads: Leads

    @property
    def texts(self) -> int:
        """The most that one date can hold: all leads of all sessions of a day."""
        each = sum(count * len(_leads(self.leads, role)) for role, count in self.seats)
        return each * len(self.rule.spans)


def texts_over_pace(settings: Settings) -> Iterator[Finding]:
    """A warning where the cap of a day, or the rate until it is too late, lets fewer texts through."""
    most, rate = settings.terms.daily_cap, settings.terms.rate
    duties = _duties(settings)
    if sum(duty.texts * count for duty, count in duties.items()) <= min(
        most, rate * _shortest(duties, settings)
    ):
        return
    due = _due(duties, settings)
    days: Counter[date] = Counter()
    for at, texts in due.items():
        days[at.date()] += texts.count
    busiest = max(days.values(), default=0)
    if busiest > most:
        yield Finding(("sms", "daily_cap"), "over_daily_cap", {"count": str(busiest), "most": str(most)})
    slow = {at: texts for at, texts in due.items() if texts.count > rate * texts.seconds}
    if slow:
        at, texts = max(slow.items(), key=lambda item: item[1].count / item[1].seconds)
        params = {"time": f"{at:%H:%M}", "count": str(texts.count), "most": str(int(rate * texts.seconds))}
        yield Finding(("sms", "rate"), "over_rate", params)


def _duties(settings: Settings) -> Counter[_Duty]:
    """How many shifts there are of each kind."""
    desk = settings.desk
    alike = Counter(
        (shift.rule, seats, desk.shift_leads.get(shift.id))
        for shift in desk.shifts.values()
        if (seats := _seats(shift))
    )
    return Counter(
        {_Duty(rule, seats, own or desk.leads): count for (rule, seats, own), count in alike.items()}
    )


def _seats(shift: Shift) -> tuple[tuple[Role, int], ...]:
    """How many people a session has in each role."""
    seats = {need.role: need.count for need in shift.needs}
    if shift.staff:
        seats[Role.STAFF] = max(seats.get(Role.STAFF, 0), len(shift.staff))
    return tuple(seats.items())


def _leads(leads: Leads, role: Role) -> tuple[Lead, ...]:
    """When somebody in this role is texted about one session."""
    if role is Role.STAFF:
        return leads.staff
    return (*filter(None, (leads.ask, leads.chase)), *leads.remind)


def _shortest(duties: Counter[_Duty], settings: Settings) -> float:
    """The fewest seconds that texts of any kind have."""
    kinds = {(role, lead) for duty in duties for role, _ in duty.seats for lead in _leads(duty.leads, role)}
    return min((_seconds(lead, settings, role) for role, lead in kinds), default=_DAY_SECONDS)


def _seconds(lead: Lead, settings: Settings, role: Role) -> float:
    """How long texts at a lead time may take: until the session begins, or quiet hours do."""
    if lead.elapsed is not None:
        return min(lead.elapsed.total_seconds(), _DAY_SECONDS)
    quiet = settings.terms_for("staff" if role is Role.STAFF else "volunteer").quiet
    if quiet is None or lead.at is None:
        return _DAY_SECONDS
    minutes = (quiet.start.hour - lead.at.hour) * 60 + quiet.start.minute - lead.at.minute
    return minutes * 60 % _DAY_SECONDS or _DAY_SECONDS


def _busiest_week(duties: Counter[_Duty]) -> date:
    """The Monday of the week in which the shifts that run have the most texts."""
    changes: Counter[date] = Counter()
    for duty, count in duties.items():
        first = max(duty.rule.first or WEEK_ONE, WEEK_ONE)
        changes[first - timedelta(days=first.weekday())] += duty.texts * count
        if duty.rule.last and duty.rule.last >= first:
            changes[duty.rule.last + timedelta(days=7 - duty.rule.last.weekday())] -= duty.texts * count
    running, most, busiest = 0, -1, WEEK_ONE
    for week in sorted(changes):
        running += changes[week]
        if running > most:
            most, busiest = running, week
    return busiest


def _due(duties: Counter[_Duty], settings: Settings) -> dict[datetime, _Due]:
    """The texts for sessions of five weeks, by the wall-clock time at which they are due."""
    zone, first = settings.service.zone, _busiest_week(duties)
    counts: Counter[datetime] = Counter()
    seconds: dict[datetime, float] = {}
    for duty, shifts in duties.items():
        kinds = [(role, seats, lead) for role, seats in duty.seats for lead in _leads(duty.leads, role)]
        shift = Shift("", "", "", duty.rule)
        for session in sessions_between(shift, settings.desk.holidays, zone, first, first + _SAMPLE):
            for role, seats, lead in kinds:
                at = _instant(session.starts, lead, zone)
                counts[at] += seats * shifts
                seconds[at] = min(seconds.get(at, _DAY_SECONDS), _seconds(lead, settings, role))
    return {at: _Due(count, seconds[at]) for at, count in counts.items()}


def _instant(starts: datetime, lead: Lead, zone: ZoneInfo) -> datetime:
    local = starts.astimezone(zone).replace(tzinfo=None)
    if lead.elapsed is not None:
        return local - lead.elapsed
    assert lead.days is not None
    assert lead.at is not None
    return datetime.combine(local.date() - timedelta(days=lead.days), lead.at)
