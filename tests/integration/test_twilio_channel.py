"""The Twilio channel, through the real SDK and real HTTP, against a pretend Twilio."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from notifications.channels.channel import Accepted, InDoubt, NotSent, Outcome, Parcel
from notifications.channels.one_post import LONGEST_ANSWER, OnePost
from notifications.channels.twilio import Twilio
from notifications.channels.twilio_account import Credentials
from notifications.channels.twilio_codes import UNKNOWN, load_codes
from notifications.fault import Fault
from tests.fake_twilio import ACCOUNT, TOKEN, FakeTwilio

CODES = load_codes().meanings
NOON = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
PHONE = "+84901234567"


def a_parcel(
    text: str = "UBNDQ1: ca truc toi nay 17:00",
    to: str = PHONE,
    at: datetime = NOON,
    expires_at: datetime = NOON + timedelta(hours=1),
    sender: str = "UBNDQ1",
) -> Parcel:
    """A duty text that is good for an hour."""
    return Parcel("attempt-1", "remind@1", to, text, sender, expires_at, at)


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    """A pretend Twilio."""
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def channel(twilio: FakeTwilio) -> Iterator[Twilio]:
    """The channel, pointed at the pretend Twilio."""
    channel = Twilio(Credentials(ACCOUNT, TOKEN), twilio.url)
    yield channel
    channel.close()


@pytest.fixture
def impatient(twilio: FakeTwilio) -> Iterator[Twilio]:
    """The same, with a deadline that a slow answer misses."""
    channel = Twilio(Credentials(ACCOUNT, TOKEN), twilio.url, connect=5, total=0.6)
    yield channel
    channel.close()


def test_a_text_is_handed_over_once_as_it_stands(twilio: FakeTwilio, channel: Twilio) -> None:
    """Recipient, sender and text arrive unchanged, and the provider's id comes back."""
    outcome = channel.hand(a_parcel("UBNDQ1: ca trực & 100% đủ + cảm ơn"))

    assert outcome == Accepted(twilio.ledger[0].sid)
    taken = twilio.ledger[0]
    assert (taken.to, taken.sender, taken.body) == (PHONE, "UBNDQ1", "UBNDQ1: ca trực & 100% đủ + cảm ơn")
    assert twilio.requests == 1


@pytest.mark.parametrize(
    ("left", "validity"),
    [
        (timedelta(seconds=1), 1),
        (timedelta(minutes=10), 600),
        (timedelta(hours=10), 36_000),
        (timedelta(days=3), 36_000),  # the longest that Twilio takes
    ],
)
def test_twilio_may_send_only_while_the_text_is_useful(
    twilio: FakeTwilio, channel: Twilio, left: timedelta, validity: int
) -> None:
    """The validity is the time left, whatever zones the instants are given in."""
    saigon = timezone(timedelta(hours=7))

    channel.hand(a_parcel(at=NOON.astimezone(saigon), expires_at=NOON + left))

    assert twilio.ledger[0].validity == validity


def test_an_expired_text_is_not_handed_over(twilio: FakeTwilio, channel: Twilio) -> None:
    """A text without a second left fails for good and reaches nobody."""
    outcome = channel.hand(a_parcel(expires_at=NOON))

    assert isinstance(outcome, NotSent)
    assert (outcome.fault, outcome.code) == (Fault.TOO_LATE, "expired")
    assert twilio.requests == 0


@pytest.mark.parametrize("code", [code for code in CODES if code >= 1000])
def test_a_refusal_means_what_the_table_says(twilio: FakeTwilio, channel: Twilio, code: int) -> None:
    """Every row: a refusal proves that nothing went out, is not repeated, and never names the number."""
    twilio.refuse(code)

    outcome = channel.hand(a_parcel())

    assert outcome == NotSent(CODES[code].fault, str(code), CODES[code].sentence)
    assert PHONE not in outcome.sentence
    assert twilio.ledger == []
    assert twilio.requests == 1


@pytest.mark.parametrize(
    ("code", "status", "fault"),
    [
        (99999, 400, Fault.UNKNOWN),  # a code of next year
        (0, 400, Fault.UNKNOWN),
        (-1, 400, Fault.UNKNOWN),
        (99999, 401, Fault.CONFIGURATION),  # the status alone says enough
        (99999, 403, Fault.CONFIGURATION),
        (99999, 404, Fault.CONFIGURATION),
        (99999, 407, Fault.CONFIGURATION),
        (99999, 429, Fault.TRANSIENT),
        (21610, 401, Fault.OPTED_OUT),  # the code says more than the status
    ],
)
def test_a_code_that_nobody_knows_breaks_nothing(
    twilio: FakeTwilio, channel: Twilio, code: int, status: int, fault: Fault
) -> None:
    """Twilio calls its codes subject to change: what is unknown has a class of its own."""
    twilio.refuse(code, status)

    outcome = channel.hand(a_parcel())

    assert isinstance(outcome, NotSent)
    assert (outcome.fault, outcome.code) == (fault, str(code))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"a text"',
        b"<html>Bad request</html>",
        b'{"code": "21211", "message": null, "status": "x"}',
        b'{"code": null}',
        b'{"code": 1e999}',
        b'{"code": {"a": 1}, "message": []}',
    ],
)
def test_a_refusal_of_any_shape_is_a_refusal(twilio: FakeTwilio, channel: Twilio, body: bytes) -> None:
    """Who answers 400 has not taken the text, however he says it; nothing is guessed from the rest."""
    twilio.answer_with(400, body)

    outcome = channel.hand(a_parcel())

    assert isinstance(outcome, NotSent)
    assert (outcome.fault, outcome.sentence) == (Fault.UNKNOWN, UNKNOWN.sentence)


@pytest.mark.parametrize(
    ("to", "sender", "code"),
    [
        ("+15005550001", "UBNDQ1", 21211),
        ("+15005550002", "UBNDQ1", 21612),
        ("+15005550003", "UBNDQ1", 21408),
        ("+15005550004", "UBNDQ1", 21610),
        ("+15005550009", "UBNDQ1", 21614),
        (PHONE, "+15005550001", 21212),
        (PHONE, "+15005550007", 21606),
        (PHONE, "+15005550008", 21611),
    ],
)
def test_the_magic_numbers_of_twilio_are_refused(channel: Twilio, to: str, sender: str, code: int) -> None:
    """The pretend Twilio and the channel agree on Twilio's own test numbers."""
    outcome = channel.hand(a_parcel(to=to, sender=sender))

    assert outcome == NotSent(CODES[code].fault, str(code), CODES[code].sentence)


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        (FakeTwilio.accept_then_500, "provider_error"),
        (FakeTwilio.accept_then_drop, "no_answer"),
        (FakeTwilio.garbage_201, "unreadable_answer"),
        (lambda twilio: twilio.answer_with(201, b"{}"), "unreadable_answer"),  # no id
        (lambda twilio: twilio.answer_with(201, b"[]"), "unreadable_answer"),  # no object
        (lambda twilio: twilio.answer_with(201, b'{"sid": "S\\u0000M"}'), "unreadable_answer"),  # no end
        (lambda twilio: twilio.answer_with(201, b'{"sid": "\\ud800"}'), "unreadable_answer"),  # half a sign
        (lambda twilio: twilio.answer_with(201, b""), "unreadable_answer"),
        (lambda twilio: twilio.answer_with(201, b"[" * 200_000), "unreadable_answer"),  # no end of lists
        (lambda twilio: twilio.answer_with(503, b"<html>Bad gateway</html>"), "provider_error"),
        (lambda twilio: twilio.answer_with(408, b""), "provider_error"),  # a proxy that waited in vain
        (lambda twilio: twilio.answer_with(201, b" " * (LONGEST_ANSWER + 1)), "no_answer"),
        (
            lambda twilio: twilio.answer_with(
                500, b'{"type": "t", "title": "t", "status": 400, "code": 21211}'
            ),
            "provider_error",  # the newer form of errors; the status of the answer itself counts
        ),
    ],
)
def test_what_may_have_gone_out_is_in_doubt_and_not_repeated(
    twilio: FakeTwilio, channel: Twilio, fault: Callable[[FakeTwilio], None], meaning: str
) -> None:
    """Whatever happens after the request was written leaves one request and a doubt."""
    fault(twilio)

    outcome = channel.hand(a_parcel())

    assert isinstance(outcome, InDoubt)
    assert outcome.code == meaning
    assert twilio.requests == 1


def test_a_slow_answer_ends_at_the_deadline_in_doubt(twilio: FakeTwilio, impatient: Twilio) -> None:
    """The deadline is for the whole: each byte of a slow answer would renew a plain read timeout."""
    twilio.slow_bytes(0.02)
    begun = time.monotonic()

    outcome = impatient.hand(a_parcel())

    assert isinstance(outcome, InDoubt)
    assert outcome.code == "no_answer"
    assert 0.5 < time.monotonic() - begun < 5
    assert twilio.requests == 1


def test_closing_ends_a_text_under_way_in_doubt(twilio: FakeTwilio) -> None:
    """A stop need not wait for a provider that does not answer."""
    channel = Twilio(Credentials(ACCOUNT, TOKEN), twilio.url, total=60)
    twilio.slow_bytes(0.02)
    outcomes: list[Outcome] = []
    worker = threading.Thread(target=lambda: outcomes.append(channel.hand(a_parcel())))
    worker.start()
    while not twilio.ledger:
        time.sleep(0.01)

    channel.close()
    worker.join(5)

    assert [type(outcome) for outcome in outcomes] == [InDoubt]


def test_a_closed_channel_sends_nothing(twilio: FakeTwilio, channel: Twilio) -> None:
    """After closing, a worker that comes late is told that nothing went out."""
    channel.hand(a_parcel())
    channel.close()

    assert isinstance(channel.hand(a_parcel()), NotSent)
    assert len(twilio.ledger) == 1


def test_a_closed_door_proves_that_nothing_went_out() -> None:
    """Without a connection the text simply waits."""
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody_listens.getsockname()[1]}"
        channel = Twilio(Credentials(ACCOUNT, TOKEN), url, connect=5, total=10)
        outcome = channel.hand(a_parcel())
        channel.close()

    assert isinstance(outcome, NotSent)
    assert (outcome.fault, outcome.code) == (Fault.TRANSIENT, "unreachable")


def test_a_certificate_of_nobody_proves_that_nothing_went_out(twilio: FakeTwilio) -> None:
    """Where TLS does not come about, no request has been written."""
    channel = Twilio(Credentials(ACCOUNT, TOKEN), twilio.url.replace("http:", "https:"), connect=5, total=10)
    outcome = channel.hand(a_parcel())
    channel.close()

    assert isinstance(outcome, NotSent)
    assert outcome.code == "unreachable"
    assert twilio.requests == 0


def test_too_many_requests_wait_as_long_as_twilio_asks(twilio: FakeTwilio, channel: Twilio) -> None:
    """The wait that Twilio names is handed on."""
    twilio.too_many(retry_after=7)

    outcome = channel.hand(a_parcel())

    assert isinstance(outcome, NotSent)
    assert outcome.retry_after == timedelta(seconds=7)


def test_a_redirect_is_not_followed(twilio: FakeTwilio, channel: Twilio) -> None:
    """A text goes to the address that was configured, or nowhere."""
    twilio.answer_with(307, b"", {"Location": twilio.url + "/elsewhere"})

    outcome = channel.hand(a_parcel())

    assert isinstance(outcome, NotSent)
    assert (outcome.fault, outcome.code) == (Fault.CONFIGURATION, "307")
    assert twilio.requests == 1


def test_a_text_that_no_request_can_hold_fails_for_good(twilio: FakeTwilio, channel: Twilio) -> None:
    """Half a surrogate pair cannot be written: nothing goes out, and trying again cannot help."""
    outcome = channel.hand(a_parcel("\ud83d"))

    assert isinstance(outcome, NotSent)
    assert (outcome.fault, twilio.requests) == (Fault.BAD_TEXT, 0)


def test_a_wrong_token_is_our_configuration(twilio: FakeTwilio) -> None:
    """A refusal of the account keeps the text waiting and says where to look."""
    channel = Twilio(Credentials(ACCOUNT, "wrong"), twilio.url)
    outcome = channel.hand(a_parcel())
    channel.close()

    assert isinstance(outcome, NotSent)
    assert (outcome.fault, outcome.code) == (Fault.CONFIGURATION, "20003")
    assert "credentials" in outcome.sentence


def test_without_another_address_requests_go_where_the_sdk_says(twilio: FakeTwilio) -> None:
    """Only a base URL changes the address; nothing else of the request depends on it."""
    post = OnePost(None, connect=5, total=10)
    text = {"To": PHONE, "From": "UBNDQ1", "Body": "ca truc", "ValidityPeriod": "60"}
    uri = f"{twilio.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"

    answer = post.request("POST", uri, data=text, auth=(ACCOUNT, TOKEN))
    post.close()

    assert (answer.status_code, len(twilio.ledger)) == (201, 1)


def test_no_text_is_trusted_to_a_connection_that_was_kept(twilio: FakeTwilio, channel: Twilio) -> None:
    """One after the other, at once: a connection that the other side is closing is never used again."""
    outcomes = [type(channel.hand(a_parcel())) for _ in range(20)]

    assert outcomes == [Accepted] * 20
    assert twilio.connections == 20


def test_a_bad_answer_leaves_the_channel_working(twilio: FakeTwilio, channel: Twilio) -> None:
    """After any fault the next text goes out."""
    twilio.accept_then_drop()
    twilio.accept_then_500()
    twilio.garbage_201()
    twilio.accept()

    outcomes = [type(channel.hand(a_parcel())) for _ in range(4)]

    assert outcomes == [InDoubt, InDoubt, InDoubt, Accepted]


def test_a_messaging_service_chooses_the_sender(twilio: FakeTwilio) -> None:
    """Where the environment names a service, the text goes by it and names no sender of its own."""
    service = "MG" + "0" * 32
    channel = Twilio(Credentials(ACCOUNT, TOKEN, messaging_service_sid=service), twilio.url)
    outcome = channel.hand(a_parcel())
    channel.close()

    assert isinstance(outcome, Accepted)
    assert (twilio.ledger[0].service, twilio.ledger[0].sender) == (service, None)


def test_the_address_for_receipts_names_the_attempt(twilio: FakeTwilio) -> None:
    """A receipt brings our reference back and repairs a lost answer; after a 5xx Twilio comes again."""
    channel = Twilio(
        Credentials(ACCOUNT, TOKEN), twilio.url, callback="https://catruc.example/sms/twilio/status"
    )
    channel.hand(a_parcel())
    channel.close()

    assert twilio.ledger[0].callback == (
        "https://catruc.example/sms/twilio/status?o=attempt-1#rc=5&rp=ct,rt,5xx"
    )


def test_without_an_address_of_ours_no_receipts_are_asked_for(twilio: FakeTwilio, channel: Twilio) -> None:
    """Twilio refuses texts whose receipts it could not bring."""
    channel.hand(a_parcel())

    assert twilio.ledger[0].callback is None
