"""The tables of docs/settings.md, made from what scheduler/settings/keys.toml says of every key.

``python -m tests.settings_page`` writes them into the page, between ``<!-- keys of TABLE -->`` and
``<!-- end -->``; what stands around them is written by hand.
"""

import re

from scheduler.settings import grammar
from scheduler.settings.keys import Key, keys_of
from tests.pages import SETTINGS

_TABLE = re.compile(r"(<!-- keys of (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_HEAD = "| key | default | meaning | example |\n|---|---|---|---|\n"


def rendered(page: str) -> str:
    """The page with every table as it should be."""
    return _TABLE.sub(lambda found: found[1] + _rows(found[2]) + found[3], page)


def tables_of(page: str) -> list[str]:
    """The names of the tables on the page, in order."""
    return [found[2] for found in _TABLE.finditer(page)]


def _rows(name: str) -> str:
    table: type[grammar.Table] = getattr(grammar, name)
    inherited = keys_of(table.__mro__[1]) if table.__mro__[1] is not grammar.Table else {}
    own = {key: said for key, said in keys_of(table).items() if key not in inherited}
    return _HEAD + "".join(_row(key, said, key in table.required) for key, said in own.items())


def _row(name: str, key: Key, required: bool) -> str:
    default = "**required**" if required else _code(key.default)
    return f"| `{name}` *{key.title.vi}* | {default} | {key.means.en} | {_code(key.example)} |\n"


def _code(written: str) -> str:
    return f"`{written}`" if written else ""


if __name__ == "__main__":
    SETTINGS.write_text(rendered(SETTINGS.read_text(encoding="utf-8")), encoding="utf-8")
