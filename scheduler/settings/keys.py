"""What the keys of settings.toml are called and mean: for the editors' schema and for the docs.

The words stand in ``keys.toml`` beside this file, by the table of ``grammar`` that has the key.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import tomli

from scheduler.settings.grammar import Table
from scheduler.timetable.label import Label


@dataclass(frozen=True, slots=True)
class Key:
    """One key as people read of it.

    `example` and `default` are TOML, as they would stand behind the ``=``; empty where the key holds a table
    of its own, and `default` also where leaving the key out means nothing, or what `means` tells.
    """

    title: Label
    means: Label
    example: str = ""
    default: str = ""


def keys_of(table: type[Table]) -> dict[str, Key]:
    """What is said of each key of a table, in the order of the grammar; an unwritten key is absent."""
    said = {name: key for each in reversed(table.__mro__) for name, key in _written().get(each.__name__, ())}
    fields = (field.alias or name for name, field in table.model_fields.items())
    return {name: said[name] for name in fields if name in said}


def keys_written() -> frozenset[tuple[str, str]]:
    """Every (table, key) that is written of, whether the grammar has it or not."""
    return frozenset((table, name) for table, keys in _written().items() for name, _ in keys)


@cache
def _written() -> dict[str, tuple[tuple[str, Key], ...]]:
    text = resources.files("scheduler.settings").joinpath("keys.toml").read_text(encoding="utf-8")
    document = tomli.loads(text)
    return {table: tuple((name, _key(row)) for name, row in rows.items()) for table, rows in document.items()}


def _key(row: dict[str, Any]) -> Key:
    title, means = Label(**row["title"]), Label(row["vi"], row["en"])
    return Key(title, means, row.get("example", ""), row.get("default", ""))
