"""Asks substitutes when too few have said yes and time is short."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from scheduler.reminders.decide import lead_instant
from scheduler.reminders.quiet import after_quiet
from scheduler.reminders.reminder import Audience
from scheduler.roster.assignment import HOLDING, Standing
from scheduler.roster.fill import fill_roster as choose
from scheduler.roster.vacancy import Choice, Vacancy
from scheduler.roster.wave import Search, next_wave_at, size_of_wave
from scheduler.service.cause import Cause
from scheduler.service.gather_part import can_anybody, gather_part
from scheduler.service.know_people import askable, know_people
from scheduler.service.office import Office
from scheduler.service.queue_reminders import queue_reminders
from scheduler.store import assignments, sessions
from scheduler.store.searches import note_search, searched_at
from scheduler.timetable.shift import Need, Role

# No lead of the settings reaches further than a window of days does.
DAY = timedelta(days=1)
# A session whose search begins at this very instant counts.
A_MOMENT = timedelta(seconds=1)
SAID_YES = (Standing.CONFIRMED,)
UNANSWERED = (Standing.PROPOSED, Standing.ASKED, Standing.SOUGHT)
ASKED = (*UNANSWERED, Standing.DECLINED)
IN_VAIN = (Standing.ASKED, Standing.SILENT)


def seek_substitutes(connection: Connection, office: Office, now: datetime) -> None:
    """Begins each wave that is due; at night nobody is asked."""
    if _is_quiet(office, now):
        return
    vacancies: list[Vacancy] = []
    for row, seats, begins, searched in _short_of_time(connection, office, now, now):
        for need, search in _searches(office, row, seats, searched):
            at = next_wave_at(search, begins)
            if at is not None and at <= now:
                vacancies.append(_vacancy(office, row, seats, need.role, size_of_wave(search)))
                note_search(connection, row.id, need.role, now)
    choices = _choices(connection, office, vacancies, now)
    _seek(connection, choices, now)
    touched = {choice.session for choice in choices}
    queue_reminders(connection, office, touched, Cause.SUBSTITUTES, now)


def next_seeking(connection: Connection, office: Office, until: datetime, now: datetime) -> datetime | None:
    """When the next wave up to `until` is due, or None."""
    dues = [
        after_quiet(max(at, now), office.settings.terms_for(Audience.VOLUNTEER).quiet, office.zone)
        for row, seats, begins, searched in _short_of_time(connection, office, now, until)
        for _, search in _searches(office, row, seats, searched)
        if (at := next_wave_at(search, begins))
    ]
    return min((due for due in dues if due <= until), default=None)


def best_substitutes(
    connection: Connection, office: Office, row: Row[Any], count: int, now: datetime
) -> tuple[Choice, ...]:
    """So many of the best for each role of a session that lacks a yes, whom nobody has asked yet."""
    seats = assignments.by_session(connection, [row.id]).get(row.id, [])
    wanted = [need.role for need, search in _searches(office, row, seats, {}) if search.open > 0]
    return _choices(connection, office, [_vacancy(office, row, seats, role, count) for role in wanted], now)


def ask_substitutes(
    connection: Connection, office: Office, row: Row[Any], choices: Iterable[Choice], now: datetime
) -> None:
    """Asks these people to stand in; the first yes wins."""
    _seek(connection, choices, now)
    queue_reminders(connection, office, [row.id], Cause.SUBSTITUTES, now)


def is_time_to_seek(office: Office, row: Row[Any], now: datetime) -> bool:
    """Whether so little time is left that substitutes are asked in waves, not one after another."""
    begins = _begins(office, row)
    return begins is not None and begins <= now


def _short_of_time(
    connection: Connection, office: Office, now: datetime, until: datetime
) -> Iterator[tuple[Row[Any], list[Row[Any]], datetime, Mapping[tuple[int, str], datetime]]]:
    """The sessions to come whose search begins by `until`: their seats, that instant, earlier searches."""
    leads = [office.desk.leads_of(shift).escalate for shift in office.desk.shifts]
    furthest = max((lead.elapsed or DAY * ((lead.days or 0) + 1) for lead in leads if lead), default=None)
    if furthest is None:
        return
    coming = [
        row
        for row in sessions.rows_between(connection, now, until + furthest + A_MOMENT)
        if row.starts > now and row.state != sessions.CANCELLED
    ]
    begun = [(row, begins) for row in coming if (begins := _begins(office, row)) and begins <= until]
    ids = [row.id for row, _ in begun]
    seats, searched = assignments.by_session(connection, ids), searched_at(connection, ids)
    for row, begins in begun:
        yield row, seats.get(row.id, []), begins, searched


def _begins(office: Office, row: Row[Any]) -> datetime | None:
    """When substitutes are first asked for a session; None when never."""
    shift = office.desk.shifts.get(row.shift)
    lead = office.desk.leads_of(row.shift).escalate if shift and shift.needs else None
    if lead is None:
        return None
    # An edit that may still be undone makes nobody be asked.
    settled: datetime = row.changed_at + office.settings.apply.wait
    return max(lead_instant(lead, row.starts, office.zone), settled)


def _searches(
    office: Office,
    row: Row[Any],
    seats: Sequence[Row[Any]],
    searched: Mapping[tuple[int, str], datetime],
) -> Iterator[tuple[Need, Search]]:
    for need in office.desk.shifts[row.shift].needs:
        own = [seat for seat in seats if seat.role == need.role]
        # Staff are told, not asked: who holds a seat comes.
        yes = sum(seat.state in (HOLDING if need.role is Role.STAFF else SAID_YES) for seat in own)
        # Who has only just been put there has not been asked in vain yet.
        waiting = sum(seat.state in UNANSWERED for seat in own)
        asked_at = max((seat.since for seat in own if seat.state in ASKED), default=None)
        yield need, Search(need.count - yes, waiting, asked_at, row.starts, searched.get((row.id, need.role)))


def _choices(
    connection: Connection, office: Office, vacancies: Collection[Vacancy], now: datetime
) -> tuple[Choice, ...]:
    people = askable(connection, know_people(connection, office, now), now) if vacancies else {}
    # Mostly there is nobody: that costs less to know than a roster.
    if not vacancies or not can_anybody(connection, office, vacancies, people, now):
        return ()
    return choose(gather_part(connection, office, vacancies, people, now))


def _seek(connection: Connection, choices: Iterable[Choice], now: datetime) -> None:
    chosen = [(choice.session, choice.role, choice.person) for choice in choices]
    assignments.add(connection, chosen, Standing.SOUGHT, named=False, now=now)


def _vacancy(office: Office, row: Row[Any], seats: Sequence[Row[Any]], role: Role, count: int) -> Vacancy:
    # Who was asked for it, was silent and had to give way would only hear the same question again.
    barred = frozenset(
        seat.person for seat in seats if seat.state != Standing.RELEASED or seat.was in IN_VAIN
    )
    ward = office.desk.places[row.place].ward
    return Vacancy(row.id, role, count, row.starts, row.ends, ward, barred, row.place, row.service)


def _is_quiet(office: Office, now: datetime) -> bool:
    quiet = office.settings.terms_for(Audience.VOLUNTEER).quiet
    return quiet is not None and quiet.covers(now.astimezone(office.zone).time())
