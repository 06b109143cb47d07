"""What commands say, in Vietnamese and English."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from scheduler.reminders.wording import WEEKDAYS, when
from scheduler.settings.settings import Mode
from scheduler.settings.summary import say

if TYPE_CHECKING:
    from scheduler.plan.changes import Move, Occurrence
    from scheduler.service.apply_plan import Applied
    from scheduler.service.office import Office

FEW = 3

Changed = TypeVar("Changed")


def waits_for_person(applied: "Applied", office: "Office") -> bool:
    """Whether the service would leave this change to a person: it is large, or all edits are."""
    from scheduler.service.apply_plan import is_held

    settings = office.settings
    is_edit = bool(office.former) and office.former[0].source != settings.source
    return is_held(applied, settings) or (is_edit and settings.apply.mode is Mode.MANUAL)


def plan_in_words(applied: "Applied", office: "Office", language: str, waits: bool = False) -> str:
    """The plan at a glance: what comes, moves and goes, then people and texts in one line each.

    The last line says that the change `waits` for a person.
    """
    told = _changes_in_words(applied, office, language)
    if not waits:
        return told
    waiting = say(
        language,
        "Thay đổi này chờ người duyệt bằng catruc apply.",
        "This change waits for a person to run catruc apply.",
    )
    return f"{told}\n{waiting}"


def money(amount: Decimal, currency: str, language: str) -> str:
    """An amount as people write it: "89.380 VND" in Vietnamese, "89,380 VND" in English."""
    written = f"{amount:,.0f}" if currency == "VND" else f"{amount:,.2f}"
    if language == "vi":
        written = written.translate(str.maketrans(",.", ".,"))
    return f"{written} {currency}"


def _changes_in_words(applied: "Applied", office: "Office", language: str) -> str:
    if not applied:
        return say(language, "Không có gì thay đổi.", "Nothing would change.")
    changes = applied.changes
    lines = [
        *_lines("+", changes.added, office, language),
        *_moves(changes.moved, office, language),
        *_lines("+", [move.target for move in changes.restored], office, language),
        *_lines("-", [stored.occurrence for stored in changes.cancelled], office, language),
        *_reworded(applied.reworded, office, language),
        _counts(applied, language),
        _texts(applied, language),
    ]
    return "\n".join(lines)


def _counts(applied: "Applied", language: str) -> str:
    changes = applied.changes
    added = len(changes.added) + len(changes.restored)
    return say(
        language,
        f"Buổi trực: {added} thêm, {len(changes.moved)} dời, {len(changes.cancelled)} bỏ. "
        f"Phân công: {applied.assignments_added} thêm, {applied.assignments_removed} bớt.",
        f"Sessions: {added} added, {len(changes.moved)} moved, {len(changes.cancelled)} cancelled. "
        f"Assignments: {applied.assignments_added} added, {applied.assignments_removed} removed.",
    )


def _texts(applied: "Applied", language: str) -> str:
    cost = f", {money(applied.cost.amount, applied.cost.currency, language)}" if applied.cost else ""
    return say(
        language,
        f"Tin nhắn trong 24 giờ tới: {applied.texts} tin cho {applied.people} người, "
        f"{applied.segments} đoạn{cost}.",
        f"Texts in the next 24 hours: {applied.texts} to {applied.people} people, "
        f"{applied.segments} segments{cost}.",
    )


def _lines(sign: str, changed: "Sequence[Occurrence]", office: "Office", language: str) -> Iterator[str]:
    """One line a session, or one a shift where there are many: a plan is read at a glance."""
    for group in _by_shift(changed, _shift_of):
        if len(group) <= FEW:
            yield from (f"{sign} {_line(one, office, language)}" for one in group)
        else:
            more = _and_more(len(group), group[-1], office, language)
            yield f"{sign} {_line(group[0], office, language)}{more}"


def _moves(moved: "Sequence[Move]", office: "Office", language: str) -> Iterator[str]:
    for group in _by_shift(moved, lambda move: _shift_of(move.target)):
        shown = group if len(group) <= FEW else group[:1]
        for move in shown:
            before = _line(move.stored.occurrence, office, language)
            line = f"~ {before} → {_when(move.target, office, language)}"
            if move.stored.occurrence.place != move.target.place:
                line += f", {_place(move.target, office, language)}"
            if shown is not group:
                line += _and_more(len(group), group[-1].target, office, language)
            yield line


def _reworded(files: "Sequence[str]", office: "Office", language: str) -> Iterator[str]:
    """One line a text, as it will be; with its fields."""
    for file in files:
        words = " ".join(office.templates.files[file].source.split())
        yield say(language, f"~ tin {file}: {words}", f"~ text {file}: {words}")


def _by_shift(changed: "Iterable[Changed]", shift_of: "Callable[[Changed], str]") -> "list[list[Changed]]":
    groups: dict[str, list[Changed]] = {}
    for one in changed:
        groups.setdefault(shift_of(one), []).append(one)
    return list(groups.values())


def _shift_of(one: "Occurrence") -> str:
    return one.session.shift


def _and_more(count: int, last: "Occurrence", office: "Office", language: str) -> str:
    starts = last.session.starts.astimezone(office.zone)
    until = f"{WEEKDAYS[language][starts.weekday()]} {starts:%d/%m}"
    return say(language, f"  (… {count} buổi, đến {until})", f"  (… {count} sessions, until {until})")


def _line(one: "Occurrence", office: "Office", language: str) -> str:
    scene = office.scene(one.service, one.place)
    service = scene.service.short.in_language(language)
    return f"{one.session.key}  {_when(one, office, language)}  {service}, {_place(one, office, language)}"


def _place(one: "Occurrence", office: "Office", language: str) -> str:
    return office.scene(one.service, one.place).place.name.in_language(language)


def _when(one: "Occurrence", office: "Office", language: str) -> str:
    return when(one.session.starts, one.session.ends, office.zone, language)
