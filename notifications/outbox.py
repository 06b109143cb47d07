"""The outbox: one row a message, made equal to what is wanted.

Every function takes the caller's Connection and never commits, so that texts change in the same transaction
as whatever caused the change.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import compress
from operator import attrgetter, ne
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Row,
    Subquery,
    and_,
    bindparam,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from notifications.bulk import Stored, among, as_read, as_stored, differ, insert_rows, raw, update_rows
from notifications.instant import UTCDateTime
from notifications.joint import TAKEN_APART, free, take_apart
from notifications.message import State, Wanted, sources_of
from notifications.outcome import OutcomeKind
from notifications.outcomes import add_outcome
from notifications.tables import audit, messages
from notifications.text import measure
from notifications.trail import note

# Rows that have not left: these follow what is wanted. All others are history.
PENDING = (State.WAITING, State.CLAIMED, State.BLOCKED)
UNDER_WAY = (State.WAITING, State.CLAIMED)
REVIVABLE = (*PENDING, State.CANCELLED)
# The gate judges again what it has blocked: by now there may be a consent, another number, no rehearsal.
REVIVED = (State.CANCELLED, State.BLOCKED)
# These may have left, or may not and come back to be tried again.
UNSURE = (State.SENDING, State.IN_DOUBT)
TOLD = (State.SENDING, State.SENT, State.IN_DOUBT, State.DELIVERED, State.UNDELIVERED)
UNCLAIMED: Mapping[str, None] = MappingProxyType({"reference": None, "lease_until": None})
# What fell due between a mistaken edit and its undoing still goes; after longer, its hour has been missed.
STILL_WANTED = timedelta(minutes=15)
CHUNK = 500

# Nothing waits beyond its end: what is not due yet is not late either, and needs no index of its own.
_NOW = bindparam("now", type_=UTCDateTime)
_EXPIRE = (
    update(messages)
    .where(messages.c.state.in_(sources_of(State.EXPIRED)))
    .where(messages.c.send_at <= _NOW, messages.c.expires_at <= _NOW)
    .values(state=State.EXPIRED, reason="too late", changed_at=_NOW, **UNCLAIMED)
    .returning(messages.c.id, messages.c.key)
)

_KEPT = ("id", "state", "attempts")
# A row's columns that say what is wanted: these stand so in a `Wanted` and in the row, …
_PLAIN = (
    "key", "scope", "kind", "audience", "purpose", "recipient", "phone", "language", "sender", "text",
    "about", "urgent", "priority",
)  # fmt: skip
# … these have another form in each database, and these are measured.
_INSTANTS, _MEASURED = ("send_at", "expires_at"), ("encoding", "segments")
# In the order of the table: rows need not be put into another.
_WANTED = tuple(one.name for one in messages.c if one.name in (*_PLAIN, *_INSTANTS, *_MEASURED))
_KEPT_IN_ROW, _KEY_IN_ROW = slice(len(_KEPT)), len(_KEPT) + _PLAIN.index("key")
_PLAIN_IN_ROW = slice(len(_KEPT), len(_KEPT) + len(_PLAIN))
_INSTANTS_IN_ROW = slice(_PLAIN_IN_ROW.stop, None)
_plain: Callable[[Wanted], Stored] = attrgetter(*_PLAIN)
_said: Callable[[Wanted], Stored] = attrgetter(*_PLAIN[: _PLAIN.index("about")])

Item = TypeVar("Item")
# Columns, and what each of them shall hold.
Change = tuple[tuple[str, ...], Stored]
NOTHING: Change = ((), ())


def reconcile(
    connection: Connection, wanted_by_scope: Mapping[str, Sequence[Wanted]], reason: str, now: datetime
) -> None:
    """Makes the outbox of each scope equal to the messages wanted there, and touches no other scope.

    New ones go in, except those whose instant has passed; changed ones are changed; what is pending and no
    longer wanted is cancelled with `reason`. What was cancelled or blocked and is wanted again waits anew,
    unless its instant has passed by more than STILL_WANTED. What has left, or may have left, stays as it is,
    but is not tried again when nobody wants it. A text that was to say several things at once, and has not
    left, is taken apart first.
    """
    for scopes in _chunks(list(wanted_by_scope)):
        note(connection, "cancelled", take_apart(connection, scopes, now), now, TAKEN_APART)
        mine = among(connection.dialect, messages.c.scope, scopes)
        wanted = {one.key: one for scope in scopes for one in wanted_by_scope[scope]}
        unwanted = _follow(connection, mine, wanted, now) if wanted else mine
        if unwanted is not None:
            _cancel(connection, unwanted, reason, now)


def put(connection: Connection, wanted: Iterable[Wanted], now: datetime) -> None:
    """Adds messages that belong to no reconciled scope; a key that is there already is left alone."""
    fresh = {one.key: one for one in wanted}
    for keys in _chunks(list(fresh)):
        there = set(connection.scalars(select(messages.c.key).where(messages.c.key.in_(keys))))
        _insert(connection, [fresh[key] for key in keys if key not in there], now)


def last_told(
    connection: Connection, scopes: Collection[str], certain: Collection[str] = ()
) -> list[Row[Any]]:
    """What each recipient of these scopes was told last: scope, recipient, about, kind and when.

    In `certain` scopes nothing is ever taken back: what still waits there is as good as told.
    """
    joint = messages.alias()
    has_left = or_(messages.c.state.in_(TOLD), messages.c.resent)
    said_with_others = and_(messages.c.state == State.JOINED, or_(joint.c.state.in_(TOLD), joint.c.resent))
    told_at = func.coalesce(
        messages.c.handed_at, joint.c.handed_at, joint.c.changed_at, messages.c.changed_at
    )
    rows: list[Row[Any]] = []
    for some in _chunks(list(scopes)):
        sure = [scope for scope in some if scope in certain]
        as_good_as_told = and_(messages.c.state.in_(UNDER_WAY), messages.c.scope.in_(sure))
        rows.extend(
            connection.execute(
                select(
                    messages.c.scope,
                    messages.c.recipient,
                    messages.c.about,
                    messages.c.kind,
                    told_at.label("told_at"),
                )
                .outerjoin(joint, joint.c.id == messages.c.joint_id)
                # Sent once more after a doubt, it may be there already, whatever became of the second try.
                .where(messages.c.scope.in_(some), or_(has_left, said_with_others, as_good_as_told))
                .order_by(told_at, messages.c.id)
            )
        )
    return rows


def not_yet_told(
    connection: Connection, scopes: Collection[str], kinds: Collection[str]
) -> set[tuple[str, str]]:
    """Whom a text of these kinds has yet to leave to, and of which scope: (scope, recipient)."""
    mine = among(connection.dialect, messages.c.scope, list(scopes))
    waiting = messages.c.kind.in_(kinds), messages.c.state.in_(UNDER_WAY)
    rows = connection.execute(select(messages.c.scope, messages.c.recipient).where(mine, *waiting))
    return {(row.scope, row.recipient) for row in rows}


def pending_until(connection: Connection, until: datetime) -> list[Row[Any]]:
    """What is to leave by `until`: key, phone, audience and segments."""
    return list(
        connection.execute(
            select(messages.c.key, messages.c.phone, messages.c.audience, messages.c.segments).where(
                messages.c.state.in_(PENDING), messages.c.send_at <= until
            )
        )
    )


def rename_recipient(connection: Connection, old: str, new: str, in_keys: tuple[str, str]) -> None:
    """Lets all messages to the recipient `old` be those to `new`, also under their keys.

    `in_keys` is how keys name the one and the other. A key that stayed would be cancelled as unwanted, and
    the same text under the new one would come too late.
    """
    # Somebody renamed to and fro has a row under that key already: it comes back when it is wanted again.
    twin = messages.alias()
    renamed = func.replace(messages.c.key, *in_keys)
    is_taken = select(twin.c.id).where(twin.c.key == renamed).exists()
    connection.execute(
        update(messages).where(messages.c.recipient == old, ~is_taken).values(recipient=new, key=renamed)
    )
    connection.execute(update(messages).where(messages.c.recipient == old).values(recipient=new))


def rename_in_about(connection: Connection, old: str, new: str) -> None:
    """Puts `new` for the ending `old` of what texts told, so that a new name alone is no news."""
    stem = func.substr(messages.c.about, 1, func.length(messages.c.about) - len(old))
    connection.execute(
        update(messages).where(messages.c.about.endswith(old, autoescape=True)).values(about=stem + new)
    )


def expire(connection: Connection, now: datetime) -> int:
    """Sets aside what would now come too late, each with its outcome; returns how many."""
    gone = connection.execute(_EXPIRE, {"now": now}).all()
    note(connection, "expired", [row.key for row in gone], now)
    joint = free(connection, [row.id for row in gone], now)
    for row in gone:
        if row.id not in joint:
            add_outcome(connection, OutcomeKind.EXPIRED, row.id, now)
    # Of what a joint text was to say, some may still be of use by itself.
    return len(gone) + (expire(connection, now) if joint else 0)


def _follow(
    connection: Connection, mine: ColumnElement[bool], wanted: Mapping[str, Wanted], now: datetime
) -> ColumnElement[bool] | None:
    """Makes the rows that are `mine` hold what is wanted; returns which of them nobody wants, if any."""
    fresh = dict(wanted)
    unwanted: list[int] = []
    doubtful: list[tuple[int, Wanted]] = []
    changes = _Changes(connection, now)
    for row in _rows(connection, mine):
        own, state, _ = row[_KEPT_IN_ROW]
        one = fresh.pop(row[_KEY_IN_ROW], None)
        if one is None:
            unwanted.append(own)
        elif state in UNSURE:
            doubtful.append((own, one))
        else:
            changes.take(row, one)
    changes.write()
    for row_id, one in doubtful:
        _bound_doubt(connection, row_id, one, now)
    _insert(connection, fresh.values(), now)
    return among(connection.dialect, messages.c.id, unwanted) if unwanted else None


def _insert(connection: Connection, fresh: Iterable[Wanted], now: datetime) -> None:
    instants = _Instants(connection)
    rows = [_row(one, instants.of(one)) for one in fresh if one.send_at >= now and one.expires_at > now]
    insert_rows(connection, messages, _WANTED, rows, state=State.WAITING, created_at=now, changed_at=now)


def _row(one: Wanted, instants: Stored) -> Stored:
    # SQLite's driver looks for an adapter of each bool.
    return (*_said(one), *_measured(one), one.about, int(one.urgent), one.priority, *instants)


class _Changes:
    """What must change of rows that are there; one statement for all that differ in the same columns."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._instants, self._moves = _Instants(connection), _Moves()
        self._rows: dict[tuple[str, ...], list[Stored]] = defaultdict(list)

    def take(self, row: Stored, one: Wanted) -> None:
        """Takes down what `one` changes of `row`, if the row still follows what is wanted."""
        own, state, tries = row[_KEPT_IN_ROW]
        if self._follows(state, one):
            is_now, wanted = row[_INSTANTS_IN_ROW], self._instants.of(one)
            names, values = self._moves.of(is_now, wanted, tries > 0) if is_now != wanted else NOTHING
            if row[_PLAIN_IN_ROW] != _plain(one):
                more, words = _of_words(row, one)
                names, values = names + more, values + words
            if names or state in REVIVED:
                self._rows[names].append((own, *values))

    def write(self) -> None:
        """Changes the rows."""
        # By now another process may have claimed it: its text must change all the same.
        still = or_(*(messages.c.state == one for one in REVIVABLE))
        anew = {**UNCLAIMED, "state": State.WAITING, "reason": "", "changed_at": self._now}
        for names, rows in self._rows.items():
            update_rows(self._connection, messages, names, rows, still, **anew)

    def _follows(self, state: str, one: Wanted) -> bool:
        if state in REVIVED:
            return one.send_at >= self._now - STILL_WANTED and one.expires_at > self._now
        return state in REVIVABLE


class _Instants(dict[Stored, Stored]):
    """Instants as stored; many texts go at the same ones."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._stored = as_stored(connection.dialect, [messages.c[name] for name in _INSTANTS])

    def of(self, one: Wanted) -> Stored:
        """Those of what is wanted."""
        instants = one.send_at, one.expires_at
        # In other zones the two instants of an hour that clocks show twice count as equal (PEP 495).
        in_utc = instants[0].tzinfo is UTC and instants[1].tzinfo is UTC
        return self[instants] if in_utc else self._stored(instants)

    def __missing__(self, instants: Stored) -> Stored:
        stored = self[instants] = self._stored(instants)
        return stored


class _Moves(dict[Stored, Change]):
    """Which instants must change from those of a row to those that are wanted; many rows move alike."""

    def of(self, is_now: Stored, wanted: Stored, is_tried: bool) -> Change:
        """The instants that must become the `wanted` ones, as stored."""
        return _moved(is_now, wanted, is_tried=True) if is_tried else self[is_now + wanted]

    def __missing__(self, move: Stored) -> Change:
        change = self[move] = _moved(move[: len(_INSTANTS)], move[len(_INSTANTS) :])
        return change


def _moved(is_now: Stored, wanted: Stored, is_tried: bool = False) -> Change:
    if is_tried and is_now[0] > wanted[0]:
        # The channel asked to be left alone until then; but nothing waits beyond its end.
        wanted = (min(is_now[0], wanted[1]), wanted[1])
    must = [was != will and differ(was, will) for was, will in zip(is_now, wanted, strict=True)]
    return tuple(compress(_INSTANTS, must)), tuple(compress(wanted, must))


def _of_words(row: Stored, one: Wanted) -> Change:
    """What must change beside the instants; what a text costs is measured when it is another text."""
    wanted = _plain(one)
    must = list(map(ne, row[_PLAIN_IN_ROW], wanted))
    names, values = tuple(compress(_PLAIN, must)), tuple(compress(wanted, must))
    return (names + _MEASURED, values + _measured(one)) if "text" in names else (names, values)


def _bound_doubt(connection: Connection, row_id: int, one: Wanted, now: datetime) -> None:
    """What may have left stays as it is, but for how long it is of use: it may be tried again until then.

    To a number that is the recipient's no longer it is of none.
    """
    mine = messages.c.id == row_id, messages.c.state.in_(UNSURE)
    theirs = messages.c.phone == one.phone
    for which, until in (
        ((theirs, messages.c.expires_at != one.expires_at), one.expires_at),
        ((~theirs, messages.c.expires_at > now), now),
    ):
        connection.execute(update(messages).where(*mine, *which).values(expires_at=until))


def _cancel(connection: Connection, unwanted: ColumnElement[bool], reason: str, now: datetime) -> None:
    _try_no_more(connection, unwanted, now)
    pending = unwanted, messages.c.state.in_(PENDING)
    cancelled = (
        update(messages)
        .where(*pending)
        .values(state=State.CANCELLED, reason=reason, changed_at=now, **UNCLAIMED)
    )
    if connection.dialect.name == "sqlite":
        # Nobody else writes between the two, and no single statement does both.
        _note_each(connection, select(messages.c.key).where(*pending).subquery(), reason, now)
        connection.execute(cancelled)
    else:
        _note_each(connection, cancelled.returning(messages.c.key).cte(), reason, now)


def _try_no_more(connection: Connection, unwanted: ColumnElement[bool], now: datetime) -> None:
    """What may have left cannot be cancelled, but nobody wants it tried again.

    Nor what a text says together with others: that might come back to be said by itself.
    """
    unsure, said_with_others = messages.c.state.in_(UNSURE), messages.c.state == State.JOINED
    joint = messages.alias()
    joint_ids = select(messages.c.joint_id).where(unwanted, said_with_others)
    of_unsure = messages.c.joint_id.in_(select(joint.c.id).where(joint.c.state.in_(UNSURE)))
    for which in (
        (unwanted, unsure),
        (unwanted, said_with_others, of_unsure),
        (messages.c.id.in_(joint_ids), unsure),
    ):
        connection.execute(update(messages).where(*which, messages.c.expires_at > now).values(expires_at=now))


def _note_each(connection: Connection, gone: Subquery | CTE, reason: str, now: datetime) -> None:
    """Writes of each key that it was cancelled; what changes the rows may be a part of the statement."""
    said = {"at": literal(now, UTCDateTime), "event": literal("cancelled"), "detail": literal(reason)}
    lines = insert(audit).from_select(["key", *said], select(gone.c.key, *said.values()))
    connection.execute(lines.add_cte(gone) if isinstance(gone, CTE) else lines)


def _measured(one: Wanted) -> Stored:
    size = measure(one.text)
    return size.encoding, size.segments


def _rows(connection: Connection, mine: ColumnElement[bool]) -> Iterable[Stored]:
    # Ten thousand rows: columns that nobody looks at would cost as much as the change.
    needed = select(
        *(messages.c[name] for name in _KEPT), *raw(*(messages.c[name] for name in (*_PLAIN, *_INSTANTS)))
    )
    return as_read(connection, needed.where(mine))


def _chunks(items: Sequence[Item]) -> Iterable[Sequence[Item]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
