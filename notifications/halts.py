"""Halted channels: our own configuration is at fault, so no message shall pay for it.

A halted channel gets one text now and then, to see whether somebody has mended it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from notifications.outcome import OutcomeKind
from notifications.outcomes import add_outcome
from notifications.tables import halts, insert_once
from notifications.trail import note

FIRST_PROBE = timedelta(minutes=2)
LONGEST_PROBE = timedelta(minutes=30)

_RESUME = delete(halts).where(halts.c.channel == bindparam("resumed"))


def halt(connection: Connection, channel: str, code: str, sentence: str, now: datetime) -> None:
    """Stops a channel; what is written of it is told once, however many texts meet the same fault."""
    fresh = insert_once(
        connection,
        halts,
        channel=channel,
        since=now,
        probe_at=now + FIRST_PROBE,
        code=code,
        sentence=sentence,
    )
    if fresh:
        add_outcome(connection, OutcomeKind.HALTED, f"{channel}/{now.isoformat()}", now, sentence=sentence)
        note(connection, "halted", [channel], now, f"{code}: {sentence}")


def resume(connection: Connection, channel: str, now: datetime) -> None:
    """Lets a channel go on; nothing when it was not halted."""
    if connection.execute(_RESUME, {"resumed": channel}).rowcount:
        note(connection, "resumed", [channel], now)


def halted(connection: Connection) -> Sequence[Row[Any]]:
    """The channels that stand still: since when, why, and when the next text tries."""
    return connection.execute(select(halts).order_by(halts.c.channel)).all()


def probe(connection: Connection, channel: str, now: datetime) -> bool | None:
    """Whether one text may try a halted channel now; None when the channel is not halted.

    The next one may try after twice as long, at most half an hour.
    """
    row = connection.execute(select(halts).where(halts.c.channel == channel).with_for_update()).first()
    if row is None:
        return None
    if row.probe_at > now:
        return False
    doubled: int = 2 ** min(row.probes + 1, 10)
    wait = min(FIRST_PROBE * doubled, LONGEST_PROBE)
    moved = connection.execute(
        update(halts)
        .where(halts.c.channel == channel, halts.c.probe_at == row.probe_at)
        .values(probe_at=now + wait, probes=row.probes + 1)
    )
    return moved.rowcount == 1
