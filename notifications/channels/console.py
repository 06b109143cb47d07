"""Texts as lines on a console: the channel of a first start, and of tests."""

from typing import TextIO

from notifications.channels.channel import (
    Accepted,
    Capabilities,
    Found,
    InDoubt,
    Inquiry,
    NoWord,
    Outcome,
    Parcel,
)
from notifications.phone import mask
from notifications.veil import masked


class Console:
    """Prints ``→ [key] +8490•••567: text``, one line a text, to `stream`."""

    name = "console"
    capabilities = Capabilities(two_way=False, receipts="none", looks_up=False, workers=1)

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def hand(self, parcel: Parcel) -> Outcome:
        """Print the text; in doubt when the stream breaks, for part of the line may be out."""
        line = _line(parcel, self._stream.encoding or "utf-8")
        try:
            # One write, so that a kill leaves the whole line or none of it.
            self._stream.write(line)
            self._stream.flush()
        except (OSError, ValueError) as error:
            return InDoubt("console_closed", f"The console took no more lines: {error}.")
        return Accepted(parcel.reference)

    def look_up(self, inquiry: Inquiry) -> Found:
        """Nobody knows what a console showed."""
        del inquiry
        return NoWord("no_memory", "A console keeps nothing.")

    def forget(self, provider_id: str) -> bool:
        """There is nothing to erase."""
        del provider_id
        return True

    def close(self) -> None:
        """Nothing to let go of: the stream belongs to the caller."""


def _line(parcel: Parcel, encoding: str) -> str:
    line = f"→ [{_on_one_line(parcel.key)}] {mask(parcel.phone)}: {_on_one_line(masked(parcel.text))}\n"
    return line.encode(encoding, "backslashreplace").decode(encoding)


def _on_one_line(text: str) -> str:
    """`text` with what would move the cursor or cannot be seen written as an escape."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
