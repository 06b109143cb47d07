"""Whether somebody may be texted: by what they last said, for each purpose apart."""

from dataclasses import dataclass
from datetime import datetime

from notifications.message import Purpose


@dataclass(frozen=True, slots=True)
class Consent:
    """One line of the ledger: what was said, when, how ("counter", "web", "sms", "list"), to which wording.

    `phone` is E.164, `at` aware; `granted` is false for a withdrawal. `proof` is what shows it: the
    one-time code that was typed, the text that came in; nothing where a clerk vouches.
    """

    phone: str
    purpose: Purpose
    granted: bool
    at: datetime
    how: str
    wording: str
    proof: str = ""


def may_text(purpose: Purpose, latest: Consent | None) -> bool:
    """Whether a text for `purpose` may go, given the `latest` line on that number and purpose.

    Notices of a service need a yes that was given and not taken back; duty texts go to those who took a duty
    upon them until they refuse; an answer to what somebody has just asked for always may.

    Raises:
        ValueError: `latest` is about another purpose: a yes to one is no yes to the other.
    """
    if latest is None:
        return purpose != "service"
    if latest.purpose != purpose:
        raise ValueError(f"a consent to {latest.purpose} texts says nothing about {purpose} texts")
    return latest.granted
