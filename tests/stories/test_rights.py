"""What somebody may ask of the ward: everything about their number, and to be forgotten."""

import json

import pytest
from sqlalchemy import select

from notifications.tables import consents
from notifications.tables import metadata as notifications_metadata
from scheduler.service.forget_number import StillServes, export_number, forget_number
from scheduler.store.tables import metadata as scheduler_metadata
from tests.desk import PHONES, Desk
from tests.own_page import Reader, app_of, path_for
from tests.stories.conftest import OpenDesk
from tests.stories.test_following import EVERY_TUESDAY, RESIDENT, enrolled

VOLUNTEERS = EVERY_TUESDAY.replace('staff = ["Dũng"]', "needs = { volunteer = 3 }").replace(
    'name = "An"', 'name = "Nguyễn Văn Thử"'
)


def exported(desk: Desk, phone: str) -> dict[str, list[dict[str, object]]]:
    """What is held of a number, as it is printed."""
    with desk.database.read() as connection:
        told = export_number(connection, desk.office, phone, desk.clock())
    document: dict[str, list[dict[str, object]]] = json.loads(json.dumps(told))
    return document


def everything(desk: Desk) -> str:
    """All that the database holds, as one text."""
    tables = (*notifications_metadata.sorted_tables, *scheduler_metadata.sorted_tables)
    with desk.database.read() as connection:
        return "\n".join(str(tuple(row)) for table in tables for row in connection.execute(select(table)))


def forget(desk: Desk, phone: str) -> None:
    """Forgets a number."""
    with desk.database.write() as connection:
        forget_number(connection, desk.office, phone, desk.clock())


def test_a_resident_sees_everything_and_is_forgotten(open_desk: OpenDesk) -> None:
    """Texts, codes, links, agreements with their wording and proof; afterwards nothing names the number."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    enrolled(desk)
    desk.receive(RESIDENT, "toi den tre, goi 0902000001")
    desk.run_until("2026-11-16 20:00")
    told = exported(desk, RESIDENT)
    assert len(told["messages"]) == 5, "the code, the confirmation, and what reminds of three evenings"
    assert all(len(told[name]) == 1 for name in ("subscriptions", "follow_codes", "links"))
    assert [one["proof"] for one in told["consents"]] == [f"code {told['follow_codes'][0]['flow']}"]
    assert "Tôi đồng ý" in str(told["consents"][0]["wording"])
    assert len(told["arrivals"]) == len(told["replies"]) == 1
    assert len(told["attempts"]) == 3
    assert not any("*mp" in str(one["text"]) for one in told["messages"])

    forget(desk, RESIDENT)
    left = everything(desk)
    assert "902000001" not in left
    assert "tre, goi" not in left
    before = len(desk.texts_to(RESIDENT))
    desk.run_until("2026-12-10 20:00")
    assert len(desk.texts_to(RESIDENT)) == before
    assert exported(desk, RESIDENT)["messages"] == []


def test_a_stop_outlives_being_forgotten(open_desk: OpenDesk) -> None:
    """Only the refusal stays, with no words of theirs; who is on a list again is still not texted."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    enrolled(desk)
    desk.receive(RESIDENT, "Thôi đi, STOP")
    desk.receive(RESIDENT, "STOP")
    desk.run_until("2026-11-10 09:05")
    forget(desk, RESIDENT)
    with desk.database.read() as connection:
        kept = connection.execute(select(consents).where(consents.c.phone == RESIDENT)).all()
    assert {(row.purpose, row.granted, row.wording, row.proof) for row in kept} == {
        ("duty", False, "STOP", ""),
        ("service", False, "STOP", ""),
    }


def test_who_serves_is_taken_out_of_the_settings_first(open_desk: OpenDesk) -> None:
    """Then their name is gone from texts to others, too, and what they did is counted under a pseudonym."""
    desk = open_desk(VOLUNTEERS, "2026-11-03 09:00")
    desk.run_until("2026-11-12 09:00")
    app = app_of(desk)
    Reader(app, path_for(desk, "nguyen-van-thu")).get().press("Tôi đến được")
    desk.receive(PHONES["An"], "toi se den som")
    desk.run_until("2026-11-12 10:00")
    assert "Nguyen Van Thu" in everything(desk)
    with pytest.raises(StillServes):
        forget(desk, PHONES["An"])

    person = '[[people]]\nname = "Nguyễn Văn Thử"\nphone = "0901 000 001"\nroles = ["volunteer"]\n'
    assert person in desk.text
    desk.edit(desk.text.replace(person, ""))
    desk.run_until("2026-11-13 09:00")
    forget(desk, PHONES["An"])
    left = everything(desk)
    for trace in ("901000001", "0901 000 001", "Nguyen Van Thu", "Nguyễn Văn Thử", "nguyen-van-thu", "som"):
        assert trace not in left, trace
    assert "forgotten-" in left
