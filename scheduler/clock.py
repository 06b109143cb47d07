"""The clock: the one place where the present is read.

It stands apart from the composition root so that a command which only reads a file need not load the service.
"""

from datetime import UTC, datetime


def read_clock() -> datetime:
    """The present instant, aware and in UTC."""
    return datetime.now(UTC)
