"""The outbox against a model of it: whatever happens in whatever order, a text goes at most once.

The database refuses each step that the table of states does not have (see ``tests.outgoing``), so every rule
below is also a proof that the statements keep to it.
"""

import tempfile
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from notifications.attempts import LEASE
from notifications.batch import Batch
from notifications.claims import next_due
from notifications.delivery import Deliverer
from notifications.fault import Fault
from notifications.lookups import claim_look_ups
from notifications.message import State
from notifications.outcome import OutcomeKind
from notifications.outcomes import take_outcomes
from notifications.receipt import Rank, Receipt
from notifications.receipts import merge_receipt
from notifications.recovery import recover
from scheduler.service.pretend import VirtualClock
from tests.fake_channel import FakeChannel, PowerCut
from tests.outgoing import DAY, MINUTE, NOW, Outgoing, house, outgoing, wanted

KEYS = {"session:1": ("a", "b", "c"), "session:2": ("d", "e")}
SCOPES = st.sampled_from(sorted(KEYS))
TEXTS = st.sampled_from(["Nho ca truc", "Ca truc doi gio"])
PENDING = {State.WAITING, State.CLAIMED, State.BLOCKED}
FATES = ["taken", "refused", "busy", "halt", "doubt", "lost answer", "kill"]
PROVEN_NOT_SENT = ("refused", "busy", "halt")
OPEN = {State.WAITING, State.CLAIMED, State.SENDING}


class OutboxModel(RuleBasedStateMachine):
    """Edits, claims, calls, crashes and recoveries in any order."""

    @initialize()
    def begin(self) -> None:
        """An empty outbox."""
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        url = f"sqlite:///{Path(folder) / 'model.db'}"
        self.post: Outgoing = self.stack.enter_context(outgoing(url))
        self.clock = VirtualClock(NOW)
        self.channel = FakeChannel(looks_up=True)
        self.deliverer = Deliverer(self.post.database.write, self.channel, self.clock)
        self.batches: list[Batch] = []
        self.may_be_out: list[str] = []
        self.out_for_sure: set[str] = set()
        self.claims = 0

    def teardown(self) -> None:
        """Lets go of the database."""
        if hasattr(self, "stack"):
            self.stack.close()

    @rule(scope=SCOPES, chosen=st.sets(st.integers(0, 2)), text=TEXTS, minutes=st.integers(-5, 120))
    def edit(self, scope: str, chosen: set[int], text: str, minutes: int) -> None:
        """The settings change what one scope wants; the other is as it was."""
        now = self.clock()
        keys = [key for number, key in enumerate(KEYS[scope]) if number in chosen]
        asked = [
            wanted(
                key, scope=scope, text=text, send_at=now + timedelta(minutes=minutes), expires_at=now + DAY
            )
            for key in keys
        ]
        elsewhere = [row for row in self.post.rows() if row.scope != scope]
        self.post.want(*asked, scope=scope, now=now)
        rows = {row.key: row for row in self.post.rows()}
        assert [row for row in rows.values() if row.scope != scope] == elsewhere
        assert all(rows[key].state not in PENDING for key in KEYS[scope] if key in rows and key not in keys)
        assert minutes < 0 or all(key in rows for key in keys)
        for one in asked:
            if one.key in rows and rows[one.key].state in PENDING:
                assert rows[one.key].text == one.text

    @rule(minutes=st.sampled_from([0, 1, 3, 6, 11, 30, 600]))
    def wait(self, minutes: int) -> None:
        """Time passes."""
        self.clock.now += minutes * MINUTE

    @rule()
    def claim(self) -> None:
        """A turn claims what is due."""
        self.claims += 1
        self.batches.append(self.post.claim(f"r{self.claims}", self.clock()))

    @rule(which=st.integers(0, 3), fate=st.sampled_from(FATES))
    def deliver(self, which: int, fate: str) -> None:
        """A deliverer works on a batch, old ones too; a fate befalls its first text."""
        if not self.batches:
            return
        before = len(self.channel.handed)
        self._foretell(fate)
        try:
            self.deliverer.deliver(self.batches[-1 - which % len(self.batches)])
        except PowerCut:
            pass
        finally:
            self.channel.take_all_again()
        handed = [parcel.key for parcel in self.channel.handed[before:]]
        self.may_be_out += handed[1:] if fate in PROVEN_NOT_SENT else handed

    def _foretell(self, fate: str) -> None:
        match fate:
            case "refused":
                self.channel.refuse()
            case "busy":
                self.channel.turn_away()
            case "halt":
                self.channel.refuse(Fault.CONFIGURATION, "20003")
            case "doubt":
                self.channel.leave_in_doubt()
            case "lost answer":
                self.channel.take_without_a_word(provider_id=f"id {len(self.channel.handed)}")
            case "kill":
                self.channel.break_down(PowerCut())

    @rule(orphaned=st.booleans())
    def recover(self, orphaned: bool) -> None:
        """A service starts, or a turn looks for leases that ran out."""
        with self.post.database.write() as connection:
            recover(connection, self.clock(), orphaned, {"console"})
        left = [row for row in self.post.rows() if row.state in (State.CLAIMED, State.SENDING)]
        assert all(not orphaned and row.lease_until > self.clock() for row in left)

    @rule()
    def read_outcomes(self) -> None:
        """A turn acts on what came of texts."""
        with self.post.database.write() as connection:
            rows = take_outcomes(connection, self.clock())
        states = self.post.states()
        final = (OutcomeKind.SENT, OutcomeKind.FAILED, OutcomeKind.IN_DOUBT, OutcomeKind.EXPIRED)
        assert all(states[row.key] not in OPEN for row in rows if row.outcome in final)

    @rule(is_dumb=st.booleans())
    def look_up(self, is_dumb: bool) -> None:
        """A turn asks the channel about what is in doubt; or nobody answers."""
        self.channel.be_dumb(is_dumb)
        with self.post.database.write() as connection:
            batch = claim_look_ups(connection, "console", self.clock())
        before = {row.id: row.misses for row in self.post.rows()}
        self.deliverer.deliver(batch)
        assert not is_dumb or all(row.misses == before[row.id] for row in self.post.rows())

    @rule(which=st.integers(0, 5), rank=st.sampled_from(Rank))
    def receive(self, which: int, rank: Rank) -> None:
        """The provider reports on an attempt: early, late, twice, in any order."""
        tried = self.post.attempts()
        if not tried:
            return
        one = tried[-1 - which % len(tried)]
        if one.outcome == "not_sent":
            return  # what was refused is not reported on
        before = {row.id: row for row in self.post.rows()}[one.message_id]
        receipt = Receipt(
            one.reference, one.provider_id or f"id of {before.key}", rank.name, rank, self.clock()
        )
        with self.post.database.write() as connection:
            merge_receipt(connection, receipt, self.clock())
        after = self.post.row(before.key)
        assert after.rank >= before.rank
        self.out_for_sure |= {before.key} if after.state in (State.SENT, State.DELIVERED) else set()

    @invariant()
    def nobody_gets_a_text_twice(self) -> None:
        """What may be out was handed over once; twice only what was counted as a possible duplicate."""
        if hasattr(self, "may_be_out"):
            resent = {row.key for row in self.post.rows() if row.resent}
            twice = {key for key, count in Counter(self.may_be_out).items() if count > 1}
            assert twice <= resent
            assert max(Counter(self.may_be_out).values(), default=0) <= 2

    @invariant()
    def what_is_known_to_be_out_stays_so(self) -> None:
        """No text that somebody has is waiting to be sent."""
        if hasattr(self, "out_for_sure"):
            states = self.post.states()
            out = (State.SENT, State.DELIVERED, State.UNDELIVERED)
            assert all(states[key] in out for key in self.out_for_sure)

    @invariant()
    def what_is_free_is_held_by_nobody(self) -> None:
        """Only a claim has a reference and a lease, and each claim has both."""
        for row in self.post.rows() if hasattr(self, "post") else []:
            if row.state in (State.WAITING, State.CANCELLED, State.EXPIRED):
                assert (row.reference, row.lease_until) == (None, None)
            if row.state in (State.CLAIMED, State.SENDING):
                assert row.reference
                assert row.lease_until <= self.clock() + LEASE

    @invariant()
    def what_is_open_has_a_next_instant(self) -> None:
        """A service that sleeps until then forgets nothing."""
        if hasattr(self, "post"):
            rows = [row for row in self.post.rows() if row.state in OPEN]
            with self.post.database.read() as connection:
                upcoming = next_due(connection, house(), ("console",), self.clock())
            assert (upcoming is not None) == bool(rows)
            if upcoming is not None:
                assert upcoming <= max(self.clock(), min(row.lease_until or row.send_at for row in rows))


TestOutboxModel = OutboxModel.TestCase
TestOutboxModel.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
