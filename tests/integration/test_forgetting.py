"""Forgetting: the provider erases its copy of a text after a week, and never while something is in doubt."""

from datetime import timedelta

from notifications.acceptance import FORGET_AFTER
from notifications.doubt import BEFORE_FIRST, BETWEEN
from notifications.forgetting import AGAIN, MOST, claim_to_forget
from notifications.message import State
from notifications.receipt import Rank
from tests.doubts import Doubts
from tests.outgoing import DAY, NOW, SECOND


def _forget(doubts: Doubts, after: timedelta = timedelta(0)) -> int:
    doubts.clock.now += after
    with doubts.post.database.write() as connection:
        batch = claim_to_forget(connection, "console", doubts.clock())
    doubts.deliverer.deliver(batch)
    return len(batch.ids)


def test_after_a_week_the_words_are_erased_once(doubts: Doubts) -> None:
    """Not a second sooner, and not again."""
    doubts.send("a")
    assert _forget(doubts, FORGET_AFTER - SECOND) == 0
    assert _forget(doubts, SECOND) == 1
    assert (doubts.channel.forgotten, doubts.post.row("a").forget_at) == (["id of a"], None)
    assert (_forget(doubts, 9 * DAY), doubts.post.audited("forgotten")) == (0, ["a"])


def test_what_the_provider_does_not_erase_is_tried_again_the_next_day(doubts: Doubts) -> None:
    """Some texts are too young for it, and providers have bad days."""
    doubts.send("a")
    doubts.channel.keeps_from_forgetting = True
    assert [_forget(doubts, FORGET_AFTER), _forget(doubts, AGAIN - SECOND)] == [1, 0]
    doubts.channel.keeps_from_forgetting = False
    assert (_forget(doubts, SECOND), doubts.channel.forgotten) == (1, ["id of a"])


def test_nothing_is_erased_while_anything_is_in_doubt(doubts: Doubts) -> None:
    """A look-up compares the very words, and nobody knows which text it will have to tell apart."""
    doubts.send("a")
    doubts.clock.now = NOW + FORGET_AFTER
    doubts.channel.leave_in_doubt()
    doubts.post.want(scope="session:1", now=doubts.clock())
    doubts.send("b", scope="session:1", send_at=doubts.clock(), expires_at=doubts.clock() + DAY)
    assert doubts.post.row("b").state == State.IN_DOUBT
    assert _forget(doubts) == 0
    doubts.look_up(BEFORE_FIRST)
    assert _forget(doubts) == 0


def test_what_stays_unknown_for_good_keeps_no_other_text_abroad(doubts: Doubts) -> None:
    """It is looked up no more, so nothing has to be told apart any longer."""
    doubts.channel.leave_in_doubt()
    doubts.channel.leave_in_doubt()
    doubts.send("unknown", "b")
    for wait in (BEFORE_FIRST, BETWEEN):
        doubts.look_up(wait)
    doubts.channel.leave_in_doubt()
    doubts.go_on()
    for wait in (BEFORE_FIRST, BETWEEN):
        doubts.look_up(wait)
    assert doubts.post.states() == {"unknown": State.IN_DOUBT, "b": State.SENT}
    assert _forget(doubts, FORGET_AFTER) == 1


def test_a_text_whose_answer_was_lost_is_erased_too(doubts: Doubts) -> None:
    """It became known by a look-up, and its copy lies there like any other's."""
    doubts.channel.take_without_a_word(Rank.SENT)
    doubts.send("a")
    doubts.look_up(BEFORE_FIRST)
    assert (_forget(doubts, FORGET_AFTER), doubts.channel.forgotten) == (1, ["id of a"])


def test_many_are_erased_in_small_batches(doubts: Doubts) -> None:
    """A week's texts are no flood for the provider."""
    doubts.send(*(f"k{number}" for number in range(MOST + 3)))
    assert [_forget(doubts, FORGET_AFTER), _forget(doubts), _forget(doubts)] == [MOST, 3, 0]
