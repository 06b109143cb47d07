"""Texts through Twilio: the only file that imports its SDK, and only when a channel is made.

There is no idempotency for a new message: whatever may have gone out is in doubt and never repeated here.
The SDK's own waits, retries and fallbacks to its environment variables are not used.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from functools import partial
from pathlib import Path
from threading import Lock, local
from typing import TYPE_CHECKING, Any

from notifications.channels.channel import Accepted, Capabilities, InDoubt, NotSent, Outcome, Parcel
from notifications.fault import Fault

if TYPE_CHECKING:
    from notifications.channels.one_post import Answer, OnePost

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
LONGEST_VALIDITY = timedelta(seconds=36_000)

_ACCOUNT = "CATRUC_TWILIO_ACCOUNT_SID"
_TOKEN = "CATRUC_TWILIO_AUTH_TOKEN"  # noqa: S105 - the name of a variable
_SOME_TIME = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a refusal means; `fault` is for whoever acts on it, `sentence` for who reads it."""

    fault: Fault
    sentence: str
    retry_after: timedelta | None = None


_BAD_NUMBER = Refusal(Fault.BAD_NUMBER, "Twilio says that this number takes no texts; check it.")
_OPTED_OUT = Refusal(Fault.OPTED_OUT, "The recipient has told Twilio to stop texting.")
_REFUSED = Refusal(Fault.BAD_TEXT, "Twilio or the network refuses this text; change its wording.")
_BUSY = Refusal(Fault.TRANSIENT, "Twilio has too much to do; the text waits.")
_UNKNOWN = Refusal(Fault.UNKNOWN, "Twilio refuses this text for a reason not known here.")
_CONFIGURATION = Refusal(
    Fault.CONFIGURATION,
    "Twilio refuses our account, sender or permissions; check the credentials and the sender in its console.",
    retry_after=_SOME_TIME,
)

# Twilio calls its codes subject to change: one that is not here is tried again a few times, then told.
REFUSALS: Mapping[int, Refusal] = {
    21211: _BAD_NUMBER,  # no valid number
    21614: _BAD_NUMBER,  # not a mobile number
    21635: _BAD_NUMBER,  # a landline
    30005: _BAD_NUMBER,  # unknown to the network
    30006: _BAD_NUMBER,  # a landline, or an unreachable carrier
    21610: _OPTED_OUT,
    21617: _REFUSED,  # too long
    30004: _REFUSED,  # blocked
    30007: _REFUSED,  # filtered
    20003: _CONFIGURATION,  # account or token
    20404: _CONFIGURATION,  # no such account
    21212: _CONFIGURATION,  # no valid sender
    21408: _CONFIGURATION,  # no permission for the country
    21603: _CONFIGURATION,  # no sender
    21606: _CONFIGURATION,  # a sender that is not ours
    21608: _CONFIGURATION,  # a trial account, or no compliance profile
    21612: _CONFIGURATION,  # this sender cannot reach this number
    30002: _CONFIGURATION,  # account suspended
    20429: _BUSY,
    21611: _BUSY,  # the sender's queue is full
    30001: _BUSY,  # the account's queue is full
}
_BY_STATUS: Mapping[int, Refusal] = {
    **dict.fromkeys(range(300, 400), _CONFIGURATION),  # not Twilio, but something before it
    401: _CONFIGURATION,
    403: _CONFIGURATION,
    404: _CONFIGURATION,
    429: _BUSY,
}
_UNREADABLE = InDoubt("unreadable_answer", "Twilio's answer cannot be read; the text may have gone out.")
_UNWRITABLE = NotSent(Fault.BAD_TEXT, "unwritable", "This text cannot be written into a request; retype it.")


class MissingCredentials(ValueError):
    """The environment does not say with which account to send."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account and its token; the token is in no repr, for reprs end up in logs."""

    account_sid: str
    auth_token: str = field(repr=False)


def credentials_from(environment: Mapping[str, str]) -> Credentials:
    """The credentials that `environment` holds, each in its variable or in the file that ``…_FILE`` names.

    Raises:
        MissingCredentials: one is absent or empty, or its file cannot be read.
    """
    account, token = _secret(environment, _ACCOUNT), _secret(environment, _TOKEN)
    missing = [name for name, value in ((_ACCOUNT, account), (_TOKEN, token)) if not value]
    if missing:
        raise MissingCredentials(
            f"The twilio channel needs {' and '.join(missing)} in the environment"
            " (or the same with _FILE, naming a file that holds the value)."
        )
    return Credentials(account, token)


class Twilio:
    """Hands texts to Twilio, with a client of its own for each thread that calls.

    `base_url` sends requests elsewhere; `connect` and `total` are seconds.
    """

    name = "twilio"

    def __init__(
        self,
        credentials: Credentials,
        base_url: str | None = None,
        *,
        connect: float = CONNECT_SECONDS,
        total: float = TOTAL_SECONDS,
        workers: int = 4,
    ) -> None:
        # The SDK takes a third of a second to import; here, so that no text waits for it.
        from twilio.rest import Client  # type: ignore[import-untyped]  # ships no types

        from notifications.channels.one_post import OnePost

        # "delivered" is the word of a Vietnamese network, not of a handset, and replies do not come back.
        self.capabilities = Capabilities(two_way=False, receipts="network", looks_up=True, workers=workers)
        self._credentials = credentials
        self._make_post = partial(OnePost, base_url, connect, total)
        self._make_client: Callable[..., Any] = Client
        self._worker = local()
        self._lock = Lock()
        self._posts: list[OnePost] = []

    def hand(self, parcel: Parcel) -> Outcome:
        """Hand one text to Twilio, once."""
        valid = parcel.expires_at.astimezone(UTC) - parcel.at.astimezone(UTC)
        if valid < timedelta(seconds=1):
            return NotSent(Fault.TOO_LATE, "expired", "The text came too late to be of use.")
        from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped]  # ships no types

        from notifications.channels.one_post import NoAnswer, NotWritten

        client, post = self._client()
        try:
            made = client.messages.create(
                to=parcel.phone,
                from_=parcel.sender,
                body=parcel.text,
                validity_period=min(valid, LONGEST_VALIDITY) // timedelta(seconds=1),
            )
            return _accepted(made.sid)
        except NotWritten:
            return NotSent(Fault.TRANSIENT, "unreachable", "Twilio cannot be reached; the text waits.")
        except NoAnswer:
            return InDoubt("no_answer", "Twilio did not answer; the text may have gone out.")
        except TwilioException as error:
            return _refused(post.answer, getattr(error, "code", None))
        except (ValueError, AttributeError, TypeError):
            # Faults of the way have names of their own: without an answer, the request was never made.
            return _UNREADABLE if post.answer else _UNWRITABLE

    def close(self) -> None:
        """Let go of connections; a text under way ends at once, in doubt."""
        with self._lock:
            posts, self._posts = self._posts, []
        for post in posts:
            post.close()

    def _client(self) -> tuple[Any, "OnePost"]:
        if not hasattr(self._worker, "client"):
            post = self._make_post()
            with self._lock:
                self._posts.append(post)
            self._worker.post = post
            self._worker.client = self._make_client(
                self._credentials.account_sid,
                self._credentials.auth_token,
                http_client=post,
                # An empty mapping would make the SDK read the real environment.
                environment={"TWILIO_EDGE": ""},
            )
        return self._worker.client, self._worker.post


def _accepted(sid: object) -> Outcome:
    return Accepted(sid) if isinstance(sid, str) and sid else _UNREADABLE


def _refused(answer: "Answer | None", code: object) -> Outcome:
    """What an answer that is not a success means; only one of the client's own faults proves anything."""
    if answer is None or not 300 <= answer.status_code < 500:
        return InDoubt("provider_error", "Twilio failed while it took the text; it may have gone out.")
    known = REFUSALS.get(code) if isinstance(code, int) else None
    refusal = known or _BY_STATUS.get(answer.status_code, _UNKNOWN)
    return NotSent(
        refusal.fault,
        str(code) if isinstance(code, int) else str(answer.status_code),
        refusal.sentence,
        _asked_wait(answer.headers) or refusal.retry_after,
    )


def _asked_wait(headers: Mapping[str, str]) -> timedelta | None:
    seconds = headers.get("Retry-After", "")
    return timedelta(seconds=int(seconds)) if seconds.isdecimal() and len(seconds) < 7 else None


def _secret(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    file = environment.get(f"{name}_FILE", "").strip()
    if value or not file:
        return value
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise MissingCredentials(f"{name}_FILE names {file}, which cannot be read: {error}.") from error
