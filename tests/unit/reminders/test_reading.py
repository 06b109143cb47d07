"""What people text back is read as a whole, and what is not certain is unclear."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.reminders.reading import Reading, Word, read
from scheduler.reminders.refusal import refuses_texts, wants_texts_again

REPLIES = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("replies.txt").read_text(encoding="utf-8").split("\n")
    if line and not line.startswith("#")
]
SURE = [Word.YES, Word.NO, Word.GIVE_UP]


def _told(reading: Reading) -> str:
    left = "" if reading.left is None else str(reading.left)
    return " ".join(str(part) for part in (reading.word, left, reading.item, reading.about) if part)


@pytest.mark.parametrize(("told", "text"), REPLIES)
def test_a_reply_is_read_as_people_mean_it(told: str, text: str) -> None:
    """The table holds real spellings, accented and not; every ambiguous one is unclear."""
    assert _told(read(text)) == told


def test_the_table_holds_what_people_write() -> None:
    """At least two hundred replies, each once, of every word."""
    assert len(REPLIES) >= 200
    assert len({text for _, text in REPLIES}) == len(REPLIES)
    assert {told.partition(" ")[0] for told, _ in REPLIES} == {*Word}


@pytest.mark.parametrize("text", [text for _, text in REPLIES])
def test_a_refusal_is_never_read_as_an_answer(text: str) -> None:
    """What stops texts, and what lets them come again, is no yes and no no."""
    if refuses_texts(text) or wants_texts_again(text):
        assert read(text).word in (Word.STOP, Word.START)


SCRAPS = "co ko khong ok huy 12 13 ai thay duoc vắng ? , a em"
words = st.lists(st.sampled_from(SCRAPS.split()), max_size=6)


@given(words)
def test_a_sentence_is_no_answer(some: list[str]) -> None:
    """One word of those that answer, at most one number, and politeness behind it: nothing else is sure."""
    reading = read(" ".join(some))
    bare = [word for word in some if word not in ("a", "em", ",") and not word.isdecimal()]
    if reading.word in SURE:
        assert len(bare) == 1
        assert bare[0] in ("co", "ko", "khong", "ok", "huy", "duoc")
        assert sum(word.isdecimal() for word in some) == (reading.item is not None)


@given(st.text(max_size=200))
def test_whatever_comes_is_read(text: str) -> None:
    """Nothing that anybody sends is an error."""
    read(text)
