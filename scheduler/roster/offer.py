"""The states of an offer: a shift that its holder would hand on, to one person or to anyone who may."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class OfferState(StrEnum):
    """How an offer stands."""

    OPEN = "open"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    RETURNED = "returned"


OFFER_MOVES: Mapping[OfferState, tuple[OfferState, ...]] = MappingProxyType(
    {
        OfferState.OPEN: (OfferState.TAKEN, OfferState.WITHDRAWN, OfferState.LAPSED),
        # Undone, until the session begins: the shift is the giver's again.
        OfferState.TAKEN: (OfferState.RETURNED,),
        OfferState.WITHDRAWN: (),
        OfferState.LAPSED: (),
        OfferState.RETURNED: (),
    }
)


def offer_sources(after: OfferState) -> tuple[OfferState, ...]:
    """The states from which an offer may go to `after`: the condition of its UPDATE."""
    return tuple(before for before, targets in OFFER_MOVES.items() if after in targets)


def table_of_offers() -> str:
    """The moves as text, one state a line."""
    width = max(map(len, OfferState))
    return "\n".join(
        f"{before:<{width}} → {', '.join(targets) or '(final)'}" for before, targets in OFFER_MOVES.items()
    )
