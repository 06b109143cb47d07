"""What can be said of a session from a personal page: how it stands, and that it is not held."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from scheduler.roster.person import Person
from scheduler.service.office import Office
from scheduler.service.show_desk import may_speak
from scheduler.service.show_watch import coordinated_places
from scheduler.service.speak_for_desk import (
    LIVE,
    MOST_LEFT,
    Live,
    Spoken,
    ask_to_call_off,
    call_off,
    hold_after_all,
    keep,
    say_of_session,
)
from scheduler.store import assignments, sessions
from scheduler.timetable.opening import State
from scheduler.web.personal.asked import number_in

UNKNOWN = "not_understood"


def speak(
    connection: Connection, office: Office, person: Person, form: Mapping[str, str], now: datetime
) -> tuple[str, int]:
    """Does what a form says of the session that it names; returns a word of the page and the session.

    Who is neither at that counter nor coordinates its ward changes nothing.
    """
    rows = sessions.rows_by_id(connection, [number_in(form, "session")])
    coordinated = coordinated_places(office, person.id)
    seats = assignments.by_session(connection, [row.id for row in rows])
    if not rows or not may_speak(rows[0], seats.get(rows[0].id, []), person.id, coordinated):
        return "unchanged", 0
    decides = rows[0].place in coordinated
    said = _spoken(connection, office, person.id, rows[0], decides, form, now)
    return (said if isinstance(said, str) else str(said)), rows[0].id


def _spoken(
    connection: Connection,
    office: Office,
    person: str,
    session: Row[Any],
    decides: bool,
    form: Mapping[str, str],
    now: datetime,
) -> Spoken | str:
    reason = form.get("reason", "")
    match form.get("says", ""):
        case "off":
            then = call_off if decides else ask_to_call_off
            return then(connection, office, session, reason, person, now)
        case "keep" if decides:
            return keep(connection, session, person, now)
        case "hold" if decides:
            return hold_after_all(connection, office, session, person, now)
        case said:
            live = _live(said, form)
            return say_of_session(connection, office, session, live, person, now) if live else UNKNOWN


def _live(said: str, form: Mapping[str, str]) -> Live | None:
    left = form.get("left", "").strip()
    if said == "left":
        is_number = left.isascii() and left.isdigit() and int(left[:6]) <= MOST_LEFT
        return Live.places(int(left)) if is_number else None
    return Live(State(said)) if said in LIVE else None
