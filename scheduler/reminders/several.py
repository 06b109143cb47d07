"""One text that says several things to one person: "2 ca tuần này: …", where it fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import product
from zoneinfo import ZoneInfo

from notifications.template import Templates
from notifications.text import dress, measure
from scheduler.reminders.answering import how_to_answer_several, how_to_give_up_some, how_to_speak
from scheduler.reminders.reminder import QUESTIONS, Audience, Kind
from scheduler.reminders.wording import SALUTATIONS, Addressee, when, whom_to_call
from scheduler.timetable.label import Label

# More would be a list that nobody reads, whatever has room in a text.
MOST = 5
# A reminder that goes later than this before its session is for setting out, not for knowing of it.
FAR = timedelta(hours=6)
THIS_WEEK, NEXT_WEEK = Label("tuần này", "this week"), Label("tuần sau", "next week")
SOON = Label("sắp tới", "soon")
_TAKEN = Label(" (đã nhận)", " (yes)")
_LEADING = Label(" (trưởng nhóm)", " (leader)")


@dataclass(frozen=True, slots=True)
class Matter:
    """One shift of which such a text speaks.

    `is_open` says that an answer is awaited, `is_taken` that it was a yes; `number` is what texts back name.
    """

    starts: datetime
    ends: datetime
    service: Label
    place: Label
    is_open: bool
    is_taken: bool = False
    leads: bool = False
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """In whose words it is said, and to whom."""

    to: Addressee
    audience: Audience
    templates: Templates
    hotline: str
    zone: ZoneInfo

    def say(self, matters: Sequence[Matter], now: datetime) -> str | None:
        """A text that says all of it in the segments that a text may have; None where there is none.

        Where it is too long it does without their name, for no number is two people's, and without the way to
        the counter, as the text of one duty does.
        """
        fields = self._fields(matters, now)
        for desk, name in product(dict.fromkeys((fields["desk"], "")), (self.to.name, "")):
            fields = {**fields, "name": name, "desk": desk}
            text = dress(self.templates.render(Kind.SEVERAL, self.to.language, fields), self.to.accents)
            if measure(text).segments <= self.to.max_segments:
                return text
        return None

    def _fields(self, matters: Sequence[Matter], now: datetime) -> Mapping[str, str]:
        to, hotline = self.to, whom_to_call(self.hotline, self.to.language)
        awaited = any(matter.is_open for matter in matters)
        is_staff = self.audience is Audience.STAFF
        days = [matter.starts.astimezone(self.zone).date() for matter in matters]
        return {
            "sender": to.sender,
            "salutation": (to.salutation or SALUTATIONS[self.audience]).in_language(to.language),
            "hotline": hotline,
            "count": str(len(matters)),
            "week": week_of(days, now.astimezone(self.zone).date(), to.language),
            "items": listed(matters, self.zone, to.language),
            "answer": how_to_answer_several(to.means, hotline, to.language) if awaited else "",
            "give_up": how_to_give_up_some(None if is_staff else to.means, hotline, to.language),
            "desk": how_to_speak(to.means, to.language) if is_staff else "",
        }


def may_come_sooner(kind: Kind, send_at: datetime, starts: datetime, now: datetime, zone: tzinfo) -> bool:
    """Whether what is due at `send_at`, of a session that `starts` then, may be said `now` with what is due.

    On the same day only. A question may: who is asked sooner has longer to answer. A reminder may where its
    session is on a later day and far away; shortly before a session it is of use at its own hour alone.
    """
    today, *others = (one.astimezone(zone).date() for one in (now, send_at, starts))
    is_far = others[1] > today and starts - send_at >= FAR
    return others[0] == today and (kind in QUESTIONS or is_far)


def listed(matters: Sequence[Matter], zone: tzinfo, language: str) -> str:
    """The shifts in their order; what is the same of all of them is said once."""
    what = [_what(one, language) for one in matters]
    hours = [_hours(one, zone, language, any(other.is_open for other in matters)) for one in matters]
    if len(set(what)) == 1:
        return f"{what[0]}, {'; '.join(hours)}"
    return "; ".join(f"{at}, {where}" for at, where in zip(hours, what, strict=True))


def week_of(days: Sequence[date], today: date, language: str) -> str:
    """Whether all of the days are in this week or in the next, from Monday to Sunday, or some later."""
    monday = today - timedelta(days=today.weekday())
    weeks = {(day - monday).days // 7 for day in days}
    name = THIS_WEEK if weeks == {0} else NEXT_WEEK if weeks == {1} else SOON
    return name.in_language(language)


def _what(one: Matter, language: str) -> str:
    leading = _LEADING.in_language(language) if one.leads else ""
    return f"{one.service.in_language(language)}, {one.place.in_language(language)}{leading}"


def _hours(one: Matter, zone: tzinfo, language: str, some_are_open: bool) -> str:
    # Where all are promised nobody doubts which.
    taken = _TAKEN.in_language(language) if one.is_taken and some_are_open else ""
    said = f"{when(one.starts, one.ends, zone, language)}{taken}"
    return f"{one.number}: {said}" if one.number else said
