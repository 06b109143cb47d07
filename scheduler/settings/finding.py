"""Something wrong at a key path, before anyone has looked up where that stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scheduler.settings.locate import Located, Path, Position
from scheduler.settings.names import nearest
from scheduler.settings.problem import Problem, Severity
from scheduler.settings.wording import WARNINGS

_LONGEST_SHOWN = 60
# Looking for a near name among thousands takes tens of milliseconds: the first ones are helped.
_MOST_GUESSES = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at `path`, or at the later of `path` and `against`.

    `first` is where the other one of a pair stands; `known` are the names among which the nearest to the
    value is offered, where no `suggestion` is given.
    """

    path: Path
    code: str
    params: dict[str, str] = field(default_factory=dict)
    suggestion: str | None = None
    at_key: bool = False
    against: Path | None = None
    first: Path | None = None
    known: Sequence[str] = ()


def located(findings: Iterable[Finding], source: Located, name: str) -> tuple[Problem, ...]:
    """The findings as problems of the file `name`, in the order of lines; what is the same is told once."""
    placed = sorted(((_position(each, source), each) for each in findings), key=_line_and_column)
    different = {(position, each.code, *each.params.items()): (position, each) for position, each in placed}
    guesses = iter(range(_MOST_GUESSES))
    return tuple(_problem(each, position, source, name, guesses) for position, each in different.values())


def _line_and_column(placed: tuple[Position, Finding]) -> tuple[int, int, str]:
    position, finding = placed
    return position.line, position.column, finding.code


def _position(finding: Finding, source: Located) -> Position:
    position = source.position(finding.path, at_key=finding.at_key)
    if finding.against is None:
        return position
    other = source.position(finding.against)
    return max(position, other, key=lambda one: (one.line, one.column))


def _problem(
    finding: Finding, position: Position, source: Located, name: str, guesses: Iterable[int]
) -> Problem:
    params = {key: _short(value) for key, value in finding.params.items()}
    if finding.first is not None:
        params["line"] = str(source.position(finding.first).line)
    suggestion = finding.suggestion
    if suggestion is None and finding.known and next(iter(guesses), None) is not None:
        suggestion = nearest(finding.params["value"], finding.known)
    severity = Severity.WARNING if finding.code in WARNINGS else Severity.ERROR
    quotes = _quotes(source.line(position.line)[position.column - 1 :])
    return Problem(
        name,
        position.line,
        position.column,
        position.length,
        severity,
        finding.code,
        params,
        suggestion,
        quotes,
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
