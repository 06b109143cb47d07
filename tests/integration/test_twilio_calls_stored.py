"""What Twilio tells us, on the way into a real database: each once, whole, and whatever the order.

The pretend Twilio calls over real HTTP; the service thread, the SDK's check and the tables are the real ones.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from notifications import inbox
from notifications.arrival import Arrival, Reply
from notifications.channels.channel import InDoubt, Parcel
from notifications.channels.twilio import Twilio, Verifier
from notifications.channels.twilio_account import Credentials
from notifications.channels.twilio_codes import load_codes
from notifications.channels.twilio_form import INBOUND_PATH, STATUS_PATH, read_arrival
from notifications.receipt import Rank, Receipt, merge
from scheduler.store.database import Database
from scheduler.web.application import create_app
from scheduler.web.intake import Intake
from scheduler.web.server import WebServer
from scheduler.web.twilio import TwilioCalls
from tests.board import board_of, december
from tests.fake_twilio import ACCOUNT, TOKEN, FakeTwilio
from tests.fake_twilio.calls import sign, signed, status_form
from tests.fake_twilio.message import Message
from tests.served import wait_for

NOON = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
PHONE = "+84901234567"
CODES = load_codes()


class Doors:
    """The webhooks of one database, listening, and a channel whose texts are reported there."""

    def __init__(self, database: Database, twilio: FakeTwilio) -> None:
        self.database = database
        self.twilio = twilio
        calls = TwilioCalls(
            ACCOUNT,
            Verifier((TOKEN, "old-token")),
            lambda: self.pages.url,
            Intake(self.receive, _nobody, lambda: NOON),
            lambda: NOON,
        )
        self.pages = WebServer(create_app(lambda: board_of(*december()), lambda: NOON, lambda: True, [calls]))
        self.pages.start("127.0.0.1", 0)
        self.channel = Twilio(Credentials(ACCOUNT, TOKEN), twilio.url, callback=self.pages.url + STATUS_PATH)

    def close(self) -> None:
        """Ends both."""
        self.channel.close()
        self.pages.stop(5)

    def receive(self, arrival: Arrival) -> bool:
        """As the service does it."""
        with self.database.write() as connection:
            return inbox.receive(connection, arrival)

    def hand(self, reference: str = "attempt-1") -> object:
        """Hands a text over in an attempt of this name."""
        return self.channel.hand(
            Parcel(reference, "k", PHONE, "ca truc", "UBNDQ1", NOON + timedelta(hours=1), NOON)
        )

    def told(self) -> list[Receipt | Reply | None]:
        """What has come since the last time, as a turn reads it."""
        with self.database.write() as connection:
            return [read_arrival(each, CODES) for each in inbox.take_arrivals(connection, NOON)]

    def ranks(self) -> list[tuple[str, Rank | None]]:
        """The references and ranks of the receipts that have come."""
        return [(each.reference, each.rank) for each in self.told() if isinstance(each, Receipt)]


def _nobody() -> None:
    """Nobody is woken: the test itself takes the turn."""


@pytest.fixture
def doors(database: Database) -> Iterator[Doors]:
    """On each kind of database."""
    with FakeTwilio(lambda: NOON) as twilio:
        one = Doors(database, twilio)
        yield one
        one.close()


def test_receipts_come_back_to_their_attempt(doors: Doors) -> None:
    """From the text to the receipts and back: each names our attempt and says how far the text has come."""
    doors.hand()

    assert doors.twilio.report(doors.twilio.ledger[0], "sent", "delivered") == [200, 200]
    assert doors.ranks() == [("attempt-1", Rank.SENT), ("attempt-1", Rank.ARRIVED)]
    assert doors.told() == []


def test_a_lost_answer_is_healed_by_the_receipt(doors: Doors) -> None:
    """Twilio took the text and its answer was lost: the receipt brings reference and id together."""
    doors.twilio.accept_then_drop()
    assert isinstance(doors.hand("attempt-7"), InDoubt)
    message = doors.twilio.ledger[0]

    doors.twilio.report(message, "sent")

    assert doors.told() == [Receipt("attempt-7", message.sid, "sent", Rank.SENT, NOON)]


def test_a_receipt_may_come_before_the_answer(doors: Doors) -> None:
    """Early: the text is reported before its own request is answered; the receipt waits in the database."""
    doors.twilio.report_early("sent", "delivered")

    doors.hand()

    assert doors.ranks() == [("attempt-1", Rank.SENT), ("attempt-1", Rank.ARRIVED)]


def test_a_receipt_that_comes_twice_is_stored_once(doors: Doors) -> None:
    """Twice the same call, and once more after it was worked on."""
    doors.hand()

    assert doors.twilio.report_twice(doors.twilio.ledger[0], "sent", "delivered") == [200] * 4
    assert len(doors.ranks()) == 2
    assert doors.twilio.call_again() == 200
    assert doors.told() == []


def test_receipts_out_of_order_end_alike(doors: Doors) -> None:
    """They are stored as they come; the highest rank counts."""
    doors.hand()

    doors.twilio.report_backwards(doors.twilio.ledger[0], "sending", "sent", "delivered")

    ranks = [rank for _, rank in doors.ranks()]
    assert ranks == [Rank.ARRIVED, Rank.SENT, Rank.TAKEN]
    assert merge(merge(ranks[0], ranks[1]), ranks[2]) is Rank.ARRIVED


def test_a_receipt_of_a_text_that_nobody_sent_is_kept(doors: Doors) -> None:
    """Unknown: the account may send other texts, or an older database was restored; nothing breaks."""
    stranger = Message(
        "SM" + "f" * 32, PHONE, "UBNDQ1", "another", NOON, callback=doors.pages.url + STATUS_PATH
    )

    assert doors.twilio.report(stranger, "delivered") == [200]
    assert doors.told() == [Receipt("", stranger.sid, "delivered", Rank.ARRIVED, NOON)]


def test_a_forged_receipt_is_not_stored(doors: Doors) -> None:
    """Forged: signed with another token, or replayed for another attempt."""
    doors.hand()
    doors.twilio.report(doors.twilio.ledger[0], "sent")
    assert len(doors.told()) == 1
    form = status_form(doors.twilio.ledger[0], "delivered")
    address = f"{doors.pages.url}{STATUS_PATH}?o=attempt-1"

    assert signed("guessed", address, form).make() == 403
    assert signed(TOKEN, address, form, url=address.replace("attempt-1", "attempt-2")).make() == 403
    assert doors.told() == []


def test_a_recut_text_is_not_stored(doors: Doors) -> None:
    """Re-cut: the signature of one text over another sender is refused on the way in."""
    url = doors.pages.url + INBOUND_PATH
    assert doors.twilio.inbound(url, "COFrom+84909999999FromA", PHONE) == 400
    assert doors.told() == []


def test_a_text_from_somebody_becomes_a_reply(doors: Doors) -> None:
    """Whatever was written stands in the database as it came, and is read back whole; twice is once."""
    url = doors.pages.url + INBOUND_PATH
    texts = ["CÓ 12", "không, bận rồi", "🙂", "\0NUL", "\u202eOC", "", "x" * 1600]

    assert [doors.twilio.inbound(url, text, PHONE) for text in texts] == [200] * len(texts)
    assert doors.twilio.call_again() == 200

    told = doors.told()
    assert [each.text for each in told if isinstance(each, Reply)] == [
        text.replace("\0", "") for text in texts
    ]
    assert {each.phone for each in told if isinstance(each, Reply)} == {PHONE}


def test_who_opts_out_at_twilio_is_told_so(doors: Doors) -> None:
    """The network itself recognised the word, and stops our texts to that number from now on."""
    doors.twilio.inbound(doors.pages.url + INBOUND_PATH, "STOP", PHONE, OptOutType="STOP")

    (reply,) = doors.told()
    assert isinstance(reply, Reply)
    assert reply.wants_out


def test_a_token_is_replaced_without_losing_a_call(doors: Doors) -> None:
    """Both tokens are good while Twilio changes from one to the other."""
    doors.hand()
    doors.twilio.token = "old-token"
    old = doors.twilio.report(doors.twilio.ledger[0], "sent")
    doors.twilio.token = TOKEN
    new = doors.twilio.report(doors.twilio.ledger[0], "delivered")

    assert old == new == [200]
    assert len(doors.told()) == 2


def test_while_somebody_else_writes_twilio_is_asked_to_come_again(doors: Doors) -> None:
    """Somebody keeps the tables: 503 each time that Twilio comes; what was begun is stored later."""
    doors.hand()
    with _kept(doors.database):
        assert doors.twilio.report(doors.twilio.ledger[0], "sent") == [503]

    assert wait_for(doors.ranks) == [("attempt-1", Rank.SENT)]
    assert doors.twilio.call_again() == 200
    assert doors.told() == []


@contextmanager
def _kept(database: Database) -> Iterator[None]:
    """The table of arrivals is locked by somebody else for as long as this lasts."""
    with database.write() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("LOCK TABLE arrivals IN EXCLUSIVE MODE")
        yield


def test_the_signature_is_over_the_address_that_twilio_was_told(doors: Doors) -> None:
    """A call that goes to this machine under another name is judged by the settings' own."""
    form = status_form(Message("SM" + "e" * 32, PHONE, "UBNDQ1", "x", NOON), "sent")
    here = doors.pages.url + STATUS_PATH
    elsewhere = here.replace("127.0.0.1", "localhost")

    assert signed(TOKEN, here, form, url=elsewhere).make() == 200
    assert signed(TOKEN, elsewhere, form, url=elsewhere).make() == 403
    assert sign(TOKEN, here, form) != sign(TOKEN, elsewhere, form)
