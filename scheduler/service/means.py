"""By what each person answers: their links and item numbers, made where there are none yet."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from notifications.terms import Answer, Terms
from scheduler.reminders.answering import Means
from scheduler.reminders.reminder import Audience, Kind, Reminder
from scheduler.roster.person import Person
from scheduler.service.gather_cases import Gathered
from scheduler.service.office import Office
from scheduler.store import items, links

# These say how to answer, or lead to the page where one looks.
NUMBERED = frozenset({Kind.ASK, Kind.CHASE, Kind.REMIND, Kind.SUBSTITUTE})
NAMING_MEANS = NUMBERED | {Kind.DUTY, Kind.ESCALATE}

Seat = tuple[int, str]


def means_for(
    connection: Connection, office: Office, said: Iterable[tuple[Gathered, Iterable[Reminder]]], now: datetime
) -> dict[Seat, Means]:
    """By what the recipients of these reminders answer, by session id and person."""
    phones: dict[Seat, str] = {}
    terms: dict[Seat, Terms] = {}
    numbered: dict[Seat, str] = {}
    until: dict[str, datetime] = {}
    for gathered, reminders in said:
        # Most are told several times, and answer by the same.
        told = dict.fromkeys(
            (reminder.recipient.id, reminder.audience, reminder.kind in NUMBERED)
            for reminder in reminders
            if reminder.kind in NAMING_MEANS
        )
        for whom, audience, is_numbered in told:
            if (person := office.desk.people.get(whom)) is None:
                continue
            seat = gathered.case.session, person.id
            phones[seat] = person.phone
            terms[seat] = office.settings.terms_for(audience)
            until[person.id] = max(until.get(person.id, now), gathered.case.ends)
            if is_numbered and terms[seat].replies_to:
                numbered[seat] = person.phone
    numbers = items.numbers_for(connection, numbered, now) if numbered else {}
    names = _names(connection, phones, terms, until, now)
    url = office.settings.service.public_url
    return {
        seat: Means(
            terms[seat].answer, url, terms[seat].replies_to, names.get(seat[1], ""), numbers.get(seat)
        )
        for seat in phones
    }


def _names(
    connection: Connection,
    phones: Mapping[Seat, str],
    terms: Mapping[Seat, Terms],
    until: Mapping[str, datetime],
    now: datetime,
) -> dict[str, str]:
    paged = {seat[1]: phone for seat, phone in phones.items() if terms[seat].answer is not Answer.REPLY}
    if not paged:
        return {}
    return links.names_for(connection, paged, max(until[person] for person in paged), now)


def means_without_item(
    connection: Connection, office: Office, person: Person, until: datetime, now: datetime
) -> Means:
    """By what a volunteer answers about a session at which they have no seat; a text back would name one."""
    terms = office.settings.terms_for(Audience.VOLUNTEER)
    seat = 0, person.id
    names = _names(connection, {seat: person.phone}, {seat: terms}, {person.id: until}, now)
    return Means(terms.answer, office.settings.service.public_url, name=names.get(person.id, ""))


def means_of_several(
    connection: Connection,
    office: Office,
    person: Person,
    audience: Audience,
    sessions: Mapping[int, datetime],
    now: datetime,
) -> tuple[Means, Mapping[int, int]]:
    """By what somebody answers about several sessions (ends by id), and the number of each in texts.

    Staff are asked nothing, and have no numbers.
    """
    terms = office.settings.terms_for(audience)
    seat, until = (0, person.id), {person.id: max(sessions.values())}
    name = _names(connection, {seat: person.phone}, {seat: terms}, until, now).get(person.id, "")
    general = Means(terms.answer, office.settings.service.public_url, name=name)
    if terms.answer is not Answer.REPLY or audience is Audience.STAFF:
        return general, {}
    found = items.numbers_for(connection, {(one, person.id): person.phone for one in sessions}, now)
    numbers = {session: number for (session, _), number in found.items()}
    return replace(general, replies_to=terms.replies_to, item=min(numbers.values())), numbers


def means_of_seat(
    connection: Connection, office: Office, gathered: Gathered, person: Person, now: datetime
) -> Means:
    """By what a volunteer answers about one session."""
    terms = office.settings.terms_for(Audience.VOLUNTEER)
    seat = gathered.case.session, person.id
    number = items.numbers_for(connection, {seat: person.phone}, now)[seat] if terms.replies_to else None
    name = _names(connection, {seat: person.phone}, {seat: terms}, {person.id: gathered.case.ends}, now)
    return Means(
        terms.answer, office.settings.service.public_url, terms.replies_to, name.get(person.id, ""), number
    )
