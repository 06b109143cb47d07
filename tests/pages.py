"""The examples of the pages in docs/, as the files that a reader would make of them."""

import re
from pathlib import Path

from tests.workbook import tables_of_page, workbook

DOCS = Path(__file__).parents[1] / "docs"
SETTINGS, GUIDE = DOCS / "settings.md", DOCS / "huong-dan.md"
_LIST = "tinh-nguyen-vien.xlsx"

_BLOCK = re.compile(r"^```toml\n(.*?)^```\n(?:\n```\n(settings\.toml:.*?)```\n)?", re.DOTALL | re.MULTILINE)
_OWN_TEXT = re.compile(r"^`(texts/\S+\.txt)`:\n\n```\n(.*?)^```\n", re.DOTALL | re.MULTILINE)
_TABLE = re.compile(r"^(?=\[)", re.MULTILINE)
_HEADER = re.compile(r"^\[\[?(\w+)", re.MULTILINE)
_NAMED = re.compile(r"# (\S+\.toml)\n")
_KEY = re.compile(r"^(\w+) *=", re.MULTILINE)


def examples_of(page: Path) -> list[tuple[str, str]]:
    """The TOML of a page as whole files, each with the problem that the page shows below it.

    Where an example lacks a section, that of the page's first one stands in; one with ``[service]`` is whole.
    """
    found = [each for each in _BLOCK.findall(page.read_text(encoding="utf-8")) if not _NAMED.match(each[0])]
    whole = found[0][0] if found else ""
    return [
        (text if "[service]" in text else _completed(text, whole), shown.strip()) for text, shown in found
    ]


def put_other_files(folder: Path) -> None:
    """Writes what the pages have beside settings.toml: the list of the guide, and files with a name."""
    for page in (GUIDE, SETTINGS):
        for name, text in _OWN_TEXT.findall(page.read_text(encoding="utf-8")):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    (folder / _LIST).write_bytes(workbook(tables_of_page(GUIDE.read_text(encoding="utf-8"))[0]))
    for text, _ in _BLOCK.findall(SETTINGS.read_text(encoding="utf-8")):
        if named := _NAMED.match(text):
            (folder / named[1]).parent.mkdir(exist_ok=True)
            (folder / named[1]).write_text(text, encoding="utf-8")


def _completed(example: str, whole: str) -> str:
    opening, *tables = _TABLE.split(example)
    said = {*_HEADER.findall(example), *_KEY.findall(opening)}
    first, *others = _TABLE.split(whole)
    kept = [] if said.intersection(_KEY.findall(first)) else [first]
    kept += [opening, *tables]
    return "".join(kept + [each for each in others if said.isdisjoint(_HEADER.findall(each)[:1])])
