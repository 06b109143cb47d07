"""One opening as a page prints it: strings only, ready for the template."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from scheduler.timetable.label import Label
from scheduler.timetable.opening import Opening
from scheduler.web.wording import badge, clock, moved_note, places_left_note, ward_title


@dataclass(frozen=True, slots=True)
class Card:
    """Everything a page says of one session. `starts_iso` and `ends_iso` carry the offset of the zone."""

    key: str
    service: str
    service_id: str
    ward: str
    place: str
    address: str
    starts: str
    starts_iso: str
    ends: str
    ends_iso: str
    state: str
    badge: str
    last_entry: str | None
    entry_is_over: bool
    bring: str | None
    fee: str | None
    result: str | None
    notes: tuple[str, ...]
    is_confirmed: bool
    link: str
    place_link: str


def card(opening: Opening, now: datetime, zone: ZoneInfo, language: str, kept: str = "") -> Card:
    """The card of `opening` as it stands at `now`, in `language`; its links end with `kept`."""
    service, place, last = opening.service, opening.place, opening.last_entry
    notes = (
        opening.reason_in(language),
        moved_note(opening, now, zone, language),
        places_left_note(opening, language),
    )
    return Card(
        key=opening.key,
        service=service.name.in_language(language),
        service_id=service.id,
        ward=ward_title(opening.ward, language),
        place=place.name.in_language(language),
        address=place.address,
        starts=clock(opening.starts, zone),
        starts_iso=opening.starts.astimezone(zone).isoformat(timespec="minutes"),
        ends=_end(opening, zone, language),
        ends_iso=opening.ends.astimezone(zone).isoformat(timespec="minutes"),
        state=opening.state_at(now).value,
        badge=badge(opening, now, zone, language),
        last_entry=None if last is None else clock(last, zone),
        entry_is_over=last is not None and now > last,
        bring=_said(service.bring, language),
        fee=_said(service.fee, language),
        result=_said(service.result, language),
        notes=tuple(note for note in notes if note),
        is_confirmed=opening.confirmed_at is not None,
        link=f"/sessions/{quote(opening.key, safe='@')}{kept}",
        place_link=f"/places/{quote(place.id)}{kept}",
    )


def _said(label: Label | None, language: str) -> str | None:
    return None if label is None else label.in_language(language)


def _end(opening: Opening, zone: ZoneInfo, language: str) -> str:
    starts, ends = opening.starts.astimezone(zone), opening.ends.astimezone(zone)
    # An end at midnight belongs to the evening before it for everyone who reads it.
    if (ends - timedelta(minutes=1)).date() == starts.date():
        return f"{ends:%H:%M}"
    return f"{ends:%H:%M} " + ("next day" if language == "en" else "hôm sau")
