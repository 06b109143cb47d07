"""The fixed words of a person's own page, in Vietnamese and in English."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scheduler.timetable.label import Label


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Every fixed word that the templates of a personal page print, in one language."""

    title: str
    skip: str
    questions: str
    yes: str
    no: str
    yes_means: str
    shifts: str
    no_shifts: str
    role: str
    fellows: str
    ward: str
    change: str
    give_up: str
    give_up_means: str
    named_staff: str
    offer: str
    offer_means: str
    offer_to: str
    offer_hint: str
    offer_send: str
    offered_anyone: str
    offered_to: str
    withdraw: str
    taken_from: str
    give_back: str
    offers: str
    offer_from: str
    offer_open: str
    take: str
    declined: str
    still_free: str
    is_filled: str
    come_after_all: str
    undo: str
    away: str
    away_means: str
    away_first: str
    away_last: str
    away_hint: str
    away_add: str
    away_end: str
    away_fixed: str
    away_clash: str
    calendar: str
    calendar_means: str
    calendar_link: str
    close: str
    close_means: str
    close_now: str
    watch: str
    watch_none: str
    record_yes: str
    record_no: str
    who: str
    attendance: str
    attendance_means: str
    came: str
    missed: str
    sure_title: str
    sure_means: str
    sure: str
    back: str
    expires: str
    private: str
    locked_title: str
    locked: str
    locked_code: str
    code_title: str
    code_means: str
    code_label: str
    code_send: str
    wrong_code: str
    wait: str
    hotline: str
    the_ward: str
    to_schedule: str
    desk: str
    desk_means: str
    desk_more: str
    say_open: str
    say_full: str
    say_late: str
    say_left: str
    say_left_send: str
    off: str
    off_reason: str
    off_hint: str
    off_means: str
    off_ask: str
    off_ask_means: str
    off_keep: str
    hold: str
    hold_means: str


VI = OwnWords(
    title="Lịch trực của tôi",
    skip="Đến phần lịch trực",
    questions="Chờ trả lời",
    yes="Tôi đến được",
    no="Tôi không đến được",
    yes_means="Bấm “Tôi đến được” là nhận ca, mọi người trông vào đó. Trước giờ trực vẫn đổi lại được.",
    shifts="Ca đã nhận",
    no_shifts="Chưa có ca nào sắp tới.",
    role="Vai trò",
    fellows="Cùng ca",
    ward="Nơi",
    change="Không đến được, hoặc muốn nhờ người khác",
    give_up="Tôi không đến được",
    give_up_means="Ca này sẽ được mời người khác.",
    named_staff="Ca này do phường phân công. Cần đổi, xin gọi",
    offer="Nhờ người trực thay",
    offer_means="Ca vẫn là của mình cho đến khi có người nhận.",
    offer_to="Nhờ ai",
    offer_hint="ghi họ tên; để trống là nhờ bất kỳ ai nhận được",
    offer_send="Nhờ trực thay",
    offered_anyone="Đang nhờ bất kỳ ai nhận được. Chưa có người nhận thì ca vẫn là của mình.",
    offered_to="Đang nhờ {name}. Chưa nhận lời thì ca vẫn là của mình.",
    withdraw="Thôi, không nhờ nữa",
    taken_from="Nhận thay {name}.",
    give_back="Trả lại ca này",
    offers="Có người nhờ trực thay",
    offer_from="{name} nhờ trực thay.",
    offer_open="Nhờ bất kỳ ai nhận được.",
    take="Tôi nhận ca này",
    declined="Đã báo không đến",
    still_free="Ca này vẫn còn thiếu người.",
    is_filled="Đã có người khác. Xin cảm ơn.",
    come_after_all="Đổi lại: tôi đến được",
    undo="Đổi lại",
    away="Ngày bận",
    away_means="Những ngày này sẽ không được xếp ca mới. Ca đã nhận thì vẫn giữ, trừ khi báo không đến.",
    away_first="Từ ngày",
    away_last="Đến hết ngày",
    away_hint="để trống nếu chỉ một ngày",
    away_add="Báo bận",
    away_end="Bỏ",
    away_fixed="do phường ghi",
    away_clash="Đã báo bận ngày này. Ca này có đến được không?",
    calendar="Lịch trên điện thoại",
    calendar_means="Thêm địa chỉ này vào ứng dụng lịch: ca đổi giờ hay hủy, lịch đổi theo. Không hết hạn.",
    calendar_link="Lịch trực (.ics)",
    close="Mất điện thoại, hay có người khác biết địa chỉ?",
    close_means="Mọi liên kết và địa chỉ lịch trước đây thôi mở được, chỉ giữ trang này.",
    close_now="Đóng các địa chỉ khác",
    watch="Các ca của phường, hai tuần tới",
    watch_none="Hai tuần tới chưa có ca nào.",
    record_yes="Ghi: đến",
    record_no="Ghi: không đến",
    who="Danh sách",
    attendance="Ai đã đến",
    attendance_means="Ghi được từ lúc bắt đầu ca đến 14 ngày sau, và sửa lại được trong thời gian đó.",
    came="Có mặt",
    missed="Vắng",
    sure_title="Ca này sắp bắt đầu. Chắc chắn không đến được?",
    sure_means="Còn rất ít thời gian tìm người thay; điều phối sẽ được báo ngay. Nếu được, xin gọi thêm",
    sure="Chắc chắn, tôi không đến được",
    back="Quay lại, tôi vẫn đến",
    expires="Liên kết này dùng được đến hết ngày {date}.",
    private="Ai có địa chỉ của trang này đều trả lời thay được: xin đừng chuyển cho người khác.",
    locked_title="Liên kết này không mở được",
    locked="Có thể đã hết hạn, hoặc bị cắt mất một đoạn. Tin mới nhất có liên kết mới. Cần giúp, xin gọi",
    locked_code="Nhập mã trong tin nhắn",
    code_title="Nhập mã trong tin nhắn",
    code_means="Mã có 8 chữ cái và chữ số; viết hoa hay thường, có dấu cách hay không đều được.",
    code_label="Mã",
    code_send="Mở trang của tôi",
    wrong_code="Mã này không đúng hoặc đã hết hạn. Xin xem lại tin nhắn mới nhất, hoặc gọi",
    wait="Đã thử quá nhiều lần. Xin đợi một phút rồi thử lại, hoặc gọi",
    hotline="Hỏi thêm",
    the_ward="phường",
    to_schedule="Lịch cho người dân",
    desk="Tại quầy hôm nay",
    desk_means="Bấm là trang cho người dân đổi ngay.",
    desk_more="Số lượt còn lại, hoặc không diễn ra",
    say_open="Đang mở",
    say_full="Đã đủ người",
    say_late="Mở trễ",
    say_left="Còn nhận mấy lượt",
    say_left_send="Ghi số lượt",
    off="Báo không diễn ra",
    off_reason="Lý do",
    off_hint="người dân đọc được; không ghi tên hay số điện thoại của ai",
    off_means=(
        "Trang đổi ngay. Sau hai phút, người trực và người theo dõi được nhắn tin; trong hai "
        "phút đó rút lại được."
    ),
    off_ask="Xin báo không diễn ra",
    off_ask_means="Điều phối của phường sẽ nhận tin và quyết định.",
    off_keep="Vẫn giữ buổi này",
    hold="Vẫn diễn ra",
    hold_means=(
        "Trong hai phút đầu rút lại thì không ai nhận tin; sau đó, người đã được báo sẽ nhận thêm tin."
    ),
)

EN = OwnWords(
    title="My duties",
    skip="Skip to my duties",
    questions="Waiting for your answer",
    yes="I can come",
    no="I cannot come",
    yes_means="“I can come” is a promise that others count on. You can change it until the shift begins.",
    shifts="Shifts you have taken",
    no_shifts="No shifts ahead.",
    role="Role",
    fellows="With you",
    ward="Where",
    change="Cannot come, or want to ask somebody else",
    give_up="I cannot come",
    give_up_means="Others will be asked for this shift.",
    named_staff="The ward has put you on this shift. To change it, please call",
    offer="Ask somebody to take it",
    offer_means="The shift stays yours until somebody takes it.",
    offer_to="Whom",
    offer_hint="full name; leave empty to ask anyone who can",
    offer_send="Offer this shift",
    offered_anyone="Offered to anyone who can. It stays yours until somebody takes it.",
    offered_to="Offered to {name}. It stays yours until they take it.",
    withdraw="Withdraw the offer",
    taken_from="Taken from {name}.",
    give_back="Give this shift back",
    offers="Shifts you may take over",
    offer_from="{name} asks you to take it.",
    offer_open="Offered to anyone who can.",
    take="I take this shift",
    declined="You said you cannot come",
    still_free="Somebody is still needed here.",
    is_filled="Somebody else has it now. Thank you.",
    come_after_all="Change: I can come",
    undo="Undo",
    away="Days away",
    away_means=(
        "You get no new shifts on these days. Those you have taken stay yours unless you say you cannot come."
    ),
    away_first="From",
    away_last="To, inclusive",
    away_hint="leave empty for a single day",
    away_add="Add",
    away_end="Remove",
    away_fixed="set by the ward",
    away_clash="You are away on this day. Can you still come?",
    calendar="In your phone's calendar",
    calendar_means=(
        "Add this address to a calendar app; when a shift moves or is cancelled, it follows. It does not end."
    ),
    calendar_link="My duties (.ics)",
    close="Lost your phone, or somebody else knows an address?",
    close_means="No other link or calendar address of yours opens any more; this page stays.",
    close_now="Close all other addresses",
    watch="Your ward's shifts, the next two weeks",
    watch_none="No shifts in the next two weeks.",
    record_yes="Record: comes",
    record_no="Record: does not come",
    who="Who",
    attendance="Who came",
    attendance_means="From the start of a shift until 14 days after it; you can put it right until then.",
    came="Was there",
    missed="Was absent",
    sure_title="This shift begins soon. Are you sure you cannot come?",
    sure_means="There is little time to find somebody; the coordinator hears at once. If you can, also call",
    sure="Yes, I cannot come",
    back="Back: I am coming",
    expires="This link works until the end of {date}.",
    private="Whoever has this page's address can answer for you: please do not pass it on.",
    locked_title="This link does not open anything",
    locked=(
        "It may have expired, or a part of it was cut off. The latest text has a new one. For help, call"
    ),
    locked_code="Type the code from a text",
    code_title="Type the code from a text",
    code_means="It has 8 letters and digits; capitals and spaces do not matter.",
    code_label="Code",
    code_send="Open my page",
    wrong_code="This code is wrong or has expired. Please look at the latest text, or call",
    wait="Too many tries. Please wait a minute and try again, or call",
    hotline="Questions",
    the_ward="the ward",
    to_schedule="The schedule for residents",
    desk="At the counter today",
    desk_means="One tap, and residents see it.",
    desk_more="Places left, or not held",
    say_open="Open",
    say_full="Full",
    say_late="Late",
    say_left="How many more are let in",
    say_left_send="Say so",
    off="Call it off",
    off_reason="Why",
    off_hint="residents read it: no names, no telephone numbers",
    off_means=(
        "Residents see it at once. In two minutes those on duty and those who follow are told; "
        "until then you can take it back."
    ),
    off_ask="Ask to call it off",
    off_ask_means="A coordinator of the ward gets a text and decides.",
    off_keep="Keep this session",
    hold="It is held after all",
    hold_means="Within the first two minutes nobody hears of it; later, those who were told are told again.",
)

SAID: Mapping[str, Label] = MappingProxyType(
    {
        "confirmed": Label("Đã ghi nhận: đến được. Xin cảm ơn.", "Recorded: you can come. Thank you."),
        "declined": Label(
            "Đã ghi nhận: không đến được. Cảm ơn đã báo.",
            "Recorded: you cannot come. Thank you for saying so.",
        ),
        "unchanged": Label(
            "Không có gì thay đổi: ca đã bắt đầu, đã có người khác, hoặc đã ghi như vậy rồi.",
            "Nothing was changed: the shift has begun, somebody else has it, or it was recorded already.",
        ),
        "filled": Label("Ca này đã có người khác. Xin cảm ơn.", "Somebody else has this shift. Thank you."),
        "busy": Label(
            "Đã nhận ca khác cùng giờ nên không nhận thêm ca này được.",
            "Another shift at the same time stands against it.",
        ),
        "offered": Label("Đã chuyển lời nhờ.", "The shift is offered."),
        "withdrawn": Label("Đã thôi nhờ; ca này vẫn như cũ.", "Withdrawn; the shift is yours."),
        "taken": Label("Đã ghi nhận: trực thay. Xin cảm ơn.", "Recorded: you take this shift. Thank you."),
        "returned": Label("Đã trả lại ca.", "The shift was given back."),
        "nobody": Label(
            "Không tìm thấy ai có đúng họ tên đó mà nhận được ca này.",
            "Nobody of exactly that name can take this shift.",
        ),
        "unable": Label(
            "Ca này trùng giờ, quá số giờ, hoặc không hợp vai trò nên không chuyển được.",
            "This cannot be done: another shift, a limit of hours or the role stands against it.",
        ),
        "gone": Label("Việc này không còn nữa.", "This is not open any more."),
        "away": Label("Đã ghi ngày bận.", "Your days away are noted."),
        "closed": Label("Các địa chỉ khác đã đóng.", "All other addresses are closed."),
        "again": Label("Đã bỏ ngày bận.", "Your days away are removed."),
        "dates": Label(
            "Xin ghi ngày như 24/12/2026, ngày đầu trước ngày cuối, trong vòng một năm tới.",
            "Please give dates like 24/12/2026, the first before the last, within the coming year.",
        ),
        "too_many": Label(
            "Đã có quá nhiều ngày bận; xin bỏ bớt.", "There are too many days away; please remove some."
        ),
        "marked": Label("Đã ghi.", "Recorded."),
        "said": Label("Đã ghi; trang cho người dân đổi ngay.", "Recorded; residents see it at once."),
        "already": Label("Đã ghi như vậy rồi.", "That stands already."),
        "over": Label("Buổi này đã kết thúc.", "This session is over."),
        "off": Label("Buổi này đã bỏ khỏi lịch.", "This session was taken out of the schedule."),
        "on": Label("Buổi này vẫn diễn ra.", "This session is held."),
        "private": Label(
            "Lý do hiện trên trang công khai: xin đừng ghi số điện thoại hay họ tên người trực.",
            "The reason stands on a public page: please leave out telephone numbers and names of people.",
        ),
        "no_reason": Label("Xin ghi lý do.", "Please say why."),
        "asked": Label("Đã chuyển điều phối quyết định.", "A coordinator has been asked to decide."),
        "not_understood": Label(
            "Máy không hiểu yêu cầu này; xin thử lại.", "This could not be understood; please try again."
        ),
    }
)
"""What is said after something was done, by the word in the address."""

BUSY = Label(
    "Máy đang bận. Xin thử lại sau ít phút; nếu gấp, xin gọi điện.",
    "The service is busy. Please try again in a few minutes; if it is urgent, please phone.",
)


def own_words_in(language: str) -> OwnWords:
    """The words in `language`."""
    return EN if language == "en" else VI
