"""Writes down in the ledger of consents what the lists of people say: who agreed to be texted, and when."""

from datetime import datetime, time
from itertools import islice

from sqlalchemy import Connection

from notifications import ledger
from notifications.consent import Consent
from scheduler.settings.settings import Agreement, Settings

# As many numbers as one query may name.
_AT_ONCE = 500


def record_agreements(connection: Connection, settings: Settings, now: datetime) -> int:
    """Adds a line for each agreement that is not in the ledger yet; returns how many that were.

    Whoever has refused since stays refused, whatever date a list has: only they take that back. A day that is
    still to come is written down when it is there.
    """
    zone = settings.service.zone
    today = now.astimezone(zone).date()
    coming = iter(each for each in settings.agreements if each.on <= today)
    written = 0
    while agreements := list(islice(coming, _AT_ONCE)):
        known = ledger.latest(connection, {each.phone for each in agreements})
        fresh = [
            _consent(each, settings)
            for each in agreements
            if _is_news(each, known.get((each.phone, "duty")), settings)
        ]
        ledger.write_all(connection, fresh)
        written += len(fresh)
    return written


def _is_news(agreement: Agreement, latest: Consent | None, settings: Settings) -> bool:
    if latest is None:
        return True
    return latest.granted and latest.at.astimezone(settings.service.zone).date() < agreement.on


def _consent(agreement: Agreement, settings: Settings) -> Consent:
    at = datetime.combine(agreement.on, time(), settings.service.zone)
    where = f"{agreement.file}:{agreement.row}: {agreement.on:%d/%m/%Y}"
    return Consent(agreement.phone, "duty", True, at, "list", where)
