"""Claims: which due messages may go now, at the pace that all processes share.

A claim is one conditional update under a reference of its own; what another process took first is simply
not among the rows it gets.
"""

import math
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, bindparam, func, select, text, true, update

from notifications import ledger
from notifications.attempts import LEASE
from notifications.batch import Batch
from notifications.cap import Cap, midnight_after
from notifications.consent import Consent, may_text
from notifications.fault import Fault
from notifications.halts import halted, probe
from notifications.instant import UTCDateTime
from notifications.joint import TAKEN_APART, Join, each_by_itself, free
from notifications.message import State
from notifications.monthly import USED_UP, Monthly
from notifications.numbers import spoiled_among
from notifications.outbox import expire
from notifications.outcome import OutcomeKind
from notifications.outcomes import add_outcome
from notifications.rates import CLOCKS_DIFFER, SHARED, OwnRates
from notifications.tables import messages, pace
from notifications.terms import AUDIENCES, House
from notifications.trail import note

BATCH = 200
# How long before its place in the pace a text may be claimed, so that a fast rate needs few claims: each is
# handed over at its place. A claim that comes half of it late loses nothing.
AHEAD = timedelta(milliseconds=500)
# Of several the first is begun so long before it goes: late, it would come on top of a whole second's texts.
RUN_UP = timedelta(milliseconds=100)

# Two first claimers may meet on an empty table, where there is no row to lock yet.
FIRST_PACE = text("INSERT INTO pace (id, free_at) VALUES (1, :free_at) ON CONFLICT DO NOTHING").bindparams(
    bindparam("free_at", type_=UTCDateTime)
)

# What the gate and who joins texts must know of a row; to read all of it costs twice as much.
_JUDGED: tuple[Column[Any], ...] = (
    messages.c.id,
    messages.c.key,
    messages.c.scope,
    messages.c.kind,
    messages.c.audience,
    messages.c.purpose,
    messages.c.recipient,
    messages.c.phone,
    messages.c.urgent,
    messages.c.priority,
    messages.c.expires_at,
    messages.c.attempts,
    messages.c.resent,
)
_CLAIM = (
    update(messages)
    .where(messages.c.id.in_(bindparam("ids", expanding=True)), messages.c.state == State.WAITING)
    .values(
        state=State.CLAIMED,
        channel=bindparam("way"),
        reference=bindparam("under"),
        lease_until=bindparam("lease_ends"),
        changed_at=bindparam("now"),
    )
    .returning(messages.c.id)
)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the gate says of a row: go when both are empty."""

    blocked: str = ""
    later: datetime | None = None
    is_rehearsal: bool = False


def claim_due(
    connection: Connection,
    house: House,
    channel: str,
    reference: str,
    now: datetime,
    join: Join = each_by_itself,
) -> Batch:
    """Claims what is due on one channel and may go; `join` may put one text in the place of several.

    Looked at are only what this wing owns: state, expiry, consent, bad numbers, rehearsal list, quiet hours,
    daily cap, pace, and whether the channel is halted.
    """
    expire(connection, now)
    mine = _mine(house, (channel,))
    if not _is_any_due(connection, mine, now):
        # A turn that locks the pace counts as a write, and would wake every other machine for nothing.
        return Batch(reference, ())
    trial = probe(connection, channel, now)
    if trial is False:
        return Batch(reference, ())
    place = max(_by_rights(_lock_pace(connection, now), house.terms.rate, now), now)
    room = min(_room_at_pace(place, house.terms.rate, now), 1 if trial else BATCH)
    gate = _Gate(connection, house, channel, join, now)
    ids: list[int] = []
    while len(ids) < room and (rows := _due(connection, mine, room - len(ids), now, bool(trial))):
        ids.extend(gate.claim(rows, reference))
    if not ids:
        return Batch(reference, ())
    apart = timedelta(seconds=1 / house.terms.rate)
    place = max(place, now + RUN_UP) if len(ids) > 1 else place
    shared = update(pace).where(pace.c.id == SHARED)
    connection.execute(shared.values(free_at=place + len(ids) * apart))
    return Batch(reference, tuple(ids), begins_at=place, apart=apart)


def by_urgency(connection: Connection, house: House, channels: Collection[str], now: datetime) -> list[str]:
    """`channels` in the order in which they must claim: the pace is one, and who claims first takes it."""
    if len(channels) < 2:
        return list(channels)
    return sorted(channels, key=lambda name: (_most_pressing(connection, _mine(house, (name,)), now), name))


def next_due(
    connection: Connection, house: House, channels: Collection[str], now: datetime
) -> datetime | None:
    """The next instant at which a claim on one of `channels` could find something, as far as is known now."""
    under_way = messages.c.state.in_((State.CLAIMED, State.SENDING))
    in_doubt = (messages.c.state == State.IN_DOUBT, messages.c.channel.in_(channels))
    lease, look_up, free_at = connection.execute(
        select(
            select(func.min(messages.c.lease_until)).where(under_way).scalar_subquery(),
            select(func.min(messages.c.look_up_at)).where(*in_doubt).scalar_subquery(),
            select(pace.c.free_at).where(pace.c.id == SHARED).scalar_subquery(),
        )
    ).one()
    dues = [lease, look_up]
    still = {row.channel: row.probe_at for row in halted(connection) if row.channel in channels}
    free_at = _by_rights(free_at, house.terms.rate, now) if free_at else None
    dues.append(_first_send(connection, house, set(channels) - still.keys(), free_at))
    for channel, probe_at in still.items():
        first = _first_send(connection, house, (channel,), free_at)
        dues.append(max(first, probe_at) if first else None)
    return min((one for one in dues if one is not None), default=None)


def _first_send(
    connection: Connection, house: House, channels: Collection[str], free_at: datetime | None
) -> datetime | None:
    if not channels:
        return None
    first: datetime | None = connection.scalar(
        select(func.min(messages.c.send_at)).where(messages.c.state == State.WAITING, _mine(house, channels))
    )
    return max(first, free_at - AHEAD / 2) if first is not None and free_at is not None else first


def _mine(house: House, channels: Collection[str]) -> ColumnElement[bool]:
    audiences = house.audiences_on(channels)
    # Said of all, the condition would only keep the index from answering alone.
    return true() if len(audiences) == len(AUDIENCES) else messages.c.audience.in_(audiences)


class _Gate:
    """Judges due rows one after another, and claims those that may go."""

    def __init__(self, connection: Connection, house: House, channel: str, join: Join, now: datetime) -> None:
        self._connection = connection
        self._house = house
        self._channel = channel
        self._join = join
        self._now = now
        self._cap = Cap(connection, house, now)
        self._rates = OwnRates(connection, house, now)
        self._monthly = Monthly(house, Counter())
        # The numbers of those on duty to whom a text goes now, and what that one may say, too.
        self._on_duty: set[str] = set()
        self._beside: list[Row[Any]] = []

    def claim(self, rows: list[Row[Any]], reference: str) -> list[int]:
        """The ids of those that go, in their order."""
        phones = {row.phone for row in rows}
        latest = ledger.latest(self._connection, phones)
        spoiled = spoiled_among(self._connection, phones, self._now)
        notified = {row.phone for row in rows if row.purpose == "service"}
        self._monthly = Monthly.of(self._connection, self._house, notified, self._now)
        go: list[Row[Any]] = []
        blocked: list[tuple[Row[Any], _Verdict]] = []
        self._on_duty, self._beside = set(), []
        for row in rows:
            verdict = self._judge(row, latest.get((row.phone, row.purpose)), row.phone in spoiled)
            if verdict.blocked:
                blocked.append((row, verdict))
            elif verdict.later:
                # At its end it is due in any case, to be set aside.
                _set(self._connection, row, self._now, send_at=min(verdict.later, row.expires_at))
            else:
                go.append(row)
                self._at_its_rate(row)
                self._cap.count(row.audience)
                if row.purpose == "service":
                    self._monthly.count(row.phone)
                if self._cap.is_nearly_spent:
                    self._tell_cap("duty")
        self._block_all(blocked)
        ids = self._without_late_comers(self._join(self._connection, go, self._now))
        self._cap.recount()
        return _claim_ids(self._connection, ids, self._channel, reference, self._now)

    def _at_its_rate(self, row: Row[Any]) -> None:
        if row.phone in self._on_duty:
            self._beside.append(row)
            return
        self._rates.count(row.audience)
        if row.audience != "resident":
            self._on_duty.add(row.phone)

    def _without_late_comers(self, ids: list[int]) -> list[int]:
        """Puts off what no other text says after all, as the rate of its audience asks."""
        for row in self._beside:
            if row.id not in ids:
                continue
            if later := self._rates.put_off(row.audience):
                _set(self._connection, row, self._now, send_at=min(later, row.expires_at))
                ids.remove(row.id)
                self._cap.take_back(row.audience)
            else:
                self._rates.count(row.audience)
        return ids

    def _judge(self, row: Row[Any], consent: Consent | None, is_spoiled: bool) -> _Verdict:
        terms = self._house.terms_for(row.audience)
        if not may_text(row.purpose, consent):
            return _Verdict(blocked="no consent")
        if is_spoiled:
            return _Verdict(blocked="the number takes no texts")
        if terms.only_to and row.phone not in terms.only_to:
            return _Verdict(blocked="rehearsal: the number is not in only_to", is_rehearsal=True)
        if row.purpose == "service" and self._monthly.is_reached(row.phone, row.priority):
            return _Verdict(blocked=USED_UP)
        later = self._now
        if self._cap.is_reached(row.audience):
            later = midnight_after(self._now, self._house.zone)
            self._tell_cap("resident" if row.audience == "resident" else "duty")
        if terms.quiet and not row.urgent:
            later = terms.quiet.ends_after(later, self._house.zone)
        if later == self._now and row.phone not in self._on_duty:
            later = self._rates.put_off(row.audience) or later
        return _Verdict(later=later) if later > self._now else _Verdict()

    def _block_all(self, blocked: Collection[tuple[Row[Any], _Verdict]]) -> None:
        """Blocks each; what a joint text was to say is judged by itself, and is news or is not."""
        joint = free(self._connection, [row.id for row, _ in blocked], self._now)
        for row, verdict in blocked:
            if row.id in joint:
                _set(self._connection, row, self._now, state=State.CANCELLED, reason=TAKEN_APART)
                note(self._connection, State.CANCELLED, [row.key], self._now, TAKEN_APART)
            else:
                self._block(row, verdict)

    def _block(self, row: Row[Any], verdict: _Verdict) -> None:
        _set(self._connection, row, self._now, state=State.BLOCKED, reason=verdict.blocked)
        note(self._connection, "blocked", [row.key], self._now, verdict.blocked)
        if not verdict.is_rehearsal:
            # Of one matter to one recipient it is news once, however many texts of it are blocked.
            matter = f"{row.scope}/{row.recipient}"
            add_outcome(
                self._connection,
                OutcomeKind.BLOCKED,
                row.id,
                self._now,
                sentence=verdict.blocked,
                once_for=matter,
            )

    def _tell_cap(self, whom: str) -> None:
        today = self._now.astimezone(self._house.zone).date()
        add_outcome(self._connection, OutcomeKind.CAPPED, f"{whom}/{today}", self._now, sentence=whom)


def _is_any_due(connection: Connection, mine: ColumnElement[bool], now: datetime) -> bool:
    due = select(messages.c.id).where(messages.c.state == State.WAITING, messages.c.send_at <= now, mine)
    return connection.execute(due.limit(1)).first() is not None


def _most_pressing(
    connection: Connection, mine: ColumnElement[bool], now: datetime
) -> tuple[bool, int, datetime]:
    row = connection.execute(
        select(messages.c.priority, messages.c.expires_at)
        .where(
            messages.c.state == State.WAITING, messages.c.send_at <= now, messages.c.expires_at > now, mine
        )
        .order_by(messages.c.priority, messages.c.expires_at)
        .limit(1)
    ).first()
    return (True, 0, now) if row is None else (False, row.priority, row.expires_at)


def _due(
    connection: Connection, mine: ColumnElement[bool], most: int, now: datetime, is_trial: bool
) -> list[Row[Any]]:
    # What stopped the channel may be one number that it does not reach: then any other text shows that.
    untried_first = [messages.c.reason.startswith(Fault.CONFIGURATION)] if is_trial else []
    due = (
        select(*_JUDGED)
        .where(messages.c.state == State.WAITING, messages.c.send_at <= now, mine)
        .order_by(*untried_first, messages.c.priority, messages.c.expires_at, messages.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return list(connection.execute(due).all())


def _claim_ids(
    connection: Connection, ids: list[int], channel: str, reference: str, now: datetime
) -> list[int]:
    claim = {"ids": ids, "way": channel, "under": reference, "lease_ends": now + LEASE, "now": now}
    taken = connection.scalars(_CLAIM, claim).all()
    places = {one: place for place, one in enumerate(ids)}
    return sorted(taken, key=places.__getitem__)


def _set(connection: Connection, row: Row[Any], now: datetime, **values: object) -> None:
    connection.execute(
        update(messages)
        .where(messages.c.id == row.id, messages.c.state == State.WAITING)
        .values(changed_at=now, **values)
    )


def _lock_pace(connection: Connection, now: datetime) -> datetime:
    """The shared row, held until this transaction ends: claimers take their turns."""
    locked = select(pace.c.free_at).where(pace.c.id == SHARED).with_for_update()
    row = connection.execute(locked).first()
    if row is None:
        connection.execute(FIRST_PACE, {"free_at": now})
        row = connection.execute(locked).one()
    free_at: datetime = row.free_at
    return free_at


def _by_rights(free_at: datetime, rate: float, now: datetime) -> datetime:
    """`free_at`, or `now` where it lies so far ahead that a clock was wrong then, or the rate lower."""
    furthest = now + timedelta(seconds=1 / rate) + 2 * AHEAD + CLOCKS_DIFFER
    return free_at if free_at <= furthest else now


def _room_at_pace(place: datetime, rate: float, now: datetime) -> int:
    """How many places there are from `place` on that may be taken now.

    The generic cell rate algorithm (ITU-T I.371) on one shared row, with no cell ahead of its time.
    """
    spare = now + AHEAD - place
    if spare < timedelta(0):
        return 0
    return 1 + math.floor(spare.total_seconds() * rate)
