"""The log shows no telephone number whole, wherever it came from."""

from io import StringIO

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from scheduler.log import log_to, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("to +84901234567 failed", "to +8490•••567 failed"),
        ("To=%2B84901234567&Body=x", "To=+8490•••567&Body=x"),
        ("gọi 0901234567 nhé", "gọi +8490•••567 nhé"),
        ("0084901234567", "+8490•••567"),
        ("84901234567", "+8490•••567"),
        ("+15005550001", "+15•••001"),
        ("at 2026-11-28T04:30:00.123456Z", "at 2026-11-28T04:30:00.123456Z"),
        ("session:12 key ask/12/an/20261128T0434Z", "session:12 key ask/12/an/20261128T0434Z"),
        ("reference 3f2504e04f8911d39a0c0305e82c3301", "reference 3f2504e04f8911d39a0c0305e82c3301"),
        ("20003: wrong token", "20003: wrong token"),
        ("0x7f3a445372e0", "0x7f3a445372e0"),
    ],
)
def test_numbers_are_masked_and_nothing_else(text: str, shown: str) -> None:
    """As stored, as escaped in an address, as written; instants, keys and references stay."""
    assert masked(text) == shown


@given(st.from_regex(r"\+84[35789][0-9]{8}", fullmatch=True), st.text(max_size=30), st.text(max_size=30))
def test_no_number_survives(number: str, before: str, after: str) -> None:
    """Whatever stands around it, unless it is part of a longer word or number."""
    around = f"{before} {number} {after}"
    assert number not in masked(around)


def _fail() -> None:
    raise ValueError("POST /Messages.json To=%2B84901234567")


def test_a_fault_that_quotes_its_request_is_masked_in_the_log() -> None:
    """The text of an exception is where numbers really slip through."""
    stream, before = StringIO(), structlog.get_config()
    try:
        log_to(stream)
        try:
            _fail()
        except ValueError:
            structlog.get_logger().exception("channel_fault", to="+84901234567")
    finally:
        structlog.configure(**before)
    assert "ValueError" in stream.getvalue()
    assert "901234567" not in stream.getvalue()
