"""Tells of offers and swaps: who is asked to take a shift, and who stands where now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from notifications import outbox
from notifications.message import Wanted
from scheduler.reminders.answering import how_to_answer
from scheduler.reminders.case import about_held
from scheduler.reminders.quiet import after_quiet
from scheduler.reminders.reminder import Audience, Kind, Recipient
from scheduler.reminders.wording import SALUTATIONS, said, scope_of_swaps, when, whom_to_call
from scheduler.roster.person import Person
from scheduler.service.means import means_without_item
from scheduler.service.office import Office
from scheduler.service.report_trouble import coordinators_of


def scope_of_offer(offer: Row[Any]) -> str:
    """The outbox scope of the question to whom a shift is offered by name."""
    return f"offer-{offer.id}:{offer.session_id}"


def tell_offered(
    connection: Connection, office: Office, session: Row[Any], offer: Row[Any], to: Person, now: datetime
) -> None:
    """Asks the person whom a shift is offered to."""
    means = means_without_item(connection, office, to, session.ends, now)
    hotline = whom_to_call(office.settings.service.hotline, office.language_of(to.id))
    how = how_to_answer(means, hotline, office.language_of(to.id))
    fields = {"person": office.name_of(offer.giver), "answer": how}
    letter = _Letter(Kind.OFFERED, scope_of_offer(offer), str(offer.id), fields)
    outbox.put(connection, [_text(office, session, letter, to, Audience.VOLUNTEER, now)], now)


def tell_swap(
    connection: Connection, office: Office, session: Row[Any], giver: str, taker: str, now: datetime
) -> None:
    """Tells both and the coordinators that `taker` comes in the place of `giver`.

    Who takes a shift hears at once, also at night: they have asked for it, and a move of the session is told
    to those only who know of it.
    """
    names = {"person": office.name_of(taker), "giver": office.name_of(giver)}
    about = f"{session.id}/{taker}/{now:%Y%m%dT%H%M%SZ}"
    letter = _Letter(Kind.SWAPPED, scope_of_swaps(session.id), about, names)
    told: list[Wanted] = []
    for one in dict.fromkeys((taker, giver, *coordinators_of(office, session))):
        if person := office.desk.people.get(one):
            audience = Audience.VOLUNTEER if one in (taker, giver) else Audience.STAFF
            told.append(_text(office, session, letter, person, audience, now))
    first, *others = told
    outbox.put(connection, [_at_once(first, session, now), *others], now)


@dataclass(frozen=True, slots=True)
class _Letter:
    """What is said, in which scope, about what; `own` are the fields of no other text."""

    kind: Kind
    scope: str
    about: str
    own: Mapping[str, str]


def _at_once(text: Wanted, session: Row[Any], now: datetime) -> Wanted:
    return replace(
        text, send_at=now, urgent=True, about=about_held(session.starts, session.ends, session.place)
    )


def _text(
    office: Office, session: Row[Any], letter: _Letter, to: Person, audience: Audience, now: datetime
) -> Wanted:
    scene = office.scene(session.service, session.place)
    address = office.address_person(to, audience, scene.ward, None)
    language = address.language
    fields = {
        **letter.own,
        "sender": address.sender,
        "name": to.name,
        "salutation": (to.salutation or SALUTATIONS[audience]).in_language(language),
        "service": scene.service.short.in_language(language),
        "place": scene.place.name.in_language(language),
        "ward": scene.ward.name.in_language(language),
        "when": when(session.starts, session.ends, scene.zone, language),
        "bring": scene.service.bring.in_language(language) if scene.service.bring else "",
        "hotline": whom_to_call(scene.hotline, language),
    }
    send_at = after_quiet(now, office.settings.terms_for(audience).quiet, office.zone)
    # Told in the morning it might come too late: then it is told now.
    in_time = send_at < session.starts
    return Wanted(
        key=f"{letter.kind}/{letter.about}/{to.id}",
        scope=letter.scope,
        kind=letter.kind,
        audience=audience.value,
        purpose="duty",
        recipient=str(Recipient.person(to.id)),
        phone=address.phone,
        language=language,
        text=said(office.templates, letter.kind, language, fields, address.accents, address.max_segments),
        send_at=send_at if in_time else now,
        expires_at=session.starts,
        sender=address.sender,
        urgent=not in_time,
    )
