"""What the pretend Twilio keeps of a text, and how it shows it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from notifications.text import measure

ACCOUNT = "AC" + "0" * 32
FOLDER = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"

FINAL = frozenset({"delivered", "undelivered", "failed", "canceled", "read", "received", "sent"})
_NEVER_SENT = frozenset({"accepted", "scheduled", "queued", "sending", "failed", "canceled"})

E164 = re.compile(r"\+[1-9]\d{6,14}")


@dataclass
class Message:
    """A text that was taken: it goes out and is paid for."""

    sid: str
    to: str
    sender: str | None
    body: str
    created: datetime
    service: str | None = None
    validity: int = 36_000
    callback: str | None = None
    status: str = "queued"
    error_code: int | None = None
    sent: datetime | None = None
    direction: str = "outbound-api"

    @classmethod
    def taken(cls, number: int, form: Mapping[str, str], now: datetime) -> "Message":
        """The text that a request asks for."""
        service = form.get("MessagingServiceSid")
        return cls(
            sid=f"SM{number:032x}",
            to=form["To"],
            sender=form.get("From"),
            body=form["Body"],
            created=now.replace(microsecond=0),
            service=service,
            validity=int(form.get("ValidityPeriod", "36000")),
            callback=form.get("StatusCallback"),
            status="accepted" if service else "queued",
        )

    def move(self, status: str, error_code: int | None, now: datetime) -> None:
        """It has come so far."""
        self.status, self.error_code = status, error_code
        if self.sent is None and status not in _NEVER_SENT:
            self.sent = now.replace(microsecond=0)

    def as_json(self) -> dict[str, object]:
        """The resource, with every field that Twilio shows."""
        # A Messaging Service has not chosen a sender yet when it answers, nor counted.
        counted = self.service is None or self.sent is not None
        uri = f"{FOLDER}/{self.sid}"
        return {
            "account_sid": ACCOUNT,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": _written(self.created),
            "date_sent": _written(self.sent),
            "date_updated": _written(self.sent or self.created),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None,
            "from": self.sender,
            "messaging_service_sid": self.service,
            "num_media": "0",
            "num_segments": str(measure(self.body).segments) if counted else "0",
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }


def _written(instant: datetime | None) -> str | None:
    """As RFC 2822 has it: ``Mon, 02 Nov 2026 10:00:00 +0000``."""
    return None if instant is None else format_datetime(instant.astimezone(UTC))
