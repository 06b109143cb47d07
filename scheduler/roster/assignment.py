"""The states of an assignment: one person in one role at one session.

Everything that may change a state stands in this table; a pair that is not in it is an error by name.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Standing(StrEnum):
    """How a person stands to a session."""

    PROPOSED = "proposed"
    ASKED = "asked"
    SOUGHT = "sought"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    SILENT = "silent"
    RELEASED = "released"
    SERVED = "served"
    ABSENT = "absent"


TRANSITIONS: Mapping[Standing, tuple[Standing, ...]] = MappingProxyType(
    {
        Standing.PROPOSED: (Standing.ASKED, Standing.CONFIRMED, Standing.DECLINED, Standing.RELEASED),
        Standing.ASKED: (
            Standing.CONFIRMED,
            Standing.DECLINED,
            Standing.SILENT,
            Standing.RELEASED,
            # Who never answered may have come all the same.
            Standing.SERVED,
        ),
        # A substitute: others are asked for the same seat, and the first yes wins.
        Standing.SOUGHT: (Standing.CONFIRMED, Standing.DECLINED, Standing.RELEASED, Standing.SERVED),
        Standing.SILENT: (Standing.CONFIRMED, Standing.DECLINED, Standing.RELEASED, Standing.SERVED),
        Standing.CONFIRMED: (
            Standing.DECLINED,
            Standing.RELEASED,
            Standing.SERVED,
            Standing.ABSENT,
        ),
        Standing.DECLINED: (Standing.CONFIRMED,),
        # Back to what it was, when the edit that sent somebody home is undone.
        Standing.RELEASED: (
            Standing.PROPOSED,
            Standing.ASKED,
            Standing.SOUGHT,
            Standing.SILENT,
            Standing.CONFIRMED,
        ),
        Standing.SERVED: (Standing.ABSENT,),
        Standing.ABSENT: (Standing.SERVED,),
    }
)

# Who holds a seat: nobody else is wanted there.
HOLDING = (
    Standing.PROPOSED,
    Standing.ASKED,
    Standing.SILENT,
    Standing.CONFIRMED,
    Standing.SERVED,
)


class NoSuchMove(ValueError):
    """An assignment cannot go from one state to the other."""

    def __init__(self, before: Standing, after: Standing) -> None:
        super().__init__(f"An assignment that is {before} cannot become {after}.")


def move(before: Standing, after: Standing) -> Standing:
    """Returns `after`; raises NoSuchMove when the table does not lead there from `before`."""
    if after not in TRANSITIONS[before]:
        raise NoSuchMove(before, after)
    return after


def sources_of(after: Standing) -> tuple[Standing, ...]:
    """The states from which the table leads to `after`."""
    return tuple(before for before, targets in TRANSITIONS.items() if after in targets)
