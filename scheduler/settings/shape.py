"""A TOML document held against the grammar: every unknown key, wrong type and missing key at once."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from scheduler.settings import grammar
from scheduler.settings.finding import Finding
from scheduler.settings.grammar import File, Table
from scheduler.settings.leaves import SAID_OF_ROLES
from scheduler.settings.locate import Path
from scheduler.settings.names import fold, nearest
from scheduler.settings.words import Misread

# A file with more mistakes than this is none that somebody misspelt.
_MOST_GUESSES = 1_000
_CODES = {"list_type": "not_list", "too_short": "empty"}
_BLOCKS = ("wards", "places", "services", "people", "shifts")
# Of tables that clerks write within a line.
_EXAMPLES = {
    "needs": "{ volunteer = 2, leader = 1 }",
    "hold_above": "{ cancelled = 20, texts = 500 }",
    "closed": "{ from = 2027-02-04, to = 2027-02-12 }",
    "away": "{ from = 2026-12-20, to = 2026-12-31 }",
    "swapped": "{ off = 2026-01-02, worked = 2026-01-10 }",
    "deputies": '{ for = "Nguyễn Văn A", is = "Trần Thị C", from = 2026-12-01, to = 2026-12-15 }',
}

_TABLES: dict[tuple[str, ...], type[Table]] = {
    ("service",): grammar.ServiceTable,
    ("calendar", "closed", "*"): grammar.Closure,
    ("calendar", "swapped", "*"): grammar.Swap,
    ("wards", "*"): grammar.WardTable,
    ("places", "*"): grammar.PlaceTable,
    ("services", "*"): grammar.DutyTable,
    ("people", "*"): grammar.PersonTable,
    ("people", "*", "away", "*"): grammar.Away,
    ("shifts", "*"): grammar.ShiftTable,
    ("shifts", "*", "deputies", "*"): grammar.DeputyTable,
}


class Included(Table):
    """What an included file may hold: a ward keeps its own, and nothing that is everyone's."""

    wards: list[grammar.WardTable] = Field(default_factory=list)
    places: list[grammar.PlaceTable] = Field(default_factory=list)
    services: list[grammar.DutyTable] = Field(default_factory=list)
    people: list[grammar.PersonTable] = Field(default_factory=list)
    shifts: list[grammar.ShiftTable] = Field(default_factory=list)


_Kind = TypeVar("_Kind", bound=Table)


def read_shape(document: dict[str, Any], kind: type[_Kind]) -> tuple[_Kind, list[Finding]]:
    """The document as tables, and what is wrong with its shape.

    Faulty values are taken out of `document`, and stand with their neutral defaults in the result, so that
    all the rest can still be checked.
    """
    findings: list[Finding] = []
    try:
        tables = kind.model_validate(document)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        findings = [_finding(each, kind, number < _MOST_GUESSES) for number, each in enumerate(errors)]
        missing = list(_missing(document, findings, kind))
        for finding in findings:
            _take_out(document, finding.path)
        return kind.model_validate(document), [*findings, *missing]
    return tables, [*findings, *_missing(document, findings, kind)]


def misspelt(findings: list[Finding]) -> frozenset[tuple[Path, str]]:
    """The table and the key that was meant, for each unknown key that looks like one."""
    return frozenset(
        (finding.path[:-1], finding.suggestion)
        for finding in findings
        if finding.code == "unknown_key" and finding.suggestion
    )


def _finding(error: ErrorDetails, kind: type[Table], is_helped: bool) -> Finding:
    path = error["loc"]
    if error["type"] == "extra_forbidden":
        return _unknown_key(path, kind, is_helped)
    misread = error.get("ctx", {}).get("error")
    if isinstance(misread, Misread):
        path = (*path, *misread.below)
        params = {"key": _last_key(path)} | misread.params
        return Finding(path, misread.code, params, misread.suggestion, misread.at_key)
    return _wrong_type(path, error["type"])


def _wrong_type(path: Path, kind: str) -> Finding:
    key = _last_key(path)
    if kind == "list_type" and len(path) == 1 and key in _BLOCKS:
        return Finding(path, "not_blocks", {"key": key})
    code = _CODES.get(kind, "not_table")
    if code == "not_table" and key in _EXAMPLES:
        return Finding(path, "not_table_like", {"key": key, "example": _EXAMPLES[key]})
    return Finding(path, code, {"key": key})


def _unknown_key(path: Path, kind: type[Table], is_helped: bool) -> Finding:
    key = str(path[-1])
    if kind is Included and len(path) == 1 and key in File.model_fields:
        code = "include_twice" if key == "include" else "belongs_in_main"
        return Finding(path, code, {"key": key}, at_key=True)
    guess = _meant(key, _keys_of(path[:-1], kind)) if is_helped else None
    return Finding(path, "unknown_key", {"key": key}, guess, at_key=True)


def _meant(key: str, known: tuple[str, ...]) -> str | None:
    role = SAID_OF_ROLES.get(fold(key))
    return role if role in known else nearest(key, known)


def _last_key(path: Path) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _keys_of(path: Path, kind: type[Table]) -> tuple[str, ...]:
    """The keys that the table at `path` may have."""
    table: type[Table] | None = kind
    for part in path:
        if isinstance(part, str) and table is not None:
            fields = {field.alias or name: field for name, field in table.model_fields.items()}
            table = _table_in(fields[part].annotation) if part in fields else None
    return tuple(field.alias or name for name, field in table.model_fields.items()) if table else ()


def _table_in(annotation: Any) -> type[Table] | None:
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return annotation
    return next(filter(None, map(_table_in, get_args(annotation))), None)


def _missing(document: Mapping[str, Any], findings: list[Finding], kind: type[Table]) -> Iterator[Finding]:
    """Required keys that are absent, but for those whose misspelling is told already."""
    told = misspelt(findings)
    for pattern, table in _TABLES.items():
        for path, entry in _entries(document, pattern, ()):
            for key in table.required:
                if key not in entry and (path, key) not in told:
                    yield Finding(path, "missing_key", {"key": key})
    if kind is File and "service" not in document and ((), "service") not in told:
        for key in grammar.ServiceTable.required:
            yield Finding((), "missing_key", {"key": f"service.{key}"})


def _entries(value: object, pattern: tuple[str, ...], path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every table that `pattern` leads to; ``*`` stands for each entry of a list."""
    if not pattern:
        if isinstance(value, dict):
            yield path, value
    elif pattern == ("*",):
        for number, each in enumerate(value if isinstance(value, list) else ()):
            if isinstance(each, dict):
                yield (*path, number), each
    elif pattern[0] == "*":
        for number, each in enumerate(value if isinstance(value, list) else ()):
            yield from _entries(each, pattern[1:], (*path, number))
    elif isinstance(value, dict) and pattern[0] in value:
        yield from _entries(value[pattern[0]], pattern[1:], (*path, pattern[0]))


def _take_out(document: dict[str, Any], path: Path) -> None:
    """Removes the key of the section or entry under which the fault lies; entries keep their numbers."""
    if not path:
        return
    section, *below = path
    held = document.get(str(section))
    if not below or not isinstance(held, dict | list):
        document.pop(str(section), None)
    elif isinstance(held, dict):
        held.pop(below[0], None)
    elif len(below) == 1 and not isinstance(held[int(below[0])], dict):
        held[int(below[0])] = {}
    elif len(below) > 1 and isinstance(held[int(below[0])], dict):
        held[int(below[0])].pop(below[1], None)
