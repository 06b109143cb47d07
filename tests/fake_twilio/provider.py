"""The pretend Twilio itself: what it takes, keeps, tells and gets wrong."""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

from tests.fake_twilio import calls
from tests.fake_twilio.calls import Call
from tests.fake_twilio.message import ACCOUNT, E164, FINAL, FOLDER, Message
from tests.fake_twilio.server import Answer, Asked, Server, Silence
from tests.fake_twilio.specification import Specification

TOKEN = "a-token"

MAGIC_RECIPIENTS = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
MAGIC_SENDERS = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}

Reaction = Callable[[Asked], Answer | Silence]


class FakeTwilio:
    """The pretend provider, for as long as its ``with`` lasts.

    It takes new messages as Twilio does; each fault that is asked for befalls one of them, in order, and the
    rest are accepted. Twilio's own magic numbers are refused with their own codes. Where Twilio's description
    of its API is at hand, leaving the ``with`` fails if anything that passed does not fit it.

    `ledger` holds what was accepted, `requests` counts every request that came in whole, `connections` those
    who knocked, `exchanges` all that was asked and answered, `called` every call that it made. `token` signs
    its calls, and `proxies` says where an address leads that it was told.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.clock = clock
        self.token = TOKEN
        self.proxies: dict[str, str] = {}
        self.ledger: list[Message] = []
        self.received: list[Message] = []
        self.called: list[Call] = []
        self.requests = 0
        self.connections = 0
        self._specification = Specification.at_hand()
        self.exchanges: list[tuple[Asked, Answer | Silence]] = []
        self._faults: deque[Reaction] = deque()
        self._look_up_faults: deque[Reaction] = deque()
        self._late: list[tuple[datetime | None, Asked]] = []
        self._by_phone: dict[str, list[Message]] = defaultdict(list)
        self._known = 0
        self._hidden_for = timedelta(0)
        self._course: tuple[str, ...] = ()
        self._change: Callable[[dict[str, object]], dict[str, object]] = dict
        self._lock = threading.RLock()
        self._was_asked = threading.Condition(self._lock)

    def __enter__(self) -> Self:
        self._server = Server(self._react, self._knock)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
        if kind is None:
            complaints = self.complaints()
            assert not complaints, "this is not how Twilio describes it:\n" + "\n".join(complaints)

    @property
    def url(self) -> str:
        """Where it listens; what takes the place of the provider's own address."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def complaints(self) -> list[str]:
        """All that passed and does not fit Twilio's description; none where that is not at hand."""
        if self._specification is None:
            return []
        return [each for pair in self.exchanges for each in self._specification.complaints(*pair)]

    def wait_until_asked(self, requests: int, patience: float) -> bool:
        """Waits until so many `requests` came in, at most `patience` seconds; whether they did."""
        with self._was_asked:
            return self._was_asked.wait_for(lambda: self.requests >= requests, patience)

    # What befalls the next new message

    def accept(self) -> None:
        """It is accepted."""
        self._faults.append(self._accept)

    def accept_then_500(self) -> None:
        """It goes out, and the answer is a failure."""
        self._take_and(lambda asked: refusal(asked, 500, 20500))

    def accept_then_drop(self) -> None:
        """It goes out, and the connection ends without an answer."""
        self._take_and(lambda _: Silence())

    def accept_late(self, within: timedelta | None = None) -> None:
        """No answer comes, and it goes out when Twilio has caught up, or `within` that time."""
        self._faults.append(lambda asked: self._put_off(asked, within))

    def catch_up(self) -> None:
        """What was put off goes out now."""
        self._take_late(lambda _: True)

    def garbage_201(self) -> None:
        """It goes out, and the answer is a success that nobody can read."""
        self._take_and(lambda _: Answer(201, b"<html>ok</html>", off_script=True))

    def slow_bytes(self, seconds: float) -> None:
        """It goes out, and the answer comes one byte at a time, so many seconds apart."""
        self._take_and(lambda _: Silence(seconds))

    def refuse(self, code: int, status: int = 400) -> None:
        """It is refused with one of Twilio's codes."""
        self._faults.append(lambda asked: refusal(asked, status, code))

    def too_many(self, retry_after: int) -> None:
        """It is turned away for the rate, for so many seconds."""
        self._faults.append(lambda asked: refusal(asked, 429, 20429, {"Retry-After": str(retry_after)}))

    def answer_with(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """It is not taken, and gets this answer."""
        self._faults.append(lambda _: Answer(status, body, headers or {}, off_script=True))

    # What befalls the next question, and later messages

    def look_up_down(self) -> None:
        """The next list, message or erasure that is asked for is a failure."""
        self._look_up_faults.append(lambda asked: refusal(asked, 500, 20500))

    def look_up_refused(self, code: int, status: int) -> None:
        """It is refused with one of Twilio's codes."""
        self._look_up_faults.append(lambda asked: refusal(asked, status, code))

    def look_up_dropped(self) -> None:
        """It gets no answer."""
        self._look_up_faults.append(lambda _: Silence())

    def look_up_answered_with(self, status: int, body: bytes) -> None:
        """It gets this answer."""
        self._look_up_faults.append(lambda _: Answer(status, body, off_script=True))

    def look_up_late(self, delay: timedelta) -> None:
        """Lists show a message only so long after it was taken."""
        self._hidden_for = delay

    def report_early(self, *statuses: str) -> None:
        """Every further message comes so far, and is reported, before its request is answered."""
        self._course = statuses

    def drift(self, change: Callable[[dict[str, object]], dict[str, object]]) -> None:
        """Messages are shown otherwise than Twilio shows them: a fault of this pretend Twilio itself."""
        self._change = change

    # What it tells

    def report(self, message: Message, *statuses: str, error_code: int | None = None) -> list[int]:
        """The message comes so far, each step is reported; what was answered to the calls."""
        made = []
        for status in statuses:
            message.move(status, error_code, self.clock())
            made.append(self._status_call(message, status, error_code))
        return [self._make(call, message.callback or "") for call in made]

    def report_twice(self, message: Message, *statuses: str) -> list[int]:
        """The same, and each call is made twice."""
        return [code for status in statuses for code in (*self.report(message, status), self.call_again())]

    def report_backwards(self, message: Message, *statuses: str) -> list[int]:
        """The same, and the calls are made in the opposite order."""
        for status in statuses:
            message.move(status, None, self.clock())
        return [
            self._make(self._status_call(message, status, None), message.callback or "")
            for status in reversed(statuses)
        ]

    def inbound(self, url: str, text: str, sender: str, to: str = "+15550006789", **more: str) -> int:
        """Somebody texts one of our numbers; what was answered to the call at `url`."""
        sid = f"SM{len(self.received) + 0xF000:032x}"
        received = Message(sid, to, sender, text, self.clock(), status="received", direction="inbound")
        self.received.append(received)
        return self._make(
            calls.signed(self.token, url, {**calls.inbound_form(sid, text, sender, to), **more}), url
        )

    def call_again(self) -> int:
        """The last call once more, to the letter."""
        return self.called[-1].make()

    # Its inside

    def _knock(self) -> None:
        with self._lock:
            self.connections += 1

    def _react(self, asked: Asked) -> Answer | Silence:
        with self._lock:
            self.requests += 1
            now = self.clock()
            self._take_late(lambda due: due is not None and due <= now)
            answer = self._reaction(asked)(asked)
            self.exchanges.append((asked, answer))
            self._was_asked.notify_all()
            return answer

    def _reaction(self, asked: Asked) -> Reaction:
        creates = asked.method == "POST" and asked.path == f"{FOLDER}.json"
        faults = self._faults if creates else self._look_up_faults
        fault = faults.popleft() if faults else None
        if asked.credentials != f"{ACCOUNT}:{TOKEN}" or not asked.path.startswith(FOLDER):
            return lambda _: refusal(asked, 401, 20003)
        if creates and (code := _fault_of(asked.fields)):
            return lambda _: refusal(asked, 400, code)
        if fault:
            return fault
        if creates:
            return self._accept
        if asked.path == f"{FOLDER}.json":
            return self._list
        return self._erase if asked.method == "POST" else self._fetch

    def _take_and(self, answer: Reaction) -> None:
        def fault(asked: Asked) -> Answer | Silence:
            self._take(asked)
            return answer(asked)

        self._faults.append(fault)

    def _take(self, asked: Asked) -> Message:
        message = Message.taken(len(self.ledger), asked.fields, self.clock())
        self.ledger.append(message)
        self.report(message, *self._course)
        return message

    def _put_off(self, asked: Asked, within: timedelta | None) -> Silence:
        self._late.append((None if within is None else self.clock() + within, asked))
        return Silence()

    def _take_late(self, is_due: Callable[[datetime | None], bool]) -> None:
        with self._lock:
            late = [asked for due, asked in self._late if is_due(due)]
            self._late = [(due, asked) for due, asked in self._late if not is_due(due)]
        for asked in late:
            self._take(asked)

    def _accept(self, asked: Asked) -> Answer:
        return self._shown(201, self._take(asked))

    def _fetch(self, asked: Asked) -> Answer:
        message = self._named(asked)
        return self._shown(200, message) if message else refusal(asked, 404, 20404)

    def _erase(self, asked: Asked) -> Answer:
        message = self._named(asked)
        if message is None:
            return refusal(asked, 404, 20404)
        if message.status not in FINAL:
            return refusal(asked, 400, 20009)
        if asked.fields.get("Body") != "":
            return refusal(asked, 400, 30400)
        message.body = ""
        return self._shown(200, message)

    def _list(self, asked: Asked) -> Answer:
        query = dict(asked.query)
        size, number = int(query.get("PageSize", "50")), int(query.get("Page", "0"))
        now = self.clock()
        matching = [
            each
            for each in reversed(self._sent_to(query.get("To")))
            if each.created + self._hidden_for <= now and _fits(each, query)
        ]
        page = matching[number * size : (number + 1) * size]
        more = len(matching) > (number + 1) * size
        answer = {
            "end": number * size + max(len(page) - 1, 0),
            "first_page_uri": _page_uri(query, 0),
            "messages": [self._change(each.as_json()) for each in page],
            "next_page_uri": _page_uri(query, number + 1) if more else None,
            "page": number,
            "page_size": size,
            "previous_page_uri": _page_uri(query, number - 1) if number else None,
            "start": number * size,
            "uri": _page_uri(query, number),
        }
        return Answer(200, json.dumps(answer).encode())

    def _sent_to(self, phone: str | None) -> list[Message]:
        """What was taken for a number; thousands of lists would take long if each went through the ledger."""
        if phone is None:
            return self.ledger
        for each in self.ledger[self._known :]:
            self._by_phone[each.to].append(each)
        self._known = len(self.ledger)
        return self._by_phone[phone]

    def _named(self, asked: Asked) -> Message | None:
        return next((each for each in self.ledger if asked.path == f"{FOLDER}/{each.sid}.json"), None)

    def _shown(self, status: int, message: Message) -> Answer:
        return Answer(status, json.dumps(self._change(message.as_json())).encode())

    def _status_call(self, message: Message, status: str, error_code: int | None) -> Call:
        form = calls.status_form(message, status, error_code)
        return calls.signed(self.token, message.callback or "", form)

    def _make(self, call: Call, address: str) -> int:
        """Makes a call, and again after a 5xx as often as its address asks for; nowhere without one."""
        if not address:
            return 0
        for told, place in self.proxies.items():
            call = replace(call, url=call.url.replace(told, place))
        self.called.append(call)
        answered = call.make()
        for _ in range(calls.retries_of(address)):
            if answered < 500:
                break
            answered = call.make()
        return answered


def refusal(asked: Asked, status: int, code: int, headers: dict[str, str] | None = None) -> Answer:
    """Twilio's answer when it does not do what was asked. Its own sentences name the number."""
    said = {
        "code": code,
        "message": f"Unable to send to {asked.fields.get('To')}",
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    off_script = status not in (400, 401, 404, 429, 500)
    return Answer(status, json.dumps(said).encode(), headers or {}, off_script)


def _fault_of(form: dict[str, str]) -> int | None:
    """The code with which Twilio refuses such a message; none when it takes it."""
    to, sender = form.get("To", ""), form.get("From", "")
    if not E164.fullmatch(to):
        return 21211 if to else 21604
    if not form.get("Body"):
        return 21602
    if not sender and "MessagingServiceSid" not in form:
        return 21603
    return MAGIC_RECIPIENTS.get(to) or MAGIC_SENDERS.get(sender)


def _fits(message: Message, query: dict[str, str]) -> bool:
    """Whether a list with these filters shows the message; one that was not sent has no date to go by."""
    if query.get("To", message.to) != message.to or query.get("From", message.sender) != message.sender:
        return False
    bounds = {name: query[name] for name in ("DateSent>", "DateSent<", "DateSent") if name in query}
    if not bounds or message.sent is None:
        return not bounds
    sent = message.sent.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        bounds.get("DateSent>", "") <= sent
        and sent <= bounds.get("DateSent<", "9")
        and sent.startswith(bounds.get("DateSent", "")[:10])
    )


def _page_uri(query: dict[str, str], number: int) -> str:
    rest = {name: value for name, value in query.items() if name not in ("Page", "PageToken")}
    token = {"PageToken": f"PASM{number:032x}"} if number else {}
    return f"{FOLDER}.json?{urlencode({**rest, 'Page': number, **token})}"
