"""A batch: message ids that one deliverer may work on."""

from dataclasses import dataclass
from enum import StrEnum


class Work(StrEnum):
    """What is to be done with the messages of a batch."""

    SEND = "send"
    LOOK_UP = "look_up"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages claimed together under one reference; whoever holds another reference cannot touch them."""

    reference: str
    ids: tuple[int, ...]
    work: Work = Work.SEND
