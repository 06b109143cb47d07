"""A text in doubt: it may have left. When it is looked up, and what follows from what is found.

It is never simply tried again. Two look-ups that found nothing, ten minutes apart, are as sure as it gets:
then a duty text that is still useful goes once more, and all else stays as it is. (Providers have taken texts
half a minute after their connection was lost; a first look-up that came sooner would prove nothing.)
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications.channels.channel import Found, NoWord, Trace
from notifications.message import Purpose

BEFORE_FIRST = timedelta(minutes=2)
BETWEEN = timedelta(minutes=10)
AFTER_NO_WORD = timedelta(minutes=2)
# A channel that says nothing for a day will not say anything about this text.
ASKED_FOR = timedelta(days=1)
MISSES = 2
# The clocks of two houses differ.
SLACK = timedelta(minutes=1)
# So long before the end somebody must be told, or both look-ups and a telephone call will not fit in.
TIME_TO_ACT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is known of a message in doubt.

    `since` is when the attempt began, `misses` counts the look-ups that found nothing, `resent` says that it
    has been sent once more already.
    """

    since: datetime
    expires_at: datetime
    purpose: Purpose
    misses: int = 0
    resent: bool = False


@dataclass(frozen=True, slots=True)
class Healed:
    """The channel had taken it."""

    trace: Trace


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Nothing is sure yet: the next look-up is at `at`, after `misses` that found nothing."""

    at: datetime
    misses: int


@dataclass(frozen=True, slots=True)
class SendAgain:
    """As good as surely not taken, and still useful to somebody with a duty: once more."""


@dataclass(frozen=True, slots=True)
class LeaveIt:
    """It stays unknown; a person is told."""


Settlement = Healed | AskAgain | SendAgain | LeaveIt


def first_look_up(now: datetime) -> datetime:
    """When a text that has just fallen into doubt is looked up."""
    return now + BEFORE_FIRST


def settle(doubt: Doubt, found: Found, taken_ids: Collection[str], now: datetime) -> Settlement:
    """What follows from one look-up. `taken_ids` are texts of the channel that are known to be others."""
    if isinstance(found, NoWord):
        return LeaveIt() if now >= doubt.since + ASKED_FOR else AskAgain(now + AFTER_NO_WORD, doubt.misses)
    own = _own_trace(found, doubt.since, taken_ids)
    if own is not None:
        return Healed(own)
    if doubt.misses + 1 < MISSES:
        return AskAgain(now + BETWEEN, doubt.misses + 1)
    if doubt.purpose == "duty" and not doubt.resent and doubt.expires_at > now:
        return SendAgain()
    return LeaveIt()


def _own_trace(traces: Sequence[Trace], since: datetime, taken_ids: Collection[str]) -> Trace | None:
    """The first text that was taken after the attempt began and is nobody else's."""
    fitting = [
        trace
        for trace in traces
        if trace.provider_id not in taken_ids and (trace.at is None or trace.at >= since - SLACK)
    ]
    return min(fitting, key=lambda trace: trace.at or since, default=None)
