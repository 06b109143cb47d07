"""What Twilio's error codes and statuses mean: two tables, held against what its documents say."""

import re

import pytest

from notifications.channels.twilio_codes import RANKS, UNKNOWN, Codes, Meaning, load_codes
from notifications.fault import Fault
from notifications.receipt import Rank

CODES = load_codes()


@pytest.mark.parametrize(
    ("fault", "codes"),
    [
        (Fault.TRANSIENT, (429, 20429, 21611, 30001)),
        (Fault.BAD_NUMBER, (21211, 21614, 21635, 30005, 30006)),
        (Fault.OPTED_OUT, (21610,)),
        (
            Fault.CONFIGURATION,
            (300, 401, 403, 404, 20003, 20404, 21408, 21606, 21212, 21612, 21603, 21608, 21609, 30002),
        ),
        (Fault.BAD_TEXT, (21617, 30004, 30007)),
        (Fault.TOO_LATE, (30036, 90007)),
        (Fault.UNKNOWN, (30003, 30008, 30410)),
    ],
)
def test_each_class_has_its_codes(fault: Fault, codes: tuple[int, ...]) -> None:
    """What was never processed waits; what is ours stops the queue; a bad number is told as one."""
    assert {CODES.meanings[code].fault for code in codes} == {fault}


@pytest.mark.parametrize("code", CODES.meanings)
def test_each_row_tells_a_person_what_to_do(code: int) -> None:
    """A whole sentence that names neither a number nor Twilio's own code."""
    sentence = CODES.meanings[code].sentence
    assert re.fullmatch(r"[A-Z].{20,}\.", sentence)
    assert not re.search(r"\d{4}", sentence)


def test_nothing_is_in_doubt_that_twilio_gives_a_code_for() -> None:
    """A code is an answer: whatever it says, the text did not go out or did not arrive."""
    assert Fault.IN_DOUBT not in {meaning.fault for meaning in CODES.meanings.values()}


@pytest.mark.parametrize(
    ("code", "status", "found"),
    [
        pytest.param(21211, 400, 21211, id="by its code"),
        pytest.param(99999, 401, 401, id="by the status"),
        pytest.param(None, 429, 429, id="without a code"),
        pytest.param("21211", 400, None, id="a code that is a text"),
        pytest.param(None, 302, 300, id="a redirection"),
        pytest.param(None, 308, 300, id="another"),
        pytest.param(None, 418, None, id="nobody knows"),
    ],
)
def test_a_refusal_is_read_by_code_then_by_status(code: object, status: int, found: int | None) -> None:
    """The status of HTTP speaks where Twilio's own code says nothing."""
    expected = UNKNOWN if found is None else CODES.meanings[found]
    assert CODES.of_refusal(code, status) == expected


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (30005, 30005),
        ("30005", 30005),
        ("", None),
        (None, None),
        ("99999", None),
        ("-30005", None),
        ("30005 ", None),
        ("9" * 5000, None),
        ("³", None),
    ],
)
def test_a_receipt_is_read_whatever_it_brings(code: object, found: int | None) -> None:
    """A form may bring anything for a code; what is not one is unknown and breaks nothing."""
    assert CODES.of_receipt(code) == (UNKNOWN if found is None else CODES.meanings[found])


def test_without_any_codes_everything_is_unknown() -> None:
    """The table is data: nothing in the code knows a code."""
    assert Codes({}).of_refusal(21211, 400) == Codes({}).of_receipt(21211) == UNKNOWN
    assert Codes({7: Meaning(Fault.TOO_LATE, "s")}).of_receipt("7").fault is Fault.TOO_LATE


def test_every_status_of_what_we_send_has_a_rank() -> None:
    """All that Twilio lists but those of texts that come in; one of next year is kept and says nothing."""
    before = {"accepted", "scheduled", "queued", "sending", "sent"}
    after = {"delivered", "read", "partially_delivered", "undelivered", "failed", "canceled"}
    assert set(RANKS) == before | after
    assert RANKS.get("teleported") is None
    assert {RANKS["delivered"], RANKS["undelivered"]} == {Rank.ARRIVED, Rank.NOT_ARRIVED}
