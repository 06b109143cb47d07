"""Calendar rules that wards of Viet Nam are known to have, each as settings and the sessions that follow.

Where a rule was read stands in its row: newspapers, portals, letters of the government. Dates are told as
month-day, a postponed one behind the date that the rule named.
"""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from scheduler.settings.read import read_text
from scheduler.timetable.recurrence import sessions_between
from scheduler.timetable.session import Session

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
DESK = """\
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
[[wards]]
name = "Bến Thành"
[[places]]
name = "UBND phường"
[[services]]
name = "Trực"
"""
EVENINGS = 'days = ["T3", "T5"]\ntime = "17:00-19:30"\n'
MORNING = 'time = "07:30-11:30"\n'
POSTPONED = 'on_holiday = "next_working_day"\n'
ONLY = 'on_holiday = "only"\n'
TET = 'closed = [{ from = 2027-02-04, to = 2027-02-12, name = "Tết Đinh Mùi" }]'


def _sessions(shift: str, calendar: str, first: str, last: str) -> tuple[Session, ...]:
    """The sessions of one shift between two dates, both inclusive."""
    text = f'{DESK}[calendar]\n{calendar}\n[[shifts]]\nservice = "Trực"\n{shift}'
    reading = read_text(text, "settings.toml")
    assert reading.settings is not None, reading.render("en")
    desk = reading.settings.desk
    [only] = desk.shifts.values()
    window = date.fromisoformat(first), date.fromisoformat(last)
    return sessions_between(only, desk.holidays, reading.settings.service.zone, *window)


def _told(session: Session) -> str:
    held = session.starts.astimezone(SAIGON).date()
    return f"{held:%m-%d}" if held == session.named else f"{session.named:%m-%d}>{held:%m-%d}"


ROWS = [
    # Bến Thành, first in District 1: Tuesday and Thursday evenings from 3 April 2018 [congchung.org].
    (
        EVENINGS + "from = 2018-04-03\n",
        "",
        "2018-03-19",
        "2018-04-13",
        "04-03 04-05 04-10 04-12",
    ),
    # It has no end date: it still runs.
    (EVENINGS + "from = 2018-04-03\n", "", "2026-11-02", "2026-11-13", "11-03 11-05 11-10 11-12"),
    # 24 November, Vietnam Culture Day, paid from 2026 on: a Tuesday, then a Wednesday [cafef].
    (EVENINGS, "", "2026-11-17", "2026-11-27", "11-17 11-19 11-26"),
    ('days = "T4"\n' + MORNING, "", "2027-11-15", "2027-12-01", "11-17 12-01"),
    # National Day is two days: 1-2 September in 2025, 2-3 in 2027 [Labour Code 2019, art. 112].
    ('days = "T2-T6"\n' + MORNING, "", "2025-08-29", "2025-09-05", "08-29 09-03 09-04 09-05"),
    ('days = "T2-T6"\n' + MORNING, "", "2027-08-30", "2027-09-06", "08-30 08-31 09-01 09-06"),
    # In 2026 Monday 31 August joins it, for Saturday 22 August.
    ('days = "T2-T6"\n' + MORNING, "", "2026-08-28", "2026-09-04", "08-28 09-03 09-04"),
    # Hùng Kings' Day falls by the moon: Sunday 26 April 2026, so Monday is off in lieu.
    ('days = ["T2", "CN"]\n' + MORNING, "", "2026-04-19", "2026-05-04", "04-19 04-20 05-03 05-04"),
    # Tết falls by the moon: what the law gives in 2027, before anyone writes more.
    (EVENINGS, "", "2027-02-01", "2027-02-18", "02-02 02-11 02-16 02-18"),
    # A ward that closes longer writes so.
    (EVENINGS, TET, "2027-02-01", "2027-02-18", "02-02 02-16 02-18"),
    # Who works through public holidays stops for what is closed.
    (EVENINGS + 'on_holiday = "keep"\n', "", "2027-02-01", "2027-02-12", "02-02 02-04 02-09 02-11"),
    (EVENINGS + 'on_holiday = "keep"\n', TET, "2027-02-01", "2027-02-16", "02-02 02-16"),
    # Citizen reception, a day a week at least, a holiday puts it on the next working day [Law on Citizen
    # Reception 2013, art. 15; Tây Sơn, Quảng An, Tân Đoàn].
    ('days = "T5"\n' + MORNING + POSTPONED, "", "2026-04-20", "2026-05-08", "04-23 04-30>05-04 05-07"),
    ('days = "T2"\n' + MORNING + POSTPONED, "", "2026-08-24", "2026-09-08", "08-24 08-31>09-03 09-07"),
    # On the 5th and the 20th of each month [Long Xuyên]; 20 February 2026 was the fourth day of Tết.
    (
        "days = [5, 20]\n" + MORNING + POSTPONED,
        "",
        "2026-02-01",
        "2026-03-20",
        "02-05 02-20>02-23 03-05 03-20",
    ),
    # "Or the nearest day" [Long Xuyên]: a person says which.
    (
        "days = [5, 20]\nexcept = [2026-02-20]\nalso = [2026-02-13]\n" + MORNING,
        "",
        "2026-02-01",
        "2026-03-05",
        "02-05 02-13 03-05",
    ),
    # Where two of its days are pushed onto one, or onto a day of its own, it is held once.
    (
        'days = ["T5", "T6"]\n' + MORNING + POSTPONED,
        "",
        "2026-04-27",
        "2026-05-08",
        "04-30>05-04 05-07 05-08",
    ),
    ('days = ["T2", "T5"]\n' + MORNING + POSTPONED, "", "2026-04-29", "2026-05-07", "05-04 05-07"),
    # 2 January 2026 off, Saturday the 10th worked [12729/VPCP-KGVX, 25 December 2025].
    (
        'days = "workdays"\n' + MORNING,
        "",
        "2025-12-31",
        "2026-01-12",
        "12-31 01-05 01-06 01-07 01-08 01-09 01-10 01-12",
    ),
    ('days = "T6"\n' + MORNING + POSTPONED, "", "2025-12-26", "2026-01-09", "12-26 01-02>01-05 01-09"),
    # The Friday shift does not come on the worked Saturday; a ward that wants it says so.
    ('days = "T6"\n' + MORNING, "", "2025-12-26", "2026-01-16", "12-26 01-09 01-16"),
    (
        'days = "T6"\nalso = [2026-01-10]\n' + MORNING,
        "",
        "2025-12-26",
        "2026-01-16",
        "12-26 01-09 01-10 01-16",
    ),
    # A swap that is not in any package yet is a line of the settings.
    (
        'days = "workdays"\n' + MORNING,
        "swapped = [{ off = 2027-09-01, worked = 2027-08-28 }]",
        "2027-08-27",
        "2027-09-06",
        "08-27 08-28 08-30 08-31 09-06",
    ),
    # Two Saturdays worked for two days off, as in 2013-14 [laodong].
    (
        'days = "workdays"\n' + MORNING,
        "swapped = [{ off = 2027-02-11, worked = 2027-01-30 }, { off = 2027-02-12, worked = 2027-02-20 }]",
        "2027-01-29",
        "2027-02-22",
        "01-29 01-30 02-01 02-02 02-03 02-15 02-16 02-17 02-18 02-19 02-20 02-22",
    ),
    # The next working day may be such a Saturday: what a closed Friday pushes is held on the 22nd.
    (
        'days = "T6"\n' + MORNING + POSTPONED,
        "closed = [{ from = 2026-08-21 }]",
        "2026-08-14",
        "2026-08-28",
        "08-14 08-21>08-22 08-28",
    ),
    # Offices post who is on duty over the holidays [12729/VPCP-KGVX].
    ('days = "daily"\n' + MORNING + ONLY, "", "2025-12-25", "2026-01-15", "01-01 01-02"),
    ('days = "daily"\n' + MORNING + ONLY, "", "2026-04-20", "2026-05-10", "04-26 04-27 04-30 05-01"),
    ('days = ["T7", "CN"]\n' + MORNING + ONLY, TET, "2027-01-30", "2027-02-21", "02-06 02-07"),
    # Saturday mornings at 130 of 168 units of the city [draft of November 2025: Thanh Niên, Dân Trí].
    ('days = "T7"\n' + MORNING, "", "2025-11-10", "2025-11-30", "11-15 11-22 11-29"),
    # A pilot comes with its end date [Phú Lợi, Cần Thơ: 24 July to 23 October 2025].
    (
        'days = "T7"\nfrom = 2025-07-24\nuntil = 2025-10-23\n' + MORNING,
        "",
        "2025-07-14",
        "2025-08-03",
        "07-26 08-02",
    ),
    (
        'days = "T7"\nfrom = 2025-07-24\nuntil = 2025-10-23\n' + MORNING,
        "",
        "2025-10-06",
        "2025-11-30",
        "10-11 10-18",
    ),
    # Both of its ends count.
    (
        'days = "T2-T7"\nfrom = 2025-07-24\nuntil = 2025-10-23\n' + MORNING,
        "",
        "2025-07-21",
        "2025-07-26",
        "07-24 07-25 07-26",
    ),
    (
        'days = "T2-T7"\nfrom = 2025-07-24\nuntil = 2025-10-23\n' + MORNING,
        "",
        "2025-10-22",
        "2025-10-31",
        "10-22 10-23",
    ),
    # 96 volunteer teams "until the end of August": a season [Đồng Nai, 2025].
    (
        'days = "T7-CN"\nuntil = 2025-08-31\n' + MORNING,
        "",
        "2025-08-23",
        "2025-09-14",
        "08-23 08-24 08-30 08-31",
    ),
    # "Ngày thứ Bảy tình nguyện", here on the first of each month [Tiền Phong, 2026].
    ('days = "T7 đầu tháng"\n' + MORNING, "", "2026-03-01", "2026-05-31", "03-07 04-04 05-02"),
]


@pytest.mark.parametrize(
    ("shift", "calendar", "first", "last", "held"), ROWS, ids=[f"from {first}" for _, _, first, _, _ in ROWS]
)
def test_a_rule_of_a_ward_gives_the_sessions_that_it_is_known_for(
    shift: str, calendar: str, first: str, last: str, held: str
) -> None:
    """What a ward posts on its door can be said in the settings, and means these dates."""
    assert " ".join(map(_told, _sessions(shift, calendar, first, last))) == held


@pytest.mark.parametrize(
    ("shift", "day", "hours"),
    [
        # After-hours certification at Bến Thành [congchung.org].
        (EVENINGS, "2026-11-03", "17:00-19:30"),
        # The ordinary office day, two halves [quangan.thuathienhue.gov.vn].
        (
            'days = "workdays"\ntime = ["07:30-11:30", "13:00-17:00"]\n',
            "2026-11-03",
            "07:30-11:30 13:00-17:00",
        ),
        # The longer halves of a pilot [Phú Lợi, Cần Thơ].
        ('days = "T3"\ntime = ["13:00-18:00", "07:00-12:00"]\n', "2026-11-03", "07:00-12:00 13:00-18:00"),
        # The way clerks write it.
        ('days = "thứ ba"\ntime = "17h-19h30"\n', "2026-11-03", "17:00-19:30"),
    ],
)
def test_hours_are_those_on_the_door(shift: str, day: str, hours: str) -> None:
    """Hours are wall-clock hours of the ward, in the order of the day."""
    local = [
        (session.starts.astimezone(SAIGON), session.ends.astimezone(SAIGON))
        for session in _sessions(shift, "", day, day)
    ]
    assert " ".join(f"{starts:%H:%M}-{ends:%H:%M}" for starts, ends in local) == hours
