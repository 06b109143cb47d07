"""Four ledgers of the same texts, compared: what was planned, ours, the provider's, and the audit trail.

Texts are told apart by key. The provider knows no keys: what it took names our attempt in the address for
receipts, and the attempt names the message.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select

from notifications.message import State, Wanted
from notifications.tables import attempts, audit, messages
from scheduler.store.database import Database
from tests.fake_twilio import FakeTwilio

LEFT = frozenset({State.SENT, State.DELIVERED, State.UNDELIVERED})
UNDER_WAY = frozenset({State.WAITING, State.CLAIMED, State.SENDING})
# Lines of the audit trail that are about a channel or somebody else's text.
OF_NO_MESSAGE = frozenset({"halted", "resumed", "unknown_receipt"})


@dataclass(frozen=True, slots=True)
class Plan:
    """A text that the deciders want."""

    key: str
    phone: str
    text: str


@dataclass(frozen=True, slots=True)
class Ours:
    """A row of the outbox; `resent` says that it went once more after a doubt."""

    key: str
    state: State
    resent: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """A row of the attempts; `outcome` is what its own call brought."""

    reference: str
    key: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A text that the provider took: it goes out."""

    reference: str
    phone: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the audit trail."""

    event: str
    key: str


@dataclass(frozen=True, slots=True)
class Ledgers:
    """The four, as they stand when all has come to rest; ours is two tables."""

    planned: Sequence[Plan]
    ours: Sequence[Ours]
    tries: Sequence[Try]
    theirs: Sequence[Taken]
    trail: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not agree about one text."""

    key: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the four ledgers say of each other.

    `resent` are texts that went twice, the second time on purpose, after two look-ups that found nothing.
    `set_aside` are those that did not go and are not to go: expired, refused, cancelled or blocked.
    """

    texts: int
    lost: tuple[Finding, ...]
    doubled: tuple[Finding, ...]
    unexpected: tuple[Finding, ...]
    in_doubt: tuple[Finding, ...]
    resent: tuple[Finding, ...]
    set_aside: tuple[Finding, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing is lost, nothing doubled, and nothing there that should not be."""
        return not (self.lost or self.doubled or self.unexpected)

    def __str__(self) -> str:
        """The counts in a line, and below it each finding."""
        kinds = ("lost", "doubled", "unexpected", "in_doubt", "resent", "set_aside")
        found = {kind: getattr(self, kind) for kind in kinds}
        counts = ", ".join(f"{len(findings)} {kind}" for kind, findings in found.items())
        named = [f"  {kind} {one.key}: {one.sentence}" for kind, all_ in found.items() for one in all_[:20]]
        return "\n".join([f"{self.texts} texts: {counts}", *named])


def planned(wanted: Iterable[Wanted]) -> list[Plan]:
    """What is wanted, as a ledger."""
    return [Plan(one.key, one.phone, one.text) for one in wanted]


def taken_by(twilio: FakeTwilio) -> list[Taken]:
    """The pretend Twilio's ledger."""
    return [Taken(reference_in(each.callback or ""), each.to, each.body) for each in twilio.ledger]


def reference_in(address: str) -> str:
    """Our reference in an address for receipts."""
    return parse_qs(urlsplit(address).query).get("o", [""])[0]


def ledgers_of(database: Database, plan: Sequence[Plan], theirs: Sequence[Taken]) -> Ledgers:
    """The four ledgers, ours and the trail as they stand in `database`."""
    of_whom = select(attempts.c.reference, messages.c.key, attempts.c.outcome).select_from(
        attempts.join(messages)
    )
    with database.read() as connection:
        rows = connection.execute(select(messages.c.key, messages.c.state, messages.c.resent)).all()
        tries = connection.execute(of_whom.order_by(attempts.c.id)).all()
        lines = connection.execute(select(audit.c.event, audit.c.key).order_by(audit.c.id)).all()
    return Ledgers(
        plan,
        [Ours(row.key, State(row.state), row.resent) for row in rows],
        [Try(*row) for row in tries],
        theirs,
        [Line(*line) for line in lines if line.event not in OF_NO_MESSAGE],
    )


def compare(ledgers: Ledgers) -> Comparison:
    """Every text of every ledger, against the other three."""
    entries = _entries(ledgers)
    found: dict[str, list[Finding]] = defaultdict(list)
    for key, entry in entries.items():
        for kind, sentence in entry.findings():
            found[kind].append(Finding(key, sentence))
    known = {each.reference for each in ledgers.tries}
    found["unexpected"].extend(
        Finding(f"reference {each.reference!r}", "the provider took a text of which we have no attempt")
        for each in ledgers.theirs
        if each.reference not in known
    )
    kinds = ("lost", "doubled", "unexpected", "in_doubt", "resent", "set_aside")
    return Comparison(len(entries), *(tuple(found[kind]) for kind in kinds))


@dataclass(frozen=True, slots=True)
class _Entry:
    """What all four say of one text."""

    plans: list[Plan]
    rows: list[Ours]
    tries: list[Try]
    taken: list[Taken]
    events: Counter[str]

    def findings(self) -> Iterator[tuple[str, str]]:
        """What is wrong with it: of which kind, and the sentence."""
        if not self.rows:
            yield from self._findings_without_a_row()
            return
        yield from self._losses()
        yield from self._doubles()
        yield from self._surprises()
        state = self.rows[0].state
        if state is State.IN_DOUBT:
            yield "in_doubt", f"it stays unknown; the provider took it {len(self.taken)} times"
        elif state not in LEFT | UNDER_WAY:
            yield "set_aside", state

    def _findings_without_a_row(self) -> Iterator[tuple[str, str]]:
        if self.plans:
            yield "lost", "planned, and not in our outbox"
        else:
            yield "unexpected", "the audit trail tells of it, and nobody else"

    def _losses(self) -> Iterator[tuple[str, str]]:
        state = self.rows[0].state
        if state in UNDER_WAY:
            yield "lost", f"it has not come to rest: {state}"
        if state not in LEFT:
            return
        if not self.taken:
            yield "lost", f"ours says {state}, and the provider never took it"
        if not self.tries:
            yield "lost", f"ours says {state}, and there is no attempt"
        if not any(self.events[each] for each in LEFT):
            yield "lost", f"ours says {state}, and the audit trail does not tell that it left"

    def _doubles(self) -> Iterator[tuple[str, str]]:
        if len(self.plans) > 1:
            yield "doubled", f"planned {len(self.plans)} times"
        if len(self.rows) > 1:
            yield "doubled", f"{len(self.rows)} times in our outbox"
        was_resent = self.rows[0].resent
        allowed = 2 if was_resent else 1
        taken, accepted = len(self.taken), sum(each.outcome == "accepted" for each in self.tries)
        if taken > allowed:
            yield "doubled", f"the provider took it {taken} times"
        elif taken > 1:
            yield "resent", "sent once more after two look-ups that found nothing, and it had gone out"
        if accepted > 1:
            yield "doubled", f"{accepted} attempts of it were accepted"
        if self.events[State.SENT] > 1:
            yield "doubled", f"the audit trail tells {self.events[State.SENT]} times that it left"

    def _surprises(self) -> Iterator[tuple[str, str]]:
        state = self.rows[0].state
        if not self.plans:
            yield "unexpected", "in our outbox, and nobody planned it"
        if self.taken and state not in LEFT | {State.IN_DOUBT}:
            yield "unexpected", f"ours says {state}, and the provider took it"
        if any(self.events[each] for each in LEFT) and state not in LEFT:
            yield "unexpected", f"ours says {state}, and the audit trail tells that it left"
        words = {(each.phone, each.text) for each in self.plans}
        if self.plans and any((each.phone, each.text) not in words for each in self.taken):
            yield "unexpected", "it went to another number or with other words than planned"


def _entries(ledgers: Ledgers) -> dict[str, _Entry]:
    entries: dict[str, _Entry] = defaultdict(lambda: _Entry([], [], [], [], Counter()))
    for plan in ledgers.planned:
        entries[plan.key].plans.append(plan)
    for row in ledgers.ours:
        entries[row.key].rows.append(row)
    key_of = {}
    for each in ledgers.tries:
        entries[each.key].tries.append(each)
        key_of[each.reference] = each.key
    for taken in ledgers.theirs:
        if taken.reference in key_of:
            entries[key_of[taken.reference]].taken.append(taken)
    for line in ledgers.trail:
        entries[line.key].events[line.event] += 1
    return entries
