"""Traps of Twilio's SDK that would lose a text, send it twice or tell on somebody, and our way round each.

Measured on version 9.13; each test names its trap.
"""

import asyncio
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from twilio.base import serialize  # type: ignore[import-untyped]  # ships no types
from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped]  # ships no types

from notifications.channels.channel import Accepted, InDoubt, Inquiry, NotSent, NoWord, Outcome, Parcel
from notifications.channels.twilio import TOTAL_SECONDS, Twilio
from notifications.channels.twilio_account import Credentials
from notifications.fault import Fault
from tests.fake_twilio import ACCOUNT, TOKEN, FakeTwilio

NOON = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
PHONE = "+84901234567"
A_TEXT = "UBNDQ1: ca truc toi nay"
AN_INQUIRY = Inquiry("attempt-1", PHONE, A_TEXT, "UBNDQ1", NOON)


def a_parcel(text: str = A_TEXT) -> Parcel:
    """A duty text that is good for an hour."""
    return Parcel("attempt-1", "remind@1", PHONE, text, "UBNDQ1", NOON + timedelta(hours=1), NOON)


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    """A pretend Twilio, at noon."""
    with FakeTwilio(lambda: NOON) as fake:
        yield fake


@pytest.fixture
def channel(twilio: FakeTwilio) -> Iterator[Twilio]:
    """The channel, pointed at the pretend Twilio."""
    channel = Twilio(Credentials(ACCOUNT, TOKEN), twilio.url)
    yield channel
    channel.close()


def test_trap_without_a_timeout_the_sdk_waits_for_ever(twilio: FakeTwilio) -> None:
    """Its default timeout is none: ours has a deadline for the whole, unasked."""
    assert TOTAL_SECONDS == 15
    channel = Twilio(Credentials(ACCOUNT, TOKEN), twilio.url, total=0.5)
    twilio.slow_bytes(60)
    outcome = channel.hand(a_parcel())
    channel.close()

    assert isinstance(outcome, InDoubt)


def test_trap_retries_would_be_further_texts(twilio: FakeTwilio, channel: Twilio) -> None:
    """The asynchronous client repeats a POST after a 500, each a text of its own; nothing here does."""
    for fault in (twilio.accept_then_500, twilio.accept_then_drop, twilio.garbage_201):
        fault()
    outcomes = [type(channel.hand(a_parcel())) for _ in range(3)]

    assert outcomes == [InDoubt] * 3
    assert len(twilio.ledger) == twilio.requests == 3


def test_trap_the_asynchronous_client_is_out_of_reach(channel: Twilio) -> None:
    """It ignores its timeout and hands out others' answers: over our HTTP the SDK refuses to use it."""
    client, _ = channel._client()

    with pytest.raises(RuntimeError, match="must be asynchronous"):
        asyncio.run(client.messages.create_async(to=PHONE, from_="UBNDQ1", body=A_TEXT))


def test_trap_a_shared_client_keeps_state_between_calls(channel: Twilio) -> None:
    """Its maintainers do not promise that threads may share one: each thread has its own, and keeps it."""
    clients: list[object] = []
    threads = [threading.Thread(target=lambda: clients.append(channel._client()[0])) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({id(client) for client in clients}) == 3
    assert channel._client()[0] is channel._client()[0]


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


def test_trap_the_code_of_an_error_may_be_a_status_of_http(twilio: FakeTwilio, channel: Twilio) -> None:
    """Without a code in the answer the SDK puts the status there: 503 is no code of Twilio's, and a doubt."""
    twilio.answer_with(503, b"<html>Service unavailable</html>")
    twilio.answer_with(400, b"<html>Bad request</html>")

    assert channel.hand(a_parcel()) == InDoubt(
        "provider_error", "Twilio failed while it took the text; it may have gone out."
    )
    refused = channel.hand(a_parcel())
    assert isinstance(refused, NotSent)
    assert (refused.fault, refused.code) == (Fault.UNKNOWN, "400")


def test_trap_errors_of_the_newer_form_are_of_another_class(twilio: FakeTwilio, channel: Twilio) -> None:
    """An error after RFC 9457 is no TwilioRestException; its code is read all the same."""
    twilio.answer_with(
        400,
        b'{"type": "https://x/21610", "title": "Opted out", "status": 400, "code": 21610, "detail": "no"}',
    )

    outcome = channel.hand(a_parcel())

    assert isinstance(outcome, NotSent)
    assert (outcome.fault, outcome.code) == (Fault.OPTED_OUT, "21610")


def test_trap_an_error_of_a_list_brings_a_tuple(twilio: FakeTwilio, channel: Twilio) -> None:
    """It has neither code nor status: both are read from the answer itself."""
    client, _ = channel._client()
    twilio.look_up_refused(20003, 401)
    with pytest.raises(TwilioException) as caught:
        client.messages.list(to=PHONE, limit=1)
    assert not hasattr(caught.value, "code")
    assert len(caught.value.args) == 2

    twilio.look_up_refused(20003, 401)
    found = channel.look_up(AN_INQUIRY)

    assert isinstance(found, NoWord)
    assert found.code == "20003"
    assert "credentials" in found.sentence


def test_trap_instants_are_written_as_if_they_were_utc(twilio: FakeTwilio, channel: Twilio) -> None:
    """The SDK writes noon in Viet Nam as noon in UTC, seven hours late; a list from then on shows nothing."""
    in_viet_nam = NOON.astimezone(timezone(timedelta(hours=7)))
    assert serialize.iso8601_datetime(in_viet_nam) == "2026-11-02T12:00:00Z"
    channel.hand(a_parcel())
    twilio.report(twilio.ledger[0], "sent")

    channel.look_up(Inquiry("attempt-1", PHONE, A_TEXT, "UBNDQ1", in_viet_nam))

    asked = [dict(each.query).get("DateSent>") for each, _ in twilio.exchanges if each.method == "GET"]
    assert asked == ["2026-11-02T04:55:00Z", None]


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_trap_the_log_names_who_is_looked_up(
    twilio: FakeTwilio, channel: Twilio, caplog: pytest.LogCaptureFixture, level: str
) -> None:
    """A list is asked for by number, and SDK and urllib3 log its address: numbers, texts, tokens stay out."""
    with caplog.at_level(level):
        channel.hand(a_parcel())
        channel.look_up(AN_INQUIRY)
        channel.forget(twilio.ledger[0].sid)

    assert not any(private in caplog.text for private in (PHONE, PHONE[1:], "ca truc", TOKEN))
    assert not logging.getLogger("twilio.http_client").isEnabledFor(logging.INFO)


def test_trap_the_variables_of_the_sdk_itself_are_not_read(
    twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK falls back to them unasked; here they change neither the account nor the address."""
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "9" * 32)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "other")
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    monkeypatch.setenv("TWILIO_REGION", "au1")
    channel = Twilio(Credentials(ACCOUNT, TOKEN), twilio.url)
    outcome = channel.hand(a_parcel())
    channel.close()

    assert isinstance(outcome, Accepted)


def test_trap_a_messaging_service_has_counted_nothing_yet(twilio: FakeTwilio) -> None:
    """Its answer says 0 segments and no sender: neither is believed, only the id counts."""
    channel = Twilio(Credentials(ACCOUNT, TOKEN, messaging_service_sid="MG" + "0" * 32), twilio.url)
    outcome = channel.hand(a_parcel())
    channel.close()

    assert outcome == Accepted(twilio.ledger[0].sid)
    assert twilio.ledger[0].as_json()["num_segments"] == "0"
