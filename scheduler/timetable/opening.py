"""What residents see as open: public sessions, the questions asked of them, and the answers.

An `Opening` is one session as the desk and the schedule describe it; the `Board` is everything that is in
force, at once and unchangeable; a `Question` asked of it at an instant gives an `Availability`, or says why
it has no answer.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from scheduler.timetable.holidays import Holidays
from scheduler.timetable.instant import to_utc
from scheduler.timetable.label import Label
from scheduler.timetable.naming import Named, places_named, services_named, wards_named
from scheduler.timetable.place import Place, Service, Ward

LONGEST_RANGE = 92
"""How many days one question may cover, both ends counted."""

AHEAD = timedelta(days=7)
"""How far an answer reaches after today where no dates are asked for."""

# A span ends within 24 hours of the wall clock; a zone change may add a few hours of elapsed time.
_LONGEST_SESSION = timedelta(hours=28)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class State(StrEnum):
    """How a session stands. The desk sets all but `ENDED`, which only the clock can say."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    LATE = "late"
    FULL = "full"
    CANCELLED = "cancelled"
    ENDED = "ended"


class Basis(StrEnum):
    """Who says so: the schedule, or the desk itself."""

    SCHEDULE = "schedule"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Opening:
    """One public session as residents see it; `starts` and `ends` are aware and in UTC.

    `number` stays the same when the session moves, and `key` does not; `revision` grows with every change, of
    which `changed_at` was the last. `state` is what is stored, `state_at` how it stands at an instant.
    `confirmed_at` is when the desk last spoke. `moved_from` is the start that was announced before, if any.
    `places_left` is only what the desk entered.
    """

    key: str
    service: Service
    ward: Ward
    place: Place
    starts: datetime
    ends: datetime
    number: int = 0
    revision: int = 1
    changed_at: datetime = _LONG_AGO
    state: State = State.SCHEDULED
    confirmed_at: datetime | None = None
    reason: Label | str | None = None
    places_left: int | None = None
    moved_from: datetime | None = None

    @property
    def basis(self) -> Basis:
        """Confirmed once the desk has spoken."""
        return Basis.SCHEDULE if self.confirmed_at is None else Basis.CONFIRMED

    @property
    def last_entry(self) -> datetime | None:
        """The last instant at which people are let in, in UTC, where the service names one."""
        return None if self.service.last_entry is None else self.ends - self.service.last_entry

    def state_at(self, now: datetime) -> State:
        """How the session stands at `now`; late and full hold before the start too, open does not."""
        if self.state is State.CANCELLED:
            return State.CANCELLED
        if now >= self.ends:
            return State.ENDED
        if now < self.starts:
            return State.SCHEDULED if self.state is State.OPEN else self.state
        return State.OPEN if self.state is State.SCHEDULED else self.state

    def under_way_at(self, now: datetime) -> bool:
        """Whether it is being held at `now`; one that is late or full is, a cancelled one is not."""
        return self.starts <= now < self.ends and self.state is not State.CANCELLED

    def receives_at(self, now: datetime) -> bool:
        """Whether someone who arrives at `now` is still let in."""
        in_time = self.last_entry is None or now <= self.last_entry
        return self.state_at(now) is State.OPEN and in_time

    def reason_in(self, language: str) -> str | None:
        """Why it was changed or cancelled, in `language`, where a reason was given."""
        return self.reason.in_language(language) if isinstance(self.reason, Label) else self.reason


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that residents may see, as it is in force: one immutable snapshot.

    Only public services and their openings belong here. The openings are kept in the order of their start,
    however they were given. The first of `languages` is the default. Public holidays are official up to
    `known_until`; sessions are planned up to `planned_until`. Residents reach the pages at `public_url`. What
    `rehearsal` says stands on every page.
    """

    openings: tuple[Opening, ...]
    wards: tuple[Ward, ...]
    services: tuple[Service, ...]
    places: tuple[Place, ...]
    zone: ZoneInfo
    service_name: Label
    hotline: str = ""
    languages: tuple[str, ...] = ("vi", "en")
    known_until: date | None = None
    planned_until: date | None = None
    holidays: Holidays = field(default_factory=Holidays)
    public_url: str = ""
    rehearsal: Label | None = None

    def is_estimated(self, day: date) -> bool:
        """Whether the public holidays of that time are not official yet."""
        return self.known_until is not None and day > self.known_until

    def __post_init__(self) -> None:
        ordered = sorted(self.openings, key=_order)
        object.__setattr__(self, "openings", tuple(ordered))

    def wards_between(self, first: date, last: date) -> tuple[Ward, ...]:
        """The wards that exist on any date from `first` to `last`, both inclusive."""
        return tuple(ward for ward in self.wards if ward.exists_between(first, last))

    def between(self, begin: datetime, end: datetime) -> Iterator[Opening]:
        """The openings of which some part lies from `begin` to before `end`, by start."""
        first = bisect_left(self.openings, begin - _LONGEST_SESSION, key=_start)
        last = bisect_left(self.openings, end, key=_start)
        return (opening for opening in self.openings[first:last] if opening.ends > begin)

    def starting_after(self, now: datetime) -> Iterator[Opening]:
        """The openings that start later than `now`, the soonest first."""
        first = bisect_right(self.openings, now, key=_start)
        return (self.openings[at] for at in range(first, len(self.openings)))


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to know; names as typed, "" for any; dates are local and inclusive."""

    ward: str = ""
    service: str = ""
    place: str = ""
    first: date | None = None
    last: date | None = None
    open_now: bool = False


@dataclass(frozen=True, slots=True)
class Availability:
    """The answer at `now`.

    `open_now` are being held, `next` is the soonest later one that is neither cancelled nor full, `sessions`
    all that touch the asked dates, the cancelled and the ended included. All by start.
    """

    now: datetime
    open_now: tuple[Opening, ...]
    next: Opening | None
    sessions: tuple[Opening, ...]


class Fault(StrEnum):
    """What is wrong with a question: a name that nothing bears, or dates that make no range."""

    UNKNOWN = "unknown"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Unanswerable:
    """Why a question has no answer, in one sentence."""

    fault: Fault
    message: Label


@dataclass(frozen=True, slots=True)
class WardDay:
    """The openings of one ward on one day."""

    ward: Ward
    openings: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The openings of one local date, by ward in the order of the board."""

    date: date
    wards: tuple[WardDay, ...]


@dataclass(frozen=True, slots=True)
class Glance:
    """An answer as a page shows it: what is open, what else is today, and the days after."""

    open_now: tuple[Opening, ...]
    today: tuple[Opening, ...]
    days: tuple[Day, ...]


def availability(board: Board, question: Question, now: datetime) -> Availability | Unanswerable:
    """Answers `question` as of `now`; without dates, from the local date of `now` to seven days later."""
    dates = _asked_dates(question, now.astimezone(board.zone).date())
    wanted = _wanted(board, question)
    if isinstance(dates, Unanswerable):
        return dates
    if isinstance(wanted, Unanswerable):
        return wanted
    begin = to_utc(dates[0], time.min, board.zone)
    end = to_utc(dates[1] + timedelta(days=1), time.min, board.zone)
    at_now = board.between(now, now + timedelta(microseconds=1))
    open_now = tuple(one for one in at_now if wanted(one) and one.under_way_at(now))
    sessions = open_now if question.open_now else tuple(filter(wanted, board.between(begin, end)))
    later = (one for one in board.starting_after(now) if wanted(one))
    unusable = (State.CANCELLED, State.FULL)
    return Availability(now, open_now, next((x for x in later if x.state not in unusable), None), sessions)


def at_a_glance(board: Board, answer: Availability) -> Glance:
    """Groups an answer for a page. What is over is left out; a cancelled session stays until its end."""
    today = answer.now.astimezone(board.zone).date()
    ahead = days_ahead(board, answer)
    is_today = bool(ahead) and ahead[0].date <= today
    rest = [one for ward in ahead[0].wards for one in ward.openings] if is_today else []
    return Glance(answer.open_now, tuple(sorted(rest, key=_order)), ahead[is_today:])


def days_ahead(board: Board, answer: Availability) -> tuple[Day, ...]:
    """What of an answer has not begun, or is called off and not over, by day and ward."""
    held = {id(one) for one in answer.open_now}
    waiting = (one for one in answer.sessions if answer.now < one.ends and id(one) not in held)
    # What began yesterday and was called off stands with today.
    today = answer.now.astimezone(board.zone).date()
    days = groupby(waiting, key=lambda one: max(today, _local_date(one, board.zone)))
    return tuple(Day(day, _by_ward(board, openings)) for day, openings in days)


def as_json(opening: Opening, now: datetime, zone: ZoneInfo, language: str) -> dict[str, object]:
    """One session as the API and ``catruc available`` print it; instants carry the offset of `zone`."""
    service, place = opening.service, opening.place
    return {
        "key": opening.key,
        "service": _identified(service, language),
        "ward": _identified(opening.ward, language),
        "place": _identified(place, language),
        "address": place.address,
        "starts": _iso(opening.starts, zone),
        "ends": _iso(opening.ends, zone),
        "last_entry": opening.last_entry and _iso(opening.last_entry, zone),
        "bring": service.bring and service.bring.in_language(language),
        "fee": service.fee and service.fee.in_language(language),
        "state": opening.state_at(now).value,
        "basis": opening.basis.value,
        "confirmed_at": opening.confirmed_at and _iso(opening.confirmed_at, zone),
        "reason": opening.reason_in(language),
        "places_left": opening.places_left,
    }


def answer_as_json(answer: Availability, zone: ZoneInfo, language: str) -> dict[str, object]:
    """A whole answer as the API prints it."""

    def one(opening: Opening) -> dict[str, object]:
        return as_json(opening, answer.now, zone, language)

    return {
        "now": _iso(answer.now, zone),
        "open_now": [one(opening) for opening in answer.open_now],
        "next": answer.next and one(answer.next),
        "sessions": [one(opening) for opening in answer.sessions],
    }


def _order(opening: Opening) -> tuple[datetime, str, str, str]:
    return opening.starts, opening.ward.id, opening.place.id, opening.key


def _start(opening: Opening) -> datetime:
    return opening.starts


def _wanted(board: Board, question: Question) -> Callable[[Opening], bool] | Unanswerable:
    wards, services = (
        wards_named(board.wards, question.ward),
        services_named(board.services, question.service),
    )
    places = places_named(board.places, question.place)
    if question.ward and not wards:
        return _unknown(question.ward, "phường", "ward", board.wards)
    if question.service and not services:
        return _unknown(question.service, "dịch vụ", "service", board.services)
    if question.place and not places:
        return _unknown(question.place, "nơi", "place", board.places)
    ward_ids, service_ids, place_ids = ({one.id for one in found} for found in (wards, services, places))
    return lambda one: (
        (not ward_ids or one.ward.id in ward_ids)
        and (not service_ids or one.service.id in service_ids)
        and (not place_ids or one.place.id in place_ids)
    )


def _unknown(text: str, vi: str, en: str, known: Iterable[Named]) -> Unanswerable:
    ids = ", ".join(thing.id for thing in known)
    return Unanswerable(
        Fault.UNKNOWN,
        Label(
            f"Không có {vi} nào tên “{text}”; hiện có: {ids}.", f"No {en} is called “{text}”; known: {ids}."
        ),
    )


def _asked_dates(question: Question, today: date) -> tuple[date, date] | Unanswerable:
    first = question.first or today
    if abs(first.year - today.year) > 100:
        return _out_of_range(
            f"Ngày {first} quá xa; hãy hỏi một ngày gần hơn.",
            f"{first} is too far off; ask for a nearer date.",
        )
    last = question.last or first + AHEAD
    if last < first:
        return _out_of_range(
            f"Ngày cuối {last} ở trước ngày đầu {first}; hãy đổi lại.",
            f"The last date {last} lies before the first, {first}; turn them round.",
        )
    if (last - first).days >= LONGEST_RANGE:
        return _out_of_range(
            f"Từ {first} đến {last} dài hơn {LONGEST_RANGE} ngày; hãy hỏi ngắn hơn.",
            f"{first} to {last} is more than {LONGEST_RANGE} days; ask for fewer.",
        )
    return first, last


def _out_of_range(vi: str, en: str) -> Unanswerable:
    return Unanswerable(Fault.RANGE, Label(vi, en))


def _local_date(opening: Opening, zone: ZoneInfo) -> date:
    return opening.starts.astimezone(zone).date()


def _by_ward(board: Board, openings: Iterable[Opening]) -> tuple[WardDay, ...]:
    held: dict[str, list[Opening]] = {}
    for opening in openings:
        held.setdefault(opening.ward.id, []).append(opening)
    # A ward that has left the settings may still have had sessions, which were called off.
    order = {ward.id: place for place, ward in enumerate(board.wards)}
    wards = sorted(held, key=lambda ward: order.get(ward, len(order)))
    return tuple(WardDay(held[ward][0].ward, tuple(held[ward])) for ward in wards)


def _identified(thing: Named, language: str) -> dict[str, str]:
    return {"id": thing.id, "name": thing.name.in_language(language)}


def _iso(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).isoformat(timespec="seconds")
