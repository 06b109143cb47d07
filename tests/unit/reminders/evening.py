"""One evening to be reminded of: Tuesday 17 November 2026, 17:00-19:30 in Saigon, known since the 3rd."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from notifications.terms import Quiet
from scheduler.reminders.case import Case, Follower, Seat, Told
from scheduler.reminders.decide import Rules, reminders_of
from scheduler.reminders.lead import Leads
from scheduler.reminders.reminder import Audience, Reminder
from scheduler.roster.assignment import Standing
from scheduler.timetable.shift import Role

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT = Quiet(time(21), time(7))
RULES = Rules(Leads(), dict.fromkeys(Audience, NIGHT), SAIGON, timedelta(minutes=10))
AN = "person:an"
FOLLOWER = "follower:7"


def at(wall: str) -> datetime:
    """The instant of a time of November 2026 in Saigon: "17 17:00"."""
    return datetime.fromisoformat(f"2026-11-{wall}").replace(tzinfo=SAIGON).astimezone(UTC)


def wall(instant: datetime) -> str:
    """What clocks in Saigon show at an instant of that month: "17 17:00"."""
    return f"{instant.astimezone(SAIGON):%d %H:%M}"


def seat(
    standing: Standing = Standing.PROPOSED,
    role: Role = Role.VOLUNTEER,
    since: str = "03 09:00",
    changed_at: str = "",
    person: str = "an",
) -> Seat:
    """A seat at that evening."""
    return Seat(person, role, standing, at(since), at(changed_at) if changed_at else None)


def follower(since: str = "03 09:00") -> Follower:
    """A resident who follows the service."""
    return Follower(7, "+84901000007", "vi", at(since))


def evening(
    *seats: Seat, hours: str = "17 17:00/17 19:30", changed_at: str = "03 09:00", **more: Any
) -> Case:
    """The case of that evening, or of what it has become."""
    starts, ends = map(at, hours.split("/"))
    case = Case(
        session=1,
        starts=starts,
        ends=ends,
        place="ubnd",
        is_on=True,
        known_at=at("03 09:00"),
        changed_at=at(changed_at),
        seats=seats,
    )
    return replace(case, **more)


def told(about: str, wall_clock: str, was_notice: bool = False) -> Told:
    """What somebody was told, and when."""
    return Told(about, at(wall_clock), was_notice)


def decided(case: Case, recipient: str = AN, rules: Rules = RULES) -> list[Reminder]:
    """What must be said to one recipient, by time."""
    found = (one for one in reminders_of(case, rules) if str(one.recipient) == recipient)
    return sorted(found, key=lambda one: one.send_at)


def said(case: Case, recipient: str = AN, rules: Rules = RULES) -> list[tuple[str, str]]:
    """The same as kind and time."""
    return [(str(one.kind), wall(one.send_at)) for one in decided(case, recipient, rules)]
