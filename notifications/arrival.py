"""Arrivals: what a provider tells us unasked, kept as it came and worked on later."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Way = Literal["status", "inbound"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One call of a provider, whose signature was found good.

    `key` is the same when the same call comes again: it is worked on once. `reference` names our attempt,
    where the call's address held one. `body` is what came, to the letter; `at` is when it came.
    """

    channel: str
    way: Way
    key: str
    reference: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """A text that somebody sent us; `wants_out` when the network itself says that it asks for no more texts.

    `phone` is the sender's number in E.164, `to` ours; `provider_id` tells it from every other.
    """

    provider_id: str
    phone: str
    to: str
    text: str
    at: datetime
    wants_out: bool = False
