"""What a list says of consents ends in the ledger once, and never against somebody's will."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from notifications import ledger
from notifications.consent import Consent
from notifications.tables import consents
from scheduler.service.apply_plan import apply_plan
from scheduler.service.office import Office
from scheduler.service.record_agreements import record_agreements
from scheduler.settings.read import read_settings, read_text
from scheduler.settings.settings import Agreement, Settings
from scheduler.store.database import Database

NOW = datetime(2026, 11, 2, 3, tzinfo=UTC)
MAIN = """\
people = ["ds.csv"]
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
[[wards]]
name = "Sài Gòn"
[[places]]
name = "UBND"
[[services]]
name = "Sao y"
[[shifts]]
service = "sao-y"
days = "T3"
time = "17:00-19:30"
"""
HEAD = "TỔ 1,,\nTên,Điện thoại,Đồng ý nhận tin (ngày)\n"
AN, BINH = "+84901000001", "+84901000002"


def _settings(folder: Path, rows: str) -> Settings:
    (folder / "settings.toml").write_text(MAIN, encoding="utf-8")
    (folder / "ds.csv").write_text(HEAD + rows, encoding="utf-8")
    settings = read_settings(folder / "settings.toml").settings
    assert settings is not None
    return settings


def _record(database: Database, settings: Settings, now: datetime = NOW) -> int:
    with database.write() as connection:
        return record_agreements(connection, settings, now)


def _lines(database: Database) -> Sequence[tuple[str, bool, str, str, str]]:
    columns = (consents.c.phone, consents.c.granted, consents.c.at, consents.c.how, consents.c.wording)
    with database.read() as connection:
        rows = connection.execute(
            select(*columns).where(consents.c.purpose == "duty").order_by(consents.c.id)
        )
        return [(row.phone, row.granted, f"{row.at:%d %H:%M}", row.how, row.wording) for row in rows]


def test_an_agreement_is_written_down_once(database: Database, tmp_path: Path) -> None:
    """With its day as the day began here, the file and the row; applying again adds nothing."""
    settings = _settings(tmp_path, "An,0901000001,01/10/2026\nBình,0901000002,\n")
    for _ in range(2):
        with database.write() as connection:
            apply_plan(connection, Office(settings), NOW)
    assert _lines(database) == [(AN, True, "30 17:00", "list", "ds.csv:3: 01/10/2026")]


def test_the_agreements_are_kept_with_the_settings(tmp_path: Path) -> None:
    """What is read again from what is in force says the same, by the same rows."""
    settings = _settings(tmp_path, "An,0901000001,\n,,\nBình,0901000002,1/10/2026\n")
    assert settings.agreements == (Agreement(BINH, datetime(2026, 10, 1, tzinfo=UTC).date(), "ds.csv", 5),)
    assert read_text(settings.source, "settings.toml").settings == settings


def test_a_later_day_is_added_and_an_earlier_one_is_not(database: Database, tmp_path: Path) -> None:
    """Nothing in the ledger is changed."""
    for day, written in (("01/10/2026", 1), ("05/10/2026", 1), ("03/10/2026", 0), ("05/10/2026", 0)):
        assert _record(database, _settings(tmp_path, f"An,0901000001,{day}\n")) == written
    assert [line[4] for line in _lines(database)] == ["ds.csv:3: 01/10/2026", "ds.csv:3: 05/10/2026"]


@pytest.mark.parametrize("day", ["01/10/2026", "01/11/2026"], ids=["before", "after"])
def test_a_list_takes_back_no_refusal(database: Database, tmp_path: Path, day: str) -> None:
    """Whoever wrote STOP on the 15th stays refused, whatever day a list has; others are written down."""
    stop = Consent(AN, "duty", False, datetime(2026, 10, 15, tzinfo=UTC), "sms", "STOP")
    with database.write() as connection:
        ledger.write(connection, stop)
    assert _record(database, _settings(tmp_path, f"An,0901000001,{day}\nBình,0901000002,{day}\n")) == 1
    with database.read() as connection:
        assert ledger.latest(connection, [AN])[AN, "duty"] == stop


def test_a_day_to_come_is_written_down_when_it_is_there(database: Database, tmp_path: Path) -> None:
    """By the clock of the place: 3 November begins at 17:00 UTC."""
    settings = _settings(tmp_path, "An,0901000001,03/11/2026\n")
    assert _record(database, settings, datetime(2026, 11, 2, 16, 59, tzinfo=UTC)) == 0
    assert _record(database, settings, datetime(2026, 11, 2, 17, tzinfo=UTC)) == 1


def test_thousands_are_written_down(database: Database, tmp_path: Path) -> None:
    """More than one query may name."""
    settings = _settings(tmp_path, "".join(f"N{n},09{n:08},1/10/2026\n" for n in range(1_100)))
    assert _record(database, settings) == 1_100
    assert _record(database, settings) == 0
