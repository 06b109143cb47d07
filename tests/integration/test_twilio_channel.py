"""The Twilio channel, through the real SDK and real HTTP, against a pretend Twilio."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from notifications.channels.channel import Accepted, InDoubt, NotSent, Outcome, Parcel
from notifications.channels.one_post import LONGEST_ANSWER, OnePost
from notifications.channels.twilio import Credentials, MissingCredentials, Twilio, credentials_from
from tests.fake_twilio import ACCOUNT, TOKEN, FakeTwilio

NOON = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
PHONE = "+84901234567"


def a_parcel(
    text: str = "UBNDQ1: ca truc toi nay 17:00",
    to: str = PHONE,
    at: datetime = NOON,
    expires_at: datetime = NOON + timedelta(hours=1),
) -> Parcel:
    """A duty text that is good for an hour."""
    return Parcel("attempt-1", "remind@1", to, text, "UBNDQ1", expires_at, at)


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
    assert (outcome.code, outcome.permanent) == ("expired", True)
    assert twilio.requests == 0


@pytest.mark.parametrize(
    ("code", "status", "meaning", "permanent"),
    [
        (21211, 400, "bad_number", True),  # no valid number
        (21614, 400, "bad_number", True),  # not a mobile
        (21610, 400, "opted_out", True),
        (21617, 400, "refused", True),  # too long
        (20003, 401, "wrong_configuration", False),
        (21408, 400, "wrong_configuration", False),  # no permission for the country
        (21606, 400, "wrong_configuration", False),  # not our sender
        (20404, 404, "wrong_configuration", False),
        (21611, 400, "busy", False),  # the sender's queue is full
        (20429, 429, "busy", False),
        (99999, 400, "refused_unknown", False),  # a code of next year
        (99999, 403, "wrong_configuration", False),  # the status alone says enough
    ],
)
def test_a_refusal_means_what_the_table_says(
    twilio: FakeTwilio, channel: Twilio, code: int, status: int, meaning: str, permanent: bool
) -> None:
    """A refusal proves that nothing went out, and never names the number."""
    twilio.refuse(code, status)

    outcome = channel.hand(a_parcel())

    assert isinstance(outcome, NotSent)
    assert (outcome.code, outcome.permanent) == (meaning, permanent)
    assert str(code) in outcome.sentence
    assert PHONE not in outcome.sentence
    assert twilio.ledger == []
    assert twilio.requests == 1


@pytest.mark.parametrize(
    ("number", "meaning"),
    [
        ("+15005550001", "bad_number"),
        ("+15005550004", "opted_out"),
        ("+15005550009", "bad_number"),
    ],
)
def test_the_magic_numbers_of_twilio_are_refused(channel: Twilio, number: str, meaning: str) -> None:
    """The pretend Twilio and the channel agree on Twilio's own test numbers."""
    outcome = channel.hand(a_parcel(to=number))

    assert isinstance(outcome, NotSent)
    assert outcome.code == meaning


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        (FakeTwilio.accept_then_500, "provider_error"),
        (FakeTwilio.accept_then_drop, "no_answer"),
        (FakeTwilio.garbage_201, "unreadable_answer"),
        (lambda twilio: twilio.answer_with(201, b"{}"), "unreadable_answer"),  # no id
        (lambda twilio: twilio.answer_with(201, b"[]"), "unreadable_answer"),  # no object
        (lambda twilio: twilio.answer_with(201, b""), "unreadable_answer"),
        (lambda twilio: twilio.answer_with(503, b"<html>Bad gateway</html>"), "provider_error"),
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
    assert (outcome.code, outcome.permanent) == ("unreachable", False)


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
    assert outcome.code == "wrong_configuration"
    assert twilio.requests == 1


def test_a_text_that_no_request_can_hold_fails_for_good(twilio: FakeTwilio, channel: Twilio) -> None:
    """Half a surrogate pair cannot be written: nothing goes out, and trying again cannot help."""
    outcome = channel.hand(a_parcel("\ud83d"))

    assert isinstance(outcome, NotSent)
    assert (outcome.permanent, twilio.requests) == (True, 0)


def test_a_wrong_token_is_our_configuration(twilio: FakeTwilio) -> None:
    """A refusal of the account keeps the text waiting and says where to look."""
    channel = Twilio(Credentials(ACCOUNT, "wrong"), twilio.url)
    outcome = channel.hand(a_parcel())
    channel.close()

    assert isinstance(outcome, NotSent)
    assert (outcome.code, outcome.permanent) == ("wrong_configuration", False)
    assert "credentials" in outcome.sentence


def test_the_variables_of_the_sdk_itself_are_not_read(
    twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands in the SDK's own variables changes neither the account nor the address."""
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "9" * 32)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "other")
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    monkeypatch.setenv("TWILIO_REGION", "au1")
    channel = Twilio(Credentials(ACCOUNT, TOKEN), twilio.url)
    outcome = channel.hand(a_parcel())
    channel.close()

    assert isinstance(outcome, Accepted)


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


def test_many_workers_each_get_their_own_answer(twilio: FakeTwilio, channel: Twilio) -> None:
    """Four threads at once: each id belongs to the text that its caller handed over."""
    answers: list[tuple[str, Outcome]] = []

    def work(worker: int) -> None:
        for number in range(10):
            text = f"{worker}-{number}"
            answers.append((text, channel.hand(a_parcel(text))))

    workers = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    expected = {taken.body: Accepted(taken.sid) for taken in twilio.ledger}
    assert len(expected) == 40
    assert dict(answers) == expected


def test_a_bad_answer_leaves_the_channel_working(twilio: FakeTwilio, channel: Twilio) -> None:
    """After any fault the next text goes out."""
    twilio.accept_then_drop()
    twilio.accept_then_500()
    twilio.garbage_201()
    twilio.accept()

    outcomes = [type(channel.hand(a_parcel())) for _ in range(4)]

    assert outcomes == [InDoubt, InDoubt, InDoubt, Accepted]


def test_nothing_private_is_logged(
    twilio: FakeTwilio, channel: Twilio, caplog: pytest.LogCaptureFixture
) -> None:
    """Numbers, texts and tokens stay out of the logs at every level."""
    with caplog.at_level("DEBUG"):
        channel.hand(a_parcel())

    assert not any(private in caplog.text for private in (PHONE, PHONE[1:], "ca truc", TOKEN))


def test_credentials_come_from_variables_or_from_files(tmp_path: Path) -> None:
    """Each secret may stand in its variable or in a file that …_FILE names; line ends do not count."""
    secret = tmp_path / "token"
    secret.write_text("from-a-file\n", encoding="utf-8")

    credentials = credentials_from(
        {"CATRUC_TWILIO_ACCOUNT_SID": ACCOUNT, "CATRUC_TWILIO_AUTH_TOKEN_FILE": str(secret)}
    )

    assert credentials == Credentials(ACCOUNT, "from-a-file")
    assert "from-a-file" not in repr(credentials)


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "CATRUC_TWILIO_ACCOUNT_SID and CATRUC_TWILIO_AUTH_TOKEN"),
        ({"CATRUC_TWILIO_ACCOUNT_SID": ACCOUNT}, "CATRUC_TWILIO_AUTH_TOKEN"),
        ({"CATRUC_TWILIO_ACCOUNT_SID": " ", "CATRUC_TWILIO_AUTH_TOKEN": "t"}, "CATRUC_TWILIO_ACCOUNT_SID"),
        ({"CATRUC_TWILIO_ACCOUNT_SID_FILE": "no/such/file"}, "CATRUC_TWILIO_ACCOUNT_SID_FILE"),
    ],
)
def test_missing_credentials_are_named_in_one_sentence(environment: dict[str, str], named: str) -> None:
    """Who starts the service learns which variable to set."""
    with pytest.raises(MissingCredentials) as caught:
        credentials_from(environment)

    assert named in str(caught.value)
    assert "\n" not in str(caught.value)
