"""Texts through Twilio: the only file that imports its SDK, and only when it is used.

There is no idempotency for a new message: whatever may have gone out is in doubt and never repeated here,
but looked up by recipient and exact words. The SDK's own waits, retries and fallbacks to its environment
variables are not used.
"""

import json
import logging
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock, local
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

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
from notifications.channels.twilio_account import Credentials
from notifications.channels.twilio_codes import RANKS, load_codes
from notifications.fault import Fault
from notifications.receipt import Rank

if TYPE_CHECKING:
    from notifications.channels.one_post import Answer, OnePost

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
LONGEST_VALIDITY = timedelta(seconds=36_000)

# Twilio's clock and ours may differ; a text of the same words is rarely sent twice within minutes.
CLOCK_SLACK = timedelta(minutes=5)
# More than one number is sent in days; a page of them fits under OnePost's longest answer.
PAGE_SIZE, MOST_PAGES = 20, 3

# By default Twilio comes again only when it could not connect; then also when we could not store its word.
COME_AGAIN = "#rc=5&rp=ct,rt,5xx"

NO_SUCH_MESSAGE = 20404

# An answer of another shape than Twilio's fails in any of these ways within the SDK.
_UNREADABLE = (ValueError, AttributeError, TypeError, LookupError, RecursionError)
_SID = re.compile(r"(SM|MM)[0-9a-fA-F]{32}")


class Twilio:
    """Hands texts to Twilio, with a client of its own for each thread that calls.

    `base_url` sends requests elsewhere; `connect` and `total` are seconds. `callback` is the address at which
    Twilio reaches us with receipts, or None where it could not.
    """

    name = "twilio"

    def __init__(
        self,
        credentials: Credentials,
        base_url: str | None = None,
        *,
        callback: str | None = None,
        connect: float = CONNECT_SECONDS,
        total: float = TOTAL_SECONDS,
        workers: int = 4,
    ) -> None:
        # The SDK takes a third of a second to import; here, so that no text waits for it.
        from twilio.rest import Client  # type: ignore[import-untyped]  # ships no types

        from notifications.channels.one_post import OnePost

        # "delivered" is the word of a Vietnamese network, not of a handset, and replies do not come back.
        self.capabilities = Capabilities(
            two_way=False,
            receipts="network",
            looks_up=True,
            workers=workers,
            registered=True,
            keeps_texts=True,
        )
        self._credentials = credentials
        self._callback = callback
        self._codes = load_codes()
        self._make_post = partial(OnePost, base_url, connect, total)
        self._make_client: Callable[..., Any] = Client
        self._worker = local()
        self._lock = Lock()
        self._posts: list[OnePost] = []
        _keep_addresses_out_of_logs()

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
                body=parcel.text,
                validity_period=min(valid, LONGEST_VALIDITY) // timedelta(seconds=1),
                status_callback=self._callback_for(parcel.reference),
                **self._sender(parcel.sender),
            )
            return _accepted(made.sid)
        except NotWritten:
            return NotSent(Fault.TRANSIENT, "unreachable", "Twilio cannot be reached; the text waits.")
        except NoAnswer:
            return InDoubt("no_answer", "Twilio did not answer; the text may have gone out.")
        except TwilioException as error:
            return self._refused(post.answer, getattr(error, "code", None))
        except _UNREADABLE:
            # Faults of the way have names of their own: without an answer, the request was never made.
            return _UNREADABLE_ANSWER if post.answer else _UNWRITABLE

    def look_up(self, inquiry: Inquiry) -> Found:
        """What Twilio took since the attempt began, to that number and with exactly those words."""
        from twilio.base.exceptions import TwilioException

        from notifications.channels.one_post import NoAnswer, NotWritten

        client, post = self._client()
        # The SDK writes any instant as if it were UTC: one of Viet Nam would be seven hours late.
        since = inquiry.since.astimezone(UTC) - CLOCK_SLACK
        try:
            # What has not been sent yet has no date of sending, and a filter by that date leaves it out.
            sent = _listed(client.messages, to=inquiry.phone, date_sent_after=since)
            newest = _listed(client.messages, to=inquiry.phone)
            return self._traces((*sent, *newest), inquiry, since)
        except NotWritten:
            return NoWord("unreachable", "Twilio cannot be reached to look the text up.")
        except NoAnswer:
            return NoWord("no_answer", "Twilio did not answer when it was asked for the text.")
        except TwilioException:
            return self._no_word(post.answer)
        except _UNREADABLE:
            return NoWord("unreadable_answer", "Twilio's list of texts cannot be read.")

    def forget(self, provider_id: str) -> bool:
        """Have Twilio erase the words of one text; it refuses while the text is under way."""
        if not _SID.fullmatch(provider_id):
            return True
        from twilio.base.exceptions import TwilioException

        from notifications.channels.one_post import NoAnswer, NotWritten

        client, _ = self._client()
        try:
            # An empty body is Twilio's word for erasing it.
            return not client.messages(provider_id).update(body="").body
        except (NotWritten, NoAnswer, *_UNREADABLE):
            return False
        except TwilioException as error:
            # Not by the status: a proxy that answers 404 knows nothing of the text.
            return getattr(error, "code", None) == NO_SUCH_MESSAGE

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

    def _sender(self, sender: str) -> dict[str, str]:
        service = self._credentials.messaging_service_sid
        return {"messaging_service_sid": service} if service else {"from_": sender}

    def _callback_for(self, reference: str) -> str | None:
        return f"{self._callback}?o={quote(reference, safe='')}{COME_AGAIN}" if self._callback else None

    def _refused(self, answer: "Answer | None", code: object) -> Outcome:
        """What an answer that is not a success means; only one of the client's own faults proves anything."""
        if answer is None or not _proves_refusal(answer.status_code):
            return InDoubt("provider_error", "Twilio failed while it took the text; it may have gone out.")
        meaning = self._codes.of_refusal(code, answer.status_code)
        written = str(code) if isinstance(code, int) else str(answer.status_code)
        return NotSent(meaning.fault, written, meaning.sentence, _asked_wait(answer.headers))

    def _no_word(self, answer: "Answer | None") -> NoWord:
        """Why a list was refused: its error brings neither code nor status, only the answer as it came."""
        if answer is None or not _proves_refusal(answer.status_code):
            return NoWord("provider_error", "Twilio failed when it was asked for the text.")
        code = _code_in(answer.text)
        return NoWord(
            str(code or answer.status_code), self._codes.of_refusal(code, answer.status_code).sentence
        )

    def _traces(self, records: Iterable[Any], inquiry: Inquiry, since: datetime) -> tuple[Trace, ...]:
        """The records that are the text asked for, each once, oldest first; both lists may hold the same."""
        ours = {
            record.sid: record
            for record in records
            if _composed(record.body) == _composed(inquiry.text)
            and record.to == inquiry.phone
            and str(record.direction).startswith("outbound")
            and (record.date_created is None or record.date_created >= since)
        }
        oldest_first = sorted(ours.values(), key=lambda record: record.date_created or since)
        return tuple(self._trace(record) for record in oldest_first)

    def _trace(self, record: Any) -> Trace:
        status, code = str(record.status), record.error_code
        rank = RANKS.get(status)
        fault = self._codes.of_receipt(code).fault if rank is Rank.NOT_ARRIVED else None
        return Trace(str(record.sid), status, rank, record.date_created, fault, str(code or ""))


class Verifier:
    """Tells Twilio's calls from everybody else's, by the SDK's own check of their signatures.

    Twilio signs with the account's token. While that is replaced there are two, and either will do; with none
    no call is accepted.
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        # Without the rest of the SDK, which takes a third of a second and 24 MB.
        from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # ships no types

        self._validators = [RequestValidator(token) for token in tokens if token]

    def accepts(self, address: str, form: Mapping[str, str], signature: str) -> bool:
        """Whether Twilio signed this form for this address: the whole of it, as Twilio was told it."""
        # A replay is accepted too, for nothing in it tells the time: what comes twice is stored once.
        return any(_validates(validator, address, form, signature) for validator in self._validators)


_UNREADABLE_ANSWER = InDoubt(
    "unreadable_answer", "Twilio's answer cannot be read; the text may have gone out."
)
_UNWRITABLE = NotSent(Fault.BAD_TEXT, "unwritable", "This text cannot be written into a request; retype it.")


def _accepted(sid: object) -> Outcome:
    return Accepted(sid) if is_id(sid) else _UNREADABLE_ANSWER


def _proves_refusal(status: int) -> bool:
    # 408 is a proxy's word for a request that took long; nobody knows how much of it went on.
    return 300 <= status < 500 and status != 408


def _asked_wait(headers: Mapping[str, str]) -> timedelta | None:
    seconds = headers.get("Retry-After", "")
    return timedelta(seconds=int(seconds)) if seconds.isdecimal() and len(seconds) < 7 else None


def _listed(messages: Any, **filters: object) -> Iterator[Any]:
    """The newest messages under `filters`; the SDK's own list would follow pages without end."""
    page = messages.page(page_size=PAGE_SIZE, **filters)
    for _ in range(MOST_PAGES - 1):
        yield from page
        page = page.next_page()
        if page is None:
            return
    yield from page


def _code_in(answer: str) -> int | None:
    try:
        code = json.loads(answer)["code"]
    except _UNREADABLE:
        return None
    return code if isinstance(code, int) else None


def _composed(text: object) -> str:
    """`text` in one form of its accents: a letter and its accent may be one character or two."""
    return unicodedata.normalize("NFC", text if isinstance(text, str) else "")


def _validates(validator: Any, address: str, form: Mapping[str, str], signature: str) -> bool:
    try:
        return bool(validator.validate(address, dict(form), signature))
    except ValueError:  # an address or a letter that cannot have been signed
        return False


def _keep_addresses_out_of_logs() -> None:
    """A list is asked for by number, and both libraries would write that address into a log."""
    logging.getLogger("twilio.http_client").setLevel(logging.WARNING)
    logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)
