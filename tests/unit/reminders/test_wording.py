"""What is said, word for word as far as it matters, in both languages."""

from dataclasses import replace

import pytest

from notifications.message import Wanted
from notifications.template import Templates, file_of, parse
from notifications.terms import Accents, Answer
from scheduler.reminders.answering import Means, how_to_answer, how_to_give_up, where_to_look
from scheduler.reminders.case import OFF, RELEASED
from scheduler.reminders.reminder import (
    CLARIFYING,
    NAME_THE_NEXT,
    NOTICES,
    REPORTS,
    SWAPS,
    TO_WHO_ASKS,
    Audience,
    Kind,
    Recipient,
    Reminder,
)
from scheduler.reminders.vocabulary import LANGUAGES, fields_for, kinds_by_file, shipped_templates
from scheduler.reminders.wording import Addressee, Scene, Wording, scope_of, when
from scheduler.roster.assignment import Standing
from scheduler.timetable.label import Label
from scheduler.timetable.place import Place, Service, Ward
from scheduler.timetable.shift import Need, Role
from tests.unit.reminders.evening import SAIGON, at, evening, seat

RESIDENTS = (
    Kind.RESIDENT,
    Kind.RESIDENT_MOVED,
    Kind.RESIDENT_CANCELLED,
    Kind.RESIDENT_RESTORED,
    *TO_WHO_ASKS,
)
TUESDAY = evening().about
THURSDAY = evening(
    seat(Standing.ASKED),
    hours="19 18:00/19 20:30",
    needs=(Need(Role.VOLUNTEER, 3),),
)
SCENE = Scene(
    Service(
        "sao-y",
        Label("Chứng thực", "Certification"),
        Label("sao y", "copies"),
        bring=Label("CCCD", "ID card"),
    ),
    Place("ubnd", "q", Label("UBND Sài Gòn", "Saigon Hall")),
    Ward("q", Label("Sài Gòn", "Saigon")),
    "028 1",
    SAIGON,
)


@pytest.fixture(scope="module")
def templates() -> Templates:
    """The texts of the house."""
    return shipped_templates()


def _reminder(kind: Kind, was: str = TUESDAY) -> Reminder:
    is_resident = kind in RESIDENTS
    return Reminder(
        key=f"{kind}/1",
        kind=kind,
        recipient=Recipient.follower(7) if is_resident else Recipient.person("an"),
        audience=Audience.RESIDENT if is_resident else Audience.VOLUNTEER,
        send_at=at("17 15:00"),
        expires_at=at("17 17:00"),
        about=THURSDAY.about,
        was=was,
        urgent=kind is Kind.CANCELLED,
    )


def _to(language: str, accents: Accents = Accents.KEEP) -> Addressee:
    return Addressee(
        "+84901000001", language, "UBNDQ1", accents, max_segments=3, name="An", role=Role.VOLUNTEER
    )


def _said(kind: Kind, language: str, templates: Templates, was: str = TUESDAY, scene: Scene = SCENE) -> str:
    return Wording(THURSDAY, scene, templates).message(_reminder(kind, was), _to(language)).text


SAID = {
    Kind.ASK: (
        "Mời bạn An trực sao y T5 19/11, 18:00-20:30, UBND Sài Gòn: gọi 028 1",
        "An, can you serve: copies Thu 19/11, 18:00-20:30, Saigon Hall? call 028 1",
    ),
    Kind.CHASE: ("Mong bạn An trả lời ca sao y T5 19/11", "An, please answer: copies Thu 19/11"),
    Kind.SUBSTITUTE: ("bạn An trực thay sao y T5 19/11", "An, stand in? copies Thu 19/11"),
    Kind.FILLED: (
        "Ca sao y T3 17/11, 17:00-19:30, UBND Sài Gòn đã đủ người",
        "copies Tue 17/11, 17:00-19:30",
    ),
    Kind.THANKED: ("Cảm ơn bạn An: sao y T5 19/11", "Thank you, An: copies Thu 19/11"),
    Kind.EXCUSED: ("Đã ghi bạn An không trực sao y T5 19/11", "you are not on copies Thu 19/11"),
    Kind.TAKEN: ("Ca sao y T5 19/11, 18:00-20:30, UBND Sài Gòn đã có người khác", "copies Thu 19/11"),
    Kind.REMIND: ("Nhắc bạn An: ca sao y T5 19/11, 18:00-20:30", "An, duty: copies Thu 19/11, 18:00-20:30"),
    Kind.DUTY: ("Nhắc bạn An: trực sao y T5 19/11", "An, you are on duty: copies Thu 19/11"),
    Kind.RESIDENT: (
        "Lịch sao y T5 19/11, 18:00-20:30 tại UBND Sài Gòn. Mang theo: CCCD.",
        "copies Thu 19/11, 18:00-20:30 at Saigon Hall. Bring: ID card.",
    ),
    Kind.MOVED: (
        "đổi từ T3 17/11, 17:00-19:30 sang T5 19/11, 18:00-20:30, UBND",
        "moved: copies from Tue 17/11, 17:00-19:30 to Thu 19/11, 18:00-20:30, Saigon",
    ),
    Kind.CANCELLED: (
        "Ca sao y T3 17/11, 17:00-19:30 tại UBND Sài Gòn KHÔNG diễn ra, bạn An không cần đến.",
        "copies Tue 17/11, 17:00-19:30 at Saigon Hall is NOT held. An, no need to come.",
    ),
    Kind.RESTORED: (
        "T5 19/11, 18:00-20:30 tại UBND Sài Gòn VẪN diễn ra",
        "Thu 19/11, 18:00-20:30 at Saigon Hall IS held",
    ),
    Kind.RELEASED: (
        "Ca sao y T3 17/11, 17:00-19:30, UBND Sài Gòn nay không cần bạn An đến nữa.",
        "An, you are not needed for copies Tue 17/11, 17:00-19:30, Saigon Hall.",
    ),
    Kind.RESIDENT_MOVED: (
        "Lịch sao y đổi từ T3 17/11, 17:00-19:30 sang T5 19/11, 18:00-20:30",
        "copies moved from Tue 17/11, 17:00-19:30 to Thu 19/11, 18:00-20:30",
    ),
    Kind.RESIDENT_CANCELLED: (
        "Buổi sao y T3 17/11, 17:00-19:30 tại UBND Sài Gòn KHÔNG diễn ra.",
        "copies Tue 17/11, 17:00-19:30 at Saigon Hall is NOT held.",
    ),
    Kind.RESIDENT_RESTORED: ("VẪN diễn ra. Mang theo: CCCD.", "IS held after all. Bring: ID card."),
    Kind.ESCALATE: ("0 đồng ý, 0 từ chối, 1 im, thiếu 2. Nhờ bạn An", "0 yes, 0 no, 1 silent, 2 missing. An"),
}


# Reports of trouble, answers to any text and swaps are no one session's: stories show them.
OF_NO_SESSION = REPORTS | {*CLARIFYING, *SWAPS, Kind.HELPED, Kind.NOTED, Kind.SEVERAL, *TO_WHO_ASKS}
OF_SESSIONS = [kind for kind in Kind if kind not in OF_NO_SESSION]
SAY_NO_NUMBER = {Kind.ESCALATE, Kind.FILLED, Kind.EXCUSED, Kind.TAKEN}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", OF_SESSIONS)
def test_each_text_says_what_its_reader_must_know(kind: Kind, language: str, templates: Templates) -> None:
    """It opens with who speaks, names what was told where it takes that back, and leaves no gap."""
    said = _said(kind, language, templates)
    vietnamese, english = SAID[kind]
    assert said.startswith("UBNDQ1: ")
    assert (english if language == "en" else vietnamese) in said
    assert not set("{}%") & set(said)
    assert "  " not in said
    assert said == said.strip()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", [kind for kind in OF_SESSIONS if kind not in SAY_NO_NUMBER])
def test_each_text_to_somebody_says_whom_to_call(kind: Kind, language: str, templates: Templates) -> None:
    """Nobody can answer to a sender that is a name."""
    assert "028 1" in _said(kind, language, templates)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", [Kind.RESIDENT, Kind.RESIDENT_RESTORED])
def test_nothing_to_bring_leaves_no_empty_sentence(kind: Kind, language: str, templates: Templates) -> None:
    """The sentence goes with what it is about."""
    bare = replace(SCENE, service=replace(SCENE.service, bring=None))
    said = _said(kind, language, templates, scene=bare)
    assert "Mang theo" not in said
    assert "Bring" not in said


@pytest.mark.parametrize(
    ("language", "ends"),
    [("vi", "Buổi kế tiếp: T3 24/11, 17:00-19:30."), ("en", "Next: Tue 24/11, 17:00-19:30.")],
)
@pytest.mark.parametrize("kind", sorted(NAME_THE_NEXT))
def test_who_would_have_come_for_nothing_hears_when_to_come(
    kind: Kind, language: str, ends: str, templates: Templates
) -> None:
    """The next session is named where there is one, and nothing where there is none."""
    ahead = replace(SCENE, following=(at("24 17:00"), at("24 19:30")))
    assert _said(kind, language, templates, scene=ahead).endswith(ends)
    assert _said(kind, language, templates).endswith("028 1.")


@pytest.mark.parametrize(
    ("name", "is_named"),
    [
        ("An", True),
        ("A" * 21, True),  # 160 characters, one segment
        ("A" * 22, False),
        ("A" * 200, False),  # two segments without it, three with it
        ("A" * 100, True),  # two either way
    ],
)
def test_the_next_session_is_named_where_it_fits(name: str, is_named: bool, templates: Templates) -> None:
    """To hear of another evening is worth no more segments than the settings allow."""
    ahead = replace(SCENE, following=(at("24 17:00"), at("24 19:30")))
    to = replace(_to("vi", Accents.STRIP), name=name, max_segments=1)
    text = Wording(THURSDAY, ahead, templates).message(_reminder(Kind.CANCELLED), to).text
    assert text.endswith("Buoi ke tiep: T3 24/11, 17:00-19:30.") is is_named
    assert is_named or text.endswith("Hoi: 028 1.")


def test_texts_name_only_what_is_told_to_their_writer(templates: Templates) -> None:
    """What a text may name is what a file of the administrator's may name."""
    for file, kind in kinds_by_file().items():
        assert templates.files[file].names <= {*fields_for(kind)}
    assert {*templates.files} == {*kinds_by_file()}


@pytest.mark.parametrize("kind", sorted({*Kind} - OF_NO_SESSION - {*TO_WHO_ASKS}))
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_text_may_name_is_given_to_it(kind: Kind, language: str) -> None:
    """A text of the administrator's that names every field that it may is written."""
    all_of_them = parse(" ".join(f"{{{{ {name} }}}}" for name in fields_for(kind)))
    _said(kind, language, Templates({file_of(kind, language): all_of_them}))


@pytest.mark.parametrize("was", [OFF, RELEASED, ""])
def test_a_cancellation_of_what_was_never_told_names_the_session(was: str, templates: Templates) -> None:
    """Where no time was told, the session's own is the only one there is."""
    assert "T5 19/11, 18:00-20:30" in _said(Kind.CANCELLED, "vi", templates, was)


@pytest.mark.parametrize(
    ("audience", "own", "named"),
    [
        # each audience has its word, which the settings may overrule for one person
        (Audience.STAFF, None, "Nhắc Anh/Chị An"),
        (Audience.VOLUNTEER, None, "Nhắc bạn An"),
        (Audience.RESIDENT, None, "Nhắc Ông/Bà An"),
        (Audience.STAFF, Label("chị", "Ms"), "Nhắc chị An"),
    ],
)
def test_people_are_addressed_as_is_proper(
    audience: Audience, own: Label | None, named: str, templates: Templates
) -> None:
    """Staff, volunteers and residents are not spoken to alike."""
    reminder = replace(_reminder(Kind.DUTY), audience=audience)
    to = replace(_to("vi"), salutation=own, role=None)
    assert named in Wording(THURSDAY, SCENE, templates).message(reminder, to).text


@pytest.mark.parametrize("kind", OF_SESSIONS)
def test_a_message_carries_the_reminder_with_it(kind: Kind, templates: Templates) -> None:
    """Key, times and urgency go over unchanged; a change goes first, a resident's notice last."""
    reminder = _reminder(kind)
    message = Wording(THURSDAY, SCENE, templates).message(reminder, _to("vi"))
    is_resident = kind in RESIDENTS
    assert message == Wanted(
        key=reminder.key,
        scope="session:1",
        kind=kind.value,
        audience="resident" if is_resident else "volunteer",
        purpose="service" if is_resident else "duty",
        recipient="follower:7" if is_resident else "person:an",
        phone="+84901000001",
        language="vi",
        text=message.text,
        send_at=reminder.send_at,
        expires_at=reminder.expires_at,
        sender="UBNDQ1",
        about=THURSDAY.about,
        urgent=kind is Kind.CANCELLED,
        priority=0 if kind in NOTICES else 2 if is_resident else 1,
    )


def test_a_text_goes_out_dressed_as_the_terms_say(templates: Templates) -> None:
    """Accents are stripped where they cost, and "đ" becomes a d."""
    message = Wording(THURSDAY, SCENE, templates).message(_reminder(Kind.MOVED), _to("vi", Accents.STRIP))
    assert "Ca sao y doi tu T3 17/11" in message.text
    assert message.text.isascii()


LINK = Means(Answer.LINK, "https://ca.vn", name="abcdefg")
CODE = Means(Answer.CODE, "https://ca.vn", name="abcdefg")
REPLY = Means(Answer.REPLY, "https://ca.vn", "0901234567", item=12)


@pytest.mark.parametrize(
    ("means", "language", "answer", "give_up", "page"),
    [
        (
            LINK,
            "vi",
            "https://ca.vn/r/*abcdefg****",
            "https://ca.vn/r/*abcdefg****",
            "https://ca.vn/r/*abcdefg****",
        ),
        (CODE, "vi", "vào ca.vn/a gõ mã *abcdefg", "vào ca.vn/a gõ mã *abcdefg", ""),
        (CODE, "en", "go to ca.vn/a, code *abcdefg", "go to ca.vn/a, code *abcdefg", ""),
        (REPLY, "vi", "soạn CO 12 hoặc KO 12 gửi 0901234567", "soạn HUY 12 gửi 0901234567", ""),
        (REPLY, "en", "text CO 12 (yes)/KO 12 (no) to 0901234567", "text HUY 12 to 0901234567", ""),
        # who has neither link nor number is left with the telephone
        (replace(LINK, name=""), "vi", "gọi 028 1", "gọi 028 1", ""),
        (replace(REPLY, item=None), "en", "call 028 1", "call 028 1", ""),
        (None, "vi", "gọi 028 1", "gọi 028 1", ""),
    ],
)
def test_each_way_to_answer_says_what_to_do(
    means: Means | None, language: str, answer: str, give_up: str, page: str
) -> None:
    """An address to open, a code to type, or words to text back and to whom."""
    assert how_to_answer(means, "028 1", language) == answer
    assert how_to_give_up(means, "028 1", language) == give_up
    assert where_to_look(means) == page


@pytest.mark.parametrize(("language", "call"), [("vi", "gọi phường"), ("en", "call the ward")])
def test_without_a_hotline_people_are_sent_to_the_ward(
    language: str, call: str, templates: Templates
) -> None:
    """A sentence that says whom to call never ends in nothing."""
    assert call in _said(Kind.ASK, language, templates, scene=replace(SCENE, hotline=""))


@pytest.mark.parametrize(
    ("hours", "vi", "en"),
    [
        # Monday to Sunday, as people say them
        ("16 08:00/16 09:00", "T2 16/11, 08:00-09:00", "Mon 16/11, 08:00-09:00"),
        ("17 08:00/17 09:00", "T3 17/11, 08:00-09:00", "Tue 17/11, 08:00-09:00"),
        ("18 08:00/18 09:00", "T4 18/11, 08:00-09:00", "Wed 18/11, 08:00-09:00"),
        ("19 08:00/19 09:00", "T5 19/11, 08:00-09:00", "Thu 19/11, 08:00-09:00"),
        ("20 08:00/20 09:00", "T6 20/11, 08:00-09:00", "Fri 20/11, 08:00-09:00"),
        ("21 08:00/21 09:00", "T7 21/11, 08:00-09:00", "Sat 21/11, 08:00-09:00"),
        ("22 08:00/22 09:00", "CN 22/11, 08:00-09:00", "Sun 22/11, 08:00-09:00"),
        # the day of the start, on local clocks: in UTC this is still Monday
        ("17 00:30/17 02:00", "T3 17/11, 00:30-02:00", "Tue 17/11, 00:30-02:00"),
        # over midnight
        ("17 22:00/18 02:00", "T3 17/11, 22:00-02:00", "Tue 17/11, 22:00-02:00"),
    ],
)
def test_a_time_is_said_as_it_is_on_the_wall(hours: str, vi: str, en: str) -> None:
    """Weekday, date, from and to, in the zone of the ward."""
    starts, ends = map(at, hours.split("/"))
    assert (when(starts, ends, SAIGON, "vi"), when(starts, ends, SAIGON, "en")) == (vi, en)


def test_each_session_has_an_outbox_scope_of_its_own() -> None:
    """What is reconciled for one touches no other."""
    assert scope_of(1) != scope_of(11)


@pytest.mark.parametrize("recipient", [Recipient.person("le-thi-b"), Recipient.follower(7)])
def test_a_recipient_is_read_back_from_its_text(recipient: Recipient) -> None:
    """The outbox keeps it as one string."""
    assert Recipient.parse(str(recipient)) == recipient
