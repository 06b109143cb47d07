"""Files as they come: every encoding that Notepad knows, and every slip of the hand."""

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.settings.problem import Severity
from scheduler.settings.read import Reading, read_settings, read_text

ROOT = Path(__file__).parents[3]
EXAMPLE = (ROOT / "settings.toml").read_text(encoding="utf-8")
SMALLEST = """\
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
[[wards]]
name = "Sài Gòn"
[[places]]
name = "Bưu cục"
[[services]]
name = "Sao y"
[[shifts]]
service = "sao-y"
days = ["T3", "thu"]
time = "17:00-19:30"
"""


ENCODINGS = (
    SMALLEST.encode(),
    codecs.BOM_UTF8 + SMALLEST.encode(),
    SMALLEST.encode("utf-16"),
    codecs.BOM_UTF16_BE + SMALLEST.encode("utf-16-be"),
    SMALLEST.encode("utf-16-le"),
    SMALLEST.replace("\n", "\r\n").encode(),
    SMALLEST.replace("\n", "\r").encode(),
    SMALLEST.replace("\n", "\r\n").encode("utf-16"),
)


@pytest.mark.parametrize("raw", ENCODINGS, ids=range(len(ENCODINGS)))
def test_every_way_that_notepad_saves_is_read(tmp_path: Path, raw: bytes) -> None:
    """UTF-8 with and without BOM, UTF-16 either way round, CRLF, and CR alone as an old editor writes it."""
    (tmp_path / "settings.toml").write_bytes(raw)
    reading = read_settings(tmp_path / "settings.toml")
    assert reading.settings is not None
    assert reading == read_text(SMALLEST, "settings.toml")


@pytest.mark.parametrize(
    ("raw", "code", "line"),
    [
        ("name = 1\nname = 'Ca trực'".encode() + b"\n\xff\xe1", "encoding", 3),
        (None, "missing_file", 1),
        (b"x" * 4_000_001, "too_big", 1),
    ],
)
def test_a_file_that_is_no_text_is_a_problem(tmp_path: Path, raw: bytes | None, code: str, line: int) -> None:
    """A file that cannot be read is told like any other fault."""
    if raw is not None:
        (tmp_path / "settings.toml").write_bytes(raw)
    reading = read_settings(tmp_path / "settings.toml")
    assert [(problem.code, problem.line) for problem in reading.problems] == [(code, line)]


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    """What the system says goes into the sentence."""
    [problem] = read_settings(tmp_path).problems
    assert problem.heading("en").startswith(f"{tmp_path}:1:1: the file cannot be read: ")


@given(raw=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_give_a_reading(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """Whatever a file holds, there are settings or an error, never a traceback."""
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(raw)
    _check(read_settings(path))


SCRAPS = (
    "[",
    "]",
    "{",
    "}",
    "=",
    '"',
    "'",
    "\n",
    "#",
    "1",
    "x",
    "\\",
    "“",
    ",",
    '"""',
    "[[shifts]]",
    " = 3\n",
    "T9",
)


@given(cut=st.integers(0, len(EXAMPLE)), length=st.integers(0, 60), scrap=st.sampled_from(SCRAPS))
def test_any_slip_in_the_real_file_gives_a_reading(cut: int, length: int, scrap: str) -> None:
    """A clerk deletes a stretch and types something else: there are settings or an error."""
    _check(read_text(EXAMPLE[:cut] + scrap + EXAMPLE[cut + length :], "settings.toml"))


VALUES = st.recursive(
    st.sampled_from(
        ["1", "-1", '""', '"x"', "true", "2026-11-01", "17:30", "1e400", "nan", "2026-11-01T00:00:00Z"]
    ),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda each: f"[{', '.join(each)}]")
        | st.tuples(st.sampled_from(["vi", "from", "id", "volunteer", "x"]), inner).map(
            lambda pair: f"{{ {pair[0]} = {pair[1]} }}"
        )
    ),
    max_leaves=4,
)
# One line for each key that the example has: most of its lines say the same of other people.
LINES = {
    line.split("=")[0].strip(): number
    for number, line in enumerate(EXAMPLE.splitlines())
    if "=" in line and not line.startswith("#")
}


@given(line=st.sampled_from(list(LINES.values())), value=VALUES)
def test_any_value_for_any_key_gives_a_reading(line: int, value: str) -> None:
    """Every key is given every kind of value."""
    lines = EXAMPLE.splitlines()
    lines[line] = f"{lines[line].split('=')[0]} = {value}"
    _check(read_text("\n".join(lines), "settings.toml"))


def _check(reading: Reading) -> None:
    errors = [problem for problem in reading.problems if problem.severity is Severity.ERROR]
    assert (reading.settings is None) == bool(errors)
    lines = reading.text.count("\n") + 1
    assert all(1 <= problem.line <= lines or not reading.text for problem in reading.problems)
    for language in ("vi", "en"):
        assert bool(reading.render(language)) == bool(reading.problems)
