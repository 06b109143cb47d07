"""Texts in doubt: looked up at the provider, sent once more where that is right, and told in time."""

from contextlib import suppress
from datetime import timedelta

import pytest

from notifications import ledger
from notifications.attempts import LEASE
from notifications.channels.channel import Inquiry
from notifications.consent import Consent
from notifications.doubt import BEFORE_FIRST, BETWEEN
from notifications.lookups import MOST, UNATTENDED
from notifications.message import State
from notifications.outbox import last_told
from notifications.receipt import Rank, Receipt
from notifications.receipts import merge_receipt
from notifications.recovery import recover
from tests.doubts import Doubts
from tests.fake_channel import PowerCut
from tests.outgoing import DAY, HOUR, MINUTE, NOW, SECOND, Outgoing, wanted


def test_what_the_provider_took_is_found_and_not_sent_again(doubts: Doubts) -> None:
    """The answer was lost and nothing else: after the look-up it is as sent as any other."""
    doubts.channel.take_without_a_word(Rank.SENT)
    doubts.send("a")
    assert (doubts.post.row("a").state, doubts.told()) == (State.IN_DOUBT, [])
    assert doubts.look_up(BEFORE_FIRST - SECOND) == 0
    assert doubts.look_up(SECOND) == 1
    row = doubts.post.row("a")
    assert (row.state, row.provider_id, row.look_up_at) == (State.SENT, "id of a", None)
    assert (doubts.told(), doubts.channel.keys()) == ([("sent", "a")], ["a"])


def test_it_is_asked_for_by_number_words_and_instant(doubts: Doubts) -> None:
    """The provider is asked for exactly this text, since exactly this attempt."""
    doubts.channel.leave_in_doubt()
    doubts.send("a")
    doubts.look_up(BEFORE_FIRST)
    (asked,) = doubts.channel.inquiries
    (attempt,) = doubts.post.attempts()
    assert (asked.phone, asked.text, asked.sender) == ("+84901000001", "Nho ca truc", "UBNDQ1")
    assert (asked.reference, asked.since) == (attempt.reference, NOW)


def test_two_misses_send_a_duty_text_once_more(doubts: Doubts) -> None:
    """Ten minutes apart; it is counted as a possible duplicate, and a person hears of it."""
    doubts.channel.leave_in_doubt()
    doubts.send("a")
    doubts.look_up(BEFORE_FIRST)
    assert doubts.look_up(BETWEEN - SECOND) == 0
    assert doubts.look_up(SECOND) == 1
    assert (doubts.post.row("a").state, doubts.post.row("a").resent) == (State.WAITING, True)
    doubts.go_on()
    assert (doubts.post.row("a").state, doubts.channel.keys()) == (State.SENT, ["a", "a"])
    assert doubts.told() == [("resent", "a"), ("sent", "a")]
    assert len({attempt.reference for attempt in doubts.post.attempts()}) == 2


def test_a_second_doubt_is_not_sent_a_third_time(doubts: Doubts) -> None:
    """Once more means once: then it stays unknown, and a person is told."""
    for _ in range(2):
        doubts.channel.leave_in_doubt()
    doubts.send("a")
    for wait in (BEFORE_FIRST, BETWEEN):
        doubts.look_up(wait)
    doubts.go_on()
    for wait in (BEFORE_FIRST, BETWEEN):
        assert doubts.look_up(wait) == 1
    assert (doubts.post.row("a").state, doubts.post.row("a").look_up_at) == (State.IN_DOUBT, None)
    assert doubts.told() == [("resent", "a"), ("in_doubt", "a")]
    assert (doubts.look_up(DAY), doubts.channel.keys()) == (0, ["a", "a"])


@pytest.mark.parametrize("purpose", ["service", "answer"])
def test_a_notice_to_many_is_not_sent_again(doubts: Doubts, purpose: str) -> None:
    """Two copies of a notice cost more trust than none."""
    if purpose == "service":
        _agree(doubts.post)
    doubts.channel.leave_in_doubt()
    doubts.send("a", purpose=purpose, audience="resident")
    for wait in (BEFORE_FIRST, BETWEEN):
        assert doubts.look_up(wait) == 1
    assert doubts.post.row("a").state == State.IN_DOUBT
    assert (doubts.told(), doubts.channel.keys()) == ([("in_doubt", "a")], ["a"])


def _agree(post: Outgoing) -> None:
    with post.database.write() as connection:
        ledger.write(connection, Consent("+84901000001", "service", True, NOW, "counter", "yes"))


def test_while_nobody_answers_it_stays_in_doubt(doubts: Doubts) -> None:
    """No word is not a miss: an outage of the look-up sends nothing twice."""
    doubts.channel.leave_in_doubt()
    doubts.channel.be_dumb()
    doubts.send("a")
    for _ in range(30):
        doubts.look_up(BEFORE_FIRST)
    assert (doubts.post.row("a").misses, doubts.post.row("a").state) == (0, State.IN_DOUBT)
    doubts.channel.be_dumb(False)
    doubts.look_up(BEFORE_FIRST)
    assert doubts.post.row("a").misses == 1


@pytest.mark.parametrize(
    ("useful_for", "told"),
    [
        pytest.param(MINUTE, [("in_doubt", "a")], id="a minute: no look-up can come in time"),
        pytest.param(20 * MINUTE, [("in_doubt", "a")], id="twenty: somebody may still telephone"),
        pytest.param(5 * HOUR, [], id="five hours: the look-ups come first"),
    ],
)
def test_a_person_is_told_while_there_is_time(
    doubts: Doubts, useful_for: timedelta, told: list[tuple[str, str]]
) -> None:
    """Where the session comes too soon for certainty, the doubt itself is told; once."""
    doubts.channel.leave_in_doubt()
    doubts.send("a", expires_at=NOW + useful_for)
    assert (doubts.told(), doubts.told()) == (told, [])


def test_a_doubt_that_nobody_can_look_up_is_told(doubts: Doubts) -> None:
    """The channel is gone from the settings, so no look-up comes."""
    doubts.channel.leave_in_doubt()
    doubts.send("a")
    doubts.clock.now += BEFORE_FIRST + UNATTENDED
    assert doubts.told() == [("in_doubt", "a")]


def test_two_texts_with_the_same_words_are_not_taken_for_one(doubts: Doubts) -> None:
    """What is known to be another message's settles no doubt of this one."""
    doubts.send("first")
    doubts.channel.take_without_a_word(provider_id="id of first")
    doubts.send("first", "second")
    assert doubts.post.states() == {"first": State.SENT, "second": State.IN_DOUBT}
    doubts.look_up(BEFORE_FIRST)
    assert doubts.post.row("second").state == State.IN_DOUBT


def test_a_receipt_settles_a_doubt_before_the_look_up(doubts: Doubts) -> None:
    """It carries our reference: whose answer was lost has been taken all the same."""
    doubts.channel.leave_in_doubt()
    doubts.send("a")
    (attempt,) = doubts.post.attempts()
    with doubts.post.database.write() as connection:
        assert merge_receipt(
            connection, Receipt(attempt.reference, "SM7", "delivered", Rank.ARRIVED, NOW), NOW
        )
    row = doubts.post.row("a")
    assert (row.state, row.provider_id, row.look_up_at) == (State.DELIVERED, "SM7", None)
    assert (doubts.look_up(DAY), doubts.told()) == (0, [("sent", "a")])


def test_a_receipt_stops_the_second_try(doubts: Doubts) -> None:
    """It arrives when the text already waits to be sent once more: then it does not go."""
    doubts.channel.leave_in_doubt()
    doubts.send("a")
    (attempt,) = doubts.post.attempts()
    for wait in (BEFORE_FIRST, BETWEEN):
        doubts.look_up(wait)
    with doubts.post.database.write() as connection:
        merge_receipt(connection, Receipt(attempt.reference, "SM7", "sent", Rank.SENT, NOW), NOW)
    doubts.go_on()
    assert (doubts.post.row("a").state, doubts.channel.keys()) == (State.SENT, ["a"])


def test_a_look_up_that_a_receipt_outran_changes_nothing(doubts: Doubts) -> None:
    """The receipt comes while the provider is being asked; the empty answer is about the past."""
    doubts.channel.leave_in_doubt()
    doubts.send("a")
    (attempt,) = doubts.post.attempts()

    def receipt_meanwhile(_: Inquiry) -> None:
        with doubts.post.database.write() as connection:
            merge_receipt(connection, Receipt(attempt.reference, "SM7", "sent", Rank.SENT, NOW), NOW)

    doubts.channel.while_asked(receipt_meanwhile)
    for wait in (BEFORE_FIRST, BETWEEN):
        doubts.look_up(wait)
    assert (doubts.post.row("a").state, doubts.channel.keys()) == (State.SENT, ["a"])


def test_what_nobody_wants_any_more_is_not_sent_again(doubts: Doubts) -> None:
    """The session was called off while its text was in doubt."""
    doubts.channel.leave_in_doubt()
    doubts.send("a")
    doubts.post.want(now=NOW + MINUTE)
    for wait in (BEFORE_FIRST, BETWEEN):
        doubts.look_up(wait)
    assert (doubts.post.row("a").state, doubts.channel.keys()) == (State.IN_DOUBT, ["a"])
    assert doubts.told() == [("in_doubt", "a")]


def test_who_may_have_had_it_counts_as_told(doubts: Doubts) -> None:
    """Sent once more and then cancelled: the first may be there, so a change must still be told."""
    doubts.channel.leave_in_doubt()
    doubts.send("a", about="T3 17:00")
    for wait in (BEFORE_FIRST, BETWEEN):
        doubts.look_up(wait)
    doubts.post.want(now=doubts.clock())
    assert doubts.post.row("a").state == State.CANCELLED
    with doubts.post.database.read() as connection:
        assert [row.about for row in last_told(connection, ["session:1"])] == ["T3 17:00"]


def _cut(_: Inquiry) -> None:
    raise PowerCut


def _break_down(_: Inquiry) -> None:
    raise ZeroDivisionError


def test_a_killed_look_up_is_due_again_after_its_lease(doubts: Doubts) -> None:
    """The machine stops while it asks: nothing is decided, and another asks later."""
    doubts.channel.leave_in_doubt()
    doubts.send("a")
    doubts.channel.while_asked(_cut)
    with pytest.raises(PowerCut):
        doubts.look_up(BEFORE_FIRST)
    doubts.channel.while_asked(lambda _: None)
    assert doubts.look_up(LEASE - SECOND) == 0
    assert doubts.look_up(SECOND) == 1
    assert doubts.post.row("a").misses == 1


def test_a_look_up_that_breaks_down_is_no_word(doubts: Doubts) -> None:
    """A bug in a channel settles nothing."""
    doubts.channel.leave_in_doubt()
    doubts.send("a")
    doubts.channel.while_asked(_break_down)
    doubts.look_up(BEFORE_FIRST)
    assert (doubts.post.row("a").state, doubts.post.row("a").misses) == (State.IN_DOUBT, 0)


def test_a_kill_leaves_a_doubt_that_is_looked_up(doubts: Doubts) -> None:
    """What a dead service was handing over is asked for like any other doubt."""
    doubts.channel.break_down(PowerCut())
    with pytest.raises(PowerCut):
        doubts.send("a")
    with doubts.post.database.write() as connection:
        recover(connection, NOW + MINUTE, True, {"console"})
    doubts.clock.now = NOW + MINUTE
    assert doubts.told() == []
    assert doubts.look_up(BEFORE_FIRST) == 1


def test_look_ups_come_in_small_batches(doubts: Doubts) -> None:
    """An outage leaves hundreds; asking for them all at once would be one more."""
    keys = [f"k{number}" for number in range(MOST + 5)]
    for _ in keys:
        doubts.channel.leave_in_doubt()
    doubts.send(*keys)
    assert [doubts.look_up(BEFORE_FIRST), doubts.look_up(), doubts.look_up()] == [MOST, 5, 0]


def test_a_poison_text_is_set_aside_and_the_others_go(doubts: Doubts) -> None:
    """One that kills its deliverer each time is begun twice at most, and holds nobody up."""
    doubts.post.want(wanted("poison", priority=0), *(wanted(f"k{number}") for number in range(3)))
    for life in range(4):
        doubts.channel.take_all_again()
        if doubts.post.row("poison").state == State.WAITING:
            doubts.channel.break_down(PowerCut())
        with suppress(PowerCut):
            doubts.go_on()
        with doubts.post.database.write() as connection:
            recover(connection, doubts.clock(), True, {"console"})
        for wait in (BEFORE_FIRST, BETWEEN):
            doubts.look_up(wait)
        assert life < 3 or doubts.post.row("poison").state == State.IN_DOUBT
    assert doubts.channel.keys().count("poison") == 2
    assert {doubts.post.row(f"k{number}").state for number in range(3)} == {State.SENT}


def test_a_corrected_number_gets_no_copy_at_the_old_one(doubts: Doubts) -> None:
    """The list of people was mended while the text was in doubt: whoever has the old number is left alone."""
    doubts.channel.leave_in_doubt()
    doubts.send("a")
    doubts.post.want(wanted("a", phone="+84901000002"), now=NOW + MINUTE)
    for wait in (BEFORE_FIRST, BETWEEN):
        doubts.look_up(wait)
    doubts.go_on()
    assert [parcel.phone for parcel in doubts.channel.handed] == ["+84901000001"]
    assert doubts.told() == [("in_doubt", "a")]


def test_an_edit_that_is_undone_leaves_a_doubt_as_useful_as_it_was(doubts: Doubts) -> None:
    """Called off by mistake and wanted again within the doubt: it goes once more, as it would have."""
    doubts.channel.leave_in_doubt()
    doubts.send("a")
    doubts.post.want(now=NOW + MINUTE)
    doubts.post.want(wanted("a"), now=NOW + MINUTE)
    for wait in (BEFORE_FIRST, BETWEEN):
        doubts.look_up(wait)
    assert (doubts.post.row("a").state, doubts.post.row("a").resent) == (State.WAITING, True)
