"""The fixed words of the pages, in Vietnamese and in English."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scheduler.timetable.label import Label
from scheduler.timetable.opening import State


@dataclass(frozen=True, slots=True)
class Words:
    """Every fixed word that a template prints, in one language."""

    this_language: str
    skip: str
    open_now: str
    tonight: str
    later_today: str
    week: str
    nothing_today: str
    nothing_week: str
    find: str
    ward: str
    ward_hint: str
    service: str
    every_service: str
    show: str
    clear: str
    days: str
    languages: str
    bring: str
    fee: str
    result: str
    last_entry: str
    closed_entry: str
    good_to_know: str
    hotline: str
    schedule_note: str
    estimated: str
    estimated_note: str
    another_time: str
    back_to_now: str
    for_programs: str
    home: str
    today: str
    tomorrow: str
    by_ward: str
    too_much: str
    places: str
    directions: str
    calendar: str
    follow: str
    poster: str
    wall: str
    coming: str
    nothing_planned: str
    nothing_held: str
    and_more: str
    closures: str
    next_one: str
    scan: str
    all_of: str
    true_from: str
    scan_place: str
    print_hint: str


VI = Words(
    this_language="Tiếng Việt",
    skip="Đến phần lịch",
    open_now="Đang mở",
    tonight="Tối nay",
    later_today="Còn lại hôm nay",
    week="Bảy ngày tới",
    nothing_today="Hôm nay không còn ca nào.",
    nothing_week="Bảy ngày tới chưa có ca nào.",
    find="Tìm theo phường, dịch vụ",
    ward="Phường",
    ward_hint="tên mới hay tên cũ, không cần dấu",
    service="Dịch vụ",
    every_service="Tất cả dịch vụ",
    show="Xem lịch",
    clear="Bỏ lọc",
    days="Chọn ngày",
    languages="Ngôn ngữ",
    bring="Mang theo",
    fee="Lệ phí",
    result="Kết quả",
    last_entry="Nhận hồ sơ đến",
    closed_entry="Ngừng nhận hồ sơ lúc",
    good_to_know="Cần mang gì, tốn bao nhiêu",
    hotline="Hỏi thêm",
    schedule_note="“Theo lịch” là giờ đã xếp trước; “đã xác nhận” là do bàn trực báo.",
    estimated="dự kiến",
    estimated_note="“Dự kiến”: lịch nghỉ lễ chính thức của năm đó chưa công bố, ngày có thể thay đổi.",
    another_time="Bạn đang xem lịch của một thời điểm khác.",
    back_to_now="Xem bây giờ",
    for_programs="Cho máy đọc",
    home="Về trang lịch",
    today="Hôm nay",
    tomorrow="Ngày mai",
    by_ward="Theo phường",
    too_much="Nhiều phường quá, không kể hết ở đây được: xin gõ tên phường.",
    places="Các nơi trong phường",
    directions="Chỉ đường",
    calendar="Thêm vào lịch trên điện thoại",
    follow="Nhận tin nhắn khi có thay đổi",
    poster="In thông báo",
    wall="Màn hình ở phường",
    coming="Lịch sắp tới",
    nothing_planned="Chưa có ca nào sắp tới.",
    nothing_held="Không có ca nào.",
    and_more="và {} ca nữa",
    closures="Ngày nghỉ sắp tới",
    next_one="Buổi kế tiếp",
    scan="Xem trên điện thoại: quét mã này",
    all_of="Mọi ca ở {}",
    true_from="Đúng từ {} đến hết {}.",
    scan_place="Hôm nay có trực không? Quét mã này",
    print_hint="In trang này: Ctrl+P, giấy A4",
)

EN = Words(
    this_language="English",
    skip="Skip to the schedule",
    open_now="Open now",
    tonight="Tonight",
    later_today="Later today",
    week="The next seven days",
    nothing_today="Nothing more today.",
    nothing_week="Nothing is planned for the next seven days.",
    find="Find by ward or service",
    ward="Ward",
    ward_hint="new or former name, accents not needed",
    service="Service",
    every_service="All services",
    show="Show",
    clear="Clear filter",
    days="Choose a day",
    languages="Language",
    bring="Bring",
    fee="Fee",
    result="Result",
    last_entry="Last entry",
    closed_entry="Last entry was",
    good_to_know="What to bring, what it costs",
    hotline="Questions",
    schedule_note="“By schedule” is the planned time; “confirmed” comes from the desk itself.",
    estimated="estimated",
    estimated_note="“Estimated”: the public holidays of that year are not official yet; days may change.",
    another_time="You are looking at another time.",
    back_to_now="Show now",
    for_programs="For programs",
    home="Back to the schedule",
    today="Today",
    tomorrow="Tomorrow",
    by_ward="By ward",
    too_much="There are more wards than fit here: please type the name of yours.",
    places="Places in this ward",
    directions="Directions",
    calendar="Add to my calendar",
    follow="Get a text when it changes",
    poster="Print the notice",
    wall="Screen for the hall",
    coming="Coming sessions",
    nothing_planned="Nothing is planned yet.",
    nothing_held="Nothing.",
    and_more="and {} more",
    closures="Holidays to come",
    next_one="The next one",
    scan="On your phone: scan this code",
    all_of="Everything in {}",
    true_from="True from {} to {}.",
    scan_place="Is it open today? Scan this code",
    print_hint="Print this page: Ctrl+P, A4 paper",
)

STATES: Mapping[State, Label] = MappingProxyType(
    {
        State.SCHEDULED: Label("Theo lịch", "By schedule"),
        State.OPEN: Label("Mở theo lịch", "Open by schedule"),
        State.LATE: Label("Mở muộn", "Opening late"),
        State.FULL: Label("Đã đủ người", "Full"),
        State.CANCELLED: Label("Đã hủy", "Cancelled"),
        State.ENDED: Label("Đã xong", "Ended"),
    }
)
"""What the badge of a session says; one that the desk confirmed as open says so in its own words."""

KINDS: Mapping[str, Label] = MappingProxyType(
    {
        "ward_office": Label("trụ sở phường", "ward office"),
        "post_office": Label("bưu cục", "post office"),
        "community_hall": Label("nhà văn hóa, hội trường", "community hall"),
    }
)
"""What a place is; of other kinds nothing is said."""

REFUSED: Mapping[str, Label] = MappingProxyType(
    {
        "from": Label("“from” phải là một ngày như 2026-11-30.", "“from” must be a date such as 2026-11-30."),
        "to": Label("“to” phải là một ngày như 2026-12-06.", "“to” must be a date such as 2026-12-06."),
        "at": Label(
            "“at” phải là một thời điểm từ 1970 đến 2199, như 2026-11-30T18:00 hay 2026-11-30T18:00+07:00.",
            "“at” must be a time from 1970 to 2199 such as 2026-11-30T18:00 or 2026-11-30T18:00+07:00.",
        ),
        "open_now": Label("“open_now” phải là true hoặc false.", "“open_now” must be true or false."),
    }
)
"""Why a parameter was not understood, by its name."""

NOT_FOUND = Label(
    "Không có trang nào ở địa chỉ này. Lịch trực nằm ở trang đầu.",
    "There is no page at this address. The schedule is on the front page.",
)
NO_SUCH_PLACE = Label(
    "Không có nơi nào ở địa chỉ này. Có lẽ nơi ấy đã đổi tên hoặc không còn trực nữa.",
    "There is no place at this address. It may have another name now, or no sessions any more.",
)
TOO_MANY_WAIT = Label(
    "Quá nhiều câu hỏi lớn đang chờ. Hãy hỏi về một phường, một nơi, ít ngày hơn, hoặc thử lại sau một phút.",
    "Too many wide questions wait already. Ask for one ward, one place or fewer days, or again in a minute.",
)
NO_SUCH_SESSION = Label(
    "Không có buổi nào ở địa chỉ này. Có lẽ buổi ấy đã qua lâu rồi.",
    "There is no session at this address. It may have been long ago.",
)
NOT_UNDERSTOOD = Label("Máy không hiểu yêu cầu này.", "This request could not be understood.")
FAILED = Label(
    "Máy gặp lỗi khi trả lời. Xin thử lại sau ít phút.",
    "Something went wrong while answering. Please try again in a few minutes.",
)


def words_in(language: str) -> Words:
    """The words in `language`."""
    return EN if language == "en" else VI
