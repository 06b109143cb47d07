"""The JSON Schema of settings.toml, by which editors complete, explain and check while somebody types.

Draft 7, which Taplo and Tombi both read. It says what a key may hold by itself; what values mean together,
only ``catruc check`` knows.
"""

from typing import Any

import tomli
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from scheduler.settings import forms
from scheduler.settings.grammar import File, Table
from scheduler.settings.keys import Key, keys_of
from scheduler.settings.leaves import one_or_several

DIALECT = "http://json-schema.org/draft-07/schema#"
_TITLE = "settings.toml · catruc"
# The shifts may all stand in included files. Tombi takes a part that is silent about other keys for a ban.
_NEEDED = {
    "required": ["service"],
    "if": {"required": ["include"], "additionalProperties": True},
    "else": {"required": ["shifts"], "additionalProperties": True},
}


def settings_schema() -> dict[str, object]:
    """The schema as one JSON document; keys stand in the order of the grammar, so that it is stable."""
    drawn = File.model_json_schema(schema_generator=_ForEditors, ref_template="#/definitions/{model}")
    definitions = drawn.pop("$defs")
    _may_be_lists(drawn["properties"]["people"], definitions["PersonTable"])
    return {"$schema": DIALECT, "title": _TITLE, **drawn, **_NEEDED, "definitions": definitions}


def _may_be_lists(people: JsonSchemaValue, person: JsonSchemaValue) -> None:
    """Lets names of lists stand for ``[[people]]``; ``part`` takes them out before the grammar sees them."""
    people["type"], person["type"] = ["array", "string"], ["object", "string"]
    people["pattern"] = person["pattern"] = forms.LIST


class _ForEditors(GenerateJsonSchema):
    """Draws the grammar without defaults that are no JSON, and with the words of ``keys``."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        # TOML has no null: what may be absent is left out.
        return self.generate_inner(schema["schema"])

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        drawn = super().function_before_schema(schema)
        return _or_one(drawn) if schema["function"]["function"] is one_or_several else drawn

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        table: type[Table] = schema["cls"]
        drawn = super().model_schema(schema)
        said = keys_of(table)
        properties = {name: _explained(each, said.get(name)) for name, each in drawn["properties"].items()}
        drawn = {"type": "object", "properties": properties, "additionalProperties": False}
        return drawn | ({"required": list(table.required)} if table.required else {})


def _or_one(several: JsonSchemaValue) -> JsonSchemaValue:
    """A list, or one of its entries without brackets; not as anyOf, in which no editor finds the mistake."""
    one = several["items"]
    types = one["type"] if isinstance(one["type"], list) else [one["type"]]
    return {**one, **several, "type": ["array", *types]}


def _explained(drawn: JsonSchemaValue, key: Key | None) -> JsonSchemaValue:
    if "$ref" in drawn:
        drawn = {"allOf": [drawn]}  # beside a reference, draft 7 overlooks all words
    bare = {name: value for name, value in drawn.items() if name != "title"}
    if key is None:
        return bare
    words = {
        "title": f"{key.title.vi} · {key.title.en}",
        "description": f"{key.means.vi}\n\n{key.means.en}",
        "default": _json(key.default) if key.default else None,
        "examples": [_json(key.example)] if key.example else None,
    }
    return bare | {name: value for name, value in words.items() if value is not None}


def _json(written: str) -> Any:
    return _plain(tomli.loads(f"value = {written}")["value"])


def _plain(value: Any) -> Any:
    """A TOML value as JSON has it: dates as texts."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
