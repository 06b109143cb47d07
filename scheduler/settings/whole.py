"""All files of the settings as one: whose entry is which, and where each thing that is wrong stands."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, islice

from notifications.template import Template
from scheduler.settings.finding import Finding
from scheduler.settings.grammar import File
from scheduler.settings.locate import Path, Position
from scheduler.settings.names import nearest
from scheduler.settings.own_text import file_in
from scheduler.settings.part import Part
from scheduler.settings.problem import Problem, Severity
from scheduler.settings.settings import Agreement
from scheduler.settings.wording import WARNINGS

SECTIONS = ("wards", "places", "services", "people", "shifts")
_LONGEST_SHOWN = 60
# What is not quoted from the file, and is as long as it must be.
_OURS = frozenset({"fields", "names", "longest", "read_as", "instead"})
# Looking for a near name among thousands takes milliseconds: the first ones are helped.
_MOST_GUESSES = 40
# A file that is wrong throughout is not mended line by line.
_MOST_TOLD = 10_000

_Placed = tuple[int, Position, Finding]


@dataclass(frozen=True)
class Whole:
    """The files in the order in which they count, the main one first, and all their entries as one file.

    `names` are the files as problems name them; `starts` says of each section at which number the entries of
    each part begin.
    """

    parts: tuple[Part, ...]
    names: tuple[str, ...]
    file: File
    starts: Mapping[str, tuple[int, ...]]

    def home(self, path: Path) -> tuple[int, Path]:
        """The number of the part in which `path` stands, and what it is called there."""
        if len(path) < 2 or path[0] not in self.starts:
            return 0, path
        starts = self.starts[str(path[0])]
        number = bisect_right(starts, int(path[1])) - 1
        return number, (path[0], int(path[1]) - starts[number], *path[2:])

    def shape(self) -> list[Finding]:
        """What each part found wrong with itself, by the paths of the whole where those reach."""
        return [
            self._abroad(number, each) for number, part in enumerate(self.parts) for each in part.findings
        ]

    def phones(self) -> dict[int, str]:
        """The phone numbers as they are written, by the number of the person."""
        starts = self.starts["people"]
        return {
            starts[number] + person: phone
            for number, part in enumerate(self.parts)
            for person, phone in part.phones.items()
        }

    def agreements(self) -> tuple[Agreement, ...]:
        """Who agreed to be texted, on which day, by which row of which list."""
        return tuple(
            Agreement(phone, day, part.name, part.cells.rows[person])
            for part in self.parts
            if part.cells
            for person, day in part.consents.items()
            if (phone := part.tables.people[person].phone)
        )

    def faults(self) -> Iterator[Problem]:
        """The parts that could not be read at all."""
        for part, name in zip(self.parts, self.names, strict=True):
            if part.fault:
                yield replace(part.fault, file=name)

    def own_texts(self) -> dict[str, Template]:
        """The texts of the administrator's, by the file that each stands for."""
        return {file_in(part.name): part.template for part in self.parts if part.template}

    def homes_of_own_texts(self) -> dict[str, int]:
        """The part in which each of them stands."""
        return {file_in(part.name): number for number, part in enumerate(self.parts) if part.template}

    def _abroad(self, number: int, finding: Finding) -> Finding:
        path = finding.path
        is_entry = len(path) > 1 and path[0] in self.starts and not _names_a_list(finding)
        if not is_entry:
            return replace(finding, part=number)
        return replace(finding, path=(path[0], self.starts[str(path[0])][number] + int(path[1]), *path[2:]))


def _names_a_list(finding: Finding) -> bool:
    """Whether this is about ``people = ["…"]``, whose entries are no people."""
    return finding.path[0] == "people" and finding.code in ("not_text", "list_outside", "listed_twice")


def whole_of(parts: tuple[Part, ...], names: tuple[str, ...]) -> Whole:
    """All parts as one; the first is the main one, and a File."""
    main = parts[0].tables
    assert isinstance(main, File)
    entries = {section: [getattr(part.tables, section) for part in parts] for section in SECTIONS}
    starts = {section: tuple(accumulate(map(len, held[:-1]), initial=0)) for section, held in entries.items()}
    joined = {section: [one for each in held for one in each] for section, held in entries.items()}
    return Whole(parts, names, main.model_copy(update=joined), starts)


def problems_of(findings: Iterable[Finding], whole: Whole) -> tuple[Problem, ...]:
    """The findings as problems, in the order of files and lines; what is the same is told once."""
    found = list(findings)
    sites = _Sites(whole, found)
    placed = sorted(((*sites.of(each), each) for each in found), key=_order)
    different = {
        (number, position, each.code, *each.params.items()): (number, position, each)
        for number, position, each in placed
    }
    guesses = iter(range(_MOST_GUESSES))
    return tuple(
        _problem(number, position, each, sites, guesses)
        for number, position, each in islice(different.values(), _MOST_TOLD)
    )


class _Sites:
    """Where things stand in the parts in which something is wrong, looked up once for each."""

    def __init__(self, whole: Whole, findings: Iterable[Finding]) -> None:
        self.whole = whole
        wanted: defaultdict[int, set[Path]] = defaultdict(set)
        for finding in findings:
            homes = [self._home(finding), *map(whole.home, filter(None, (finding.against, finding.first)))]
            for number, path in homes:
                wanted[number].add(path[:2])
        self._sites = {number: whole.parts[number].site(paths) for number, paths in wanted.items()}

    def of(self, finding: Finding) -> tuple[int, Position]:
        """The number of the part and the position in it; of a pair the later one."""
        number, path = self._home(finding)
        here = number, self._sites[number].position(path, at_key=finding.at_key)
        if finding.against is None:
            return here
        return max(here, self.at(finding.against), key=lambda one: (one[0], one[1].line, one[1].column))

    def at(self, path: Path) -> tuple[int, Position]:
        """Where a path of the whole stands."""
        number, own = self.whole.home(path)
        return number, self._sites[number].position(own)

    def shown(self, number: int, position: Position) -> str:
        """What stands there."""
        return self._sites[number].shown(position)

    def _home(self, finding: Finding) -> tuple[int, Path]:
        return (finding.part, finding.path) if finding.part is not None else self.whole.home(finding.path)


def _order(placed: _Placed) -> tuple[int, int, int, str]:
    number, position, finding = placed
    return number, position.line, position.column, finding.code


def _problem(
    number: int, position: Position, finding: Finding, sites: _Sites, guesses: Iterable[int]
) -> Problem:
    names = sites.whole.names
    params = {key: value if key in _OURS else _short(value) for key, value in finding.params.items()}
    if finding.first is not None:
        there, first = sites.at(finding.first)
        params["line"] = str(first.line) if there == number else f"{first.line}, {names[there]}"
    suggestion = finding.suggestion
    if suggestion is None and finding.known and next(iter(guesses), None) is not None:
        suggestion = nearest(finding.params["value"], finding.known)
    severity = Severity.WARNING if finding.code in WARNINGS else Severity.ERROR
    shown = sites.shown(number, position)
    part = sites.whole.parts[number]
    is_cell = part.cells is not None
    return Problem(
        names[number],
        position.line,
        position.column,
        position.length,
        severity,
        finding.code,
        params,
        suggestion,
        quotes=0 if is_cell or part.is_own_text else _quotes(shown),
        cell=shown if is_cell else None,
    )


def _quotes(value: str) -> int:
    """How many quotes open a text; 0 for anything else."""
    for mark in ('"', "'"):
        if value.startswith(mark):
            return 3 if value.startswith(mark * 3) else 1
    return 0


def _short(value: str) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in value[: _LONGEST_SHOWN + 1])
    return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"
