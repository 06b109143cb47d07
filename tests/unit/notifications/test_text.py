"""What a text costs, and what is left of it when accents go."""

import json
import unicodedata
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.terms import Accents
from notifications.text import Measure, dress, encoding_of, fold, measure, odd_sign, room, strip_accents

VECTORS = Path(__file__).parents[4] / "shared" / "data" / "segments.json"

TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VOWELS = (unicodedata.normalize("NFC", vowel + tone) for vowel, tone in product("aăâeêioôơuưy", TONES))
SMALL = "".join(VOWELS) + "đ"
LETTERS = SMALL + SMALL.upper()
VIETNAMESE = st.text(LETTERS + "bcdghklmnpqrstvxBCDGHKLMNPQRSTVX0123456789 .,:;-/()?!\n")


def test_the_provider_counts_the_same() -> None:
    """Encoding and segments agree with the provider's own calculator on all of its answers."""
    if not VECTORS.exists():
        pytest.skip(f"the provider's answers are not here: {VECTORS} does not exist")
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    ours = [measure(vector["text"]) for vector in vectors]

    assert len(vectors) == 2000
    assert [(one.encoding, one.segments) for one in ours] == [
        (vector["encoding"], vector["segments"]) for vector in vectors
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Measure("GSM-7", 1, 0)),
        ("a" * 160, Measure("GSM-7", 1, 160)),
        ("a" * 161, Measure("GSM-7", 2, 161)),
        ("a" * 306, Measure("GSM-7", 2, 306)),  # 2 × 153: the header takes seven
        ("a" * 307, Measure("GSM-7", 3, 307)),
        ("a" * 158 + "€", Measure("GSM-7", 1, 160)),  # from the extension table: two each
        ("a" * 159 + "€", Measure("GSM-7", 2, 161)),
        ("a" * 152 + "€" + "a" * 152, Measure("GSM-7", 3, 306)),  # no sign is cut in two
        ("\r\n", Measure("GSM-7", 1, 2)),
        ("àèéìòùÉ", Measure("GSM-7", 1, 7)),  # the seven accented letters that are free
        ("ạ" * 70, Measure("UCS-2", 1, 70)),
        ("ạ" * 71, Measure("UCS-2", 2, 71)),
        ("ạ" * 134, Measure("UCS-2", 2, 134)),  # 2 × 67
        ("ạ" * 135, Measure("UCS-2", 3, 135)),
        ("😀" * 35, Measure("UCS-2", 1, 35)),  # two units each
        ("😀" * 36, Measure("UCS-2", 2, 36)),
        ("👨‍👩‍👧", Measure("UCS-2", 1, 1)),  # one sign to a reader, eight units
        ("a\u0323", Measure("UCS-2", 1, 1)),  # decomposed: one sign, two units
        ("\ud83d", Measure("UCS-2", 1, 1)),  # half a pair, from a broken file
        ("a\tb", Measure("UCS-2", 1, 3)),  # the tab is no GSM-7
        ("`", Measure("UCS-2", 1, 1)),  # nor is the backtick
    ],
)
def test_a_text_costs_what_its_signs_take(text: str, expected: Measure) -> None:
    """Boundaries of one and of several segments, in both encodings."""
    assert measure(text) == expected
    assert encoding_of(text) == expected.encoding


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_any_text_can_be_measured(text: str) -> None:
    """No input is too strange to have a price, and a text is never cheaper than its units."""
    measured = measure(text)
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2

    assert measured.encoding == encoding_of(text)
    assert measured.segments >= -(-units // (160 if measured.encoding == "GSM-7" else 70))


@given(st.text(), st.text())
def test_a_longer_text_is_never_cheaper(text: str, more: str) -> None:
    """Adding a line to a text cannot take a segment away."""
    assert measure(f"{text}\n{more}").segments >= measure(text).segments


@pytest.mark.parametrize(
    ("text", "segments", "left"),
    [
        ("", 1, 160),
        ("a" * 160, 1, 0),
        ("a" * 161, 1, -1),
        ("a" * 160, 2, 146),  # 2 × 153: with a second segment the first one has less room
        ("€" * 80, 1, 0),
        ("€" * 81, 1, -2),
        ("ạ" * 60, 1, 10),
        ("ạ" * 80, 1, -10),
        ("ạ" * 60, 3, 141),
        ("🇻🇳" * 17, 1, 2),  # what is left is counted in letters
        ("a" * 152 + "€", 2, 151),  # the sign moves to the second segment, and leaves its room empty
    ],
)
def test_what_is_left_of_a_text_is_known(text: str, segments: int, left: int) -> None:
    """In letters of the same alphabet, within so many segments; below zero, by how many it is too long."""
    assert room(text, segments) == left


@given(st.text("aê€ạ🇻🇳\n", max_size=200), st.integers(1, 4))
def test_what_is_left_can_be_written(text: str, segments: int) -> None:
    """So many letters fit and one more does not."""
    left = room(text, segments)
    fits = measure(text).segments <= segments

    assert (left >= 0) is fits
    if fits:
        assert measure(text + "a" * left).segments <= segments < measure(text + "a" * (left + 1)).segments


def test_the_sign_that_makes_a_text_dear_is_named() -> None:
    """The first one that is in no GSM-7."""
    assert odd_sign("17:00 – 19:30, ạ") == "–"
    assert odd_sign("àèéùìòÉ€") is None


def test_each_vietnamese_letter_becomes_one_letter_of_ascii() -> None:
    """All 146, composed or not: the same length, and nothing turns into a question mark."""
    bare = strip_accents(LETTERS)

    assert len(LETTERS) == 146
    assert bare == ("a" * 18 + "e" * 12 + "i" * 6 + "o" * 18 + "u" * 12 + "y" * 6 + "d") + (
        "A" * 18 + "E" * 12 + "I" * 6 + "O" * 18 + "U" * 12 + "Y" * 6 + "D"
    )
    assert strip_accents(unicodedata.normalize("NFD", LETTERS)) == bare


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Nhắc lịch trực: đường Nguyễn Huệ", "Nhac lich truc: duong Nguyen Hue"),
        ("ĐẶNG THỊ HỒNG", "DANG THI HONG"),
        ("17:00 – 19:30", "17:00 - 19:30"),  # dash from Word
        ("17:00—19:30", "17:00-19:30"),
        ("“sao y”", '"sao y"'),
        ("‘sao y’", "'sao y'"),
        ("«sao y»", '"sao y"'),
        ("Ea H`leo", "Ea H'leo"),  # the backtick in names of the highlands
        ("Ea H’leo", "Ea H'leo"),
        ("chờ…", "cho..."),
        ("2.000\u00a0₫/trang", "2.000 d/trang"),
        ("• CCCD\t• bản chính", "- CCCD - ban chinh"),
        ("UBND → bưu cục", "UBND -> buu cuc"),
        ("3×4", "3x4"),
        ("phòng 20 m²", "phong 20 m2"),
        ("ＵＢＮＤ", "UBND"),  # full width
        ("Lê\u200b Thị\ufeff B", "Le Thi B"),
        ("Lê\u2028Thị", "Le Thi"),
        ("a\x00b\x1bc", "abc"),
        ("dòng một\ndòng hai", "dong mot\ndong hai"),  # a line end is GSM-7
        ("3 > 2 & 100% ?", "3 > 2 & 100% ?"),
        ("André Müller, Jūratė", "Andre Muller, Jurate"),
    ],
)
def test_names_and_signs_lose_their_accents_and_nothing_else(text: str, bare: str) -> None:
    """What is pasted from Word and Zalo reads the same, in the alphabet that costs least."""
    assert strip_accents(text) == bare
    assert encoding_of(bare) == "GSM-7"


@given(VIETNAMESE)
def test_stripping_keeps_the_length_and_makes_ascii(text: str) -> None:
    """A Vietnamese text keeps its length without its accents, and becomes GSM-7."""
    bare = strip_accents(text)

    assert len(bare) == len(text)
    assert bare.isascii()
    assert encoding_of(bare) == "GSM-7"
    assert bare.count("?") == text.count("?")


@given(VIETNAMESE, st.sampled_from(Accents))
def test_it_does_not_matter_how_a_text_was_typed(text: str, accents: Accents) -> None:
    """Letter by letter or composed, the usual letters go the short way or the long one to the same text."""
    assert dress(unicodedata.normalize("NFD", text), accents) == dress(text, accents)


@given(st.text(alphabet=st.characters(exclude_categories=[])) | VIETNAMESE)
def test_stripping_twice_changes_nothing_more(text: str) -> None:
    """What has no accents has none to lose."""
    assert strip_accents(strip_accents(text)) == strip_accents(text)


@given(st.text(), st.sampled_from(Accents))
def test_a_text_is_dressed_once(text: str, accents: Accents) -> None:
    """Dressed texts are composed, encodable, and stay as they are when dressed again."""
    dressed = dress(text, accents)

    assert dress(dressed, accents) == dressed
    assert unicodedata.is_normalized("NFC", dressed)
    assert "\t" not in dressed
    assert dressed.encode("utf-8").decode("utf-8") == dressed


@given(VIETNAMESE)
def test_dressing_never_makes_a_text_dearer(text: str) -> None:
    """Each way to treat accents costs at most what the text would cost as it stands."""
    cost = {accents: measure(dress(text, accents)).segments for accents in Accents}

    assert cost[Accents.STRIP] <= cost[Accents.KEEP] == measure(text).segments
    assert cost[Accents.WHEN_FREE] == cost[Accents.STRIP]


@pytest.mark.parametrize(
    ("text", "accents", "sent"),
    [
        ("Trực “tối” nay", Accents.KEEP, 'Trực "tối" nay'),
        ("Tru\u031b\u0323c", Accents.KEEP, "Trực"),  # decomposed letters cost double
        ("Trực tối nay", Accents.STRIP, "Truc toi nay"),
        ("Trực tối nay", Accents.WHEN_FREE, "Trực tối nay"),  # one segment either way
        ("Trực " * 20, Accents.WHEN_FREE, "Truc " * 20),  # two segments, or one
    ],
)
def test_accents_go_as_the_terms_say(text: str, accents: Accents, sent: str) -> None:
    """Kept, stripped, or stripped only where that saves a segment."""
    assert dress(text, accents) == sent


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sài Gòn", "sai gon"),
        ("Hoà Bình", "Hòa Bình"),  # two ways to place the tone
        ("ĐA KAO", "đa kao"),
        ("Bến  Thành ", "ben thanh"),
        ("Bến\u200b Thành", "BẾN THÀNH"),
        (unicodedata.normalize("NFD", "Nguyễn Thái Bình"), "Nguyễn Thái Bình"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    """Accents, case, spaces and invisible signs do not make another name."""
    assert fold(one) == fold(other)


def test_a_sign_that_denies_is_left_alone() -> None:
    """A stroke is no accent: without it the text would say the opposite, so it costs what it costs."""
    assert strip_accents("2 ≠ 3") == "2 ≠ 3"


def test_different_names_have_different_keys() -> None:
    """Only what is lost with accents is lost."""
    assert len({fold(name) for name in ("Bến Nghé", "Bến Thành", "Đa Kao", "Tân Định")}) == 4


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    """Folding twice is folding once."""
    assert fold(fold(text)) == fold(text)
