"""Something wrong at a key path, before anyone has looked up where that stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from scheduler.settings.locate import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at `path`, or at the later of `path` and `against`.

    `first` is where the other one of a pair stands; `known` are the names among which the nearest to the
    value is offered, where no `suggestion` is given. With `part`, `path` is one of that file alone, by its
    number; without, one of all files taken together.
    """

    path: Path
    code: str
    params: dict[str, str] = field(default_factory=dict)
    suggestion: str | None = None
    at_key: bool = False
    against: Path | None = None
    first: Path | None = None
    known: Sequence[str] = ()
    part: int | None = None
