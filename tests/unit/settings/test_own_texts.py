"""Texts in the administrator's words: what may stand in them, how mistakes are told, and what is in force."""

import json
import os
from pathlib import Path

import pytest

from scheduler.reminders.reminder import Kind
from scheduler.reminders.vocabulary import kinds_by_file, shipped_templates
from scheduler.settings.bundle import bundle_of
from scheduler.settings.problem import Severity
from scheduler.settings.read import Reading, read_safely, read_settings, read_text
from scheduler.settings.shelf import Shelf

DESK = """\
texts = "texts/"
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
hotline = "028 0000 0000"
[sms]
sender = "UBNDQ1"
[[wards]]
name = "Sài Gòn"
coordinators = ["An"]
[[places]]
name = "Bưu cục"
[[services]]
name = "Sao y"
[[people]]
name = "An"
phone = "0901 000 001"
roles = ["volunteer"]
[[shifts]]
service = "sao-y"
days = "T3"
time = "17:00-19:30"
"""
ASK = "{{ sender }}: Mời {{ salutation }} {{ name }} trực {{ service }} {{ when }}, {{ place }}."


class Folder:
    """A settings file with its folder of texts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.texts = path / "texts"
        self.texts.mkdir()
        self.save(DESK)

    def save(self, text: str) -> None:
        """Saves the settings file."""
        (self.path / "settings.toml").write_text(text, encoding="utf-8")

    def write(self, name: str, text: str | bytes) -> None:
        """Saves a text, or whatever has such a name."""
        (self.texts / name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def read(self, last_good: str | None = None) -> Reading:
        """What all the files say."""
        return read_settings(self.path / "settings.toml", last_good)

    def told(self, language: str = "en") -> list[str]:
        """Every problem on one line, without the way to the folder."""
        return [each.heading(language).replace(f"{self.path}/", "") for each in self.read().problems]

    def says(self, file: str = "ask.vi.txt") -> str:
        """What one text is made of, as it would be sent."""
        settings = self.read().settings
        assert settings is not None
        return settings.templates.files[file].source


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A desk whose settings name an empty folder of texts."""
    return Folder(tmp_path)


def test_a_file_stands_for_the_text_of_its_name(folder: Folder) -> None:
    """The others stay as they are shipped."""
    folder.write("ask.vi.txt", ASK)
    settings = folder.read().settings
    assert settings is not None
    assert settings.templates.different_in(shipped_templates()) == ("ask.vi.txt",)
    assert folder.says() == ASK


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(b"\xef\xbb\xbf" + ASK.encode(), id="UTF-8 with a mark"),
        pytest.param(ASK.encode("utf-16"), id="what Notepad calls Unicode"),
        pytest.param(ASK.replace(" ", "\r\n").encode(), id="Windows line ends"),
        pytest.param(f"\n\n{ASK}\n\n".encode(), id="empty lines around it"),
    ],
)
def test_a_text_may_be_written_in_any_editor(folder: Folder, written: bytes) -> None:
    """As the settings file may: line ends are spaces in the end."""
    folder.write("ask.vi.txt", written)
    assert folder.told() == []
    assert " ".join(folder.says().split()) == ASK


@pytest.mark.parametrize(
    "name",
    ["README.md", ".DS_Store", "Thumbs.db", "desktop.ini", "~$ask.vi.docx", "ask.vi.txt~", "ask.vi.txt.bak",
     ".ask.vi.txt.swp", "ket-qua.txt", "result.txt"],
)  # fmt: skip
def test_what_is_no_text_is_let_be(folder: Folder, name: str) -> None:
    """Desktops and editors leave files about, and the service its own answer."""
    folder.write(name, b"\xff\xff{{")
    assert folder.told() == []


MISTAKES = [
    # what is written, what is told in English, what is told in Vietnamese
    pytest.param(
        "ask.vi.txt", "{{ sender }}: Mời {{ ten }}",
        '1:22: this text has no field "ten"; it may name: sender, salutation, name, role, leads, service, '
        'place, ward, when, bring, answer, hotline — did you mean "name"?',
        '1:22: tin này không có mục "ten"; chỉ có: sender, salutation, name, role, leads, service, place, '
        'ward, when, bring, answer, hotline — có phải "name"?',
        id="a field in Vietnamese",
    ),
    pytest.param(
        "unfollowed.en.txt", "{{ sender }}: bye{% if wards %}{% endif %}",
        '1:24: this text has no field "wards"; it may name: sender, service, ward, hotline '
        '— did you mean "ward"?',
        '1:24: tin này không có mục "wards"; chỉ có: sender, service, ward, hotline — có phải "ward"?',
        id="a misspelt field in a condition",
    ),
    pytest.param(
        "ask.vi.txt", "\n  UBNDQ1: Mời {{ name }}",
        "2:3: this text lacks {{ sender }}: every text names its sender of [sms], best at the beginning",
        "2:3: tin này thiếu {{ sender }}: tin nào cũng phải nêu tên người gửi ghi ở [sms], "
        "tốt nhất là ở đầu",
        id="a sender typed by hand",
    ),
    pytest.param(
        "resident.vi.txt", "{% if bring %}{{ sender }}: {% endif %}{{ service }}",
        "1:1: this text lacks {{ sender }}: every text names its sender of [sms], best at the beginning",
        "1:1: tin này thiếu {{ sender }}: tin nào cũng phải nêu tên người gửi ghi ở [sms], "
        "tốt nhất là ở đầu",
        id="a sender in one form only",
    ),
    pytest.param(
        "ask.vi.txt", "{{ sender }}: {{ name.upper }}",
        "1:15: {{ name.upper }} is not understood; in the braces stands the name of one field, "
        "like {{ name }}",
        "1:15: không hiểu {{ name.upper }}; trong hai cặp ngoặc chỉ có tên một mục, như {{ name }}",
        id="an attribute",
    ),
    pytest.param(
        "ask.vi.txt", "{{ sender }}: { name }",
        "1:15: { name } has not the right number of braces; a field has two on each side, like {{ name }}",
        "1:15: { name } chưa đúng số ngoặc; mục nào cũng có hai ngoặc mỗi bên, như {{ name }}",
        id="one brace",
    ),
    pytest.param(
        "ask.vi.txt", "{{ sender }}: {{ name }",
        "1:15: {{ name } opens a brace and does not close it; write {{ name }} or {% if name %}",
        "1:15: {{ name } mở ngoặc mà chưa đóng đủ; viết như {{ name }} hoặc {% if name %}",
        id="a brace that is missing",
    ),
    pytest.param(
        "ask.vi.txt", "{{ sender }}: name }}",
        "1:20: }} stands alone; in a text, braces are for {{ name }} and {% if name %} only",
        "1:20: ngoặc }} đứng lẻ; trong tin, ngoặc nhọn chỉ dùng như {{ name }} hay {% if name %}",
        id="a brace alone",
    ),
    pytest.param(
        "escalate.vi.txt", "{{ sender }}: {% if count != “0” %}{{ count }}{% endif %}",
        '1:15: {% if count != “0” %} is not understood; there are only {% if name %}, {% if name != "0" %}, '
        "{% else %} and {% endif %}",
        '1:15: không hiểu {% if count != “0” %}; chỉ có {% if name %}, {% if name != "0" %}, '
        "{% else %} và {% endif %}",
        id="quotes from Word",
    ),
    pytest.param(
        "resident.vi.txt", "{{ sender }}: {% if bring %}{{ bring }}",
        '1:21: the {% if %} about "bring" has no {% endif %}',
        '1:21: {% if %} về "bring" chưa có {% endif %}',
        id="a choice without an end",
    ),
    pytest.param(
        "resident.vi.txt", "{{ sender }}: {{ bring }}{% endif %}",
        "1:26: this {% endif %} is one too many: no {% if %} is open",
        "1:26: {% endif %} này thừa: không có {% if %} nào đang mở",
        id="an end without a choice",
    ),
    pytest.param(
        "resident.vi.txt", "{{ sender }}: {% else %}",
        "1:15: this {% else %} belongs to no {% if %}",
        "1:15: {% else %} này không thuộc {% if %} nào",
        id="an else without a choice",
    ),
    pytest.param(
        "ask.vi.txt", "{{ sender }}: " + "{% if name %}a{% endif %}" * 9,
        "1:215: this text has too many {% if %}",
        "1:215: tin này có quá nhiều {% if %}",
        id="a bomb",
    ),
    pytest.param(
        "ask.vi.txt", "{{ sender }}: " + "x" * 2000,
        "1:1: the file has more than 2000 characters; each file is one text",
        "1:1: tệp dài hơn 2000 ký tự; mỗi tệp chỉ là một tin nhắn",
        id="a book",
    ),
    pytest.param(
        "ask.vi.txt", " \r\n ",
        "1:1: this text is empty; delete the file, and the text that catruc ships is used again",
        "1:1: tin này để trống; xóa tệp này đi thì máy dùng lại tin có sẵn",
        id="nothing",
    ),
    pytest.param(
        "ask.vi.txt", b"M\xe1i",
        "1:1: the file is neither UTF-8 nor UTF-16; in Notepad choose Save As, Encoding: UTF-8",
        "1:1: tệp không phải UTF-8 hay UTF-16; trong Notepad hãy chọn Save As, Encoding: UTF-8",
        id="an old code page",
    ),
    pytest.param(
        "ask.vi.txt", "{{ sender }}: {{ name }}" + ", xin gọi lại" * 12,
        "1:1: this text is 166 characters at its longest, 2 segments (at most 1), 6 too many: "
        f'"UBNDQ1: An{", xin goi lai" * 12}"; shorten it',
        "1:1: tin này lúc dài nhất là 166 ký tự, thành 2 đoạn (tối đa 1), thừa 6: "
        f'"UBNDQ1: An{", xin goi lai" * 12}"; hãy rút ngắn',
        id="too long",
    ),
    pytest.param(
        "ask.vi.txt", "{{ sender }}: {{ name }} ☎" + ", xin gọi lại" * 6,
        '1:26: the sign "☎" makes the whole text cost twice as much: 90 characters are 2 segments '
        "(at most 1); take the sign out",
        '1:26: ký hiệu "☎" làm cả tin phải gửi kiểu đắt gấp đôi: 90 ký tự thành 2 đoạn (tối đa 1); '
        "hãy bỏ ký hiệu ấy",
        id="a sign that costs",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "english", "vietnamese"), MISTAKES)
def test_a_mistake_is_told_where_it_is(
    folder: Folder, name: str, text: str | bytes, english: str, vietnamese: str
) -> None:
    """File, line and column, what is wrong and what would be right, as in the settings file."""
    folder.write(name, text)
    assert folder.read().settings is None
    assert folder.told("en") == [f"texts/{name}:{english}"]
    assert folder.told("vi") == [f"texts/{name}:{vietnamese}"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ask.vi", "ask.vi.txt"),
        ("ask.vi.txt.txt", "ask.vi.txt"),
        ("ASK.VI.TXT", "ask.vi.txt"),
        ("ask.en.docx", "ask.en.txt"),
        ("aks.vi.txt", "ask.vi.txt"),
        ("ask.txt", "ask.vi.txt"),
        ("resident-moved.vi.txt", "resident_moved.vi.txt"),
        ("ask.fr.txt", "ask.vi.txt"),
        ("nhac-lich-sang-thu-hai.txt", None),
    ],
)
def test_a_file_of_another_name_is_no_text(folder: Folder, name: str, meant: str | None) -> None:
    """Overlooked, it would be a text that somebody believes in and nobody sends."""
    folder.write(name, ASK)
    [problem] = folder.read().problems
    assert (problem.code, problem.suggestion) == ("text_unknown", meant)
    assert all(kind in problem.message("vi") for kind in Kind)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("text/", "texts_no_folder"),
        ("settings.toml", "texts_no_folder"),
        ("../texts", "outside_folder"),
        ("/etc", "outside_folder"),
        ("C:\\\\texts", "outside_folder"),
        (".", "outside_folder"),
    ],
)
def test_the_folder_lies_beside_the_file(folder: Folder, value: str, code: str) -> None:
    """Nothing else is ever looked into."""
    folder.save(DESK.replace('"texts/"', f'"{value}"'))
    [problem] = folder.read().problems
    assert (problem.line, problem.column, problem.code) == (1, 9, code)


@pytest.mark.parametrize("value", ["texts", "texts/", "./texts", "texts\\\\"])
def test_the_folder_may_be_written_in_any_way(folder: Folder, value: str) -> None:
    """Windows' way is fine."""
    folder.write("ask.vi.txt", ASK)
    folder.save(DESK.replace('"texts/"', f'"{value}"'))
    assert folder.says() == ASK


def test_only_plain_files_inside_are_read(folder: Folder) -> None:
    """No link leads out, no pipe is waited for, no folder is taken for a text; the name is told."""
    inside = folder.texts / "ask.vi.txt"
    inside.symlink_to("/etc/hostname")
    [told] = folder.told()
    assert told.startswith('settings.toml:1:10: "texts/ask.vi.txt" is outside the folder of the main file;')
    for make in (os.mkfifo, Path.mkdir):
        inside.unlink()
        make(inside)
        assert [problem.code for problem in folder.read().problems] == ["include_no_file"]


def test_a_folder_that_leads_out_is_refused(folder: Folder) -> None:
    """A link is followed only where it ends below the settings."""
    folder.texts.rmdir()
    folder.texts.symlink_to("/etc")
    assert [problem.code for problem in folder.read().problems] == ["outside_folder"]


def test_a_thousand_files_are_enough(folder: Folder) -> None:
    """There are 32 texts: who has more files there named the wrong folder."""
    for number in range(1_001):
        folder.write(f"{number}.txt", "x")
    assert [problem.code for problem in folder.read().problems] == ["include_too_many"]


def test_what_is_in_force_holds_the_texts(folder: Folder) -> None:
    """One text is stored, and says the same when all the files are gone."""
    folder.write("ask.vi.txt", ASK)
    stored = folder.read().settings
    assert stored is not None
    bundle = bundle_of(stored.source, "settings.toml")
    assert bundle.own_texts == ("texts/ask.vi.txt",)
    assert (bundle.included, bundle.texts["texts/ask.vi.txt"]) == ((), ASK)

    again = read_text(stored.source, "settings.toml")
    assert again.problems == ()
    assert again.settings == stored


def test_what_was_stored_without_texts_stays_the_same(folder: Folder) -> None:
    """A desk without texts of its own is stored as ever, so that an upgrade is no edit."""
    settings = folder.read().settings
    assert settings is not None
    assert settings.source == DESK
    older = {"main": "settings.toml", "included": [], "files": {"settings.toml": DESK}}
    assert bundle_of(json.dumps(older), "settings.toml").own_texts == ()


def test_a_faulty_text_stays_as_it_was(folder: Folder) -> None:
    """Like a ward's file: its fault freezes it, and everything else is the new version."""
    folder.write("ask.vi.txt", ASK)
    last = folder.read().settings
    assert last is not None
    folder.write("ask.vi.txt", "{{ nobody }}")
    folder.write("chase.vi.txt", "{{ sender }}: Mong {{ name }} trả lời.")
    reading = folder.read(last.source)
    assert reading.settings is not None
    assert reading.settings.templates.files["ask.vi.txt"].source == ASK
    assert reading.settings.templates.files["chase.vi.txt"].source == "{{ sender }}: Mong {{ name }} trả lời."
    assert [Path(name).name for name in reading.frozen] == ["ask.vi.txt"]


def test_a_new_text_with_a_fault_is_left_out(folder: Folder) -> None:
    """There is nothing that it was: the shipped one goes on."""
    last = folder.read().settings
    assert last is not None
    folder.write("ask.vi.txt", "{{ nobody }}")
    reading = folder.read(last.source)
    assert reading.settings == last
    assert [Path(name).name for name in reading.frozen] == ["ask.vi.txt"]


def test_other_faults_are_told_beside_those_of_a_text(folder: Folder) -> None:
    """All at once: a text that cannot be read hides no unknown name."""
    folder.write("ask.vi.txt", b"\xff")
    folder.save(DESK.replace('service = "sao-y"', 'service = "sao-i"'))
    codes = [problem.code for problem in folder.read().problems]
    assert codes == ["unknown_service", "encoding"]


@pytest.mark.parametrize("text", [ASK, "{{ sender }}: " + "{% if name %}" * 150, "{" * 2000, "{%" * 1000])
def test_a_service_reads_texts_through_its_trial(folder: Folder, text: str) -> None:
    """Whatever a text holds, trying it in the other process and then reading it says the same."""
    folder.write("ask.vi.txt", text)
    safely = read_safely(folder.path / "settings.toml", None, Shelf())
    assert safely == folder.read()


def test_a_text_for_one_language_leaves_the_other(folder: Folder) -> None:
    """English readers go on with the shipped words."""
    folder.write("ask.vi.txt", ASK)
    assert folder.says("ask.en.txt") == shipped_templates().files["ask.en.txt"].source


def test_a_choice_is_measured_in_each_of_its_forms(folder: Folder) -> None:
    """What is said where there is nothing to bring is sent too, and may be the longer form."""
    form = "{{ sender }}: {% if bring %}{{ bring }}{% else %}LONG{% endif %}"
    folder.write("resident.vi.txt", form.replace("LONG", "x" * 152))
    assert folder.told() == []
    folder.write("resident.vi.txt", form.replace("LONG", "x" * 153))
    assert [problem.code for problem in folder.read().problems] == ["own_text_too_long"]
    folder.save(DESK.replace('name = "Sao y"', 'name = "Sao y"\nbring = "CCCD"'))
    assert folder.told() == [], "there is always something to bring: the other form is never sent"


def test_a_form_that_is_never_sent_is_not_measured(folder: Folder) -> None:
    """Who calls more people hears of somebody who is missing or silent, never of nobody."""
    form = '{% if count != "0" %}a{% else %}{% if silent != "0" %}b{% else %}LONG{% endif %}{% endif %}'
    folder.write("escalate.vi.txt", "{{ sender }}: " + form.replace("LONG", "x" * 160))
    assert folder.told() == []


WARNED = [
    ("Bạn có bận không?", ["bạn", "bận"]),
    ("Đừng quên, đến đúng giờ", ["đừng"]),
    ("Hẹn gặp tối mai", []),
    ("Mai có ca", ["mai"]),
    ("Ca này HỦY", ["hủy"]),
    ("Chợ Bến Thành, cô Lan", ["cô"]),
    ("Moi ban den dung gio", ["ban"]),
    ("Khong den duoc thi goi", []),
    ("Nhắc trực ban đêm", []),
    ("{{ salutation }} không cần đến", []),
]


@pytest.mark.parametrize(("words", "warned"), WARNED)
def test_a_word_that_is_another_without_accents_is_doubted(
    folder: Folder, words: str, warned: list[str]
) -> None:
    """A warning, for it can be sent; names of people and places are let be."""
    folder.write("ask.vi.txt", f"{{{{ sender }}}}: {words}.")
    reading = folder.read()
    assert reading.settings is not None
    assert [problem.params["value"] for problem in reading.problems] == warned
    assert all(problem.severity is Severity.WARNING for problem in reading.problems)


@pytest.mark.parametrize(("accents", "warned"), [("strip", 1), ("keep", 0), ("when_free", 0)])
def test_with_its_accents_a_word_is_itself(folder: Folder, accents: str, warned: int) -> None:
    """Only what goes out bare can be misread; "when_free" keeps the accents of a short text."""
    folder.save(DESK.replace("[sms]", f'[sms]\nmax_segments = 3\naccents = "{accents}"'))
    folder.write("ask.vi.txt", "{{ sender }}: Đừng quên.")
    assert len(folder.read().problems) == warned


def test_english_words_are_not_vietnamese_ones(folder: Folder) -> None:
    """A ban is a ban."""
    folder.write("ask.en.txt", "{{ sender }}: a ban on dung, bận.")
    assert folder.told() == []


def test_what_texts_print_of_a_service_is_doubted_at_its_line(folder: Folder) -> None:
    """The name that a text prints and what to bring; not what only the page shows."""
    folder.save(
        DESK.replace(
            'name = "Sao y"', 'name = "Sao y"\nshort = "bán vé"\nbring = "đem CCCD"\nresult = "Trả đúng"'
        )
    )
    one, other = folder.told("vi")
    assert one.startswith(
        'settings.toml:15:10: lưu ý: "bán" gửi đi không có dấu, dễ đọc nhầm là "bạn", "bận"'
    )
    assert other.startswith('settings.toml:16:10: lưu ý: "đem" gửi đi không có dấu, dễ đọc nhầm là "đêm"')


def test_shipped_texts_hold_no_word_that_is_doubted(folder: Folder) -> None:
    """Each shipped text, put down as one of one's own, is without a remark."""
    for file in kinds_by_file():
        folder.write(file, shipped_templates().files[file].source)
    assert folder.told() == []
