"""The sessions that the settings want."""

from datetime import date
from zoneinfo import ZoneInfo

from scheduler.plan.changes import Occurrence
from scheduler.plan.desk import Desk
from scheduler.timetable.recurrence import sessions_between


def occurrences(desk: Desk, zone: ZoneInfo, first: date, last: date) -> list[Occurrence]:
    """All sessions of all shifts from `first` to `last`, by the local date on which they start."""
    return [
        Occurrence(session, shift.service, shift.place)
        for shift in desk.shifts.values()
        for session in sessions_between(shift, desk.holidays, zone, first, last)
    ]
