"""Says for each seat of a session why this person sits there, or what stands in the way."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from scheduler.reminders.wording import ROLES, when
from scheduler.roster.assignment import HOLDING
from scheduler.roster.cost import Share
from scheduler.roster.load import Obstacle
from scheduler.roster.why import Ground, Reason, Rival, explain
from scheduler.service.gather_part import gather_part, vacancies_of
from scheduler.service.know_people import know_people
from scheduler.service.office import Office
from scheduler.store import assignments
from scheduler.timetable.label import Label
from scheduler.timetable.shift import Role

SHOWN = 5
OBSTACLES: Mapping[Obstacle, Label] = {
    Obstacle.ROLE: Label("không hợp vai trò", "of another role"),
    Obstacle.REFUSED: Label("đã từ chối hoặc thôi", "said no or were sent home"),
    Obstacle.HOURS: Label("không rảnh giờ ấy", "not free at that time"),
    Obstacle.AWAY: Label("vắng mặt", "away"),
    Obstacle.BUSY: Label("trực nơi khác", "at another session"),
    Obstacle.REST: Label("phải nghỉ giữa hai ca", "at rest between sessions"),
    Obstacle.TRAVEL: Label("không kịp đi đường", "too far from another session"),
    Obstacle.WEEK: Label("hết giờ của tuần", "at their weekly limit"),
    Obstacle.MONTH: Label("hết giờ của tháng", "at their monthly limit"),
    Obstacle.DAYS: Label("đã đủ số ngày liền", "at their limit of days in a row"),
    Obstacle.WEEKENDS: Label("đã đủ số cuối tuần", "at their limit of weekends"),
    Obstacle.NOT_WITH: Label("không trực cùng người đã có", "not to stand beside who is there"),
}

GROUNDS: Mapping[Ground, Label] = {
    Ground.FAIRNESS: Label("vì trực nhiều hơn phần công bằng", "for hours above a fair share"),
    Ground.HOME: Label("vì xa phường nhà", "for being away from the home ward"),
    Ground.LIKING: Label("vì không phải việc thích nhất", "for work that they like less"),
    Ground.STAYING: Label("vì đã được xếp ở đây", "for having been here"),
}


def explain_roster(
    connection: Connection, office: Office, session: Row[Any], now: datetime
) -> tuple[Reason, ...]:
    """The reasons for all seats of a session that is in force, as people and duties stand now."""
    if session.shift not in office.desk.shifts:
        return ()
    seats = assignments.by_session(connection, [session.id]).get(session.id, [])
    holding = [seat for seat in seats if seat.state in HOLDING]
    people = know_people(connection, office, now)
    vacancies = vacancies_of(office, session, seats, {seat.id for seat in holding})
    part = gather_part(connection, office, vacancies, people, now)
    minutes = int((session.ends - session.starts).total_seconds()) // 60
    chosen = {seat.person for seat in holding if seat.person in people}
    shares = dict(part.shares)
    for person in chosen:
        shares[person] = Share(shares[person].given - minutes, shares[person].fair)
    duties = tuple(duty for duty in part.duties if duty.session != session.id)
    draft = replace(part, duties=duties, shares=shares).draft()
    numbers = {vacancy.role: number for number, vacancy in enumerate(draft.vacancies)}
    for seat in holding:
        number = numbers.get(Role(seat.role))
        if seat.person in chosen and number is not None and draft.empty(number):
            draft.seat(number, seat.person)
            holding = [each for each in holding if each is not seat]
    named = tuple(Reason(Role(seat.role), seat.person, is_named=True) for seat in holding)
    return named + explain(draft)


def reasons_as_json(reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    """Plain values: costs in points, obstacles by their code."""
    return [
        {
            "role": str(reason.role),
            "person": reason.person,
            "named": reason.is_named,
            "cost": round(reason.cost, 2),
            "grounds": {str(what): round(cost, 2) for what, cost in reason.grounds.items()},
            "others": [{"person": one.person, "more": round(one.more, 2)} for one in reason.rivals],
            "obstacles": {str(what): count for what, count in sorted(reason.obstacles.items())},
        }
        for reason in reasons
    ]


def reasons_in_words(reasons: tuple[Reason, ...], office: Office, session: Row[Any], language: str) -> str:
    """A line a seat below the session's hours and place, and what a point is."""
    place = office.scene(session.service, session.place).place.name.in_language(language)
    head = f"{session.key}  {when(session.starts, session.ends, office.zone, language)}, {place}"
    lines = [_line(reason, office, session, language) for reason in reasons]
    legend = Label(
        "1 điểm = nửa giờ trực nhiều hơn phần công bằng; xa phường nhà 3; không phải việc thích nhất 1-3.\n"
        "Số sau tên người khác là chênh lệch điểm nếu người ấy vào chỗ này; ít điểm hơn mà không được xếp là"
        " vì chỗ khác cần hơn.",
        "1 point = half an hour above a fair share; away from the home ward 3; not what one likes best 1-3.\n"
        "The figure after another's name is the difference if they took this seat; who would cost less and"
        " is not here is needed more elsewhere.",
    )
    return "\n".join([head, *lines, legend.in_language(language)])


def _line(reason: Reason, office: Office, session: Row[Any], language: str) -> str:
    role = ROLES[reason.role].in_language(language)
    if reason.person is not None and reason.is_named:
        named = Label("ghi tên sẵn trong lịch", "named in the settings").in_language(language)
        return f"  {role}: {_name(office, reason.person)} ({named})."
    if reason.person is not None:
        name = _name(office, reason.person)
        return f"  {role}: {name} ({_cost(reason, language)}). {_others(reason.rivals, office, language)}"
    empty = Label("còn trống", "empty").in_language(language)
    if reason.rivals:
        return f"  {role}: {empty}. {_others(reason.rivals, office, language)}"
    hours = when(session.starts, session.ends, office.zone, language)
    ways = ", ".join(
        f"{count} {OBSTACLES[what].in_language(language)}" for what, count in reason.obstacles.most_common()
    )
    nobody = Label("trong danh sách không có ai", "nobody in the list").in_language(language)
    told = Label(
        f"Không có {role} nào rảnh {hours}: {ways or nobody}.",
        f"No {role} is free on {hours}: {ways or nobody}.",
    )
    return f"  {role}: {empty}. {told.in_language(language)}"


def _cost(reason: Reason, language: str) -> str:
    """The points and what they are for."""
    cost = Label(f"{reason.cost:g} điểm", f"{reason.cost:g} points").in_language(language)
    grounds = ", ".join(
        f"{points:g} {GROUNDS[what].in_language(language)}" for what, points in reason.grounds.items()
    )
    fits = Label(
        "còn trong phần công bằng, ở phường nhà", "within a fair share, in the home ward"
    ).in_language(language)
    return f"{cost}: {grounds or fits}"


def _others(rivals: tuple[Rival, ...], office: Office, language: str) -> str:
    if not rivals:
        return Label("Không ai khác có thể.", "Nobody else could.").in_language(language)
    shown = ", ".join(f"{_name(office, one.person)} {one.more:+g}" for one in rivals[:SHOWN])
    more = len(rivals) - SHOWN
    rest = Label(f" và {more} người nữa", f" and {more} more").in_language(language) if more > 0 else ""
    return f"{Label('Có thể thay', 'Could also').in_language(language)}: {shown}{rest}."


def _name(office: Office, person: str) -> str:
    someone = office.desk.people.get(person)
    return someone.name if someone else person
