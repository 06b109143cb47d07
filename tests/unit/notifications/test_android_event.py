"""What the Android gateway tells unasked: whose word it is, and what it says."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.arrival import Arrival, Reply
from notifications.channels.android_event import Ignored, arrival_of, judge_signature, read_arrival
from notifications.fault import Fault
from notifications.receipt import Rank, Receipt
from tests.fake_android import SIGNING_KEY, Call, FakeAndroid, signed

NOON = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=3)
PHONE = "+84901234567"
REFERENCE = "0f8fad5bd9cb469fa16570867728950e"


def verdict(call: Call, now: datetime = NOON, key: str = SIGNING_KEY) -> str:
    """What is thought of a call."""
    return judge_signature(key, call.body, call.signature, call.timestamp, now)


def taken(call: Call, at: datetime = LATER) -> Arrival:
    """The arrival that a call makes."""
    arrival = arrival_of(call.body, at)
    assert isinstance(arrival, Arrival)
    return arrival


def test_a_call_of_the_phone_is_good() -> None:
    """The signature is over the raw body and the second of the call, as the app makes it."""
    assert verdict(FakeAndroid().receive(PHONE, "Có 12 ạ", NOON)) == "good"


def test_the_signature_is_the_one_that_others_work_out() -> None:
    """By openssl, so that a mistake of the pretend phone does not hide one of ours; in either case of hex."""
    signature = "5cff791334e7fd8344cc05c2398964f60329f4edd6ab1087ed1ba6c34eefeeca"
    at = datetime.fromtimestamp(1700000000, UTC)
    for written in (signature, signature.upper()):
        assert verdict(Call(b'{"a":1}', "1700000000", written), at, "key") == "good"


@pytest.mark.parametrize(
    ("forge", "thought"),
    [
        pytest.param(
            lambda call: Call(call.body + b" ", call.timestamp, call.signature), "forged", id="body"
        ),
        pytest.param(
            lambda call: Call(call.body, str(int(call.timestamp) + 1), call.signature), "forged", id="time"
        ),
        pytest.param(
            lambda call: Call(call.body + call.timestamp[:1].encode(), call.timestamp[1:], call.signature),
            "stale",  # the same bytes are signed: the time that is left is of another century
            id="re-cut",
        ),
        pytest.param(lambda call: signed(call.body, NOON, "another key"), "forged", id="another key"),
        pytest.param(lambda call: Call(call.body, call.timestamp, "é"), "forged", id="no hex"),
        pytest.param(lambda call: Call(call.body, call.timestamp, ""), "unsigned", id="no signature"),
        pytest.param(lambda call: Call(call.body, "", call.signature), "unsigned", id="no time"),
        pytest.param(lambda call: Call(call.body, "-1", call.signature), "unsigned", id="no number"),
        pytest.param(lambda call: Call(call.body, "١٢٣", call.signature), "unsigned", id="other digits"),
        pytest.param(lambda call: Call(call.body, "9" * 400, call.signature), "unsigned", id="endless"),
    ],
)
def test_what_the_phone_did_not_sign_is_refused(forge: Callable[[Call], Call], thought: str) -> None:
    """Forged, re-cut and unsigned calls are each recognised."""
    assert verdict(forge(FakeAndroid().receive(PHONE, "CO 12", NOON))) == thought


@pytest.mark.parametrize(
    ("away", "thought"),
    [
        (timedelta(minutes=5), "good"),
        (timedelta(minutes=-5), "good"),
        (timedelta(minutes=5, seconds=1), "stale"),
        (timedelta(minutes=-5, seconds=-1), "stale"),
    ],
)
def test_a_call_of_another_time_is_stale(away: timedelta, thought: str) -> None:
    """Who has caught a call cannot play it again later; a phone's clock may be a little off."""
    assert verdict(FakeAndroid().receive(PHONE, "CO 12", NOON), NOON + away) == thought


@given(st.binary(), st.text(), st.text())
def test_whatever_is_called_has_a_verdict(body: bytes, signature: str, timestamp: str) -> None:
    """Nothing that a stranger sends raises, and nothing of it is good."""
    assert judge_signature(SIGNING_KEY, body, signature, timestamp, NOON) in ("unsigned", "forged")


def test_receipts_name_our_attempt() -> None:
    """The phone gives our own id back, so that a receipt may even come before the answer to the request."""
    phone = FakeAndroid()
    receipts = [
        read_arrival(taken(call))
        for call in (
            phone.send(REFERENCE, NOON),
            phone.deliver(REFERENCE, NOON),
            phone.lose(REFERENCE, "Send result: RESULT_ERROR_NO_SERVICE (…)", NOON),
            phone.tell("sms:cancelled", {"messageId": REFERENCE}, NOON),
        )
    ]

    assert receipts == [
        Receipt(REFERENCE, REFERENCE, "Sent", Rank.SENT, NOON),
        Receipt(REFERENCE, REFERENCE, "Delivered", Rank.ARRIVED, NOON),
        Receipt(
            REFERENCE,
            REFERENCE,
            "Failed",
            Rank.NOT_ARRIVED,
            NOON,
            Fault.TRANSIENT,
            "RESULT_ERROR_NO_SERVICE",
        ),
        Receipt(
            REFERENCE,
            REFERENCE,
            "Cancelled",
            Rank.NOT_ARRIVED,
            LATER,
            Fault.UNKNOWN,
            "cancelled_on_the_phone",
        ),
    ]


def test_the_same_receipt_told_twice_is_one_arrival() -> None:
    """Each part of a long text, and each address that was registered, has its own event: the key is one."""
    phone = FakeAndroid()
    keys = {taken(phone.deliver(REFERENCE, NOON + timedelta(seconds=second))).key for second in range(3)}

    assert len(keys) == 1
    assert keys.isdisjoint({taken(phone.send(REFERENCE, NOON)).key})


def test_a_text_to_the_sim_is_a_reply() -> None:
    """Who, what and when; the number in the one form in which we keep numbers."""
    arrival = taken(FakeAndroid().receive("0901 234 567", "Có 12 ạ", NOON))

    assert read_arrival(arrival) == Reply(arrival.key, PHONE, "", "Có 12 ạ", NOON)
    assert (arrival.way, arrival.reference) == ("inbound", "")


def test_an_older_app_names_the_sender_otherwise() -> None:
    """Before 2026 there was only phoneNumber; and a phone that knows its own number tells it."""
    told = {
        "phoneNumber": PHONE,
        "recipient": "+84900000001",
        "message": "CO",
        "receivedAt": NOON.isoformat(),
    }
    reply = read_arrival(taken(FakeAndroid().tell("sms:received", told, NOON)))

    assert isinstance(reply, Reply)
    assert (reply.phone, reply.to) == (PHONE, "+84900000001")


def test_the_same_text_told_twice_is_one_arrival_and_two_texts_are_two() -> None:
    """An address registered twice makes no second reply; the same words an hour later do."""
    phone = FakeAndroid()
    first, again = phone.receive(PHONE, "CO", NOON), phone.receive(PHONE, "CO", NOON)
    others = [
        phone.receive(PHONE, "CO", NOON + timedelta(hours=1)),
        phone.receive("+84901234568", "CO", NOON),
        phone.receive(PHONE, "KHONG", NOON),
    ]

    assert taken(first).key == taken(again).key
    assert len({taken(call).key for call in (first, *others)}) == 4
    assert PHONE not in taken(first).key


def test_what_no_database_keeps_is_left_out() -> None:
    """Half a surrogate pair or a NUL in a text must not stop all that comes after it."""
    told = {"sender": PHONE, "message": "CO\0 12 \ud83d", "receivedAt": NOON.isoformat()}
    reply = read_arrival(taken(signed(json.dumps({"event": "sms:received", "payload": told}).encode(), NOON)))

    assert isinstance(reply, Reply)
    assert reply.text == "CO 12 ?"


@pytest.mark.parametrize("sender", ["Viettel", "191", "18001091", "0283822334", "+12025550123", "💥"])
def test_networks_and_firms_are_not_answered(sender: str) -> None:
    """A text from a name or a number that takes no texts is no reply of a person."""
    told = {"sender": sender, "phoneNumber": "x", "message": "KM 50%", "receivedAt": NOON.isoformat()}

    assert read_arrival(taken(FakeAndroid().tell("sms:received", told, NOON))) is None


def test_a_clock_that_is_ahead_dates_nothing_into_the_future() -> None:
    """What has come has happened."""
    ahead = NOON + timedelta(minutes=4)
    reply = read_arrival(taken(FakeAndroid().receive(PHONE, "CO", ahead), NOON))

    assert isinstance(reply, Reply)
    assert reply.at == NOON


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (json.dumps({"event": "system:ping", "payload": {}}), "system:ping"),
        (json.dumps({"event": "mms:received", "payload": {"messageId": "m"}}), "mms:received"),
        (json.dumps({"event": "sms:teleported", "payload": {}}), "sms:teleported"),
        (json.dumps({"event": "sms:delivered", "payload": {"messageId": 7}}), "unreadable"),
        (json.dumps({"event": "sms:delivered", "payload": {"messageId": "x" * 37}}), "unreadable"),
        (json.dumps({"event": "sms:delivered", "payload": "no"}), "unreadable"),
        (json.dumps({"event": "sms:received", "payload": {"message": "CO"}}), "unreadable"),
        (
            json.dumps(
                {"event": "sms:received", "payload": {"sender": "a", "receivedAt": "b", "message": None}}
            ),
            "unreadable",
        ),
        (json.dumps({"event": 7}), "unreadable"),
        ("[]", "unreadable"),
        ("", "unreadable"),
        ("[" * 100_000, "unreadable"),
    ],
)
def test_what_means_nothing_to_us_is_ignored(body: str, told: str) -> None:
    """A phone that is refused calls for two days: other events, and those of next year, are let be."""
    assert arrival_of(body.encode(), NOON) == Ignored(told)


@given(st.binary(max_size=200))
def test_no_body_raises(body: bytes) -> None:
    """Whatever a phone signs is an arrival or is ignored."""
    assert isinstance(arrival_of(body, NOON), Ignored)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner)))
def test_no_payload_raises(value: object) -> None:
    """Whatever stands where a word should stand, the arrival is read or ignored."""
    names = ("messageId", "sender", "message", "receivedAt", "deliveredAt", "reason", "recipient")
    for event in ("sms:received", "sms:delivered", "sms:failed"):
        body = json.dumps({"event": event, "payload": dict.fromkeys(names, value)}).encode()
        arrival = arrival_of(body, NOON)
        if isinstance(arrival, Arrival):
            assert read_arrival(arrival) is None or arrival.key
