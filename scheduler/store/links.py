"""Personal links: which name stands for whom in texts, and whose a link or a code is."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from notifications.tables import insert_once
from notifications.veil import Veil, new_name
from scheduler.store.sessions import CHUNK
from scheduler.store.tables import link_key, links

# Long enough that a person's texts of a season hold one link; short enough that a lost phone is no worry.
LIFE = timedelta(days=90)
# Who looks at a text of last week still finds the page.
AFTERWARDS = timedelta(days=7)
THE_KEY = 1


def names_for(
    connection: Connection, phones: Mapping[str, str], until: datetime, now: datetime
) -> dict[str, str]:
    """The names of links for these people (phone by id) that last beyond `until`; made where there is none.

    A link to a number that is the person's no longer is revoked.
    """
    _revoke_others(connection, phones, now)
    lasting = until + AFTERWARDS
    found = {
        row.person: row.name
        for row in _rows_of(connection, phones)
        if row.revoked_at is None and row.expires_at >= lasting
    }
    missing = sorted(phones.keys() - found.keys())
    fresh = {person: new_name() for person in missing}
    if fresh:
        connection.execute(
            insert(links),
            [
                {
                    "name": name,
                    "person": person,
                    "phone": phones[person],
                    "made_at": now,
                    "expires_at": max(now + LIFE, lasting),
                }
                for person, name in fresh.items()
            ],
        )
    return found | fresh


def keep_new(connection: Connection, veil: Veil) -> None:
    """Stores by what each new link and code is known again: only who holds the key can."""
    for row in connection.execute(select(links.c.id, links.c.name).where(links.c.link.is_(None))).all():
        connection.execute(
            update(links)
            .where(links.c.id == row.id)
            .values(link=veil.kept(veil.link(row.name)), code=veil.kept(veil.code(row.name)))
        )


def row_for(connection: Connection, secret: str, veil: Veil, now: datetime) -> Row[Any] | None:
    """The link that this link or code opens now: person and phone; None when it opens nothing."""
    row = lasting_row_for(connection, secret, veil)
    return row if row and row.expires_at > now else None


def lasting_row_for(connection: Connection, secret: str, veil: Veil) -> Row[Any] | None:
    """The same until it is revoked: for what somebody subscribes to, who opens no text for months."""
    kept = veil.kept(secret)
    return connection.execute(
        select(links).where(or_(links.c.link == kept, links.c.code == kept), links.c.revoked_at.is_(None))
    ).first()


def revoke_others(connection: Connection, person: str, secret: str, veil: Veil, now: datetime) -> None:
    """Closes all links of a person but this one."""
    others = links.c.person == person, links.c.revoked_at.is_(None)
    is_other = or_(links.c.link.is_(None), links.c.link != veil.kept(secret))
    connection.execute(update(links).where(*others, is_other).values(revoked_at=now))


def known_key(connection: Connection) -> str | None:
    """The fingerprint of the key whose links are known here."""
    found: str | None = connection.scalar(select(link_key.c.fingerprint).where(link_key.c.id == THE_KEY))
    return found


def adopt_key(connection: Connection, veil: Veil, now: datetime) -> bool:
    """Makes this key the one whose links are known; returns whether another one was, whose links are void."""
    if insert_once(connection, link_key, id=THE_KEY, fingerprint=veil.fingerprint, since=now):
        return False
    if known_key(connection) == veil.fingerprint:
        return False
    connection.execute(update(link_key).values(fingerprint=veil.fingerprint, since=now))
    # The names stay in texts that have not left; with this key they make links that are known again.
    connection.execute(update(links).values(link=None, code=None))
    return True


def _revoke_others(connection: Connection, phones: Mapping[str, str], now: datetime) -> None:
    gone = [
        row.id
        for row in _rows_of(connection, phones)
        if row.revoked_at is None and row.phone != phones[row.person]
    ]
    if gone:
        connection.execute(update(links).where(links.c.id.in_(gone)).values(revoked_at=now))


def _rows_of(connection: Connection, people: Collection[str]) -> list[Row[Any]]:
    wanted = list(people)
    found: list[Row[Any]] = []
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        found += connection.execute(select(links).where(links.c.person.in_(some)).order_by(links.c.id)).all()
    return found
