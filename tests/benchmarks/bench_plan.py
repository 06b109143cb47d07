"""Plans against a large store: what an edit costs when a city runs on one desk."""

import time
from datetime import UTC, datetime
from statistics import median

from scheduler.service.apply_plan import apply_plan
from scheduler.service.office import Office
from scheduler.settings.read import read_text
from scheduler.settings.settings import Settings
from scheduler.store.database import Database
from scheduler.store.migrate import migrate

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
SHIFTS = 1_075
RUNS = 5
CPU_SECONDS = 3.0

HEAD = """\
[service]
name = "Thành phố"
timezone = "Asia/Ho_Chi_Minh"
plan_ahead = "140 days"

[sms]
sender = "UBND"

[[wards]]
name = "Sài Gòn"

[[services]]
id = "sao-y"
name = "Sao y"
"""


def city(ends: str) -> Settings:
    """Two sessions a week for each of many shifts; the first of them ends at `ends`."""
    places = [f'[[places]]\nname = "Điểm {number}"\n' for number in range(50)]
    shifts = [
        f'[[shifts]]\nid = "s{number}"\nservice = "sao-y"\nplace = "diem-{number % 50}"\n'
        f'days = ["T{2 + number % 5}", "T7"]\ntime = "{7 + number // 50 % 10:02}:00-{_end(number, ends)}"\n'
        for number in range(SHIFTS)
    ]
    reading = read_text("\n".join([HEAD, *places, *shifts]), "settings.toml")
    assert reading.settings is not None, reading.render("en")
    return reading.settings


def _end(number: int, ends: str) -> str:
    return ends if number == 0 else f"{7 + number // 50 % 10:02}:50"


def test_a_plan_against_forty_thousand_sessions_takes_three_seconds_of_cpu() -> None:
    """Nothing changed, and one shift changed: each at most 3 s of CPU."""
    before, after = city("07:50"), city("08:50")
    database = Database("sqlite://")
    migrate(database)
    with database.write() as connection:
        first = apply_plan(connection, Office(before), NOW)
    print(f"\n{len(first.changes.added)} sessions stored; CPU seconds, median of {RUNS} (least, most)")
    for name, settings, moved in (("nothing changed", before, 0), ("one shift changed", after, None)):
        spent = []
        for _ in range(RUNS):
            begin = time.process_time()
            with database.rehearse() as connection:
                plan = apply_plan(connection, Office(settings, (before,)), NOW)
            spent.append(time.process_time() - begin)
        assert len(plan.changes.moved) == moved if moved is not None else plan.changes.moved
        print(f"  {name:<20}{median(spent):6.2f}  ({min(spent):.2f}, {max(spent):.2f})")
        assert median(spent) < CPU_SECONDS
    database.close()
