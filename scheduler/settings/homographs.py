"""Vietnamese words that are another word without their accents, and one that turns the sense of a text.

Only words are here that a text about duty may hold and whose other reading fits the same place: of all the
words that lose their accents, most can be read in one way only.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from notifications.text import strip_accents


@dataclass(frozen=True, slots=True)
class Homograph:
    """A word, what it may be read as without accents, and what leaves no doubt."""

    word: str
    read_as: tuple[str, ...]
    instead: tuple[str, ...]


# word | what it may be read as | what to write instead
_WORDS = """
bận | bạn, bán | không rảnh, có việc
bạn | bận, bán | {{ salutation }}, anh chị
bán | bạn, bận | phát hành, thu tiền
đúng | dừng, đừng | chính xác, theo lịch
dừng | đúng, đừng | ngừng, thôi không
đừng | đúng, dừng | không, xin không
dùng | dừng, đừng | sử dụng
đứng | đúng, đừng | có mặt, trực
mai | Mai | ngày và giờ, như {{ when }}
hủy | Huy | không diễn ra
huỷ | Huy | không diễn ra
hoãn | hoàn (thành) | dời sang, lùi đến
đợi | đổi, đội | chờ
đổi | đợi, đội | chuyển, thay đổi
nghỉ | nghĩ, nghi | không làm việc, không mở cửa
nghĩ | nghỉ, nghi | cho rằng
vắng | vâng | không có mặt, không đến
vâng | vắng | đồng ý, nhận
chỗ | chó, cho | nơi, địa điểm
chợ | cho, chờ | khu chợ
cấm | cầm | không được
cầm | cấm | mang theo
đem | đêm | mang theo
đêm | đem | buổi tối, giờ cụ thể
tối | tới, tôi | giờ cụ thể, như 19:00
tới | tối, tôi | đến
sáng | sang | giờ cụ thể, như 07:30
muộn | muốn, mượn | trễ giờ
mượn | muốn, muộn | nhờ
gấp | gặp | khẩn
nhắn | nhận | gửi tin
cô | có | {{ salutation }}, chị
đóng | đông | không mở cửa, nộp
đông | đóng | nhiều người
bỏ | bộ, bố | không nhận
quà | qua, quá | phần quà
chữa | chưa | sửa
ngay | ngày | lập tức
"""

# Beside these words there is no other reading.
_PLAIN = """
đúng giờ, đúng hẹn, đúng hạn, đúng nơi
ngày mai, sáng mai, chiều mai, tối mai
đổi từ, đổi sang, thay đổi, trao đổi, đổi lịch, đổi ca, chuyển đổi
chờ đợi
nghỉ lễ, nghỉ tết, ngày nghỉ, nghỉ bù, suy nghĩ
vắng mặt, vắng nhà
chỗ ngồi, tại chỗ, chỗ ở
hội chợ, khu chợ
ban đêm
tối đa, tối thiểu, buổi tối
buổi sáng, sáng kiến, sáng tạo
tin nhắn, nhắn tin
đóng cửa, đóng dấu, đóng phí, đóng tiền, đóng thuế, đóng lệ phí, đóng góp
đông người, đông đảo
bỏ qua, bỏ phiếu
phần quà, tặng quà, nhận quà, món quà, quà tặng
chữa bệnh, sửa chữa, chữa cháy
khẩn cấp
ngay trong, ngay tại, ngay sau, ngay khi, gọi ngay, trả lời ngay, báo ngay, liên hệ ngay
cô đơn
người dùng
bạn đọc
"""

# Written without accents by the writer: nobody can know which one was meant.
_BARE = """
ban | bận, bạn, bán | không rảnh, anh chị
dung | đúng, dừng, đừng | theo lịch, ngừng, không
nghi | nghỉ, nghĩ | không làm việc
doi | đổi, đợi, đội | chuyển, chờ
"""

_WORD = re.compile(r"[^\W\d_]+")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Found:
    """A homograph in a text, from offset `start` to `end`."""

    start: int
    end: int
    homograph: Homograph


def homographs_in(text: str) -> Iterator[Found]:
    """The ambiguous words of a Vietnamese text, each where it stands; fields and conditions are no words."""
    words = _TAG.sub(lambda tag: "|" * len(tag[0]), text)
    bare = strip_accents(words) == words
    known = _homographs(_BARE if bare else _WORDS)
    plain = {at for phrase in _plain(bare).finditer(words) for at in range(*phrase.span())}
    marks = list(_WORD.finditer(words))
    for number, mark in enumerate(marks):
        homograph = known.get(unicodedata.normalize("NFC", mark[0]).lower())
        beside = marks[max(number - 1, 0) : number + 2]
        if homograph and mark.start() not in plain and not _is_in_a_name(mark[0], beside):
            yield Found(*mark.span(), homograph)


def _is_in_a_name(word: str, beside: list[re.Match[str]]) -> bool:
    """Chợ Bến Thành is no market of a doubtful kind."""
    return word.istitle() and sum(each[0].istitle() for each in beside) > 1


@cache
def _homographs(table: str) -> dict[str, Homograph]:
    rows = [[cell.strip() for cell in row.split("|")] for row in table.strip().splitlines()]
    return {
        word: Homograph(word, tuple(read_as.split(", ")), tuple(instead.split(", ")))
        for word, read_as, instead in rows
    }


@cache
def _plain(bare: bool) -> re.Pattern[str]:
    phrases = re.split(r"[,\n]\s*", _PLAIN.strip())
    spelt = sorted({strip_accents(phrase) if bare else phrase for phrase in phrases}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(spelt)})\b", re.IGNORECASE)
