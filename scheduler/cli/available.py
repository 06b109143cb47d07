"""What ``catruc available`` prints: open now, next, and the days asked for."""

from itertools import groupby

from scheduler.reminders.wording import WEEKDAYS
from scheduler.settings.summary import say
from scheduler.timetable.opening import Availability, Board, Opening

STATES = {
    "scheduled": ("theo lịch", "scheduled"),
    "open": ("đang mở", "open"),
    "late": ("mở trễ", "late"),
    "full": ("hết chỗ", "full"),
    "cancelled": ("không diễn ra", "cancelled"),
    "ended": ("đã xong", "ended"),
}


def available_in_words(answer: Availability, board: Board, language: str) -> str:
    """A sentence first, then the sessions by day."""
    return "\n".join([_sentence(answer, board, language), *_days(answer, board, language)])


def _sentence(answer: Availability, board: Board, language: str) -> str:
    if answer.open_now:
        names = "; ".join(
            f"{_name(one, language)} {say(language, 'đến', 'until')} {one.ends.astimezone(board.zone):%H:%M}"
            for one in answer.open_now
        )
        return say(language, f"Đang mở: {names}.", f"Open now: {names}.")
    if answer.next is None:
        return say(language, "Không có buổi nào sắp tới.", "Nothing is coming up.")
    starts = answer.next.starts.astimezone(board.zone)
    at = f"{WEEKDAYS[language][starts.weekday()]} {starts:%d/%m %H:%M}"
    return say(
        language,
        f"Bây giờ không nơi nào mở. Gần nhất: {at}, {_name(answer.next, language)}.",
        f"Nothing is open now. Next: {at}, {_name(answer.next, language)}.",
    )


def _days(answer: Availability, board: Board, language: str) -> list[str]:
    lines: list[str] = []
    by_day = groupby(answer.sessions, key=lambda one: one.starts.astimezone(board.zone).date())
    for day, openings in by_day:
        lines.append(f"{WEEKDAYS[language][day.weekday()]} {day:%d/%m/%Y}")
        lines.extend(_line(one, answer, board, language) for one in openings)
    return lines


def _line(one: Opening, answer: Availability, board: Board, language: str) -> str:
    starts, ends = one.starts.astimezone(board.zone), one.ends.astimezone(board.zone)
    state = say(language, *STATES[one.state_at(answer.now)])
    ward = one.ward.name.in_language(language)
    return f"  {starts:%H:%M}-{ends:%H:%M}  {_name(one, language)}, {ward}  [{state}]"


def _name(one: Opening, language: str) -> str:
    return f"{one.service.name.in_language(language)}, {one.place.name.in_language(language)}"
