"""The life of one message, as a stranger reads it at a terminal."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from notifications.claims import claim_due
from notifications.delivery import Deliverer
from notifications.doubt import BEFORE_FIRST, BETWEEN
from notifications.halts import halt
from notifications.lookups import claim_look_ups
from notifications.receipt import Rank, Receipt
from notifications.receipts import merge_receipt
from notifications.tables import attempts
from scheduler.app import office_in_force
from scheduler.clock import read_clock
from scheduler.roster.offer import OFFER_MOVES, OfferState
from scheduler.service.cause import Cause
from scheduler.service.pretend import VirtualClock
from scheduler.service.trace_message import Step
from scheduler.store.database import Database
from tests.fake_channel import FakeChannel
from tests.outgoing import SECOND
from tests.terminal import Terminal


class Sending:
    """A deliverer on the database of a terminal, on a clock of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.channel = FakeChannel(looks_up=True)
        self.clock = VirtualClock(read_clock() + timedelta(seconds=5))
        self._deliverer = Deliverer(database.write, self.channel, self.clock)

    def send(self) -> None:
        """Hands over what is due."""
        office = office_in_force(self.database)
        assert office is not None
        with self.database.write() as connection:
            batch = claim_due(connection, office.house, "console", str(self.clock()), self.clock())
        self._deliverer.deliver(batch.at_once())

    def look_up(self, after: timedelta) -> None:
        """Looks up what is due some time later."""
        self.clock.now += after
        with self.database.write() as connection:
            batch = claim_look_ups(connection, "console", self.clock())
        self._deliverer.deliver(batch)

    def tell(self, rank: Rank, status: str) -> None:
        """The network reports on the last attempt."""
        with self.database.write() as connection:
            reference = connection.scalars(
                select(attempts.c.reference).order_by(attempts.c.id.desc())
            ).first()
            receipt = Receipt(
                reference or "", f"id of {self.channel.handed[-1].key}", status, rank, self.clock()
            )
            merge_receipt(connection, receipt, self.clock())


@contextmanager
def _sending(desk: Terminal) -> Iterator[Sending]:
    database = Database(f"sqlite:///{desk.folder / 'catruc.db'}")
    yield Sending(database)
    database.close()


@pytest.fixture
def asked(desk: Terminal) -> str:
    """The key of the one question that is due at once, at any hour of the day."""
    text = (desk.folder / "settings.toml").read_text(encoding="utf-8")
    desk.write(text.replace('sender = "UBNDQ1"', 'sender = "UBNDQ1"\nquiet = ""'))
    assert desk.run("apply", "--yes").code == 0
    (key,) = [one["key"] for one in desk.run("messages", "--json").document if one["kind"] == "ask"]
    return str(key)


def test_a_stranger_can_follow_a_message(desk: Terminal, asked: str) -> None:
    """Planned, tried, in doubt, looked up twice, sent once more, reported: each with its hour and why."""
    with _sending(desk) as sending:
        sending.channel.leave_in_doubt()
        sending.send()
        for wait in (BEFORE_FIRST, BETWEEN):
            sending.look_up(wait)
        sending.clock.now += SECOND
        sending.send()
        sending.tell(Rank.ARRIVED, "delivered")
    desk.speak("en_US.UTF-8")
    lines = desk.run("messages", asked).out.splitlines()
    assert lines[0] == f"{asked}  [delivered]"
    assert lines[1].startswith("+8490•••")
    assert [line[18:] for line in lines[3:]] == [
        "planned",
        "try 1 by console",
        "nobody knows whether it left: no_answer: The provider did not answer.",
        "looked up, still unknown: nothing found",
        "looked up twice in vain: sent once more",
        "try 2 by console",
        "taken by the network",
        "the network reports: delivered",
        "arrived, as the network says",
    ]


@pytest.mark.parametrize(
    ("locale", "end"),
    [
        ("vi_VN.UTF-8", "không cần gửi nữa: người trực xin nghỉ"),
        ("en_US.UTF-8", "not wanted any more: the person said no"),
    ],
)
def test_why_a_text_did_not_go_reads_in_one_language(
    desk: Terminal, asked: str, locale: str, end: str
) -> None:
    """The trail's own words are for programs."""
    person = asked.split("/")[2]
    session = next(one["session"] for one in desk.run("roster", "--json").document if one["person"] == person)
    assert desk.run("decline", session, person).code == 0
    desk.speak(locale)
    assert desk.run("messages", asked).out.splitlines()[-1][18:] == end


def test_the_life_is_one_json_document(desk: Terminal, asked: str) -> None:
    """The message as in the list, and its steps with exact instants."""
    with _sending(desk) as sending:
        sending.send()
    life = desk.run("messages", asked, "--json").document
    assert life["message"]["key"] == asked
    assert [step["event"] for step in life["life"]] == ["planned", "tried", "sent"]
    assert all(step["at"][-6:] == "+07:00" for step in life["life"])


def test_a_key_that_nothing_bears_is_one_line(desk: Terminal) -> None:
    """With where keys are found."""
    said = desk.run("messages", "ask/0/nobody")
    assert said.code == 1
    assert "catruc messages" in said.complaint


def test_what_was_sent_again_is_counted(desk: Terminal, asked: str) -> None:
    """Possible duplicates stand in the summary, for people and for programs."""
    with _sending(desk) as sending:
        sending.channel.leave_in_doubt()
        sending.send()
        for wait in (BEFORE_FIRST, BETWEEN):
            sending.look_up(wait)
    (row,) = [one for one in desk.run("messages", "--summary", "--json").document if one["resent"]]
    assert (row["state"], row["resent"], row["currency"]) == ("waiting", 1, "VND")
    assert "1 gửi lại, có thể đến hai lần" in desk.run("messages", "--summary").out


@pytest.mark.parametrize("words", [(), ("--summary",), ("--json",)])
def test_that_texts_stand_still_is_said_wherever_one_looks(desk: Terminal, words: tuple[str, ...]) -> None:
    """Beside the list, so that a program still reads one document."""
    with _sending(desk) as sending, sending.database.write() as connection:
        halt(connection, "twilio", "20003", "Twilio refuses our token.", read_clock())
    said = desk.run("messages", *words)
    assert said.code == 0
    assert "TIN ĐANG DỪNG" in said.err
    assert "Twilio refuses our token." in said.err
    assert "--json" not in words or json.loads(said.out)


@pytest.mark.parametrize("why", [*Cause, *OFFER_MOVES[OfferState.OPEN]])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_whatever_ends_a_text_has_its_words(why: str, language: str) -> None:
    """A cause is a code; who reads the trail reads a sentence, in Vietnamese never the English code."""
    said = Step(read_clock(), "cancelled", str(why)).in_words(language)
    assert not said.endswith(f": {why}")
