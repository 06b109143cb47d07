"""A message: what is wanted of the outbox, and every step a row of it may take.

Everything about states must live in this file; SQL takes its conditions from ``sources_of``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

Audience = Literal["staff", "volunteer", "resident"]
Purpose = Literal["duty", "service", "answer"]


class State(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    IN_DOUBT = "in_doubt"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    BLOCKED = "blocked"
    JOINED = "joined"


TRANSITIONS: Mapping[State, tuple[State, ...]] = MappingProxyType(
    {
        # Straight to sent or delivered: a receipt proves that an attempt in doubt had left after all.
        State.WAITING: (
            State.CLAIMED, State.CANCELLED, State.EXPIRED, State.BLOCKED, State.JOINED, State.SENT,
            State.DELIVERED,
        ),
        # Back to waiting: the lease ran out before the call.
        State.CLAIMED: (
            State.WAITING, State.SENDING, State.EXPIRED, State.BLOCKED, State.CANCELLED, State.SENT,
            State.DELIVERED,
        ),
        # Back to waiting only where it is proven that nothing went out. A receipt may overtake the answer.
        State.SENDING: (
            State.SENT, State.WAITING, State.FAILED, State.IN_DOUBT, State.DELIVERED, State.UNDELIVERED
        ),
        # Back to waiting once: a duty text that stays unknown is resent and counted.
        State.IN_DOUBT: (State.SENT, State.WAITING, State.DELIVERED, State.UNDELIVERED),
        State.SENT: (State.DELIVERED, State.UNDELIVERED),
        # Networks say "undelivered" of texts that arrive late.
        State.UNDELIVERED: (State.DELIVERED,),
        # Wanted again after all.
        State.CANCELLED: (State.WAITING,),
        # The consent, the number or the rehearsal list has changed; or nobody wants it any more.
        State.BLOCKED: (State.WAITING, State.CANCELLED),
        # The text that was to tell it with others did not leave.
        State.JOINED: (State.WAITING,),
        State.DELIVERED: (),
        State.FAILED: (),
        State.EXPIRED: (),
    }
)  # fmt: skip


class NoSuchTransition(ValueError):
    """A step that the table of states does not have."""

    def __init__(self, source: State, target: State) -> None:
        allowed = ", ".join(TRANSITIONS[source]) or "nothing, it is final"
        super().__init__(
            f"a message cannot go from {source} to {target}; from {source} it may go to {allowed}"
        )
        self.source = source
        self.target = target


@dataclass(frozen=True, slots=True)
class Wanted:
    """A message that the outbox of a scope should hold; encoding and segments are measured as it is stored.

    `key` is unique over all scopes and stays the same as long as the same thing is to be told; `scope` names
    what it belongs to. `recipient` ("person:le-thi-b") and `about` (what this text told, for whoever wrote
    it) are opaque here. `phone` is E.164; `send_at` and, not before it, `expires_at` are aware. `urgent` is
    exempt from quiet hours. `priority`: 0 a change or cancellation, 1 a duty, 2 a resident's notice; the
    lowest goes first.
    """

    key: str
    scope: str
    kind: str
    audience: Audience
    purpose: Purpose
    recipient: str
    phone: str
    language: str
    text: str
    send_at: datetime
    expires_at: datetime
    sender: str
    about: str = ""
    urgent: bool = False
    priority: int = 1


def step(source: State, target: State) -> State:
    """`target`, when a message may go there from `source`.

    Raises:
        NoSuchTransition: the table has no such step.
    """
    if target not in TRANSITIONS[source]:
        raise NoSuchTransition(source, target)
    return target


def sources_of(target: State) -> tuple[State, ...]:
    """The states from which a message may go to `target`: the condition of its UPDATE."""
    return tuple(source for source, targets in TRANSITIONS.items() if target in targets)


def is_final(state: State) -> bool:
    """Whether nothing follows `state`."""
    return not TRANSITIONS[state]


def table_of_states() -> str:
    """The transitions as text, one state a line."""
    width = max(map(len, State))
    return "\n".join(
        f"{source:<{width}} → {', '.join(targets) or '(final)'}" for source, targets in TRANSITIONS.items()
    )
