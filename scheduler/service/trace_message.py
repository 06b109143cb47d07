"""Tells one message's life from the trail that it left: what happened when, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from notifications.joint import TAKEN_APART
from notifications.monthly import USED_UP
from notifications.tables import attempts, audit, messages
from scheduler.roster.offer import OfferState
from scheduler.service.cause import CAUSES
from scheduler.timetable.label import Label

# The words of the audit trail, for people. An attempt's own words stand behind them.
EVENTS = {
    "planned": Label("đã lên lịch gửi", "planned"),
    "tried": Label("gửi lần {number} qua {channel}", "try {number} by {channel}"),
    "joined": Label("nói chung với ca khác trong tin", "said together with others, in the text"),
    "sent": Label("nhà mạng đã nhận", "taken by the network"),
    "waiting": Label("chưa đi, sẽ gửi lại", "did not leave; it will be tried again"),
    "in_doubt": Label("không rõ đã đi hay chưa", "nobody knows whether it left"),
    "looked_up": Label("đã tra, chưa rõ", "looked up, still unknown"),
    "resent": Label("tra hai lần không thấy, gửi lại một lần", "looked up twice in vain: sent once more"),
    "unknown": Label("tra hai lần không thấy, không gửi lại", "looked up twice in vain: left as it is"),
    "receipt": Label("nhà mạng báo", "the network reports"),
    "delivered": Label("đã đến máy hoặc nhà mạng người nhận", "arrived, as the network says"),
    "undelivered": Label("không đến được", "did not arrive"),
    "failed": Label("không gửi được, thôi gửi", "could not be sent; given up"),
    "expired": Label("quá hạn, không gửi nữa", "too late to be of use"),
    "blocked": Label("bị giữ lại", "held back"),
    "cancelled": Label("không cần gửi nữa", "not wanted any more"),
    "forgotten": Label("nhà cung cấp đã xoá nội dung", "the provider has erased the words"),
}

# Why a text was cancelled or held back, as the trail has it; what a channel said is told as it said it.
DETAILS = {
    **{str(cause): words for cause, words in CAUSES.items()},
    OfferState.TAKEN: Label("đã có người nhận đổi", "somebody has taken the offer"),
    OfferState.WITHDRAWN: Label("người nhờ đã rút lại", "who offered the shift has taken that back"),
    OfferState.LAPSED: Label("hết hạn đổi ca", "it was too late for a swap"),
    TAKEN_APART: Label("một ca trong tin đã đổi", "one of its shifts changed"),
    "no consent": Label(
        "người nhận chưa đồng ý, hoặc đã từ chối nhận tin", "the recipient has not agreed, or has refused"
    ),
    "the number takes no texts": Label("số này không nhận được tin", "the number takes no texts"),
    "rehearsal: the number is not in only_to": Label(
        "diễn tập: số này không có trong only_to", "rehearsal: the number is not in only_to"
    ),
    USED_UP: Label("số này đã nhận đủ tin của tháng", USED_UP),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a message; `detail` is what its channel or the gate said of it."""

    at: datetime
    event: str
    detail: str
    number: int = 0
    channel: str = ""

    def in_words(self, language: str) -> str:
        """What happened, in a sentence for people."""
        known = EVENTS.get(self.event, Label.same(self.event)).in_language(language)
        said = known.format(number=self.number, channel=self.channel)
        detail = DETAILS.get(self.detail, Label.same(self.detail)).in_language(language)
        return f"{said}: {detail}" if detail else said


def trace_message(connection: Connection, key: str) -> list[Step]:
    """All that is known to have happened to the message with this key, oldest first; none for no such key."""
    row = connection.execute(select(messages).where(messages.c.key == key)).first()
    return sorted(_steps(connection, row), key=lambda step: step.at) if row else []


def _steps(connection: Connection, row: Row[Any]) -> Iterator[Step]:
    yield Step(row.created_at, "planned", "")
    tried = select(attempts).where(attempts.c.message_id == row.id).order_by(attempts.c.id)
    for number, attempt in enumerate(connection.execute(tried), 1):
        yield Step(attempt.started_at, "tried", "", number, attempt.channel)
    told = select(audit).where(audit.c.key == row.key).order_by(audit.c.id)
    for line in connection.execute(told):
        yield Step(line.at, line.event, line.detail)
