"""A real `catruc serve` that texts by Twilio: out to a pretend one, in by the webhooks, into the rows."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from notifications.channels.twilio_form import INBOUND_PATH
from notifications.tables import messages, replies
from scheduler.store.database import Database
from tests.by_twilio import BY_TWILIO, PUBLIC_URL, account_at
from tests.fake_twilio import FakeTwilio
from tests.served import Folder, Service, catruc, serving, wait_for


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    """A pretend Twilio."""
    with FakeTwilio() as fake:
        yield fake


@contextmanager
def texting(folder: Folder, twilio: FakeTwilio) -> Iterator[Service]:
    """A service whose texts go to the pretend Twilio, which reaches it as through a proxy."""
    with serving(folder, account_at(twilio.url)) as service:
        twilio.proxies = {PUBLIC_URL: service.address()}
        yield service


def states(folder: Folder) -> dict[str, str]:
    """The state of each text to a volunteer, by Twilio's id."""
    handed = select(messages.c.provider_id, messages.c.state).where(messages.c.provider_id.is_not(None))
    with closing(Database(f"sqlite:///{folder.database}")) as database, database.read() as connection:
        return {row.provider_id: row.state for row in connection.execute(handed)}


def written(folder: Folder) -> list[str]:
    """What people have written to us."""
    with closing(Database(f"sqlite:///{folder.database}")) as database, database.read() as connection:
        return list(connection.scalars(select(replies.c.text)))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A folder whose settings text by Twilio, and are in force."""
    one = Folder(tmp_path, BY_TWILIO)
    assert catruc("apply", "--yes", "--settings", str(one.settings)).returncode == 0
    return one


def test_a_text_goes_out_and_its_receipts_come_back(folder: Folder, twilio: FakeTwilio) -> None:
    """Taken, sent, delivered, each told by Twilio: the row follows, and the log holds no number."""
    with texting(folder, twilio) as service:
        wait_for(lambda: set(states(folder).values()) == {"sent"})
        for message in twilio.ledger:
            assert twilio.report(message, "sent", "delivered") == [200, 200]
        wait_for(lambda: set(states(folder).values()) == {"delivered"})
        assert service.stop() == 0

    assert len(twilio.ledger) == len(states(folder)) > 0
    assert not [message.to for message in twilio.ledger if message.to[1:] in folder.err.read_text("utf-8")]


def test_a_lost_answer_is_healed_by_the_receipt(folder: Folder, twilio: FakeTwilio) -> None:
    """Twilio takes a text, its answer is lost, and its receipt tells the service that the text went out."""
    twilio.accept_then_drop()
    with texting(folder, twilio) as service:
        wait_for(lambda: twilio.ledger)
        wait_for(lambda: twilio.report(twilio.ledger[0], "delivered") == [200])
        wait_for(lambda: states(folder) == {twilio.ledger[0].sid: "delivered"})
        assert service.stop() == 0

    assert len(twilio.ledger) == 1


def test_what_somebody_writes_is_kept_and_a_forger_is_turned_away(folder: Folder, twilio: FakeTwilio) -> None:
    """Signed with either token it is taken, once; signed with none of ours it is not."""
    url = PUBLIC_URL + INBOUND_PATH
    with texting(folder, twilio) as service:
        assert twilio.inbound(url, "CÓ 1", "+84901000001") == 200
        assert twilio.call_again() == 200
        twilio.token = "the-former-token"
        assert twilio.inbound(url, "không", "+84901000002") == 200
        twilio.token = "guessed"
        assert twilio.inbound(url, "HUY", "+84901000001") == 403
        wait_for(lambda: len(written(folder)) == 2)
        assert service.stop() == 0

    assert written(folder) == ["CÓ 1", "không"]
    assert "call_refused" in folder.err.read_text("utf-8")


def test_another_address_is_told_to_twilio_at_once(folder: Folder, twilio: FakeTwilio) -> None:
    """When the settings name another address, further texts ask for their receipts there."""
    with texting(folder, twilio) as service:
        wait_for(lambda: twilio.ledger)
        text = folder.settings.read_text(encoding="utf-8").replace(PUBLIC_URL, "https://other.example")
        folder.settings.write_text(text, encoding="utf-8")
        at = ("--settings", str(folder.settings))
        wait_for(lambda: catruc("apply", "--yes", *at).returncode == 0)
        before = len(twilio.ledger)
        assert catruc("follow", "-", "Sao y", "Sài Gòn", *at, typed="0901 234 567\n").returncode == 0
        wait_for(lambda: len(twilio.ledger) > before)
        assert service.stop() == 0

    assert (twilio.ledger[0].callback or "").startswith("https://catruc.example/sms/twilio/status?o=")
    assert (twilio.ledger[-1].callback or "").startswith("https://other.example/sms/twilio/status?o=")
