"""Keeps instants out of the night."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from notifications.terms import Quiet

# The queue needs room before the night begins: a burst at the last minute would spill into it.
BEFORE = timedelta(minutes=30)


def before_quiet(instant: datetime, quiet: Quiet | None, zone: ZoneInfo) -> datetime:
    """`instant`, or half an hour before the quiet hours that it falls in begin."""
    if quiet is None:
        return instant
    local = instant.astimezone(zone)
    if not quiet.covers(local.time()):
        return instant
    begins = datetime.combine(local.date(), quiet.start, zone)
    if local.time() < quiet.start:
        begins = datetime.combine(local.date() - timedelta(days=1), quiet.start, zone)
    # In UTC: on the wall, half an hour earlier may be a time that a clock change leaves out.
    return (begins.astimezone(UTC) - BEFORE).astimezone(instant.tzinfo)


def after_quiet(instant: datetime, quiet: Quiet | None, zone: ZoneInfo) -> datetime:
    """`instant`, or the end of the quiet hours that it falls in."""
    return quiet.ends_after(instant, zone) if quiet else instant
