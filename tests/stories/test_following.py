"""Residents follow by the page: number, code, consent; texts; and they stop."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from notifications.tables import messages
from scheduler.store.tables import follow_codes
from tests.desk import PHONES, WARD, Desk, instant
from tests.own_page import VEIL, Reader, app_of, board_at
from tests.stories.conftest import OpenDesk

SESSION = "sao-y-ubnd-sai-gon@2026-11-17"
RESIDENT, TYPED = "+84902000001", "0902 000 001"
EVERY_TUESDAY = (
    WARD
    + """
[[shifts]]
service = "Sao y"
days = "T3"
time = "17:00-19:30"
from = 2026-11-17
until = 2026-12-31
staff = ["Dũng"]
"""
)
FOLLOWED = "Da dang ky nhan tin Sao y, phuong Sai Gon: truoc moi buoi, khi lich thay doi"
REMINDED = "Lich Sao y T3 17/11, 17:00-19:30 tai UBND Sai Gon. Ngung nhan tin: goi 028 0000 0000."
AGREE, DONE = "Tôi đồng ý, gửi mã cho tôi", "Xong"
THE_SERVICE = "sao-y@sai-gon"


def code_for(desk: Desk, phone: str = RESIDENT) -> str:
    """The digits in the last code that this phone got, as a text unveils them."""
    codes = [parcel.text for parcel in desk.phones.taken if parcel.phone == phone and "Ma *" in parcel.text]
    return VEIL.lift(codes[-1]).partition("Ma ")[2][:6]


def enrolled(desk: Desk, what: str = THE_SERVICE) -> Reader:
    """Somebody who has followed by the page."""
    reader = Reader(app_of(desk), "/follow").get()
    reader.press(AGREE, what=what, phone=TYPED)
    desk.run_until(f"{desk.clock().astimezone(instant('2026-01-01').tzinfo):%Y-%m-%d %H:%M}")
    return reader.press(DONE, code=code_for(desk))


def says_to(desk: Desk, phone: str = RESIDENT) -> list[str]:
    """The texts that somebody got, links and codes masked."""
    return [text.says for text in desk.texts_to(phone)]


def test_a_resident_follows_with_a_code(open_desk: OpenDesk) -> None:
    """The code comes by text; what was agreed to is written down word by word, with its proof."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 22:30")
    reader = enrolled(desk)
    assert "Đang theo dõi" in reader.text
    assert "+8490•••001" in reader.text
    assert RESIDENT[3:] not in reader.answer.text.replace(" ", "")
    desk.run_until("2026-11-18 00:00")

    assert says_to(desk)[1:] == [
        f"UBNDQ1: {FOLLOWED}, toi da 12 tin/thang. Ngung: http://127.0.0.1:8000/f/************",
        f"UBNDQ1: {REMINDED}",
    ]
    [(phone, granted, how, wording)] = desk.consents()
    assert (phone, granted, how) == (RESIDENT, True, "web")
    assert wording.startswith("Sao y, Phường Sài Gòn: Tôi đồng ý nhận tin nhắn từ Ca trực")
    assert "12 tin mỗi tháng" in wording


TWO_SERVICES = (
    EVERY_TUESDAY
    + """
[[places]]
name = "Hội trường"

[[services]]
name = "Tiếp dân"

[[shifts]]
service = "Tiếp dân"
place = "Hội trường"
days = "T4"
time = "17:00-19:30"
"""
).replace('service = "Sao y"', 'service = "Sao y"\nplace = "UBND Sài Gòn"')


def test_from_every_page_one_tap_leads_to_following(open_desk: OpenDesk) -> None:
    """What the page was about is chosen already, and stays so in the other language; else nothing is."""
    desk = open_desk(TWO_SERVICES, "2026-11-10 09:00")
    desk.edit(TWO_SERVICES.replace('days = "T3"', 'days = "T3"\nexcept = [2026-12-01]'))
    app = app_of(desk)
    chosen_from = {
        "/?lang=en": "",
        "/?ward=sai+gon&lang=en": "",
        "/?service=tiep-dan&lang=en": "tiep-dan@sai-gon",
        "/places/ubnd-sai-gon?lang=en": THE_SERVICE,
        f"/sessions/{SESSION}?lang=en": f"session:{SESSION}",
        "/sessions/sao-y-ubnd-sai-gon@2026-12-01?lang=en": THE_SERVICE,
    }
    for path, chosen in chosen_from.items():
        ways = re.findall(r'<p class="ways">.*?</p>', Reader(app, path).get().answer.text)
        [way] = re.findall(r'href="(/follow[^"]*)"', " ".join(ways))
        form = Reader(app, way.replace("&amp;", "&")).get()
        assert "I agree" in form.text
        [vietnamese] = re.findall(r'<a href="(\?[^"]*)" lang="vi"', form.answer.text)
        for page in (form, Reader(app, f"/follow{vietnamese}".replace("&amp;", "&")).get()):
            options = re.findall(r'<option value="([^"]*)"( selected)?', page.answer.text)
            assert [value for value, is_chosen in options if is_chosen] == ([chosen] if chosen else []), path
            assert (options[0][0] == "") == (not chosen)


def test_a_code_is_for_one_use(open_desk: OpenDesk) -> None:
    """Sent again it opens nothing; and the outbox never held it."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    enrolled(desk)
    form = {"do": "code", "flow": flow_of(desk), "phone": TYPED, "code": code_for(desk)}
    again = Reader(app_of(desk), "/follow").send(form)
    assert again.answer.status_code == 404
    with desk.database.read() as connection:
        texts = connection.scalars(select(messages.c.text)).all()
        kept = connection.scalars(select(follow_codes.c.code)).all()
    assert not any(code_for(desk) in stored for stored in (*texts, *kept))


def flow_of(desk: Desk) -> str:
    """The name of the newest form."""
    with desk.database.read() as connection:
        newest = select(follow_codes.c.flow).order_by(follow_codes.c.id.desc()).limit(1)
        return str(connection.scalar(newest))


@pytest.mark.parametrize(
    ("wrong", "late", "status"),
    [
        pytest.param(4, timedelta(), 303, id="four slips"),
        pytest.param(5, timedelta(), 404, id="five slips"),
        pytest.param(0, timedelta(minutes=9, seconds=59), 303, id="in time"),
        pytest.param(0, timedelta(minutes=10), 404, id="too late"),
    ],
)
def test_a_code_bears_few_tries_and_minutes(
    open_desk: OpenDesk, wrong: int, late: timedelta, status: int
) -> None:
    """Five tries within ten minutes."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    app = app_of(desk)
    Reader(app, "/follow").get().press(AGREE, what=THE_SERVICE, phone=TYPED)
    desk.run_until("2026-11-10 09:00")
    code, form = code_for(desk), {"do": "code", "flow": flow_of(desk), "phone": TYPED}
    for number in range(wrong):
        slip = f"{(int(code) + 1 + number) % 1_000_000:06}"
        assert Reader(app, "/follow").send({**form, "code": slip}).answer.status_code == 404
    desk.clock.now += late
    assert (
        Reader(app, "/follow").send({**form, "code": f" {code[:3]}-{code[3:]}."}).answer.status_code == status
    )


def test_known_and_unknown_numbers_get_the_same_answer(open_desk: OpenDesk) -> None:
    """Who follows, who serves, who wants no texts and who was never here: word for word."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    desk.follow("+84902000002")
    desk.follow("+84902000003")
    stopped(desk, "+84902000003")
    answers = set()
    for address, phone in enumerate(("+84902000002", "+84902000003", "+84902000004", PHONES["An"])):
        reader = Reader(app_of(desk), "/follow", f"203.0.113.{address}").get()
        reader.press(AGREE, what=THE_SERVICE, phone=phone)
        page = re.sub(r'name="flow" value="\w+"', "", reader.answer.text).replace(phone, "PHONE")
        answers.add((reader.answer.status_code, page))
        wrong = reader.press(DONE, code="000000")
        page = re.sub(r'name="flow" value="\w+"', "", wrong.answer.text).replace(phone, "PHONE")
        answers.add((wrong.answer.status_code, page))
    assert len(answers) == 2


def stopped(desk: Desk, phone: str) -> None:
    """Somebody texts STOP."""
    text(desk, phone, "STOP")


def text(desk: Desk, phone: str, says: str) -> None:
    """A phone writes to the desk; what that causes is over in five seconds."""
    desk.receive(phone, says)
    later = desk.clock().astimezone(desk.office.zone) + timedelta(seconds=5)
    desk.run_until(f"{later:%Y-%m-%d %H:%M:%S}")


def test_stop_ends_everything_and_nobody_else_revives_it(open_desk: OpenDesk) -> None:
    """After STOP a stranger who types the number has no code sent to it; the counter may enrol it anew."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    enrolled(desk)
    desk.run_until("2026-11-10 09:01")
    stopped(desk, RESIDENT)
    before = len(desk.texts_to(RESIDENT))
    desk.run_until("2026-11-12 09:00")
    Reader(app_of(desk), "/follow").get().press(AGREE, what=THE_SERVICE, phone=TYPED)
    desk.run_until("2026-11-18 09:00")
    assert len(desk.texts_to(RESIDENT)) == before
    assert desk.follow(RESIDENT)
    desk.run_until("2026-11-30 18:00")
    assert [text.at for text in desk.texts_to(RESIDENT)[before:]] == ["2026-11-18 09:00", "2026-11-30 17:00"]


@pytest.mark.parametrize("what", [THE_SERVICE, f"session:{SESSION}"], ids=["service", "session"])
def test_a_resident_stops_by_the_link(open_desk: OpenDesk, what: str) -> None:
    """Opening the page stops nothing; the button does, and the consent is taken back with the last wish."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    page = enrolled(desk, what)
    page.get(page.answer.request.url.path)
    desk.run_until("2026-11-10 09:01")
    confirmed = len(desk.texts_to(RESIDENT))
    assert "Ngừng tất cả" not in page.text
    page.press("Ngừng")
    assert "không theo dõi gì nữa" in page.text
    desk.run_until("2026-11-18 00:00")
    assert len(desk.texts_to(RESIDENT)) == confirmed + 1
    assert [line[1] for line in desk.consents()] == [True, False]


def test_one_session_is_followed_alone(open_desk: OpenDesk) -> None:
    """Its reminder comes and no other; a move is told, for the confirmation told the hour."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    Reader(app_of(desk), f"/follow?session={SESSION}").get()
    enrolled(desk, f"session:{SESSION}")
    desk.run_until("2026-11-11 09:00")
    desk.edit(desk.text.replace("17:00-19:30", "17:30-20:00"))
    desk.run_until("2026-12-20 00:00")
    assert [text.at for text in desk.texts_to(RESIDENT)] == [
        "2026-11-10 09:00",
        "2026-11-10 09:00",
        "2026-11-11 09:10",
        "2026-11-16 17:00",
    ]
    assert "tu T3 17/11, 17:00-19:30 sang" in says_to(desk)[2]


def test_what_moves_while_its_confirmation_is_on_the_way_is_told(open_desk: OpenDesk) -> None:
    """An edit in the second in which somebody follows: they read the old hour, so they hear the new one."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    app = app_of(desk)
    reader = Reader(app, f"/follow?session={SESSION}").get()
    reader.press(AGREE, what=f"session:{SESSION}", phone=TYPED)
    desk.run_until("2026-11-10 09:00")
    reader.press(DONE, code=code_for(desk))
    desk.edit(desk.text.replace("17:00-19:30", "17:30-20:00"))
    desk.run_until("2026-11-10 12:00")
    assert [text.at for text in desk.texts_to(RESIDENT)][1:] == ["2026-11-10 09:00", "2026-11-10 09:10"]
    assert "17:00-19:30" in says_to(desk)[1]
    assert "tu T3 17/11, 17:00-19:30 sang T3 17/11, 17:30-20:00" in says_to(desk)[2]


def test_who_follows_both_is_told_once(open_desk: OpenDesk) -> None:
    """The service and one session of it: one reminder."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    desk.follow(RESIDENT)
    desk.run_until("2026-11-10 10:00")
    enrolled(desk, f"session:{SESSION}")
    desk.run_until("2026-11-18 00:00")
    assert [text.at for text in desk.texts_to(RESIDENT)].count("2026-11-16 17:00") == 1


def test_a_number_gets_no_more_texts_a_month_than_promised(open_desk: OpenDesk) -> None:
    """Reminders leave the last two for changes; the next month begins anew."""
    text = EVERY_TUESDAY.replace("[[wards]]", "[follow]\ntexts_a_month = 5\n\n[[wards]]", 1)
    text = text.replace('days = "T3"', 'days = "mon-sun"').replace("until = 2026-12-31", "until = 2026-12-02")
    desk = open_desk(text, "2026-11-16 09:00")
    desk.follow(RESIDENT)
    desk.run_until("2026-11-19 10:00")
    desk.edit(desk.text.replace("17:00-19:30", "17:10-19:30"))
    desk.run_until("2026-11-30 23:00")
    assert desk.times_of_texts_to(RESIDENT) == [
        "2026-11-16 09:00",
        "2026-11-16 17:00",
        "2026-11-17 17:00",
        "2026-11-18 17:00",
        "2026-11-19 10:10",
    ]
    desk.run_until("2026-12-02 23:00")
    assert [text.at for text in desk.texts_to(RESIDENT)][-1] == "2026-12-01 17:00"


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        (TYPED, 200),
        ("+84 902 000 001", 200),
        ("028 3829 5678", 422),
        ("+1 202 555 0123", 422),
        ("1900 1234", 422),
        ("x", 422),
    ],
)
def test_only_mobile_numbers_of_here_are_texted(open_desk: OpenDesk, typed: str, status: int) -> None:
    """Fixed lines, other countries and service numbers are refused before anything is done."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    form = {"do": "ask", "what": THE_SERVICE, "phone": typed}
    assert Reader(app_of(desk), "/follow").send(form).answer.status_code == status


def test_the_settings_may_allow_other_countries(open_desk: OpenDesk) -> None:
    """Where many are from across the border."""
    text = EVERY_TUESDAY.replace("[[wards]]", '[follow]\ncountries = ["VN", "LA"]\n\n[[wards]]', 1)
    desk = open_desk(text, "2026-11-10 09:00")
    form = {"do": "ask", "what": THE_SERVICE, "phone": "+856 20 23 456 789"}
    assert Reader(app_of(desk), "/follow").send(form).answer.status_code == 200


def sent(desk: Desk) -> int:
    """How many codes were made."""
    with desk.database.read() as connection:
        return len(connection.scalars(select(follow_codes.c.id)).all())


def test_few_codes_go_to_a_number_a_prefix_and_in_a_day(open_desk: OpenDesk) -> None:
    """One a minute and three a day to a number; ten an hour to numbers that lie together; and a budget."""
    text = EVERY_TUESDAY.replace("[[wards]]", "[follow]\nanswers_a_day = 15\n\n[[wards]]", 1)
    desk = open_desk(text, "2026-11-10 09:00")
    app = app_of(desk)

    def ask(phone: str, address: int) -> None:
        form = {"do": "ask", "what": THE_SERVICE, "phone": phone}
        assert Reader(app, "/follow", f"203.0.113.{address}").send(form).answer.status_code == 200

    for minute in range(8):
        ask(TYPED, minute)
        ask(TYPED, 100 + minute)
        desk.clock.now += timedelta(minutes=2)
    assert sent(desk) == 3
    for number in range(20):
        ask(f"09020{number:05}", number + 20)
    assert sent(desk) == 10
    for number in range(20):
        ask(f"0911{number:02}0000", number + 60)
    assert sent(desk) == 15
    desk.clock.now += timedelta(days=1)
    ask("0933 000 000", 200)
    assert sent(desk) == 16


def test_a_closed_desk_sends_no_code(open_desk: OpenDesk) -> None:
    """With `answers_a_day = 0` nobody enrols on the page; the counter still does."""
    text = EVERY_TUESDAY.replace("[[wards]]", "[follow]\nanswers_a_day = 0\n\n[[wards]]", 1)
    desk = open_desk(text, "2026-11-10 09:00")
    reader = Reader(app_of(desk), "/follow").get()
    assert "đăng ký tại quầy" in reader.text
    assert reader.send({"do": "ask", "what": THE_SERVICE, "phone": TYPED}).answer.status_code == 503
    assert desk.follow(RESIDENT)


def test_forms_from_elsewhere_are_refused(open_desk: OpenDesk) -> None:
    """Another site cannot make a browser here enrol or stop anybody."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    page = enrolled(desk)
    path = page.answer.request.url.path
    for where in ("/follow", path):
        headers = {"Sec-Fetch-Site": "cross-site"}
        assert Reader(app_of(desk), where).send({"do": "ask"}, headers).answer.status_code == 403
    assert Reader(app_of(desk), path).send({"subscription": "0"}).answer.status_code == 404, "no token"
    assert "Sao y" in page.get(path).text


def test_what_somebody_follows_comes_into_their_calendar(open_desk: OpenDesk) -> None:
    """The link of the page is one for a calendar app, too."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    page = enrolled(desk)
    path = page.answer.request.url.path
    told = page.get(f"{path}/calendar.ics").answer
    assert told.headers["Content-Type"].startswith("text/calendar")
    assert told.text.count("BEGIN:VEVENT") == 3
    assert "no-store" in told.headers["Cache-Control"]


def test_a_resident_follows_and_asks_by_text(open_desk: OpenDesk) -> None:
    """DK and LICH with any spelling; the text is the consent; HUY ends it."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    text(desk, RESIDENT, "LICH sai gon")
    assert says_to(desk) == [
        "UBNDQ1: Sao y T3 17/11, 17:00-19:30, UBND Sai Gon. Buoi ke tiep: T3 01/12, 17:00-19:30."
    ]
    text(desk, RESIDENT, "Đk sao y Sài Gòn")
    assert FOLLOWED in says_to(desk)[-1]
    assert desk.consents()[-1][:3] == (RESIDENT, True, "sms")
    text(desk, RESIDENT, "LICH SAO Y BEN NGHE XYZ")
    assert "Mot nguoi la nhan tin" in [one.says for one in desk.texts_to("Lan")][-1], "a person reads it"
    text(desk, RESIDENT, "HUY")
    desk.run_until("2026-11-18 00:00")
    assert len(says_to(desk)) == 2
    assert desk.consents()[-1][1] is False


def test_who_texts_without_end_is_answered_no_more(open_desk: OpenDesk) -> None:
    """Two machines that talk to each other come to an end; a coordinator sees it."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    for _ in range(14):
        text(desk, RESIDENT, "LICH SAI GON")
        desk.run_until(f"{(desk.clock() + timedelta(minutes=1)).astimezone(desk.office.zone):%Y-%m-%d %H:%M}")
    assert len(says_to(desk)) == 10


@pytest.mark.parametrize(
    ("says", "state", "left", "told"),
    [
        ("DAY", "full", None, "da du nguoi"),
        ("mở ạ", "open", None, "dang mo"),
        ("TRE", "late", None, "mo tre"),
        ("CON 5", "open", 5, "con 5 luot"),
        ("CON 0", "full", 0, "con 0 luot"),
    ],
)
def test_staff_say_by_text_how_a_session_stands(
    open_desk: OpenDesk, says: str, state: str, left: int | None, told: str
) -> None:
    """Of the session that they hold today; it is confirmed, and others who text it are passed on."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-10 09:00")
    text(desk, PHONES["Dũng"], says)
    assert not desk.texts_to("Dũng") or "Da ghi" not in desk.texts_to("Dũng")[-1].says, (
        "nothing is held today"
    )
    desk.run_until("2026-11-17 17:10")
    text(desk, PHONES["An"], says)
    text(desk, PHONES["Dũng"], says)
    [shown] = [one for one in board_at(desk).openings if one.key == SESSION]
    assert (shown.state_at(desk.clock()).value, shown.places_left) == (state, left)
    assert desk.texts_to("Dũng")[-1].says == (
        f"UBNDQ1: Da ghi, trang da doi: Sao y T3 17/11, 17:00-19:30, UBND Sai Gon: {told}."
    )
