"""What an editor underlines in the small languages: mistakes, and nothing that the readers take."""

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.phone import parse_phone
from scheduler.settings import forms, words
from scheduler.settings.names import fold
from scheduler.settings.words import Misread

_WEEKDAYS = (
    *("thứ hai", "Thứ Ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật", "thứ 2", "T7", "CN"),
    *("mon", "Tuesday", "tues", "weds", "thurs", "thu", "FRI", "sat", "sunday"),
)
_SEPARATORS = ("-", " - ", "–", ", ", ",", " đến ", " to ", " và ", " and ")
_TIMES = ("7:30", "17:00", "17h", "17h30", "17g30", "24:00", "00:05")
_LENGTHS = ("10 minutes", "10 phút", "2 giờ", "2 hours", "28 days", "1 week", "2 tuần", "36h", "1 tiếng")

_days = st.lists(st.sampled_from(_WEEKDAYS), min_size=1, max_size=3).flatmap(
    lambda names: st.sampled_from(_SEPARATORS).map(lambda separator: separator.join(names))
)
_spans = st.tuples(
    st.sampled_from(_TIMES), st.sampled_from(("-", " – ", " đến ", " to ")), st.sampled_from(_TIMES)
).map("".join)
_nth = st.one_of(
    st.tuples(st.sampled_from(("1st ", "5th ", "first ", "last ")), st.sampled_from(_WEEKDAYS)).map("".join),
    st.tuples(
        st.sampled_from(_WEEKDAYS), st.sampled_from((" đầu", " đầu tiên", " cuối cùng", " cuối tháng"))
    ).map("".join),
)


def _pair(*halves: st.SearchStrategy[str] | tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.tuples(*(st.sampled_from(half) if isinstance(half, tuple) else half for half in halves)).map(
        "".join
    )


LANGUAGES: dict[str, tuple[Callable[[object], object], st.SearchStrategy[str]]] = {
    "DAY": (
        words.read_day,
        st.one_of(
            _days, _nth, st.sampled_from(("daily", "hằng ngày", "mỗi ngày", "workdays", "ngày làm việc"))
        ),
    ),
    "SPAN": (words.read_span, _spans),
    "SPAN_OR_NONE": (words.read_quiet, st.one_of(st.just(""), _spans)),
    "WINDOW": (
        words.read_window,
        st.one_of(_days, _spans, _pair(_days, (" ",), _spans), _pair(("hằng ngày ",), _spans)),
    ),
    "LENGTH": (words.read_duration, st.sampled_from(_LENGTHS)),
    "LEAD": (
        words.read_lead,
        st.one_of(
            st.sampled_from(_LENGTHS),
            _pair(
                ("1 day", "3 ngày", "same day", "on the same day", "cùng ngày"),
                (" ", " at ", " lúc ", " vào lúc "),
                _TIMES,
            ),
        ),
    ),
    "LIMIT": (
        words.read_limit,
        _pair(_LENGTHS, (" a ", "/", " per ", " một ", " mỗi "), ("week", "month", "tuần", "tháng")),
    ),
    "RATE": (
        words.read_rate,
        _pair(("1", "30", "0.5"), ("/", " / ", " per ", " mỗi "), ("s", "m", "h", "giây", "phút", "minute")),
    ),
    "PRICE": (
        words.read_price,
        st.sampled_from(("820 VND", "1.200 đ", "1,200 đồng", "0.0725 USD", "0.07eur", "")),
    ),
}


def _matches(form: str, written: str) -> bool:
    return re.search(getattr(forms, form), written) is not None


@pytest.mark.parametrize("form", LANGUAGES)
@given(st.data())
def test_what_a_reader_takes_no_editor_underlines(form: str, data: st.DataObject) -> None:
    """In any case, with right accents, composed or not, or without any, and with more spaces than needed."""
    reader, written = LANGUAGES[form]
    dresses: tuple[Callable[[str], str], ...] = (str, str.upper, str.title, fold, _apart, _spacious)
    dressed = data.draw(st.sampled_from(dresses))(data.draw(written))
    try:
        reader(dressed)
    except Misread:
        return
    assert _matches(form, dressed), dressed


def _apart(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _spacious(text: str) -> str:
    return f"  {text.replace(' ', '  ')} "


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("DAY", "T8"),
        ("DAY", "T1"),
        ("DAY", "tursday"),
        ("DAY", "thứ tám"),
        ("DAY", "6th sat"),
        ("DAY", "17:00-19:30"),
        ("DAY", ""),
        ("SPAN", "17:00"),
        ("SPAN", "17-19"),
        ("SPAN", "5pm-7pm"),
        ("SPAN_OR_NONE", "21:00"),
        ("WINDOW", "monday evenings"),
        ("WINDOW", "T2 17:00"),
        ("LENGTH", "28 dys"),
        ("LENGTH", "soon"),
        ("LEAD", "1 day before"),
        ("LEAD", "18:00"),
        ("LIMIT", "6 hours"),
        ("LIMIT", "6 a week"),
        ("RATE", "fast"),
        ("RATE", "5/day"),
        ("PRICE", "820"),
        ("PRICE", "cheap"),
    ],
)
def test_a_mistake_is_underlined_that_the_reader_refuses_too(form: str, written: str) -> None:
    """Both say no: the editor at once, the reader with what would be right."""
    reader, _ = LANGUAGES[form]
    with pytest.raises(Misread):
        reader(written)
    assert not _matches(form, written)


@pytest.mark.parametrize(
    "written",
    ["0901 234 567", "0901.234.567", "+84 901 234 567", "(+84) 901-234-567", "01681234567", "84901234567"],
)
def test_numbers_as_people_write_them_are_not_underlined(written: str) -> None:
    """Spaces, dots, hyphens, brackets, the code of the country, the old eleven digits."""
    parse_phone(written)
    assert _matches("PHONE", written)


@pytest.mark.parametrize("written", ["", "0901 234 567 (Zalo)", "chưa có", "12345"])
def test_what_is_no_number_is_underlined(written: str) -> None:
    """Letters, and too few digits to be anybody's."""
    assert not _matches("PHONE", written)
