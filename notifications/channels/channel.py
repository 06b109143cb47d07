"""What every channel promises: a parcel in, an outcome out, and never a guess."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

Receipts = Literal["handset", "network", "none"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do.

    `two_way`: it takes replies. `receipts`: whose word a later "delivered" is. `looks_up`: a text in doubt
    can be looked up there. `workers`: how many texts it takes at a time.
    """

    two_way: bool
    receipts: Receipts
    looks_up: bool
    workers: int


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
    """It is proven that nothing went out.

    `permanent`: trying this text again cannot help. `retry_after`: how long the channel asked to be left
    alone. The sentence is for the person who can act, and holds no phone number.
    """

    code: str
    sentence: str
    permanent: bool
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The text may have gone out: look it up, do not simply try again."""

    code: str
    sentence: str


Outcome = Accepted | NotSent | InDoubt


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

    def close(self) -> None:
        """Let go of connections; nothing is handed over afterwards."""
        ...
