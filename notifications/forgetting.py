"""Forgetting: after a week the channel erases its copy of a text, so that no names lie abroad.

Only while nothing is in doubt: a look-up compares the very words.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from notifications.batch import Batch, Work
from notifications.message import State
from notifications.tables import messages
from notifications.trail import note

MOST = 20
AGAIN = timedelta(days=1)


def claim_to_forget(connection: Connection, channel: str, now: datetime) -> Batch:
    """Takes texts whose words the channel has kept long enough; what fails is tried again in a day."""
    # What stays unknown for good is looked up no more: it would keep all texts there for ever.
    in_doubt = select(messages.c.id).where(
        messages.c.state == State.IN_DOUBT,
        messages.c.channel == channel,
        messages.c.look_up_at.is_not(None),
    )
    due = (
        select(messages.c.id)
        .where(messages.c.forget_at <= now, messages.c.channel == channel, ~in_doubt.exists())
        .order_by(messages.c.forget_at)
        .limit(MOST)
    )
    ids = list(connection.scalars(due.with_for_update(skip_locked=True)))
    if not ids:
        return Batch("", (), Work.FORGET)
    taken = connection.scalars(
        update(messages)
        .where(messages.c.id.in_(ids), messages.c.forget_at <= now)
        .values(forget_at=now + AGAIN)
        .returning(messages.c.id)
    )
    return Batch("", tuple(sorted(taken)), Work.FORGET)


def provider_id_of(connection: Connection, message_id: int) -> str | None:
    """Under which id the channel keeps a text."""
    return connection.scalar(select(messages.c.provider_id).where(messages.c.id == message_id))


def end_forgetting(connection: Connection, message_id: int, now: datetime) -> None:
    """Writes that the channel has erased a text."""
    key = connection.scalar(
        update(messages)
        .where(messages.c.id == message_id, messages.c.forget_at.is_not(None))
        .values(forget_at=None)
        .returning(messages.c.key)
    )
    if key is not None:
        note(connection, "forgotten", [key], now)
