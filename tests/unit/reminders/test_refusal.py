"""Texts that want no more of ours: told by whole messages, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.reminders.refusal import PARTICLES, WORDS, refuses_texts, wants_texts_again


@pytest.mark.parametrize(
    "text",
    [
        "STOP",
        "stop",
        "Stop.",
        "NGUNG",
        "ngừng",
        "Ngưng ạ",
        "TC",
        "tc!",
        "Từ chối",
        "TU CHOI nhé",
        " tu  choi a ",
    ],
)
def test_these_refuse(text: str) -> None:
    """In any case, with or without accents, politely or not."""
    assert refuses_texts(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "không",
        "dừng lại",
        "đừng quên nhé",
        "Có ai thay không?",
        "tôi không từ chối",
        "stop 12",
        "TC gửi 199",
        "ngừng mưa chưa em",
        "HUY",
    ],
)
def test_these_do_not(text: str) -> None:
    """Whatever holds more than the word itself is for a person to read."""
    assert not refuses_texts(text)


@pytest.mark.parametrize(
    ("text", "again"),
    [("START", True), ("Start ạ.", True), ("unstop", True), ("START 12", False), ("CO", False)],
)
def test_only_the_networks_own_words_take_it_back(text: str, again: bool) -> None:
    """A yes to a shift is no wish to be texted again."""
    assert wants_texts_again(text) is again
    assert not refuses_texts(text)


@given(st.sampled_from(sorted(WORDS)), st.lists(st.sampled_from(PARTICLES), max_size=3), st.booleans())
def test_politeness_changes_nothing(word: str, particles: list[str], loud: bool) -> None:
    """Any number of closing particles."""
    text = " ".join([word, *particles])
    assert refuses_texts(text.upper() if loud else text)


@given(st.text(max_size=200))
def test_nothing_that_people_send_breaks_it(text: str) -> None:
    """Emoji, control characters, anything."""
    assert isinstance(refuses_texts(text), bool)
