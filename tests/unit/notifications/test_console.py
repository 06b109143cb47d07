"""The console channel: one line a text, whole or not at all."""

from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.channel import Accepted, Channel, InDoubt, Parcel
from notifications.channels.console import Console

NOON = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)


class Writes(StringIO):
    """A stream that remembers each write, and whether it was flushed since."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.flushed = 0

    def write(self, line: str) -> int:
        """Remember the line."""
        self.lines.append(line)
        return len(line)

    def flush(self) -> None:
        """Remember how much was out."""
        self.flushed = len(self.lines)


def a_parcel(text: str, key: str = "remind@1") -> Parcel:
    """A duty text."""
    return Parcel("attempt-1", key, "+84901234567", text, "UBNDQ1", NOON + timedelta(hours=1), NOON)


def test_a_text_is_one_write_of_one_line_and_flushed() -> None:
    """A kill at any instant leaves the line out or not out, never half of it; the number is masked."""
    stream = Writes()
    channel: Channel = Console(stream)

    outcome = channel.hand(a_parcel("Chị B trực tối nay"))

    assert stream.lines == ["→ [remind@1] +8490•••567: Chị B trực tối nay\n"]
    assert stream.flushed == 1
    assert outcome == Accepted("attempt-1")


@given(st.text(alphabet=st.characters(exclude_categories=[])), st.text())
def test_no_text_can_write_a_second_line_or_move_the_cursor(text: str, key: str) -> None:
    """Line ends, escapes and invisible signs are shown, not carried out."""
    stream = Writes()
    Console(stream).hand(a_parcel(text, key))

    assert len(stream.lines) == 1
    assert stream.lines[0].endswith("\n")
    assert stream.lines[0][:-1].isprintable()


def test_what_a_terminal_cannot_show_is_escaped() -> None:
    """A console without Vietnamese letters gets the text all the same."""
    raw = BytesIO()
    stream = TextIOWrapper(raw, encoding="ascii")
    Console(stream).hand(a_parcel("Chị B"))

    assert raw.getvalue() == b"\\u2192 [remind@1] +8490\\u2022\\u2022\\u2022567: Ch\\u1ecb B\n"


def test_a_closed_console_leaves_a_doubt() -> None:
    """Part of a line may be out when the stream breaks, so nobody claims that nothing is."""
    stream = StringIO()
    stream.close()

    outcome = Console(stream).hand(a_parcel("Chị B"))

    assert isinstance(outcome, InDoubt)
    assert outcome.code == "console_closed"


def test_closing_leaves_the_stream_to_its_owner() -> None:
    """The terminal belongs to the program."""
    stream = StringIO()
    Console(stream).close()

    assert not stream.closed


@pytest.mark.parametrize("word", ["two_way", "looks_up"])
def test_a_console_promises_no_more_than_it_can(word: str) -> None:
    """Nobody answers a console, and it remembers nothing."""
    assert getattr(Console.capabilities, word) is False
