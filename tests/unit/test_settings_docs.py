"""The pages about settings.toml are complete, and everything that they show works as shown."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from scheduler.reminders.reminder import Kind
from scheduler.reminders.vocabulary import fields_for
from scheduler.settings import grammar
from scheduler.settings.grammar import File, Table, TermsTable
from scheduler.settings.keys import Key, keys_of
from scheduler.settings.people_list import read_people
from scheduler.settings.problem import Severity
from scheduler.settings.read import read_settings, read_text
from scheduler.settings.settings import Settings
from tests.pages import DOCS, SETTINGS, examples_of, put_other_files
from tests.settings_page import rendered, tables_of
from tests.workbook import tables_of_page

PAGES = sorted(DOCS.glob("*.md"))
# The people of whom examples speak, and some more, so that every need can be filled.
OTHERS = "".join(
    f'[[people]]\nname = "{name}"\nphone = "0901 000 00{number}"\nroles = ["staff", "volunteer", "leader"]\n'
    for number, name in enumerate(("Nguyễn Văn A", "Trần Thị C", "Phạm Văn D", "Đỗ Thị E", "Vũ Văn G"))
)


EXAMPLES = [
    pytest.param(example, shown, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, (example, shown) in enumerate(examples_of(page), start=1)
]


@pytest.mark.parametrize(("example", "shown"), EXAMPLES)
def test_an_example_means_what_the_page_says(example: str, shown: str, tmp_path: Path) -> None:
    """Who copies it gets no error and no warning, or exactly the one that is shown."""
    put_other_files(tmp_path)
    (tmp_path / "settings.toml").write_text(example, encoding="utf-8")
    reading = read_settings(tmp_path / "settings.toml")
    assert reading.render(reading.language).replace(f"{tmp_path}/", "") == shown


def test_every_table_of_the_grammar_is_on_the_page() -> None:
    """A table that is added to the grammar is added to the page."""
    known = {
        name for name, each in vars(grammar).items() if isinstance(each, type) and issubclass(each, Table)
    }
    assert sorted(tables_of(SETTINGS.read_text(encoding="utf-8"))) == sorted(known - {"Table"})


def test_the_tables_of_the_page_are_fresh() -> None:
    """``python -m tests.settings_page`` after a change of scheduler/settings/keys.toml."""
    page = SETTINGS.read_text(encoding="utf-8")
    assert page == rendered(page)


@pytest.mark.parametrize("language", [0, 1])
def test_the_headings_of_a_list_are_those_that_are_read(language: int) -> None:
    """The page names every column that means something, in both languages."""
    tables = tables_of_page(SETTINGS.read_text(encoding="utf-8"))
    [headings] = [table[1:] for table in tables if table[0][0] == "heading"]
    read = read_people([tuple(row[language] for row in headings)])
    assert read.findings == ()
    assert len(read.site.columns) == len(headings) == 13


def test_the_page_tells_what_each_text_may_name() -> None:
    """Every text that catruc ships has its row, with its fields in the order in which problems tell them."""
    tables = tables_of_page(SETTINGS.read_text(encoding="utf-8"))
    [rows] = [table[1:] for table in tables if table[0] == ["text", "is sent", "may name"]]
    told = {Kind(text): tuple(_words(fields)) for texts, _, fields in rows for text in _words(texts)}
    assert told == {kind: tuple(name for name in fields_for(kind) if name != "sender") for kind in Kind}


def _words(cell: str) -> list[str]:
    return cell.replace("`", "").split()


@pytest.mark.parametrize("name", ["settings.md", "huong-dan.md"])
def test_the_readme_leads_to_the_page(name: str) -> None:
    """Nobody has to search for it."""
    assert f"](docs/{name})" in (DOCS.parent / "README.md").read_text(encoding="utf-8")


def _inner(table: type[Table], key: str) -> tuple[type[Table], bool] | None:
    """The table that a key holds, and whether it is a list of them."""
    field = next(each for name, each in table.model_fields.items() if (each.alias or name) == key)
    held = _table_in(field.annotation)
    return (held, "list" in str(field.annotation)) if held else None


def _table_in(annotation: Any) -> type[Table] | None:
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return annotation
    return next(filter(None, map(_table_in, get_args(annotation))), None)


def _written(table: type[Table], path: str, column: str, skipped: frozenset[type[Table]]) -> Iterator[str]:
    """The keys of a table with what the docs say in `column`; required ones and ids with their example."""
    below: list[str] = []
    for name, key in keys_of(table).items():
        held = _inner(table, name)
        if held and held[0] not in skipped:
            header = f"{path}.{name}" if path else name
            below.append(f"[[{header}]]" if held[1] else f"[{header}]")
            below += _written(held[0], header, column, skipped)
        elif not held and path and (value := _value(key, column, name in ("id", *table.required))):
            yield f"{name} = {value}"
    yield from below


def _value(key: Key, column: str, always: bool) -> str:
    return key.example if always or column == "example" else key.default if column == "default" else ""


def _desk(column: str, *skipped: type[Table]) -> Settings:
    text = "\n".join(_written(File, "", column, frozenset(skipped))) + f"\n{OTHERS}"
    reading = read_text(text, "settings.toml")
    assert not [each for each in reading.problems if each.severity is Severity.ERROR], reading.render("en")
    assert reading.settings is not None
    return replace(reading.settings, source="")


def test_all_documented_examples_fit_together() -> None:
    """Every key of the grammar with the example that the docs give, in one file, is without an error."""
    desk = _desk("example").desk
    assert list(desk.shifts) == ["sai-gon-sao-y-toi"]
    assert desk.people["le-thi-b"].limits


def test_documented_defaults_are_what_holds_without_them() -> None:
    """To write every default out, as the docs have it, changes nothing."""
    apart = (TermsTable, grammar.DeputyTable, grammar.Closure, grammar.Swap, grammar.Away)
    assert _desk("default", *apart) == _desk("nothing", *apart)
