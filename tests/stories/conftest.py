"""What a story may ask for."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from tests.desk import Desk

OpenDesk = Callable[[str, str], Desk]


@pytest.fixture
def open_desk(database_url: str) -> Iterator[OpenDesk]:
    """Opens a desk on a fresh database: a settings text, and the wall clock at which it is applied."""
    with ExitStack() as stack:

        def opened(text: str, now: str) -> Desk:
            return stack.enter_context(closing(Desk(database_url, text, now)))

        yield opened
