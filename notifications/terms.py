"""The terms on which texts go out: channel, sender, cost, pace, quiet hours, caps; by audience."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from notifications.message import Audience

AUDIENCES: tuple[Audience, ...] = ("staff", "volunteer", "resident")


class Accents(StrEnum):
    """What becomes of Vietnamese accents; all but a few make a text three times as dear."""

    KEEP = "keep"
    STRIP = "strip"
    WHEN_FREE = "when_free"


class Answer(StrEnum):
    """How people answer: by a link, by a code typed on a page, or by a text back."""

    LINK = "link"
    CODE = "code"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Price:
    """What one segment costs, and in which currency ("VND")."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """Wall-clock hours in which nobody is texted; an end before the start is on the next day."""

    start: time
    end: time

    def covers(self, local: time) -> bool:
        """Whether the wall-clock time `local` is quiet; the end is not."""
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end

    def ends_after(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """The first instant at or after `instant` that is not quiet in `zone`, in the zone of `instant`."""
        local = instant.astimezone(zone)
        if not self.covers(local.time()):
            return instant
        end = datetime.combine(local.date(), self.end, zone)
        if local.time() >= self.end:
            end = datetime.combine(local.date() + timedelta(days=1), self.end, zone)
        return end.astimezone(instant.tzinfo)


@dataclass(frozen=True, slots=True)
class Terms:
    """How texts of one audience go out.

    `replies_to` is the number that takes replies, as texts print it; `rate` is texts a second over all
    processes; `only_to` is the rehearsal list, in E.164; `daily_cap`
    counts texts handed over in one local day.
    """

    channel: str = "console"
    sender: str = ""
    answer: Answer = Answer.LINK
    replies_to: str = ""
    accents: Accents = Accents.STRIP
    max_segments: int = 1
    rate: float = 1.0
    quiet: Quiet | None = Quiet(time(21), time(7))
    daily_cap: int = 2000
    only_to: tuple[str, ...] = ()
    price: Price | None = None


@dataclass(frozen=True, slots=True)
class House:
    """What the gate needs to know: the terms by audience, and the zone in which days and nights are told.

    `notices_a_month` is how many texts at most a number gets of what it follows, None for no end.
    """

    terms: Terms
    by_audience: Mapping[str, Terms]
    zone: ZoneInfo
    notices_a_month: int | None = None

    def terms_for(self, audience: str) -> Terms:
        """The terms of one audience."""
        return self.by_audience.get(audience, self.terms)

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels by which texts leave."""
        return tuple(dict.fromkeys(self.terms_for(audience).channel for audience in AUDIENCES))

    @property
    def caps_audiences(self) -> bool:
        """Whether some audience has a daily cap of its own."""
        return any(self.terms_for(audience).daily_cap != self.terms.daily_cap for audience in AUDIENCES)

    def cost_of(self, segments: Mapping[str, int]) -> Price | None:
        """What segments by audience cost together; None where that cannot be said.

        That is so where an audience has no price, or prices are in different currencies.
        """
        if not segments:
            return Price(Decimal(0), self.terms.price.currency) if self.terms.price else None
        prices = {audience: self.terms_for(audience).price for audience in segments}
        known = [price for price in prices.values() if price]
        if len(known) < len(prices) or len({price.currency for price in known}) != 1:
            return None
        amount = sum((price.amount * segments[one] for one, price in prices.items() if price), Decimal(0))
        return Price(amount, known[0].currency)

    def audiences_on(self, channels: Collection[str]) -> tuple[Audience, ...]:
        """The audiences whose texts leave by one of these channels."""
        return tuple(one for one in AUDIENCES if self.terms_for(one).channel in channels)
