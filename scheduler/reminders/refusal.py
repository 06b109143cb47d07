"""Whether a text that somebody sent refuses ours, or takes that back. Nothing is guessed."""

from notifications.text import fold

# Whole messages only: "dung dung gio" asks for punctuality.
WORDS = frozenset({"stop", "ngung", "tc", "tu choi"})
# The networks' words for it: who was stopped by mistake has no other way back.
WORDS_BACK = frozenset({"start", "unstop"})
# Politeness that may stand behind them.
PARTICLES = ("a", "nha", "nhe", "em", "anh", "chi")


def refuses_texts(text: str) -> bool:
    """Whether `text` is one of STOP, NGUNG, TC or TU CHOI, in any case, with or without accents.

    Closing particles and punctuation are let be.
    """
    return _bare(text) in WORDS


def wants_texts_again(text: str) -> bool:
    """Whether `text` is START or UNSTOP, in the same ways."""
    return _bare(text) in WORDS_BACK


def _bare(text: str) -> str:
    words = "".join(mark if mark.isalnum() else " " for mark in fold(text)).split()
    while words and words[-1] in PARTICLES:
        words.pop()
    return " ".join(words)
