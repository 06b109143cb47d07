"""Real services, killed and stopped: nothing is lost, nothing goes twice, and what is in doubt is said so."""

import json
import random
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.burst import BURST, SAIGON, a_burst, head
from tests.served import ADDRESS, Folder, catruc, serving, wait_for

KILLS = 10


def quiet_desk(now: datetime) -> str:
    """A desk with one evening in a week on which nobody is texted."""
    evening = now.astimezone(SAIGON).date() + timedelta(days=5)
    return f"""\
{head(now)}
[[shifts]]
id = "toi"
service = "Sao y"
days = "mon-sun"
on_holiday = "keep"
time = "17:00-19:30"
from = {evening}
until = {evening}
"""


@pytest.fixture
def burst(tmp_path: Path) -> Folder:
    """A folder whose settings make 500 texts due at once."""
    return Folder(tmp_path, a_burst(datetime.now(UTC)))


@pytest.fixture
def desk(tmp_path: Path) -> Folder:
    """A folder whose settings make no text due."""
    return Folder(tmp_path, quiet_desk(datetime.now(UTC)))


def test_ten_kills_in_a_burst_lose_nothing_and_double_nothing(burst: Folder) -> None:
    """Each text was handed over once, or is listed as in doubt and was handed over at most once."""
    luck = random.Random(20261117)
    for _ in range(KILLS):
        with serving(burst) as service:
            enough = luck.randint(1, 25)
            wait_for(lambda: service.printed().count("→ [") >= enough)  # noqa: B023  looked at in this turn
            time.sleep(luck.uniform(0, 0.01))
            service.kill()
    assert burst.under_way(), "the burst was over before the last kill: this proved nothing"
    with serving(burst) as service:
        service.address()
        wait_for(lambda: not burst.under_way(), patience=120)
        assert service.stop() == 0

    states, handed = burst.states(), burst.handed()
    assert sum(key.startswith("ask/") for key in states) == BURST
    assert set(handed) <= set(states)
    assert set(states.values()) <= {"sent", "in_doubt"}
    assert {key: handed[key] for key, state in states.items() if state == "sent" and handed[key] != 1} == {}
    assert {key: handed[key] for key, state in states.items() if handed[key] > 1} == {}
    doubtful = sum(state == "in_doubt" for state in states.values())
    assert doubtful <= KILLS, "a kill puts in doubt what was under way, and that is one text"
    assert bool(doubtful) <= any(key.startswith("missed/") for key in handed), "a person is told of doubts"


def test_a_stop_in_a_burst_leaves_no_doubt(burst: Folder) -> None:
    """SIGTERM: what is under way is finished and recorded, the rest is given back; the next start goes on."""
    with serving(burst) as service:
        wait_for(lambda: service.printed().count("→ [") >= 20)
        assert service.stop() == 0
    states = burst.states()
    assert set(states.values()) == {"sent", "waiting"}
    assert burst.handed() == {key: 1 for key, state in states.items() if state == "sent"}

    with serving(burst) as service:
        service.address()
        wait_for(lambda: not burst.under_way(), patience=120)
        assert service.stop() == 0
    assert set(burst.states().values()) == {"sent"}
    assert burst.handed() == dict.fromkeys(states, 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_service_that_is_told_to_stop_exits_well(desk: Folder, number: signal.Signals) -> None:
    """Exit code 0, no traceback, and the database can be served again."""
    for _ in range(2):
        with serving(desk) as service:
            assert "Sao y" in service.get("/")
            assert service.stop(number) == 0
    assert "Traceback" not in desk.err.read_text(encoding="utf-8")


def test_a_second_service_on_one_database_is_refused(desk: Folder) -> None:
    """One line on stderr, exit code 1, and the first goes on."""
    with serving(desk) as service:
        service.address()
        with serving(desk) as second:
            wait_for(lambda: second.process.poll() is not None or ADDRESS.search(second.printed()))
            assert second.process.poll() == 1
        complaints = [
            line for line in desk.err.read_text(encoding="utf-8").splitlines() if "catruc: " in line
        ]
        assert len(complaints) == 1
        assert "serves" in complaints[0]
        assert json.loads(service.get("/api/v1/availability"))["next"]


def test_a_taken_port_is_named_at_the_end(desk: Folder, tmp_path: Path) -> None:
    """Another folder, the same port: the sentence names it."""
    other = tmp_path / "other"
    other.mkdir()
    folder = Folder(other, desk.settings.read_text(encoding="utf-8"))
    with serving(desk) as service:
        port = service.address().rpartition(":")[2]
        second = catruc("serve", "--port", port, "--settings", str(folder.settings))
    assert second.returncode == 1
    assert port in second.stderr.splitlines()[-1]
    assert "Traceback" not in second.stderr


def test_what_other_commands_write_is_seen(desk: Folder) -> None:
    """A running service sends what a clerk's command queued, and shows what another one applied."""
    with serving(desk) as service:
        service.address()
        at = ("--settings", str(desk.settings))
        followed = catruc("follow", "-", "Sao y", "Sài Gòn", *at, typed="0901 234 567\n")
        assert (followed.returncode, followed.stderr) == (0, "")
        wait_for(lambda: desk.handed()["followed/1"] == 1)

        text = desk.settings.read_text(encoding="utf-8")
        second = text[text.index("[[shifts]]") :].replace("toi", "sang").replace("17:00-19:30", "08:00-10:00")
        desk.settings.write_text(f"{text}\n{second}", encoding="utf-8")
        assert catruc("apply", "--yes", *at).returncode == 0
        wait_for(lambda: '"sang@' in service.get("/api/v1/availability"))
        assert service.stop() == 0
    assert "+84901234567" not in desk.out.read_text(encoding="utf-8"), "numbers are masked"


def test_a_first_apply_on_a_real_channel_waits_for_a_person(desk: Folder) -> None:
    """The service starts, shows the plan and sends nothing; once somebody applies it goes on by itself."""
    text = desk.settings.read_text(encoding="utf-8").replace("[sms]", '[sms]\nchannel = "twilio"')
    desk.settings.write_text(text, encoding="utf-8")
    account = {"CATRUC_TWILIO_ACCOUNT_SID": f"AC{'0' * 32}", "CATRUC_TWILIO_AUTH_TOKEN": "secret"}
    with serving(desk, {**account, "CATRUC_TWILIO_BASE_URL": "http://127.0.0.1:9"}) as service:
        service.address()
        assert "catruc apply" in service.printed()
        assert not desk.states()
        assert catruc("apply", "--yes", "--settings", str(desk.settings)).returncode == 0
        wait_for(lambda: '"toi@' in service.get("/api/v1/availability"))
        assert service.stop() == 0
