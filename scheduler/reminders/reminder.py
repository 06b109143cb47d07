"""A reminder: one thing that must be said to one recipient at one instant."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What is said. The value is the name of the text's template."""

    ASK = "ask"
    CHASE = "chase"
    REMIND = "remind"
    SEVERAL = "several"
    DUTY = "duty"
    RESIDENT = "resident"
    MOVED = "moved"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    RELEASED = "released"
    RESIDENT_MOVED = "resident_moved"
    RESIDENT_CANCELLED = "resident_cancelled"
    RESIDENT_RESTORED = "resident_restored"
    ESCALATE = "escalate"
    MISSED = "missed"
    UNREACHABLE = "unreachable"
    CAPPED = "capped"
    REPLY = "reply"
    OFFERED = "offered"
    SWAPPED = "swapped"
    SUBSTITUTE = "substitute"
    FILLED = "filled"
    DROPOUT = "dropout"
    CALL_OFF = "call_off"
    THANKED = "thanked"
    EXCUSED = "excused"
    TAKEN = "taken"
    WHICH = "which"
    UNCLEAR = "unclear"
    HELPED = "helped"
    NOTED = "noted"
    CODE = "code"
    SCHEDULE = "schedule"
    FOLLOWED = "followed"
    FOLLOWED_SESSION = "followed_session"
    UNFOLLOWED = "unfollowed"


NOTICES = frozenset(
    {
        Kind.MOVED,
        Kind.CANCELLED,
        Kind.RESTORED,
        Kind.RELEASED,
        Kind.FILLED,
        Kind.RESIDENT_MOVED,
        Kind.RESIDENT_CANCELLED,
        Kind.RESIDENT_RESTORED,
    }
)


# These tell that somebody else comes, or that nobody more is wanted.
SENT_HOME = frozenset({Kind.RELEASED, Kind.FILLED})


# These take back what the recipient was told: they name that time, and once it has come they are too late.
CALLED_OFF = frozenset({Kind.CANCELLED, Kind.RELEASED, Kind.FILLED, Kind.RESIDENT_CANCELLED})

# Who learns that a session is off learns when the next one of that shift is.
NAME_THE_NEXT = frozenset({Kind.CANCELLED, Kind.RESIDENT_CANCELLED})


# These want an answer of somebody who has a seat.
QUESTIONS = frozenset({Kind.ASK, Kind.CHASE})

# Of these, one text may say several at once.
JOINABLE = frozenset({*QUESTIONS, Kind.REMIND, Kind.DUTY})


# These tell coordinators of trouble; trouble with these is told to nobody.
REPORTS = frozenset({Kind.MISSED, Kind.UNREACHABLE, Kind.CAPPED, Kind.REPLY, Kind.DROPOUT, Kind.CALL_OFF})


# These answer a text that somebody has just sent; `CLARIFYING` ones ask what was meant.
CLARIFYING = frozenset({Kind.WHICH, Kind.UNCLEAR})
ANSWERS = frozenset({Kind.THANKED, Kind.EXCUSED, Kind.TAKEN, Kind.HELPED, Kind.NOTED, *CLARIFYING})


# These go to residents at once, because they have just asked.
TO_WHO_ASKS = (Kind.CODE, Kind.SCHEDULE, Kind.FOLLOWED, Kind.FOLLOWED_SESSION, Kind.UNFOLLOWED)


# These tell of a shift that goes from one person to another.
SWAPS = (Kind.OFFERED, Kind.SWAPPED)


class Audience(StrEnum):
    """Who is spoken to; each may have its own terms."""

    STAFF = "staff"
    VOLUNTEER = "volunteer"
    RESIDENT = "resident"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a reminder is for: a person or a follower, by id."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def person(cls, person: str) -> "Recipient":
        """The recipient that is a person who serves."""
        return cls("person", person)

    @classmethod
    def follower(cls, subscription: int) -> "Recipient":
        """The recipient that is a resident's subscription."""
        return cls("follower", str(subscription))

    @classmethod
    def parse(cls, text: str) -> "Recipient":
        """The recipient whose text form this is."""
        kind, _, name = text.partition(":")
        return cls(kind, name)


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is said, to whom and when; `key` is stable, so that it is said once.

    `urgent` ones also go in quiet hours; `about` is what the recipient will have been told by it, `was` what
    they had been told before.
    """

    key: str
    kind: Kind
    recipient: Recipient
    audience: Audience
    send_at: datetime
    expires_at: datetime
    about: str
    was: str = ""
    urgent: bool = False
