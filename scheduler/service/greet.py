"""What the service says when it starts: what it loaded, what comes next, and where the page is."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from notifications.message import State
from notifications.phone import mask
from notifications.tables import messages
from notifications.terms import House
from notifications.veil import masked
from scheduler.reminders.wording import when
from scheduler.service.office import Office
from scheduler.settings.rehearsal import rehearsal_of
from scheduler.settings.settings import Settings
from scheduler.settings.summary import counted, say
from scheduler.store import sessions
from scheduler.timetable.label import Label

AHEAD = timedelta(days=28)
MOST = 5

SECOND_SERVICE = Label(
    "Một catruc serve khác trên cùng cơ sở dữ liệu đang điều hành và nhận thay đổi trong tệp cài đặt của nó; "
    "máy này gửi tin, mở trang, và thay vào khi máy kia dừng.",
    "Another catruc serve on this database is in charge and takes the edits of its settings file; "
    "this one sends and shows pages, and takes over when that one stops.",
)


def greet(
    connection: Connection, office: Office | None, url: str, language: str, held: bool, now: datetime
) -> str:
    """The first lines that ``catruc serve`` prints."""
    if office is None:
        waiting = say(
            language,
            "Chưa có lịch nào được áp dụng; hãy chạy catruc apply.",
            "Nothing is in force yet; run catruc apply.",
        )
        return f"{waiting}\n{url}"
    lines = [_loaded(office, language)]
    if rehearsal := rehearsal_of(office.settings):
        lines.append(rehearsal.to_the_desk().in_language(language))
    if held:
        lines.append(
            say(
                language,
                "Tệp cài đặt có thay đổi đang chờ: xem catruc plan, áp dụng bằng catruc apply.",
                "A change of the settings waits: see catruc plan, carry it out with catruc apply.",
            )
        )
    lines += _next_sessions(connection, office, language, now)
    lines += _next_texts(connection, office, language)
    lines.append(say(language, f"Trang cho người dân: {url}", f"The residents' page: {url}"))
    return "\n".join(lines)


def greet_worker(settings: Settings | None) -> str:
    """The line that ``catruc worker`` prints when it starts."""
    if settings is None:
        return "catruc worker: nothing is in force yet; it waits for catruc serve or catruc apply."
    house = House(settings.terms, settings.audience_terms, settings.service.zone)
    channels = ", ".join(sorted(house.channels))
    return say(
        settings.service.languages[0],
        f"catruc worker: sẵn sàng gửi tin qua {channels}.",
        f"catruc worker: ready; texts leave by: {channels}.",
    )


def _loaded(office: Office, language: str) -> str:
    desk = office.desk
    name = office.settings.service.name.in_language(language)
    counts = (len(desk.wards), len(desk.places), len(desk.shifts), len(desk.people))
    channel = office.settings.terms.channel
    return say(
        language,
        f"{name}: {counts[0]} phường, {counts[1]} địa điểm, {counts[2]} ca trực, {counts[3]} người; "
        f"kênh tin nhắn: {channel}.",
        f"{name}: {counted(counts[0], 'ward')}, {counted(counts[1], 'place')}, "
        f"{counted(counts[2], 'shift')}, {counted(counts[3], 'person', 'people')}; "
        f"texts leave by: {channel}.",
    )


def _next_sessions(connection: Connection, office: Office, language: str, now: datetime) -> list[str]:
    rows = sessions.rows_between(connection, now, now + AHEAD)[:MOST]
    lines = [say(language, "Các buổi trực sắp tới:", "The next sessions:")]
    for row in rows:
        scene = office.scene(row.service, row.place)
        names = scene.service.short.in_language(language), scene.place.name.in_language(language)
        lines.append(f"  {when(row.starts, row.ends, office.zone, language)}  {', '.join(names)}")
    return lines if rows else []


def _next_texts(connection: Connection, office: Office, language: str) -> list[str]:
    waiting = (
        select(messages)
        .where(messages.c.state == State.WAITING)
        .order_by(messages.c.send_at, messages.c.id)
        .limit(MOST)
    )
    rows = connection.execute(waiting).all()
    lines = [say(language, "Các tin nhắn sắp gửi:", "The next texts:")]
    for row in rows:
        at = row.send_at.astimezone(office.zone)
        lines.append(f"  {at:%d/%m %H:%M}  {mask(row.phone)}  {masked(row.text)}")
    return lines if rows else []
