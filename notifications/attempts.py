"""Attempts: one row a try, committed before the channel is called, and what came of it, written once.

Several are begun, and several are ended, by the same few statements. Each is fenced by its own reference all
the same: an attempt that was taken back meanwhile changes nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    Row,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)

from notifications import ledger
from notifications.acceptance import Taken, accept
from notifications.channels.channel import Accepted, InDoubt, NotSent, Outcome, Parcel
from notifications.consent import Consent
from notifications.doubt import first_look_up
from notifications.fault import Fault, treatment_of
from notifications.halts import halt
from notifications.instant import UTCDateTime
from notifications.joint import free
from notifications.message import Purpose, State
from notifications.numbers import spoil
from notifications.outcome import OutcomeKind
from notifications.outcomes import add_outcome
from notifications.retry import delays_a_person, next_try
from notifications.tables import attempts, messages
from notifications.trail import note

# A hand-over takes seconds and its deadline is a minute; past this a claim belongs to nobody.
LEASE = timedelta(minutes=5)

Unaccepted = InDoubt | NotSent

OUTCOME_NAMES: dict[type[Unaccepted], str] = {NotSent: "not_sent", InDoubt: "in_doubt"}
PURPOSES: tuple[Purpose, ...] = ("duty", "service")


@dataclass(frozen=True, slots=True)
class Begun:
    """A message whose attempt is on record, and what to hand over."""

    message_id: int
    parcel: Parcel


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of an attempt."""

    message_id: int
    reference: str
    outcome: Outcome


# Built once: each of these goes with every group of texts, and to build it costs as much as to execute it.
_NOW = bindparam("now", type_=UTCDateTime)
_IDS = bindparam("ids", type_=Integer, expanding=True)
_CLAIMED = (
    messages.c.id.in_(_IDS),
    messages.c.state == State.CLAIMED,
    messages.c.reference == bindparam("claimed_under"),
    messages.c.expires_at > _NOW,
)
_HANDED: tuple[Column[Any], ...] = (
    messages.c.id,
    messages.c.key,
    messages.c.phone,
    messages.c.text,
    messages.c.sender,
    messages.c.expires_at,
)
# Always locked in one order: two groups that each waited for the other would both fail.
_LOCK_CLAIMED = select(*_HANDED).where(*_CLAIMED).order_by(messages.c.id).with_for_update()
# One name for the group and the message's id behind it: all of them are begun by one statement.
_OWN_NAME = bindparam("group", type_=Text).concat("-").concat(cast(messages.c.id, Text))
_BEGIN = (
    update(messages)
    .where(*_CLAIMED)
    .values(
        state=State.SENDING,
        reference=_OWN_NAME,
        attempts=messages.c.attempts + 1,
        lease_until=bindparam("lease_ends"),
        changed_at=_NOW,
    )
)
_BEGUN = select(*_HANDED).where(
    messages.c.id.in_(_IDS), messages.c.state == State.SENDING, messages.c.reference == _OWN_NAME
)
_NOTE_BEGUN = insert(attempts).from_select(
    ["reference", "message_id", "channel", "started_at"],
    _BEGUN.with_only_columns(messages.c.reference, messages.c.id, messages.c.channel, _NOW).order_by(
        messages.c.id
    ),
)


def begin_attempts(
    connection: Connection, ids: Collection[int], claimed_under: str, group: str, now: datetime
) -> list[Begun]:
    """What to hand over, in the order of `ids`, each attempt on record.

    Left out is what is claimed no longer, or by another, or is worth nothing any more. `group` is a new name
    for each call; the references of all its attempts begin with it.
    """
    which = {"ids": ids, "claimed_under": claimed_under, "now": now}
    rows = connection.execute(_LOCK_CLAIMED, which).all()
    if not rows:
        return []
    connection.execute(_BEGIN, {**which, "group": group, "lease_ends": now + LEASE})
    connection.execute(_NOTE_BEGUN, {"ids": ids, "group": group, "now": now})
    begun = _by_id(rows, group, now)
    return [begun[one] for one in ids if one in begun]


def begun_attempts(connection: Connection, ids: Collection[int], group: str, now: datetime) -> list[Begun]:
    """What is under way of a group, if it was begun: the commit may have had no answer."""
    begun = _by_id(connection.execute(_BEGUN, {"ids": ids, "group": group}).all(), group, now)
    return [begun[one] for one in ids if one in begun]


def end_attempts(
    connection: Connection, ended: Sequence[Ended], looks_up: bool, now: datetime
) -> frozenset[str]:
    """Writes what came of attempts; returns the references of those that still held their message.

    `looks_up` says that the channel can be asked later about a text in doubt. What was accepted, as nearly
    all is, costs a few statements together; all else is written one by one.
    """
    taken = [
        Taken(one.message_id, one.reference, one.outcome.provider_id)
        for one in ended
        if isinstance(one.outcome, Accepted)
    ]
    held = accept(connection, taken, now) if taken else set()
    for one in ended:
        if not isinstance(one.outcome, Accepted) and _end_other(connection, one, one.outcome, looks_up, now):
            held.add(one.reference)
    return frozenset(held)


def put_back(connection: Connection, begun: Collection[Begun], now: datetime) -> None:
    """Undoes the beginning of what was never handed over: it waits, as if it had not been claimed."""
    if not begun:
        return
    references = [one.parcel.reference for one in begun]
    connection.execute(
        update(messages)
        .where(
            messages.c.id.in_([one.message_id for one in begun]),
            messages.c.state == State.SENDING,
            messages.c.reference.in_(references),
        )
        .values(
            state=State.WAITING,
            attempts=messages.c.attempts - 1,
            reference=None,
            lease_until=None,
            changed_at=now,
        )
    )
    connection.execute(
        delete(attempts).where(attempts.c.reference.in_(references), attempts.c.ended_at.is_(None))
    )


def have_ended(connection: Connection, ended: Collection[Ended]) -> bool:
    """Whether this group is written already: the commit may have had no answer.

    A doubt proves nothing; it may have been written by whoever took the attempt back.
    """
    sure = [one.reference for one in ended if not isinstance(one.outcome, InDoubt)]
    written = select(attempts.c.id).where(
        attempts.c.reference.in_(sure), attempts.c.outcome.in_(("accepted", "not_sent"))
    )
    return connection.execute(written.limit(1)).first() is not None


def _by_id(rows: Iterable[Row[Any]], group: str, now: datetime) -> dict[int, Begun]:
    return {row.id: Begun(row.id, _parcel(row, f"{group}-{row.id}", now)) for row in rows}


def _parcel(row: Row[Any], reference: str, now: datetime) -> Parcel:
    return Parcel(
        reference=reference,
        key=row.key,
        phone=row.phone,
        text=row.text,
        sender=row.sender,
        expires_at=row.expires_at,
        at=now,
    )


def _end_other(
    connection: Connection, ended: Ended, outcome: Unaccepted, looks_up: bool, now: datetime
) -> bool:
    row = connection.execute(
        select(messages)
        .where(
            messages.c.id == ended.message_id,
            messages.c.state == State.SENDING,
            messages.c.reference == ended.reference,
        )
        .with_for_update()
    ).first()
    _close(connection, ended.reference, outcome, now)
    if row is None:
        return False
    tried = _tries_of(connection, row.id)
    values = _consequence(row, outcome, tried, looks_up, now)
    connection.execute(
        update(messages)
        .where(messages.c.id == row.id, messages.c.reference == row.reference)
        .values(changed_at=now, lease_until=None, **values)
    )
    note(connection, str(values["state"]), [row.key], now, _detail(outcome))
    _tell(connection, row, State(values["state"]), outcome, tried, looks_up, now)
    if isinstance(outcome, NotSent):
        if values["state"] is State.FAILED and _is_too_late(row, outcome):
            # Of what a joint text was to say, some may still be of use by itself.
            free(connection, [row.id], now)
        act_on_fault(connection, row, outcome.fault, outcome.code, outcome.sentence, now)
    return True


def act_on_fault(
    connection: Connection, row: Row[Any], fault: Fault, code: str, sentence: str, now: datetime
) -> None:
    """Does what the class of a fault asks for beyond the message itself."""
    treatment = treatment_of(fault)
    if treatment.spoils:
        spoil(connection, row.phone, code, now)
    if treatment.withdraws:
        for purpose in PURPOSES:
            ledger.write(connection, Consent(row.phone, purpose, False, now, "network", code))
    if treatment.halts:
        halt(connection, row.channel, code, sentence, now)


def _close(connection: Connection, reference: str, outcome: Unaccepted, now: datetime) -> None:
    connection.execute(
        update(attempts)
        .where(attempts.c.reference == reference)
        .values(
            ended_at=now,
            outcome=OUTCOME_NAMES[type(outcome)],
            code=outcome.code,
            sentence=outcome.sentence,
        )
    )


def _tries_of(connection: Connection, message_id: int) -> int:
    """How often it was tried, those tries included that are on no message's account."""
    tried = select(func.count()).where(attempts.c.message_id == message_id)
    return connection.scalar(tried) or 0


def _consequence(
    row: Row[Any], outcome: Unaccepted, tried: int, looks_up: bool, now: datetime
) -> dict[str, Any]:
    match outcome:
        case InDoubt(code=code):
            look_up_at = first_look_up(now) if looks_up else None
            return {"state": State.IN_DOUBT, "reason": code, "handed_at": now, "look_up_at": look_up_at}
        case NotSent():
            return _again(row, outcome, tried, now) or {"state": State.FAILED, "reason": _reason(outcome)}


def _again(row: Row[Any], refusal: NotSent, tried: int, now: datetime) -> dict[str, Any] | None:
    """The next try of what did not leave; None when there is none."""
    treatment = treatment_of(refusal.fault)
    # A fault of ours is on no message's account: as many tries as it takes to mend it.
    tries = row.attempts - 1 if treatment.halts else row.attempts
    if row.attempts >= treatment.tries:
        return None
    # But it waits longer each time: the fault may lie in this one number, and would stop all others again.
    again = next_try(tried, now, refusal.retry_after or timedelta(0), row.expires_at, row.id % 10 / 10)
    if again is None:
        return None
    waiting = {"state": State.WAITING, "reason": _reason(refusal), "send_at": again, "reference": None}
    return waiting | {"attempts": tries}


def _is_too_late(row: Row[Any], refusal: NotSent) -> bool:
    """Whether it was given up for no other reason."""
    return refusal.fault is Fault.TOO_LATE or row.attempts < treatment_of(refusal.fault).tries


def _tell(
    connection: Connection,
    row: Row[Any],
    state: State,
    outcome: Unaccepted,
    tried: int,
    looks_up: bool,
    now: datetime,
) -> None:
    fault = outcome.fault if isinstance(outcome, NotSent) else None
    sentence = outcome.sentence
    if state is State.FAILED:
        add_outcome(connection, OutcomeKind.FAILED, row.id, now, fault, sentence)
    elif state is State.IN_DOUBT and not looks_up:
        add_outcome(connection, OutcomeKind.IN_DOUBT, row.id, now, None, sentence)
    elif state is State.WAITING and delays_a_person(tried):
        add_outcome(connection, OutcomeKind.DELAYED, row.id, now, fault, sentence)


def _reason(refusal: NotSent) -> str:
    return f"{refusal.fault} ({refusal.code})"


def _detail(outcome: Unaccepted) -> str:
    return f"{outcome.code}: {outcome.sentence}"
