"""Who may be texted for what."""

from datetime import UTC, datetime

import pytest

from notifications.consent import Consent, may_text
from notifications.message import Purpose


def said(purpose: Purpose, granted: bool) -> Consent:
    """A line of the ledger."""
    at = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
    return Consent("+84901234567", purpose, granted, at, how="counter", wording="Tôi đồng ý nhận tin nhắn.")


@pytest.mark.parametrize(
    ("purpose", "latest", "allowed"),
    [
        ("service", None, False),  # silence is no consent
        ("service", said("service", granted=True), True),
        ("service", said("service", granted=False), False),  # taken back
        ("duty", None, True),  # comes with the duty
        ("duty", said("duty", granted=True), True),
        ("duty", said("duty", granted=False), False),  # refused
    ],
)
def test_a_text_goes_only_to_those_who_let_it(
    purpose: Purpose, latest: Consent | None, allowed: bool
) -> None:
    """Notices need a yes; duty texts stop at a no."""
    assert may_text(purpose, latest) is allowed


@pytest.mark.parametrize(("purpose", "other"), [("service", "duty"), ("duty", "service")])
def test_a_yes_to_one_purpose_is_no_yes_to_another(purpose: Purpose, other: Purpose) -> None:
    """Asking with the ledger line of another purpose is a mistake of the caller."""
    with pytest.raises(ValueError, match=f"a consent to {other} texts says nothing about {purpose} texts"):
        may_text(purpose, said(other, granted=True))
