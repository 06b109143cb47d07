"""Whether a text that somebody sent says that they want no more of ours. Nothing is guessed."""

from notifications.text import fold

# Whole messages only: "dung dung gio" asks for punctuality.
WORDS = frozenset({"stop", "ngung", "tc", "tu choi"})
# Politeness that may stand behind them.
PARTICLES = ("a", "nha", "nhe", "em", "anh", "chi")


def refuses_texts(text: str) -> bool:
    """Whether `text` is one of STOP, NGUNG, TC or TU CHOI, in any case, with or without accents.

    Closing particles and punctuation are let be.
    """
    words = "".join(mark if mark.isalnum() else " " for mark in fold(text)).split()
    while words and words[-1] in PARTICLES:
        words.pop()
    return " ".join(words) in WORDS
