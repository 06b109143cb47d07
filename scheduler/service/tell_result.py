"""Tells a clerk without a terminal what became of an edit: the text of ``ket-qua.txt``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.service.put_plan_into_words import plan_in_words
from scheduler.service.take_settings import Fate, Taken
from scheduler.settings.read import Reading
from scheduler.settings.rehearsal import Turn, rehearsal_of, turn_between
from scheduler.settings.settings import Settings
from scheduler.settings.summary import say
from scheduler.timetable.label import Label

ALL_ACCEPTED = (
    "ĐÃ NHẬN. Lịch đang chạy theo tệp này.",
    "ACCEPTED. The desk runs on this file.",
)
_TURNS: Mapping[Turn, Label] = {
    "begun": Label(
        "Thay đổi đang chờ sẽ bắt đầu diễn tập (only_to).", "What waits would begin a rehearsal (only_to)."
    ),
    "changed": Label(
        "Thay đổi đang chờ sẽ đổi cuộc diễn tập (only_to).",
        "What waits would change the rehearsal (only_to).",
    ),
    "ended": Label(
        "Thay đổi đang chờ sẽ kết thúc diễn tập: mọi người nhận tin thật.",
        "What waits would end the rehearsal: everybody is really texted.",
    ),
}
_ELSEWHERE = Label(
    "Dòng `database` chỉ nơi khác: từ lần khởi động sau, dịch vụ chạy với nơi ấy, và nơi mới thì còn trống. "
    "Muốn mang dữ liệu theo thì dừng dịch vụ và chạy catruc move; nếu lỡ tay thì ghi lại như cũ.",
    "`database` names another place: after its next start the service runs on that, and a new one is empty. "
    "To bring everything along, stop the service and run catruc move; after a slip, write what stood there.",
)
NAMES = {"vi": "ket-qua.txt", "en": "result.txt"}


@dataclass(frozen=True, slots=True)
class Halt:
    """A channel by which no texts go for now: since when, and what whoever can mend it must know."""

    channel: str
    since: datetime
    sentence: str


def result_in_words(
    taken: Taken,
    reading: Reading,
    name: str,
    language: str,
    former: Settings | None = None,
    halts: Sequence[Halt] = (),
    elsewhere: bool = False,
) -> str:
    """What became of the edit, what it changed and sends, or what is wrong and at which line.

    `former` is what was in force before it; that texts stand still (`halts`) is said first. `elsewhere`
    says that the file names another database than the one that is served.
    """
    at = taken.at.astimezone(taken.zone)
    parts = [
        *(halt_in_words(halt, taken.zone, language) for halt in halts),
        say(
            language,
            f"Tệp {name}, lúc {at:%H:%M:%S} ngày {at:%d/%m/%Y}",
            f"{name}, at {at:%H:%M:%S} on {at:%d/%m/%Y}",
        ),
        _verdict(taken, reading, language),
        *([_ELSEWHERE.in_language(language)] if elsewhere else []),
        *_about_rehearsal(taken, former, language),
    ]
    if taken.office and taken.applied is not None:
        parts.append(plan_in_words(taken.applied, taken.office, language))
    if taken.fate is Fate.ACCEPTED and taken.applied and taken.office:
        parts.append(_about_texts(taken, language))
    if reading.problems:
        parts.append(reading.render(language))
    return "\n\n".join(parts) + "\n"


def halt_in_words(halt: Halt, zone: ZoneInfo | None, language: str) -> str:
    """That no texts go by a channel, since when and why."""
    since = halt.since.astimezone(zone)
    return say(
        language,
        f"TIN ĐANG DỪNG từ {since:%H:%M %d/%m} (kênh {halt.channel}): {halt.sentence}",
        f"TEXTS STAND STILL since {since:%H:%M %d/%m} (channel {halt.channel}): {halt.sentence}",
    )


def _verdict(taken: Taken, reading: Reading, language: str) -> str:
    errors = sum(problem.severity == "error" for problem in reading.problems)
    match taken.fate:
        case Fate.FAULTY:
            return say(
                language,
                f"CHƯA NHẬN: có {errors} lỗi. Lịch cũ vẫn chạy, không ai bị nhắn nhầm. "
                "Sửa các dòng dưới đây rồi lưu lại.",
                f"NOT ACCEPTED: {errors} errors. The old calendar goes on, nobody is texted by mistake. "
                "Mend the lines below and save again.",
            )
        case Fate.HELD:
            return say(
                language,
                "ĐANG CHỜ: thay đổi này phải có người duyệt bằng lệnh catruc apply. Lịch cũ vẫn chạy.",
                "WAITING: a person must carry this change out with catruc apply. The old calendar goes on.",
            )
        case _ if errors:
            return say(
                language,
                f"ĐÃ NHẬN MỘT PHẦN: {', '.join(reading.frozen)} có lỗi nên phần đó giữ như cũ; "
                "phần còn lại đang chạy theo bản mới.",
                f"ACCEPTED IN PART: {', '.join(reading.frozen)} has errors and stays as it was; "
                "everything else runs on the new version.",
            )
        case _:
            return say(language, *ALL_ACCEPTED)


def _about_rehearsal(taken: Taken, former: Settings | None, language: str) -> list[str]:
    """That what is in force is a rehearsal, and that what waits would begin or end one."""
    edited = taken.office.settings if taken.office else None
    goes_on = former if taken.fate in (Fate.FAULTY, Fate.HELD) else edited
    rehearsal = rehearsal_of(goes_on) if goes_on else None
    lines = [rehearsal.to_the_desk().in_language(language)] if rehearsal else []
    if taken.fate is Fate.HELD and edited and (turn := turn_between(former, edited)):
        lines.append(_TURNS[turn].in_language(language))
    return ["\n".join(lines)] if lines else []


def _about_texts(taken: Taken, language: str) -> str:
    assert taken.office is not None
    assert taken.applied is not None
    if taken.applied.is_rewording:
        return say(
            language,
            "Tin nào chưa gửi thì sẽ gửi bằng lời mới; tin đã gửi không gửi lại.",
            "What has not been sent yet goes in the new words; nothing is sent again.",
        )
    minutes = int(taken.office.settings.apply.wait.total_seconds() // 60)
    return say(
        language,
        f"Tin báo thay đổi chỉ đến người có ca bị đổi, và gửi sau {minutes} phút; "
        "sửa tiếp trong lúc đó thì họ vẫn chỉ nhận một tin.",
        f"Only people whose own session changed are texted about it, after {minutes} minutes; "
        "further edits within that time still make one text.",
    )
