"""The fixed words of the pages where residents follow, in Vietnamese and in English."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scheduler.timetable.label import Label


@dataclass(frozen=True, slots=True)
class FollowWords:
    """Every fixed word that the templates print, in one language."""

    title: str
    lead: str
    what: str
    choose: str
    only_see: str
    phone: str
    phone_means: str
    consent: str
    agree: str
    closed: str
    nothing_planned: str
    bad_what: str
    bad_number: str
    wait: str
    code_title: str
    code_means: str
    code: str
    code_send: str
    code_again: str
    wrong_code: str
    own_title: str
    own_lead: str
    follows: str
    follows_nothing: str
    next_one: str
    stop: str
    stop_all: str
    more: str
    calendar: str
    calendar_means: str
    private: str
    locked_title: str
    locked: str
    hotline: str
    the_ward: str
    to_schedule: str


VI = FollowWords(
    title="Nhận tin nhắn về lịch",
    lead="Nhắc trước buổi đã chọn, và báo ngay khi buổi đó đổi giờ hoặc không diễn ra. Miễn phí.",
    what="Theo dõi",
    choose="Chọn một dịch vụ…",
    only_see="Xem những gì số này đang theo dõi, hoặc ngừng",
    phone="Số điện thoại di động",
    phone_means="chỉ dùng để gửi những tin này, không hiện ở đâu",
    consent=(
        "Tôi đồng ý nhận tin nhắn từ {name}: nhắc trước mỗi buổi, báo khi lịch đổi hoặc hủy; "
        "nhiều nhất {most} tin mỗi tháng. Tôi ngừng được bất cứ lúc nào."
    ),
    agree="Tôi đồng ý, gửi mã cho tôi",
    closed="Hiện chưa đăng ký trên trang này được. Xin đăng ký tại quầy, hoặc gọi",
    nothing_planned="Chưa có buổi nào sắp tới để theo dõi.",
    bad_what="Xin chọn một dịch vụ trong danh sách.",
    bad_number="Số này không nhận được tin nhắn ở đây; xin ghi số di động Việt Nam, như 0901 234 567.",
    wait="Đã thử quá nhiều lần. Xin đợi vài phút rồi thử lại, hoặc gọi",
    code_title="Nhập mã trong tin nhắn",
    code_means=(
        "Nếu số này nhận được tin, mã 6 số đang đến và dùng được trong 10 phút. Chưa thấy sau vài phút: "
        "xem lại số, hoặc gọi"
    ),
    code="Mã 6 số",
    code_send="Xong",
    code_again="Nhập lại số điện thoại",
    wrong_code="Mã này không đúng hoặc đã hết hạn.",
    own_title="Tin nhắn của tôi",
    own_lead="Số {phone}",
    follows="Đang theo dõi",
    follows_nothing="Số này không theo dõi gì nữa.",
    next_one="Gần nhất",
    stop="Ngừng",
    stop_all="Ngừng tất cả",
    more="Theo dõi thêm",
    calendar="Thêm vào lịch điện thoại (.ics)",
    calendar_means="Ứng dụng lịch tự cập nhật khi buổi đổi giờ hay hủy.",
    private="Ai có địa chỉ của trang này đều ngừng tin thay được: xin đừng chuyển cho người khác.",
    locked_title="Liên kết này không mở được",
    locked="Có thể đã hết hạn, hoặc bị cắt mất một đoạn. Ghi số điện thoại để nhận mã mới, hoặc gọi",
    hotline="Hỏi thêm",
    the_ward="phường",
    to_schedule="Lịch cho người dân",
)

EN = FollowWords(
    title="Texts about the schedule",
    lead="A reminder before what you choose, and a text at once when it moves or is called off. Free.",
    what="Follow",
    choose="Choose a service…",
    only_see="See what this number follows, or stop",
    phone="Mobile number",
    phone_means="used for these texts only, and shown nowhere",
    consent=(
        "I agree to texts from {name}: a reminder before each session, and news when it moves or is "
        "called off; at most {most} texts a month. I can stop at any time."
    ),
    agree="I agree, send me a code",
    closed="You cannot enrol here at present. Please enrol at the counter, or call",
    nothing_planned="Nothing is planned that could be followed.",
    bad_what="Please choose a service from the list.",
    bad_number="This number takes no texts here; give a Vietnamese mobile number, like 0901 234 567.",
    wait="Too many tries. Please wait a few minutes and try again, or call",
    code_title="Type the code from the text",
    code_means=(
        "If this number takes texts, a code of 6 digits is on its way, good for 10 minutes. If none comes: "
        "check the number, or call"
    ),
    code="Code of 6 digits",
    code_send="Done",
    code_again="Type the number again",
    wrong_code="This code is wrong or has expired.",
    own_title="My texts",
    own_lead="Number {phone}",
    follows="You follow",
    follows_nothing="This number follows nothing any more.",
    next_one="Next",
    stop="Stop",
    stop_all="Stop all",
    more="Follow more",
    calendar="Add to your phone's calendar (.ics)",
    calendar_means="Calendar apps follow when a session moves or is called off.",
    private="Whoever has this page's address can stop your texts: please do not pass it on.",
    locked_title="This link does not open anything",
    locked="It may have expired, or a part of it was cut off. Type your number to get a code, or call",
    hotline="Questions",
    the_ward="the ward",
    to_schedule="The schedule for residents",
)

SAID: Mapping[str, Label] = MappingProxyType(
    {
        "following": Label(
            "Đã ghi nhận. Tin xác nhận đang được gửi.", "Recorded. A text that confirms it is on its way."
        ),
        "known": Label("Số này đã theo dõi rồi.", "This number follows that already."),
        "seen": Label("", ""),
        "stopped": Label("Đã ngừng.", "Stopped."),
        "unchanged": Label("Không có gì thay đổi.", "Nothing was changed."),
    }
)
"""What is said after something was done, by the word in the address."""


def follow_words_in(language: str) -> FollowWords:
    """The words in `language`."""
    return EN if language == "en" else VI
