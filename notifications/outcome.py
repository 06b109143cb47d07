"""What can come of a message, as whoever wanted it has to know."""

from enum import StrEnum


class OutcomeKind(StrEnum):
    """What came of a message, or of all of them."""

    SENT = "sent"
    IN_DOUBT = "in_doubt"
    RESENT = "resent"
    DELAYED = "delayed"
    FAILED = "failed"
    UNDELIVERED = "undelivered"
    EXPIRED = "expired"
    BLOCKED = "blocked"
    CAPPED = "capped"
    HALTED = "halted"
