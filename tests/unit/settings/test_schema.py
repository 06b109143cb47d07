"""The schema that editors read says what the grammar says, and stands beside the docs as it is now."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scheduler.settings import grammar
from scheduler.settings.grammar import Table
from scheduler.settings.keys import keys_of, keys_written
from scheduler.settings.schema import settings_schema

ROOT = Path(__file__).parents[3]
TABLES = {
    each.__name__: each
    for each in vars(grammar).values()
    if isinstance(each, type) and issubclass(each, Table)
}
DRAWN: dict[str, Any] = {"File": settings_schema()} | dict(settings_schema()["definitions"])  # type: ignore[call-overload]  # JSON


def _parts(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object within a schema, itself included."""
    if isinstance(schema, dict):
        yield schema
        schema = list(schema.values())
    if isinstance(schema, list):
        for each in schema:
            yield from _parts(each)


def test_every_key_of_the_grammar_is_explained_in_both_languages() -> None:
    """No editor offers a key without a word on it, and no word is left of a key that is gone."""
    known = {(owner.__name__, key) for table in TABLES.values() for key, owner in _owners(table)}
    assert keys_written() == known
    assert not [
        key
        for table in TABLES.values()
        for key in keys_of(table).values()
        if not (key.means.vi and key.means.en)
    ]


def _owners(table: type[Table]) -> Iterator[tuple[str, type[Table]]]:
    """The keys of a table, each with the table that it comes from."""
    for name, field in table.model_fields.items():
        owner = next(each for each in reversed(table.__mro__) if name in getattr(each, "model_fields", {}))
        yield field.alias or name, owner


@pytest.mark.parametrize("name", sorted(TABLES.keys() - {"Table"}))
def test_a_table_is_drawn_as_the_grammar_has_it(name: str) -> None:
    """Its keys, no others, and those that are required."""
    table, drawn = TABLES[name], DRAWN[name]
    assert set(drawn["properties"]) == set(keys_of(table))
    assert drawn["additionalProperties"] is False
    if name != "File":
        assert drawn.get("required", []) == list(table.required)


def test_a_key_is_explained_where_an_editor_looks() -> None:
    """Title, meaning, default and example stand at the key itself, values as JSON has them."""
    until = DRAWN["ShiftTable"]["properties"]["until"]
    assert until["title"] == "Đến ngày · Until"
    assert until["description"].startswith("Ngày kết thúc")
    assert "\n\nThe last date" in until["description"]
    assert until["examples"] == ["2027-06-30"]
    assert DRAWN["ShiftTable"]["properties"]["on_holiday"]["default"] == "skip"
    assert DRAWN["File"]["properties"]["sms"]["title"] == "Tin nhắn · Texts"


def test_choices_are_listed() -> None:
    """An editor offers the words of an enumeration; of the ways to answer only the one that works."""
    assert DRAWN["ShiftTable"]["properties"]["on_holiday"]["enum"] == [
        "skip",
        "keep",
        "next_working_day",
        "only",
    ]
    assert DRAWN["TermsTable"]["properties"]["answer"]["enum"] == ["link", "code", "reply"]


def test_no_time_of_day_is_held_against_a_standard_that_refuses_it() -> None:
    """The ``time`` of RFC 3339 would refuse 17:30; the only format is that of dates."""
    assert {part["format"] for part in _parts(DRAWN["File"]) if isinstance(part.get("format"), str)} == {
        "date"
    }


def test_nothing_is_hidden_in_an_alternative() -> None:
    """Within anyOf and oneOf no editor can say which part is wrong."""
    assert not [part for part in _parts(DRAWN["File"]) if part.keys() & {"anyOf", "oneOf"}]


def test_the_schema_beside_the_docs_is_this_one() -> None:
    """``catruc schema > docs/settings.schema.json`` after a change of the grammar or its words."""
    shipped = (ROOT / "docs" / "settings.schema.json").read_text(encoding="utf-8")
    assert shipped == json.dumps(settings_schema(), ensure_ascii=False, indent=2) + "\n"
