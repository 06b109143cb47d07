"""The house rules that a machine can see; the rest of them stand in CONTRIBUTING.md."""

import ast
import io
import re
import statistics
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WINGS = ("scheduler", "notifications")
NO_CODE = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
)
CLOCKS = {
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "localtime", "gmtime", "ctime"},
}
SILENCER = re.compile(r"noqa(: *[A-Z]+[0-9]+(, *[A-Z]+[0-9]+)*)?|type: *ignore(\[[a-z, -]+\])?")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _sources(*folders: str) -> dict[str, str]:
    """The Python files of these folders by path, without migrations: those are records of the past."""
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in paths
        if "migrations" not in path.parts
    }


def _functions(source: str) -> list[Function]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, Function)]


def _code_lines(source: str) -> set[int]:
    """The numbers of the lines that hold code: no blank ones, no comments, no docstrings."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, Function | ast.ClassDef | ast.Module) and ast.get_docstring(node, clean=False):
            lines.difference_update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return lines


def _function_lengths(sources: dict[str, str]) -> dict[str, int]:
    """The code lines of each function, its signature counted, by "path:line name"."""
    lengths = {}
    for path, source in sources.items():
        code = _code_lines(source)
        for function in _functions(source):
            span = range(function.lineno, (function.end_lineno or 0) + 1)
            lengths[f"{path}:{function.lineno} {function.name}"] = len(code.intersection(span))
    return lengths


def _longest(lengths: dict[str, int], count: int = 12) -> str:
    ranked = sorted(lengths.items(), key=lambda item: -item[1])[:count]
    return "\n".join(f"  {length:4} {where}" for where, length in ranked)


def _imported(source: str) -> set[str]:
    """The top-level packages that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def _reads_the_clock(source: str) -> bool:
    """Whether a file names one of the clocks, called or handed on, as an attribute or as an import."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value).rpartition(".")[2]
            if node.attr in CLOCKS.get(owner, ()):
                return True
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            return any(alias.name in CLOCKS["time"] for alias in node.names)
    return False


def _documented(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Every public function and method below `node` by name, and whether it has a docstring."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef) and not child.name.startswith("_"):
            if isinstance(child, Function):
                yield f"{prefix}{child.name}", ast.get_docstring(child) is not None
            else:
                yield from _documented(child, f"{child.name}.")


def test_functions_fit_a_glance() -> None:
    """Half of all functions have at most 6 lines of code, nine in ten at most 22, and none more than 60."""
    lengths = _function_lengths(_sources(*WINGS))
    ordered = sorted(lengths.values())
    ninetieth = ordered[int(len(ordered) * 0.9)]
    median = statistics.median(ordered)
    told = f"median {median}, 90th percentile {ninetieth}, longest {ordered[-1]}:\n{_longest(lengths)}"
    assert median <= 6, told
    assert ninetieth <= 22, told
    assert ordered[-1] <= 60, told


def test_files_end_before_they_tire() -> None:
    """No file has more than 400 lines, all of them counted."""
    long = {path: lines for path, source in _sources(*WINGS).items() if (lines := source.count("\n")) > 400}
    assert not long


def test_names_say_what_is_inside() -> None:
    """No file and no folder bears a name under which anything could be put."""
    empty_names = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc", "data"}
    paths = [Path(path) for path in _sources(*WINGS, "tests")]
    assert not [str(path) for path in paths if empty_names.intersection(path.with_suffix("").parts)]


@pytest.mark.parametrize(
    ("what", "test", "only"),
    [
        pytest.param("reads the clock", _reads_the_clock, "scheduler/clock.py", id="the clock"),
        pytest.param(
            "imports apscheduler",
            lambda text: "apscheduler" in _imported(text),
            "scheduler/ticker.py",
            id="apscheduler",
        ),
        pytest.param(
            "imports twilio",
            lambda text: "twilio" in _imported(text),
            "notifications/channels/twilio.py",
            id="twilio",
        ),
        pytest.param(
            "imports procrastinate",
            lambda text: "procrastinate" in _imported(text),
            "notifications/carrier/procrastinate.py",
            id="procrastinate",
        ),
        pytest.param(
            "imports highspy or numpy",
            lambda text: bool({"highspy", "numpy"} & _imported(text)),
            "scheduler/roster/solver.py",
            id="the solver",
        ),
    ],
)
def test_some_things_are_touched_in_one_file_only(what: str, test: Callable[[str], bool], only: str) -> None:
    """The clock, the heartbeat, the provider's SDK, the engine and the solver each have one door."""
    found = [path for path, source in _sources(*WINGS).items() if test(source)]
    assert not [path for path in found if path != only], f"only {only} {what}"


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        pytest.param("datetime.now(UTC)", True, id="a call"),
        pytest.param("dt = datetime.datetime.now", True, id="handed on, not called"),
        pytest.param("import time\ntime.monotonic()", True, id="a clock that nobody sets"),
        pytest.param("from time import time", True, id="imported by name"),
        pytest.param("datetime.combine(day, start)", False, id="arithmetic"),
        pytest.param("from datetime import time\ntime(18)", False, id="a time of day"),
        pytest.param("world.now()", False, id="a clock that was handed in"),
    ],
)
def test_a_reader_of_the_clock_is_recognised(source: str, reads: bool) -> None:
    """Every way to read the machine's clock counts; computing with times that were given does not."""
    assert _reads_the_clock(source) is reads


def test_what_is_public_says_what_it_promises() -> None:
    """Every public function and method has a docstring."""
    silent = [
        f"{path} {name}"
        for path, source in _sources(*WINGS).items()
        for name, documented in _documented(ast.parse(source))
        if not documented
    ]
    assert not silent


def test_each_test_states_its_rule() -> None:
    """Every test function has a docstring, and every test file opens with one."""
    silent = [
        f"{path}:{function.lineno} {function.name}"
        for path, source in _sources("tests").items()
        for function in _functions(source)
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]
    silent += [path for path, source in _sources("tests").items() if not ast.get_docstring(ast.parse(source))]
    assert not silent


def test_each_folder_opens_with_its_map() -> None:
    """The `__init__.py` of every folder with code begins with a paragraph that says what is where."""
    folders = {Path(path).parent for path in _sources(*WINGS)}
    lacking = [
        str(folder)
        for folder in sorted(folders)
        if not (opening := ROOT / folder / "__init__.py").exists()
        or not ast.get_docstring(ast.parse(opening.read_text(encoding="utf-8")))
    ]
    assert not lacking


def test_no_comment_silences_a_check_without_a_reason() -> None:
    """`noqa` and `type: ignore` stand beside the words that justify them."""
    bare = [
        f"{path}:{token.start[0]} {token.string}"
        for path, source in _sources(*WINGS, "tests").items()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT and _silences_without_a_reason(token.string)
    ]
    assert not bare


@pytest.mark.parametrize(
    ("comment", "bare"),
    [
        pytest.param("# noqa: S104", True, id="a bare code"),
        pytest.param("# type: ignore[arg-type]", True, id="a bare kind"),
        pytest.param("# noqa: S104  compared, not bound", False, id="with its reason"),
        pytest.param(
            "# type: ignore[arg-type]  # the stubs lag behind", False, id="with its reason in a comment"
        ),
        pytest.param("# plain words", False, id="no silencer at all"),
    ],
)
def test_a_bare_silencer_is_recognised(comment: str, bare: bool) -> None:
    """Only words after the silencer count as a reason."""
    assert _silences_without_a_reason(comment) is bare


def _silences_without_a_reason(comment: str) -> bool:
    rest, silencers = SILENCER.subn("", comment)
    return silencers > 0 and not rest.strip(" #")
