"""A batch: message ids that one deliverer may hand over."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages claimed together under one reference; whoever holds another reference cannot touch them."""

    reference: str
    ids: tuple[int, ...]
