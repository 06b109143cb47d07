"""Which code each mistake has, and where it is told; how it is printed is in ``test_mistakes``."""

import pytest

from scheduler.settings.read import Reading, read_text

# Lines 1-3, 4-10 and 11-14: what a row adds follows, from line 4 or from line 15.
SERVICE = """\
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
"""
TABLES = """\
[[wards]]
name = "Sài Gòn"
formerly = ["Bến Nghé"]
[[places]]
name = "Bưu cục"
[[services]]
name = "Sao y"
"""
SHIFT = """\
[[shifts]]
service = "sao-y"
days = ["T3", "thu"]
time = "17:00-19:30"
"""


def _read(text: str) -> Reading:
    return read_text(text, "settings.toml")


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("[calendar]\nswapped = [{ worked = 2026-01-02, off = 2026-01-02 }]", ["5:41 swap_with_itself"]),
        ("[calendar]\nclosed = [{ from = 2026-01-01, to = 2028-01-01 }]", ["5:37 closed_too_long"]),
        ('[sms]\nsender = "Phường 1"', ["5:10 bad_sender"]),
        ('[sms]\nreplies_to = "0901 234 567"', []),
        ('[sms]\nreplies_to = "8088"', []),
        ('[sms]\nreplies_to = "028 3822 0000"', ["5:14 landline"]),
        ('[sms]\nanswer = "reply"', ["5:10 reply_needs_number"]),
        ('[sms]\n[sms.volunteer]\nanswer = "reply"', ["6:10 reply_needs_number"]),
        # What the sender is has nothing to do with where answers go.
        ('[sms]\nsender = "UBNDQ1"\nreplies_to = "0901 234 567"', []),
        ('[sms]\nchannel = "android"\nsender = "UBNDQ1"', ["5:11 link_unreachable"]),
        ('[sms]\nchannel = "android"\nanswer = "reply"\nreplies_to = "0901 234 567"', []),
        ('[sms]\nsender = "UBNDQ1"\nreplies_to = ""', []),
        ('[sms]\nchannel = "pigeon"\nanswer = "post"', ["5:11 bad_choice", "6:10 bad_choice"]),
        ('[sms]\nonly_to = ["1900 1234"]\nmax_segments = 99', ["5:12 premium", "6:16 too_large"]),
        (
            "[sms]\nstaff = 3\nchannel = 3\ndaily_cap = 0",
            ["5:9 not_table", "6:11 not_text", "7:13 too_small"],
        ),
        ("languages = []", ["4:13 empty"]),
        ('plan_ahead = "2 hours"', ["4:14 duration_range"]),
        ('[roster]\nrest = "11 horus"\ntravel = "2 days"', ["5:8 not_a_duration", "6:10 duration_range"]),
        ("[roster]\nconsecutive_days = 0\nweekends = 6", ["5:20 too_small", "6:12 too_large"]),
        ('[roster]\nfirst = "sao-x"\nfrist = 3', ["5:9 unknown_service", "6:1 unknown_key"]),
        ("apply = 3", ["4:1 unknown_key"]),  # still inside [service]
        ("[apply]\nhold_above = { texts = 1.5, cancel = 3 }", ["5:24 not_integer", "5:29 unknown_key"]),
        ("[reminders.volunteer]\nask = '6 weaks'", ["5:7 not_a_lead"]),
        ('[[places]]\nname = "A"\nmap = [95, 0]', ["6:7 bad_map", "14:1 needs_place"]),
        ('[[places]]\nname = "A"\nmap = "x"\nward = 4', ["6:7 bad_map", "7:8 not_text", "15:1 needs_place"]),
        ('[[services]]\nname = { vn = "A" }\npublic = 1', ["5:10 unknown_key", "6:10 not_boolean"]),
        ('[[services]]\nname = { en = " " }', ["5:15 empty"]),
        ("[[services]]\nname = {}", ["5:8 empty"]),
        ('[[services]]\nid = "Sao Y"\nname = "x"', ["5:6 bad_id", "13:8 needs_id"]),
        ('[[services]]\nid = "sao-y"\nname = "x"', ["13:8 needs_id"]),
        ('[[services]]\nname = "中文"', ["5:8 no_slug"]),
        ("people = 3\n[[wards]]\nname = 4", ["4:1 unknown_key", "6:8 not_text"]),
        ('[sms]\nquiet = "16:30-07:00"', ["5:9 reminder_in_quiet"] * 2),  # the defaults, at 17:00 and 18:00
        (
            '[sms.volunteer]\nquiet = "17:30-07:00"',
            ["5:9 reminder_in_quiet"],
        ),  # ask, chase and remind, all at 18:00
    ],
)
def test_a_mistake_in_a_table_has_a_line_a_column_and_a_code(keys: str, told: list[str]) -> None:
    """Programs go by the code; what only follows from another fault is not told."""
    needs_place = {
        "14:1 needs_place": "14:1 missing_key_of_several",
        "15:1 needs_place": "15:1 missing_key_of_several",
    }
    assert _codes(f"{SERVICE}{keys}\n{TABLES}{SHIFT}") == [needs_place.get(each, each) for each in told]


PEOPLE = '[[people]]\nname = "An"\nphone = "0901234567"\n[[people]]\nname = "Ba"\nphone = "0901234568"\n'


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ('time = "17:00-18:00"', ["15:1 told_twice"]),
        ('id = "Sáng Tối"', ["15:6 bad_id"]),
        ('staff = ["An", "Bà"]', []),
        ('deputies = [{ for = "An", is = "an", from = 2026-12-01, to = 2026-12-02 }]', ["15:32 own_deputy"]),
        (
            'deputies = [{ for = "An", is = "Ba", from = 2026-12-03, to = 2026-12-02 }]',
            ["15:62 ends_before_start"],
        ),
        (
            'deputies = [{ for = "An", is = "Ba", from = 2026-12-01, to = 2026-12-02 }]',
            ["15:21 deputy_unused"],
        ),
        ('deputies = [{ for = "An", is = "Ba" }, 3]', ["15:13 missing_key"] * 2 + ["15:40 not_table_like"]),
        ("needs = 2", ["15:9 not_table_like"]),
        ('[[shifts]]\nid = "b"\nservice = "sao-y"\ndays = "T3"\ntime = "19:30-17:00"', ["19:8 long_night"]),
        (
            '[[shifts]]\nid = "b"\nservice = "sao-y"\ndays = "T3"\ntime = ["22:00-07:00", "07:00-07:00"]',
            ["19:24 span_twice"],
        ),
        ('[[shifts]]\nid = "b"\nservice = "sao-y"\ndays = "T2"\ntime = "16:30-07:30"', []),
        ("except = [2026-11-03, 3]", ["15:23 not_date"]),
        ("capacity = 05", ["15:12 padded_number"]),
        ("also = [05, 2026-12-24]", ["15:9 padded_number"]),
        ("needs = { volunteer = 02 }", ["15:23 padded_number"]),
        ("capacity = 0901234567", ["15:12 leading_zero"]),
        (f"also = {'[' * 40}{']' * 40}", ["15:8 too_deep"]),
        ("needs = { staff = 1 }", ["15:19 need_unfillable"]),
        ('needs = { staff = 1 }\nstaff = ["An"]', []),  # whoever is named fills it
        ('reminders = { resident = ["12 hours"] }', ["14:8 reminder_in_quiet"]),  # 17:00 less 12 hours
        ("reminders = { volunteer = { ask = 3 } }", ["15:35 not_a_lead"]),
        ('reminders = { volunteer = { chase = "1 day at 22:00" } }', ["15:37 reminder_in_quiet"]),
        ("service = 3", ["15:1 told_twice"]),
    ],
)
def test_a_mistake_in_a_shift_has_a_line_a_column_and_a_code(keys: str, told: list[str]) -> None:
    """People stand after the shift here: the order of tables means nothing."""
    assert _codes(f"{SERVICE}{TABLES}{SHIFT}{keys}\n{PEOPLE}") == told


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ('not_with = ["Bình"]\nprefers = "Sao y"', []),
        ('not_with = ["Bình", "an"]', ["15:22 not_with_self"]),
        ('not_with = "Bnh"', ['15:13 unknown_person "binh"']),
        ('prefers = ["sao-y", "sao i"]', ['15:22 unknown_service "Sao y"']),
        ('prefer = ["sao-y"]', ['15:1 unknown_key "prefers"']),
        ('prefers = [3]\nlanguage = "fr"', ["15:12 not_text", "16:13 bad_choice"]),
        ('language = "en"', ["15:13 language_unspoken"]),
        ('language = "vi"', []),
    ],
)
def test_a_wish_of_a_person_is_told_where_it_stands(keys: str, told: list[str]) -> None:
    """Whom and what it names, and what was probably meant; another language than the desk's is a warning."""
    person = f'[[people]]\nname = "An"\nphone = "0901000001"\n{keys}\n'
    other = '[[people]]\nname = "Bình"\nphone = "0901000002"\n'
    problems = _read(f'{SERVICE}languages = ["vi"]\n{TABLES}{person}{other}{SHIFT}').problems
    guesses = [f' "{each.suggestion}"' if each.suggestion else "" for each in problems]
    where = [f"{each.line}:{each.pointed} {each.code}" for each in problems]
    assert [f"{place}{guess}" for place, guess in zip(where, guesses, strict=True)] == told


@pytest.mark.parametrize(
    ("ward", "shift", "told"),
    [
        ("from = 2026-11-01\nuntil = 2027-06-30", "", []),
        ("from = 2027-06-30\nuntil = 2027-06-30", "", ["13:1 never_in_ward"]),  # a Wednesday
        ("from = 2027-07-01\nuntil = 2027-06-30", "", ["8:9 ends_before_start"]),
        ("until = 2027-06-30\nfrom = 2027-07-01", "", ["8:8 ends_before_start"]),
        ('until = "30/6/2027"\n', "", ["7:9 not_date"]),
        ("until = 2027-06-30\n", "from = 2027-07-01", ["17:8 never_in_ward"]),
        ("until = 2027-06-30\n", "from = 2027-06-30", ["13:1 never_in_ward"]),
        ("from = 2027-07-01\n", "until = 2027-06-30", ["17:9 never_in_ward"]),
        ("from = 2027-07-01\n", "until = 2027-07-01", []),  # a Thursday
        ("until = 2027-06-30\n", "also = [2027-06-30, 2027-07-01]", ["17:21 also_outside_ward"]),
        ("from = 2027-07-01\n", "also = [2027-06-30, 2027-07-01]", ["17:9 also_outside_ward"]),
        ("until = 2027-06-30\n", "from = 2026-11-04\nuntil = 2026-11-04", ["13:1 never_happens"]),
    ],
)
def test_what_lies_beyond_the_dates_of_its_ward_is_told_at_the_later_value(
    ward: str, shift: str, told: list[str]
) -> None:
    """Nothing is held in a ward that does not exist; what is impossible anyway is told as such."""
    wards = TABLES.replace('"Bến Nghé"]\n', f'"Bến Nghé"]\n{ward}\n')
    assert _codes(f"{SERVICE}{wards}{SHIFT}{shift}\n") == told


def test_the_dates_of_a_ward_may_stand_behind_its_shifts() -> None:
    """The later of two values is told, wherever the tables stand."""
    ward = '[[wards]]\nname = "Sài Gòn"\nuntil = 2027-06-30\n'
    rest = TABLES.partition("[[places]]")[2]
    text = f"{SERVICE}{SHIFT}from = 2027-07-01\n[[places]]{rest}{ward}"
    (problem,) = _read(text).problems
    assert (problem.line, problem.column) == (text[: text.index("until")].count("\n") + 1, 9)
    assert problem.message("vi") == ('ca này không bao giờ diễn ra: phường "Sài Gòn" chỉ có đến 2027-06-30')


@pytest.mark.parametrize(
    ("times", "told"),
    [
        ('["07:00-10:00", "09:00-11:00"]', ["span_twice"]),
        ('["07:00-10:00", "10:00-11:00"]', []),
        ('["07:00-10:00", "12:00-13:00"]', []),
    ],
)
def test_times_of_one_shift_do_not_overlap(times: str, told: list[str]) -> None:
    """The same people cannot hold both; one may begin when the other ends."""
    shift = SHIFT.replace('"17:00-19:30"', times)
    assert [problem.code for problem in _read(SERVICE + TABLES + shift).problems] == told


@pytest.mark.parametrize(
    ("keys", "meets"),
    [
        ('days = "T3"\ntime = "19:00-20:00"', True),
        ('days = "T3"\ntime = "19:30-20:00"', False),  # one begins when the other ends
        ('days = "T4"\ntime = "17:00-19:30"', False),
        ('days = "T2"\ntime = "22:00-18:00"', True),  # over midnight into Tuesday
        ('days = 5\ntime = "17:00-19:30"', True),  # the 5th is a Tuesday or Thursday some month
        ('days = "1st tue"\ntime = "18:00-19:00"', True),
        ('days = "workdays"\ntime = "18:00-19:00"', True),
        ('days = "T3"\ntime = "17:00-19:30"\nfrom = 2026-11-01\nuntil = 2026-11-30', True),
        ('days = "CN"\nalso = [2026-11-24]\ntime = "17:00-19:30"\nfrom = 2026-11-01', False),  # a holiday
        ('days = "CN"\nalso = [2026-11-17]\ntime = "17:00-19:30"\nfrom = 2026-11-01', True),
    ],
)
def test_two_shifts_meet_when_their_sessions_do(keys: str, meets: bool) -> None:
    """Of one place, on one date, at one time: not by the words of their rules."""
    other = f'[[shifts]]\nid = "b"\nservice = "sao-y"\n{keys}\n'
    codes = [problem.code for problem in _read(SERVICE + TABLES + SHIFT + other).problems]
    assert ("overlap" in codes) is meets


def _codes(text: str) -> list[str]:
    return [f"{each.line}:{each.column} {each.code}" for each in _read(text).problems]


def test_a_text_that_names_no_sender_is_an_error() -> None:
    """Nobody answers a text from nobody: here the name of the desk holds nothing that is seen."""
    unseen = SERVICE.replace("Ca trực", "\u200b")
    assert set(_codes(unseen + TABLES + SHIFT)) == {"1:1 sender_unnamed"}
    assert _codes(f'{unseen}[sms]\nsender = "UBNDQ1"\n{TABLES}{SHIFT}') == []
