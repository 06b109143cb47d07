"""One-time codes for who follows: made within limits, tried a few times, used once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from scheduler.store.tables import follow_codes

LIFE = timedelta(minutes=10)
MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody with this number asks for; `flow` names the form that they have before them.

    Without a `service` they want to see what they follow; `wording` is what they agreed to.
    """

    flow: str
    phone: str
    language: str
    service: str = ""
    ward: str = ""
    session: int | None = None
    wording: str = ""


def make(connection: Connection, asked: Asked, kept: str, now: datetime) -> None:
    """Stores a code by what it is known again."""
    connection.execute(
        insert(follow_codes).values(
            flow=asked.flow,
            phone=asked.phone,
            code=kept,
            service=asked.service,
            ward=asked.ward,
            session_id=asked.session,
            language=asked.language,
            wording=asked.wording,
            made_at=now,
            expires_at=now + LIFE,
        )
    )


def count(connection: Connection, since: datetime, prefix: str = "") -> int:
    """How many codes were made since then for numbers that begin like this."""
    made = select(func.count()).where(follow_codes.c.made_at > since)
    if prefix:
        made = made.where(follow_codes.c.phone.startswith(prefix, autoescape=True))
    return int(connection.execute(made).scalar_one())


def take_try(connection: Connection, flow: str, phone: str, now: datetime) -> Row[Any] | None:
    """Counts a try at a code that can still be used, and returns its row; None where there is none."""
    return connection.execute(
        update(follow_codes)
        .where(
            follow_codes.c.flow == flow,
            follow_codes.c.phone == phone,
            follow_codes.c.used_at.is_(None),
            follow_codes.c.expires_at > now,
            follow_codes.c.tries < MOST_TRIES,
        )
        .values(tries=follow_codes.c.tries + 1)
        .returning(follow_codes)
    ).first()


def use(connection: Connection, code: int, now: datetime) -> bool:
    """Uses a code; of two that do it at once one wins."""
    used = connection.execute(
        update(follow_codes)
        .where(follow_codes.c.id == code, follow_codes.c.used_at.is_(None))
        .values(used_at=now)
    )
    return used.rowcount == 1
