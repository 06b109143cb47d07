"""Calendars as text: two programs that know nothing of us read in them what was meant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.web.calendar import Event, calendar_text
from tests.javascript import read_by_ical_js

EVENING = Event(
    uid="session-17@desk.example",
    sequence=2,
    changed_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
    starts=datetime(2026, 12, 1, 10, tzinfo=UTC),
    ends=datetime(2026, 12, 1, 12, 30, tzinfo=UTC),
    summary="Chứng thực sao y ngoài giờ, UBND phường Sài Gòn",
    location="45-47 Lê Duẩn, phường Sài Gòn",
    description="Mang theo: CCCD; bản chính\nLệ phí: 2.000 đ/trang",
    url="http://desk.example/sessions/sao-y@2026-12-01",
    position=(10.7799, 106.6999),
)
HOSTILE = (
    "Họp\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    "a\nATTENDEE:mailto:x@example.com",
    "b\rURL:http://evil.example",
    "c\u2028DTSTART:19700101T000000Z",
    "d\x85\x0b\x0cSUMMARY:e",
    "\\nSUMMARY:f\\",
    "g;h,i:j\"k'=",
    " leading and trailing ",
    "đ" * 74 + "🏮" * 40,
    "\x00\x07\x1b[31mred\x7f",
)
TEXTS = ("uid", "summary", "location", "description", "url")
PROPERTIES = sorted(
    [*TEXTS, "dtstamp", "last-modified", "sequence", "dtstart", "dtend", "geo", "status", "transp"]
)


def events_of(text: str) -> list[Any]:
    """The events that the library ``icalendar`` reads in a text."""
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def test_every_line_is_as_the_standard_wants_it() -> None:
    """CRLF at each end, at most 75 octets, no character cut in two, each needed property once."""
    text = calendar_text("Ca trực Quận 1", [replace(EVENING, description="ế" * 500)])
    lines = text.encode().split(b"\r\n")
    assert lines.pop() == b""
    assert max(map(len, lines)) == 75
    assert all(line.decode().strip("\r\n") == line.decode() for line in lines)
    assert "\n" not in text.replace("\r\n", "")
    assert [text.count(f"\r\n{name}:") for name in ("UID", "DTSTAMP", "DTSTART", "PRODID", "VERSION")] == [
        1
    ] * 5


def test_instants_are_in_utc_whatever_zone_they_came_in() -> None:
    """An app somewhere else needs no time zone of ours."""
    there = timezone(timedelta(hours=7))
    moved = replace(EVENING, starts=EVENING.starts.astimezone(there))
    assert "DTSTART:20261201T100000Z\r\n" in calendar_text("x", [moved])


def test_two_readers_find_what_was_written() -> None:
    """Icalendar and ical.js agree on every property, accents, commas and line breaks included."""
    cancelled = replace(EVENING, uid="session-18@desk.example", is_cancelled=True, sequence=3)
    text = calendar_text("Ca trực Quận 1", [EVENING, cancelled])
    for event, mine, theirs in zip(
        (EVENING, cancelled), events_of(text), read_by_ical_js(text)["events"], strict=True
    ):
        assert mine.errors == []
        assert mine.decoded("DTSTART") == event.starts == datetime.fromisoformat(theirs["starts"])
        assert mine.decoded("DTEND") == event.ends == datetime.fromisoformat(theirs["ends"])
        assert int(mine["SEQUENCE"]) == event.sequence == theirs["sequence"]
        for name in TEXTS:
            assert str(mine[name.upper()]) == getattr(event, name) == theirs[name]
        assert str(mine["STATUS"]) == theirs["status"] == ("CANCELLED" if event.is_cancelled else "CONFIRMED")
        assert theirs["properties"] == PROPERTIES
    assert read_by_ical_js(text)["name"] == "Ca trực Quận 1"


def test_an_empty_calendar_is_one_too() -> None:
    """The standard wants a component in every calendar; both readers take it and find no event."""
    text = calendar_text("Không có gì", [])
    assert events_of(text) == []
    assert read_by_ical_js(text)["events"] == []
    assert "BEGIN:VTIMEZONE" in text


@pytest.mark.parametrize(
    ("is_busy", "is_cancelled", "said"),
    [(False, False, "TRANSPARENT"), (True, False, "OPAQUE"), (True, True, "TRANSPARENT")],
)
def test_only_ones_own_duty_takes_up_the_day(is_busy: bool, is_cancelled: bool, said: str) -> None:
    """A resident who follows a desk is free while it is open; who serves there is not, unless it is off."""
    text = calendar_text("x", [replace(EVENING, is_busy=is_busy, is_cancelled=is_cancelled)])
    assert f"\r\nTRANSP:{said}\r\n" in text


def test_hostile_names_stay_names_for_both_readers() -> None:
    """Whatever somebody writes into a name, there are as many events as there were, with our properties."""
    events = [
        replace(EVENING, uid=f"session-{n}@desk.example{text}", summary=text, location=text, description=text)
        for n, text in enumerate(HOSTILE)
    ]
    told = calendar_text(HOSTILE[0], [replace(event, url="http://x/" + event.summary) for event in events])
    read = read_by_ical_js(told)["events"]
    assert len(events_of(told)) == len(read) == len(HOSTILE)
    assert all(event["properties"] == PROPERTIES for event in read)
    assert all(event["starts"] == "2026-12-01T10:00:00.000Z" for event in read)


@given(text=st.text(max_size=300), cancelled=st.booleans())
def test_no_text_adds_a_line(text: str, cancelled: bool) -> None:
    """For any text in any field the same lines begin with the same names; nothing is lost but controls."""
    hostile = replace(
        EVENING,
        uid=f"u{text}",
        summary=f"s{text}",
        location=f"l{text}",
        description=f"d{text}",
        url=f"http://x/{text}",
        is_cancelled=cancelled,
    )
    told = calendar_text(f"n{text}", [hostile])
    unfolded = told.replace("\r\n ", "")
    plain = calendar_text("n", [replace(EVENING, is_cancelled=cancelled)]).replace("\r\n ", "")
    assert _names(unfolded) == _names(plain)
    assert len(unfolded.splitlines()) == len(plain.splitlines())
    (event,) = events_of(told)
    kept = "".join(character for character in text if character.isprintable())
    assert kept in "".join(character for character in str(event["SUMMARY"]) if character.isprintable())


def _names(unfolded: str) -> list[str]:
    return [line.partition(":")[0] for line in unfolded.split("\r\n")]
