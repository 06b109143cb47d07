"""Faults of delivery by class: what each one proves, and what is done about it.

Channels translate their own codes into these classes, each from a table of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Fault(StrEnum):
    """Why a text did not arrive, or may not have."""

    BAD_NUMBER = "bad_number"
    OPTED_OUT = "opted_out"
    BAD_TEXT = "bad_text"
    CONFIGURATION = "configuration"
    TRANSIENT = "transient"
    TOO_LATE = "too_late"
    IN_DOUBT = "in_doubt"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done about a fault of one class.

    `tries` is how often one message is tried in all while the class stays the same. `halts` stops the whole
    queue: the fault is ours, and no message shall pay for it. `spoils` marks the number, `withdraws` writes a
    no into the consent ledger. `meaning` is for the person who reads the table.
    """

    tries: int
    meaning: str
    halts: bool = False
    spoils: bool = False
    withdraws: bool = False


MANY = 1000

TREATMENTS: Mapping[Fault, Treatment] = MappingProxyType(
    {
        Fault.BAD_NUMBER: Treatment(
            1, "the number takes no texts: it is marked, and a person is told", spoils=True
        ),
        Fault.OPTED_OUT: Treatment(
            1, "the recipient wants no texts: that is written down, and a person is told", withdraws=True
        ),
        Fault.BAD_TEXT: Treatment(1, "this text is refused as it stands: set aside, and a person is told"),
        Fault.CONFIGURATION: Treatment(
            MANY, "the fault is ours: the queue stops, and a person is told once", halts=True
        ),
        Fault.TRANSIENT: Treatment(MANY, "nothing left: again with growing waits, as long as it is useful"),
        Fault.TOO_LATE: Treatment(1, "of no use any more: set aside, and a person is told"),
        Fault.IN_DOUBT: Treatment(1, "it may have left: looked up, never simply tried again"),
        Fault.UNKNOWN: Treatment(2, "nothing left, and nobody knows why: once more, then a person is told"),
    }
)


def treatment_of(fault: Fault) -> Treatment:
    """What is done about a fault."""
    return TREATMENTS[fault]


def table_of_faults() -> str:
    """The classes as text, one a line."""
    width = max(map(len, Fault))
    return "\n".join(f"{fault:<{width}} → {treatment.meaning}" for fault, treatment in TREATMENTS.items())
