"""What people write as a phone number, which of it takes texts, and what of it may be shown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.phone import BadNumber, convert_old, mask, parse_phone

MOBILES = st.builds(
    lambda first, rest: f"{first}{rest:08d}", st.sampled_from("35789"), st.integers(0, 99_999_999)
)
GAPS = st.sampled_from(["", " ", ".", "-", "–", "\u2011", "\u00a0", "\u200b", "  "])
FULL_WIDTH = str.maketrans("0123456789+", "０１２３４５６７８９＋")

OLD_AND_NEW = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038",
    "0169": "039", "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "e164"),
    [
        ("0901234567", "+84901234567"),
        ("+84901234567", "+84901234567"),
        ("84901234567", "+84901234567"),
        ("0084901234567", "+84901234567"),
        ("901234567", "+84901234567"),  # a spreadsheet ate the zero
        ("841234567", "+84841234567"),  # the same, and it looks like the country code
        ("0841234567", "+84841234567"),
        ("0901 234 567", "+84901234567"),
        ("0901.234.567", "+84901234567"),
        ("090-123-4567", "+84901234567"),
        ("090–123—4567", "+84901234567"),  # dashes from Word
        ("(+84) 901 234 567", "+84901234567"),
        ("+84 (0)901 234 567", "+84901234567"),
        ("０９０１２３４５６７", "+84901234567"),  # full width
        ("\u202a0901234567\u202c", "+84901234567"),  # copied from a contact card
        ("090\u200b1234567", "+84901234567"),
        ("  0901234567\n", "+84901234567"),
        ("0551234567", "+84551234567"),  # a small operator that the library does not know
        ("0521234567", "+84521234567"),
        ("0992123456", "+84992123456"),
        ("01201234567", "+84701234567"),  # of before 2018
        ("+84 120 123 4567", "+84701234567"),
    ],
)
def test_a_mobile_number_is_read_however_it_is_written(raw: str, e164: str) -> None:
    """Every usual way to write a Vietnamese mobile number is one number."""
    assert parse_phone(raw) == e164


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "not_a_number"),
        ("   ", "not_a_number"),
        ("không có", "not_a_number"),
        ("0901234567 (Zalo)", "not_a_number"),  # the library would read the letters as keypad digits
        ("0901234567 gọi chiều", "not_a_number"),
        ("0901234567/0907654321", "not_a_number"),  # two numbers
        ("0901234567, 0907654321", "not_a_number"),
        ("++84901234567", "not_a_number"),
        ("+999123456789", "not_a_number"),  # no such country
        ("0691234567", "not_a_number"),
        ("0901234567 0907654321", "too_long"),
        ("02838223344", "landline"),
        ("028 3822 3344", "landline"),
        ("0283822334", "landline"),  # an older, shorter one
        ("672123456", "landline"),  # a number of the Internet telephone
        ("19001234", "premium"),
        ("1900 123 456", "premium"),
        ("18001234", "premium"),
        ("+16502530000", "foreign"),
        ("0044 7700 900123", "foreign"),
        ("113", "too_short"),
        ("090123456", "too_short"),
        ("+844", "too_short"),
        ("09012345678", "too_long"),
        ("01301234567", "too_long"),  # eleven digits, and not one of the old prefixes
        ("090123456789012345", "too_long"),
    ],
)
def test_what_takes_no_texts_is_refused_by_name(raw: str, code: str) -> None:
    """Each fault has its own code and a sentence, and neither repeats the number."""
    with pytest.raises(BadNumber) as caught:
        parse_phone(raw)

    assert caught.value.code == code
    assert not re.search(r"\d{5}", str(caught.value))


def test_another_region_has_its_own_numbers() -> None:
    """The region says what a number without a country means, and which country is at home."""
    assert parse_phone("(650) 253-0000", "US") == "+16502530000"
    with pytest.raises(BadNumber, match="another country"):
        parse_phone("+84901234567", "US")


@pytest.mark.parametrize(("old", "new"), OLD_AND_NEW.items())
def test_each_old_prefix_has_its_new_one(old: str, new: str) -> None:
    """All 21 prefixes of the exchange of 2018 lead to a number that takes texts."""
    expected = f"+84{new[1:]}1234567"

    assert convert_old(f"{old}1234567") == expected
    assert parse_phone(f"{old} 123 4567") == expected
    assert parse_phone(expected) == expected


@pytest.mark.parametrize("raw", ["0901234567", "01301234567", "0120123456", "+16502530000", "nobody", ""])
def test_only_old_numbers_are_converted(raw: str) -> None:
    """Anything but an old mobile number has no new form."""
    assert convert_old(raw) is None


@given(
    MOBILES,
    st.sampled_from(["0", "+84", "84", "0084", "", "(+84)", "+84 (0)"]),
    st.lists(GAPS, min_size=9, max_size=9),
    st.booleans(),
)
def test_any_spelling_of_a_number_is_the_same_number(
    national: str, prefix: str, gaps: list[str], wide: bool
) -> None:
    """Prefix, gaps and the width of digits never change which number is meant."""
    raw = prefix + "".join(gap + digit for gap, digit in zip(gaps, national, strict=True))

    assert parse_phone(raw.translate(FULL_WIDTH) if wide else raw) == f"+84{national}"


@given(st.text() | st.text("0123456789+-. ()"))
def test_whatever_is_written_is_a_number_or_refused(raw: str) -> None:
    """No input ends in anything but a number in E.164 or a named refusal."""
    try:
        number = parse_phone(raw)
    except BadNumber:
        return
    assert re.fullmatch(r"\+84\d{9}", number)


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+84901234567", "+8490•••567"),
        ("+6591234567", "+65•••567"),
        ("+16502530000", "+16•••000"),
        ("0901234567", "•••"),  # not E.164: hidden whole
        ("", "•••"),
        ("+1234", "•••"),
    ],
)
def test_a_masked_number_shows_its_prefix_and_its_end(e164: str, shown: str) -> None:
    """Enough to know one's own number, not enough to call it."""
    assert mask(e164) == shown


@given(st.one_of(MOBILES.map("+84{}".format), st.from_regex(r"\+?\d{0,18}", fullmatch=True), st.text()))
def test_a_mask_hides_at_least_four_digits(number: str) -> None:
    """The prefix and three digits at the end are the most that is shown, of anything."""
    head, _, tail = mask(number).partition("•••")

    assert number.startswith(head)
    assert number.endswith(tail)
    assert len(tail) <= 3
    assert len(head) <= 5
    assert not head or len(number) - len(head) - len(tail) >= 4
