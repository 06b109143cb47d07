"""A real service whose settings file is edited under it."""

from pathlib import Path

import pytest

from tests.desk import ONE_EVENING
from tests.served import Folder, Service, serving, wait_for

# Far enough ahead for every machine that will ever run this.
LASTING = ONE_EVENING.replace("from = 2026-11-17\nuntil = 2026-11-22\n", "")


def answers(service: Service, words: str) -> str:
    """The answer beside the settings, once it holds these words."""
    answer = service.folder.settings.with_name("ket-qua.txt")

    def look() -> str:
        told = answer.read_text(encoding="utf-8-sig") if answer.exists() else ""
        return told if words in told else ""

    return wait_for(look)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A desk with one weekly evening."""
    return Folder(tmp_path, LASTING)


def test_an_edit_comes_into_force_while_the_service_runs(folder: Folder) -> None:
    """Saved, noticed, answered, and shown to residents."""
    with serving(folder) as service:
        service.address()
        folder.settings.write_text(LASTING.replace("17:00-19:30", "18:15-20:15"), encoding="utf-8")
        answers(service, "18:15-20:15")
        wait_for(lambda: "18:15" in service.get("/"))
        assert service.stop() == 0


def test_a_broken_edit_leaves_the_service_as_it_was(folder: Folder) -> None:
    """The clerk reads the line; the page goes on; a restart comes back on the last good settings."""
    with serving(folder) as service:
        service.address()
        folder.settings.write_text(LASTING.replace('"T3"', '"T9"'), encoding="utf-8")
        assert 'không hiểu ngày "T9"' in answers(service, "CHƯA NHẬN")
        assert "17:00" in service.get("/")
        assert service.stop() == 0
    with serving(folder) as service:
        wait_for(lambda: "17:00" in service.get("/"))


def test_a_channel_that_cannot_open_is_refused(folder: Folder) -> None:
    """Who chooses Twilio and gives no account keeps the way that works, and reads why."""
    with serving(folder) as service:
        service.address()
        folder.settings.write_text(LASTING.replace("[sms]", '[sms]\nchannel = "twilio"'), encoding="utf-8")
        told = answers(service, "CHƯA NHẬN")
        assert "CATRUC_TWILIO_ACCOUNT_SID" in told
        assert "settings.toml:7:12:" in told
