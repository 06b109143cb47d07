"""A session at the counter in the words of a personal page: how it stands, and what may be said of it."""

from dataclasses import dataclass

from scheduler.service.show_desk import DeskSession
from scheduler.timetable.label import Label
from scheduler.timetable.opening import State
from scheduler.web.words import STATES

_CONFIRMED = Label("ghi lúc {at}", "said at {at}")
_LEFT = Label("còn {left} lượt", "{left} left")
_ASKED = Label("{name} xin hủy: “{reason}”", "{name} asks to call it off: “{reason}”")
_WAITS = Label("Đã xin hủy, chờ điều phối duyệt.", "Asked to call it off; a coordinator will decide.")


@dataclass(frozen=True, slots=True)
class Hour:
    """When a session is, for people and for machines; its end may lie on the next day."""

    day: str
    starts: str
    ends: str
    iso: str


@dataclass(frozen=True, slots=True)
class DeskTexts:
    """What hangs on the zone: the hours, the place, when the desk spoke last."""

    hour: Hour
    place: str
    confirmed: str


@dataclass(frozen=True, slots=True)
class DeskCard:
    """A session with what may be said of it; `asks` is what somebody asks of who decides."""

    session: int
    hour: Hour
    service: str
    place: str
    state: str
    stands: str
    reason: str
    decides: bool
    is_off: bool
    asks: str
    waits: str


def desk_card(one: DeskSession, texts: DeskTexts, language: str) -> DeskCard:
    """The card of one session."""
    told = [STATES[one.state].in_language(language)]
    if one.places_left is not None:
        told.append(_LEFT.in_language(language).format(left=one.places_left))
    if texts.confirmed:
        told.append(_CONFIRMED.in_language(language).format(at=texts.confirmed))
    asked = one.asked
    return DeskCard(
        session=one.session,
        hour=texts.hour,
        service=one.scene.service.name.in_language(language),
        place=texts.place,
        state=one.state.value,
        stands=", ".join(told),
        reason=one.reason,
        decides=one.decides,
        is_off=one.state is State.CANCELLED,
        asks=_ASKED.in_language(language).format(name=asked.name, reason=asked.reason)
        if asked and one.decides
        else "",
        waits=_WAITS.in_language(language) if asked and not one.decides else "",
    )
