"""Twilio's calls over HTTP, in process: what is taken, how it is answered, and what holds nobody up."""

import asyncio
import string
import threading
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import CapturingLogger

from notifications.arrival import Arrival
from notifications.channels.twilio_form import parse_form
from scheduler.web.intake import MOST_WAITING
from scheduler.web.twilio import EMPTY
from tests.caller import FORM, SID, STATUS, TOKENS, Call, Desk, a_status, an_inbound, signed
from tests.fake_twilio.message import ACCOUNT
from tests.served import wait_for
from tests.visitor import app_at, get

STATUS_TARGET = "/sms/twilio/status?o=attempt-1"


def test_a_receipt_is_stored_as_it_came_and_answered_at_once() -> None:
    """Twilio gets an empty answer that it understands; a turn is asked for, which reads what was stored."""
    desk, call = Desk(), a_status()

    (answer,) = desk.answer(call)

    assert (answer.status_code, answer.text) == (200, EMPTY)
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert answer.headers["Cache-Control"] == "no-store"
    assert desk.stored == [
        Arrival("twilio", "status", f"status/{SID}/delivered", "attempt-1", call.body.decode(), desk.now)
    ]
    assert desk.woken == 1


@pytest.mark.parametrize(
    "text",
    [
        "CÓ 12",
        "",
        "🙂👍🏽👨‍👩‍👧",
        "\u202eOC\u202c",
        "x" * 1600,
        "\0",
        "\r\n",
        "a=b&c=d%00;e",
        " a  b ",
        "<Response/>",
        "{{7*7}}",
    ],
)
def test_whatever_people_write_comes_through(text: str) -> None:
    """The signature is over what was meant, and what is stored is what came."""
    desk = Desk()

    assert desk.codes(an_inbound(Body=text)) == [200]
    assert parse_form(desk.stored[0].body.encode())["Body"] == text


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(
            signed("/sms/twilio/status", STATUS, token=TOKENS[1]), id="signed with the former token"
        ),
        pytest.param(
            signed("/sms/twilio/status", STATUS, signed_for="https://catruc.example:443/sms/twilio/status"),
            id="signed with the port",
        ),
        pytest.param(a_status(MessageStatus="teleported"), id="a status of next year"),
        pytest.param(a_status(NewParameter="x", Another=""), id="parameters of next year"),
        pytest.param(a_status().with_headers(Content_Type=f"{FORM}; charset=UTF-8"), id="with its charset"),
        pytest.param(
            a_status().and_header("I-Twilio-Idempotency-Token", "x"), id="with a header of Twilio's"
        ),
        pytest.param(a_status().and_header("X-Forwarded-Host", "evil.example"), id="through any proxy"),
        pytest.param(a_status().with_headers(Host="evil.example"), id="under any name"),
        pytest.param(an_inbound(From="VIETTEL"), id="from an advertiser"),
        pytest.param(
            replace(an_inbound(), body=an_inbound().body.replace(b"+", b"%20")), id="spaces written otherwise"
        ),
    ],
)
def test_what_twilio_may_send_is_taken(call: Call) -> None:
    """Tokens change, proxies stand between, and Twilio adds to what it sends."""
    desk = Desk()

    assert desk.codes(call) == [200]
    assert len(desk.stored) == 1


@pytest.mark.parametrize(
    "desk",
    [
        pytest.param(Desk(tokens=(), account=""), id="without credentials"),
        pytest.param(Desk(tokens=("",), account=""), id="with empty ones"),
        pytest.param(Desk(public_url=None), id="before there are settings"),
        pytest.param(Desk(public_url="https://other.example"), id="under another address"),
        pytest.param(Desk(account="AC" + "1" * 32), id="with another account"),
        pytest.param(Desk(tokens=("a-third-token",)), id="with another token"),
    ],
)
def test_where_twilio_is_not_known_every_call_is_refused_alike(desk: Desk) -> None:
    """Nobody learns from the answer what is lacking; an empty token signs for nobody."""
    forged = signed(STATUS_TARGET, STATUS, token="")

    answers = desk.answer(a_status(), an_inbound(), forged, a_status().with_headers(X_Twilio_Signature=None))

    assert {(answer.status_code, answer.text) for answer in answers} == {
        (403, "This is not signed by anybody who is known here.\n")
    }
    assert desk.stored == []


def test_an_address_with_a_folder_is_ours_too() -> None:
    """A proxy may serve us in a folder of its own: Twilio signed what the settings say."""
    desk = Desk(public_url="https://q1.gov.vn/catruc/")
    call = signed(STATUS_TARGET, STATUS, base="https://q1.gov.vn/catruc")

    assert desk.codes(call) == [200]


def test_a_replay_is_answered_alike_and_has_no_second_effect() -> None:
    """Nothing in a signature tells the time: what comes again is known by what it says."""
    desk = Desk()
    again = a_status(RawDlrDate="2611020501")

    assert desk.codes(*[a_status()] * 10, again) == [200] * 11
    assert (len(desk.stored), desk.woken) == (1, 1)


def test_receipts_are_taken_in_whatever_order_they_come() -> None:
    """Nothing is sorted at the door: each is stored, and ranks decide later."""
    desk = Desk()
    order = ["delivered", "sent", "queued", "undelivered"]

    assert desk.codes(*(a_status(MessageStatus=status) for status in order)) == [200] * 4
    assert [arrival.key.rpartition("/")[2] for arrival in desk.stored] == order


def test_what_cannot_be_stored_is_asked_for_again(told: CapturingLogger) -> None:
    """A fault of the database is 503, so that Twilio comes again; its words hold numbers and are not told."""
    desk = Desk(fault=OperationalError("INSERT", {"body": "From=%2B84901234567"}, Exception("disk is full")))
    assert desk.codes(an_inbound()) == [503]
    desk.fault = None

    assert desk.codes(an_inbound()) == [200]
    assert "OperationalError" in str(told.calls)
    assert "84901234567" not in str(told.calls)


def test_a_database_that_hangs_holds_up_nobody() -> None:
    """Twilio is told to come again within a second, pages are answered meanwhile, and nothing piles up."""
    desk, free = Desk(), threading.Event()
    receive = desk.receive

    def hang(arrival: Arrival) -> bool:
        free.wait(30)
        return receive(arrival)

    desk.receive = hang
    calls = [a_status(MessageStatus=f"{one}{other}") for one in "abcdef" for other in string.ascii_lowercase]
    app = desk.app()

    async def ask() -> tuple[set[int], int]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            asking = [asyncio.create_task(desk.call(client, call)) for call in calls]
            page = await client.get("/healthz")
            return {(await each).status_code for each in asking}, page.status_code

    assert asyncio.run(ask()) == ({503}, 200)
    free.set()
    wait_for(lambda: desk.stored)  # what was begun is stored all the same, and what was refused is not
    assert len(desk.stored) <= MOST_WAITING
    assert desk.codes(calls[-1]) == [200]


def test_a_body_that_trickles_is_given_up() -> None:
    """Who sends a byte a second holds a connection for a while, and nothing else."""
    desk, call = Desk(read_seconds=0.05), a_status()
    app = desk.app()

    async def bytes_in_turn() -> AsyncIterator[bytes]:
        for byte in call.body:
            yield bytes([byte])
            await asyncio.sleep(0.02)

    async def trickle() -> int:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            answer = await client.post(call.target, content=bytes_in_turn(), headers=list(call.headers))
            return answer.status_code

    assert asyncio.run(trickle()) == 408
    assert desk.stored == []


def test_refused_calls_do_not_fill_the_log(told: CapturingLogger) -> None:
    """Each kind is told once a minute, with its reason and without what came."""
    desk = Desk()
    app_calls = [a_status().with_headers(X_Twilio_Signature="x")] * 20 + [an_inbound(From="")] * 20

    desk.codes(*app_calls)

    lines = [call for call in told.calls if "call_refused" in str(call)]
    assert len(lines) == 2
    assert not any(private in str(lines) for private in ("84901234567", "UBNDQ1", SID, ACCOUNT, *TOKENS))


def test_the_webhooks_are_no_part_of_what_residents_programs_may_use() -> None:
    """The description of the API knows nothing of them."""
    described = Desk().app().openapi()

    assert not [path for path in described["paths"] if path.startswith("/sms")]


def test_without_webhooks_there_are_no_such_addresses() -> None:
    """Where nobody takes calls the addresses do not exist."""
    assert get(app_at("2026-12-01T18:00"), "/sms/twilio/status", method="POST").status_code == 404
