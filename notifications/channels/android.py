"""Texts through a SIM in an Android phone, behind the HTTP API of the app "SMS Gateway for Android".

The app answers in the local network, and its server answers for it elsewhere, both alike. A text bears our
own id there: the same id twice is one text, and what is in doubt is found by it exactly. One phone sends one
text at a time, and the number that people see is the SIM's.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from notifications.channels.android_state import RANKS, reason_of, refusal_of
from notifications.channels.channel import (
    Accepted,
    Capabilities,
    Found,
    InDoubt,
    Inquiry,
    NotSent,
    NoWord,
    Outcome,
    Parcel,
    Trace,
    is_id,
)
from notifications.channels.credential import MissingCredentials, secrets_from
from notifications.fault import Fault

if TYPE_CHECKING:
    from notifications.channels.one_post import Answer, OnePost

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
# The server of the app takes no shorter one.
SHORTEST_LIFE = timedelta(seconds=5)

SIGNING_KEY = "CATRUC_ANDROID_SIGNING_KEY"
_NAMES = ("CATRUC_ANDROID_URL", "CATRUC_ANDROID_USER", "CATRUC_ANDROID_PASSWORD", SIGNING_KEY)
_SOME_TIME = timedelta(minutes=5)
_LOCAL_NAMES = (".local", ".lan", ".home.arpa", ".internal")

_SENTENCES: Mapping[Fault, str] = {
    Fault.BAD_NUMBER: "The Android gateway says that this number takes no texts; check it.",
    Fault.BAD_TEXT: "The Android gateway refuses this text; change its wording.",
    Fault.TOO_LATE: "The text came too late to be of use.",
    Fault.TRANSIENT: "The Android gateway has too much to do; the text waits.",
    Fault.CONFIGURATION: (
        "The Android gateway refuses us; check CATRUC_ANDROID_URL, the user and the password against what "
        "the app shows, and the SIM in the phone."
    ),
}
_REFUSED = "The Android gateway refuses this text for a reason not known here."

_EXPIRED = NotSent(Fault.TOO_LATE, "expired", "The text came too late to be of use.")
_UNWRITABLE = NotSent(Fault.BAD_TEXT, "unwritable", "This text cannot be written into a request; retype it.")
_UNREACHABLE = NotSent(
    Fault.TRANSIENT, "unreachable", "The Android gateway cannot be reached; the text waits."
)
_NO_ANSWER = InDoubt("no_answer", "The Android gateway did not answer; the text may have gone out.")
_FAILED = InDoubt(
    "provider_error", "The Android gateway failed while it took the text; it may have gone out."
)
_UNREADABLE = InDoubt(
    "unreadable_answer", "The Android gateway's answer cannot be read; the text may have gone out."
)


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where the gateway answers, and as whom to ask; the password is in no repr, for reprs end up in logs."""

    url: str
    user: str
    password: str = field(repr=False)


def gateway_from(environment: Mapping[str, str]) -> Gateway:
    """The gateway that `environment` names, each part in its variable or in the file that ``…_FILE`` names.

    The key under which the phone signs its calls has to be there, too: without it no receipt and no reply
    would come back, and nobody would miss them.

    Raises:
        MissingCredentials: one is absent or empty, its file cannot be read, or the address is none.
    """
    url, user, password, _ = secrets_from(environment, "android", _NAMES)
    return Gateway(_checked(url), user, password)


class Android:
    """Hands texts to the gateway; `connect` and `total` are seconds."""

    name = "android"
    capabilities = Capabilities(
        two_way=True, receipts="handset", looks_up=True, workers=1, idempotent=True, registered=False
    )

    def __init__(
        self, gateway: Gateway, *, connect: float = CONNECT_SECONDS, total: float = TOTAL_SECONDS
    ) -> None:
        self._gateway = gateway
        self._timeouts = (connect, total)
        self._lock = Lock()
        self._under_way: set[OnePost] = set()
        self._is_closed = False

    def hand(self, parcel: Parcel) -> Outcome:
        """Hand one text to the gateway, once, under the attempt's own reference."""
        life = parcel.expires_at.astimezone(UTC) - parcel.at.astimezone(UTC)
        if life < SHORTEST_LIFE:
            return _EXPIRED
        try:
            body = _written(parcel, life)
        except UnicodeEncodeError:
            return _UNWRITABLE
        answer = self._ask("POST", "/messages?skipPhoneValidation=true", body)
        if isinstance(answer, NotSent | InDoubt):
            return answer
        return self._outcome(answer, parcel.reference)

    def look_up(self, inquiry: Inquiry) -> Found:
        """The text that bears the attempt's reference, if the gateway knows it."""
        answer = self._ask("GET", f"/messages/{quote(inquiry.reference, safe='')}")
        if isinstance(answer, NotSent | InDoubt):
            return NoWord(answer.code, "The Android gateway could not be asked about a text.")
        if answer.status_code == 404 and _says_itself(answer):
            return ()
        trace = _trace(_document(answer)) if answer.status_code == 200 else None
        if trace is None or trace.provider_id != inquiry.reference:
            return NoWord(str(answer.status_code), "The Android gateway said nothing readable about a text.")
        return (trace,)

    def forget(self, provider_id: str) -> bool:  # noqa: ARG002  the protocol names it
        """The phone's own log is its owner's: the API erases nothing, and the app does after some days."""
        return True

    def close(self) -> None:
        """Let go of connections; a text under way ends at once, in doubt."""
        with self._lock:
            self._is_closed = True
            posts = tuple(self._under_way)
        for post in posts:
            post.close()

    def _outcome(self, answer: "Answer", reference: str) -> Outcome:
        status = answer.status_code
        if status == 409:
            return self._known(reference)
        if 200 <= status < 300:
            taken = _document(answer).get("id")
            return Accepted(taken) if is_id(taken) else _UNREADABLE
        return _refused(answer) if 300 <= status < 500 else _FAILED

    def _known(self, reference: str) -> Outcome:
        """It says that it has this id already: true only when it can show the text."""
        found = self.look_up(Inquiry(reference, "", "", "", datetime.min.replace(tzinfo=UTC)))
        return Accepted(reference) if isinstance(found, tuple) and found else _FAILED

    def _ask(self, method: str, path: str, body: bytes | None = None) -> "Answer | NotSent | InDoubt":
        """The answer to one request, or what its absence proves."""
        # Their library takes a tenth of a second to import: only who sends by it should pay.
        from requests.exceptions import RequestException

        from notifications.channels.one_post import NoAnswer, NotWritten, OnePost

        post = OnePost(None, *self._timeouts)
        with self._lock:
            if self._is_closed:
                return _UNREACHABLE
            self._under_way.add(post)
        try:
            return post.request(
                method,
                self._gateway.url + path,
                data=body,
                headers={"Content-Type": "application/json"} if body else {},
                auth=(_as_bytes(self._gateway.user), _as_bytes(self._gateway.password)),
            )
        except NoAnswer:
            return _NO_ANSWER
        except NotWritten:
            return _UNREACHABLE
        except RequestException:
            return NotSent(Fault.CONFIGURATION, "bad_address", _SENTENCES[Fault.CONFIGURATION], _SOME_TIME)
        finally:
            with self._lock:
                self._under_way.discard(post)
            post.close()


def _written(parcel: Parcel, life: timedelta) -> bytes:
    """The request. Our numbers are checked already, and the app's own list of ranges may be older.

    A life in seconds, and no instant: the clock of a phone may be wrong.
    """
    asked = {
        "id": parcel.reference,
        "textMessage": {"text": parcel.text},
        "phoneNumbers": [parcel.phone],
        "withDeliveryReport": True,
        "ttl": life // timedelta(seconds=1),
    }
    return json.dumps(asked, ensure_ascii=False).encode("utf-8")


def _refused(answer: "Answer") -> NotSent:
    message = _document(answer).get("message")
    fault = refusal_of(answer.status_code, message if isinstance(message, str) else "")
    waits = fault in (Fault.CONFIGURATION, Fault.TRANSIENT)
    return NotSent(
        fault,
        str(answer.status_code),
        _SENTENCES.get(fault, _REFUSED),
        _asked_wait(answer.headers) or (_SOME_TIME if waits else None),
    )


def _asked_wait(headers: Mapping[str, str]) -> timedelta | None:
    seconds = headers.get("Retry-After", "")
    return timedelta(seconds=int(seconds)) if seconds.isdecimal() and len(seconds) < 7 else None


def _trace(document: Mapping[str, Any]) -> Trace | None:
    """Without its instant: the id is nobody else's, and a phone with a wrong clock would disown its text."""
    known, status = document.get("id"), document.get("state")
    if not isinstance(known, str) or not isinstance(status, str):
        return None
    fault, code = reason_of(status, _reason(document))
    return Trace(known, status, RANKS.get(status), None, fault, code)


def _reason(document: Mapping[str, Any]) -> str:
    recipients = document.get("recipients")
    first = recipients[0] if isinstance(recipients, list) and recipients else None
    error = first.get("error") if isinstance(first, dict) else None
    return error if isinstance(error, str) else ""


def _says_itself(answer: "Answer") -> bool:
    """Whether it is the gateway that knows no such text, and not a proxy that knows no such gateway.

    The app answers with an empty body, its server with an object; a proxy shows a page.
    """
    return not answer.text.strip() or isinstance(_document(answer).get("message"), str)


def _document(answer: "Answer") -> Mapping[str, Any]:
    try:
        document = json.loads(answer.text)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _as_bytes(secret: str) -> str:
    """`secret` so that the library, which writes Latin-1, writes UTF-8."""
    return secret.encode("utf-8").decode("latin-1")


def _checked(url: str) -> str:
    """Texts and password may cross a ward's own network in the open, but not the internet."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or parts.username:
        raise MissingCredentials(
            "CATRUC_ANDROID_URL is no address of a gateway; write http://192.168.1.20:8080 for a phone in "
            "the local network, or https://api.sms-gate.app/3rdparty/v1 for the server of the app."
        )
    if parts.scheme == "http" and not _is_local(host):
        raise MissingCredentials(
            "CATRUC_ANDROID_URL leads outside the local network without encryption: texts, telephone numbers "
            "and the password could be read on the way. Use https://."
        )
    return url.rstrip("/")


def _is_local(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_LOCAL_NAMES)
