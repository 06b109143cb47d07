"""How often somebody may try a link or a code that opens nothing: by address, and over all."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

# Addresses remembered at once; the one that was quiet longest is forgotten first.
REMEMBERED = 10_000
# A household has this many bits of IPv6 addresses to itself, and may try from each.
HOUSEHOLD_BITS = 64


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many tries at once, and one more each `every`."""

    most: int
    every: timedelta


class Tries:
    """Counts tries. What opens something is given back, so that only wrong ones count.

    The first `free` tries of each address do not ask what all others do: nobody who has a good code is shut
    out because a crowd guesses.
    """

    def __init__(self, each: Allowance, over_all: Allowance, free: int) -> None:
        self._each = each
        self._over_all = _Bucket(over_all)
        self._free = free
        self._by_address: OrderedDict[str, _Bucket] = OrderedDict()

    def begin(self, address: str, now: datetime) -> bool:
        """Counts a try; False, and nothing is counted, where it is one too many."""
        own = self._bucket(household(address))
        level = own.level_at(now)
        if level + 1 > self._each.most:
            return False
        if level + 1 > self._free and not self._over_all.has_room(now):
            return False
        own.take(now)
        self._over_all.take(now)
        return True

    def give_back(self, address: str, now: datetime) -> None:
        """The try that was begun opened something."""
        self._bucket(household(address)).give_back(now)
        self._over_all.give_back(now)

    def _bucket(self, address: str) -> "_Bucket":
        bucket = self._by_address.pop(address, None) or _Bucket(self._each)
        self._by_address[address] = bucket
        while len(self._by_address) > REMEMBERED:
            self._by_address.popitem(last=False)
        return bucket


def household(address: str) -> str:
    """What counts as one address: an IPv4 address, or an IPv6 network of one customer."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(IPv6Address(int(known) >> HOUSEHOLD_BITS << HOUSEHOLD_BITS))


class _Bucket:
    """Fills by one a try, and leaks with time; a clock that was set back lets nothing leak."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._level = 0.0
        self._at: datetime | None = None

    def level_at(self, now: datetime) -> float:
        if self._at is not None:
            leaked = max(now - self._at, timedelta(0)) / self._allowance.every
            self._level = max(0.0, self._level - leaked)
        self._at = now
        return self._level

    def has_room(self, now: datetime) -> bool:
        return self.level_at(now) + 1 <= self._allowance.most

    def take(self, now: datetime) -> None:
        # A crowd's free tries count over all, too, but the wait is never longer than from a full bucket.
        self._level = min(self.level_at(now) + 1, float(self._allowance.most))

    def give_back(self, now: datetime) -> None:
        self._level = max(0.0, self.level_at(now) - 1)
