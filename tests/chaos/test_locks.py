"""Two processes at the same message on PostgreSQL: one waits for the other, and never both for each other."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from sqlalchemy import Connection, text, update
from sqlalchemy.exc import OperationalError

from notifications.attempts import Ended, begin_attempts, end_attempts
from notifications.channels.channel import Accepted, NotSent
from notifications.fault import Fault
from notifications.message import State
from notifications.receipt import Rank, Receipt
from notifications.receipts import merge_receipt
from notifications.tables import attempts, messages
from tests.outgoing import HOUR, NOW, Outgoing, outgoing, wanted
from tests.postgres import PostgresServer
from tests.served import wait_for

LATER = NOW + HOUR
BLOCKED = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")

Record = Callable[[Connection, int, str], object]

RECORDS: dict[str, Record] = {
    "an acceptance": lambda connection, number, reference: end_attempts(
        connection, [Ended(number, reference, Accepted("SM1"))], True, LATER
    ),
    "a refusal": lambda connection, number, reference: end_attempts(
        connection, [Ended(number, reference, NotSent(Fault.BAD_TEXT, "21617", "Too long."))], True, LATER
    ),
    "a receipt": lambda connection, _, reference: merge_receipt(
        connection, Receipt(reference, "SM1", "sent", Rank.SENT, LATER), LATER
    ),
}


@pytest.fixture
def post(postgres_server: PostgresServer) -> Iterator[Outgoing]:
    """An outbox with one text that is being sent in the group "r1"; its lease has run out."""
    with postgres_server.fresh_database() as url, outgoing(url) as one:
        one.want(wanted("a"))
        (number,) = one.claim("r").ids
        with one.database.write() as connection:
            assert begin_attempts(connection, [number], "r", "r1", NOW)
        yield one


@pytest.mark.parametrize("what", RECORDS)
def test_what_is_recorded_waits_for_who_holds_the_message(post: Outgoing, what: str) -> None:
    """Everybody takes the message first and its attempt second."""
    number, reference = post.row("a").id, post.row("a").reference
    faults: list[BaseException] = []

    def record() -> None:
        try:
            with post.database.write() as connection:
                RECORDS[what](connection, number, reference)
        except OperationalError as fault:
            faults.append(fault)

    with post.database.write() as connection:
        connection.execute(update(messages).values(reason="held"))
        other = Thread(target=record)
        other.start()
        wait_for(lambda: _blocked(post))
        connection.execute(update(attempts).values(sentence="held"))
    other.join()
    assert not faults
    assert post.states() == {"a": State.FAILED if what == "a refusal" else State.SENT}


def _blocked(post: Outgoing) -> int:
    with post.database.read() as connection:
        return connection.scalar(BLOCKED) or 0
