"""The calls that the pretend Twilio makes: forms, signed as Twilio documents it, over real HTTP.

The signature is made here anew and not by the SDK, whose check it has to pass.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha1
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from tests.fake_twilio.message import ACCOUNT, Message

PATIENCE = 15.0


@dataclass(frozen=True)
class Call:
    """One call as it goes over the wire; `url` is where it goes."""

    url: str
    body: bytes
    signature: str

    def make(self) -> int:
        """Makes the call; what was answered."""
        request = Request(
            self.url,
            self.body,
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": self.signature,
                "I-Twilio-Idempotency-Token": "a-token-of-this-call",
            },
        )
        try:
            with urlopen(request, timeout=PATIENCE) as answer:
                return int(answer.status)
        except HTTPError as refusal:
            refusal.close()
            return refusal.code


def signed(token: str, address: str, form: Mapping[str, str], url: str | None = None) -> Call:
    """A call to `address`, signed for it; with `url` it goes there, as through a proxy."""
    address = address.partition("#")[0]
    return Call(url or address, urlencode(form).encode("ascii"), sign(token, address, form))


def sign(token: str, address: str, form: Mapping[str, str]) -> str:
    """HMAC-SHA1 over the address and each name and value in order of the names, in base64."""
    letters = address + "".join(name + form[name] for name in sorted(form))
    return b64encode(hmac.new(token.encode(), letters.encode(), sha1).digest()).decode()


def retries_of(address: str) -> int:
    """How often Twilio comes again after a 5xx: what the fragment of the address asks for."""
    asked = dict(pair.partition("=")[::2] for pair in address.partition("#")[2].split("&"))
    return int(asked.get("rc", "1")) if {"5xx", "all"} & set(asked.get("rp", "ct").split(",")) else 0


def status_form(message: Message, status: str, error_code: int | None = None) -> dict[str, str]:
    """What Twilio tells of a text that we sent."""
    form = {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "From": message.sender or "",
        "MessageSid": message.sid,
        "MessageStatus": status,
        "SmsSid": message.sid,
        "SmsStatus": status,
        "To": message.to,
    }
    if message.service:
        form["MessagingServiceSid"] = message.service
    if error_code is not None:
        form["ErrorCode"] = str(error_code)
    if status in ("delivered", "undelivered"):
        form["RawDlrDate"] = "2611020500"
    return form


def inbound_form(sid: str, text: str, sender: str, to: str) -> dict[str, str]:
    """What Twilio tells of a text that somebody sent us."""
    return {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "Body": text,
        "From": sender,
        "FromCity": "",
        "FromCountry": "VN",
        "FromState": "",
        "FromZip": "",
        "MessageSid": sid,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "SmsStatus": "received",
        "To": to,
        "ToCity": "",
        "ToCountry": "US",
        "ToState": "",
        "ToZip": "",
    }
