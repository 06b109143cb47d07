"""More texts than can go: when a day or an hour of the plan needs more than the settings let through."""

import pytest

from scheduler.settings.problem import Severity
from scheduler.settings.read import read_text

# The lines of [sms] are 5 and 6.
SERVICE = """\
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
[sms]
"""
TABLES = """\
[[wards]]
name = "Sài Gòn"
[[places]]
name = "Bưu cục"
[[services]]
name = "Sao y"
"""
PEOPLE = "".join(
    f'[[people]]\nname = "Người {number}"\nphone = "09{number:08}"\nroles = ["volunteer"]\n'
    for number in range(12)
)
SHIFT = """\
[[shifts]]
service = "sao-y"
days = "{days}"
time = "17:00-19:30"
needs = {{ volunteer = {seats} }}
"""
EVENING = '[reminders.volunteer]\nremind = ["1 day at 18:00"]\n'
NO_QUIET = '[sms.volunteer]\nquiet = ""\n'


def _told(sms: str, shift: str, more: str = "") -> list[str]:
    text = f"{SERVICE}{sms}\n{more}{TABLES}{shift}{PEOPLE}"
    problems = read_text(text, "settings.toml").problems
    assert all(problem.severity is Severity.WARNING for problem in problems)
    return [problem.heading("en").removeprefix("settings.toml:") for problem in problems]


@pytest.mark.parametrize(
    ("cap", "days", "seats", "told"),
    [
        pytest.param(20, "T3", 10, [], id="ask, chase and two reminders fall on different days"),
        pytest.param(9, "T3", 10, [10], id="ten people, one text a day"),
        # A Tuesday's reminder at 15:00, the next day's at 18:00, Friday's chase and Monday's question.
        pytest.param(40, "mon-sun", 10, [], id="every day, just enough"),
        pytest.param(39, "mon-sun", 10, [40], id="every day, one too many"),
        pytest.param(10, "1st sat", 10, [], id="once a month"),
        pytest.param(9, "1st sat", 10, [10], id="once a month, one too many"),
        pytest.param(1, "T3", 0, [], id="nobody is texted"),
    ],
)
def test_a_day_with_more_texts_than_the_cap_is_warned_of(
    cap: int, days: str, seats: int, told: list[int]
) -> None:
    """Told at the cap, with about how many texts the busiest day has."""
    shift = SHIFT.format(days=days, seats=seats)
    assert _told(f"daily_cap = {cap}", shift) == [
        f"5:13: warning: the busiest day has about {count} texts, and daily_cap lets {cap} through"
        for count in told
    ]


@pytest.mark.parametrize(
    ("rate", "more", "told"),
    [
        pytest.param("6/h", "", [], id="enough within two hours"),
        pytest.param(
            "5/h", "", ["12 texts are due at 15:00 on some days; at this rate 10 go"], id="one too many"
        ),
        # 18:00 to 21:00 is three hours.
        pytest.param("4/h", EVENING, [], id="enough until the quiet hours"),
        pytest.param(
            "3/h",
            EVENING,
            ["12 texts are due at 18:00 on some days; at this rate 9 go"],
            id="too many for them",
        ),
        pytest.param("1/h", EVENING + NO_QUIET, [], id="a whole day, where no hours are quiet"),
    ],
)
def test_an_instant_with_more_texts_than_the_rate_lets_through_is_warned_of(
    rate: str, more: str, told: list[str]
) -> None:
    """They must be out before the quiet hours, or before the session begins; told at the rate."""
    shift = SHIFT.format(days="T3", seats=12)
    expected = [f"5:9: warning: about {each} in time" for each in told]
    assert [each for each in _told(f'rate = "{rate}"', shift, more) if "rate" in each] == expected


def test_shifts_that_never_run_together_are_not_added_up() -> None:
    """Last year's calendar stays in many files."""
    one = SHIFT.format(days="T3", seats=10)
    seasons = [
        f'{one}id = "{year}"\nfrom = {year}-01-05\nuntil = {year}-12-30\n' for year in (2024, 2025, 2026)
    ]
    assert _told("daily_cap = 10", "".join(seasons)) == []
    assert len(_told("daily_cap = 9", "".join(seasons))) == 1


def test_staff_count_with_those_who_are_named() -> None:
    """A named member of staff fills a seat, and is texted like the others."""
    named = SHIFT.format(days="T3", seats=0) + 'staff = ["Người 1", "Người 2", "Người 3"]\n'
    assert _told("daily_cap = 3", named) == []
    assert len(_told("daily_cap = 2", named)) == 1
