"""How much: a proof is run in a small form in CI, and in its release form by ``python3 run.py chaos``."""

import os

WORD = "CATRUC_CHAOS"
KILLS_IN_CI = 200


def kills() -> int:
    """How many kills, over both databases."""
    return int(os.environ.get(WORD, KILLS_IN_CI))


def is_release() -> bool:
    """Whether this is the long form."""
    return WORD in os.environ


def sweepers() -> int:
    """How many sweep at once: in CI one, since other tests run beside it, and in the long form one a core."""
    return os.cpu_count() or 1 if is_release() else 1


def scaled(in_ci: int) -> int:
    """As many as in CI, more by as much as there are more kills."""
    return max(1, in_ci * kills() // KILLS_IN_CI)
