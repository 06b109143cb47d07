"""What the gateway says of a text, as tables: its states, its reasons, and what a refusal means.

The words are those of its API and of its app. Android has renamed and added reasons before: one that is not
here is kept by name, and a person is told.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from notifications.fault import Fault
from notifications.receipt import Rank

RANKS: Mapping[str, Rank] = MappingProxyType(
    {
        "Pending": Rank.TAKEN,  # in the phone's queue
        "Processed": Rank.TAKEN,  # handed to Android
        "Cancelling": Rank.TAKEN,
        "Sent": Rank.SENT,  # the network took it
        "Delivered": Rank.ARRIVED,  # the handset has it
        "Failed": Rank.NOT_ARRIVED,
        "Cancelled": Rank.NOT_ARRIVED,  # somebody took it out of the phone's queue
    }
)

# What a refused request proves is that nothing left; the first line that fits says why.
_REFUSALS: tuple[tuple[re.Pattern[str], Fault], ...] = tuple(
    (re.compile(words, re.IGNORECASE), fault)
    for words, fault in (
        (r"already expired", Fault.TOO_LATE),
        (r"(invalid|not mobile|can't parse) phone number|can't use phone", Fault.BAD_NUMBER),
        (r"\bdevices?\b|\bsim\b|simNumber", Fault.CONFIGURATION),
        (r"text message is empty|TextMessage", Fault.BAD_TEXT),
    )
)
_BY_STATUS: Mapping[int, Fault] = MappingProxyType(
    {
        **dict.fromkeys(range(300, 400), Fault.CONFIGURATION),  # not the gateway, but something before it
        401: Fault.CONFIGURATION,
        403: Fault.CONFIGURATION,
        404: Fault.CONFIGURATION,
        405: Fault.CONFIGURATION,
        408: Fault.TRANSIENT,
        413: Fault.BAD_TEXT,
        429: Fault.TRANSIENT,
    }
)

# Android's reasons, by name. Those of the radio bear the same names with RIL before them.
_BY_NAME: Mapping[str, Fault] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "RADIO_OFF",
                "NO_SERVICE",
                "LIMIT_EXCEEDED",
                "RADIO_NOT_AVAILABLE",
                "REQUEST_RATE_LIMITED",
                "NETWORK_NOT_READY",
                "BLOCKED_DURING_EMERGENCY",
                "BLOCKED_DUE_TO_CALL",
                "SIMULTANEOUS_SMS_AND_CALL_NOT_ALLOWED",
            ),
            Fault.TRANSIENT,
        ),
        **dict.fromkeys(
            (
                "NO_DEFAULT_SMS_APP",
                "SIM_ABSENT",
                "FDN_CHECK_FAILURE",
                "INVALID_SMSC_ADDRESS",
                "OPERATION_NOT_ALLOWED",
                "ACCESS_BARRED",
            ),
            Fault.CONFIGURATION,
        ),
        **dict.fromkeys(("NULL_PDU", "ENCODING_ERROR", "ENCODING_ERR", "INVALID_SMS_FORMAT"), Fault.BAD_TEXT),
        **dict.fromkeys(("SHORT_CODE_NOT_ALLOWED", "SHORT_CODE_NEVER_ALLOWED"), Fault.BAD_NUMBER),
    }
)
_NAMED = re.compile(r"RESULT_(?:RIL_|SMS_)?(?:ERROR_)?([A-Z_]+)")

# What the network reports of a text that the phone had sent: the status byte of GSM 03.40, 9.2.3.15.
_REPORTED: Mapping[int, Fault] = MappingProxyType(
    {
        65: Fault.BAD_NUMBER,  # incompatible destination
        69: Fault.BAD_NUMBER,  # no interworking: no such handset
        70: Fault.TOO_LATE,  # its validity has ended
        73: Fault.BAD_NUMBER,  # no such handset
    }
)
_REPORT = re.compile(r"Delivery result\b.*: (\d{1,3})")

_OWN_WORDS: tuple[tuple[re.Pattern[str], str, Fault], ...] = (
    (re.compile(r"TTL expired"), "ttl_expired", Fault.TOO_LATE),
    (re.compile(r"No SIMs found|SIM \d not found|SIM selection"), "no_sim", Fault.CONFIGURATION),
    (re.compile(r"[Pp]ermission"), "no_permission", Fault.CONFIGURATION),
    (re.compile(r"[Ii]nvalid (destination|phone|number)"), "bad_number", Fault.BAD_NUMBER),
)


def refusal_of(status: int, message: str) -> Fault:
    """Why the gateway refused a request; `message` is its own sentence, in English."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return next((fault for words, fault in _REFUSALS if words.search(message)), Fault.UNKNOWN)


def reason_of(status: str, words: str) -> tuple[Fault | None, str]:
    """Why a text in that state did not arrive, and a short code for it that never holds a number.

    `words` is the gateway's own reason; nothing is wrong with a text in any other state.
    """
    if RANKS.get(status) is not Rank.NOT_ARRIVED:
        return None, ""
    if status == "Cancelled":
        return Fault.UNKNOWN, "cancelled_on_the_phone"
    if named := _NAMED.search(words):
        return _BY_NAME.get(named[1], Fault.UNKNOWN), named[0]
    if report := _REPORT.search(words):
        return _REPORTED.get(int(report[1]), Fault.UNKNOWN), f"delivery_{report[1]}"
    return next(
        ((fault, code) for pattern, code, fault in _OWN_WORDS if pattern.search(words)),
        (Fault.UNKNOWN, "failed"),
    )


def instant_of(written: object) -> datetime | None:
    """The instant that the gateway writes in ISO 8601 with its offset, in UTC; None for anything else."""
    try:
        instant = datetime.fromisoformat(written) if isinstance(written, str) else None
        return instant.astimezone(UTC) if instant and instant.tzinfo else None
    except (ValueError, OverflowError):
        return None
