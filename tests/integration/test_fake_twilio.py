"""The pretend Twilio is held against Twilio's own description of its API, which is not copied here."""

import json
import threading
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from notifications.channels.channel import Inquiry, Parcel
from notifications.channels.twilio import Twilio
from notifications.channels.twilio_account import Credentials
from tests.fake_twilio import ACCOUNT, TOKEN, FakeTwilio
from tests.fake_twilio.message import FOLDER, Message
from tests.fake_twilio.server import Answer, Asked
from tests.fake_twilio.specification import PLACE, Specification, is_at_hand

NOON = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
PHONE = "+84901234567"
FORM = "application/x-www-form-urlencoded"
A_TEXT = {"To": PHONE, "From": "UBNDQ1", "Body": "ca truc"}

needs_description = pytest.mark.skipif(
    not is_at_hand(),
    reason=f"NOTHING IS HELD AGAINST TWILIO'S DESCRIPTION: {PLACE.name} is not beside the project",
)


def channel_to(twilio: FakeTwilio, **credentials: str) -> Twilio:
    """The real channel."""
    return Twilio(Credentials(ACCOUNT, TOKEN, **credentials), twilio.url, callback="https://catruc.example/s")


def hand(channel: Twilio, text: str = "ca truc") -> None:
    """Hands one text over."""
    channel.hand(Parcel("a-1", "k", PHONE, text, "UBNDQ1", NOON + timedelta(hours=1), NOON))


@needs_description
def test_a_day_of_traffic_fits_the_description() -> None:
    """Hundreds of texts, faults of every kind, look-ups, erasures: each exchange is Twilio's own."""
    with FakeTwilio(lambda: NOON) as twilio:
        faults: list[Callable[[], None]] = [
            twilio.accept,
            twilio.accept_then_500,
            twilio.accept_then_drop,
            twilio.accept_late,
            twilio.garbage_201,
            lambda: twilio.too_many(1),
            lambda: twilio.refuse(21610),
            lambda: twilio.refuse(20404, 404),
        ]
        for service in ("", "MG" + "a" * 32):
            channel = channel_to(twilio, messaging_service_sid=service)
            for number in range(120):
                faults[number % len(faults)]()
                hand(channel, f"ca trực số {number}: {'ạ' * number}")
            channel.look_up(Inquiry("a-1", PHONE, "ca trực số 1: ạ", "UBNDQ1", NOON))
            channel.close()
        twilio.catch_up()
        for message, status in zip(
            twilio.ledger, ("sent", "delivered", "undelivered", "failed") * 99, strict=False
        ):
            message.move(status, 30005 if status == "undelivered" else None, NOON)
        channel = channel_to(twilio)
        channel.look_up(Inquiry("a-1", PHONE, "ca trực số 1: ạ", "UBNDQ1", NOON))
        for message in twilio.ledger[:20]:
            channel.forget(message.sid)
        channel.forget("SM" + "9" * 32)
        channel.close()

    assert twilio.complaints() == []
    assert len(twilio.exchanges) > 260


def rather(**changes: object) -> Callable[[dict[str, object]], dict[str, object]]:
    """A message with other values; None takes the field away."""

    def change(shown: dict[str, object]) -> dict[str, object]:
        changed = {**shown, **changes}
        return {name: value for name, value in changed.items() if value is not Ellipsis}

    return change


def send_one_text(drift: Callable[[dict[str, object]], dict[str, object]]) -> None:
    """What a test would do, with a pretend Twilio that has drifted."""
    with FakeTwilio() as twilio:
        twilio.drift(drift)
        channel = channel_to(twilio)
        hand(channel)
        channel.look_up(Inquiry("a-1", PHONE, "ca truc", "UBNDQ1", NOON))
        channel.close()


@needs_description
@pytest.mark.parametrize(
    ("drift", "complaint"),
    [
        pytest.param(rather(num_segments=1), "num_segments: 1 is not of type", id="a number for a text"),
        pytest.param(
            rather(error_code="30005"), "error_code: '30005' is not of type", id="a text for a number"
        ),
        pytest.param(rather(uri=...), "'uri' is a required property", id="a missing field"),
        pytest.param(rather(colour="red"), "Additional properties are not allowed", id="a field of its own"),
        pytest.param(
            rather(date_created="2026-11-02T05:00:00Z"), "date_created:", id="a date of another form"
        ),
        pytest.param(
            rather(date_created="Tue, 02 Nov 2026 05:00:00 +0000"), "date_created:", id="another weekday"
        ),
        pytest.param(rather(status="gone"), "status: 'gone' is not one of", id="a status of its own"),
        pytest.param(rather(status=None), "status: None is not one of", id="no status"),
        pytest.param(rather(sid="SM123"), "sid:", id="a short id"),
        pytest.param(rather(account_sid="AC1"), "account_sid:", id="a short account"),
        pytest.param(rather(direction="outbound"), "direction:", id="a direction of its own"),
        pytest.param(rather(price_unit="dollars"), "price_unit:", id="no currency"),
        pytest.param(rather(subresource_uris=[]), "subresource_uris:", id="a list for an object"),
    ],
)
def test_a_pretend_twilio_that_drifts_is_caught(
    drift: Callable[[dict[str, object]], dict[str, object]], complaint: str
) -> None:
    """A fault that is planted into what it shows fails the test that used it, in answer and list alike."""
    with pytest.raises(AssertionError, match="not how Twilio describes it") as caught:
        send_one_text(drift)

    told = str(caught.value).splitlines()
    assert {line.partition(" ")[0] for line in told[1:] if complaint in line} == {"POST", "GET"}


@needs_description
@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        pytest.param({**A_TEXT, "ValidityPeriod": "-3"}, "ValidityPeriod: -3 is less", id="no time"),
        pytest.param(
            {**A_TEXT, "ValidityPeriod": "36001"}, "ValidityPeriod: 36001 is greater", id="too long"
        ),
        pytest.param({**A_TEXT, "ValidityPeriod": "abc"}, "ValidityPeriod: 'abc' is not", id="no number"),
        pytest.param({"From": "UBNDQ1", "Body": "x"}, "'To' is a required property", id="no recipient"),
        pytest.param({**A_TEXT, "To": "0901234567"}, "To:", id="not E.164"),
        pytest.param({"To": PHONE, "Body": "x"}, "is not valid under any", id="no sender"),
        pytest.param({"To": PHONE, "From": "UBNDQ1"}, "is not valid under any", id="no text"),
        pytest.param({**A_TEXT, "Body": "x" * 1601}, "Body:", id="a text that is too long"),
        pytest.param({**A_TEXT, "From": "UBND QUAN MOT 1"}, "From:", id="a sender that is too long"),
        pytest.param({**A_TEXT, "Colour": "red"}, "Additional properties", id="a field of its own"),
        pytest.param({**A_TEXT, "StatusCallback": "catruc"}, "StatusCallback:", id="no address"),
        pytest.param({**A_TEXT, "SendAt": "02.11.2026"}, "SendAt:", id="no instant"),
        pytest.param({**A_TEXT, "ProvideFeedback": "yes"}, "ProvideFeedback:", id="no boolean"),
        pytest.param({**A_TEXT, "MessagingServiceSid": "MG1"}, "MessagingServiceSid:", id="a short service"),
    ],
)
def test_a_request_that_is_not_twilios_is_caught(form: dict[str, str], complaint: str) -> None:
    """What the channel sends is held against the description, too."""
    specification = Specification.at_hand()
    assert specification is not None
    asked = Asked("POST", f"{FOLDER}.json", (), tuple(form.items()), FORM, f"{ACCOUNT}:{TOKEN}")
    shown = json.dumps(Message.taken(1, {**A_TEXT, **form, "ValidityPeriod": "1"}, NOON).as_json())

    complaints = specification.complaints(asked, Answer(201, shown.encode()))

    assert any(complaint in each for each in complaints), complaints


@needs_description
@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        pytest.param({"path": "/2010-04-01/Messages.json"}, "no such operation", id="another address"),
        pytest.param({"method": "PUT"}, "no such operation", id="another verb"),
        pytest.param({"path": FOLDER.replace("AC0", "AC") + ".json"}, "AccountSid:", id="a short account"),
        pytest.param({"kind": "application/json"}, "a body of the kind", id="JSON"),
        pytest.param({"credentials": ""}, "no credentials", id="nobody"),
        pytest.param({"query": (("Page", "1"),)}, "Additional properties", id="a query where none belongs"),
        pytest.param({"form": (*A_TEXT.items(), ("To", PHONE))}, "To stands twice", id="a field twice"),
        pytest.param(
            {"method": "GET", "query": (("PageSize", "1001"),), "form": ()}, "PageSize:", id="a large page"
        ),
        pytest.param({"method": "GET"}, "a body where none belongs", id="a body of a question"),
    ],
)
def test_an_address_that_is_not_twilios_is_caught(asked: dict[str, Any], complaint: str) -> None:
    """Path, verb, query and headers are part of the description."""
    specification = Specification.at_hand()
    assert specification is not None
    whole = {
        "method": "POST",
        "path": f"{FOLDER}.json",
        "query": (),
        "form": tuple(A_TEXT.items()),
        "kind": FORM,
        "credentials": f"{ACCOUNT}:{TOKEN}",
        **asked,
    }

    complaints = specification.complaints(
        Asked(**whole), Answer(429, b'{"code":1,"message":"","status":429}')
    )

    assert any(complaint in each for each in complaints), complaints


@needs_description
@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        pytest.param(Answer(202, b"{}"), "an answer with the status 202", id="another status"),
        pytest.param(Answer(201, b"<xml/>", kind="text/xml"), "an answer of the kind 'text/xml'", id="XML"),
        pytest.param(Answer(400, b"{}"), "'code' is a required property", id="no code"),
        pytest.param(Answer(400, b'{"code":"1","message":"","status":400}'), "code: '1' is not", id="a text"),
        pytest.param(Answer(201, b"[]"), "[] is not of type 'object'", id="a list"),
    ],
)
def test_an_answer_that_is_not_twilios_is_caught(answer: Answer, complaint: str) -> None:
    """Status, kind and form are part of the description; what breaks it on purpose says so."""
    specification = Specification.at_hand()
    assert specification is not None
    asked = Asked("POST", f"{FOLDER}.json", (), tuple(A_TEXT.items()), FORM, f"{ACCOUNT}:{TOKEN}")

    assert any(complaint in each for each in specification.complaints(asked, answer))
    assert specification.complaints(asked, replace(answer, off_script=True)) == []


def listed(twilio: FakeTwilio, **query: str) -> dict[str, Any]:
    """What the list says to this question."""
    named = {name.replace("After", ">").replace("Before", "<"): value for name, value in query.items()}
    credentials = b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    request = Request(
        f"{twilio.url}{FOLDER}.json?{urlencode(named)}", headers={"Authorization": f"Basic {credentials}"}
    )
    with urlopen(request) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def test_the_list_filters_and_pages_as_twilios_does() -> None:
    """Newest first; what was not sent has no date of sending; pages lead to each other."""
    with FakeTwilio(lambda: NOON) as twilio:
        channel = channel_to(twilio)
        for text in "abc":
            hand(channel, text)
        channel.close()
        twilio.ledger[0].move("delivered", None, NOON)

        def bodies(**query: str) -> str:
            return "".join(each["body"] for each in listed(twilio, **query)["messages"])

        assert bodies() == "cba"
        assert bodies(To="+84901234568") == ""
        assert bodies(From="UBNDQ1") == "cba"
        assert bodies(DateSentAfter="2026-11-02T05:00:00Z") == "a"
        assert bodies(DateSentAfter="2026-11-02T05:00:01Z") == ""
        assert bodies(DateSentBefore="2026-11-02T04:59:59Z") == ""
        assert bodies(DateSent="2026-11-02T00:00:00Z") == "a"
        first = listed(twilio, PageSize="2")
        assert first["next_page_uri"].startswith(f"{FOLDER}.json?PageSize=2&Page=1&PageToken=PA")
        assert bodies(PageSize="2", Page="1") == "a"
        assert listed(twilio, PageSize="2", Page="1")["next_page_uri"] is None


def test_one_message_is_shown_as_the_list_shows_it() -> None:
    """A message can be asked for by its id; one that is not there is not found."""
    with FakeTwilio(lambda: NOON) as twilio:
        channel = channel_to(twilio)
        hand(channel)
        client, _ = channel._client()
        shown = client.messages(twilio.ledger[0].sid).fetch()
        channel.close()

        assert (shown.body, shown.to, shown.date_sent) == ("ca truc", PHONE, None)
        assert shown.date_created == NOON


def test_the_pretend_twilio_ends_with_its_with() -> None:
    """No thread of it is left behind."""
    before = threading.active_count()
    with FakeTwilio():
        assert threading.active_count() > before
    assert threading.active_count() == before
