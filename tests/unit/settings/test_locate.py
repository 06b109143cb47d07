"""Where a key path stands: what is found there is the key, and the value."""

import pathlib
from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from scheduler.settings.locate import Path, locate

EXAMPLE = pathlib.Path(__file__).parents[3].joinpath("settings.toml").read_text(encoding="utf-8")
HARD = '''\
# [not.a.table]
a.b = 1 # a = 2
a."c.d" = "x # y"
'e f' = [ 1, # one
  [2, 3], { g = """m
n""", h.i = 'j' }, ] # end
[t] # comment
s = """
a "" b """""
u = \'\'\'it's\'\'\'
v = 1979-05-27 07:32:00
w = { x = 1,
  y = 2, # TOML 1.1
}
[[l]]
"\\u00e9" = "Tr\\"ực"
[[l]]
[l.sub]
k = true
[[l.sub.deep]]
z = -inf
'''


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in pairs:
        if isinstance(each, dict | list):
            yield from _leaves(each, (*path, key))
        else:
            yield (*path, key), each


def _check_every_leaf(text: str) -> int:
    found = locate(text)
    leaves = list(_leaves(tomli.loads(text)))
    for path, value in leaves:
        spot = found.spots[path]
        assert tomli.loads(f"x = {text[spot.value : spot.value_end]}")["x"] == value, path
        if isinstance(path[-1], str):
            assert tomli.loads(f"{text[spot.key : spot.key_end]} = 1") == {path[-1]: 1}
    return len(leaves)


def test_every_way_to_write_a_key_is_located() -> None:
    """Dotted, quoted and repeated keys; comments, nesting and texts of several lines."""
    assert _check_every_leaf(HARD) == 15


SCALARS = (
    st.integers(-(2**63), 2**63 - 1)
    | st.booleans()
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]))
    | st.dates()
    | st.times().map(lambda at: at.replace(microsecond=0))
)
KEYS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=6)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """TOML texts: tables, arrays of tables, and values in several ways to write them."""
    lines = [_pair(draw, key) for key in draw(st.lists(KEYS, unique=True, max_size=3))]
    names = [f"t{number}" for number in range(draw(st.integers(0, 4)))]
    for name in names:
        repeated = draw(st.integers(0, 3))
        headers = [f"[[{name}]]"] * repeated or [f"[ {name} ]"]
        for header in headers:
            lines.append(header + draw(st.sampled_from(["", " # [x]", "\t"])))
            lines += [_pair(draw, key) for key in draw(st.lists(KEYS, unique=True, max_size=3))]
    return "\n".join(lines)


def _pair(draw: st.DrawFn, key: str) -> str:
    comment = draw(st.sampled_from(["", " # a = 1", "\t#", "  "]))
    return f"{_text(draw, key, one_line=True)} = {_value(draw, draw(VALUES))}{comment}"


def _value(draw: st.DrawFn, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _text(draw, value)
    if isinstance(value, date | time):
        return value.isoformat()
    space = draw(st.sampled_from(["", " ", "\n", " # ]}\n"]))
    if isinstance(value, list):
        return f"[{space}{f',{space}'.join(_value(draw, each) for each in value)}{space}]"
    if isinstance(value, dict):
        pairs = (f"{_text(draw, key, one_line=True)} = {_value(draw, each)}" for key, each in value.items())
        return f"{{{space}{f',{space}'.join(pairs)}{space}}}"
    return str(value)


def _text(draw: st.DrawFn, text: str, *, one_line: bool = False) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    ways = [f'"{escaped}"']
    if "'" not in text:
        ways.append(f"'{text}'")
    if not one_line:
        ways.append(f'"""\n{escaped}"""')
    return draw(st.sampled_from(ways))


@given(text=documents())
def test_every_located_leaf_parses_to_its_value(text: str) -> None:
    """What stands at a leaf's offsets is that leaf, however it is written."""
    _check_every_leaf(text)


@pytest.mark.parametrize(
    ("path", "at_key", "position"),
    [
        (("t", "u"), False, (10, 5, 10)),
        (("t", "u"), True, (10, 1, 1)),
        (("t", "s"), False, (8, 5, 3)),  # of several lines, the first
        (("l", 1), False, (17, 1, 5)),
        (("l", 1, "absent"), False, (17, 1, 5)),  # its table
        (("l", 1, "sub", "k"), False, (19, 5, 4)),
        (("absent",), True, (1, 1, 1)),
    ],
)
def test_a_path_has_a_line_and_a_column(path: Path, at_key: bool, position: tuple[int, int, int]) -> None:
    """Counted from 1, in characters; what is absent is looked for at its table."""
    found = locate(HARD).position(path, at_key=at_key)
    assert (found.line, found.column, found.length) == position


def test_entries_that_are_not_wanted_are_passed_over() -> None:
    """What is wanted stands where it does when everything is looked up; tables of their own always do."""
    everything = locate(EXAMPLE)
    for wanted in ({("people", 40)}, {("shifts", 3), ("wards", 0)}, set[Path]()):
        some = locate(EXAMPLE, wanted)
        expected = {
            path: spot
            for path, spot in everything.spots.items()
            if len(path) < 3 or not isinstance(path[1], int) or path[:2] in wanted
        }
        assert {path: some.spots.get(path) for path in expected} == expected
        assert len(some.spots) < len(everything.spots)
