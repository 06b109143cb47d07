"""Receipts: late, twice, early and in any order, they end where the best of them says."""

from itertools import permutations

import pytest

from notifications import ledger
from notifications.arrival import Arrival, Reply
from notifications.doubt import BEFORE_FIRST, BETWEEN
from notifications.fault import Fault
from notifications.inbox import receive, take_arrivals
from notifications.message import State
from notifications.numbers import SPOILED_FOR, spoiled_among
from notifications.outcomes import take_outcomes
from notifications.reading import take_replies, work_off
from notifications.receipt import Rank, Receipt
from notifications.receipts import merge_receipt
from tests.doubts import Doubts
from tests.outgoing import NOW, SECOND, Outgoing, wanted

PHONE = "+84901000001"
TAKEN, SENT, NOT_ARRIVED, ARRIVED = Rank
STATUS = {TAKEN: "queued", SENT: "sent", NOT_ARRIVED: "undelivered", ARRIVED: "delivered"}


def receipt(doubts: Doubts, rank: Rank | None, fault: Fault | None = None, code: str = "") -> Receipt:
    """What the provider tells of the first attempt."""
    status = STATUS[rank] if rank else "telepathy"
    return Receipt(doubts.post.attempts()[0].reference, "id of a", status, rank, NOW, fault, code)


def merged(doubts: Doubts, *receipts: Receipt) -> None:
    """Each in a transaction of its own, as they come."""
    for one in receipts:
        with doubts.post.database.write() as connection:
            merge_receipt(connection, one, NOW)


@pytest.mark.parametrize(
    "ranks",
    [
        pytest.param(order, id=" ".join(STATUS[rank] for rank in order))
        for count in range(1, 5)
        for order in permutations((TAKEN, SENT, NOT_ARRIVED, ARRIVED), count)
    ],
)
def test_the_best_receipt_counts_in_every_order(sqlite_doubts: Doubts, ranks: tuple[Rank, ...]) -> None:
    """All orders of all sets of receipts, each twice: the state is that of the highest rank."""
    sqlite_doubts.send("a")
    told = [receipt(sqlite_doubts, rank) for rank in ranks]
    merged(sqlite_doubts, *told, *told)
    best = max(ranks)
    expected = {NOT_ARRIVED: State.UNDELIVERED, ARRIVED: State.DELIVERED}.get(best, State.SENT)
    assert (sqlite_doubts.post.row("a").state, sqlite_doubts.post.row("a").rank) == (expected, best)
    kinds = [kind for kind, _ in sqlite_doubts.told()]
    assert sorted(set(kinds)) == sorted(kinds)


@pytest.fixture
def sqlite_doubts(sqlite_post: Outgoing) -> Doubts:
    """A deliverer on SQLite; 64 orders on each kind of database would say nothing more."""
    return Doubts(sqlite_post)


def test_what_was_delivered_is_not_undelivered_afterwards(doubts: Doubts) -> None:
    """A late word of lower rank changes neither the state nor who is told what."""
    doubts.send("a")
    merged(doubts, receipt(doubts, ARRIVED), receipt(doubts, NOT_ARRIVED, Fault.BAD_NUMBER, "30006"))
    assert doubts.post.row("a").state == State.DELIVERED
    assert doubts.told() == [("sent", "a")]
    with doubts.post.database.read() as connection:
        assert not spoiled_among(connection, {PHONE}, NOW)


def test_an_early_receipt_is_the_answer_that_is_still_awaited(doubts: Doubts) -> None:
    """It comes while the hand-over has not returned; what that returns later changes nothing more."""

    def tell(_: object) -> None:
        merged(doubts, receipt(doubts, SENT))
        assert doubts.post.row("a").state == State.SENT

    doubts.channel.look_around(tell)
    doubts.send("a")
    row, (attempt,) = doubts.post.row("a"), doubts.post.attempts()
    assert (row.state, row.provider_id, row.rank) == (State.SENT, "id of a", SENT)
    assert (attempt.outcome, attempt.provider_id) == ("accepted", "id of a")
    assert (doubts.told(), doubts.channel.keys()) == ([("sent", "a")], ["a"])


@pytest.mark.parametrize(
    "strange",
    [
        pytest.param(Receipt("nobody", "id of a", "delivered", ARRIVED, NOW), id="a reference of nobody"),
        pytest.param(Receipt("", "SM404", "delivered", ARRIVED, NOW), id="an id of nobody"),
    ],
)
def test_an_unknown_receipt_is_noted_and_changes_nothing(doubts: Doubts, strange: Receipt) -> None:
    """Somebody else's text, or of a database that was set back."""
    doubts.send("a")
    before = doubts.post.rows()
    merged(doubts, strange)
    assert doubts.post.rows() == before
    assert doubts.post.audited("unknown_receipt") == [strange.provider_id]


def test_a_reference_does_not_lend_itself_to_another_text(doubts: Doubts) -> None:
    """The provider calls the attempt by another id: the receipt is not of it."""
    doubts.send("a")
    reference = doubts.post.attempts()[0].reference
    merged(doubts, Receipt(reference, "SM-other", "undelivered", NOT_ARRIVED, NOW))
    assert doubts.post.row("a").state == State.SENT


def test_without_a_reference_the_providers_own_id_tells(doubts: Doubts) -> None:
    """Channels that give nothing back are understood all the same."""
    doubts.send("a")
    merged(doubts, Receipt("", "id of a", "delivered", ARRIVED, NOW))
    assert doubts.post.row("a").state == State.DELIVERED


def test_a_word_that_is_not_known_is_kept(doubts: Doubts) -> None:
    """Providers invent new ones: it stands in the trail, and the state stays."""
    doubts.send("a")
    merged(doubts, receipt(doubts, None))
    assert (doubts.post.row("a").state, doubts.post.audited("receipt")) == (State.SENT, ["a"])


def test_a_number_that_takes_no_texts_is_marked(doubts: Doubts) -> None:
    """The network says so after the provider had taken it: no text tries again for a month."""
    doubts.send("a")
    merged(doubts, receipt(doubts, NOT_ARRIVED, Fault.BAD_NUMBER, "30006"))
    assert doubts.told() == [("sent", "a"), ("undelivered", "a")]
    doubts.send("a", "b")
    assert doubts.post.row("b").state == State.BLOCKED
    assert doubts.told() == [("blocked", "b")]
    with doubts.post.database.read() as connection:
        assert spoiled_among(connection, {PHONE, "+84901000002"}, NOW) == {PHONE}
        assert not spoiled_among(connection, {PHONE}, NOW + SPOILED_FOR)


def test_a_text_that_arrives_clears_its_number(doubts: Doubts) -> None:
    """A mark that was a mistake is taken off by the better word."""
    doubts.send("a")
    merged(doubts, receipt(doubts, NOT_ARRIVED, Fault.BAD_NUMBER, "30006"), receipt(doubts, ARRIVED))
    with doubts.post.database.read() as connection:
        assert not spoiled_among(connection, {PHONE}, NOW)


def test_who_has_refused_at_the_network_is_not_texted_again(doubts: Doubts) -> None:
    """The refusal goes into the ledger, for duty and notices alike, with how it came."""
    doubts.send("a")
    merged(doubts, receipt(doubts, NOT_ARRIVED, Fault.OPTED_OUT, "21610"))
    with doubts.post.database.read() as connection:
        said = ledger.latest(connection, {PHONE})
    assert {purpose: (one.granted, one.how, one.wording) for (_, purpose), one in said.items()} == {
        "duty": (False, "network", "21610"),
        "service": (False, "network", "21610"),
    }
    doubts.send("a", "b")
    assert doubts.post.row("b").state == State.BLOCKED


def _arrive(post: Outgoing, key: str, body: str, channel: str = "console") -> bool:
    with post.database.write() as connection:
        return receive(connection, Arrival(channel, "status", key, "", body, NOW))


def test_an_arrival_is_stored_once_and_worked_off_once(doubts: Doubts) -> None:
    """The same call again is no news; each is read by the reader of its channel, in the order they came."""
    doubts.send("a")
    assert [_arrive(doubts.post, key, key) for key in ("k1", "k2", "k1")] == [True, True, False]
    seen: list[str] = []

    def read(arrival: Arrival) -> Receipt | Reply | None:
        seen.append(arrival.body)
        return Receipt("", "id of a", "delivered", ARRIVED, NOW) if arrival.body == "k1" else None

    for _ in range(2):
        with doubts.post.database.write() as connection:
            work_off(connection, {"console": read}, NOW + SECOND)
    assert (seen, doubts.post.row("a").state) == (["k1", "k2"], State.DELIVERED)


def test_an_arrival_that_breaks_its_reader_holds_up_nothing(doubts: Doubts) -> None:
    """It is set aside, the next one counts, and neither comes up again."""
    doubts.send("a")
    for key in ("poison", "k2"):
        _arrive(doubts.post, key, key)

    def read(arrival: Arrival) -> Receipt | Reply | None:
        if arrival.body == "poison":
            raise UnicodeError("no such letter")
        return Receipt("", "id of a", "delivered", ARRIVED, NOW)

    with doubts.post.database.write() as connection:
        work_off(connection, {"console": read}, NOW)
        assert list(take_arrivals(connection, NOW)) == []
    assert doubts.post.row("a").state == State.DELIVERED


def test_a_reply_is_kept_once_and_given_once(post: Outgoing) -> None:
    """Two calls about one text are one reply; a channel that is not known changes nothing."""
    for key in ("in/1", "in/2"):
        _arrive(post, key, "SM5")
    _arrive(post, "in/1", "SM5", channel="pigeon")

    def read(arrival: Arrival) -> Receipt | Reply | None:
        return Reply(arrival.body, PHONE, "+84900000000", "Có ạ", arrival.at)

    with post.database.write() as connection:
        work_off(connection, {"console": read}, NOW)
        assert [(row.phone, row.text) for row in take_replies(connection, NOW)] == [(PHONE, "Có ạ")]
        assert take_replies(connection, NOW) == []


def test_a_receipt_of_a_text_that_waits_to_go_again_does_not_undo_it(doubts: Doubts) -> None:
    """The first attempt did not arrive; the second is under way and decides."""
    doubts.channel.leave_in_doubt()
    doubts.send("a")
    for wait in (BEFORE_FIRST, BETWEEN):
        doubts.look_up(wait)
    merged(doubts, receipt(doubts, NOT_ARRIVED))
    assert doubts.post.row("a").state == State.WAITING
    doubts.go_on()
    assert doubts.post.row("a").state == State.SENT


def test_outcomes_of_receipts_name_their_message(post: Outgoing) -> None:
    """Whoever reads them learns recipient, kind and scope without a second question."""
    doubts = Doubts(post)
    doubts.send("a")
    with post.database.write() as connection:
        (row,) = take_outcomes(connection, NOW)
    expected = wanted("a")
    assert (row.recipient, row.kind, row.scope, row.purpose) == (
        expected.recipient,
        expected.kind,
        expected.scope,
        expected.purpose,
    )
