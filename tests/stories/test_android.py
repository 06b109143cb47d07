"""From the settings file to a phone and back: a real service, a pretend phone on its shelf, a rehearsal."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.fake_android import PASSWORD, SIGNING_KEY, USER, Call, FakeAndroid, signed
from tests.served import Folder, Service, catruc, serving, wait_for
from tests.terminal import SMALL

# Everybody but one volunteer and the staff is left alone while the desk rehearses.
REHEARSED = ("+84901000001", "+84901000002")
TEXT = SMALL.replace(
    "[sms]",
    '[sms]\nchannel = "android"\nquiet = ""\nrate = "100/s"\nonly_to = ["0901 000 001", "0901 000 002"]',
)


def posted(service: Service, call: Call) -> int:
    """The status with which the service answers a call of the phone."""
    request = Request(f"{service.address()}/sms/android", call.body, call.headers, method="POST")
    try:
        with urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except HTTPError as refusal:
        return refusal.code


def listed(folder: Folder, environment: dict[str, str]) -> dict[str, str]:
    """The state of each text to the volunteers, as `catruc messages` tells it."""
    said = catruc("messages", "--json", "--settings", str(folder.settings), more=environment)
    assert said.returncode == 0, said.stderr
    return {row["key"]: row["state"] for row in json.loads(said.stdout) if row["kind"] == "ask"}


def test_a_question_leaves_by_the_phone_and_its_receipt_comes_back(tmp_path: Path) -> None:
    """The text goes to those on the list only, the handset has it, the page says that it is a rehearsal."""
    folder = Folder(tmp_path, TEXT)
    with FakeAndroid() as phone:
        environment = {
            "CATRUC_ANDROID_URL": phone.url,
            "CATRUC_ANDROID_USER": USER,
            "CATRUC_ANDROID_PASSWORD": PASSWORD,
            "CATRUC_ANDROID_SIGNING_KEY": SIGNING_KEY,
        }
        catruc("apply", "--yes", "--settings", str(folder.settings), more=environment)
        with serving(folder, environment) as service:
            service.address()
            wait_for(lambda: set(listed(folder, environment).values()) == {"sent"})
            [(reference, asked)] = phone.ledger.items()
            assert asked.phoneNumbers[0] in REHEARSED
            assert "UBNDQ1" in asked.textMessage.text

            now = datetime.now(UTC)
            call = phone.deliver(reference, now)
            assert posted(service, signed(call.body, now, "guessed")) == 403
            assert [posted(service, call), posted(service, call)] == [204, 204]
            wait_for(lambda: set(listed(folder, environment).values()) == {"delivered"})

            assert "ĐANG DIỄN TẬP" in service.get("/")
            assert "REHEARSAL" in service.printed()
            assert service.stop() == 0
    log = folder.err.read_text(encoding="utf-8")
    assert "event=rehearsal turn=begun" in log
    assert not any(private in log for private in ("901000", PASSWORD, SIGNING_KEY, asked.textMessage.text))
