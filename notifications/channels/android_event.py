"""What the gateway tells unasked: a call's signature, the arrival it makes, and what that arrival says.

The phone signs the body and the second at which it calls, anew at every try. It repeats a call that was not
answered for two days, and it calls twice where somebody has registered an address twice: an arrival's key is
made of what happened, not of the call.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Literal

from notifications.arrival import Arrival, Reply
from notifications.channels.android_state import RANKS, instant_of, reason_of
from notifications.phone import BadNumber, parse_phone
from notifications.receipt import Receipt

CHANNEL = "android"
TOLERANCE = timedelta(minutes=5)
LONGEST_ID = 36

RECEIVED = "sms:received"
_STATUS_OF: Mapping[str, str] = MappingProxyType(
    {"sms:sent": "Sent", "sms:delivered": "Delivered", "sms:failed": "Failed", "sms:cancelled": "Cancelled"}
)
_INSTANTS = ("sentAt", "deliveredAt", "failedAt")

Verdict = Literal["good", "unsigned", "forged", "stale"]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A call that means nothing to us; `event` is its own word, or says that it is none."""

    event: str


def judge_signature(key: str, body: bytes, signature: str, timestamp: str, now: datetime) -> Verdict:
    """Whether the phone that holds `key` signed this call, at most five minutes from `now`.

    An old call is stale however well it is signed: who has caught one cannot play it again.
    """
    if not signature or not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return "unsigned"
    right = hmac.new(key.encode(), body + timestamp.encode(), sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), signature.lower().encode()):
        return "forged"
    away = abs(now.timestamp() - int(timestamp))
    return "good" if away <= TOLERANCE.total_seconds() else "stale"


def arrival_of(body: bytes, now: datetime) -> Arrival | Ignored:
    """The arrival to store for a call whose signature was found good."""
    event, payload = _event(body)
    if event == RECEIVED:
        key = _key_of_text(payload)
        return Arrival(CHANNEL, "inbound", key, "", body.decode(), now) if key else Ignored("unreadable")
    if event not in _STATUS_OF:
        return Ignored(event or "unreadable")
    reference = _text(payload, "messageId")
    if not 0 < len(reference) <= LONGEST_ID:
        return Ignored("unreadable")
    return Arrival(CHANNEL, "status", f"{event} {reference}", reference, body.decode(), now)


def read_arrival(arrival: Arrival) -> Receipt | Reply | None:
    """What an arrival of this channel says; None for a text from a sender who cannot be texted.

    Those are networks and firms: they bear names or short numbers.
    """
    event, payload = _event(arrival.body.encode())
    at = min(_happened_at(payload) or arrival.at, arrival.at)
    if arrival.way == "status":
        status = _STATUS_OF.get(event, event)
        fault, code = reason_of(status, _text(payload, "reason"))
        return Receipt(arrival.reference, arrival.reference, status, RANKS.get(status), at, fault, code)
    try:
        phone = parse_phone(_sender(payload))
    except BadNumber:
        return None
    return Reply(arrival.key, phone, _text(payload, "recipient"), _text(payload, "message"), at)


def _event(body: bytes) -> tuple[str, Mapping[str, Any]]:
    try:
        document = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return "", {}
    if not isinstance(document, dict):
        return "", {}
    payload = document.get("payload")
    return _text(document, "event"), payload if isinstance(payload, dict) else {}


def _key_of_text(payload: Mapping[str, Any]) -> str:
    """The same for one text however often it is told; the app's own id is not unique among texts."""
    sender, at = _sender(payload), _text(payload, "receivedAt")
    if not sender or not at or not isinstance(payload.get("message"), str):
        return ""
    told = json.dumps([sender, at, payload["message"]])
    return f"{RECEIVED} {sha256(told.encode()).hexdigest()[:32]}"


def _sender(payload: Mapping[str, Any]) -> str:
    """Newer apps call it sender, older ones phoneNumber; both are sent for some years."""
    return _text(payload, "sender") or _text(payload, "phoneNumber")


def _happened_at(payload: Mapping[str, Any]) -> datetime | None:
    written = next((payload[name] for name in ("receivedAt", *_INSTANTS) if name in payload), None)
    return instant_of(written)


def _text(document: Mapping[str, Any], name: str) -> str:
    """A text without what no database keeps: NUL, and halves of surrogate pairs."""
    value = document.get(name)
    written = value if isinstance(value, str) else ""
    return written.replace("\0", "").encode("utf-8", "replace").decode()
