"""Who would like to pass for Twilio: a table of attacks, and laws that no call of theirs gets round."""

import string
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from structlog.testing import CapturingLogger

from notifications.channels.twilio import Verifier
from notifications.channels.twilio_codes import load_codes
from notifications.channels.twilio_form import LONGEST_FORM, parse_form, read_arrival
from scheduler.web.security import SECURITY_HEADERS
from tests.caller import (
    FORM,
    INBOUND,
    PUBLIC_URL,
    SID,
    STATUS,
    TOKENS,
    Call,
    Desk,
    a_status,
    an_inbound,
    recut,
    signed,
)
from tests.fake_twilio.calls import sign
from tests.fake_twilio.message import ACCOUNT

VICTIM = "+84909999999"
CODES = load_codes()


def forged_from(call: Call, absorber: str, **fields: str) -> tuple[Call, Call]:
    """F10: a text that its writer shaped so that its signature also covers a text with these `fields`.

    The true call that Twilio makes of it, and the forged one: what Twilio wrote is hidden in `absorber`.
    """
    body = "CO" + "".join(name + fields[name] for name in sorted(fields)) + absorber
    true = signed("/sms/twilio/inbound", {**INBOUND, "Body": body})
    before = {name: value for name, value in INBOUND.items() if name < "Body"}
    behind = "".join(name + INBOUND[name] for name in sorted(INBOUND) if name > "Body")
    return true, recut(true, [*before.items(), ("Body", "CO"), *sorted(fields.items()), (absorber, behind)])


def other_sender_only() -> Call:
    """F10 once more: the true sender goes on under another name, and nothing else changes."""
    true = signed("/sms/twilio/inbound", {**INBOUND, "Body": f"COFrom{VICTIM}FromA"})
    return recut(true, {**INBOUND, "Body": "CO", "From": VICTIM, "FromAFrom": INBOUND["From"]}.items())


def moved_into_the_address() -> Call:
    """The first fields become part of the reference."""
    call = signed("/sms/twilio/status?o=a", STATUS)
    hidden = "AccountSid" + STATUS["AccountSid"] + "ApiVersion" + STATUS["ApiVersion"]
    rest = {name: value for name, value in STATUS.items() if name not in ("AccountSid", "ApiVersion")}
    return replace(call, target=f"/sms/twilio/status?o=a{hidden}", body=urlencode(rest).encode())


def without(form: dict[str, str], name: str) -> dict[str, str]:
    """The form without one field."""
    return {other: value for other, value in form.items() if other != name}


STATUS_TARGET = "/sms/twilio/status?o=attempt-1"
BLANKS_DROPPED = {name: value for name, value in INBOUND.items() if value}
GOOD = dict(a_status().headers)["X-Twilio-Signature"]

ATTACKS = {
    "no signature": (a_status().with_headers(X_Twilio_Signature=None), 403),
    "an empty signature": (a_status().with_headers(X_Twilio_Signature=""), 403),
    "a signature of nothing": (a_status().with_headers(X_Twilio_Signature="a"), 403),
    "half a signature": (a_status().with_headers(X_Twilio_Signature=GOOD[:14]), 403),
    "a signature and more": (a_status().with_headers(X_Twilio_Signature=GOOD + "="), 403),
    "a signature in lower case": (a_status().with_headers(X_Twilio_Signature=GOOD.lower()), 403),
    "another signature beside it": (a_status().and_header("X-Twilio-Signature", "x"), 403),
    "the same signature twice": (a_status().and_header("X-Twilio-Signature", GOOD), 403),
    "a token of nobody": (signed(STATUS_TARGET, STATUS, token="guessed"), 403),
    "an empty token": (signed(STATUS_TARGET, STATUS, token=""), 403),
    "signed for http": (signed(STATUS_TARGET, STATUS, base="http://catruc.example"), 403),
    "signed for another host": (signed(STATUS_TARGET, STATUS, base="https://evil.example"), 403),
    "signed for another host, named in Host": (
        signed(STATUS_TARGET, STATUS, base="https://evil.example").with_headers(Host="evil.example"),
        403,
    ),
    "signed for another host, named by a proxy": (
        signed(STATUS_TARGET, STATUS, base="https://evil.example")
        .and_header("X-Forwarded-Host", "evil.example")
        .and_header("X-Forwarded-Proto", "https")
        .and_header("Forwarded", "host=evil.example;proto=https"),
        403,
    ),
    "signed for a host in upper case": (signed(STATUS_TARGET, STATUS, base="https://CATRUC.example"), 403),
    "signed for another port": (signed(STATUS_TARGET, STATUS, base="https://catruc.example:8443"), 403),
    "a receipt at the door of replies": (
        signed("/sms/twilio/inbound", INBOUND, signed_for=f"{PUBLIC_URL}/sms/twilio/status"),
        403,
    ),
    "a path written otherwise": (
        signed("/sms/twilio/%73tatus?o=attempt-1", STATUS, signed_for=PUBLIC_URL + STATUS_TARGET),
        403,
    ),
    "another reference": (replace(a_status(), target="/sms/twilio/status?o=attempt-2"), 403),
    "no reference": (replace(a_status(), target="/sms/twilio/status"), 403),
    "a reference and more": (replace(a_status(), target=STATUS_TARGET + "&x=1"), 403),
    "a reference twice": (signed(STATUS_TARGET + "&o=b", STATUS), 400),
    "a reference that is none": (signed("/sms/twilio/status?o=a'b", STATUS), 400),
    "a field more": (replace(a_status(), body=a_status().body + b"&ErrorCode=30005"), 403),
    "a field less": (replace(a_status(), body=urlencode(without(STATUS, "SmsSid")).encode()), 403),
    "another status": (replace(a_status(), body=a_status().body.replace(b"delivered", b"undelivered")), 403),
    "empty fields dropped": (replace(an_inbound(), body=urlencode(BLANKS_DROPPED).encode()), 403),
    "a field twice": (replace(a_status(), body=a_status().body + b"&To=%2B84901234567"), 400),
    "a sender twice": (replace(an_inbound(), body=an_inbound().body + b"&From=%2B84909999999"), 400),
    "another sender, re-cut": (other_sender_only(), 400),
    "another sender, re-cut, the rest hidden": (
        forged_from(an_inbound(), "Zzz", From=VICTIM, MessageSid="SM" + "2" * 32, To="+15550006789")[1],
        400,
    ),
    "another message, re-cut": (
        forged_from(an_inbound(), "Zzz", From=INBOUND["From"], MessageSid="SM" + "2" * 32, To="+15550006789")[
            1
        ],
        400,
    ),
    "somebody else opts out, re-cut": (
        forged_from(an_inbound(), "Zzz", From=VICTIM, MessageSid=SID, OptOutType="STOP", To="+15550006789")[
            1
        ],
        400,
    ),
    "fields moved into the address": (moved_into_the_address(), 403),
    "a status that is cut short": (
        recut(a_status(), {**without(STATUS, "To"), "SmsStatus": "deliveredTo+84901234567"}.items()),
        400,
    ),
    "another account": (a_status(AccountSid="AC" + "1" * 32), 403),
    "no account": (signed(STATUS_TARGET, without(STATUS, "AccountSid")), 403),
    "no message": (signed(STATUS_TARGET, without(STATUS, "MessageSid")), 400),
    "no status": (signed(STATUS_TARGET, without(STATUS, "MessageStatus")), 400),
    "no sender": (signed("/sms/twilio/inbound", without(INBOUND, "From")), 400),
    "a sender that is none": (an_inbound(From="<script>alert(1)</script>"), 400),
    "a message that is none": (a_status(MessageSid="../../etc/passwd"), 400),
    "no form at all": (replace(signed(STATUS_TARGET, {}), body=b""), 403),
    "JSON": (a_status().with_headers(Content_Type="application/json"), 415),
    "JSON, its hash signed in the address": (
        replace(
            signed("/sms/twilio/status?bodySHA256=0", {}).with_headers(Content_Type="application/json"),
            body=b"{}",
        ),
        415,
    ),
    "a form with files": (a_status().with_headers(Content_Type="multipart/form-data; boundary=x"), 415),
    "plain text": (a_status().with_headers(Content_Type="text/plain"), 415),
    "no kind": (a_status().with_headers(Content_Type=None), 415),
    "an empty kind": (a_status().with_headers(Content_Type=""), 415),
    "two kinds": (a_status().and_header("Content-Type", "application/json"), 415),
    "two kinds in one": (a_status().with_headers(Content_Type=f"{FORM}, application/json"), 415),
    "UTF-16": (a_status().with_headers(Content_Type=f"{FORM}; charset=utf-16"), 415),
    "packed": (a_status().and_header("Content-Encoding", "gzip"), 415),
    "half a surrogate pair": (replace(a_status(), body=a_status().body + b"&X=%ED%A0%80"), 400),
    "no UTF-8": (replace(a_status(), body=a_status().body + b"&X=%FF"), 400),
    "a bare NUL": (replace(a_status(), body=a_status().body + b"&X=\0"), 400),
    "bare letters": (replace(a_status(), body=a_status().body + "&X=Ó".encode()), 400),
    "a name with a space": (a_status(**{"a b": "x"}), 400),
    "10,000 fields": (replace(a_status(), body=b"&".join(b"a%d=" % n for n in range(6000))), 400),
    "a large body": (replace(a_status(), body=b"a" * (LONGEST_FORM + 1)), 413),
    "a body that says it is large": (a_status().with_headers(Content_Length="9" * 30), 413),
    "a body without end": (replace(a_status(), body=b"a" * 1000, chunks=1000), 413),
    "GET": (replace(a_status(), method="GET"), 405),
    "PUT": (replace(a_status(), method="PUT"), 405),
    "HEAD": (replace(a_status(), method="HEAD"), 405),
    "upper case": (replace(a_status(), target="/SMS/twilio/status?o=attempt-1"), 404),
    "a door that does not exist": (replace(a_status(), target="/sms/twilio/voice"), 404),
    "a newer signature under an older key": (
        a_status()
        .and_header("X-Twilio-Webhooks-Signature-Settings", "key=k,algorithm=NONE")
        .with_headers(X_Twilio_Signature=""),
        403,
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_and_stores_nothing(attack: str) -> None:
    """Each is refused with the code that says why, in a sentence, and has no effect."""
    call, status = ATTACKS[attack]
    desk = Desk()

    (answer,) = desk.answer(call)

    assert answer.status_code == status
    assert (desk.stored, desk.woken) == ([], 0)
    assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_there_are_enough_attacks() -> None:
    """The table is long, and every code that the webhooks refuse with stands in it."""
    assert len(ATTACKS) >= 60
    assert {status for _, status in ATTACKS.values()} >= {400, 403, 404, 405, 413, 415}


def test_nothing_of_a_call_is_logged(told: CapturingLogger, caplog: pytest.LogCaptureFixture) -> None:
    """Not of one that is taken, nor of any attack: no number, no text, no signature, no token."""
    desk = Desk()
    with caplog.at_level("DEBUG"), caplog.at_level("WARNING", "httpx"):  # the caller's own log
        for call, _ in ATTACKS.values():
            desk.now += timedelta(minutes=2)
            desk.codes(call)
        desk.codes(an_inbound())

    logged = str(told.calls) + caplog.text
    private = ("84901234567", VICTIM[1:], "CÓ", GOOD, *TOKENS, ACCOUNT)
    assert not [each for each in private if each in logged]


def test_an_address_with_a_slash_behind_is_not_taken() -> None:
    """Twilio signed another address; wherever it is sent on to, nothing is stored."""
    desk = Desk()

    assert desk.codes(replace(a_status(), target="/sms/twilio/status/?o=attempt-1")) != [200]
    assert desk.stored == []


@pytest.mark.parametrize(
    ("absorber", "fields"),
    [
        ("Zzz", {"From": VICTIM}),
        ("FromA", {"From": VICTIM}),
        ("Zzz", {"From": VICTIM, "MessageSid": "SM" + "2" * 32, "To": "+15550006789"}),
    ],
)
def test_the_recut_calls_would_pass_the_sdks_own_check(absorber: str, fields: dict[str, str]) -> None:
    """These attacks are real: the signature that Twilio made for another text fits them."""
    _, forged = forged_from(an_inbound(), absorber, **fields)
    signature = dict(forged.headers)["X-Twilio-Signature"]

    assert Verifier(TOKENS).accepts(f"{PUBLIC_URL}/sms/twilio/inbound", parse_form(forged.body), signature)


@given(
    fields=st.dictionaries(
        st.sampled_from(["From", "MessageSid", "OptOutType", "To", "NumMedia"]), st.just(""), min_size=1
    ),
    absorber=st.text(string.ascii_letters, min_size=1, max_size=8),
    digits=st.text(string.digits, min_size=9, max_size=9),
)
@example(fields={"From": ""}, absorber="FromA", digits="909999999")
def test_no_other_cut_of_a_signed_text_names_somebody_else(
    fields: dict[str, str], absorber: str, digits: str
) -> None:
    """F10 as a law: whatever an attacker writes and however it is cut: sender and message stay."""
    shapes = {
        "From": f"+84{digits}",
        "MessageSid": f"SM{digits * 4}"[:34],
        "OptOutType": "STOP",
        "To": "+15550006789",
        "NumMedia": "0",
    }
    _, forged = forged_from(an_inbound(), absorber, **{name: shapes[name] for name in fields})
    desk = Desk()

    desk.codes(forged)

    for arrival in desk.stored:
        form = parse_form(arrival.body.encode())
        assert (form["From"], form["MessageSid"]) == (INBOUND["From"], SID)


def mutated(data: bytes, place: int, how: str, letter: int) -> bytes:
    """The bytes with one of them changed, gone or added."""
    place %= len(data)
    middle = {"change": bytes([letter]), "remove": b"", "add": data[place : place + 1] + bytes([letter])}[how]
    return data[:place] + middle + data[place + 1 :]


def _read(desk: Desk) -> list[object]:
    """What a turn would make of what is stored."""
    return [(each.key, each.reference, read_arrival(each, CODES)) for each in desk.stored]


def told_by(call: Call) -> list[object]:
    """What a true call says."""
    desk = Desk()
    desk.codes(call)
    return _read(desk)


A_FAILURE = a_status(MessageStatus="undelivered", ErrorCode="30005")
TRUE = ((A_FAILURE, told_by(A_FAILURE)), (an_inbound(), told_by(an_inbound())))


@settings(max_examples=600)
@given(
    which=st.sampled_from(TRUE),
    part=st.sampled_from(["body", "target", "signature"]),
    place=st.integers(0, 10_000),
    how=st.sampled_from(["change", "remove", "add"]),
    letter=st.sampled_from(sorted(set(string.printable.encode()) - set(b"#?/\\ \t\r\n\x0b\x0c"))),
)
def test_no_changed_call_is_believed(
    which: tuple[Call, list[object]], part: str, place: int, how: str, letter: int
) -> None:
    """One letter changed anywhere, and the call is refused, or says to the letter what the true one said."""
    true, says = which
    signature = dict(true.headers)["X-Twilio-Signature"]
    parts = {"body": true.body, "target": true.target.encode(), "signature": signature.encode()}
    changed = mutated(parts[part], place, how, letter)
    assume(changed != parts[part])
    call = {
        "body": lambda: replace(true, body=changed),
        "target": lambda: replace(true, target="/" + changed.decode().lstrip("/")),
        "signature": lambda: true.with_headers(X_Twilio_Signature=changed.decode()),
    }[part]()
    assume(_can_be_asked_for(call.target))
    desk = Desk()

    (code,) = desk.codes(call)

    assert _read(desk) == (says if code == 200 else [])
    assert code != 200 or part != "signature"


def _can_be_asked_for(target: str) -> bool:
    try:
        return httpx.URL("http://desk" + target).raw_path.decode() == target
    except httpx.InvalidURL:
        return False


def test_the_pretend_twilio_signs_as_the_sdk_checks() -> None:
    """Two makers agree: the signature that these tests make is the one that Twilio's own code expects."""
    signature = sign(TOKENS[0], f"{PUBLIC_URL}/a?o=1", {"b": "Ó", "a": "", "C": "1 2"})

    assert Verifier(TOKENS).accepts(f"{PUBLIC_URL}/a?o=1", {"a": "", "b": "Ó", "C": "1 2"}, signature)


@pytest.mark.parametrize("address", ["", "::", "http://[", "https://x:99999999/", "https://x/\ud800"])
def test_an_address_that_is_none_is_signed_by_nobody(address: str) -> None:
    """The SDK's check breaks on some: that is a no."""
    assert Verifier(TOKENS).accepts(address, {}, "x" * 28) is False


def test_a_letter_that_cannot_be_signed_was_not_signed() -> None:
    """Half a surrogate pair ends in an error within the SDK's check: that is a no."""
    assert Verifier(TOKENS).accepts(PUBLIC_URL, {"a": "\ud800"}, "x" * 28) is False
