"""What the settings mean, in a few lines."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.plan.desk import Desk
from scheduler.settings.settings import Settings
from scheduler.timetable.recurrence import sessions_between
from scheduler.timetable.shift import Shift

FORTNIGHT = timedelta(days=14)


def say(language: str, vi: str, en: str) -> str:
    """The one of two sentences that is in `language`."""
    return vi if language == "vi" else en


def counted(count: int, one: str, many: str = "") -> str:
    """So many of a thing in English; `many` is the plural, where it is not `one` with an s."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def summary_in_words(settings: Settings, path: str, language: str, now: datetime) -> str:
    """What the settings mean: how much of everything, and what the next fortnight holds."""
    desk = settings.desk
    zone = settings.service.zone
    coming = _coming(desk, zone, now)
    counts = (len(desk.wards), len(desk.places), len(desk.services), len(desk.shifts), len(desk.people))
    known = desk.holidays.known_until
    lines = [
        say(
            language,
            f"{path}: hợp lệ. {counts[0]} phường, {counts[1]} địa điểm, {counts[2]} dịch vụ, "
            f"{counts[3]} ca trực, {counts[4]} người.",
            f"{path}: all right. {counted(counts[0], 'ward')}, {counted(counts[1], 'place')}, "
            f"{counted(counts[2], 'service')}, {counted(counts[3], 'shift')}, "
            f"{counted(counts[4], 'person', 'people')}.",
        ),
        say(
            language,
            f"14 ngày tới có {coming} buổi trực.",
            f"{counted(coming, 'session')} in the next 14 days.",
        ),
    ]
    if known is not None:
        lines.append(
            say(
                language,
                f"Lịch nghỉ lễ chính thức đã biết đến {known:%d/%m/%Y}; sau ngày đó là dự kiến.",
                f"Public holidays are official up to {known:%d/%m/%Y}; later ones are an estimate.",
            )
        )
    return "\n".join(lines)


def _coming(desk: Desk, zone: ZoneInfo, now: datetime) -> int:
    """How many sessions begin in the next fortnight; shifts with the same rule are looked at once."""
    first, last = now.astimezone(zone).date(), (now + FORTNIGHT).astimezone(zone).date()
    alike = Counter(shift.rule for shift in desk.shifts.values())
    return sum(
        count * sum(now < one.starts <= now + FORTNIGHT for one in sessions)
        for rule, count in alike.items()
        for sessions in [sessions_between(Shift("", "", "", rule), desk.holidays, zone, first, last)]
    )
