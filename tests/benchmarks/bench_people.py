"""A hundred thousand people in a list: what reading and importing them costs, in each form they come in.

Each is a process of its own, as `catruc check` and `catruc people import` are: CPU from its start to its end,
and the most memory that it held.
"""

import csv
import io
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from scheduler.settings.old_letters import from_tcvn3
from scheduler.settings.people_form import as_file
from scheduler.settings.people_list import Row

ROOT = Path(__file__).parents[2]
PEOPLE, SMALL = 100_000, 300
SECONDS, MEGABYTES = 10.0, 500
SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ")
NAMES = ("An", "Bình", "Châu", "Dũng", "Hạnh", "Khánh", "Linh", "Mai", "Phúc", "Quỳnh", "Tâm", "Yến")
HOURS = ("T2-T6 17:00-21:00; T7", "T3 17:00-21:00; T5 17:00-21:00", "")
MAIN = """\
people = ["{}"]
[service]
name = "Ca trực thành phố"
timezone = "Asia/Ho_Chi_Minh"
[[wards]]
name = "Sài Gòn"
[[places]]
name = "Bưu cục"
[[services]]
name = "Sao y"
[[shifts]]
service = "sao-y"
days = "T3"
time = "17:00-19:30"
"""
READ = """
from scheduler.settings.read import read_settings
reading = read_settings(path)
people, problems = len(reading.settings.desk.people) if reading.settings else 0, len(reading.problems)
"""
IMPORT = """
from scheduler.settings.importing import carry_out, propose
proposed = propose(path, path.with_name("more.csv"))
carry_out(proposed, "vi")
people, problems = len(proposed.settings.desk.people), len(proposed.merge.changed)
"""
MEASURED = """
import json, resource, sys
from pathlib import Path
path = Path(sys.argv[1])
{}
used = resource.getrusage(resource.RUSAGE_SELF)
[memory] = [int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(json.dumps([used.ru_utime + used.ru_stime, memory / 1024, people, problems]))
"""
FORMS = ("utf-8-sig.csv", "utf-16.csv", "cp1258.csv", "tcvn3.csv", "inline.xlsx", "shared.xlsx")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took, whom it read and how many problems or changes it told."""

    seconds: float
    megabytes: float
    people: int
    told: int


def rows(count: int) -> Iterator[Row]:
    """So many people, no two alike, with all that lists have here."""
    yield (
        "Họ tên",
        "Xưng hô",
        "Điện thoại",
        "Vai trò",
        "Phường",
        "Lịch rảnh",
        "Đồng ý nhận tin (ngày)",
        "Mã",
    )
    for n in range(count):
        name = f"{SURNAMES[n % len(SURNAMES)]} {NAMES[n // 12 % len(NAMES)]}"
        roles = "Tình nguyện viên, Trưởng nhóm" if n % 9 == 0 else "Tình nguyện viên"
        day = f"{n % 28 + 1:02}/{n % 12 + 1:02}/2026"
        yield (name, "chị", f"09{n:08}", roles, "Sài Gòn", HOURS[n % 3], day, f"nguoi-{n}")


def made(form: str, count: int) -> bytes:
    """A list of so many people in one of `FORMS`."""
    kind, ending = form.split(".")
    if ending == "csv":
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=";").writerows(rows(count))
        return _encoded(written.getvalue(), kind)
    plain = as_file(list(rows(count)), ".xlsx", "vi")
    return plain if kind == "inline" else _shared(plain)


def _encoded(text: str, kind: str) -> bytes:
    if kind == "tcvn3":
        codes = {letter: chr(at) for at in range(0xA1, 0xFF) if (letter := from_tcvn3(chr(at))) != chr(at)}
        return "".join(codes.get(letter, letter) for letter in text).encode("latin-1")
    if kind == "cp1258":
        return _apart(text).encode("cp1258")
    return text.encode(kind)


def _apart(text: str) -> str:
    """Accents as that code page has them: of tones only some stand on their letter."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    letters = {}
    for letter in set(text):
        marks = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in marks if mark in tones)
        base = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tones))
        letters[ord(letter)] = base + tone
    return text.translate(letters)


def _shared(workbook: bytes) -> bytes:
    """The same as Excel saves it: each text once, and cells that speak of it by its number."""
    texts: dict[bytes, int] = {}
    with ZipFile(io.BytesIO(workbook)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    sheet = re.sub(
        rb' t="inlineStr"><is><t xml:space="preserve">([^<]*)</t></is>',
        lambda found: b' t="s"><v>%d</v>' % texts.setdefault(found[1], len(texts)),
        files["xl/worksheets/sheet1.xml"],
    )
    names = b"".join(b"<si><t>%s</t></si>" % text for text in texts)
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = b'<Relationship Id="rId9" Type="%s" Target="sharedStrings.xml"/></Relationships>' % kind
    links = files["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", link)
    files |= {
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": b"<sst %s>%s</sst>" % (space, names),
        "xl/_rels/workbook.xml.rels": links,
    }
    written = io.BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return written.getvalue()


def measure_reading(folder: Path, form: str, count: int) -> Cost:
    """A settings file that names such a list is read and judged."""
    path = folder / "settings.toml"
    name = f"ds.{form.split('.')[1]}"
    path.write_text(MAIN.format(name), encoding="utf-8")
    (folder / name).write_bytes(made(form, count))
    return _measured(READ, path)


def measure_import(folder: Path, count: int, *, is_first: bool = False) -> Cost:
    """So many people are imported: as the first list, or into one that has them by another salutation."""
    path = folder / "settings.toml"
    content = made("utf-8-sig.csv", count)
    listed = MAIN.format("ds.csv")
    path.write_text(listed.partition("\n")[2] if is_first else listed, encoding="utf-8")
    if not is_first:
        (folder / "ds.csv").write_bytes(content)
    (folder / "more.csv").write_bytes(content.replace("chị".encode(), b"anh"))
    return _measured(IMPORT, path)


def _measured(act: str, path: Path) -> Cost:
    command = [sys.executable, "-c", MEASURED.format(act), str(path)]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return Cost(*json.loads(printed))


def show(form: str, cost: Cost) -> str:
    """One line."""
    return f"{cost.people:,} people, {form}: {cost.seconds:.1f} s of CPU, {cost.megabytes:.0f} MB"


@pytest.mark.parametrize("form", FORMS)
def test_a_hundred_thousand_people_are_read_in_ten_seconds(tmp_path: Path, form: str) -> None:
    """In each form that lists come in, with all that they say judged; memory is bounded too."""
    cost = measure_reading(tmp_path, form, PEOPLE)
    print(f"\n{show(form, cost)}")
    assert (cost.people, cost.told) == (PEOPLE, 0)
    assert cost.seconds <= SECONDS
    assert cost.megabytes <= MEGABYTES


@pytest.mark.parametrize(("is_first", "lists"), [(True, 1), (False, 2)], ids=["as the first", "into as many"])
def test_a_hundred_thousand_people_are_imported(tmp_path: Path, is_first: bool, lists: int) -> None:
    """Ten seconds for each list that is read; they are compared and judged together, and one is written."""
    cost = measure_import(tmp_path, PEOPLE, is_first=is_first)
    print(f"\n{show('import', cost)}")
    assert (cost.people, cost.told) == (PEOPLE, 0 if is_first else PEOPLE)
    assert cost.seconds <= lists * SECONDS
    assert cost.megabytes <= lists * MEGABYTES
