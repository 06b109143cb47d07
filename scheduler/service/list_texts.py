"""Lists every text that a desk may send, at its longest, and the sheet by which operators register them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from notifications.text import room
from notifications.veil import masked
from scheduler.plan.desk import Desk
from scheduler.plan.forms import Form, forms
from scheduler.plan.longest import Longest
from scheduler.plan.together import cost
from scheduler.reminders.reminder import Audience, Kind
from scheduler.reminders.vocabulary import shipped_templates
from scheduler.settings.fitting import (
    lean,
    outward_of,
    sender_of,
    spoken_languages,
    texts_at_their_longest,
)
from scheduler.settings.settings import Settings
from scheduler.settings.summary import say
from scheduler.timetable.label import Label

AUDIENCES = {
    Audience.STAFF: Label("cán bộ", "staff"),
    Audience.VOLUNTEER: Label("tình nguyện viên", "volunteers"),
    Audience.RESIDENT: Label("người dân", "residents"),
}
LANGUAGES = {"vi": Label("tiếng Việt", "Vietnamese"), "en": Label("tiếng Anh", "English")}


@dataclass(frozen=True, slots=True)
class _Row:
    audiences: tuple[Audience, ...]
    sender: str
    longest: Longest


def list_texts(settings: Settings) -> list[dict[str, Any]]:
    """Each text with its longest real rendering; apart where audiences or wards send it differently."""
    own = shipped_templates().different_in(settings.templates)
    found: dict[object, _Row] = {}
    for part in _by_sender(settings):
        for longest in texts_at_their_longest(part):
            sender = sender_of(part, longest.audience, part.desk.ward_of(longest.place))
            terms = settings.terms_for(longest.audience)
            key = longest.kind, longest.language, sender, terms.accents, terms.max_segments
            found[key] = _joined(found.get(key), _Row((longest.audience,), sender, longest))
    ordered = sorted(found.values(), key=lambda row: _order(row.longest.kind, row.longest.language, settings))
    return [_told(row, settings, own) for row in ordered]


def text_in_words(row: dict[str, Any], language: str) -> str:
    """One text on two lines: what it costs and leaves free, and how it reads."""
    audiences = ", ".join(AUDIENCES[Audience(each)].in_language(language) for each in row["audiences"])
    size = say(
        language,
        "{encoding}, {segments} đoạn, {characters} ký tự, còn {room}",
        "{encoding}, segments: {segments}, characters: {characters}, free: {room}",
    ).format_map(row)
    return f"{row['text']:<22} {size}  ({audiences}: {row['sender']})\n    {row['longest']}"


def list_forms(settings: Settings) -> list[dict[str, Any]]:
    """What operators ask for of each form of each text: its pattern with variables, a sample, the length."""
    found = [
        form for part in _by_sender(settings) for form in forms(lean(part), outward_of(part), part.templates)
    ]
    return [
        {
            "sender": form.sender,
            "text": f"{form.kind}.{form.language}",
            "language": form.language,
            "audiences": list(form.audiences),
            "pattern": form.pattern,
            "sample": form.sample,
            "encoding": form.size.encoding,
            "segments": form.size.segments,
            "characters": form.size.characters,
        }
        for form in sorted(found, key=lambda form: _order_of_form(form, settings))
    ]


def sheet_of(rows: list[dict[str, Any]], language: str) -> list[list[str]]:
    """The rows under headings that people read, every cell a text."""
    headings = say(
        language,
        "Tên gửi|Tin|Tiếng|Gửi cho|Nội dung mẫu (biến: {tên:số ký tự tối đa})|Ví dụ|Bảng mã|Số đoạn|"
        "Số ký tự tối đa",
        "Sender|Text|Language|Sent to|Pattern (variables: {name:most characters})|Sample|Encoding|Segments|"
        "Most characters",
    )
    return [headings.split("|"), *(_cells(row, language) for row in rows)]


def _cells(row: dict[str, Any], language: str) -> list[str]:
    return [
        row["sender"],
        row["text"],
        LANGUAGES[row["language"]].in_language(language),
        ", ".join(AUDIENCES[Audience(each)].in_language(language) for each in row["audiences"]),
        row["pattern"],
        row["sample"],
        row["encoding"],
        str(row["segments"]),
        str(row["characters"]),
    ]


def _by_sender(settings: Settings) -> Iterator[Settings]:
    """The same settings for the wards of each sender: a ward may have its own."""
    desk = settings.desk
    wards: dict[str | None, set[str]] = defaultdict(set)
    for ward in desk.wards.values():
        wards[ward.sender].add(ward.id)
    for ids in wards.values():
        part = _of_wards(desk, ids)
        if part.shifts:
            yield replace(settings, desk=part)


def _of_wards(desk: Desk, ids: set[str]) -> Desk:
    shifts = {key: shift for key, shift in desk.shifts.items() if desk.places[shift.place].ward in ids}
    return replace(desk, wards={key: ward for key, ward in desk.wards.items() if key in ids}, shifts=shifts)


def _joined(known: _Row | None, row: _Row) -> _Row:
    if known is None:
        return row
    longest = max(known.longest, row.longest, key=lambda one: cost(one.measure))
    return _Row(tuple(dict.fromkeys((*known.audiences, *row.audiences))), row.sender, longest)


def _order(kind: Kind, language: str, settings: Settings) -> tuple[int, int]:
    return list(Kind).index(kind), spoken_languages(settings).index(language)


def _order_of_form(form: Form, settings: Settings) -> tuple[str, int, int]:
    return form.sender, *_order(form.kind, form.language, settings)


def _told(row: _Row, settings: Settings, own: tuple[str, ...]) -> dict[str, Any]:
    longest = row.longest
    most = settings.terms_for(longest.audience).max_segments
    name = f"{longest.kind}.{longest.language}"
    return {
        "text": name,
        "language": longest.language,
        "audiences": list(row.audiences),
        "sender": row.sender,
        "own": f"{name}.txt" in own,
        "encoding": longest.measure.encoding,
        "segments": longest.measure.segments,
        "characters": longest.measure.characters,
        "room": room(longest.text, most),
        "longest": masked(longest.text),
    }
