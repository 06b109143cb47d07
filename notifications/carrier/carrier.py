"""What every carrier promises: batches reach a deliverer, once they are claimed for good."""

from typing import Protocol

from sqlalchemy import Connection

from notifications.batch import Batch


class Carrier(Protocol):
    """Carries batches of one channel to deliverers.

    A batch is passed on twice: to `enqueue` in the transaction that claims it, and to `carry` after its
    commit. Each carrier acts on one of them.
    """

    def is_full(self, connection: Connection) -> bool:
        """Whether more batches would only wait, with a running lease."""
        ...

    def enqueue(self, connection: Connection, batch: Batch) -> None:
        """Hands over what is claimed if this transaction commits, and else is not."""
        ...

    def carry(self, batch: Batch) -> None:
        """Hands over what is claimed."""
        ...

    def stop(self, timeout: float) -> bool:
        """Waits at most `timeout` seconds for what is under way here; returns whether all of it has ended.

        The deliverer must have been told to stop before.
        """
        ...
