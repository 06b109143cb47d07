"""What a clerk sees for each mistake: the whole of what is printed, and nothing else."""

from textwrap import dedent

import pytest

from scheduler.settings.problem import Severity
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
MAKE_ONE = "make one of the two"
BOTH_ALIKE = "write both alike, [[ ]] for what there are several of"
ONE_VOLUNTEER = '[[people]]\nname = "Tổ C"\nphone = "0901 234 567"\nroles = ["volunteer"]\n'


def _read(text: str) -> Reading:
    return read_text(text, "settings.toml")


def _printed(text: str, language: str = "en") -> str:
    reading = _read(text)
    errors = [problem for problem in reading.problems if problem.severity is Severity.ERROR]
    assert (reading.settings is None) == bool(errors)
    return reading.render(language) + "\n" if reading.problems else ""


@pytest.mark.parametrize(
    ("keys", "printed"),
    [
        pytest.param(
            "hotlin = 1",
            """\
            settings.toml:4:1: unknown key "hotlin" — did you mean "hotline"?
               4 | hotlin = 1
                 | ^^^^^^
            """,
            id="a misspelt key",
        ),
        pytest.param(
            'languages = ["vi", "fr"]',
            """\
            settings.toml:4:21: "languages" cannot be "fr"; it is one of: vi, en
               4 | languages = ["vi", "fr"]
                 |                    ^^^^
            """,
            id="a word that is no choice",
        ),
        pytest.param(
            "hotline = 281234",
            """\
            settings.toml:4:11: "hotline" must be a text in quotes
               4 | hotline = 281234
                 |           ^^^^^^
            """,
            id="a number for a text",
        ),
        pytest.param(
            'plan_ahead = "28 dys"',
            """\
            settings.toml:4:15: not a length of time: "28 dys"; write "10 minutes", "2 hours" or "28 days" \
— did you mean "28 days"?
               4 | plan_ahead = "28 dys"
                 |              ^^^^^^^^
            """,
            id="a misspelt unit",
        ),
        pytest.param(
            'database = "mysql://x"\npublic_url = "catruc.vn"',
            """\
            settings.toml:4:13: "mysql://x" is not a database; write "sqlite:///catruc.db" or \
"postgresql+psycopg://user@host/db"
               4 | database = "mysql://x"
                 |            ^^^^^^^^^^^
            settings.toml:5:15: the address "catruc.vn" must begin with http:// or https://
               5 | public_url = "catruc.vn"
                 |              ^^^^^^^^^^^
            """,
            id="two addresses of the wrong kind",
        ),
        pytest.param(
            'plan_ahead = "2 hours"',
            """\
            settings.toml:4:15: "plan_ahead" must be from 1 day to 366 days
               4 | plan_ahead = "2 hours"
                 |              ^^^^^^^^^
            """,
            id="a length of time out of range",
        ),
        pytest.param(
            '[sms]\nsender = "UBNDQUAN1TPHCM"\nanswer = "post"\nquiet = "21:00-21:00"\nrate = "fast"',
            """\
            settings.toml:5:11: the sender "UBNDQUAN1TPHCM" has 14 characters of at most 11
               5 | sender = "UBNDQUAN1TPHCM"
                 |          ^^^^^^^^^^^^^^^^
            settings.toml:6:11: "answer" cannot be "post"; it is one of: link, code, reply
               6 | answer = "post"
                 |          ^^^^^^
            settings.toml:7:10: quiet hours "21:00-21:00" start and end at once; write "" for none
               7 | quiet = "21:00-21:00"
                 |         ^^^^^^^^^^^^^
            settings.toml:8:9: not a rate: "fast"; write "1/s" or "30/m"
               8 | rate = "fast"
                 |        ^^^^^^
            """,
            id="what texts cannot do",
        ),
        pytest.param(
            "[calendar]\nclosed = [{ to = 2026-11-20 }, { from = 2026-11-20, to = 2026-11-02 }]",
            """\
            settings.toml:5:11: "from" is missing
               5 | closed = [{ to = 2026-11-20 }, { from = 2026-11-20, to = 2026-11-02 }]
                 |           ^^^^^^^^^^^^^^^^^^^
            settings.toml:5:58: to 2026-11-02 is before from 2026-11-20
               5 | closed = [{ to = 2026-11-20 }, { from = 2026-11-20, to = 2026-11-02 }]
                 |                                                          ^^^^^^^^^^
            """,
            id="closures without a beginning, and backwards",
        ),
        pytest.param(
            '[calendar]\ncountry = "VNM"',
            """\
            settings.toml:5:12: no public holidays are known for "VNM"; for example "VN" — did you mean "VN"?
               5 | country = "VNM"
                 |           ^^^^^
            """,
            id="an unknown country",
        ),
        pytest.param(
            '[[people]]\nname = "Lê Thị B"\nphone = "0281 234 5678"\n'
            '[[people]]\nname = "Tổ C"\nphone = "0901 234 567"\nwhen = ["mon-fry"]\n'
            '[[people]]\nname = "Tổ D"\nphone = "+84 901 234 567"',
            """\
            settings.toml:6:10: a landline cannot take texts; give a mobile number
               6 | phone = "0281 234 5678"
                 |         ^^^^^^^^^^^^^^^
            settings.toml:10:10: not a day: "mon-fry"; write "T3", "mon-fri", "1st sat", 5 or "workdays"
              10 | when = ["mon-fry"]
                 |         ^^^^^^^^^
            settings.toml:13:10: this number is taken on line 9
              13 | phone = "+84 901 234 567"
                 |         ^^^^^^^^^^^^^^^^^
            """,
            id="numbers that take no texts, or are another's",
        ),
        pytest.param(
            '[[people]]\nname = "Tổ C"\nphone = "0123 456 7890"',
            """\
            settings.toml:6:10: warning: an old 11-digit number, taken as +8483•••890
               6 | phone = "0123 456 7890"
                 |         ^^^^^^^^^^^^^^^
            """,
            id="an old number is converted, with a warning",
        ),
        pytest.param(
            '[[wards]]\nname = "Sài Gòn"\ncoordinators = ["Lê Thị B"]',
            """\
            settings.toml:6:18: unknown person "Lê Thị B"
               6 | coordinators = ["Lê Thị B"]
                 |                 ^^^^^^^^^^
            settings.toml:8:9: an "id" is needed: "sai-gon" is taken on line 4
               8 | name = "Sài Gòn"
                 |        ^^^^^^^^^
            settings.toml:10:1: "ward" is missing: there are several to choose from
              10 | [[places]]
                 | ^^^^^^^^^^
            """,
            id="two wards of one name",
        ),
        pytest.param(
            '[[ward]]\nname = "Cô Giang"',
            """\
            settings.toml:4:1: unknown key "ward" — did you mean "wards"?
               4 | [[ward]]
                 | ^^^^^^^^
            """,
            id="a misspelt table",
        ),
        pytest.param(
            '[sms]\nquiet = "16:00-07:00"\n[reminders]\nstaff = ["1 day at 17:00"]\nresident = []\n'
            "[reminders.volunteer]\nask = '6 days at 10:00'\nchase = '3 days at 10:00'\nremind = []",
            """\
            settings.toml:7:11: warning: a reminder at 17:00 is in the quiet hours 16:00-07:00 and will go \
before them
               7 | staff = ["1 day at 17:00"]
                 |          ^^^^^^^^^^^^^^^^
            """,
            id="a reminder in quiet hours is told at the later of the two",
        ),
    ],
)
def test_a_mistake_in_a_table_is_printed_at_its_place(keys: str, printed: str) -> None:
    """Every mistake is told once, at its value or key, with the line and a caret under all of it."""
    assert _printed(f"{SERVICE}{keys}\n{TABLES}{SHIFT}") == dedent(printed)


@pytest.mark.parametrize(
    ("keys", "printed"),
    [
        pytest.param(
            'place = "buu-cuk"',
            """\
            settings.toml:15:10: unknown place "buu-cuk" — did you mean "buu-cuc"?
              15 | place = "buu-cuk"
                 |         ^^^^^^^^^
            """,
            id="an unknown id",
        ),
        pytest.param(
            "from = 2026-11-01\nuntil = 2026-10-01",
            """\
            settings.toml:16:9: until 2026-10-01 is before from 2026-11-01
              16 | until = 2026-10-01
                 |         ^^^^^^^^^^
            """,
            id="until before from",
        ),
        pytest.param(
            "until = 2026-10-01\nfrom = 2026-11-01",
            """\
            settings.toml:16:8: until 2026-10-01 is before from 2026-11-01
              16 | from = 2026-11-01
                 |        ^^^^^^^^^^
            """,
            id="a contradiction is told at the later, whichever that is",
        ),
        pytest.param(
            "from = 2026-11-04\nuntil = 2026-11-04",
            """\
            settings.toml:11:1: this shift can never happen
              11 | [[shifts]]
                 | ^^^^^^^^^^
            """,
            id="Tuesdays and Thursdays of one Wednesday",
        ),
        pytest.param(
            "except = [2026-12-24]\nalso = [2026-12-23, 2026-12-24]",
            """\
            settings.toml:16:21: 2026-12-24 is in both also and except
              16 | also = [2026-12-23, 2026-12-24]
                 |                     ^^^^^^^^^^
            """,
            id="a date in both also and except",
        ),
        pytest.param(
            'from = "2026-11-01"\ncapacity = "40"\nevery = true',
            """\
            settings.toml:15:9: "from" must be a date without quotes, like 2026-11-01
              15 | from = "2026-11-01"
                 |        ^^^^^^^^^^^^
            settings.toml:16:13: "capacity" must be a whole number
              16 | capacity = "40"
                 |            ^^^^
            settings.toml:17:9: "every" must be a whole number
              17 | every = true
                 |         ^^^^
            """,
            id="wrong types",
        ),
        pytest.param(
            "until = 2206-06-30",
            """\
            settings.toml:15:9: the year 2206 is not plausible; 2000 to 2100
              15 | until = 2206-06-30
                 |         ^^^^^^^^^^
            """,
            id="a year with its digits swapped",
        ),
        pytest.param(
            "needs = { volunter = 2 }",
            """\
            settings.toml:15:11: unknown key "volunter" — did you mean "volunteer"?
              15 | needs = { volunter = 2 }
                 |           ^^^^^^^^
            """,
            id="an unknown role",
        ),
        pytest.param(
            "needs = { volunteer = 2 }",
            """\
            settings.toml:15:23: warning: 2 volunteers wanted, but nobody in the list can come
              15 | needs = { volunteer = 2 }
                 |                       ^
            """,
            id="a need that nobody can fill",
        ),
        pytest.param(
            '[[shifts]]\nservice = "Sao Y"\ndays = 32\ntime = ["07:00-10:00", "09:00-25:00"]',
            """\
            settings.toml:15:1: an "id" is needed: "sao-y-buu-cuc" is taken on line 11
              15 | [[shifts]]
                 | ^^^^^^^^^^
            settings.toml:17:8: no month has a day 32; 1 to 31
              17 | days = 32
                 |        ^^
            settings.toml:18:25: there is no time 25:00 in "09:00-25:00"
              18 | time = ["07:00-10:00", "09:00-25:00"]
                 |                        ^^^^^^^^^^^^^
            """,
            id="two shifts that would share an id are asked for one",
        ),
        pytest.param(
            '[[shifts]]\nid = "b"\nservice = "sao-y"\ndays = "daily"\ntime = "18:00-20:00"',
            """\
            settings.toml:15:1: warning: the shifts "b" and "sao-y-buu-cuc" (line 11) are at one \
place at one time
              15 | [[shifts]]
                 | ^^^^^^^^^^
            """,
            id="two shifts of one place at one time",
        ),
        pytest.param(
            '[[shifts]]\nid = "b"\nsevice = "sao-y"\ndays = "daily"',
            """\
            settings.toml:15:1: "time" is missing
              15 | [[shifts]]
                 | ^^^^^^^^^^
            settings.toml:17:1: unknown key "sevice" — did you mean "service"?
              17 | sevice = "sao-y"
                 | ^^^^^^
            """,
            id="a missing key is told at its misspelling, if there is one",
        ),
        pytest.param(
            'staff = "Nguyễn Văn A"',
            """\
            settings.toml:15:10: "staff" must be a list in [ ]
              15 | staff = "Nguyễn Văn A"
                 |         ^^^^^^^^^^^^^^
            """,
            id="a text for a list",
        ),
    ],
)
def test_a_mistake_in_a_shift_is_printed_at_its_place(keys: str, printed: str) -> None:
    """A shift's mistakes are told like any other, and none of them hides another."""
    assert _printed(f"{SERVICE}{TABLES}{SHIFT}{keys}\n") == dedent(printed)


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("name = “Ca trực”", '1:8: a curly quote “ does not work here; type a straight one: "'),
        ('name = "Ca trực”  # x', '1:16: a curly quote ” does not work here; type a straight one: "'),
        ("name = Ca trực", '1:8: a text goes in quotes: "Ca trực"'),
        ("days = [T3, thu]", '1:9: a text goes in quotes: "T3"'),
        ("time = 17:00-19:30", '1:8: a text goes in quotes: "17:00-19:30"'),
        ("phone = 0901 234 567", '1:9: a number that begins with 0 goes in quotes: "0901 234 567"'),
        ("from = 2026-13-01", '1:8: not a date: "2026-13-01"; write year-month-day, like 2026-01-13'),
        ("from = 20/11/2026", '1:8: not a date: "20/11/2026"; write year-month-day, like 2026-11-20'),
        ("from = 1-2-27", '1:8: not a date: "1-2-27"; write year-month-day, like 2027-02-01'),
        ("from = 2026-1-5", '1:8: not a date: "2026-1-5"; write year-month-day, like 2026-01-05'),
        ("from = 2026-02-31", '1:8: not a date: "2026-02-31"; write year-month-day, like 2026-11-01'),
        ("time = 17h-19h30", '1:8: a text goes in quotes: "17h-19h30"'),
        ("wait = 10 minutes  # x", '1:8: a text goes in quotes: "10 minutes"'),
        ("rate = 5/s", '1:8: a text goes in quotes: "5/s"'),
        ("public = TRUE", "1:10: write true, in small letters"),
        ("a = 1\nb = 2\na = 2", f"3:1: this key or table stands on line 1 already; {MAKE_ONE}"),
        ("a.b = 1\na = 2", f"2:1: this key or table stands above already; {MAKE_ONE}"),
        (
            "[sms]\na = 1\n[x]\na = 2\n[ sms ] # x",
            f"5:1: this key or table stands on line 1 already; {MAKE_ONE}",
        ),
        (
            "[a]\nx = 1\n[[a]]\ny = 2",
            f"3:1: this is not TOML: line 1 has [ ] around this name, here it has [[ ]]; {BOTH_ALIKE}",
        ),
        (
            "[[people]]\n[people]",
            f"2:1: this is not TOML: line 1 has [[ ]] around this name, here it has [ ]; {BOTH_ALIKE}",
        ),
        ("[sms", "1:4: this is not TOML: the name of a table lacks its ]"),
        ("[[wards]  # x", "1:8: this is not TOML: the name of a table lacks its ]"),
        ('a = "An  # one, two', "1:19: this is not TOML: a text lacks its closing quote"),
        ("a = [1,\n2", "2:1: this is not TOML: a list lacks a comma between two entries, or its ]"),
        ('days = ["T3" "T5"]', "1:14: this is not TOML: a list lacks a comma between two entries, or its ]"),
        ("x = 5 b = 6", "1:7: this is not TOML: one key a line: what is the rest of this one?"),
        ("days: 3", "1:5: this is not TOML: a key is followed by ="),
        ("giờ = 3", "1:3: this is not TOML: keys are written without accents, like time or days"),
        ("tôi ghi chú", "1:2: this is not TOML: this line is not key = value; a note begins with #"),
        ("// x", "1:1: this is not TOML: this line is not key = value; a note begins with #"),
        ("= 3", "1:1: this is not TOML: this line is not key = value; a note begins with #"),
        ('a = "C:\\Users"', "1:10: this is not TOML: a \\ within a text is written twice; in a path write /"),
        ("a\u00a0= 1", "1:2: there is an unprintable character, U+00A0; delete this line and type it again"),
        (
            "a =",
            "1:3: this is not TOML: a value belongs here: a text in quotes, a number, a date, true or false",
        ),
        ("a = " + "[" * 1000, "1:5: the file is nested too deep"),
        ("a = " + "[" * 40 + "]" * 40, "1:5: the file is nested too deep"),
        ("a" + ".a" * 1500 + " = 1", "1:2: this key has too many parts joined by dots"),
        ("x" * 4_000_001, "1:1: the file is too big: at most 4 MB"),
    ],
)
def test_what_is_not_toml_is_told_by_what_the_clerk_did(text: str, heading: str) -> None:
    """A syntax error is one problem, and names the cause where it can be told."""
    reading = _read(text)
    assert [problem.heading("en") for problem in reading.problems] == [f"settings.toml:{heading}"]
    assert reading.settings is None


def test_a_number_of_thousands_of_digits_is_told() -> None:
    """What the parser refuses in its own words is a problem like any other."""
    assert [problem.code for problem in _read("a = " + "9" * 5000).problems] == ["number_too_long"]


def test_an_empty_file_lacks_what_is_required() -> None:
    """Nothing is told but what must be there."""
    assert [problem.message("vi") for problem in _read("").problems] == [
        'thiếu "service.name"',
        'thiếu "service.timezone"',
        "tệp chưa có ca trực nào: cần ít nhất một [[shifts]]",
    ]


def test_a_problem_reads_in_vietnamese() -> None:
    """The same problem, in the language of the clerk."""
    printed = _printed(f'{SERVICE}{TABLES}{SHIFT}place = "buu-cuk"\n', "vi")
    assert printed.startswith('settings.toml:15:10: không có địa điểm "buu-cuk" — có phải "buu-cuc"?\n')


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f'{SERVICE}plan_ahead = "2 hours"\n{TABLES}{SHIFT}', '"plan_ahead" phải từ 1 ngày đến 366 ngày'),
        (
            f"{SERVICE}{TABLES}{SHIFT}needs = {{ volunteer = 1 }}\n",
            "cần 1 tình nguyện viên, nhưng không ai trong danh sách đến được",
        ),
        (
            f"{SERVICE}{TABLES}{SHIFT}needs = {{ volunteer = 2 }}\n{ONE_VOLUNTEER}",
            "cần 2 tình nguyện viên, nhưng chỉ 1 người trong danh sách đến được",
        ),
        (
            f"{SERVICE}{TABLES}{SHIFT}".replace("17:00-19:30", "19:30-17:00"),
            'ca này dài 21 giờ 30, đến tận hôm sau — có phải "17:00-19:30"?',
        ),
        (
            f"{SERVICE}{TABLES}{SHIFT}".replace("[[shifts]]", "[shifts]"),
            "viết [[shifts]], hai dấu ngoặc vuông: mỗi khối như vậy là một mục",
        ),
    ],
    ids=["a length of time", "nobody", "too few", "the wrong way round", "one bracket"],
)
def test_a_vietnamese_sentence_is_vietnamese_throughout(text: str, sentence: str) -> None:
    """Units and roles are words of the reader's language, not of the program's."""
    assert sentence in _printed(text, "vi")
