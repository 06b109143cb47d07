"""What befalls a life at one of its system calls: a kill, a failure, or a disk that is full for a while."""

import errno
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.tracer import Call, Decide

# These leave something on the disk or at the provider; in CI each of them is met, and of all that is said to
# PostgreSQL each commit.
ON_DISK = frozenset({"pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "unlinkat"})
SENDING = frozenset({"sendto", "sendmsg"})
COUNTS = (b"COMMIT", b"POST ")
GROWING = frozenset({"pwrite64", "ftruncate"})
FULL_FOR = 5
"""So many writes in a row find no room."""


Kind = str


@dataclass(frozen=True, slots=True)
class Attack:
    """One try: where, in words, and what to do there."""

    name: str
    decide: Decide


def kills(calls: Sequence[Call], others: int | None) -> Iterator[Attack]:
    """A kill before each of `calls`; with `others`, before the lasting ones and so many of the rest.

    Of lasting ones in a row that are alike, as the pages of one transaction, the first and the last do then.
    """
    if others is None:
        for call in calls:
            yield Attack(_named(call), _AtNumber(call.number))
        return
    yield from (Attack(_named(call), _AtNth(kind, nth, None)) for call, kind, nth in _telling(calls))
    rest = [call for call in calls if not _lasts(call)]
    for call in rest[:: max(1, len(rest) // max(1, others))]:
        yield Attack(_named(call), _AtNumber(call.number))


def failures(calls: Sequence[Call], others: int | None) -> Iterator[Attack]:
    """A call fails once, each of those that may: a disk says EIO, nobody listens, or the line is cut then.

    With `others` the lasting ones, and so many of the writes.
    """
    several = list(_numbered(calls)) if others is None else _telling(calls)
    writes = [each for each in several if each[0].name in GROWING]
    chosen = writes[:: 1 if others is None else max(1, len(writes) // max(1, others))]
    rest = [each for each in several if each[0].name in (ON_DISK | SENDING | {"connect"}) - GROWING]
    for call, kind, nth in chosen + rest:
        if call.name in SENDING:
            yield Attack(f"the line is cut at {_named(call)}", _Cut(_AtNth(kind, nth, None)))
        else:
            fault = errno.ECONNREFUSED if call.name == "connect" else errno.EIO
            yield Attack(f"{errno.errorcode[fault]} of {_named(call)}", _AtNth(kind, nth, fault))


def full_disks(calls: Sequence[Call], others: int | None) -> Iterator[Attack]:
    """From one write on, there is no room on the disk for a while."""
    writes = [each for each in _numbered(calls) if each[0].name in GROWING]
    for call, kind, nth in writes[:: 1 if others is None else max(1, len(writes) // max(1, others))]:
        yield Attack(f"no room from {_named(call)}", _AtNth(kind, nth, errno.ENOSPC, FULL_FOR))


def _telling(calls: Sequence[Call]) -> list[tuple[Call, Kind, int]]:
    """The lasting ones, without those between two that are just like them."""
    lasting = [each for each in _numbered(calls) if _lasts(each[0])]
    kinds = ["", *(kind for _, kind, _ in lasting), ""]
    return [each for place, each in enumerate(lasting) if not kinds[place] == each[1] == kinds[place + 2]]


def _numbered(calls: Sequence[Call]) -> Iterator[tuple[Call, Kind, int]]:
    """With the kind of each, and its number among those of its kind: that differs least from life to life."""
    seen: Counter[Kind] = Counter()
    for call in calls:
        kind = _kind(call)
        seen[kind] += 1
        yield call, kind, seen[kind]


def _lasts(call: Call) -> bool:
    return call.name in ON_DISK or call.name == "connect" or any(word in call.says for word in COUNTS)


class _AtNumber:
    """Kills before the call of this number."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __call__(self, call: Call) -> int | None:
        return None if call.number == self._number else 0


class _AtNth:
    """Kills before the n-th call of a kind, or lets it fail, and so many growing ones from it on."""

    def __init__(self, kind: Kind, nth: int, fault: int | None, times: int = 1) -> None:
        self._kind = kind
        self._left = nth
        self._fault = fault
        self._times = times

    def __call__(self, call: Call) -> int | None:
        self._left -= _kind(call) == self._kind
        if self._left > 0 or self._times == 0 or not (_kind(call) == self._kind or call.name in GROWING):
            return 0
        self._times -= 1
        return self._fault


class _Cut:
    """Cuts the line where the other would kill."""

    def __init__(self, kills: _AtNth) -> None:
        self._kills = kills

    def __call__(self, call: Call) -> int | None:
        if self._kills(call) is None:
            call.hang_up()
        return 0


def _kind(call: Call) -> Kind:
    """Of which kind it is, in words."""
    about = "" if call.file.startswith("socket:") else Path(call.file).name
    said = next((word.decode().strip() for word in COUNTS if word in call.says), "")
    return f"{call.name} {about}{said}".strip()


def _named(call: Call) -> str:
    return f"{call.number} {_kind(call)}"


Attacks = Callable[[Sequence[Call], int | None], Iterator[Attack]]
ATTACKS: dict[str, Attacks] = {"kill": kills, "fail": failures, "full": full_disks}
