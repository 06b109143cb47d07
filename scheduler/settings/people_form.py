"""A list of people as a file that clerks fill in: CSV, or a workbook with notes and choices."""

import csv
import io
from collections.abc import Sequence

from scheduler.settings.columns import EXAMPLE, HEADINGS, LANGUAGE_WORDS, ROLE_WORDS, key_of
from scheduler.settings.people_list import Row
from scheduler.settings.workbook import Note, form
from scheduler.timetable.label import Label

OF_EXCEL = (".xlsx", ".xlsm")
_ENGLISH = {
    "name": "Name", "salutation": "Salutation", "phone": "Phone", "roles": "Role", "ward": "Ward",
    "when": "When", "consent": "Consent (date)", "away": "Away", "at_most": "At most", "prefers": "Prefers",
    "not_with": "Not with", "language": "Language", "id": "id",
}  # fmt: skip
_MEANS = {
    "name": Label("Bắt buộc: họ và tên.", "Required: the full name."),
    "salutation": Label("Gọi trong tin nhắn: anh, chị, cô, chú…", "How texts address the person."),
    "phone": Label(
        "Bắt buộc: số di động, như 0901 234 567.", "Required: a mobile number, like 0901 234 567."
    ),
    "roles": Label("Nhiều vai thì cách nhau bằng dấu phẩy.", "Several with commas."),
    "ward": Label("Phường của người ấy.", "The home ward."),
    "when": Label(
        "Để trống là lúc nào cũng được. Nhiều giờ thì cách nhau bằng dấu chấm phẩy: T2-T6 17:00-21:00; T7",
        "Nothing is any time. Several with semicolons: mon-fri 17:00-21:00; sat",
    ),
    "consent": Label(
        "Ngày người ấy đồng ý nhận tin: ngày/tháng/năm.",
        "The day on which the person agreed to be texted: day/month/year.",
    ),
    "away": Label(
        "Những ngày vắng: 20/12/2026 - 31/12/2026; 5/1/2027", "Days away: 20/12/2026 - 31/12/2026; 5/1/2027"
    ),
    "at_most": Label("Như: 6 giờ một tuần; 20 giờ một tháng", "Like: 6 hours a week; 20 hours a month"),
    "prefers": Label(
        "Dịch vụ người ấy muốn trực; nhiều dịch vụ thì cách nhau bằng dấu phẩy.",
        "Services that the person would rather serve at; several with commas.",
    ),
    "not_with": Label(
        "Tên những người không xếp cùng buổi; ghi ở một trong hai người là đủ.",
        "Names of people who are never on one session with this one; either of the two may say it.",
    ),
    "language": Label("Để trống là tiếng chính của đơn vị.", "Nothing is the desk's first language."),
    "id": Label("Chỉ cần khi hai người trùng tên: a-z, 0-9, gạch nối.", "Needed where two share a name."),
}
_EXAMPLE = {
    "name": Label("Nguyễn Văn Ân", "Nguyễn Văn Ân"),
    "salutation": Label("anh", "anh"),
    "phone": Label("0901 234 567", "0901 234 567"),
    "roles": Label("Tình nguyện viên", "volunteer"),
    "when": Label("T2-T6 17:00-21:00; T7", "mon-fri 17:00-21:00; sat"),
    "consent": Label("01/10/2026", "01/10/2026"),
}


def template(language: str, wards: Sequence[str], services: Sequence[str]) -> tuple[Row, Row]:
    """The headings in a language, and a row that shows how to fill them in and counts as nobody."""
    example = {key: label.in_language(language) for key, label in _EXAMPLE.items()}
    example["name"] = f"{EXAMPLE[language == 'en']} {example['name']}"
    example |= {"ward": wards[0] if wards else "", "prefers": services[0] if services else ""}
    headings = tuple(_ENGLISH[key] if language == "en" else HEADINGS[key][0] for key in HEADINGS)
    return headings, tuple(example.get(key, "") for key in HEADINGS)


def as_file(
    rows: Sequence[Row],
    ending: str,
    language: str,
    wards: Sequence[str] = (),
    services: Sequence[str] = (),
    separator: str = ";",
) -> bytes:
    """The rows of a list as a file of this ending; the row with the headings is the first with a name's.

    A workbook has notes and choices, and cells that keep the zeros of numbers. CSV is UTF-8
    with a mark, without which Excel takes it for something older.
    """
    if ending.lower() not in OF_EXCEL:
        return _as_csv(rows, separator)
    heading = next((at for at, row in enumerate(rows) if "name" in map(key_of, row)), 0)
    roles = ROLE_WORDS[3:] if language == "en" else ROLE_WORDS[:3]
    languages = LANGUAGE_WORDS[4:] if language == "en" else LANGUAGE_WORDS[:2]
    choices = {"roles": roles, "language": languages, "ward": tuple(wards), "prefers": tuple(services)}
    notes = {
        at: Note(written, _MEANS[key].in_language(language), choices.get(key, ()))
        for at, written in enumerate(rows[heading] if rows else ())
        if (key := key_of(written))
    }
    return form(rows, heading, notes)


def _as_csv(rows: Sequence[Row], separator: str) -> bytes:
    written = io.StringIO(newline="")
    width = max(map(len, rows), default=0)
    csv.writer(written, delimiter=separator).writerows([*row, *[""] * (width - len(row))] for row in rows)
    return written.getvalue().encode("utf-8-sig")
