"""Puts into words, for coordinators, what stands in the way of texts."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from notifications.message import Wanted
from notifications.text import dress
from scheduler.reminders.quiet import after_quiet
from scheduler.reminders.reminder import Audience, Kind, Recipient
from scheduler.reminders.wording import SALUTATIONS, whom_to_call
from scheduler.service.office import Office

REPORT_LIFE = timedelta(hours=24)


def report(
    office: Office, to: str, kind: Kind, about: str, fields: Mapping[str, str], now: datetime
) -> Wanted | None:
    """The text that tells the coordinator `to` (an id) of what `about` names; None for who is gone.

    It waits for the end of quiet hours: nobody mends anything at night.
    """
    person = office.desk.people.get(to)
    ward = next((ward for ward in office.desk.wards.values() if to in ward.coordinators), None)
    if person is None or ward is None:
        return None
    address = office.address_person(person, Audience.STAFF, ward, None)
    salutation = person.salutation or SALUTATIONS[Audience.STAFF]
    own = {
        "sender": address.sender,
        "name": person.name,
        "salutation": salutation.in_language(address.language),
        "hotline": whom_to_call(office.settings.service.hotline, address.language),
    }
    text = office.templates.render(kind, address.language, {**fields, **own})
    send_at = after_quiet(now, office.settings.terms_for(Audience.STAFF).quiet, office.zone)
    return Wanted(
        key=f"{kind}/{about}/{to}",
        scope=f"person:{to}",
        kind=kind,
        audience=Audience.STAFF.value,
        purpose="duty",
        recipient=str(Recipient.person(to)),
        phone=address.phone,
        language=address.language,
        text=dress(text, address.accents),
        send_at=send_at,
        expires_at=send_at + REPORT_LIFE,
        sender=address.sender,
    )


def coordinators_of(office: Office, session: Row[Any]) -> tuple[str, ...]:
    """The ids of those who must hear of trouble with a session."""
    return office.scene(session.service, session.place).ward.coordinators


def all_coordinators(office: Office) -> Iterable[str]:
    """The coordinators of every ward, each once."""
    return dict.fromkeys(one for ward in office.desk.wards.values() for one in ward.coordinators)
