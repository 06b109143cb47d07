"""A small board of residents' openings: the first days of December 2026 in two wards."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.timetable.holidays import Holidays
from scheduler.timetable.label import Label
from scheduler.timetable.opening import Board, Opening, State
from scheduler.timetable.place import Place, Service, Ward

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
WARDS = (
    Ward("sai-gon", Label.same("Sài Gòn"), ("Bến Nghé", "Đa Kao")),
    Ward("tan-dinh", Label.same("Tân Định"), ("Đa Kao",)),
)
COPIES = Service(
    "sao-y",
    Label("Chứng thực sao y ngoài giờ", "After-hours certification"),
    Label("sao y", "certification"),
    bring=Label("CCCD và bản chính", "ID card and the original"),
    last_entry=timedelta(minutes=30),
    fee=Label("2.000 đ/trang", "2,000 VND a page"),
    result=Label("Trả ngay trong buổi", "Ready the same evening"),
)
DIALOGUE = Service("doi-thoai", Label("Đối thoại khu phố", "Neighbourhood dialogue"), Label.same("doi thoai"))
OFFICE = Place(
    "ubnd-sai-gon", "sai-gon", Label("UBND phường Sài Gòn", "Sài Gòn Ward Office"), address="45 Lê Duẩn"
)
HALL = Place(
    "hoi-truong", "tan-dinh", Label("Hội trường Tân Định", "Tân Định Hall"), address="1 Trần Quang Khải"
)


def local(text: str) -> datetime:
    """The instant at which clocks in Sài Gòn show `text`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=SAIGON).astimezone(UTC)


def evening(day: str, key: str = "") -> Opening:
    """Certification at the office in Sài Gòn on this date, 17:00-19:30."""
    starts = local(f"{day}T17:00")
    ends = starts + timedelta(hours=2.5)
    return Opening(key or f"sao-y@{day}", COPIES, WARDS[0], OFFICE, starts, ends)


def talk(day: str) -> Opening:
    """A dialogue at the hall in Tân Định on this date, 18:30-20:30."""
    starts = local(f"{day}T18:30")
    return Opening(f"doi-thoai@{day}", DIALOGUE, WARDS[1], HALL, starts, starts + timedelta(hours=2))


def december() -> tuple[Opening, ...]:
    """Tuesday the 1st as planned, a talk on Wednesday, Thursday cancelled, next Tuesday moved by an hour."""
    off = replace(
        evening("2026-12-03"),
        state=State.CANCELLED,
        confirmed_at=local("2026-12-01T09:00"),
        reason=Label("Mất điện theo lịch", "Planned power cut"),
    )
    moved = replace(evening("2026-12-08"), moved_from=local("2026-12-08T16:00"))
    return evening("2026-12-01"), talk("2026-12-02"), off, moved


def holidays() -> Holidays:
    """New Year's Day, which is public, and the ward's own days at Tết."""
    tet = Label("Tết Đinh Mùi", "Tết Đinh Mùi")
    return Holidays(
        public={date(2027, 1, 1): Label("Tết Dương lịch", "New Year's Day")},
        closed={date(2027, 2, day): tet for day in range(4, 13)},
    )


def board_of(*openings: Opening) -> Board:
    """A board with these openings, both wards, both services and a hotline."""
    name = Label("Ca trực Quận 1", "District 1 duty desk")
    return Board(openings, WARDS, (COPIES, DIALOGUE), (OFFICE, HALL), SAIGON, name, "028 0000 0000")


def month_of(services: int, *, long: bool = False) -> Board:
    """A board with so many services, each on two evenings a week for four weeks, all at one place."""
    days = [7 * week + day for week in range(4) for day in (1, 3)]
    held = [_evening_of(number, day, long) for number in range(services) for day in days]
    board = board_of(*held)
    return replace(board, planned_until=date(2026, 12, 26), public_url="https://ca-truc.example")


def _evening_of(number: int, day: int, long: bool) -> Opening:
    name = f"Chứng thực sao y ngoài giờ {number}" + (" và mọi việc khác của một cửa" if long else "")
    service = replace(COPIES, id=f"sao-y-{number}", name=Label.same(name))
    starts = local("2026-11-30T17:00") + timedelta(days=day)
    key = f"sao-y-{number}@{starts.date()}"
    return Opening(key, service, WARDS[0], OFFICE, starts, starts + timedelta(hours=2.5))
