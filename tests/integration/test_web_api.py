"""The JSON that programs read."""

import pytest

from scheduler.web.api import AvailabilityAnswer
from tests.visitor import app_at, get

TUESDAY_EVENING = "2026-12-01T18:00"


def test_the_json_is_what_the_description_says() -> None:
    """The answer fits the described shape exactly: nothing more, nothing less."""
    answer = get(app_at(TUESDAY_EVENING), "/api/v1/availability?lang=en")
    assert answer.headers["cache-control"] == "public, max-age=3"
    told = AvailabilityAnswer.model_validate(answer.json())
    assert [session.key for session in told.open_now] == ["sao-y@2026-12-01"]
    assert told.next is not None
    assert told.next.key == "doi-thoai@2026-12-02"
    assert [session.state for session in told.sessions] == ["open", "scheduled", "cancelled", "scheduled"]
    assert told.sessions[2].reason == "Planned power cut"
    assert answer.json()["now"] == "2026-12-01T18:00:00+07:00"


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        pytest.param("", 4, id="the week"),
        pytest.param("?ward=&service=&place=&from=&to=&at=&lang=", 4, id="empty is absent"),
        pytest.param("?ward=tan+dinh", 1, id="a ward"),
        pytest.param("?service=sao-y", 3, id="a service"),
        pytest.param("?place=45%20le%20duan", 3, id="a place"),
        pytest.param("?from=2026-12-02&to=2026-12-03", 2, id="two days"),
        pytest.param("?open_now=true", 1, id="only what is open"),
        pytest.param("?open_now=1&at=2026-12-01T21:00", 0, id="nothing open"),
    ],
)
def test_parameters_narrow_the_json(query: str, keys: int) -> None:
    """Each parameter of the contract does what it says."""
    answer = get(app_at(TUESDAY_EVENING), f"/api/v1/availability{query}")
    assert len(answer.json()["sessions"]) == keys


@pytest.mark.parametrize(
    ("query", "status", "hint"),
    [
        pytest.param("?ward=hanoi", 404, "sai-gon", id="no such ward"),
        pytest.param("?service=passport", 404, "sao-y", id="no such service"),
        pytest.param("?place=market", 404, "hoi-truong", id="no such place"),
        pytest.param("?from=2026-12-02&to=2026-12-01", 400, "turn", id="backwards"),
        pytest.param("?from=2026-01-01&to=2026-12-01", 400, "92", id="too long"),
        pytest.param("?to=9999-12-31", 400, "92", id="the end of time"),
        pytest.param("?from=0001-01-01", 400, "too far", id="the beginning of time"),
        pytest.param("?from=tomorrow", 422, "2026-11-30", id="no date"),
        pytest.param("?to=20261201", 422, "2026-12-06", id="a date without dashes"),
        pytest.param("?from=2026-02-30", 422, "2026-11-30", id="no such day"),
        pytest.param("?at=5pm", 422, "2026-11-30T18:00", id="no time"),
        pytest.param("?at=1700000000", 422, "2026-11-30T18:00", id="a number is no time"),
        pytest.param("?at=0001-01-01T00:00", 422, "1970", id="before time"),
        pytest.param("?open_now=perhaps", 422, "true or false", id="neither yes nor no"),
    ],
)
def test_a_wrong_question_gets_one_sentence(query: str, status: int, hint: str) -> None:
    """A mistake is answered with its kind of status and one sentence that says what would be right."""
    answer = get(app_at(TUESDAY_EVENING), f"/api/v1/availability{query}", {"accept-language": "en"})
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    assert hint in answer.json()["error"]


@pytest.mark.parametrize(
    ("query", "status", "hint"),
    [
        ("?ward=hanoi", 404, "sai-gon"),
        ("?from=2026-12-02&to=2026-12-01", 400, "turn"),
        ("?from=9999-12-31", 400, "too far"),
        ("?to=2028-01-01", 400, "92"),
        ("?from=x", 422, "2026-11-30"),
    ],
)
def test_a_calendar_app_is_refused_in_one_sentence_too(query: str, status: int, hint: str) -> None:
    """The calendar's refusals are those of the JSON."""
    answer = get(app_at(TUESDAY_EVENING), f"/calendar.ics{query}", {"accept-language": "en"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    assert hint in answer.json()["error"]


def test_the_calendar_is_of_its_own_kind() -> None:
    """Its media type and name are what calendar apps look for; it may be kept for a minute."""
    answer = get(app_at(TUESDAY_EVENING), "/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'inline; filename="catruc.ics"'
    assert answer.headers["cache-control"] == "public, max-age=60"
