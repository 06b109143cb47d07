"""How a problem is printed and handed to programs, whatever stands in the file."""

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


def _printed(text: str) -> str:
    return _read(text).render("en")


def test_a_problem_as_json_has_the_shape_of_check() -> None:
    """Programs get what people get, with a code."""
    [problem] = _read(f'{SERVICE}{TABLES}{SHIFT}place = "buu-cuk"\n').problems
    assert problem.as_json("en") == {
        "file": "settings.toml",
        "line": 15,
        "column": 10,
        "severity": "error",
        "code": "unknown_place",
        "message": 'unknown place "buu-cuk"',
        "suggestion": "buu-cuc",
    }


def test_the_column_of_a_text_is_that_of_its_first_letter() -> None:
    """The contract's own example: the carets mark the quotes too, the column names what stands in them."""
    places = '[[wards]]\nname = "Sài Gòn"\n\n[[places]]\nname = "Bưu cục"\nward = "sai-gom"\n'
    shown = _printed(f'{SERVICE}{places}[[services]]\nname = "Sao y"\n{SHIFT}').splitlines()
    assert shown[0] == 'settings.toml:9:9: unknown ward "sai-gom" — did you mean "sai-gon"?'
    assert shown[1:] == ['   9 | ward = "sai-gom"', "     |        ^^^^^^^^^"]


def test_the_caret_stands_under_decomposed_accents_and_tabs() -> None:
    """Columns count characters; what a terminal draws in no column of its own gets no caret."""
    decomposed = "Bu\u031b\u031bu\u031b cu\u0323k"
    lines = _printed(f'{SERVICE}{TABLES}{SHIFT}place\t= "{decomposed}"\n').splitlines()
    assert lines[2] == "     |      \t  " + "^" * len('"Buu cuk"')


def test_a_line_wider_than_any_screen_is_cut_around_the_fault() -> None:
    """Nobody finds a caret three screens to the right."""
    text = f'{SERVICE}hotline = "{"x" * 500}"\nhotlin = 1\n{TABLES}{SHIFT}'
    wide = f"{SERVICE}name2 = [{'1, ' * 200}]\n{TABLES}{SHIFT}"
    assert max(map(len, (_printed(text) + _printed(wide)).splitlines())) < 180


def test_escape_sequences_never_reach_the_terminal() -> None:
    """What a broken file holds is shown, not obeyed."""
    assert "\x1b" not in _printed("name = \x1b[31mred")


def test_five_thousand_mistakes_are_all_told() -> None:
    """Every one has its line; only the first few dozen unknown names get a guess."""
    shift = '[[shifts]]\nid = "ca-{}"\nservice = "sao-i"\ndays = "thx"\ntime = "17:00-18:00"\n'
    text = SERVICE + TABLES + "".join(shift.format(number) for number in range(2500))
    problems = _read(text).problems
    assert len(problems) == 5000
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)
    assert problems[0].suggestion == "sao-y"
