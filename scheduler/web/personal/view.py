"""One person's page in the words of their language: strings only, ready for the template."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from scheduler.reminders.reminder import Audience
from scheduler.reminders.wording import ROLES, SALUTATIONS, Scene
from scheduler.roster.assignment import Standing
from scheduler.service.show_desk import DeskSession
from scheduler.service.show_own_page import OwnAbsence, OwnPage, OwnSeat
from scheduler.service.show_watch import WatchedSeat, WatchedSession
from scheduler.timetable.availability import Absence, can_come
from scheduler.timetable.shift import Role
from scheduler.web.personal.desk_card import DeskTexts, Hour, desk_card
from scheduler.web.personal.words import SAID, own_words_in
from scheduler.web.wording import clock, short_date, ward_title, weekday

# What may be recorded of a seat: yes, no.
May: TypeAlias = Callable[[WatchedSeat], tuple[bool, bool]]

STANDINGS = {
    "vi": {
        Standing.CONFIRMED: "đến",
        Standing.DECLINED: "không đến",
        Standing.PROPOSED: "chưa hỏi",
        Standing.ASKED: "chưa trả lời",
        Standing.SILENT: "chưa trả lời",
        Standing.SOUGHT: "hỏi trực thay, chưa trả lời",
        Standing.SERVED: "có mặt",
        Standing.ABSENT: "vắng",
    },
    "en": {
        Standing.CONFIRMED: "yes",
        Standing.DECLINED: "no",
        Standing.PROPOSED: "not asked yet",
        Standing.ASKED: "silent",
        Standing.SILENT: "silent",
        Standing.SOUGHT: "asked as a substitute, silent",
        Standing.SERVED: "was there",
        Standing.ABSENT: "was absent",
    },
}


@dataclass(frozen=True, slots=True)
class SeatCard:
    """Everything the page says of one of the person's sessions."""

    session: int
    hour: Hour
    service: str
    place: str
    address: str
    ward: str
    role: str
    seat: OwnSeat
    offered: str = ""
    clashes: bool = False


@dataclass(frozen=True, slots=True)
class OfferCard:
    """A shift that the person may take."""

    offer: int
    card: SeatCard
    note: str


@dataclass(frozen=True, slots=True)
class AwayLine:
    """Dates on which the person is away; without an `id` they cannot be removed here."""

    id: int | None
    text: str


@dataclass(frozen=True, slots=True)
class WatchedLine:
    """One person at a watched session; `can_yes` and `can_no` say what may be recorded."""

    person: str
    name: str
    note: str
    can_yes: bool
    can_no: bool


@dataclass(frozen=True, slots=True)
class WatchedCard:
    """A watched session: its count, and who it is made of."""

    session: int
    hour: Hour
    title: str
    place: str
    count: str
    lines: tuple[WatchedLine, ...]


@dataclass(frozen=True, slots=True)
class View:
    """One page in one language. `said` and `about` are what the address says was done last."""

    page: OwnPage
    zone: ZoneInfo
    language: str
    said: str
    about: int
    expires_at: datetime
    today: date

    def values(self) -> dict[str, object]:
        """Everything that the template of the page prints, but for address and language links."""
        person = self.page.person
        is_staff = person.roles == {Role.STAFF}
        salutation = person.salutation or SALUTATIONS[Audience.STAFF if is_staff else Audience.VOLUNTEER]
        greeting = " ".join(part for part in (salutation.in_language(self.language), person.name) if part)
        return {
            "w": own_words_in(self.language),
            "heading": f"{person.name}: your duties"
            if self.language == "en"
            else f"Lịch trực của {greeting}",
            "about": self.about,
            "today": self.today.isoformat(),
            "notice": SAID[self.said].in_language(self.language) if self.said in SAID else "",
            "undo": self._undo(),
            "questions": self._cards(self.page.questions),
            "shifts": self._cards(self.page.shifts),
            "declined": self._cards(self.page.declined),
            "offers": [self._offer(one.offer, one.seat, one.giver) for one in self.page.offered],
            "away": [AwayLine(one.id, self._dates(one)) for one in self.page.away],
            "desk": [desk_card(one, self._desk_texts(one), self.language) for one in self.page.desk],
            "watched": [self._watched(one) for one in self.page.watch.coming],
            "held": [self._held(one) for one in self.page.watch.held if one.seats],
            "expires": date_in_full(self._local(self.expires_at - timedelta.resolution), self.language),
        }

    def card(self, seat: OwnSeat) -> SeatCard:
        """One session as a card."""
        scene, words = seat.scene, own_words_in(self.language)
        offered = ""
        if seat.offer:
            named = seat.offer.named
            offered = words.offered_to.format(name=named) if named else words.offered_anyone
        return SeatCard(
            session=seat.session,
            hour=self._hour(seat.starts, seat.ends),
            service=scene.service.name.in_language(self.language),
            place=scene.place.name.in_language(self.language),
            address=scene.place.address,
            ward=ward_title(scene.ward, self.language),
            role=ROLES[seat.role].in_language(self.language),
            seat=seat,
            offered=offered,
            clashes=self._is_away(seat),
        )

    def _undo(self) -> SeatCard | None:
        """The session that was just declined, while the answer can be changed back."""
        gone = [seat for seat in self.page.declined if seat.session == self.about and seat.is_free]
        return self.card(gone[0]) if gone and self.said == "declined" else None

    def _cards(self, seats: Iterable[OwnSeat]) -> list[SeatCard]:
        return [self.card(seat) for seat in seats]

    def _offer(self, offer: int, seat: OwnSeat, giver: str | None) -> OfferCard:
        words = own_words_in(self.language)
        note = words.offer_from.format(name=giver) if giver else words.offer_open
        return OfferCard(offer, self.card(seat), note)

    def _watched(self, one: WatchedSession) -> WatchedCard:
        return self._watched_card(one, count_in_words(one, self.language), _recordable)

    def _desk_texts(self, one: DeskSession) -> DeskTexts:
        confirmed = clock(one.confirmed_at, self.zone) if one.confirmed_at else ""
        place = _place_of(one.scene, self.language)
        return DeskTexts(self._hour(one.starts, one.ends), place, confirmed)

    def _held(self, one: WatchedSession) -> WatchedCard:
        came = sum(seat.standing is Standing.SERVED for seat in one.seats)
        away = sum(seat.standing is Standing.ABSENT for seat in one.seats)
        count = (
            f"{came} there, {away} absent, {len(one.seats) - came - away} not marked"
            if self.language == "en"
            else f"{came} có mặt, {away} vắng, {len(one.seats) - came - away} chưa ghi"
        )
        return self._watched_card(one, count, _markable)

    def _watched_card(self, one: WatchedSession, count: str, may: May) -> WatchedCard:
        return WatchedCard(
            one.session,
            self._hour(one.starts, one.ends),
            one.scene.service.name.in_language(self.language),
            _place_of(one.scene, self.language),
            count,
            tuple(self._line(seat, *may(seat)) for seat in one.seats),
        )

    def _line(self, seat: WatchedSeat, can_yes: bool, can_no: bool) -> WatchedLine:
        standing = STANDINGS["en" if self.language == "en" else "vi"][seat.standing]
        role = "" if seat.role is Role.VOLUNTEER else f"{ROLES[seat.role].in_language(self.language)}, "
        return WatchedLine(seat.person, seat.name, role + standing, can_yes, can_no)

    def _is_away(self, seat: OwnSeat) -> bool:
        away = tuple(Absence(one.first, one.last) for one in self.page.away)
        return not can_come((), away, seat.starts, seat.ends, self.zone)

    def _dates(self, away: OwnAbsence) -> str:
        first, last = (date_in_full(day, self.language) for day in (away.first, away.last))
        return first if first == last else f"{first} – {last}"

    def _hour(self, starts: datetime, ends: datetime) -> Hour:
        day = self._local(starts)
        after = "" if self._local(ends - timedelta(minutes=1)) == day else self._next_day()
        return Hour(
            day=f"{weekday(day, self.language)} {short_date(day, self.language)}",
            starts=clock(starts, self.zone),
            ends=clock(ends, self.zone) + after,
            iso=starts.astimezone(self.zone).isoformat(timespec="minutes"),
        )

    def _next_day(self) -> str:
        return " next day" if self.language == "en" else " hôm sau"

    def _local(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()


def count_in_words(one: WatchedSession, language: str) -> str:
    """How a session stands: "9 yes, 2 no, 5 silent", how many are to be asked, and how many are missing."""
    if language == "en":
        told = f"{one.yes} yes, {one.no} no, {one.silent} silent"
        more = f"{one.unasked} not asked yet", f"{one.missing} missing"
    else:
        told = f"{one.yes} đến, {one.no} không, {one.silent} chưa trả lời"
        more = f"{one.unasked} chưa hỏi", f"thiếu {one.missing}"
    counts = zip((one.unasked, one.missing), more, strict=True)
    return ", ".join([told, *(words for count, words in counts if count)])


def date_in_full(day: date, language: str) -> str:
    """Day, month and year: "24/12/2026" or "24 Dec 2026"."""
    return f"{short_date(day, language)} {day.year}" if language == "en" else f"{day:%d/%m/%Y}"


def _recordable(seat: WatchedSeat) -> tuple[bool, bool]:
    return seat.standing is not Standing.CONFIRMED, seat.standing is not Standing.DECLINED


def _markable(seat: WatchedSeat) -> tuple[bool, bool]:
    return seat.standing is not Standing.SERVED, seat.standing in (Standing.CONFIRMED, Standing.SERVED)


def _place_of(scene: Scene, language: str) -> str:
    return scene.place.name.in_language(language)
