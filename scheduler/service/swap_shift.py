"""Hands a shift from one person to another: offered, taken by the first who may, undone until it begins."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row

from notifications import outbox
from notifications.text import fold
from scheduler.roster.assignment import HOLDING, Standing
from scheduler.roster.offer import OfferState
from scheduler.roster.person import Person
from scheduler.roster.taker import may_take
from scheduler.roster.vacancy import Vacancy
from scheduler.service.cause import Cause
from scheduler.service.gather_part import LOOK_BACK
from scheduler.service.know_people import know_people
from scheduler.service.office import Office
from scheduler.service.queue_reminders import queue_reminders
from scheduler.service.tell_swap import scope_of_offer, tell_offered, tell_swap
from scheduler.store import assignments, offers, sessions
from scheduler.timetable.shift import Role

Offered = tuple[Row[Any], Row[Any], Row[Any]]


class Swapped(StrEnum):
    """What came of a step."""

    OFFERED = "offered"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    # Nobody by that name may take it; which of the two it is is nobody's business.
    NOBODY = "nobody"
    # Of rules that bind the roster: time, role, limits.
    UNABLE = "unable"
    # Taken, withdrawn, begun or called off meanwhile, or never theirs.
    GONE = "gone"


def offer_shift(
    connection: Connection, office: Office, session: Row[Any], giver: str, to: str, now: datetime
) -> Swapped:
    """Offers a confirmed shift to the person called `to`, or to anyone who may take it."""
    assignments.lock(connection, session.id)
    held = _held(connection, session, giver, now)
    if held is None or held.state != Standing.CONFIRMED:
        return Swapped.GONE
    named = _taker_named(connection, office, session, giver, to, now) if to.strip() else None
    if to.strip() and named is None:
        return Swapped.NOBODY
    if not offers.make(connection, session.id, giver, named.id if named else None, now):
        return Swapped.GONE
    offer = offers.open_of(connection, session.id, giver)
    if named is not None and offer is not None:
        tell_offered(connection, office, session, offer, named, now)
    return Swapped.OFFERED


def withdraw_offer(connection: Connection, offer_id: int, giver: str, now: datetime) -> Swapped:
    """Takes an offer back; who made it comes after all."""
    offer = offers.one(connection, offer_id)
    if offer is None or offer.giver != giver or not _end(connection, offer, OfferState.WITHDRAWN, now):
        return Swapped.GONE
    return Swapped.WITHDRAWN


def take_offer(connection: Connection, office: Office, offer_id: int, taker: str, now: datetime) -> Swapped:
    """Gives an offered shift to who takes it first."""
    offer = offers.one(connection, offer_id)
    if offer is None or offer.named not in (None, taker) or offer.giver == taker:
        return Swapped.GONE
    assignments.one_at_a_time(connection, taker)
    assignments.lock(connection, offer.session_id)
    (session,) = sessions.rows_by_id(connection, [offer.session_id])
    if offer.state != OfferState.OPEN or _held(connection, session, offer.giver, now) is None:
        return Swapped.GONE
    if not _may_stand_in(connection, office, session, offer.giver, taker, now):
        return Swapped.UNABLE
    if not _end(connection, offer, OfferState.TAKEN, now, taker):
        return Swapped.GONE
    _hand_over(connection, office, session, offer.giver, taker, now)
    return Swapped.TAKEN


def swap_for_them(
    connection: Connection, office: Office, session: Row[Any], giver: str, taker: str, now: datetime
) -> Swapped:
    """What a coordinator arranged by telephone; the same rules hold, and it can be undone the same way."""
    assignments.one_at_a_time(connection, taker)
    assignments.lock(connection, session.id)
    if giver == taker or _held(connection, session, giver, now) is None:
        return Swapped.GONE
    if not _may_stand_in(connection, office, session, giver, taker, now):
        return Swapped.UNABLE
    former = offers.open_of(connection, session.id, giver)
    if former is not None:
        _end(connection, former, OfferState.WITHDRAWN, now)
    offers.make(connection, session.id, giver, taker, now)
    offer = offers.open_of(connection, session.id, giver)
    if offer is None or not _end(connection, offer, OfferState.TAKEN, now, taker):
        return Swapped.GONE
    _hand_over(connection, office, session, giver, taker, now)
    return Swapped.TAKEN


def return_shift(
    connection: Connection, office: Office, session: Row[Any], taker: str, now: datetime
) -> Swapped:
    """Undoes a swap: the shift is the giver's again, where they still can come."""
    offer = offers.taken_by(connection, taker, [session.id]).get(session.id)
    if offer is None:
        return Swapped.GONE
    assignments.one_at_a_time(connection, offer.giver)
    assignments.lock(connection, session.id)
    if _held(connection, session, taker, now) is None:
        return Swapped.GONE
    if not _may_stand_in(connection, office, session, taker, offer.giver, now):
        return Swapped.UNABLE
    if not offers.move(connection, offer.id, OfferState.RETURNED, now):
        return Swapped.GONE
    _hand_over(connection, office, session, taker, offer.giver, now)
    return Swapped.RETURNED


def lapse_offers(connection: Connection, now: datetime) -> None:
    """Ends the offers of what was called off, has begun, or is no more the giver's."""
    for offer in offers.lapsing(connection, now):
        _end(connection, offer, OfferState.LAPSED, now)


def offers_to(connection: Connection, office: Office, person: Person, now: datetime) -> Iterator[Offered]:
    """The offers that a person may take now: the offer, its session, and the seat that is offered."""
    for offer in offers.open_from(connection, now):
        if offer.giver == person.id or offer.named not in (None, person.id):
            continue
        (session,) = sessions.rows_by_id(connection, [offer.session_id])
        seat = _held(connection, session, offer.giver, now)
        if seat is not None and _may_stand_in(connection, office, session, offer.giver, person.id, now):
            yield offer, session, seat


def _held(connection: Connection, session: Row[Any], person: str, now: datetime) -> Row[Any] | None:
    """The seat that a person holds and may hand on; named staff have deputies in the settings instead."""
    if session.starts <= now or session.state == sessions.CANCELLED:
        return None
    for seat in assignments.by_session(connection, [session.id]).get(session.id, []):
        if seat.person == person and seat.state in HOLDING and not seat.named:
            return seat
    return None


def _may_stand_in(
    connection: Connection, office: Office, session: Row[Any], giver: str, taker: str, now: datetime
) -> bool:
    people = know_people(connection, office, now)
    person = people.get(taker)
    held = [
        seat
        for seat in assignments.by_session(connection, [session.id]).get(session.id, [])
        if seat.state in HOLDING
    ]
    role = next((seat.role for seat in held if seat.person == giver), None)
    if person is None or role is None:
        return False
    beside = [people[seat.person] for seat in held if seat.person != giver and seat.person in people]
    ward = office.scene(session.service, session.place).ward.id
    hours = session.starts, session.ends
    vacancy = Vacancy(session.id, Role(role), 1, *hours, ward, place=session.place)
    duties = assignments.duties_from(connection, now - LOOK_BACK, taker)
    return may_take(vacancy, person, beside, duties, office.zone, office.settings.roster)


def _taker_named(
    connection: Connection, office: Office, session: Row[Any], giver: str, to: str, now: datetime
) -> Person | None:
    """The one person of that name who may take the shift; accents and case are not minded."""
    wanted = fold(to)
    found = [
        person
        for person in office.desk.people.values()
        if fold(person.name) == wanted
        and person.id != giver
        and _may_stand_in(connection, office, session, giver, person.id, now)
    ]
    return found[0] if len(found) == 1 else None


def _end(
    connection: Connection, offer: Row[Any], after: OfferState, now: datetime, taker: str | None = None
) -> bool:
    """Ends an offer; a text that would still tell of it stays here."""
    if not offers.move(connection, offer.id, after, now, taker):
        return False
    outbox.reconcile(connection, {scope_of_offer(offer): []}, str(after), now)
    return True


def _hand_over(
    connection: Connection, office: Office, session: Row[Any], giver: str, taker: str, now: datetime
) -> None:
    seats = assignments.by_session(connection, [session.id])[session.id]
    role = next(Role(seat.role) for seat in seats if seat.person == giver)
    assignments.change(connection, session.id, giver, Standing.DECLINED, now)
    assignments.seat(connection, session.id, role, taker, now)
    queue_reminders(connection, office, [session.id], Cause.SWAPPED, now)
    tell_swap(connection, office, session, giver, taker, now)
