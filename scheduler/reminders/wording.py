"""Turns a reminder into the text that is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from types import MappingProxyType
from zoneinfo import ZoneInfo

from notifications.message import Wanted
from notifications.template import Templates
from notifications.terms import Accents
from notifications.text import dress, measure
from scheduler.reminders.answering import (
    Means,
    how_to_answer,
    how_to_give_up,
    how_to_speak,
    where_to_look,
)
from scheduler.reminders.case import Case, told_end, told_start
from scheduler.reminders.reminder import CALLED_OFF, NOTICES, Audience, Kind, Reminder
from scheduler.timetable.label import Label
from scheduler.timetable.place import Place, Service, Ward
from scheduler.timetable.shift import Role

WEEKDAYS = {
    "vi": ("T2", "T3", "T4", "T5", "T6", "T7", "CN"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
ROLES = {
    Role.STAFF: Label("cán bộ", "staff"),
    Role.VOLUNTEER: Label("tình nguyện viên", "volunteer"),
    Role.LEADER: Label("trưởng nhóm", "leader"),
}
SALUTATIONS = {
    Audience.STAFF: Label("Anh/Chị", ""),
    Audience.VOLUNTEER: Label("bạn", ""),
    Audience.RESIDENT: Label("Ông/Bà", ""),
}
# Without a number in the settings, the texts that say whom to call name the people to ask.
NO_HOTLINE = Label("phường", "the ward")
# What a text of one segment has room for beside the names, of what somebody wrote.
LONGEST_REPLY = 40
# Who reads what their absence costs others is absent less (Hallsworth 2015, PLoS One: 11.1 against 8.4 %).
WAITING = Label("Người dân đang chờ.", "Residents are waiting.")
# Left out where there is no room, the first of them first: the page tells the reason, too.
COURTESIES = ("reason", "next", "waiting", "most", "desk")
# How the desk may say that a session stands.
LIVE = {
    "open": Label("đang mở", "open"),
    "full": Label("đã đủ người", "full"),
    "late": Label("mở trễ", "late"),
    "left": Label("còn {left} lượt", "{left} places left"),
}
LONGEST_STATE = "9999 places left"
NEXT = Label("Buổi kế tiếp: {when}.", "Next: {when}.")


# Told apart by identity: to look at all that it holds would cost as much as a text.
@dataclass(frozen=True, slots=True, eq=False)
class Addressee:
    """Whom a text speaks to, and how texts to them go out."""

    phone: str
    language: str
    sender: str
    accents: Accents
    max_segments: int = 1
    name: str = ""
    salutation: Label | None = None
    role: Role | None = None
    means: Means | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What a text may name of a session.

    `following` is the start and end of the next one of its shift, `reason` why the desk called it off.
    """

    service: Service
    place: Place
    ward: Ward
    hotline: str
    zone: ZoneInfo
    following: tuple[datetime, datetime] | None = None
    reason: str = ""


class Wording:
    """Puts the reminders of one session into words.

    What all of them say is worked out once a language, what those to one addressee say once for them, and
    what one of them is told several times once.
    `more` are fields that only this occasion fills.
    """

    def __init__(
        self, case: Case, scene: Scene, templates: Templates, more: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._case = case
        self._more = more
        self._scene = scene
        self._templates = templates
        self._common: dict[str, Mapping[str, str]] = {}
        self._own: dict[tuple[Audience, Addressee], Mapping[str, str]] = {}
        self._texts: dict[tuple[Kind, Audience, Addressee, str], str] = {}

    def message(self, reminder: Reminder, to: Addressee) -> Wanted:
        """The message for a reminder, in the addressee's language, as it will be sent."""
        is_resident = reminder.audience is Audience.RESIDENT
        return Wanted(
            key=reminder.key,
            scope=scope_of(self._case.session),
            kind=reminder.kind.value,
            audience=reminder.audience.value,
            purpose="service" if is_resident else "duty",
            recipient=str(reminder.recipient),
            phone=to.phone,
            language=to.language,
            text=self._text(reminder, to),
            send_at=reminder.send_at,
            expires_at=reminder.expires_at,
            urgent=reminder.urgent,
            priority=0 if reminder.kind in NOTICES else 2 if is_resident else 1,
            about=reminder.about,
            sender=to.sender,
        )

    def _text(self, reminder: Reminder, to: Addressee) -> str:
        # Whoever is reminded twice is told the same.
        once = reminder.kind, reminder.audience, to, reminder.was
        if once not in self._texts:
            self._texts[once] = said(
                self._templates,
                reminder.kind,
                to.language,
                self._fields(reminder, to),
                to.accents,
                to.max_segments,
            )
        return self._texts[once]

    def _fields(self, reminder: Reminder, to: Addressee) -> Mapping[str, str]:
        whom = reminder.audience, to
        fields = self._own.get(whom)
        if fields is None:
            fields = self._own[whom] = self._fields_for(*whom)
        if was := _time_told(reminder, self._scene.zone, to.language):
            awaited = was if reminder.kind in CALLED_OFF else fields["when"]
            return {**fields, "was": was, "when": awaited}
        return fields

    def _fields_for(self, audience: Audience, to: Addressee) -> Mapping[str, str]:
        if to.language not in self._common:
            self._common[to.language] = _fields_of_session(self._case, self._scene, to.language)
        common = self._common[to.language]
        return {**common, **_fields_of_addressee(audience, to, common["hotline"]), **self._more}


def said(
    templates: Templates,
    kind: Kind,
    language: str,
    fields: Mapping[str, str],
    accents: Accents,
    max_segments: int,
) -> str:
    """A text as it will be sent.

    The next session is a courtesy, and that people wait is known: these are said where they fit.
    """
    template = templates.named(kind, language)
    courtesies = [name for name in COURTESIES if name in template.names and fields.get(name)]

    def without(some: Sequence[str]) -> str:
        return dress(template.render({**fields, **dict.fromkeys(some, "")}), accents)

    whole = dress(template.render(fields), accents)
    if not courtesies or measure(whole).segments <= max_segments:
        return whole
    bare = without(courtesies)
    room = max(max_segments, measure(bare).segments)
    fuller = (without(courtesies[:left_out]) for left_out in range(len(courtesies)))
    return next((text for text in fuller if measure(text).segments <= room), bare)


def scope_of(session: int) -> str:
    """The outbox scope that holds the reminders of one session."""
    return f"session:{session}"


def scope_of_swaps(session: int) -> str:
    """The outbox scope of what was told of swaps at a session; nothing reconciles it."""
    return f"swap:{session}"


def scope_of_wishes(session: int) -> str:
    """The outbox scope of what was told to those who follow this one session; nothing reconciles it."""
    return f"wish:{session}"


def _fields_of_session(case: Case, scene: Scene, language: str) -> dict[str, str]:
    """What a template may print of a session, whomever it speaks to."""
    following = when(*scene.following, scene.zone, language) if scene.following else ""
    return {
        "service": scene.service.short.in_language(language),
        "place": scene.place.name.in_language(language),
        "ward": scene.ward.name.in_language(language),
        "when": when(case.starts, case.ends, scene.zone, language),
        "was": "",
        "hotline": whom_to_call(scene.hotline, language),
        "waiting": WAITING.in_language(language),
        "yes": str(case.said_yes),
        "no": str(case.said_no),
        "bring": scene.service.bring.in_language(language) if scene.service.bring else "",
        "count": str(case.missing),
        "silent": str(case.unanswered),
        "reason": scene.reason,
        "next": NEXT.in_language(language).format(when=following) if following else "",
    }


def _fields_of_addressee(audience: Audience, to: Addressee, hotline: str) -> dict[str, str]:
    salutation = to.salutation or SALUTATIONS[audience]
    return {
        "sender": to.sender,
        "salutation": salutation.in_language(to.language),
        "name": to.name,
        "role": ROLES[to.role].in_language(to.language) if to.role else "",
        "leads": "1" if to.role is Role.LEADER else "",
        "answer": how_to_answer(to.means, hotline, to.language),
        "give_up": how_to_give_up(to.means, hotline, to.language),
        "page": where_to_look(to.means),
        "desk": how_to_speak(to.means, to.language),
    }


def _time_told(reminder: Reminder, zone: ZoneInfo, language: str) -> str:
    """The day and hours that the addressee was told before; empty when they were told none."""
    if not reminder.was:
        return ""
    starts, ends = told_start(reminder.was), told_end(reminder.was)
    return when(starts, ends, zone, language) if starts and ends else ""


def whom_to_call(hotline: str, language: str) -> str:
    """The hotline of the settings, or without one whom else to ask."""
    return hotline or NO_HOTLINE.in_language(language)


def when(starts: datetime, ends: datetime, zone: tzinfo, language: str) -> str:
    """Day and hours on the wall: "T3 24/11, 17:00-19:30"."""
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    weekday = WEEKDAYS["en" if language == "en" else "vi"][first.weekday()]
    return f"{weekday} {first:%d/%m}, {first:%H:%M}-{last:%H:%M}"
