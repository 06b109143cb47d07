"""One file of the settings, read by itself: what stands in it, and what is wrong with it."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from notifications.template import Template
from scheduler.settings import source
from scheduler.settings.finding import Finding
from scheduler.settings.grammar import File
from scheduler.settings.locate import Path, Position, locate, unlocated
from scheduler.settings.own_text import Prose, own_text
from scheduler.settings.people_list import Cells, NoList, PeopleList, Row, read_people, rows_of
from scheduler.settings.problem import Problem, Severity
from scheduler.settings.shape import Included, read_shape

MOST_BYTES_OF_A_LIST = 40_000_000
MOST_BYTES_OF_A_TEXT = 1_000_000


class Site(Protocol):
    """Where the key paths of one file stand."""

    def position(self, path: Path, *, at_key: bool = False) -> Position:
        """Where the value (or the key) of `path` stands; where its nearest table does when it is absent."""
        ...

    def shown(self, position: Position) -> str:
        """What stands there: the line from the position on, or the cell."""
        ...


@dataclass(frozen=True)
class Part:
    """One file, by itself.

    `name` is relative to the folder of the main file. `text` is TOML, or the rows of a list of people as
    lines of JSON, or a text that is sent. `tables` is what stands in it, without what is faulty; `fault` is
    set where it could not be read at all. `lists` are the lists of people that it names, `phones` the numbers
    as written and `consents` the days on which people agreed to be texted; `template` is the text that it is.
    """

    name: str
    text: str = ""
    tables: File | Included = field(default_factory=Included)
    findings: tuple[Finding, ...] = ()
    fault: Problem | None = None
    lists: tuple[str, ...] = ()
    phones: Mapping[int, str] = field(default_factory=dict)
    consents: Mapping[int, date] = field(default_factory=dict)
    language: str = "vi"
    cells: Cells | None = None
    is_own_text: bool = False
    template: Template | None = None

    def site(self, wanted: Container[Path]) -> Site:
        """Where its key paths stand; of the entries of its sections only those that are `wanted`."""
        if self.cells:
            return self.cells
        if self.is_own_text:
            return Prose(self.text)
        return unlocated(self.text) if self.fault else locate(self.text, wanted)


def part_of(raw: bytes, name: str, kind: str) -> Part:
    """The part that bytes are.

    They are the "main" file, an included "toml", a "list" of people, or a "text" that is sent.
    """
    if kind == "list":
        return list_part(raw, name)
    text = source.decoded(raw, name)
    if isinstance(text, Problem):
        return Part(name, fault=text, is_own_text=kind == "text")
    return own_text_part(text, name) if kind == "text" else toml_part(text, name, is_main=kind == "main")


def _in_lines(text: str) -> str:
    """Without a mark at its start, and with lines that end as on Unix: some editors still end them by CR."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    return text if "\n" in text else text.replace("\r", "\n")


def toml_part(text: str, name: str, *, is_main: bool) -> Part:
    """The part that a TOML text is; never raises, whatever the text is."""
    text = _in_lines(text)
    document = source.parsed(text, name)
    if isinstance(document, Problem):
        return Part(name, text, fault=document)
    lists, wrong_lists = _lists_of(document)
    language = _language(document)
    tables, findings = _shaped(document, is_main)
    found = (*wrong_lists, *findings)
    return Part(name, text, tables, found, lists=lists, phones=_phones(document), language=language)


def _shaped(document: dict[str, Any], is_main: bool) -> tuple[File | Included, list[Finding]]:
    return read_shape(document, File) if is_main else read_shape(document, Included)


def own_text_part(text: str, name: str) -> Part:
    """The part that a text of the administrator's is; never raises, whatever the text is."""
    text = _in_lines(text)
    own = own_text(text, name)
    return Part(name, text, findings=own.findings, is_own_text=True, template=own.template)


def list_part(raw: bytes, name: str) -> Part:
    """The part that a list of people is; never raises, whatever the bytes are."""
    # It unpacks archives and reads tables: most settings have no list.
    from scheduler.settings.sheet import rows_in

    if len(raw) > MOST_BYTES_OF_A_LIST:
        too_big = {"most": str(MOST_BYTES_OF_A_LIST // 1_000_000)}
        return Part(name, fault=Problem(name, 1, 1, 1, Severity.ERROR, "too_big", too_big))
    try:
        rows = rows_in(raw)
    except NoList as fault:
        return Part(name, fault=Problem(name, fault.row, 1, 1, Severity.ERROR, fault.code, fault.params))
    return part_of_rows(rows, name)


def kept_list_part(text: str, name: str) -> Part:
    """The part that a list was, from the text that was kept of it."""
    return part_of_rows(rows_of(text), name)


def part_of_rows(rows: tuple[Row, ...], name: str) -> Part:
    """The part that the rows of a list are."""
    return part_of_people(read_people(rows), name)


def part_of_people(read: PeopleList, name: str) -> Part:
    """The part that a list is which was read."""
    tables = Included.model_construct({"people"}, people=list(read.people))
    return Part(
        name, read.text, tables, read.findings, phones=read.phones, consents=read.consents, cells=read.site
    )


def _lists_of(document: dict[str, Any]) -> tuple[tuple[str, ...], list[Finding]]:
    """Takes the names of lists out of `document`, where they stand for ``[[people]]``."""
    people = document.get("people")
    named = [people] if isinstance(people, str) else people
    if not isinstance(named, list) or not any(isinstance(each, str) for each in named):
        return (), []
    del document["people"]
    wrong = [
        Finding(("people", number), "not_text", {"key": "people"})
        for number, each in enumerate(named)
        if not isinstance(each, str)
    ]
    return tuple(each for each in named if isinstance(each, str)), wrong


def _language(document: dict[str, Any]) -> str:
    service = document.get("service")
    languages = service.get("languages") if isinstance(service, dict) else None
    first = languages[0] if isinstance(languages, list) and languages else None
    return "en" if first == "en" else "vi"


def _phones(document: dict[str, Any]) -> dict[int, str]:
    """The phone numbers as they are written, by the number of the person; after faults are taken out."""
    phones = [(number, person.get("phone")) for number, person in enumerate(document.get("people", []))]
    return {number: phone for number, phone in phones if isinstance(phone, str)}
