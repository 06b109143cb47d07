"""What the desk says of a session: open, late, full, places left; called off, and held after all.

Everything but calling off counts at once and is texted to nobody. Calling a session off closes a counter and
texts many: a coordinator does it, or settles what somebody on duty asked for.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row

from notifications import outbox, trail
from notifications.text import fold
from scheduler.reminders.wording import scope_of
from scheduler.service.cause import Cause
from scheduler.service.fill_roster import fill_roster
from scheduler.service.office import Office
from scheduler.service.part_clashes import part_clashes
from scheduler.service.queue_reminders import queue_reminders
from scheduler.service.report_trouble import report_call_off
from scheduler.store import call_offs, sessions
from scheduler.timetable.opening import State

LIVE = (State.OPEN, State.LATE, State.FULL)
MOST_LEFT = 9999
LONGEST_REASON = 120
# Whoever works at the terminal is a coordinator; their name is not known.
AT_THE_TERMINAL = "terminal"

# A telephone number of this country, however it is written.
_NUMBER = re.compile(r"(?:\+?84|0)(?:[\s.()-]*\d){8,10}")


class Spoken(StrEnum):
    """What became of it."""

    DONE = "said"
    ALREADY = "already"
    OVER = "over"
    OFF = "off"
    ON = "on"
    PRIVATE = "private"
    NO_REASON = "no_reason"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Live:
    """What is said of a session that is held; `left` are the places that the desk counts."""

    state: State
    left: int | None = None
    reason: str = ""

    @classmethod
    def places(cls, left: int) -> "Live":
        """So many places are left; with none the session is full."""
        return cls(State.OPEN if left else State.FULL, left)


def say_of_session(
    connection: Connection, office: Office, session: Row[Any], live: Live, by: str, now: datetime
) -> Spoken:
    """Writes what the desk says; residents see it as soon as the page is made anew."""
    reason = in_one_line(live.reason)
    if names_somebody(office, reason):
        return Spoken.PRIVATE
    if not sessions.say(connection, session.id, live.state, live.left, reason, now):
        return _refused(session, now)
    left = "" if live.left is None else f" {live.left}"
    trail.note(connection, "desk_said", [scope_of(session.id)], now, f"{live.state}{left}/{by}")
    return Spoken.DONE


def call_off(
    connection: Connection, office: Office, session: Row[Any], reason: str, by: str, now: datetime
) -> Spoken:
    """Calls a session off for `reason`, which residents read; an open request for it is granted by that.

    Who is on duty and who follows hears of it once it has stood for two minutes.
    """
    fault = _fault_of(office, reason)
    if fault:
        return fault
    if not sessions.call_off(connection, session.id, in_one_line(reason), now):
        return _refused(session, now)
    call_offs.settle(connection, session.id, call_offs.APPROVED, by, now)
    trail.note(connection, "called_off", [scope_of(session.id)], now, f"by/{by}")
    queue_reminders(connection, office, [session.id], Cause.CALLED_OFF, now)
    return Spoken.DONE


def hold_after_all(
    connection: Connection, office: Office, session: Row[Any], by: str, now: datetime
) -> Spoken:
    """Takes back that the desk called a session off; who has been told hears of this, too.

    Who has been asked or has promised to be elsewhere meanwhile stays there, and others are looked for.
    """
    if not sessions.hold_after_all(connection, session.id, now):
        return _refused(session, now)
    trail.note(connection, "held_after_all", [scope_of(session.id)], now, f"by/{by}")
    parted = part_clashes(connection, (), [session.id], now)
    touched = {session.id, *parted}
    if parted:
        touched |= fill_roster(connection, office, parted, now)
    queue_reminders(connection, office, touched, Cause.HELD_AFTER_ALL, now)
    return Spoken.DONE


def ask_to_call_off(
    connection: Connection, office: Office, session: Row[Any], reason: str, by: str, now: datetime
) -> Spoken:
    """Has the coordinators be asked, once as long as they have not settled it."""
    fault = _fault_of(office, reason)
    if fault:
        return fault
    if session.state == sessions.CANCELLED or session.ends <= now:
        return _refused(session, now)
    request = call_offs.make(connection, session.id, by, in_one_line(reason), now)
    if request is None:
        return Spoken.ALREADY
    outbox.put(connection, report_call_off(connection, office, session, request, by, now), now)
    return Spoken.ASKED


def keep(connection: Connection, session: Row[Any], by: str, now: datetime) -> Spoken:
    """Leaves a session as it is that somebody asked to call off."""
    is_settled = call_offs.settle(connection, session.id, call_offs.REFUSED, by, now)
    return Spoken.DONE if is_settled else Spoken.ALREADY


def in_one_line(reason: str) -> str:
    """A reason as it is printed: visible signs and single spaces, not too long."""
    visible = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in reason)
    return " ".join(visible.split())[:LONGEST_REASON].rstrip()


def names_somebody(office: Office, reason: str) -> bool:
    """Whether a reason holds a number to call, other than the hotline, or the full name of somebody here."""
    hotline = office.settings.service.hotline
    said = reason.replace(hotline, " ") if hotline else reason
    words = " ".join(["", *re.findall(r"\w+", fold(said)), ""])
    names = (fold(person.name) for person in office.desk.people.values())
    # A single word may be a word of the language: who is called Hoa is not meant by every flower.
    return bool(_NUMBER.search(said)) or any(" " in name and f" {name} " in words for name in names)


def _fault_of(office: Office, reason: str) -> Spoken | None:
    if not in_one_line(reason):
        return Spoken.NO_REASON
    return Spoken.PRIVATE if names_somebody(office, in_one_line(reason)) else None


def _refused(session: Row[Any], now: datetime) -> Spoken:
    if session.ends <= now:
        return Spoken.OVER
    if session.state == sessions.CANCELLED:
        return Spoken.ALREADY if session.called_off else Spoken.OFF
    return Spoken.ON
