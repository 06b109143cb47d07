"""Reading settings: a whole city in one file, a ward in each of many, and the start of the command."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from scheduler.settings.read import read_settings, read_text
from scheduler.settings.shelf import Shelf
from scheduler.timetable.recurrence import sessions_between

ROOT = Path(__file__).parents[2]
# Python keeps what it has compiled, unless told otherwise; only the first run is to pay for that.
COMPILED = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
SHIFTS, PEOPLE, PLACES, WARDS = 5_000, 5_000, 300, 10
FILES, SHIFTS_A_FILE = 168, 50
HEAD = """\
[service]
name = "Ca trực thành phố"
timezone = "Asia/Ho_Chi_Minh"
[sms]
max_segments = 3
rate = "100/s"
daily_cap = 1000000
"""
# Reads a file as `catruc check` does, and says what that cost the process since it began.
MEASURED = """
import json, resource, sys, time
from datetime import UTC, datetime
from pathlib import Path
from scheduler.settings.read import check_settings
from scheduler.settings.summary import summary_in_words
path = Path(sys.argv[1])
now = datetime(2026, 11, 2, tzinfo=UTC)
reading = check_settings(path, now)
if reading.settings:
    summary_in_words(reading.settings, str(path), "vi", now)
reading.render("vi")
used = resource.getrusage(resource.RUSAGE_SELF)
memory = [int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(json.dumps([used.ru_utime + used.ru_stime, memory[0] / 1024, len(reading.problems)]))
"""


def _city(mistakes: int = 0) -> str:
    """Five thousand shifts and as many people, and so many mistakes of four kinds."""
    lines = [HEAD]
    lines += [f'[[wards]]\nname = "Phường số {n}"\ncoordinators = ["Cán bộ {n}"]\n' for n in range(WARDS)]
    lines += [f'[[services]]\nid = "dich-vu-{number}"\nname = "Dịch vụ {number}"\n' for number in range(5)]
    lines += [_place(number) for number in range(PLACES)]
    lines += [_person(number) for number in range(PEOPLE)]
    lines += [_shift(number) for number in range(SHIFTS)]
    text = "".join(lines)
    for number in range(mistakes):
        text = _mistaken(text, number)
    return text


def _place(number: int) -> str:
    name = f'{{ vi = "Bưu cục {number}", en = "Post office {number}" }}'
    where = f'address = "{number} Công xã Paris"\nmap = [10.7799, 106.6999]\n'
    return f'[[places]]\nid = "noi-{number}"\nward = "Phường số {number % WARDS}"\nname = {name}\n{where}'


def _person(number: int) -> str:
    name = f"Cán bộ {number}" if number < WARDS else f"Người thứ {number:04}"
    roles = '"staff"' if number % 10 == 0 else '"volunteer"' if number % 10 < 8 else '"volunteer", "leader"'
    return (
        f'[[people]]\nname = "{name}"\nphone = "09{number:08}"\nroles = [{roles}]\n'
        f'ward = "Phường số {number % WARDS}"\nwhen = ["mon-fri 07:00-21:00", "sat"]\n'
        'at_most = ["6 hours a week"]\n'
    )


def _shift(number: int) -> str:
    day, hour = ("T2", "T3", "T4", "T5", "T6")[number // PLACES % 5], 10 + 2 * (number // PLACES // 5)
    return (
        f'[[shifts]]\nid = "ca-{number}"\nservice = "dich-vu-{number % 5}"\nplace = "noi-{number % PLACES}"\n'
        f'days = ["{day}"]\ntime = "{hour}:00-{hour + 2}:00"\nneeds = {{ volunteer = 2, leader = 1 }}\n'
        f'staff = ["Người thứ {WARDS + number % 4000:04}"]\n'
    )


def _mistaken(text: str, number: int) -> str:
    match number % 4:
        case 0:
            old, new = f'id = "ca-{40 * number}"\nservice = "', f'id = "ca-{40 * number}"\nservice = "x'
        case 1:
            old, new = f'staff = ["Người thứ {1000 + 10 * number}', f'staff = ["Người tứ {1000 + 10 * number}'
        case 2:
            old, new = f'phone = "09{2000 + number:08}"', f'phone = "028{2000 + number:08}"'
        case _:
            old, new = f'id = "ca-{40 * number}"\n', f'id = "ca-{40 * number}"\nneds = 3\n'
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(("mistakes", "seconds"), [(0, 1.0), (100, 1.5)])
def test_a_city_in_one_file_is_checked_in_a_second(tmp_path: Path, mistakes: int, seconds: float) -> None:
    """5,000 shifts, 5,000 people, 300 places: CPU and memory of a process from its start to its end."""
    path = tmp_path / "settings.toml"
    path.write_text(_city(mistakes), encoding="utf-8")
    spent, megabytes, problems = min(_measured(path) for _ in range(3))
    print(
        f"\n{path.stat().st_size / 1e6:.1f} MB, {mistakes} mistakes: {spent:.2f} s of CPU, {megabytes:.0f} MB"
    )
    assert problems == mistakes
    assert spent <= seconds
    assert megabytes <= 200


def _measured(path: Path) -> tuple[float, float, int]:
    command = [sys.executable, "-c", MEASURED, str(path)]
    printed = subprocess.run(
        command, cwd=ROOT, env=COMPILED, capture_output=True, text=True, check=True
    ).stdout
    seconds, megabytes, problems = json.loads(printed)
    return seconds, megabytes, problems


def test_a_change_in_one_of_many_files_reads_that_one(tmp_path: Path) -> None:
    """168 wards of 50 shifts: how much less a change in one costs than reading them all."""
    (tmp_path / "settings.toml").write_text(f'include = ["wards/*.toml"]\n{HEAD}')
    (tmp_path / "wards").mkdir()
    for number in range(FILES):
        (tmp_path / f"wards/{number:03}.toml").write_text(_ward(number), encoding="utf-8")
    shelf = Shelf()
    all_of_them = _spent(lambda: _must_stand(tmp_path, shelf))
    (tmp_path / "wards/007.toml").write_text(_ward(7).replace("17:00", "18:00"), encoding="utf-8")
    one_of_them = _spent(lambda: _must_stand(tmp_path, shelf))
    print(f"\n{FILES} files: {all_of_them:.2f} s of CPU; again after a change in one: {one_of_them:.2f} s")
    assert one_of_them < all_of_them * 0.7


def _ward(number: int) -> str:
    place = f'[[places]]\nid = "noi-{number}"\nname = "Trụ sở {number}"\nward = "Phường {number}"\n'
    shifts = "".join(
        f'[[shifts]]\nid = "ca-{number}-{shift}"\nservice = "sao-y"\nplace = "noi-{number}"\n'
        f'days = ["{("T2", "T3", "T4", "T5", "T6")[shift % 5]}"]\n'
        f'time = "{10 + shift // 5}:00-{11 + shift // 5}:00"\n'
        for shift in range(SHIFTS_A_FILE)
    )
    service = '[[services]]\nname = "Sao y"\n' if number == 0 else ""
    return f'[[wards]]\nname = "Phường {number}"\n{service}{place}{shifts}'


def _must_stand(folder: Path, shelf: Shelf) -> None:
    settings = read_settings(folder / "settings.toml", shelf=shelf).settings
    assert settings is not None
    assert len(settings.desk.shifts) == FILES * SHIFTS_A_FILE


def _spent(act: Callable[[], object]) -> float:
    before = time.process_time()
    act()
    return time.process_time() - before


def test_a_year_of_a_thousand_shifts_takes_a_third_of_a_second() -> None:
    """1,000 weekly shifts over a year, read before: some 52,000 sessions."""
    few = (
        _city()
        .replace("[[shifts]]", "[[halt]]", 1_000)
        .partition("[[shifts]]")[0]
        .replace("[[halt]]", "[[shifts]]")
    )
    settings = read_text(few, "settings.toml").settings
    assert settings is not None
    desk, zone = settings.desk, settings.service.zone
    assert len(desk.shifts) == 1_000
    sessions: list[int] = []
    spent = min(
        _spent(
            lambda: sessions.append(
                sum(
                    len(sessions_between(shift, desk.holidays, zone, date(2026, 11, 1), date(2027, 10, 31)))
                    for shift in desk.shifts.values()
                )
            )
        )
        for _ in range(3)
    )
    print(f"\n{sessions[0]} sessions: {spent:.2f} s of CPU")
    assert spent <= 0.3


def test_the_command_is_quick_to_start() -> None:
    """`catruc check` on the example, from its start to its end, compiled before."""
    command = [sys.executable, "-m", "scheduler", "check"]
    spent = []
    for _ in range(4):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=ROOT, env=COMPILED, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(f"\ncatruc check: {min(spent):.2f} s of CPU")
    assert min(spent) <= 0.6
