"""What the words of the Android gateway mean."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.android_state import RANKS, instant_of, reason_of, refusal_of
from notifications.fault import Fault
from notifications.receipt import Rank


@pytest.mark.parametrize(
    ("state", "rank"),
    [
        ("Pending", Rank.TAKEN),
        ("Processed", Rank.TAKEN),
        ("Cancelling", Rank.TAKEN),
        ("Sent", Rank.SENT),
        ("Delivered", Rank.ARRIVED),
        ("Failed", Rank.NOT_ARRIVED),
        ("Cancelled", Rank.NOT_ARRIVED),
        ("Teleported", None),
    ],
)
def test_a_state_of_the_app_has_a_rank(state: str, rank: Rank | None) -> None:
    """Every state of the app's description is known; one of next year is kept and changes nothing."""
    assert RANKS.get(state) is rank


@pytest.mark.parametrize(
    ("words", "fault", "code"),
    [
        ("TTL expired", Fault.TOO_LATE, "ttl_expired"),
        (
            "Send result: RESULT_ERROR_NO_SERVICE (Failed because service is currently unavailable)",
            Fault.TRANSIENT,
            "RESULT_ERROR_NO_SERVICE",
        ),
        (
            "Send result: RESULT_ERROR_LIMIT_EXCEEDED (…)",
            Fault.TRANSIENT,
            "RESULT_ERROR_LIMIT_EXCEEDED",
        ),
        (
            "Send result: RESULT_RIL_RADIO_NOT_AVAILABLE (…)",
            Fault.TRANSIENT,
            "RESULT_RIL_RADIO_NOT_AVAILABLE",
        ),
        (
            "Send result: RESULT_SMS_BLOCKED_DURING_EMERGENCY (…)",
            Fault.TRANSIENT,
            "RESULT_SMS_BLOCKED_DURING_EMERGENCY",
        ),
        (
            "Send result: RESULT_NO_DEFAULT_SMS_APP (…)",
            Fault.CONFIGURATION,
            "RESULT_NO_DEFAULT_SMS_APP",
        ),
        ("Send result: RESULT_RIL_SIM_ABSENT (…)", Fault.CONFIGURATION, "RESULT_RIL_SIM_ABSENT"),
        ("Send result: RESULT_ERROR_NULL_PDU (…)", Fault.BAD_TEXT, "RESULT_ERROR_NULL_PDU"),
        # Mostly an empty balance, but it may be anything.
        (
            "Send result: RESULT_ERROR_GENERIC_FAILURE (…)",
            Fault.UNKNOWN,
            "RESULT_ERROR_GENERIC_FAILURE",
        ),
        ("Can't send message: No SIMs found", Fault.CONFIGURATION, "no_sim"),
        ("sendSMS: SIM selection requires READ_PHONE_STATE permission", Fault.CONFIGURATION, "no_sim"),
        ("sendSMS: SIM 2 not found", Fault.CONFIGURATION, "no_sim"),
        ("sendSMS: Invalid destinationAddress", Fault.BAD_NUMBER, "bad_number"),
        ("Delivery result from SC +84900000024: 65", Fault.BAD_NUMBER, "delivery_65"),
        ("Delivery result from SC +84900000024: 70", Fault.TOO_LATE, "delivery_70"),
        ("Delivery result from SC +84900000024: 98", Fault.UNKNOWN, "delivery_98"),
        ("Delivery result: 1", Fault.UNKNOWN, "delivery_1"),
        ("", Fault.UNKNOWN, "failed"),
        ("Unknown error code: 4711", Fault.UNKNOWN, "failed"),
    ],
)
def test_a_reason_means_what_the_table_says(words: str, fault: Fault, code: str) -> None:
    """Each reason of the app has a class and a short code; only bad numbers are held against the number."""
    assert reason_of("Failed", words) == (fault, code)


def test_a_text_that_somebody_took_out_of_the_queue_has_a_reason_of_its_own() -> None:
    """A person at the phone did it, and a person has to be told."""
    assert reason_of("Cancelled", "") == (Fault.UNKNOWN, "cancelled_on_the_phone")


@pytest.mark.parametrize("state", ["Pending", "Sent", "Delivered", "Teleported"])
def test_nothing_is_wrong_with_a_text_that_did_not_fail(state: str) -> None:
    """Words beside another state are no reason: the app leaves old ones there."""
    assert reason_of(state, "Send result: RESULT_ERROR_NO_SERVICE") == (None, "")


@given(st.text(), st.from_regex(r"\+84[35789][0-9]{8}", fullmatch=True))
def test_a_code_never_holds_a_number(words: str, number: str) -> None:
    """Codes end up in logs, and the app's reasons name numbers."""
    _, code = reason_of("Failed", f"{words}{number}{words}")
    assert number not in code


@pytest.mark.parametrize(
    ("status", "message", "fault"),
    [
        (401, "Unauthorized", Fault.CONFIGURATION),
        (403, "", Fault.CONFIGURATION),
        (404, "", Fault.CONFIGURATION),
        (302, "", Fault.CONFIGURATION),
        (413, "", Fault.BAD_TEXT),
        (429, "", Fault.TRANSIENT),
        (400, "message already expired", Fault.TOO_LATE),
        (400, "can't use phone in row 1: invalid phone number", Fault.BAD_NUMBER),
        (400, "can't use phone in row 1: not mobile phone number", Fault.BAD_NUMBER),
        (400, "phoneNumbers is empty", Fault.UNKNOWN),  # our fault: nobody's number is held guilty
        (400, "Invalid device ID", Fault.CONFIGURATION),
        (400, "simNumber must be >= 1", Fault.CONFIGURATION),
        (400, "Text message is empty", Fault.BAD_TEXT),
        (
            400,
            "Key: 'Message.TextMessage.Text' Error:Field validation for 'Text' failed on the 'max' tag",
            Fault.BAD_TEXT,
        ),
        (400, "words of next year", Fault.UNKNOWN),
        (418, "", Fault.UNKNOWN),
    ],
)
def test_a_refusal_means_what_the_table_says(status: int, message: str, fault: Fault) -> None:
    """The status says most; where it is 400, the gateway's own sentence does."""
    assert refusal_of(status, message) is fault


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-11-02T12:00:00.000+07:00", datetime(2026, 11, 2, 5, tzinfo=UTC)),
        ("2026-11-02T05:00:00Z", datetime(2026, 11, 2, 5, tzinfo=UTC)),
        ("2026-11-02T05:00:00", None),  # no offset: no instant
        ("0001-01-01T00:00:00+07:00", None),  # before time began
        ("yesterday", None),
        (1793595600, None),
        (None, None),
    ],
)
def test_an_instant_of_the_phone_is_read_or_is_none(written: object, instant: datetime | None) -> None:
    """The phone writes local times with their offset; anything else is no instant, and no fault."""
    assert instant_of(written) == instant
