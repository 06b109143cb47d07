"""What a settings file without a fault means, key by key."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from notifications.terms import Accents, Price, Quiet, Terms
from scheduler.reminders.lead import Lead, Leads
from scheduler.roster.person import Limit, Per, Person
from scheduler.roster.rules import RosterRules
from scheduler.settings.problem import Severity
from scheduler.settings.read import calendar_warning, check_settings, read_settings, read_text
from scheduler.settings.settings import Apply, Mode, Settings
from scheduler.settings.wording import WORDING
from scheduler.timetable.availability import Absence, Window
from scheduler.timetable.days import MonthDay, NthWeekday, Weekdays, Workdays
from scheduler.timetable.label import Label
from scheduler.timetable.place import Place, Service, Ward
from scheduler.timetable.shift import Deputy, Need, OnHoliday, Role, Rule, Shift
from scheduler.timetable.span import Span

ROOT = Path(__file__).parents[3]
OF_2027 = "{ off = 2027-01-04, worked = 2027-01-09 }"
SMALLEST = """\
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
[[wards]]
name = "Sài Gòn"
[[places]]
name = "Bưu cục"
[[services]]
name = "Sao y"
[[shifts]]
service = "sao-y"
days = ["T3", "thu"]
time = "17:00-19:30"
"""
FULL = """\
[service]
name = { vi = "Ca trực Quận 1", en = "District 1 duty desk" }
timezone = "Asia/Ho_Chi_Minh"
languages = ["en", "vi"]
plan_ahead = "14 days"
public_url = "https://catruc.example/"
[apply]
mode = "manual"
wait = "5 minutes"
hold_above = { texts = 50 }
[calendar]
closed = [{ from = 2027-02-04, to = 2027-02-05, name = "Tết" }]
swapped = [{ off = 2027-01-04, worked = 2027-01-09 }]
[sms]
channel = "twilio"
sender = "UBNDQ1"
rate = "2/s"
price = "820 VND"
only_to = ["0901 234 567"]
[sms.staff]
accents = "keep"
max_segments = 3
quiet = ""
[reminders]
resident = []
[reminders.volunteer]
remind = ["1 day at 17:30"]
[[wards]]
name = "Sài Gòn"
formerly = ["Bến Nghé", "Đa Kao"]
coordinators = ["le thi b"]
sender = "UBNDSG"
[[wards]]
id = "tan-dinh"
name = "Tân Định"
formerly = ["Đa Kao"]
from = 2025-07-01
until = 2027-06-30
[[places]]
id = "buu-cuc-tt"
ward = "BEN NGHE"
kind = "post_office"
name = { vi = "Bưu cục Trung tâm", en = "Central Post Office" }
address = "2 Công xã Paris"
map = [10.7799, 106]
[[services]]
id = "sao-y"
name = "Sao y ngoài giờ"
short = "sao y"
after_hours = true
public = false
last_entry = "30 minutes"
fee = "2.000 đ/trang"
reminders = { staff = ["2 days at 17:00"] }
[[people]]
name = "Lê Thị B"
phone = "0901 234 567"
salutation = "chị"
language = "en"
roles = ["volunteer", "leader"]
ward = "tân định"
when = ["mon-fri 17:00-21:00", "sat"]
away = [{ from = 2026-12-20, to = 2026-12-31 }, { from = 2027-01-08 }]
at_most = ["6 hours a week", "20 hours a month"]
[[people]]
name = "Nguyễn Văn A"
phone = "0901 234 568"
roles = ["staff", "volunteer"]
[[people]]
name = "Trần Thị C"
phone = "0901 234 569"
[[shifts]]
service = "Sao y ngoài giờ"
place = "central post office"
days = ["T3", 5, "thu", "1st sat", "workdays"]
every = 2
time = ["07:30-11:30", "22:00-02:00"]
from = 2026-11-01
until = 2027-06-30
on_holiday = "next_working_day"
except = [2026-12-24]
also = [2026-12-26]
needs = { volunteer = 1, staff = 0 }
staff = ["Nguyễn Văn A"]
deputies = [{ for = "Nguyễn Văn A", is = "Trần Thị C", from = 2026-12-01, to = 2026-12-15 }]
capacity = 40
"""


def _settings(text: str) -> Settings:
    reading = read_text(text, "settings.toml")
    errors = [problem for problem in reading.problems if problem.severity is Severity.ERROR]
    assert reading.settings is not None, errors
    return reading.settings


def test_the_smallest_file_has_every_default() -> None:
    """What is left out is as the contract says; ids are slugs, the only ward and place need no naming."""
    settings = _settings(SMALLEST)
    desk = settings.desk
    assert settings.terms == Terms()
    assert settings.apply == Apply()
    assert settings.audience_terms == {}
    assert (desk.leads, desk.shift_leads) == (Leads(), {})
    assert desk.wards == {"sai-gon": Ward("sai-gon", Label.same("Sài Gòn"))}
    assert desk.places == {"buu-cuc": Place("buu-cuc", "sai-gon", Label.same("Bưu cục"))}
    assert desk.services == {"sao-y": Service("sao-y", Label.same("Sao y"), Label.same("Sao y"))}
    rule = Rule((Weekdays(frozenset({1, 3})),), (Span(time(17), time(19, 30)),))
    assert desk.shifts == {"sao-y-buu-cuc": Shift("sao-y-buu-cuc", "sao-y", "buu-cuc", rule)}
    assert settings.source == SMALLEST


def test_the_service_and_its_terms_are_read() -> None:
    """Overrides for one audience keep all else that holds for everyone."""
    settings = _settings(FULL)
    service = settings.service
    assert (service.name.en, service.zone.key) == ("District 1 duty desk", "Asia/Ho_Chi_Minh")
    assert (service.languages, service.plan_ahead) == (("en", "vi"), timedelta(days=14))
    assert service.public_url == "https://catruc.example"
    assert settings.apply == Apply(Mode.MANUAL, timedelta(minutes=5), 20, 50)
    everyone = Terms(
        "twilio", "UBNDQ1", rate=2.0, only_to=("+84901234567",), price=Price(Decimal(820), "VND")
    )
    assert settings.terms == everyone
    staff = settings.terms_for("staff")
    assert (staff.accents, staff.quiet, staff.sender) == (Accents.KEEP, None, "UBNDQ1")
    assert settings.terms_for("resident").quiet == Quiet(time(21), time(7))


@pytest.mark.parametrize("channel", ["console", "twilio", "android"])
def test_texts_leave_by_any_of_three_channels(channel: str) -> None:
    """For everyone or for one audience; the sender is the same on each."""
    settings = _settings(f'{SMALLEST}[sms]\nchannel = "{channel}"\nsender = "UBNDQ1"\n')
    assert settings.terms == Terms(channel, "UBNDQ1")


def test_places_and_people_are_found_by_any_name() -> None:
    """By id, by a name in either language, or by a former name that leads to one ward only."""
    desk = _settings(FULL).desk
    assert desk.wards["sai-gon"].coordinators == ("le-thi-b",)
    assert desk.wards["sai-gon"].sender == "UBNDSG"
    assert (desk.wards["tan-dinh"].start, desk.wards["tan-dinh"].until) == (
        date(2025, 7, 1),
        date(2027, 6, 30),
    )
    assert desk.places["buu-cuc-tt"].ward == "sai-gon"
    assert (desk.places["buu-cuc-tt"].kind, desk.places["buu-cuc-tt"].map) == (
        "post_office",
        (10.7799, 106.0),
    )
    assert desk.services["sao-y"].last_entry == timedelta(minutes=30)
    assert desk.people["le-thi-b"] == Person(
        id="le-thi-b",
        name="Lê Thị B",
        phone="+84901234567",
        roles=frozenset({Role.VOLUNTEER, Role.LEADER}),
        salutation=Label.same("chị"),
        language="en",
        ward="tan-dinh",
        windows=(Window(frozenset(range(5)), Span(time(17), time(21))), Window(frozenset({5}))),
        away=(
            Absence(date(2026, 12, 20), date(2026, 12, 31)),
            Absence(date(2027, 1, 8), date(2027, 1, 8)),
        ),
        limits=(Limit(360, Per.WEEK), Limit(1200, Per.MONTH)),
    )


def test_a_shift_is_read_whole() -> None:
    """Weekdays become one pattern; a need of nobody is no need."""
    weekdays = Weekdays(frozenset({1, 3}))
    assert _settings(FULL).desk.shifts["sao-y-buu-cuc-tt"] == Shift(
        id="sao-y-buu-cuc-tt",
        service="sao-y",
        place="buu-cuc-tt",
        rule=Rule(
            days=(weekdays, MonthDay(5), NthWeekday(1, 5), Workdays()),
            spans=(Span(time(7, 30), time(11, 30)), Span(time(22), time(2))),
            start=date(2026, 11, 1),
            until=date(2027, 6, 30),
            every=2,
            on_holiday=OnHoliday.NEXT_WORKING_DAY,
            also=frozenset({date(2026, 12, 26)}),
            excepted=frozenset({date(2026, 12, 24)}),
        ),
        needs=(Need(Role.VOLUNTEER, 1),),
        staff=("nguyen-van-a",),
        deputies=(Deputy("nguyen-van-a", "tran-thi-c", date(2026, 12, 1), date(2026, 12, 15)),),
        capacity=40,
    )


def test_lead_times_are_inherited_key_by_key() -> None:
    """A shift's own win over its service's, those over everyone's, those over the defaults."""
    settings = _settings(FULL + 'reminders = { volunteer = { ask = "4 days at 09:00" } }\n')
    desk = settings.desk
    assert (desk.leads.resident, desk.leads.remind) == ((), (Lead(days=1, at=time(17, 30)),))
    leads = desk.leads_of("sao-y-buu-cuc-tt")
    assert leads.ask == Lead(days=4, at=time(9))
    assert leads.staff == (Lead(days=2, at=time(17)),)
    assert leads.chase == Leads().chase


def test_holidays_are_the_countrys_and_ones_own() -> None:
    """Lunar holidays, days in lieu and known swaps come with the country; closures and swaps are added."""
    holidays = _settings(FULL).desk.holidays
    assert date(2026, 2, 17) in holidays.public  # Tết
    assert date(2026, 4, 27) in holidays.public  # in lieu of Hùng Kings' Day
    assert date(2026, 1, 2) in holidays.public  # swapped by the government
    assert date(2026, 1, 10) in holidays.worked
    assert holidays.closed == dict.fromkeys([date(2027, 2, 4), date(2027, 2, 5)], Label.same("Tết"))
    assert date(2027, 1, 4) in holidays.public
    assert date(2027, 1, 9) in holidays.worked
    assert holidays.known_until == date(2027, 12, 31)  # a person has written 2027's


@pytest.mark.parametrize(
    ("calendar", "year"),
    [
        ("", 2026),
        ("closed = [{ from = 2027-02-04, to = 2027-02-12 }]", 2026),  # the ward's own word
        (f"swapped = [{OF_2027}]", 2027),
        ("swapped = [{ off = 2028-01-03, worked = 2028-01-08 }]", 2026),  # 2027 is still unknown
        (f"swapped = [{{ off = 2028-01-03, worked = 2028-01-08 }}, {OF_2027}]", 2028),
        ('country = ""', None),
    ],
)
def test_only_swapped_days_show_that_the_plan_of_a_year_is_known(calendar: str, year: int | None) -> None:
    """Until the government has decided, later holidays are estimated, whatever a ward closes."""
    known = _settings(f"{SMALLEST}[calendar]\n{calendar}\n").desk.holidays.known_until
    assert known == (date(year, 12, 31) if year else None)


def test_no_country_has_no_public_holidays() -> None:
    """An empty country leaves only what is written."""
    assert _settings(SMALLEST + '[calendar]\ncountry = ""\n').desk.holidays.public == {}


@pytest.mark.parametrize(
    ("today", "warned"),
    [(date(2026, 12, 3), False), (date(2026, 12, 4), True)],
)
def test_a_window_past_the_known_calendar_is_warned_of(today: date, warned: bool) -> None:
    """The last day of the window counts: 28 days from 3 December end with the year."""
    warning = calendar_warning(_settings(SMALLEST), "settings.toml", today)
    assert (warning is not None) == warned
    if warning is not None:
        assert (warning.severity, warning.code, warning.line) == (Severity.WARNING, "calendar_unknown", 1)


@pytest.mark.parametrize(
    ("tables", "code"),
    [
        ('[[wards]]\nname = "Đa Kao 2"\nformerly = ["Đa Kao"]\n', "ambiguous"),  # split between two wards
        ('[[wards]]\nname = "Đa Kao"\n', None),  # a name of today wins over a former one
    ],
)
def test_a_former_name_counts_while_it_is_unique(tables: str, code: str | None) -> None:
    """An old name that leads to several wards is asked about."""
    text = SMALLEST.replace("[[places]]", f'formerly = ["Đa Kao"]\n{tables}[[places]]\nward = "da kao"')
    codes = [problem.code for problem in read_text(text, "settings.toml").problems]
    assert codes == ([code] if code else [])


def test_two_people_of_one_name_are_told_apart_by_id() -> None:
    """The name alone is ambiguous then; the id of either is not."""
    people = "".join(
        f'[[people]]\nid = "{ident}"\nname = "Lê Thị B"\nphone = "{phone}"\n'
        for ident, phone in (("b-1", "0901234567"), ("b-2", "0901234568"))
    )
    named = SMALLEST.replace("[[places]]", 'coordinators = ["{}"]\n[[places]]') + people
    assert [each.code for each in read_text(named.format("Lê Thị B"), "x").problems] == ["ambiguous"]
    assert _settings(named.format("b-2")).desk.wards["sai-gon"].coordinators == ("b-2",)


def test_a_warning_of_the_day_is_told_in_the_order_of_lines(tmp_path: Path) -> None:
    """Whoever goes through the list goes through the file once."""
    path = tmp_path / "settings.toml"
    text = SMALLEST.replace('Minh"\n', 'Minh"\nplan_ahead = "300 days"\n')
    path.write_text(f"{text}needs = {{ volunteer = 1 }}\n", encoding="utf-8")
    problems = check_settings(path, datetime(2026, 11, 28, tzinfo=UTC)).problems
    assert [(each.line, each.code) for each in problems] == [(4, "calendar_unknown"), (15, "need_unfillable")]


def test_the_rules_of_the_roster_are_off_until_they_are_written() -> None:
    """Each key alone is a rule; services are found by any name."""
    assert _settings(SMALLEST).roster == RosterRules()
    written = """
[roster]
rest = "11 giờ"
travel = "30 phút"
consecutive_days = 5
weekends = 2
first = "Sao y"
"""
    rules = RosterRules(timedelta(hours=11), timedelta(minutes=30), 5, 2, ("sao-y",))
    assert _settings(SMALLEST + written).roster == rules


def test_a_shift_has_the_dates_of_its_ward_too() -> None:
    """They are kept apart from the shift's own, from which `every` counts."""
    text = SMALLEST.replace('name = "Sài Gòn"', 'name = "Sài Gòn"\nfrom = 2026-11-01\nuntil = 2027-06-30')
    rule = _settings(f"{text}from = 2026-12-01\n").desk.shifts["sao-y-buu-cuc"].rule
    assert (rule.opens, rule.closes) == (date(2026, 11, 1), date(2027, 6, 30))
    assert (rule.start, rule.until) == (date(2026, 12, 1), None)
    assert (rule.first, rule.last) == (date(2026, 12, 1), date(2027, 6, 30))


def test_the_example_is_without_a_fault() -> None:
    """The file that people copy has neither an error nor a warning."""
    assert read_settings(ROOT / "settings.toml").render("en") == ""


def test_every_sentence_asks_for_the_same_in_both_languages() -> None:
    """A template that names a parameter in one language only would leave a clerk guessing in the other."""
    fields = {code: (_fields(label.vi), _fields(label.en)) for code, label in WORDING.items()}
    assert {code: pair for code, pair in fields.items() if pair[0] != pair[1]} == {}


def _fields(template: str) -> set[str]:
    """The parameters; one that differs by language has a twin in Vietnamese, like reason and reason_vi."""
    return {part.split("}")[0].removesuffix("_vi") for part in template.split("{")[1:]}
