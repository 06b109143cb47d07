"""What commands say, in Vietnamese and English."""

from typing import TYPE_CHECKING

from scheduler.reminders.wording import when
from scheduler.settings.summary import say

if TYPE_CHECKING:
    from scheduler.plan.changes import Occurrence
    from scheduler.service.apply_plan import Applied
    from scheduler.service.office import Office
    from scheduler.settings.settings import Settings

MOST_LINES = 20


def plan_in_words(applied: "Applied", office: "Office", language: str) -> str:
    """The plan at a glance: what comes, moves and goes, then people and texts in one line each."""
    from scheduler.service.apply_plan import is_held

    if not applied:
        return say(language, "Không có gì thay đổi.", "Nothing would change.")
    changes = applied.changes
    lines = [f"+ {_line(one, office, language)}" for one in _some(changes.added)]
    lines += _rest(len(changes.added), language)
    lines += [
        f"~ {_line(move.stored.occurrence, office, language)} → {_when(move.target, office, language)}"
        for move in changes.moved
    ]
    lines += [f"^ {_line(move.target, office, language)}" for move in changes.restored]
    lines += [f"- {_line(stored.occurrence, office, language)}" for stored in changes.cancelled]
    lines.append(
        say(
            language,
            f"Buổi trực: {len(changes.added) + len(changes.restored)} thêm, {len(changes.moved)} dời, "
            f"{len(changes.cancelled)} bỏ. Phân công: {applied.assignments_added} thêm, "
            f"{applied.assignments_removed} bớt.",
            f"Sessions: {len(changes.added) + len(changes.restored)} added, {len(changes.moved)} moved, "
            f"{len(changes.cancelled)} cancelled. Assignments: {applied.assignments_added} added, "
            f"{applied.assignments_removed} removed.",
        )
    )
    lines.append(_texts(applied, office.settings, language))
    if is_held(applied, office.settings):
        lines.append(
            say(
                language,
                "Thay đổi lớn: chờ người duyệt bằng catruc apply.",
                "A large change: it waits for a person to run catruc apply.",
            )
        )
    return "\n".join(lines)


def _texts(applied: "Applied", settings: "Settings", language: str) -> str:
    price = settings.terms.price
    cost = f", {applied.cost:,.0f} {price.currency}" if price and applied.cost is not None else ""
    return say(
        language,
        f"Tin nhắn trong 24 giờ tới: {applied.texts} tin cho {applied.people} người, "
        f"{applied.segments} đoạn{cost}.",
        f"Texts in the next 24 hours: {applied.texts} to {applied.people} people, "
        f"{applied.segments} segments{cost}.",
    )


def _line(one: "Occurrence", office: "Office", language: str) -> str:
    scene = office.scene(one.service, one.place)
    return (
        f"{one.session.key}  {_when(one, office, language)}  {scene.service.short.in_language(language)}, "
        f"{scene.place.name.in_language(language)}"
    )


def _when(one: "Occurrence", office: "Office", language: str) -> str:
    return when(one.session.starts, one.session.ends, office.zone, language)


def _some(items: "tuple[Occurrence, ...]") -> "tuple[Occurrence, ...]":
    return items if len(items) <= MOST_LINES else items[: MOST_LINES - 5]


def _rest(count: int, language: str) -> list[str]:
    if count <= MOST_LINES:
        return []
    more = count - MOST_LINES + 5
    return [say(language, f"+ … và {more} buổi nữa", f"+ … and {more} more")]
