"""Rules of the whole desk about who may stand where, and what is filled first."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class RosterRules:
    """Hard rules beside each person's own; None is off.

    `rest` is the least time between two sessions of one person, `travel` the least between two at different
    places; at most `consecutive_days` days in a row and `weekends` (Saturday with Sunday) a month. `first`
    are ids of services that are filled first when people are few.
    """

    rest: timedelta | None = None
    travel: timedelta | None = None
    consecutive_days: int | None = None
    weekends: int | None = None
    first: tuple[str, ...] = ()
