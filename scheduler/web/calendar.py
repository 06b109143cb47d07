"""Sessions for a calendar app: RFC 5545 as text, from nothing but its arguments."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

MEDIA_TYPE = "text/calendar; charset=utf-8"

# Octets a line, without its end (RFC 5545, 3.1).
_LONGEST_LINE = 75
# Whatever some program somewhere takes for the end of a line; a carriage return alone is one too.
_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Forbidden in a text (3.3.11), and halves of characters, which no encoding can carry.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_KEPT_IN_ADDRESSES = ":/?#[]@!$&'()*+,;=%~"
# An object without any component is none (3.6), and a calendar may well be empty.
_NOTHING = (
    "BEGIN:VTIMEZONE",
    "TZID:Etc/UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar; instants are aware and are written in UTC.

    Attributes:
        uid: The same for as long as it is the same session, however it changes, and nobody else's.
        sequence: Raised whenever the entry changes.
        changed_at: When it last did; not the present time, so that an unchanged calendar is the same text.
        is_cancelled: Kept, so that apps which have the entry learn of it.
        is_busy: Whether the owner of the calendar is then not free.
    """

    uid: str
    sequence: int
    changed_at: datetime
    starts: datetime
    ends: datetime
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""
    position: tuple[float, float] | None = None
    is_cancelled: bool = False
    is_busy: bool = False


def calendar_text(name: str, events: Iterable[Event]) -> str:
    """The calendar with these events, called `name`, as RFC 5545 wants it: every line ends with CRLF.

    Whatever the texts hold, they add no line of their own. An app should ask again after an hour.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//catruc//catruc//EN",
        "CALSCALE:GREGORIAN",
        *_named("NAME", name),
        *_named("X-WR-CALNAME", name),
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        *([line for event in events for line in _lines_of(event)] or _NOTHING),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _lines_of(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield from _named("UID", event.uid)
    yield f"DTSTAMP:{_instant(event.changed_at)}"
    yield f"LAST-MODIFIED:{_instant(event.changed_at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART:{_instant(event.starts)}"
    yield f"DTEND:{_instant(event.ends)}"
    yield from _named("SUMMARY", event.summary)
    yield from _named("LOCATION", event.location)
    yield from _named("DESCRIPTION", event.description)
    if event.url:
        yield f"URL:{quote(_FORBIDDEN.sub('', event.url), safe=_KEPT_IN_ADDRESSES)}"
    if event.position:
        yield f"GEO:{event.position[0]:.6f};{event.position[1]:.6f}"
    yield f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}"
    yield f"TRANSP:{'OPAQUE' if event.is_busy and not event.is_cancelled else 'TRANSPARENT'}"
    yield "END:VEVENT"


def _named(name: str, text: str) -> Iterator[str]:
    if text:
        yield f"{name}:{_escaped(text)}"


def _escaped(text: str) -> str:
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text)).translate(_ESCAPES)


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, each but the first after a space; no character is cut."""
    pieces = [""]
    left = _LONGEST_LINE
    for character in line:
        size = len(character.encode())
        if size > left:
            pieces.append(" ")
            left = _LONGEST_LINE - 1
        pieces[-1] += character
        left -= size
    return "\r\n".join(pieces)
