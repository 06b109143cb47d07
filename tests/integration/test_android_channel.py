"""The Android channel, through real HTTP, against a pretend phone."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from notifications.channels.android import Android, Gateway, gateway_from
from notifications.channels.channel import Accepted, InDoubt, Inquiry, NotSent, NoWord, Outcome, Parcel, Trace
from notifications.channels.credential import MissingCredentials
from notifications.channels.one_post import LONGEST_ANSWER
from notifications.fault import Fault
from notifications.receipt import Rank
from tests.fake_android import PASSWORD, USER, FakeAndroid

NOON = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
PHONE = "+84901234567"
REFERENCE = "0f8fad5bd9cb469fa16570867728950e"


def a_parcel(
    text: str = "UBNDQ1: ca truc toi nay 17:00",
    reference: str = REFERENCE,
    at: datetime = NOON,
    expires_at: datetime = NOON + timedelta(hours=1),
) -> Parcel:
    """A duty text that is good for an hour."""
    return Parcel(reference, "remind@1", PHONE, text, "UBNDQ1", expires_at, at)


def an_inquiry(reference: str = REFERENCE) -> Inquiry:
    """The question for the same text."""
    return Inquiry(reference, PHONE, "UBNDQ1: ca truc toi nay 17:00", "UBNDQ1", NOON)


@pytest.fixture
def phone() -> Iterator[FakeAndroid]:
    """A pretend phone."""
    with FakeAndroid() as fake:
        yield fake


@pytest.fixture
def channel(phone: FakeAndroid) -> Iterator[Android]:
    """The channel, pointed at the pretend phone."""
    channel = Android(Gateway(phone.url, USER, PASSWORD))
    yield channel
    channel.close()


def test_a_text_is_handed_over_once_as_it_stands(phone: FakeAndroid, channel: Android) -> None:
    """Recipient, text and our own id arrive unchanged, and a receipt of the handset is asked for."""
    outcome = channel.hand(a_parcel("UBNDQ1: ca trực & 100% đủ + cảm ơn"))

    assert outcome == Accepted(REFERENCE)
    taken = phone.ledger[REFERENCE]
    assert taken.phoneNumbers == [PHONE]
    assert taken.textMessage.text == "UBNDQ1: ca trực & 100% đủ + cảm ơn"
    assert taken.withDeliveryReport
    assert phone.requests == 1


def test_the_server_of_the_app_takes_texts_as_the_phone_does(phone: FakeAndroid) -> None:
    """The same requests below another address: nothing but the address is configured."""
    channel = Android(Gateway(f"{phone.url}/3rdparty/v1", USER, PASSWORD))
    outcomes = channel.hand(a_parcel()), channel.look_up(an_inquiry()), channel.look_up(an_inquiry("0"))
    channel.close()

    assert outcomes[0] == Accepted(REFERENCE)
    assert isinstance(outcomes[1], tuple)
    assert outcomes[2] == ()


def test_our_own_check_of_numbers_is_the_last(phone: FakeAndroid, channel: Android) -> None:
    """The app's list of ranges may be older than ours: it is told not to use it."""
    channel.hand(a_parcel())

    assert phone.queries == [{"skipPhoneValidation": "true"}]


@pytest.mark.parametrize(
    ("left", "life"),
    [(timedelta(seconds=5), 5), (timedelta(minutes=10), 600), (timedelta(days=3), 259_200)],
)
def test_the_phone_may_send_only_while_the_text_is_useful(
    phone: FakeAndroid, channel: Android, left: timedelta, life: int
) -> None:
    """What waits in the phone's queue beyond its use is dropped there; zones do not matter."""
    saigon = timezone(timedelta(hours=7))

    channel.hand(a_parcel(at=NOON.astimezone(saigon), expires_at=NOON + left))

    assert phone.ledger[REFERENCE].ttl == life


def test_an_expired_text_is_not_handed_over(phone: FakeAndroid, channel: Android) -> None:
    """A text with less left than the gateway takes reaches nobody."""
    outcome = channel.hand(a_parcel(expires_at=NOON + timedelta(seconds=4)))

    assert isinstance(outcome, NotSent)
    assert (outcome.code, outcome.fault) == ("expired", Fault.TOO_LATE)
    assert phone.requests == 0


def test_the_same_reference_twice_is_one_text(phone: FakeAndroid, channel: Android) -> None:
    """The gateway says that it has it already, shows it, and so the text is accepted, not sent again."""
    outcomes = [channel.hand(a_parcel()) for _ in range(2)]

    assert outcomes == [Accepted(REFERENCE)] * 2
    assert len(phone.ledger) == 1


def test_a_conflict_of_somebody_else_is_no_proof_of_a_text(phone: FakeAndroid, channel: Android) -> None:
    """Who says that it has the text has to show it; else it is in doubt, and not lost."""
    phone.fail(409, "duplicate id")

    outcome = channel.hand(a_parcel())

    assert isinstance(outcome, InDoubt)
    assert phone.ledger == {}


@pytest.mark.parametrize(
    ("status", "message", "fault"),
    [
        (400, "can't use phone in row 1: invalid phone number", Fault.BAD_NUMBER),
        (400, "message already expired", Fault.TOO_LATE),
        (400, "Text message is empty", Fault.BAD_TEXT),
        (400, "words of next year", Fault.UNKNOWN),
        (403, "", Fault.CONFIGURATION),
        (404, "", Fault.CONFIGURATION),
        (429, "", Fault.TRANSIENT),
    ],
)
def test_a_refusal_proves_that_nothing_went_out(
    phone: FakeAndroid, channel: Android, status: int, message: str, fault: Fault
) -> None:
    """Each has its class, and none names the number."""
    phone.fail(status, f"{message} ({PHONE})")

    outcome = channel.hand(a_parcel())

    assert isinstance(outcome, NotSent)
    assert (outcome.fault, outcome.code) == (fault, str(status))
    assert PHONE not in outcome.sentence
    assert (phone.ledger, phone.requests) == ({}, 1)


def test_a_wrong_password_is_our_configuration(phone: FakeAndroid, channel: Android) -> None:
    """A refusal of the account keeps the text waiting and says where to look."""
    phone.unauthorized()
    stranger = Android(Gateway(phone.url, USER, "wrong"))
    outcomes = [channel.hand(a_parcel()), stranger.hand(a_parcel())]
    stranger.close()

    assert [outcome.fault for outcome in outcomes if isinstance(outcome, NotSent)] == [
        Fault.CONFIGURATION
    ] * 2
    assert all("password" in outcome.sentence for outcome in outcomes if isinstance(outcome, NotSent))


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        (FakeAndroid.accept_then_500, "provider_error"),
        (FakeAndroid.accept_then_drop, "no_answer"),
        (FakeAndroid.garbage_202, "unreadable_answer"),
        (lambda phone: phone.answer_with(202, b"{}"), "unreadable_answer"),  # no id
        (lambda phone: phone.answer_with(202, b'{"id": 7}'), "unreadable_answer"),
        (lambda phone: phone.answer_with(202, b'{"id": "a\\u0000b"}'), "unreadable_answer"),
        (lambda phone: phone.answer_with(202, b'{"id": "\\ud800"}'), "unreadable_answer"),
        (lambda phone: phone.answer_with(202, b"[]"), "unreadable_answer"),
        (lambda phone: phone.answer_with(202, b"[" * 100_000), "unreadable_answer"),
        (lambda phone: phone.answer_with(202, b""), "unreadable_answer"),
        (lambda phone: phone.answer_with(503, b"<html>Bad gateway</html>"), "provider_error"),
        (lambda phone: phone.answer_with(202, b" " * (LONGEST_ANSWER + 1)), "no_answer"),
    ],
)
def test_what_may_have_gone_out_is_in_doubt_and_not_repeated(
    phone: FakeAndroid, channel: Android, fault: Callable[[FakeAndroid], None], meaning: str
) -> None:
    """Whatever happens after the request was written leaves one request and a doubt."""
    fault(phone)

    outcome = channel.hand(a_parcel())

    assert isinstance(outcome, InDoubt)
    assert outcome.code == meaning
    assert phone.requests == 1


@pytest.mark.parametrize(
    "fault", [FakeAndroid.accept_then_500, FakeAndroid.accept_then_drop, FakeAndroid.garbage_202]
)
def test_a_text_in_doubt_is_found_by_our_own_id(
    phone: FakeAndroid, channel: Android, fault: Callable[[FakeAndroid], None]
) -> None:
    """What was taken is found though the answer was lost; clocks do not matter, for the id is ours."""
    fault(phone)
    channel.hand(a_parcel())

    assert channel.look_up(an_inquiry()) == (Trace(REFERENCE, "Pending", Rank.TAKEN, None),)


def test_a_look_up_tells_how_the_text_fared(phone: FakeAndroid, channel: Android) -> None:
    """Each state has its rank, and a failure its reason."""
    channel.hand(a_parcel())
    found = []
    for step in (
        lambda: phone.process(REFERENCE),
        lambda: phone.send(REFERENCE, NOON),
        lambda: phone.deliver(REFERENCE, NOON),
        lambda: phone.lose(REFERENCE, "Send result: RESULT_ERROR_RADIO_OFF (…)", NOON),
    ):
        step()
        found.append(channel.look_up(an_inquiry()))

    assert found == [
        (Trace(REFERENCE, "Processed", Rank.TAKEN, None),),
        (Trace(REFERENCE, "Sent", Rank.SENT, None),),
        (Trace(REFERENCE, "Delivered", Rank.ARRIVED, None),),
        (Trace(REFERENCE, "Failed", Rank.NOT_ARRIVED, None, Fault.TRANSIENT, "RESULT_ERROR_RADIO_OFF"),),
    ]


def test_a_text_that_was_never_taken_leaves_no_trace(channel: Android) -> None:
    """The gateway looked and there is none."""
    assert channel.look_up(an_inquiry()) == ()


@pytest.mark.parametrize(
    "answer",
    [
        (lambda phone: phone.answer_with(404, b"<html>Tunnel not found</html>")),
        (lambda phone: phone.answer_with(404, b"[]")),
        (lambda phone: phone.answer_with(200, b"<html>Log in</html>")),
        (lambda phone: phone.answer_with(200, b'{"id": "another", "state": "Sent"}')),
        (lambda phone: phone.answer_with(200, f'{{"id": "{REFERENCE}", "state": 7}}'.encode())),
        (lambda phone: phone.answer_with(302, b"", {"Location": "/login"})),
        (lambda phone: phone.fail(500, "database is locked")),
        (lambda phone: phone.unauthorized()),
    ],
)
def test_an_answer_that_is_not_the_gateways_proves_nothing(
    phone: FakeAndroid, channel: Android, answer: Callable[[FakeAndroid], None]
) -> None:
    """A proxy that knows no gateway must not make a text be sent again."""
    answer(phone)

    assert isinstance(channel.look_up(an_inquiry()), NoWord)


@pytest.mark.parametrize(
    ("document", "trace"),
    [
        # The server hides the number after a while, and says when it took the text.
        (
            b'"state": "Sent", "createdAt": "2026-11-02T05:00:00Z", "recipients": [{"phoneNumber": "1d4b"}]',
            Trace(REFERENCE, "Sent", Rank.SENT, None),
        ),
        (b'"state": "Teleported"', Trace(REFERENCE, "Teleported", None, None)),
        (
            b'"state": "Failed", "recipients": [7], "states": {"Pending": "now"}',
            Trace(REFERENCE, "Failed", Rank.NOT_ARRIVED, None, Fault.UNKNOWN, "failed"),
        ),
    ],
)
def test_an_answer_of_another_version_is_read_as_far_as_it_goes(
    phone: FakeAndroid, channel: Android, document: bytes, trace: Trace
) -> None:
    """What is missing is not known; what is new changes nothing."""
    phone.answer_with(200, b'{"id": "%b", %b}' % (REFERENCE.encode(), document))

    assert channel.look_up(an_inquiry()) == (trace,)


def test_a_phone_that_is_switched_off_can_be_asked_again() -> None:
    """Nobody listens: a text waits, and a look-up says nothing."""
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody_listens.getsockname()[1]}"
        channel = Android(Gateway(url, USER, PASSWORD), connect=5, total=10)
        outcome, found = channel.hand(a_parcel()), channel.look_up(an_inquiry())
        channel.close()

    assert isinstance(outcome, NotSent)
    assert (outcome.code, outcome.fault) == ("unreachable", Fault.TRANSIENT)
    assert isinstance(found, NoWord)


def test_a_slow_answer_ends_at_the_deadline_in_doubt(phone: FakeAndroid) -> None:
    """The deadline is for the whole: each byte of a slow answer would renew a plain read timeout."""
    channel = Android(Gateway(phone.url, USER, PASSWORD), connect=5, total=0.6)
    phone.slow(0.02)
    outcome = channel.hand(a_parcel())
    channel.close()

    assert isinstance(outcome, InDoubt)
    assert (outcome.code, phone.requests) == ("no_answer", 1)


def test_closing_ends_a_text_under_way_in_doubt(phone: FakeAndroid) -> None:
    """A stop need not wait for a phone that does not answer."""
    channel = Android(Gateway(phone.url, USER, PASSWORD), total=60)
    phone.slow(0.02)
    outcomes: list[Outcome] = []
    worker = threading.Thread(target=lambda: outcomes.append(channel.hand(a_parcel())))
    worker.start()
    while not phone.ledger:
        time.sleep(0.01)

    channel.close()
    worker.join(5)

    assert [type(outcome) for outcome in outcomes] == [InDoubt]


def test_a_closed_channel_sends_nothing(phone: FakeAndroid, channel: Android) -> None:
    """After closing, a worker that comes late is told that nothing went out."""
    channel.close()

    assert isinstance(channel.hand(a_parcel()), NotSent)
    assert phone.requests == 0


def test_a_redirect_is_not_followed(phone: FakeAndroid, channel: Android) -> None:
    """A text goes to the address that was configured, or nowhere."""
    phone.answer_with(307, b"", {"Location": f"{phone.url}/elsewhere"})

    outcome = channel.hand(a_parcel())

    assert isinstance(outcome, NotSent)
    assert (outcome.fault, phone.requests) == (Fault.CONFIGURATION, 1)


def test_a_busy_gateway_is_left_alone_as_long_as_it_asks(phone: FakeAndroid, channel: Android) -> None:
    """The wait that it names is handed on."""
    phone.answer_with(429, b"", {"Retry-After": "7"})

    outcome = channel.hand(a_parcel())

    assert isinstance(outcome, NotSent)
    assert outcome.retry_after == timedelta(seconds=7)


def test_a_text_that_no_request_can_hold_fails_for_good(phone: FakeAndroid, channel: Android) -> None:
    """Half a surrogate pair cannot be written: nothing goes out, and trying again cannot help."""
    outcome = channel.hand(a_parcel("\ud83d"))

    assert isinstance(outcome, NotSent)
    assert (outcome.fault, phone.requests) == (Fault.BAD_TEXT, 0)


def test_a_bad_answer_leaves_the_channel_working(phone: FakeAndroid, channel: Android) -> None:
    """After any fault the next text goes out."""
    phone.accept_then_drop()
    phone.accept_then_500()
    phone.garbage_202()
    phone.accept()

    outcomes = [type(channel.hand(a_parcel(reference=str(number)))) for number in range(4)]

    assert outcomes == [InDoubt, InDoubt, InDoubt, Accepted]


def test_nothing_is_erased_at_the_phone(channel: Android) -> None:
    """It keeps no texts for us: there is nothing to wait for."""
    assert (channel.forget(REFERENCE), channel.capabilities.keeps_texts) == (True, False)


def test_nothing_private_is_logged(
    phone: FakeAndroid, channel: Android, caplog: pytest.LogCaptureFixture
) -> None:
    """Numbers, texts and the password stay out of the logs at every level, and out of reprs."""
    with caplog.at_level("DEBUG"):
        channel.hand(a_parcel())
        channel.look_up(an_inquiry())

    assert not any(private in caplog.text for private in (PHONE, PHONE[1:], "ca truc", PASSWORD))
    assert PASSWORD not in repr(Gateway(phone.url, USER, PASSWORD))


def everything(**changed: str) -> dict[str, str]:
    """An environment with all that the channel needs, some of it changed."""
    whole = {
        "URL": "http://192.168.1.20:8080/",
        "USER": USER,
        "PASSWORD": PASSWORD,
        "SIGNING_KEY": "key",
    } | changed
    return {f"CATRUC_ANDROID_{name}": value for name, value in whole.items()}


def test_the_gateway_comes_from_variables_or_from_files(tmp_path: Path) -> None:
    """Each part may stand in its variable or in a file that …_FILE names; line ends do not count."""
    secret = tmp_path / "password"
    secret.write_text("from-a-file\n", encoding="utf-8")

    gateway = gateway_from(everything(PASSWORD="", PASSWORD_FILE=str(secret)))

    assert gateway == Gateway("http://192.168.1.20:8080", USER, "from-a-file")


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "CATRUC_ANDROID_URL and CATRUC_ANDROID_USER and CATRUC_ANDROID_PASSWORD"),
        (everything(SIGNING_KEY=""), "needs CATRUC_ANDROID_SIGNING_KEY"),
        (everything(PASSWORD="", PASSWORD_FILE="no/such/file"), "CATRUC_ANDROID_PASSWORD_FILE"),
        (everything(URL="192.168.1.20:8080"), "no address"),
        (everything(URL="ftp://192.168.1.20"), "no address"),
        (everything(URL="http://"), "no address"),
        (everything(URL="http://[192.168.1.20"), "no address"),
        (everything(URL="http://phone:eighty"), "no address"),
        (everything(URL="https://sms:secret@example.org/3rdparty/v1"), "no address"),
        (everything(URL="https://example.org/?key=1"), "no address"),
        (everything(URL="http://8.8.8.8:8080"), "without encryption"),
        (everything(URL="http://api.sms-gate.app/3rdparty/v1"), "without encryption"),
    ],
)
def test_what_is_wrong_with_the_environment_is_told_in_one_sentence(
    environment: dict[str, str], named: str
) -> None:
    """Who starts the service learns which variable to set, and no secret is repeated."""
    with pytest.raises(MissingCredentials) as caught:
        gateway_from(environment)

    assert named in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.sms-gate.app/3rdparty/v1",
        "http://10.0.0.7:8080",
        "http://100.64.3.2:8080",  # a private network over the internet
        "http://[fd00::7]:8080",
        "http://127.0.0.1:8080",
        "http://phone:8080",
        "http://phone.local:8080",
    ],
)
def test_a_phone_in_the_local_network_needs_no_encryption(url: str) -> None:
    """The app offers none there; elsewhere it does."""
    assert gateway_from(everything(URL=url)).url == url
