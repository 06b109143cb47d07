"""The texts that catruc ships, and what each of them may name.

Whoever words a text anew writes it from these fields: others are empty where that text is written.
"""

from importlib.resources import files

from notifications.template import Templates, file_of, templates_in
from scheduler.reminders.reminder import Kind
from scheduler.timetable.label import Label

LANGUAGES = ("vi", "en")

# What a field is, in a word that operators' forms take.
FIELDS = {
    "sender": Label("nguoi_gui", "sender"),
    "salutation": Label("xung_ho", "salutation"),
    "name": Label("ho_ten", "name"),
    "role": Label("vai_tro", "role"),
    "leads": Label("la_truong_nhom", "leads"),
    "service": Label("dich_vu", "service"),
    "place": Label("dia_diem", "place"),
    "ward": Label("phuong", "ward"),
    "when": Label("ngay_gio", "when"),
    "was": Label("ngay_gio_cu", "was"),
    "bring": Label("mang_theo", "bring"),
    "count": Label("so_luong", "count"),
    "silent": Label("chua_tra_loi", "silent"),
    "reason": Label("ly_do", "reason"),
    "next": Label("buoi_ke_tiep", "next"),
    "person": Label("nguoi", "person"),
    "giver": Label("nguoi_nhuong", "giver"),
    "refused": Label("tu_choi", "refused"),
    "residents": Label("nguoi_dan", "residents"),
    "reply": Label("tra_loi", "reply"),
    "waiting": Label("nguoi_dan_cho", "waiting"),
    "yes": Label("so_dong_y", "yes"),
    "no": Label("so_tu_choi", "no"),
    "items": Label("cac_ca", "items"),
    "week": Label("tuan", "week"),
    "answer": Label("cach_tra_loi", "answer"),
    "give_up": Label("cach_bo_ca", "give_up"),
    "page": Label("trang_rieng", "page"),
    "desk": Label("trang_tai_quay", "desk"),
    "code": Label("ma", "code"),
    "most": Label("toi_da", "most"),
    "stop": Label("ngung", "stop"),
    "hotline": Label("dien_thoai", "hotline"),
}

_SESSION = ("sender", "service", "place", "ward", "when", "bring", "hotline")
_PERSON = ("salutation", "name")
_REPORT = ("sender", *_PERSON, "hotline")
_SERVING = (*_SESSION, *_PERSON, "role", "leads")
_ASKING = (*_SERVING, "answer")
_ANSWER = ("sender", *_PERSON, "hotline")

_NAMED: dict[Kind, tuple[str, ...]] = {
    Kind.ASK: _ASKING,
    Kind.CHASE: _ASKING,
    Kind.REMIND: (*_SERVING, "waiting", "give_up"),
    Kind.SEVERAL: (*_ANSWER, "count", "week", "items", "answer", "give_up", "desk"),
    Kind.DUTY: (*_SERVING, "desk"),
    Kind.MOVED: (*_SERVING, "was"),
    Kind.CANCELLED: (*_SERVING, "reason", "next"),
    Kind.RESTORED: _SERVING,
    Kind.RELEASED: _SERVING,
    Kind.RESIDENT: (*_SESSION, "salutation"),
    Kind.RESIDENT_MOVED: (*_SESSION, "salutation", "was"),
    Kind.RESIDENT_CANCELLED: (*_SESSION, "salutation", "reason", "next"),
    Kind.RESIDENT_RESTORED: (*_SESSION, "salutation"),
    Kind.ESCALATE: (*_SESSION, *_PERSON, "count", "silent", "yes", "no", "page"),
    Kind.MISSED: (*_REPORT, "count"),
    Kind.UNREACHABLE: (*_REPORT, "person", "refused"),
    Kind.CAPPED: (*_REPORT, "count", "residents"),
    Kind.REPLY: (*_REPORT, "person", "reply"),
    Kind.OFFERED: (*_SESSION, *_PERSON, "person", "answer"),
    Kind.SWAPPED: (*_SESSION, *_PERSON, "person", "giver"),
    Kind.SUBSTITUTE: _ASKING,
    Kind.FILLED: _SERVING,
    Kind.DROPOUT: (*_REPORT, "person", "service", "when", "count", "reply"),
    Kind.CALL_OFF: (*_REPORT, "person", "service", "when", "answer"),
    Kind.THANKED: (*_SERVING, "give_up"),
    Kind.EXCUSED: _SERVING,
    Kind.TAKEN: _SERVING,
    Kind.WHICH: (*_ANSWER, "items"),
    Kind.UNCLEAR: (*_ANSWER, "items"),
    Kind.HELPED: (*_ANSWER, "items"),
    Kind.NOTED: (*_SESSION, *_PERSON, "reply"),
    Kind.CODE: ("sender", "code", "hotline"),
    Kind.SCHEDULE: (*_SESSION, "next"),
    Kind.FOLLOWED: ("sender", "service", "ward", "most", "stop", "hotline"),
    Kind.FOLLOWED_SESSION: (*_SESSION, "salutation", "stop"),
    Kind.UNFOLLOWED: ("sender", "service", "ward", "hotline"),
}


def fields_for(kind: Kind) -> tuple[str, ...]:
    """The fields that a text of this kind may name, in the order in which people are told of them."""
    return tuple(name for name in FIELDS if name in _NAMED[kind])


def kinds_by_file() -> dict[str, Kind]:
    """The kind of every text, by the name of its file: ``ask.vi.txt``."""
    return {file_of(kind, language): kind for kind in Kind for language in LANGUAGES}


def shipped_templates() -> Templates:
    """The texts that catruc ships."""
    return templates_in(files("scheduler.reminders").joinpath("texts"))
