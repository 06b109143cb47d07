"""Wards that keep their own file: what may be included, whose fault a mistake is, and what stays in force."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from scheduler.settings.attempt import attempt
from scheduler.settings.bundle import Bundle
from scheduler.settings.origin import Stored
from scheduler.settings.read import Reading, read_safely, read_settings, read_text
from scheduler.settings.shelf import Shelf

MAIN = """\
include = ["wards/*.toml"]
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
[[services]]
name = "Sao y"
"""
SAI_GON = """\
[[wards]]
name = "Sài Gòn"
[[places]]
id = "a"
name = "Bưu cục"
ward = "sai-gon"
[[shifts]]
service = "sao-y"
place = "a"
days = "T3"
time = "17:00-19:30"
"""
TAN_DINH = SAI_GON.replace("Sài Gòn", "Tân Định").replace("sai-gon", "tan-dinh").replace('"a"', '"b"')
FILES = {"settings.toml": MAIN, "wards/a.toml": SAI_GON, "wards/b.toml": TAN_DINH}


def _write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "settings.toml"


def _read(folder: Path, changes: Mapping[str, str] | None = None, last_good: str | None = None) -> Reading:
    return read_settings(_write(folder, {**FILES, **(changes or {})}), last_good)


def _headings(reading: Reading, folder: Path) -> list[str]:
    return [problem.heading("en").replace(f"{folder}/", "") for problem in reading.problems]


def _source(folder: Path) -> str:
    reading = _read(folder)
    assert reading.settings is not None
    return reading.settings.source


def test_each_ward_keeps_its_own_file(tmp_path: Path) -> None:
    """All files together are one settings file; names of one are known in the others."""
    settings = _read(
        tmp_path,
        {"wards/c.toml": SAI_GON.replace('"a"', '"c"').split("[[places]]")[1].join(["[[places]]", ""])},
    ).settings
    assert settings is not None
    assert list(settings.desk.wards) == ["sai-gon", "tan-dinh"]
    assert list(settings.desk.shifts) == ["sao-y-a", "sao-y-b", "sao-y-c"]
    assert settings.desk.places["c"].ward == "sai-gon"


def test_a_problem_is_told_in_the_file_in_which_it_is(tmp_path: Path) -> None:
    """As the clerk would write its path; a pair across files is told at the later, with both lines."""
    changes = {
        "settings.toml": MAIN + "short = 3\n",
        "wards/a.toml": SAI_GON.replace("time =", "tme ="),
        "wards/b.toml": TAN_DINH.replace('"b"', '"a"'),
    }
    reading = _read(tmp_path, changes)
    assert reading.settings is None
    assert _headings(reading, tmp_path) == [
        'settings.toml:7:9: "short" must be a text in quotes',
        'wards/a.toml:11:1: unknown key "tme" — did you mean "time"?',
        'wards/b.toml:4:7: the id "a" is taken on line 3, wards/a.toml; give another id',
        'wards/b.toml:7:1: an "id" is needed: "sao-y-a" is taken on line 7, wards/a.toml',
    ]
    assert reading.render("en").splitlines()[4] == '  11 | tme = "17:00-19:30"'


def test_a_problem_is_annotated_where_it_is(tmp_path: Path) -> None:
    """GitHub shows a message beside the line of the file that has it."""
    reading = _read(tmp_path, {"wards/a.toml": SAI_GON.replace('"sao-y"', '"sao-i,:%"')})
    where = f"file={tmp_path}/wards/a.toml,line=8,col=12,title=unknown_service"
    assert reading.as_github("en") == f'::error {where}::unknown service "sao-i,:%25" — did you mean "sao-y"?'


@pytest.mark.parametrize(
    ("key", "heading"),
    [
        (
            "[sms]\nrate = '1/s'",
            '1:1: "sms" stands in the main file only; here are wards, places, services, people and shifts',
        ),
        ('include = ["b.toml"]', "1:1: this file is included itself; only the main file includes others"),
        ("[[shift]]\nx = 1", '1:1: unknown key "shift" — did you mean "shifts"?'),
        ("wards = 3", "1:9: write [[wards]], with two brackets: each such block is one entry"),
        ("x = “1”", '1:5: a curly quote “ does not work here; type a straight one: "'),
    ],
)
def test_an_included_file_holds_only_what_is_its_own(tmp_path: Path, key: str, heading: str) -> None:
    """What is everyone's stands in the main file; only that one includes."""
    reading = _read(tmp_path, {"wards/b.toml": key + "\n"})
    assert [told for told in _headings(reading, tmp_path) if "b.toml" in told] == [f"wards/b.toml:{heading}"]
    assert reading.settings is None


OUTSIDE = "is outside the folder of the main file; put it beside that file or in a folder below"


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("nothing/*.toml", 'warning: no file is called "nothing/*.toml"'),
        ("wards/c.toml", 'warning: no file is called "wards/c.toml"'),
        ("../x.toml", f'"../x.toml" {OUTSIDE}'),
        ("wards/../../x.toml", f'"wards/../../x.toml" {OUTSIDE}'),
        ("/etc/*.toml", f'"/etc/*.toml" {OUTSIDE}'),
        ("C:\\\\wards\\\\*.toml", f'"C:\\wards\\*.toml" {OUTSIDE}'),
        ("out.toml", f'"out.toml" {OUTSIDE}'),
        ("out*.toml", f'"out*.toml" {OUTSIDE}'),
        ("circle.toml", f'"circle.toml" {OUTSIDE}'),
        ("pipe.toml", '"pipe.toml" is no ordinary file: it is a folder, a device, a pipe or a broken link'),
        ("p*.toml", '"p*.toml" is no ordinary file: it is a folder, a device, a pipe or a broken link'),
        ("wards", '"wards" is no ordinary file: it is a folder, a device, a pipe or a broken link'),
        ("settings.toml", '"settings.toml" is this very file'),
        ("same.toml", '"same.toml" is this very file'),
    ],
)
def test_only_ordinary_files_of_the_folder_are_included(tmp_path: Path, pattern: str, told: str) -> None:
    """Anything else is refused at the line that names it, and never opened: a pipe would wait for ever."""
    folder = tmp_path / "desk"
    folder.mkdir()
    (tmp_path / "x.toml").write_text(SAI_GON)
    (folder / "out.toml").symlink_to(tmp_path / "x.toml")
    (folder / "circle.toml").symlink_to(folder / "circle.toml")
    (folder / "same.toml").symlink_to(folder / "settings.toml")
    os.mkfifo(folder / "pipe.toml")
    reading = _read(folder, {"settings.toml": MAIN.replace("wards/*.toml", f'wards/a.toml", "{pattern}')})
    assert _headings(reading, folder) == [f"settings.toml:1:29: {told}"]
    assert (reading.settings is None) == ("warning" not in told)


class Refusing(Stored):
    """Files that cost too much together."""

    def may_judge(self, bundle: Bundle) -> bool:
        """Never."""
        return False


def test_files_that_cost_too_much_together_are_refused_as_a_whole() -> None:
    """It cannot be told whose fault it is; what is no TOML is told all the same."""
    files = {"settings.toml": MAIN, "a.toml": "x ="}
    told = attempt(Refusing(Bundle("settings.toml", files, ("a.toml",)), "desk/settings.toml"))
    assert told.settings is None
    assert [(problem.file, problem.code) for problem in told.problems] == [
        ("desk/a.toml", "syntax"),
        ("desk/settings.toml", "costs_too_much"),
    ]


def test_a_link_in_a_circle_cannot_be_read(tmp_path: Path) -> None:
    """What the system says goes into the sentence."""
    (tmp_path / "settings.toml").symlink_to("settings.toml")
    [problem] = read_settings(tmp_path / "settings.toml").problems
    assert problem.code == "unreadable"


def test_many_edits_at_once_stand_where_they_can(tmp_path: Path) -> None:
    """When no single edit is to blame, all of them wait; the main file's own edit counts."""
    last_good = json.loads(_source(tmp_path))
    needs_both = TAN_DINH + '[[places]]\nid = "c"\nname = "C"\nward = "{}"\n'
    wards = {"wards/a.toml": SAI_GON, "wards/0.toml": '[[wards]]\nname = "Bến Thành"\n'}
    last_good["files"] |= wards | {
        "wards/b.toml": needs_both.format("sai-gon")
        + needs_both.format("ben-thanh").split('"17:00-19:30"\n')[1].replace('"c"', '"d"')
    }
    last_good["included"] = ["wards/0.toml", "wards/a.toml", "wards/b.toml"]
    kept = last_good["files"]["wards/b.toml"]
    changes = {
        "settings.toml": MAIN.replace("Ca trực", "Trực ca"),
        "wards/0.toml": '[[wards]]\nname = "Cầu Kho"\n',
        "wards/a.toml": SAI_GON.replace("Sài Gòn", "Đa Kao").replace("sai-gon", "da-kao"),
        "wards/b.toml": kept,
    }
    reading = _read(tmp_path, changes, json.dumps(last_good))
    assert reading.frozen == (f"{tmp_path}/wards/0.toml", f"{tmp_path}/wards/a.toml")
    assert reading.settings is not None
    assert reading.settings.service.name.vi == "Trực ca"
    assert list(reading.settings.desk.wards) == ["ben-thanh", "sai-gon", "tan-dinh"]


def test_a_device_is_not_read(tmp_path: Path) -> None:
    """Zeros never end; nor is the main file opened when it is a pipe or a device."""
    os.mkfifo(tmp_path / "pipe")
    for path in (Path("/dev/zero"), tmp_path / "pipe"):
        [problem] = read_settings(path).problems
        assert problem.code == "not_a_file"


@pytest.mark.parametrize(
    ("pattern", "shifts"),
    [
        ("**/*.toml", ["sao-y-a", "sao-y-b"]),
        ("wards\\\\*.toml", ["sao-y-a", "sao-y-b"]),  # as Windows writes it
        ("w*/[a-a].toml", ["sao-y-a"]),
        ("./wards/b.toml", ["sao-y-b"]),
        ("linked/a.toml", ["sao-y-a"]),  # a link within the folder
    ],
)
def test_patterns_name_files_below_the_folder(tmp_path: Path, pattern: str, shifts: list[str]) -> None:
    """Hidden files and what is no .toml are left alone, and the main file does not include itself."""
    (tmp_path / "linked").symlink_to("wards")
    extra = {"wards/.a.toml.swp": "x", "wards/.#a.toml": "x", "wards/notes.txt": "x"}
    reading = _read(tmp_path, {**extra, "settings.toml": MAIN.replace("wards/*.toml", pattern)})
    assert reading.problems == ()
    assert reading.settings is not None
    assert list(reading.settings.desk.shifts) == shifts


def test_a_folder_without_end_is_not_searched(tmp_path: Path) -> None:
    """Nobody keeps a thousand wards; a pattern may have been meant otherwise."""
    _write(tmp_path, {f"wards/{number}.toml": "" for number in range(1001)})
    reading = _read(tmp_path)
    assert _headings(reading, tmp_path) == [
        'settings.toml:1:13: "wards/*.toml" leads to too many files; name the folder more closely'
    ]


def test_the_source_alone_restores_the_settings(tmp_path: Path) -> None:
    """What was read is kept as one text; the files may be gone."""
    people = "people = ['p.csv']\n"
    reading = _read(
        tmp_path,
        {"wards/p.csv": "Họ tên;Điện thoại;Số CMND\nAn;901234567;123\n", "wards/a.toml": people + SAI_GON},
    )
    assert reading.settings is not None
    source = reading.settings.source
    assert read_text(source, "settings.toml").settings == reading.settings
    kept = json.loads(source)
    assert kept["main"] == "settings.toml"
    assert list(kept["files"]) == ["settings.toml", "wards/a.toml", "wards/b.toml", "wards/p.csv"]
    assert "123" not in kept["files"]["wards/p.csv"].replace("901234567", "")  # whatever else the list knows


def test_one_file_is_its_own_source(tmp_path: Path) -> None:
    """Without includes the source is the text as it was read."""
    text = MAIN.replace('include = ["wards/*.toml"]\n', "") + SAI_GON
    (tmp_path / "settings.toml").write_text(text)
    settings = read_settings(tmp_path / "settings.toml").settings
    assert settings is not None
    assert settings.source == text


@pytest.mark.parametrize(
    "source", ['{"main": 3}', "{", '{"main": "a", "files": {}, "included": []}', "{" * 5000]
)
def test_a_text_that_only_looks_like_a_source_is_a_problem(source: str) -> None:
    """Whatever is stored gives settings or an error."""
    reading = read_text(source, "settings.toml")
    assert reading.settings is None
    assert reading.problems


@pytest.mark.parametrize(
    ("changes", "frozen", "times"),
    [
        pytest.param({"wards/a.toml": "x ="}, ["a"], ["17:00", "08:00"], id="no TOML"),
        pytest.param({"wards/a.toml": SAI_GON + "x = 1"}, ["a"], ["17:00", "08:00"], id="an unknown key"),
        pytest.param(
            {"wards/a.toml": SAI_GON.replace("sao-y", "sao-x")},
            ["a"],
            ["17:00", "08:00"],
            id="an unknown name",
        ),
        pytest.param(
            {"wards/a.toml": SAI_GON + "x = 1", "wards/b.toml": "y"}, ["a", "b"], ["17:00", "17:00"], id="two"
        ),
        pytest.param({"wards/c.toml": "x ="}, ["c"], ["17:00", "08:00"], id="a new one is left out"),
        pytest.param({"wards/c.toml": SAI_GON}, ["c"], ["17:00", "08:00"], id="a second of what there is"),
        pytest.param(
            # What is there already stands first, but it is the new one that is in the way.
            {"wards/0.toml": SAI_GON},
            ["0"],
            ["17:00", "08:00"],
            id="a second of what there is, further up",
        ),
    ],
)
def test_a_fault_freezes_its_own_file_only(
    tmp_path: Path, changes: Mapping[str, str], frozen: list[str], times: list[str]
) -> None:
    """The part with the fault stays as it was, everything else is as it was edited."""
    last_good = _source(tmp_path)
    edited = TAN_DINH.replace("17:00", "08:00")
    reading = _read(tmp_path, {"wards/b.toml": edited, **changes}, last_good)
    assert reading.settings is not None
    begins = {
        shift.id: f"{shift.rule.spans[0].start:%H:%M}" for shift in reading.settings.desk.shifts.values()
    }
    assert [begins.get("sao-y-a"), begins.get("sao-y-b")] == times
    assert list(reading.frozen) == [f"{tmp_path}/wards/{name}.toml" for name in frozen]
    assert reading.problems
    assert read_text(reading.settings.source, "settings.toml").settings == reading.settings


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"settings.toml": MAIN + "x = 1"}, id="the main file itself"),
        pytest.param({"settings.toml": MAIN.replace("Sao y", "Chứng thực")}, id="the others contradict it"),
        pytest.param({"settings.toml": MAIN + "x = 1", "wards/a.toml": "x ="}, id="both"),
        pytest.param({"settings.toml": ""}, id="an empty main file"),
    ],
)
def test_a_fault_of_the_main_file_changes_nothing(tmp_path: Path, changes: Mapping[str, str]) -> None:
    """Nothing can be frozen then but everything."""
    last_good = _source(tmp_path)
    reading = _read(tmp_path, changes, last_good)
    assert reading.settings is None
    assert reading.frozen == ()


def test_a_name_that_another_file_needs_stays(tmp_path: Path) -> None:
    """A ward renamed in one file and still called by its old name in another: the edit waits."""
    last_good = _source(tmp_path)
    files = {"wards/b.toml": TAN_DINH + '[[places]]\nid = "c"\nname = "C"\nward = "sai-gon"\n'}
    last_good = json.dumps(json.loads(last_good) | {"files": json.loads(last_good)["files"] | files})
    renamed = SAI_GON.replace("Sài Gòn", "Bến Thành").replace("sai-gon", "ben-thanh")
    reading = _read(tmp_path, {**files, "wards/a.toml": renamed}, last_good)
    assert _headings(reading, tmp_path) == ['wards/b.toml:15:9: unknown ward "sai-gon"']
    assert reading.frozen == (f"{tmp_path}/wards/a.toml",)
    assert reading.settings is not None
    assert "sai-gon" in reading.settings.desk.wards


def test_without_anything_to_fall_back_on_a_fault_is_an_error(tmp_path: Path) -> None:
    """A first start needs all files whole."""
    reading = _read(tmp_path, {"wards/a.toml": "x ="})
    assert (reading.settings, reading.frozen) == (None, ())


def test_what_is_on_the_shelf_is_not_read_again(tmp_path: Path) -> None:
    """A change in one of many files costs one reading; every part that stays is the very same."""
    shelf = Shelf()
    path = _write(tmp_path, FILES)
    read_settings(path, shelf=shelf)
    status = (tmp_path / "wards/b.toml").stat()
    kept = {name: shelf.take(str(tmp_path / name), _stamp(tmp_path / name)) for name in FILES}
    assert all(kept.values())
    (tmp_path / "wards/b.toml").write_text(TAN_DINH.replace("17:00", "18:00"))
    os.utime(tmp_path / "wards/b.toml", ns=(status.st_atime_ns, status.st_mtime_ns))  # as a copy would
    settings = read_settings(path, shelf=shelf).settings
    assert settings is not None
    assert settings.desk.shifts["sao-y-b"].rule.spans[0].start.hour == 18
    assert (
        shelf.take(str(tmp_path / "wards/a.toml"), _stamp(tmp_path / "wards/a.toml")) is kept["wards/a.toml"]
    )


def _stamp(path: Path) -> tuple[int, int, int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def test_reading_safely_says_the_same(tmp_path: Path) -> None:
    """The child has no say in what the settings are."""
    path = _write(tmp_path, FILES)
    safely, plainly = read_safely(path, None, Shelf()), read_settings(path)
    assert safely == plainly
    assert safely.settings is not None
