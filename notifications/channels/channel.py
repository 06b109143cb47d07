"""What every channel promises: a parcel in, an outcome out, and never a guess."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeGuard

from notifications.fault import Fault
from notifications.receipt import Rank

Receipts = Literal["handset", "network", "none"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do.

    `two_way`: it takes replies. `receipts`: whose word a later "delivered" is. `looks_up`: a text in doubt
    can be looked up there. `workers`: how many texts it takes at a time. `idempotent`: the same reference
    twice is one text. `registered`: sender and texts have to be registered before. `keeps_texts`: it keeps
    what was sent until it is told to forget it.
    """

    two_way: bool
    receipts: Receipts
    looks_up: bool
    workers: int
    idempotent: bool = False
    registered: bool = False
    keeps_texts: bool = False


@dataclass(frozen=True, slots=True)
class Parcel:
    """One text to hand over at the instant `at`, worth nothing after `expires_at`; both aware.

    `reference` names this attempt and `key` the message; `phone` is E.164.
    """

    reference: str
    key: str
    phone: str
    text: str
    sender: str
    expires_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """The channel took the text and calls it `provider_id`."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """It is proven that nothing went out; `fault` is the class of the reason, which decides what follows.

    `code` is the channel's own word for it. `retry_after`: how long the channel asked to be left alone. The
    sentence is for the person who can act, and holds no phone number.
    """

    fault: Fault
    code: str
    sentence: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The text may have gone out: look it up, do not simply try again."""

    code: str
    sentence: str


Outcome = Accepted | NotSent | InDoubt


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A text in doubt: was it taken? The attempt `reference` began at `since`, aware."""

    reference: str
    phone: str
    text: str
    sender: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Trace:
    """A text that the channel knows, to that recipient and with exactly those words.

    `at` is when the channel took it, or None when it does not say. Another message may have the same words:
    whoever asked knows which ids are taken already.
    """

    provider_id: str
    status: str
    rank: Rank | None
    at: datetime | None
    fault: Fault | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class NoWord:
    """The channel could not be asked; nothing is known, and it may be asked again."""

    code: str
    sentence: str


Found = tuple[Trace, ...] | NoWord


def is_id(said: object) -> TypeGuard[str]:
    """Whether a provider can have meant this as the id of a text: signs that no database cuts or refuses."""
    return isinstance(said, str) and said != "" and said.isprintable()


class Channel(Protocol):
    """A way a text leaves. `hand` is called from as many threads as `capabilities.workers` says."""

    @property
    def name(self) -> str:
        """The name by which the settings choose it."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    def hand(self, parcel: Parcel) -> Outcome:
        """Hand one text over; every fault of the way is an outcome, not an exception."""
        ...

    def look_up(self, inquiry: Inquiry) -> Found:
        """All that the channel knows of such a text; none where it looked and there is none.

        Only for channels that look up; every fault of the way is NoWord, not an exception.
        """
        ...

    def forget(self, provider_id: str) -> bool:
        """Have the channel erase the words of one text; whether there is nothing more to erase.

        Only for channels that keep texts.
        """
        ...

    def close(self) -> None:
        """Let go of connections; nothing is handed over afterwards."""
        ...
