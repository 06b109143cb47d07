"""Derives all reminders of a session from its facts.

A person's reminders are a ladder: ask, chase, remind. What is late is useful until the next rung, the last
one until the session begins. A change told makes a notice, and the rungs around it are left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from notifications.terms import Quiet
from scheduler.reminders.case import OFF, RELEASED, Case, Follower, Seat, Told, about_held, told_start
from scheduler.reminders.lead import Lead, Leads
from scheduler.reminders.quiet import after_quiet, before_quiet
from scheduler.reminders.reminder import CALLED_OFF, SENT_HOME, Audience, Kind, Recipient, Reminder
from scheduler.roster.assignment import Standing
from scheduler.timetable.instant import to_utc
from scheduler.timetable.shift import Role

# A notice that waits for the morning must still leave time to change plans.
MARGIN = timedelta(hours=1)
# What the desk decides is told sooner than an edit, which may be one of many: it can be taken back so long.
SETTLES = timedelta(minutes=2)
# A notice tells the new time: a reminder of the same hour would only repeat it.
SUPERSEDED = timedelta(hours=1)
_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say of reminders; `wait` is the time before a change is told."""

    leads: Leads
    quiet: dict[Audience, Quiet | None]
    zone: ZoneInfo
    wait: timedelta


@dataclass(frozen=True, slots=True)
class _Rung:
    kind: Kind
    key: str
    send_at: datetime
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class _Change:
    """Something that is no longer as it was told, and when that came about."""

    kind: Kind
    known_at: datetime


def reminders_of(case: Case, rules: Rules) -> tuple[Reminder, ...]:
    """Everything that must be said about this session as things stand.

    Left out is what was past already when the session, the seat or the follower became known. What has been
    sent since is still in it, under the key that it was sent with.
    """
    found: list[Reminder] = []
    if case.by_desk:
        rules = replace(rules, wait=SETTLES)
    for seat in case.seats:
        found.extend(_for_seat(case, seat, rules))
    for follower in case.followers:
        found.extend(_for_follower(case, follower, rules))
    if case.is_on and (case.missing or case.unanswered):
        found.extend(_for_coordinators(case, rules))
    return tuple(found)


def lead_instant(lead: Lead, starts: datetime, zone: ZoneInfo) -> datetime:
    """When a reminder with this lead goes: elapsed time before `starts`, or wall clock some days before."""
    if lead.at is None:
        return starts - (lead.elapsed or timedelta(0))
    day = starts.astimezone(zone).date() - timedelta(days=lead.days or 0)
    return to_utc(day, lead.at, zone)


def _for_seat(case: Case, seat: Seat, rules: Rules) -> list[Reminder]:
    recipient = Recipient.person(seat.person)
    told = case.told.get(str(recipient))
    audience = Audience.STAFF if seat.role is Role.STAFF else Audience.VOLUNTEER
    notice = _notice(case, recipient, told, audience, _change_for(case, seat, told), rules)
    settled = _settled_at(case, audience, rules)
    since = _since(case, seat.since, told, settled, rules)
    rungs: list[_Rung] = []
    if case.is_on and seat.is_held:
        rungs = _seat_rungs(case, seat, audience, since, rules)
    elif case.is_on and seat.is_sought:
        rungs = [_sought(case, seat, audience, rules)]
    return _ladder(case, recipient, audience, rungs, told, notice, settled)


def _for_follower(case: Case, follower: Follower, rules: Rules) -> list[Reminder]:
    recipient = Recipient.follower(follower.id)
    told = case.told.get(str(recipient)) or _known_by_the_page(case, follower)
    change = _change_for_resident(case, told)
    notice = _notice(case, recipient, told, Audience.RESIDENT, change, rules)
    settled = _settled_at(case, Audience.RESIDENT, rules)
    since = _since(case, follower.since, told, settled, rules)
    rungs = (
        _timed(case, recipient, Kind.RESIDENT, rules.leads.resident, Audience.RESIDENT, since, rules)
        if case.is_on and follower.is_covered
        else []
    )
    return _ladder(case, recipient, Audience.RESIDENT, rungs, told, notice, settled)


def _known_by_the_page(case: Case, follower: Follower) -> Told | None:
    """Who follows may have counted on a session that the desk calls off, though no text had named it yet."""
    if not (case.called_off and follower.is_covered and follower.since <= case.changed_at):
        return None
    return Told(about_held(case.starts, case.ends, case.place), case.known_at, was_notice=False)


def _for_coordinators(case: Case, rules: Rules) -> list[Reminder]:
    lead = rules.leads.escalate
    if lead is None:
        return []
    settled = _settled_at(case, Audience.STAFF, rules)
    since = _since(case, case.known_at, None, settled, rules)
    found: list[Reminder] = []
    for person in dict.fromkeys(case.coordinators):
        recipient = Recipient.person(person)
        rungs = _timed(case, recipient, Kind.ESCALATE, (lead,), Audience.STAFF, since, rules)
        ladder = _ladder(case, recipient, Audience.STAFF, rungs, None, None, settled)
        found.extend(replace(one, about="") for one in ladder)
    return found


def _settled_at(case: Case, audience: Audience, rules: Rules) -> datetime | None:
    """When the last change may be told; None without one, or when the session begins before that."""
    if case.changed_at <= case.known_at:
        return None
    at = after_quiet(case.changed_at + rules.wait, rules.quiet[audience], rules.zone)
    return at if at < case.starts else None


def _since(case: Case, own: datetime, told: Told | None, settled: datetime | None, rules: Rules) -> datetime:
    """The instant after which rungs count: what was past by then is left out."""
    known_at = max(case.known_at, own)
    if told and told.about == case.about and told.at < case.changed_at:
        return known_at  # undone: for them nothing has changed
    if told is None and settled:
        # An edit may have held back, until it settles, what fell due just before it was edited again.
        return max(known_at, case.changed_at - rules.wait)
    return max(known_at, case.changed_at)


def _change_for(case: Case, seat: Seat, told: Told | None) -> _Change | None:
    """What a person must be told because it is no longer what they were told."""
    if told is None:
        return None
    if seat.standing is Standing.RELEASED:
        known_at = max(case.changed_at, seat.changed_at or seat.since)
        kind = _sent_home(seat) if case.is_on else Kind.CANCELLED
        return _Change(kind, known_at) if told.about not in (OFF, RELEASED) else None
    if not (seat.is_held or seat.is_sought) or told.about == case.about:
        return None
    # Who was sent home and is expected again has been asked anew, or has to hear of it here.
    if told.about == RELEASED and (seat.is_unanswered or seat.is_sought or not case.is_on):
        return None
    return _Change(_kind_of_change(case, told), max(case.changed_at, seat.since))


def _sent_home(seat: Seat) -> Kind:
    """Who had been asked with others is told that the seat is filled, not that they need not come."""
    return Kind.FILLED if seat.was is Standing.SOUGHT else Kind.RELEASED


def _kind_of_change(case: Case, told: Told) -> Kind:
    if not case.is_on:
        return Kind.CANCELLED
    return Kind.RESTORED if told.about in (OFF, RELEASED) else Kind.MOVED


def _change_for_resident(case: Case, told: Told | None) -> _Change | None:
    if told is None or told.about == case.about:
        return None
    if not case.is_on:
        return _Change(Kind.RESIDENT_CANCELLED, case.changed_at)
    kind = Kind.RESIDENT_RESTORED if told.about == OFF else Kind.RESIDENT_MOVED
    return _Change(kind, case.changed_at)


def _notice(
    case: Case,
    recipient: Recipient,
    told: Told | None,
    audience: Audience,
    change: _Change | None,
    rules: Rules,
) -> Reminder | None:
    if change is None or told is None:
        return None
    awaited = told_start(told.about)
    starts = awaited if awaited and change.kind in CALLED_OFF else case.starts
    deadline = min(awaited, starts) if awaited and awaited > change.known_at else starts
    # Moved to a time that has begun: until the time that they still await they can be spared the way.
    until = awaited if awaited and starts <= change.known_at else starts
    at = change.known_at + rules.wait
    if at >= deadline:
        at = change.known_at
    morning = after_quiet(at, rules.quiet[audience], rules.zone)
    # Only who would come in vain is woken; that something is held after all can wait.
    urgent = awaited is not None and morning > at and morning > deadline - MARGIN
    send_at = at if urgent else morning
    if send_at >= until:
        return None
    return Reminder(
        # The instant tells one stay in a seat from the next: the session may be the same.
        key=f"{change.kind}/{case.session}/{recipient.id}/{case.revision}/{_stamp(change.known_at)}",
        kind=change.kind,
        recipient=recipient,
        audience=audience,
        send_at=send_at,
        expires_at=until,
        about=RELEASED if change.kind in SENT_HOME else case.about,
        was=told.about,
        urgent=urgent,
    )


def _seat_rungs(case: Case, seat: Seat, audience: Audience, since: datetime, rules: Rules) -> list[_Rung]:
    recipient = Recipient.person(seat.person)
    leads = rules.leads
    if audience is Audience.STAFF:
        return _timed(case, recipient, Kind.DUTY, leads.staff, audience, since, rules)
    rungs: list[_Rung] = []
    ask = _ask(case, seat, since, rules) if leads.ask and seat.is_unanswered else None
    if leads.chase:
        kind = Kind.CHASE if seat.is_unanswered else Kind.REMIND
        # One rung, one key: who answers after it went is not reminded of the same by the same rung.
        rungs += _timed(case, recipient, kind, (leads.chase,), audience, since, rules, "chase")
    if ask:
        rungs = [ask, *(rung for rung in rungs if not _absorbs(ask, rung, rules.zone))]
    return rungs + _timed(case, recipient, Kind.REMIND, leads.remind, audience, since, rules)


def _ask(case: Case, seat: Seat, since: datetime, rules: Rules) -> _Rung:
    quiet = rules.quiet[Audience.VOLUNTEER]
    assert rules.leads.ask is not None
    # Who was released and is wanted again is asked again: the seat is another one.
    key = f"{Kind.ASK}/{case.session}/{seat.person}/{_stamp(seat.since)}"
    instant, _ = _planned(rules.leads.ask, case.starts, quiet, rules.zone)
    if instant > since:
        return _Rung(Kind.ASK, key, instant)
    return _Rung(Kind.ASK, key, after_quiet(since, quiet, rules.zone), is_late=True)


def _sought(case: Case, seat: Seat, audience: Audience, rules: Rules) -> _Rung:
    """Asked at once: time is short. At night nobody is woken for it."""
    key = f"{Kind.SUBSTITUTE}/{case.session}/{seat.person}/{_stamp(seat.since)}"
    at = after_quiet(seat.since, rules.quiet[audience], rules.zone)
    return _Rung(Kind.SUBSTITUTE, key, at, is_late=True)


def _absorbs(ask: _Rung, chase: _Rung, zone: ZoneInfo) -> bool:
    """A chase on the day of a late ask would be the same question twice in one day."""
    if not ask.is_late:
        return chase.send_at <= ask.send_at
    return chase.send_at.astimezone(zone).date() <= ask.send_at.astimezone(zone).date()


def _timed(
    case: Case,
    recipient: Recipient,
    kind: Kind,
    leads: Iterable[Lead],
    audience: Audience,
    since: datetime,
    rules: Rules,
    name: str = "",
) -> list[_Rung]:
    rungs: list[_Rung] = []
    for lead in leads:
        at, name_of_rung = _planned(lead, case.starts, rules.quiet[audience], rules.zone)
        if at > since:
            rungs.append(_Rung(kind, f"{name or kind}/{case.session}/{recipient.id}/{name_of_rung}", at))
    return rungs


@lru_cache(maxsize=_REMEMBERED)
def _planned(lead: Lead, starts: datetime, quiet: Quiet | None, zone: ZoneInfo) -> tuple[datetime, str]:
    """When a reminder goes where nothing stands against it, and what its key ends with.

    The same for everybody at a session, of whom there may be many.
    """
    return before_quiet(lead_instant(lead, starts, zone), quiet, zone), f"{lead}/{_stamp(starts)}"


@lru_cache(maxsize=_REMEMBERED)
def _stamp(instant: datetime) -> str:
    return f"{instant:%Y%m%dT%H%MZ}"


def _ladder(
    case: Case,
    recipient: Recipient,
    audience: Audience,
    rungs: list[_Rung],
    told: Told | None,
    notice: Reminder | None,
    settled: datetime | None,
) -> list[Reminder]:
    # While an edit may still be undone nobody hears its time; for who knows the time already it is none.
    if settled and not notice and (told is None or told.about != case.about):
        rungs = [replace(rung, send_at=max(rung.send_at, settled)) for rung in rungs]
    # Of two at one instant the earlier rung is said: who has yet to be asked is not reminded.
    by_instant = {
        rung.send_at: rung
        for rung in reversed(rungs)
        if rung.send_at < case.starts and not _superseded(rung, case, told, notice)
    }
    kept = [by_instant[instant] for instant in sorted(by_instant)]
    ends = [*(rung.send_at for rung in kept), case.starts][1:]
    reminders = [
        Reminder(rung.key, rung.kind, recipient, audience, rung.send_at, until, case.about)
        for rung, until in zip(kept, ends, strict=True)
    ]
    return [notice, *reminders] if notice else reminders


def _superseded(rung: _Rung, case: Case, told: Told | None, notice: Reminder | None) -> bool:
    if notice:
        return rung.send_at <= notice.send_at + SUPERSEDED
    if told is None or not told.was_notice or told.about != case.about:
        return False
    return rung.send_at <= told.at + SUPERSEDED
