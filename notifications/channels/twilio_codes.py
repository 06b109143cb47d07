"""Twilio's words: what its error codes and its statuses mean here. Both are tables, the codes in a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

import tomli

from notifications.fault import Fault
from notifications.receipt import Rank

RANKS: Mapping[str, Rank] = MappingProxyType(
    {
        "accepted": Rank.TAKEN,
        "scheduled": Rank.TAKEN,
        "queued": Rank.TAKEN,
        "sending": Rank.TAKEN,
        "sent": Rank.SENT,
        "delivered": Rank.ARRIVED,
        "read": Rank.ARRIVED,
        "partially_delivered": Rank.ARRIVED,
        "undelivered": Rank.NOT_ARRIVED,
        "failed": Rank.NOT_ARRIVED,
        "canceled": Rank.NOT_ARRIVED,
    }
)
"""What Twilio's statuses of a text that we sent say of it. One that is not here says nothing."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an error code means: its class, and a sentence for the person who can act."""

    fault: Fault
    sentence: str


UNKNOWN = Meaning(Fault.UNKNOWN, "Twilio refuses or loses this text for a reason that is not known here.")


@dataclass(frozen=True, slots=True)
class Codes:
    """The error codes that are known."""

    meanings: Mapping[int, Meaning]

    def of_refusal(self, code: object, status: int) -> Meaning:
        """What an answer means that refuses a request: by Twilio's code, else by the status of HTTP."""
        for known in (code, status, status // 100 * 100):
            if isinstance(known, int) and known in self.meanings:
                return self.meanings[known]
        return UNKNOWN

    def of_receipt(self, code: object) -> Meaning:
        """What the error code of a text that did not arrive means; none at all is unknown, too."""
        written = str(code)
        number = int(written) if written.isdecimal() and len(written) < 10 else None
        return self.meanings.get(number, UNKNOWN) if number is not None else UNKNOWN


def load_codes() -> Codes:
    """The codes that catruc ships.

    Raises:
        ValueError: a row is wrong or stands there twice.
    """
    source = resources.files("notifications.channels").joinpath("twilio_codes.toml")
    meanings: dict[int, Meaning] = {}
    for row in tomli.loads(source.read_text(encoding="utf-8"))["codes"]:
        if row["code"] in meanings:
            raise ValueError(f"twilio_codes.toml has the code {row['code']} twice")
        meanings[row["code"]] = Meaning(Fault(row["fault"]), row["sentence"])
    return Codes(MappingProxyType(meanings))
