"""Receipts: what a channel tells later about a text, merged by rank and never back.

They come late, twice and in any order. The one of the highest rank counts, so that every order of the same
receipts ends alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from types import MappingProxyType

from notifications.fault import Fault
from notifications.message import State


class Rank(IntEnum):
    """What is known of a text that a channel has taken. A higher one outweighs a lower one.

    That it arrived outweighs that it did not: networks say "undelivered" of texts that arrive late.
    """

    TAKEN = 1
    SENT = 2
    NOT_ARRIVED = 3
    ARRIVED = 4


STATE_OF: Mapping[Rank, State] = MappingProxyType(
    {
        Rank.TAKEN: State.SENT,
        Rank.SENT: State.SENT,
        Rank.NOT_ARRIVED: State.UNDELIVERED,
        Rank.ARRIVED: State.DELIVERED,
    }
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One word of a channel about one text.

    `reference` names our attempt where the channel gives it back, else it is empty and `provider_id` alone
    tells the text. `status` is the channel's own word, `rank` what it means, or None for a word that is not
    known: it is kept and changes nothing. `fault` and `code` say why a text did not arrive.
    """

    reference: str
    provider_id: str
    status: str
    rank: Rank | None
    at: datetime
    fault: Fault | None = None
    code: str = ""


def merge(known: Rank | None, told: Rank | None) -> Rank | None:
    """The rank after one more receipt; the order in which receipts come does not matter."""
    return max((rank for rank in (known, told) if rank is not None), default=None)
