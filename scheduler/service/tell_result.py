"""Tells a clerk without a terminal what became of an edit: the text of ``ket-qua.txt``."""

from scheduler.service.put_plan_into_words import plan_in_words
from scheduler.service.take_settings import Fate, Taken
from scheduler.settings.read import Reading
from scheduler.settings.summary import say

ALL_ACCEPTED = (
    "ĐÃ NHẬN. Lịch đang chạy theo tệp này.",
    "ACCEPTED. The desk runs on this file.",
)
NAMES = {"vi": "ket-qua.txt", "en": "result.txt"}


def result_in_words(taken: Taken, reading: Reading, name: str, language: str) -> str:
    """What became of the edit, what it changed and sends, or what is wrong and at which line."""
    at = taken.at.astimezone(taken.zone)
    parts = [
        say(
            language,
            f"Tệp {name}, lúc {at:%H:%M:%S} ngày {at:%d/%m/%Y}",
            f"{name}, at {at:%H:%M:%S} on {at:%d/%m/%Y}",
        ),
        _verdict(taken, reading, language),
    ]
    if taken.office and taken.applied is not None:
        parts.append(plan_in_words(taken.applied, taken.office, language))
    if taken.fate is Fate.ACCEPTED and taken.applied and taken.office:
        parts.append(_about_texts(taken, language))
    if reading.problems:
        parts.append(reading.render(language))
    return "\n\n".join(parts) + "\n"


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


def _about_texts(taken: Taken, language: str) -> str:
    assert taken.office is not None
    minutes = int(taken.office.settings.apply.wait.total_seconds() // 60)
    return say(
        language,
        f"Tin báo thay đổi chỉ đến người có ca bị đổi, và gửi sau {minutes} phút; "
        "sửa tiếp trong lúc đó thì họ vẫn chỉ nhận một tin.",
        f"Only people whose own session changed are texted about it, after {minutes} minutes; "
        "further edits within that time still make one text.",
    )
