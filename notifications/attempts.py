"""Attempts: one row a try, committed before the channel is called, and what came of it, written once.

All of it is fenced by the attempt's reference: an attempt that was taken back meanwhile changes nothing.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from notifications import ledger
from notifications.channels.channel import Accepted, InDoubt, NotSent, Outcome, Parcel
from notifications.consent import Consent
from notifications.doubt import first_look_up
from notifications.fault import Fault, treatment_of
from notifications.halts import halt, resume
from notifications.message import Purpose, State
from notifications.numbers import spoil
from notifications.outbox import note
from notifications.outcome import OutcomeKind
from notifications.outcomes import add_outcome
from notifications.receipt import Rank
from notifications.retry import delays_a_person, next_try
from notifications.tables import attempts, messages

# A hand-over takes seconds and its deadline is a minute; past this a claim belongs to nobody.
LEASE = timedelta(minutes=5)

# What a channel keeps of a text is erased after so long; complaints come within days.
FORGET_AFTER = timedelta(days=7)

OUTCOME_NAMES: dict[type[Outcome], str] = {Accepted: "accepted", NotSent: "not_sent", InDoubt: "in_doubt"}
PURPOSES: tuple[Purpose, ...] = ("duty", "service")


def begin_attempt(
    connection: Connection, message_id: int, claimed_under: str, reference: str, now: datetime
) -> Parcel | None:
    """The parcel to hand over, its attempt on record; None when the message is not to be begun.

    That is so when it is claimed no longer, or by another, or is worth nothing any more. `reference` is a new
    one for each attempt.
    """
    taken = connection.execute(
        update(messages)
        .where(
            messages.c.id == message_id,
            messages.c.state == State.CLAIMED,
            messages.c.reference == claimed_under,
            messages.c.expires_at > now,
        )
        .values(
            state=State.SENDING,
            reference=reference,
            attempts=messages.c.attempts + 1,
            lease_until=now + LEASE,
            changed_at=now,
        )
        .returning(
            messages.c.key,
            messages.c.phone,
            messages.c.text,
            messages.c.sender,
            messages.c.channel,
            messages.c.expires_at,
        )
    ).first()
    if taken is None:
        return None
    connection.execute(
        insert(attempts).values(
            reference=reference, message_id=message_id, channel=taken.channel, started_at=now
        )
    )
    return Parcel(
        reference=reference,
        key=taken.key,
        phone=taken.phone,
        text=taken.text,
        sender=taken.sender,
        expires_at=taken.expires_at,
        at=now,
    )


def begun_attempt(connection: Connection, reference: str) -> Parcel | None:
    """The parcel of an attempt that is under way, if it was begun: the commit may have had no answer."""
    row = connection.execute(
        select(messages, attempts.c.started_at)
        .join(attempts, attempts.c.reference == messages.c.reference)
        .where(messages.c.state == State.SENDING, attempts.c.reference == reference)
    ).first()
    if row is None:
        return None
    return Parcel(reference, row.key, row.phone, row.text, row.sender, row.expires_at, row.started_at)


def end_attempt(
    connection: Connection,
    message_id: int,
    reference: str,
    outcome: Outcome,
    looks_up: bool,
    now: datetime,
) -> bool:
    """Writes what came of an attempt; returns whether the attempt still held the message.

    `looks_up` says that the channel can be asked later about a text in doubt.
    """
    _close(connection, reference, outcome, now)
    row = connection.execute(
        select(messages)
        .where(
            messages.c.id == message_id,
            messages.c.state == State.SENDING,
            messages.c.reference == reference,
        )
        .with_for_update()
    ).first()
    if row is None:
        return False
    values = _consequence(row, outcome, looks_up, now)
    connection.execute(
        update(messages)
        .where(messages.c.id == message_id, messages.c.reference == reference)
        .values(changed_at=now, lease_until=None, **values)
    )
    note(connection, str(values["state"]), [row.key], now, _detail(outcome))
    _tell(connection, row, State(values["state"]), outcome, looks_up, now)
    if isinstance(outcome, NotSent):
        act_on_fault(connection, row, outcome.fault, outcome.code, outcome.sentence, now)
    elif isinstance(outcome, Accepted):
        resume(connection, row.channel, now)
    return True


def has_ended(connection: Connection, reference: str, outcome: Outcome) -> bool:
    """Whether this is written of the attempt already: the commit may have had no answer."""
    written = connection.scalar(select(attempts.c.outcome).where(attempts.c.reference == reference))
    return written == OUTCOME_NAMES[type(outcome)]


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


def _close(connection: Connection, reference: str, outcome: Outcome, now: datetime) -> None:
    connection.execute(
        update(attempts)
        .where(attempts.c.reference == reference)
        .values(
            ended_at=now,
            outcome=OUTCOME_NAMES[type(outcome)],
            code=getattr(outcome, "code", None),
            sentence=getattr(outcome, "sentence", None),
            provider_id=getattr(outcome, "provider_id", attempts.c.provider_id),
        )
    )


def _consequence(row: Row[Any], outcome: Outcome, looks_up: bool, now: datetime) -> dict[str, Any]:
    match outcome:
        case Accepted(provider_id=provider_id):
            return {
                "state": State.SENT,
                "reason": "",
                "handed_at": now,
                "provider_id": provider_id,
                "rank": Rank.TAKEN,
                "forget_at": now + FORGET_AFTER,
            }
        case InDoubt(code=code):
            look_up_at = first_look_up(now) if looks_up else None
            return {"state": State.IN_DOUBT, "reason": code, "handed_at": now, "look_up_at": look_up_at}
        case NotSent():
            return _again(row, outcome, now) or {"state": State.FAILED, "reason": _reason(outcome)}


def _again(row: Row[Any], refusal: NotSent, now: datetime) -> dict[str, Any] | None:
    """The next try of what did not leave; None when there is none."""
    treatment = treatment_of(refusal.fault)
    # A fault of ours is on no message's account: as many tries as it takes to mend it.
    tries = row.attempts - 1 if treatment.halts else row.attempts
    if row.attempts >= treatment.tries:
        return None
    again = next_try(row.attempts, now, refusal.retry_after or timedelta(0), row.expires_at, row.id % 10 / 10)
    if again is None:
        return None
    waiting = {"state": State.WAITING, "reason": _reason(refusal), "send_at": again, "reference": None}
    return waiting | {"attempts": tries}


def _tell(
    connection: Connection, row: Row[Any], state: State, outcome: Outcome, looks_up: bool, now: datetime
) -> None:
    fault = outcome.fault if isinstance(outcome, NotSent) else None
    sentence = getattr(outcome, "sentence", "")
    if state is State.SENT:
        add_outcome(connection, OutcomeKind.SENT, row.id, now)
    elif state is State.FAILED:
        add_outcome(connection, OutcomeKind.FAILED, row.id, now, fault, sentence)
    elif state is State.IN_DOUBT and not looks_up:
        add_outcome(connection, OutcomeKind.IN_DOUBT, row.id, now, None, sentence)
    elif state is State.WAITING and delays_a_person(row.attempts):
        add_outcome(connection, OutcomeKind.DELAYED, row.id, now, fault, sentence)


def _reason(refusal: NotSent) -> str:
    return f"{refusal.fault} ({refusal.code})"


def _detail(outcome: Outcome) -> str:
    return f"{outcome.code}: {outcome.sentence}" if isinstance(outcome, (InDoubt, NotSent)) else ""
