"""What a personal page can do, each by the word that its form sends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row

from scheduler.roster.assignment import Standing
from scheduler.roster.person import Person
from scheduler.service import swap_shift
from scheduler.service.mark_attendance import mark_attendance
from scheduler.service.note_absence import end_absence, note_absence
from scheduler.service.office import Office
from scheduler.service.seek_substitutes import is_time_to_seek
from scheduler.service.show_watch import coordinated_places
from scheduler.service.take_answer import Answered, answer
from scheduler.store import assignments, sessions
from scheduler.web.personal.asked import date_in, number_in
from scheduler.web.personal.desk_deeds import speak

SURE = "sure"
UNCHANGED = "unchanged"
REFUSED: Mapping[Answered, str] = MappingProxyType({Answered.TAKEN: "filled", Answered.BUSY: "busy"})


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it, as a word of the page, and the session that it was about."""

    said: str
    about: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """Over what something is done: by whom, when, and as which form asks."""

    connection: Connection
    office: Office
    person: Person
    form: Mapping[str, str]
    now: datetime

    @property
    def session(self) -> Row[Any] | None:
        """The session that the form names, while it is held."""
        rows = sessions.rows_by_id(self.connection, [number_in(self.form, "session")])
        return rows[0] if rows and rows[0].state != sessions.CANCELLED else None

    def seat_of(self, person: str, session: Row[Any]) -> Row[Any] | None:
        """A person's seat at the session, in whatever state."""
        seats = assignments.by_session(self.connection, [session.id]).get(session.id, [])
        return next((seat for seat in seats if seat.person == person), None)


Deed: TypeAlias = Callable[[Desk], Done]


def do(
    connection: Connection, office: Office, person: Person, form: Mapping[str, str], now: datetime
) -> Done:
    """Does what the form asks for; what it names and nobody knows is not understood."""
    deed = DEEDS.get(form.get("do", ""))
    return deed(Desk(connection, office, person, form, now)) if deed else Done("not_understood")


def _yes(desk: Desk) -> Done:
    return _answer(desk, desk.person.id, yes=True)


def _no(desk: Desk) -> Done:
    """Late, a promise is not taken back by one tap: the page asks again first."""
    session = desk.session
    seat = desk.seat_of(desk.person.id, session) if session else None
    if session is None or seat is None or seat.named:
        return Done(UNCHANGED)
    is_promise = seat.state == Standing.CONFIRMED and session.starts > desk.now
    if is_promise and is_time_to_seek(desk.office, session, desk.now) and not desk.form.get(SURE):
        return Done(SURE, session.id)
    return _answer(desk, desk.person.id, yes=False)


def _record(desk: Desk) -> Done:
    """What a coordinator heard by telephone."""
    session = desk.session
    if session is None or session.place not in coordinated_places(desk.office, desk.person.id):
        return Done(UNCHANGED)
    done = _answer(desk, desk.form.get("person", ""), yes=desk.form.get("answer") == "yes")
    return Done("marked", session.id) if done.about else done


def _answer(desk: Desk, person: str, yes: bool) -> Done:
    session = desk.session
    if session is None:
        return Done(UNCHANGED)
    became = answer(desk.connection, desk.office, session, person, yes, desk.now)
    if became is Answered.DONE:
        return Done("confirmed" if yes else "declined", session.id)
    return Done(REFUSED.get(became, UNCHANGED))


def _offer(desk: Desk) -> Done:
    session = desk.session
    if session is None:
        return Done(swap_shift.Swapped.GONE)
    to = desk.form.get("to", "")
    said = swap_shift.offer_shift(desk.connection, desk.office, session, desk.person.id, to, desk.now)
    return Done(said, session.id)


def _withdraw(desk: Desk) -> Done:
    offer = number_in(desk.form, "offer")
    return Done(swap_shift.withdraw_offer(desk.connection, offer, desk.person.id, desk.now))


def _take(desk: Desk) -> Done:
    offer = number_in(desk.form, "offer")
    return Done(swap_shift.take_offer(desk.connection, desk.office, offer, desk.person.id, desk.now))


def _return(desk: Desk) -> Done:
    session = desk.session
    if session is None:
        return Done(swap_shift.Swapped.GONE)
    return Done(swap_shift.return_shift(desk.connection, desk.office, session, desk.person.id, desk.now))


def _away(desk: Desk) -> Done:
    first, last = date_in(desk.form, "first"), date_in(desk.form, "last")
    if desk.form.get("last", "").strip() and last is None:
        return Done("dates")
    return Done(note_absence(desk.connection, desk.office, desk.person, first, last, desk.now))


def _back(desk: Desk) -> Done:
    absence = number_in(desk.form, "absence")
    return Done(end_absence(desk.connection, desk.office, absence, desk.person.id, desk.now))


def _attend(desk: Desk) -> Done:
    session, came = desk.session, desk.form.get("answer") == "yes"
    whom = desk.form.get("person", "")
    if session is None or not mark_attendance(
        desk.connection, desk.office, session, whom, came, desk.person.id, desk.now
    ):
        return Done(UNCHANGED)
    return Done("marked", session.id)


def _say(desk: Desk) -> Done:
    return Done(*speak(desk.connection, desk.office, desk.person, desk.form, desk.now))


DEEDS: Mapping[str, Deed] = MappingProxyType(
    {
        "yes": _yes,
        "no": _no,
        "record": _record,
        "offer": _offer,
        "withdraw": _withdraw,
        "take": _take,
        "return": _return,
        "away": _away,
        "back": _back,
        "attend": _attend,
        "say": _say,
    }
)
