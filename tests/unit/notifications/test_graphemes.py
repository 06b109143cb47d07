"""Texts are cut where the provider cuts them, quirks included: what it never parts moves as a whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.graphemes import graphemes
from notifications.text import measure

FAMILY = "👨\u200d👩\u200d👧"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([], id="nothing"),
        pytest.param(["T", "r", "ự", "c"], id="composed letters"),
        pytest.param(["a\u0323\u0302", "b"], id="marks join the letter before them"),
        pytest.param(["\u0301", "a"], id="a mark without a letter stands alone"),
        pytest.param(["\n", "\u0301"], id="a mark does not join a line end"),
        pytest.param(["\r", "\n"], id="a line end of two characters is two"),
        pytest.param(["\t", "\u200b", "\u00ad"], id="controls stand alone"),
        pytest.param([FAMILY, FAMILY], id="a family"),
        pytest.param([ENGLAND], id="a flag of tags"),
        pytest.param(["🇻🇳", "🇻🇳", "🇻"], id="flags are pairs"),
        pytest.param(["a", "🇻", "b"], id="half a flag"),
        pytest.param(["🇻🇳\ufe0f", "\u20e3"], id="a flag ends at the first sign that joins it"),
        pytest.param(["\u0600🇻\u0301", "\u0301"], id="so does half of one behind a prefix"),
        pytest.param(["\u0600\u0600🇻\u0301\u0301"], id="behind two prefixes it does not"),
        pytest.param(["1\ufe0f\u20e3", "#\u20e3"], id="keycaps"),
        pytest.param(["❤\ufe0f"], id="a heart in colour"),
        pytest.param(["👍🏽", "👍"], id="a skin colour"),
        pytest.param(["👍\ufe0f🏽"], id="a skin colour behind one selector"),
        pytest.param(["👍\ufe0f\ufe0f", "🏽"], id="but not behind two"),
        pytest.param(["a", "🏽"], id="a colour joins no letter"),
        pytest.param(["👩🏿\u200d🚀"], id="an astronaut of the edition"),
        pytest.param(["👩\u200d❤\ufe0f\u200d👨", "🏽"], id="no colour behind an earlier selector"),
        pytest.param(["👩\u200d", "🦰"], id="red hair came later"),
        pytest.param(["🏳\ufe0f\u200d🌈"], id="a rainbow"),
        pytest.param(["कि", "ก\u0e33"], id="vowels that take room"),
        pytest.param(["\u0600a", "\u0600", "\n"], id="prefixes join what follows, but no line end"),
        pytest.param(["한", "글", "\u1112\u1161\u11ab", "각\u11a8", "가\u1161"], id="Hangul"),
        pytest.param(["ᄀ", "x", "ᅡ", "ᄀ"], id="Hangul that does not join"),
        pytest.param(["\ud83d", "a", "\udc00", "\u0301"], id="half characters stand alone"),
    ],
)
def test_a_text_is_cut_as_the_provider_cuts_it(pieces: list[str]) -> None:
    """Each row is what the provider's calculator gave for the joined text."""
    assert list(graphemes("".join(pieces))) == pieces


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_nothing_is_lost_in_cutting(text: str) -> None:
    """The pieces, in order, are the text, and none is empty."""
    pieces = list(graphemes(text))

    assert "".join(pieces) == text
    assert all(pieces)


@given(st.text(), st.sampled_from("\n\r\t"), st.text())
def test_a_line_end_parts_texts(before: str, end: str, after: str) -> None:
    """What stands on two lines never joins, so that lines can be cut one by one."""
    assert list(graphemes(before + end + after)) == [*graphemes(before), end, *graphemes(after)]


@pytest.mark.parametrize(
    ("text", "segments", "characters"),
    [
        pytest.param(FAMILY * 8, 1, 8, id="eight families of eight units fill 64"),
        pytest.param(FAMILY * 9, 2, 9, id="the ninth does not fit"),
        pytest.param(FAMILY * 24, 3, 24, id="eight families a segment"),
        pytest.param("ạ" * 66 + "🇻🇳" + "ạ" * 63, 2, 130, id="a flag moves whole to the second"),
        pytest.param("ạ" * 66 + "🇻🇳" + "ạ" * 64, 3, 131, id="and leaves its room empty"),
        pytest.param("ạ" * 65 + "\r\n" + "ạ" * 67, 2, 134, id="a line end may be parted"),
        pytest.param("a" + "\u0301" * 67 + "bbb", 2, 4, id="a tower of marks leaves the first one empty"),
        pytest.param("a" + "\u0301" * 75 + "b", 3, 2, id="a tower beyond a segment"),
        pytest.param("\ud83d" + "\udc00", 1, 1, id="two halves that meet are one character"),
        pytest.param("\udc00" + "\ud83d", 1, 2, id="two that do not match are two"),
    ],
)
def test_pieces_are_packed_as_the_provider_packs_them(text: str, segments: int, characters: int) -> None:
    """No piece is parted between two segments, and the header of the first is paid for only with a second."""
    measured = measure(text)

    assert (measured.encoding, measured.segments, measured.characters) == ("UCS-2", segments, characters)
