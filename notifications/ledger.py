"""The consent ledger: who agreed to which texts, when, how and to which wording. Nothing in it is changed."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from notifications.consent import Consent
from notifications.message import Purpose
from notifications.tables import consents, insert_each_once

_OF_PHONES = (
    select(consents).where(consents.c.phone.in_(bindparam("phones", expanding=True))).order_by(consents.c.id)
)


def write(connection: Connection, consent: Consent) -> None:
    """Adds one line."""
    write_all(connection, [consent])


def write_all(connection: Connection, lines: Iterable[Consent]) -> None:
    """Adds lines in their order; what a list says stands there once."""
    insert_each_once(connection, consents, [asdict(consent) for consent in lines])


def latest(connection: Connection, phones: Collection[str]) -> dict[tuple[str, str], Consent]:
    """The newest word of each of these numbers for each purpose."""
    found = connection.execute(_OF_PHONES, {"phones": list(phones)}).all()
    return {(row.phone, row.purpose): _consent(row) for row in found}


def refusing(connection: Connection, purpose: Purpose) -> frozenset[str]:
    """The numbers whose newest word on `purpose` is no."""
    ever = select(consents.c.phone).where(consents.c.purpose == purpose, consents.c.granted.is_(False))
    phones = set(connection.scalars(ever.distinct()))
    return frozenset(
        consent.phone
        for consent in latest(connection, phones).values()
        if consent.purpose == purpose and not consent.granted
    )


def _consent(row: Row[Any]) -> Consent:
    return Consent(row.phone, row.purpose, row.granted, row.at, row.how, row.wording, row.proof)
