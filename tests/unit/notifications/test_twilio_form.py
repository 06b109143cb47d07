"""Forms that Twilio sends us: read strictly, kept to the letter, and understood later."""

from datetime import UTC, datetime
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.arrival import Arrival, Reply, Way
from notifications.channels.twilio_codes import load_codes
from notifications.channels.twilio_form import (
    LONGEST_FORM,
    MOST_FIELDS,
    BadForm,
    ForeignForm,
    arrival_of,
    callback_address,
    parse_form,
    read_arrival,
)
from notifications.fault import Fault
from notifications.receipt import Rank, Receipt

NOON = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
ACCOUNT = "AC" + "0" * 32
SID = "SM" + "1" * 32
CODES = load_codes()

STATUS = {
    "AccountSid": ACCOUNT,
    "ApiVersion": "2010-04-01",
    "From": "UBNDQ1",
    "MessageSid": SID,
    "MessageStatus": "delivered",
    "SmsSid": SID,
    "SmsStatus": "delivered",
    "To": "+84901234567",
}
INBOUND = {
    "AccountSid": ACCOUNT,
    "ApiVersion": "2010-04-01",
    "Body": "CÓ 12",
    "From": "+84901234567",
    "FromCountry": "VN",
    "MessageSid": SID,
    "NumMedia": "0",
    "SmsMessageSid": SID,
    "To": "+15550006789",
}


def arrived(way: Way, form: dict[str, str], query: str = "") -> Arrival:
    """What arrives with such a form."""
    return arrival_of(way, query, urlencode(form).encode(), ACCOUNT, NOON)


@pytest.mark.parametrize(
    ("public_url", "base_url", "address"),
    [
        ("https://catruc.example", None, "https://catruc.example/sms/twilio/status"),
        ("https://catruc.example/", None, "https://catruc.example/sms/twilio/status"),
        ("https://q1.gov.vn/catruc", None, "https://q1.gov.vn/catruc/sms/twilio/status"),
        ("http://203.113.0.1:8000", None, "http://203.113.0.1:8000/sms/twilio/status"),
        ("http://127.0.0.1:8000", None, None),
        ("http://[::1]:8000", None, None),
        ("http://10.0.0.7", None, None),
        ("http://192.168.1.5:8000", None, None),
        ("http://localhost:8000", None, None),
        ("http://desk", None, None),
        ("http://desk.local", None, None),
        ("http://desk.lan:8000", None, None),
        # A stand-in for Twilio on this network reaches what is on it.
        ("http://127.0.0.1:8000", "http://127.0.0.1:4010", "http://127.0.0.1:8000/sms/twilio/status"),
        ("http://127.0.0.1:8000", "https://proxy.example", None),
    ],
)
def test_receipts_are_asked_for_where_twilio_can_bring_them(
    public_url: str, base_url: str | None, address: str | None
) -> None:
    """Twilio refuses a text whose receipts would go to an address of a private network."""
    assert callback_address(public_url, base_url) == address


@pytest.mark.parametrize(
    ("body", "form"),
    [
        pytest.param(b"", {}, id="nothing"),
        pytest.param(b"a=1&b=", {"a": "1", "b": ""}, id="empty values are signed, and kept"),
        pytest.param(b"a=x+y%20z", {"a": "x y z"}, id="both ways to write a space"),
        pytest.param(b"a=C%C3%93", {"a": "CÓ"}, id="accents"),
        pytest.param(b"a=%00", {"a": "\0"}, id="NUL"),
        pytest.param(b"a=%0D%0Ab%3D1", {"a": "\r\nb=1"}, id="line ends"),
        pytest.param(b"New.Name-1_x=1", {"New.Name-1_x": "1"}, id="a name of next year"),
    ],
)
def test_a_form_is_read_as_it_was_written(body: bytes, form: dict[str, str]) -> None:
    """Every field counts, for every field is signed."""
    assert parse_form(body) == form


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"a=1&a=2", id="a field twice"),
        pytest.param(b"a=1&a=1", id="twice the same"),
        pytest.param(b"a=1&%61=2", id="twice, written otherwise"),
        pytest.param(b"a=%FF", id="no UTF-8"),
        pytest.param(b"a=%ED%A0%80", id="half a surrogate pair"),
        pytest.param("a=Ó".encode(), id="letters outside ASCII"),
        pytest.param(b"a=\0", id="a bare NUL"),
        pytest.param(b"a=1\r\n", id="a bare line end"),
        pytest.param(b"a=1 2", id="a bare space"),
        pytest.param(b"=1", id="no name"),
        pytest.param(b"a%20b=1", id="a space in a name"),
        pytest.param(b"a%00=1", id="NUL in a name"),
        pytest.param(b"%C3%93=1", id="an accent in a name"),
        pytest.param(b"1a=1", id="a name that begins with a digit"),
        pytest.param(b"a" * 101 + b"=1", id="a name without end"),
        pytest.param(b'{"AccountSid":"AC"}', id="JSON"),
        pytest.param(b"a=1&b", id="a field without a value"),
        pytest.param(b"a=1&", id="a field too few"),
        pytest.param(urlencode({f"a{n}": "" for n in range(MOST_FIELDS + 1)}).encode(), id="too many fields"),
        pytest.param(b"a=" + b"x" * LONGEST_FORM, id="too large"),
    ],
)
def test_what_twilio_does_not_write_is_refused(body: bytes) -> None:
    """Nothing is repaired: a form that can be read in two ways was signed for only one of them."""
    with pytest.raises(BadForm):
        parse_form(body)


@given(st.dictionaries(st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,20}", fullmatch=True), st.text(max_size=200)))
def test_any_text_comes_through(form: dict[str, str]) -> None:
    """Whatever people write is read as it was, as long as UTF-8 can hold it."""
    try:
        body = urlencode(form).encode()
    except UnicodeEncodeError:
        return
    if len(body) <= LONGEST_FORM:
        assert parse_form(body) == form


@given(st.binary(max_size=300), st.text(max_size=50), st.sampled_from(["status", "inbound"]))
def test_whatever_comes_is_an_arrival_or_a_bad_form(body: bytes, query: str, way: Way) -> None:
    """No form of anybody ends in another error."""
    with pytest.raises(BadForm):
        arrival_of(way, query, body, ACCOUNT, NOON)


def test_an_arrival_keeps_what_came_to_the_letter() -> None:
    """What was signed is what is stored; the reference is our own, from the address."""
    body = b"To=%2B84901234567&" + urlencode({k: v for k, v in STATUS.items() if k != "To"}).encode()

    assert arrival_of("status", "o=abc123", body, ACCOUNT, NOON) == Arrival(
        "twilio", "status", f"status/{SID}/delivered", "abc123", body.decode(), NOON
    )


def test_the_same_call_has_the_same_key_and_another_has_not() -> None:
    """A text's receipts differ by their status; what somebody wrote is one, whatever else its form says."""
    again = {**STATUS, "RawDlrDate": "2611020500"}
    sent = {**STATUS, "MessageStatus": "sent"}
    keys = [arrived("status", form).key for form in (STATUS, again, sent)]

    assert keys[0] == keys[1] != keys[2]
    assert arrived("inbound", INBOUND).key == arrived("inbound", {**INBOUND, "SmsStatus": "x"}).key


@pytest.mark.parametrize(
    "query", ["", "x=1", "o=", "O=abc"], ids=["none", "another field", "an empty one", "another case"]
)
def test_a_call_may_name_no_attempt(query: str) -> None:
    """Callbacks that the console was told of, or texts of before, bring none: the id alone tells the text."""
    assert arrived("status", STATUS, query).reference == ""


@pytest.mark.parametrize("query", ["o=a&o=b", "o=a&o=a", "o=%00", "o=a%20b", "o=" + "a" * 65, "o=%FF"])
def test_a_reference_that_we_never_wrote_is_refused(query: str) -> None:
    """Ours are plain and stand there once."""
    with pytest.raises(BadForm):
        arrived("status", STATUS, query)


@pytest.mark.parametrize(
    ("way", "changes"),
    [
        ("status", {"MessageSid": ""}),
        ("status", {"MessageSid": "SM1"}),
        ("status", {"MessageSid": "CA" + "1" * 32}),
        ("status", {"MessageStatus": ""}),
        ("status", {"MessageStatus": "DELIVERED"}),
        ("status", {"MessageStatus": "delivered "}),
        ("status", {"MessageStatus": "a" * 41}),
        ("status", {"To": ""}),
        ("status", {"To": "0" * 9}),
        ("inbound", {"From": ""}),
        ("inbound", {"From": "+84 901 234 567"}),
        ("inbound", {"From": "+84901234567\n"}),
        ("inbound", {"From": "+0901234567"}),
        ("inbound", {"From": "+8490123456789012"}),
        ("inbound", {"From": "<script>"}),
        ("inbound", {"To": ""}),
        ("inbound", {"MessageSid": ""}),
        ("status", {"ErrorCode30005": ""}),  # the reason, hidden in a name
    ],
)
def test_a_form_that_lacks_what_twilio_sends_is_refused(way: Way, changes: dict[str, str]) -> None:
    """Who signs such a form is not Twilio, or cut it in another place."""
    with pytest.raises(BadForm):
        arrived(way, {**(STATUS if way == "status" else INBOUND), **changes})


def test_a_text_without_a_text_is_refused() -> None:
    """An empty one has a field all the same: where there is none, it was cut away."""
    with pytest.raises(BadForm):
        arrived("inbound", {**{k: v for k, v in INBOUND.items() if k != "Body"}, "BodyCO": ""})


@pytest.mark.parametrize("account", ["", "AC" + "1" * 32, ACCOUNT.lower(), ACCOUNT + " "])
def test_a_form_of_another_account_is_foreign(account: str) -> None:
    """One token may sign for several accounts; ours is named in every form."""
    with pytest.raises(ForeignForm):
        arrived("status", {**STATUS, "AccountSid": account})


def test_without_an_account_of_ours_every_form_is_foreign() -> None:
    """An empty account is nobody's."""
    with pytest.raises(BadForm):
        arrival_of("status", "", urlencode({**STATUS, "AccountSid": ""}).encode(), "", NOON)


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({**INBOUND, "Body": "YESFrom+84909999999Zzz"}, id="another sender in the text"),
        pytest.param(
            {**INBOUND, "FromAFrom": "+84909999999"}, id="another sender under a name that sorts behind"
        ),
        pytest.param({**INBOUND, "Zzz": "From+84909999999"}, id="another sender behind all"),
        pytest.param({**INBOUND, "Zzz": "aMessageSidSM" + "2" * 32}, id="another message behind all"),
        pytest.param({**INBOUND, "Body": "MessageSidMM" + "2" * 32}, id="another message in the text"),
    ],
)
def test_a_form_with_two_readings_is_refused(form: dict[str, str]) -> None:
    """The signature has nothing between names and values: it would cover a text from somebody else, too."""
    with pytest.raises(BadForm, match="two ways"):
        arrived("inbound", form)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"Body": "Tu: From: Lan"}, id="the word alone"),
        pytest.param({"Body": f"From{INBOUND['From']}"}, id="one's own number"),
        pytest.param({"Body": "goi To+84909999999"}, id="a recipient"),
        pytest.param({"ForwardedFrom": "+84909999999"}, id="a name of next year"),
        pytest.param({"Body": "MessageSid"}, id="a name alone"),
    ],
)
def test_an_honest_text_has_one_reading(more: dict[str, str]) -> None:
    """People may write almost anything, and Twilio may add fields."""
    assert arrived("inbound", {**INBOUND, **more}).key == f"inbound/{SID}"


@pytest.mark.parametrize(
    ("status", "more", "rank", "fault", "code"),
    [
        ("queued", {}, Rank.TAKEN, None, ""),
        ("sent", {}, Rank.SENT, None, ""),
        ("delivered", {}, Rank.ARRIVED, None, ""),
        ("undelivered", {"ErrorCode": "30005"}, Rank.NOT_ARRIVED, Fault.BAD_NUMBER, "30005"),
        ("undelivered", {"ErrorCode": "30003"}, Rank.NOT_ARRIVED, Fault.UNKNOWN, "30003"),
        ("failed", {"ErrorCode": "30036"}, Rank.NOT_ARRIVED, Fault.TOO_LATE, "30036"),
        ("failed", {"ErrorCode": "next year"}, Rank.NOT_ARRIVED, Fault.UNKNOWN, "next year"),
        ("failed", {}, Rank.NOT_ARRIVED, Fault.UNKNOWN, ""),
        ("teleported", {}, None, None, ""),  # a word of next year is kept and changes nothing
    ],
)
def test_a_receipt_says_what_became_of_a_text(
    status: str, more: dict[str, str], rank: Rank | None, fault: Fault | None, code: str
) -> None:
    """Its rank and its reason come from the two tables."""
    form = {**STATUS, "MessageStatus": status, **more}

    receipt = read_arrival(arrived("status", form, "o=attempt-1"), CODES)

    assert receipt == Receipt("attempt-1", SID, status, rank, NOON, fault, code)


def test_a_receipt_may_know_no_sender() -> None:
    """A Messaging Service that found none reports the text without one."""
    form = {**STATUS, "From": "", "MessageStatus": "failed", "ErrorCode": "21703"}

    assert isinstance(read_arrival(arrived("status", form), CODES), Receipt)


@pytest.mark.parametrize(
    ("more", "text", "wants_out"),
    [
        ({}, "CÓ 12", False),
        ({"Body": ""}, "", False),
        ({"Body": "🙂👍🏽"}, "🙂👍🏽", False),
        ({"Body": "\u202eOC"}, "\u202eOC", False),
        ({"Body": "CO\0 12"}, "CO 12", False),  # PostgreSQL holds no NUL
        ({"Body": "x" * 1700}, "x" * 1600, False),
        ({"Body": "STOP", "OptOutType": "STOP"}, "STOP", True),
        ({"Body": "START", "OptOutType": "START"}, "START", False),
        ({"Body": "HELP", "OptOutType": "HELP"}, "HELP", False),
        ({"Body": "STOP"}, "STOP", False),  # the reader of texts decides; the network has not
    ],
)
def test_a_reply_is_what_somebody_wrote(more: dict[str, str], text: str, wants_out: bool) -> None:
    """Nothing of it is interpreted here."""
    reply = read_arrival(arrived("inbound", {**INBOUND, **more}), CODES)

    assert reply == Reply(SID, "+84901234567", "+15550006789", text, NOON, wants_out)


@pytest.mark.parametrize("sender", ["VIETTEL", "199", "Vina KM", "whatsapp:+84901234567"])
def test_a_machine_that_writes_to_us_says_nothing(sender: str) -> None:
    """Advertisers and services are stored as they came, and answered by nobody."""
    assert read_arrival(arrived("inbound", {**INBOUND, "From": sender}), CODES) is None


@pytest.mark.parametrize("way", ["status", "inbound"])
@pytest.mark.parametrize("body", ["", "a=1", "a=1&a=2", "Ó", f"MessageSid={SID}"])
def test_what_cannot_be_read_any_more_says_nothing(way: Way, body: str) -> None:
    """What an earlier version stored stands in nobody's way."""
    assert read_arrival(Arrival("twilio", way, "k", "", body, NOON), CODES) is None


@given(st.text(max_size=400))
def test_any_text_is_read_back_from_what_was_stored(text: str) -> None:
    """From the phone to the reply: only NUL is lost, and no error comes of it."""
    try:
        body = urlencode({**INBOUND, "Body": text}, quote_via=quote_plus).encode()
    except UnicodeEncodeError:
        return
    reply = read_arrival(arrival_of("inbound", "", body, ACCOUNT, NOON), CODES)

    assert isinstance(reply, Reply)
    assert reply.text == text.replace("\0", "")
