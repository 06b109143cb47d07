"""Dates, names and the first sentence, as people say them in Vietnamese and in English."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from scheduler.timetable.opening import Availability, Opening, State
from scheduler.timetable.place import Ward
from scheduler.web.words import STATES

_WEEKDAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_SHORT_WEEKDAYS = {
    "vi": ("T2", "T3", "T4", "T5", "T6", "T7", "CN"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EVENING = time(17)
_ZONES_OF_VIET_NAM = ("Asia/Ho_Chi_Minh", "Asia/Saigon")
_VIET_NAM = ("Việt Nam", "Viet Nam")


def weekday(day: date, language: str) -> str:
    """The name of the weekday: "Thứ Ba" or "Tuesday"."""
    return _WEEKDAYS["en" if language == "en" else "vi"][day.weekday()]


def short_weekday(day: date, language: str) -> str:
    """The weekday where there is little room: "T3" or "Tue"."""
    return _SHORT_WEEKDAYS["en" if language == "en" else "vi"][day.weekday()]


def short_date(day: date, language: str) -> str:
    """Day and month: "24/11" or "24 Nov"."""
    return f"{day.day} {_MONTHS[day.month - 1]}" if language == "en" else f"{day.day}/{day.month}"


def whole_date(day: date, language: str) -> str:
    """Day, month and year: "24/11/2026" or "24 Nov 2026"."""
    return (
        f"{short_date(day, language)} {day.year}" if language == "en" else f"{day.day}/{day.month}/{day.year}"
    )


def dates_in_words(first: date, last: date, language: str) -> str:
    """From one date to another with the weekdays: "Thứ Năm 4/2 – Thứ Sáu 12/2/2027"."""
    year = f" {last.year}" if language == "en" else f"/{last.year}"
    told = [f"{weekday(day, language)} {short_date(day, language)}" for day in dict.fromkeys((first, last))]
    return " – ".join(told) + year


def day_name(day: date, today: date, language: str) -> str:
    """What people call `day` on `today`: today, tomorrow, the weekday, or from a week on also the date."""
    ahead = (day - today).days
    if ahead in (0, 1):
        return (("hôm nay", "ngày mai"), ("today", "tomorrow"))[language == "en"][ahead]
    if 1 < ahead < 7:
        return weekday(day, language)
    return f"{weekday(day, language)} {short_date(day, language)}"


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """The wall-clock time in `zone`: "17:30"."""
    return f"{instant.astimezone(zone):%H:%M}"


def when(instant: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    """Day and time of `instant` as said at `now`: "Thứ Ba 17:00"."""
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    return f"{day_name(local.date(), today, language)} {local:%H:%M}"


def ward_title(ward: Ward, language: str) -> str:
    """The ward with the word for it, once: "Phường Sài Gòn", "Sài Gòn ward"."""
    name = ward.name.in_language(language)
    if {"phường", "ward"} & set(name.casefold().split()):
        return name
    return f"{name} ward" if language == "en" else f"Phường {name}"


def badge(opening: Opening, now: datetime, zone: ZoneInfo, language: str) -> str:
    """How the session stands and who says so: "Mở theo lịch", "Đã xác nhận lúc 17:05"."""
    state = opening.state_at(now)
    confirmed = opening.confirmed_at
    if confirmed is None or state not in (State.OPEN, State.SCHEDULED):
        return STATES[state].in_language(language)
    at = clock(confirmed, zone)
    if state is State.OPEN:
        return f"Open, confirmed {at}" if language == "en" else f"Đang mở, đã xác nhận lúc {at}"
    return "Confirmed" if language == "en" else "Đã xác nhận"


def headline(answer: Availability, zone: ZoneInfo, language: str) -> str:
    """The sentence at the top: what is open and until when, else what comes next."""
    receiving = [opening for opening in answer.open_now if opening.receives_at(answer.now)]
    if receiving:
        return _open_sentence(receiving, zone, language)
    closed = ("Bây giờ không nơi nào mở.", "Nothing is open now.")[language == "en"]
    where = answer.next.place.name.in_language(language) if answer.next else ""
    return f"{_full_sentence(answer, language) or closed} {_next_sentence(answer, where, zone, language)}"


def headline_here(answer: Availability, zone: ZoneInfo, language: str) -> str:
    """The same sentence of one place, where nobody needs to be told its name."""
    receiving = [opening for opening in answer.open_now if opening.receives_at(answer.now)]
    if receiving:
        until = clock(max(opening.ends for opening in receiving), zone)
        services = ", ".join(_services_of(receiving, language))
        said = ("Đang mở: {}, đến {}.", "Open now: {}, until {}.")[language == "en"]
        return said.format(services, until)
    closed = ("Bây giờ không mở.", "Not open now.")[language == "en"]
    return f"{_full_sentence(answer, language) or closed} {_next_sentence(answer, '', zone, language)}"


def split_name(text: str, wards: Sequence[Ward], language: str) -> str | None:
    """What to say when `text` led to several wards; None when it led to one or none."""
    if len(wards) < 2:
        return None
    titles = [ward_title(ward, language) for ward in wards]
    if language == "en":
        return f"“{text}” may mean {', '.join(titles[:-1])} or {titles[-1]}."
    return f"“{text}” có thể là {', '.join(titles[:-1])} hoặc {titles[-1]}."


def count_of_sessions(count: int, language: str) -> str:
    """How many sessions: "5 ca", "1 session"."""
    if language == "en":
        return "1 session" if count == 1 else f"{count} sessions"
    return f"{count} ca"


def in_short(openings: Sequence[Opening], now: datetime, zone: ZoneInfo, language: str) -> str:
    """When one can go, in a few words: "mở đến 19:30", "Thứ Ba 17:00"; of what is called off nothing."""
    receiving = [one for one in openings if one.receives_at(now)]
    if receiving:
        until = clock(max(one.ends for one in receiving), zone)
        return f"open until {until}" if language == "en" else f"mở đến {until}"
    usable = (one for one in openings if one.starts > now and one.state not in (State.CANCELLED, State.FULL))
    coming = next(usable, None)
    return "" if coming is None else when(coming.starts, now, zone, language)


def rest_of_today_is_evening(openings: Sequence[Opening], zone: ZoneInfo) -> bool:
    """Whether all that is left of today begins in the evening, so that "tonight" is the word for it."""
    return all(opening.starts.astimezone(zone).time() >= _EVENING for opening in openings)


def moved_note(opening: Opening, now: datetime, zone: ZoneInfo, language: str) -> str | None:
    """From when a moved session was moved."""
    if opening.moved_from is None:
        return None
    same_day = opening.moved_from.astimezone(zone).date() == opening.starts.astimezone(zone).date()
    before = clock(opening.moved_from, zone) if same_day else when(opening.moved_from, now, zone, language)
    return f"Moved from {before}" if language == "en" else f"Dời từ {before}"


def places_left_note(opening: Opening, language: str) -> str | None:
    """How many places the desk says are left."""
    if opening.places_left is None:
        return None
    left = opening.places_left
    if language == "en":
        return f"{left} place left" if left == 1 else f"{left} places left"
    return f"Còn {left} lượt"


def true_at(now: datetime, zone: ZoneInfo, language: str) -> str:
    """When the page was true, with the date in full."""
    local = now.astimezone(zone)
    day = f"{weekday(local.date(), language)} {short_date(local.date(), language)}"
    place = _VIET_NAM[language == "en"] if zone.key in _ZONES_OF_VIET_NAM else zone.key.replace("_", " ")
    if language == "en":
        return f"True at {local:%H:%M} on {day} {local.year}, {place} time."
    return f"Đúng lúc {local:%H:%M} {day}/{local.year}, giờ {place}."


def planned_until(day: date | None, language: str) -> str:
    """Up to which day the sessions are planned."""
    if day is None:
        return ""
    told = dates_in_words(day, day, language)
    return f"Sessions are planned up to {told}." if language == "en" else f"Lịch đã xếp đến hết {told}."


def day_in_full(day: date, language: str) -> str:
    """The weekday and the whole date: "Thứ Ba 1/12/2026"."""
    return dates_in_words(day, day, language)


def _open_sentence(receiving: Sequence[Opening], zone: ZoneInfo, language: str) -> str:
    until = clock(max(opening.ends for opening in receiving), zone)
    places = {opening.place.id for opening in receiving}
    if len(places) > 1:
        if language == "en":
            return f"Open now: {len(places)} places, the last until {until}."
        return f"Đang mở: {len(places)} nơi, muộn nhất đến {until}."
    where = receiving[0].place.name.in_language(language)
    what = f"{', '.join(_services_of(receiving, language))}, {where}"
    return f"Open now: {what}, until {until}." if language == "en" else f"Đang mở: {what}, đến {until}."


def _services_of(openings: Sequence[Opening], language: str) -> list[str]:
    return list(dict.fromkeys(opening.service.name.in_language(language) for opening in openings))


def _full_sentence(answer: Availability, language: str) -> str:
    if not answer.open_now:
        return ""
    return "Nobody more is let in now." if language == "en" else "Bây giờ không nơi nào nhận thêm người."


def _next_sentence(answer: Availability, where: str, zone: ZoneInfo, language: str) -> str:
    if answer.next is None:
        return "Nothing is planned yet." if language == "en" else "Chưa có ca nào sắp tới."
    told = ", ".join(filter(None, (when(answer.next.starts, answer.now, zone, language), where)))
    return f"Next: {told}." if language == "en" else f"Gần nhất: {told}."
