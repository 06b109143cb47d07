"""Reminders that would fall in quiet hours: they go before them, which may be hours earlier than meant."""

from collections.abc import Iterator
from datetime import time, timedelta

from notifications.terms import Quiet
from scheduler.plan.desk import Desk
from scheduler.reminders.lead import Lead, Leads
from scheduler.settings.finding import Finding
from scheduler.settings.grammar import File, RemindersTable, Table
from scheduler.settings.locate import Path
from scheduler.settings.settings import Settings
from scheduler.timetable.shift import Role, Shift

_DAY_MINUTES = 24 * 60
_VOLUNTEER_KEYS = ("ask", "chase", "remind")


def reminders_in_quiet(file: File, settings: Settings) -> Iterator[Finding]:
    """Wall-clock times are told where they, or the quiet hours, are written; elapsed ones at the shift."""
    for path, table in _tables(file):
        yield from _written_in_quiet(path, table, settings, file)
    yield from _default_in_quiet(file, settings)
    yield from _elapsed_in_quiet(settings)


def _tables(file: File) -> Iterator[tuple[Path, RemindersTable]]:
    yield ("reminders",), file.reminders
    for number, service in enumerate(file.services):
        yield ("services", number, "reminders"), service.reminders
    for number, shift in enumerate(file.shifts):
        yield ("shifts", number, "reminders"), shift.reminders


def _written_in_quiet(path: Path, table: RemindersTable, settings: Settings, file: File) -> Iterator[Finding]:
    places: tuple[tuple[str, Path, Table, tuple[str, ...]], ...] = (
        ("staff", path, table, ("staff",)),
        ("resident", path, table, ("resident",)),
        ("volunteer", (*path, "volunteer"), table.volunteer, _VOLUNTEER_KEYS),
    )
    for audience, above, keyed, keys in places:
        for key in keys:
            if key in keyed.model_fields_set:
                for index, lead in enumerate(_several(getattr(keyed, key))):
                    found = _in_quiet((*above, key, index), lead, settings.terms_for(audience).quiet)
                    yield from (_against(each, audience, file) for each in found)


def _against(finding: Finding, audience: str, file: File) -> Finding:
    quiet = _quiet_path(audience, file)
    return Finding(finding.path, finding.code, finding.params, against=quiet)


def _quiet_path(audience: str, file: File) -> Path | None:
    """Where the quiet hours of an audience are written, if they are."""
    if "quiet" in getattr(file.sms, audience).model_fields_set:
        return ("sms", audience, "quiet")
    return ("sms", "quiet") if "quiet" in file.sms.model_fields_set else None


def _default_in_quiet(file: File, settings: Settings) -> Iterator[Finding]:
    """Lead times that nobody wrote, in quiet hours that somebody did."""
    default, written = Leads(), file.reminders
    keys = {"staff": ("staff",), "resident": ("resident",), "volunteer": _VOLUNTEER_KEYS}
    for audience in keys:
        path = _quiet_path(audience, file)
        table: Table = written.volunteer if audience == "volunteer" else written
        for key in keys[audience] if path else ():
            if path and key not in table.model_fields_set:
                for lead in _several(getattr(default, key)):
                    yield from _in_quiet(path, lead, settings.terms_for(audience).quiet)


def _several(value: Lead | list[Lead] | tuple[Lead, ...] | None) -> tuple[Lead, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, Lead) else tuple(value)


def _in_quiet(path: Path, lead: Lead, quiet: Quiet | None) -> Iterator[Finding]:
    if lead.at is not None and quiet is not None and quiet.covers(lead.at):
        yield _finding(path, lead.at, quiet)


def _elapsed_in_quiet(settings: Settings) -> Iterator[Finding]:
    """The reminders of each shift to whom it has; nobody is reminded where nobody is wanted."""
    desk = settings.desk
    common = _elapsed(desk.leads, settings)
    for number, shift in enumerate(desk.shifts.values()):
        own = desk.shift_leads.get(shift.id)
        for audience, before, quiet in common if own is None else _elapsed(own, settings):
            for index, span in enumerate(shift.rule.spans):
                at = _before(span.start, before)
                if quiet.covers(at) and _has(audience, shift, desk):
                    yield _finding(("shifts", number, "time", index), at, quiet)


def _elapsed(leads: Leads, settings: Settings) -> tuple[tuple[str, timedelta, Quiet], ...]:
    """The elapsed times before which somebody with quiet hours is reminded: whom, how much, which hours."""
    kinds = (("staff", leads.staff), ("volunteer", leads.remind), ("resident", leads.resident))
    return tuple(
        (audience, lead.elapsed, quiet)
        for audience, each in kinds
        if (quiet := settings.terms_for(audience).quiet) is not None
        for lead in each
        if lead.elapsed is not None
    )


def _has(audience: str, shift: Shift, desk: Desk) -> bool:
    """Whether a shift has such people to remind."""
    if audience == "resident":
        return desk.services[shift.service].public
    is_staff = [need.role is Role.STAFF for need in shift.needs]
    return not all(is_staff) if audience == "volunteer" else bool(shift.staff) or any(is_staff)


def _before(start: time, elapsed: timedelta) -> time:
    """The wall-clock time that much before `start`, but for a clock change."""
    minute = start.hour * 60 + start.minute - int(elapsed.total_seconds() // 60)
    return time(minute % _DAY_MINUTES // 60, minute % 60)


def _finding(path: Path, at: time, quiet: Quiet) -> Finding:
    hours = f"{quiet.start:%H:%M}-{quiet.end:%H:%M}"
    return Finding(path, "reminder_in_quiet", {"time": f"{at:%H:%M}", "quiet": hours})
