"""What is edited after people were told: they hear what changed, once, and only if it did."""

import pytest

from tests.desk import ONE_EVENING, WARD, Desk, Text, instant
from tests.stories.conftest import OpenDesk

SESSION = "sao-y-ubnd-sai-gon@2026-11-17"
MOVED = ONE_EVENING.replace('"T3"', '"T5"')
LATER = ONE_EVENING.replace("17:00-19:30", "18:00-20:30")
CANCELLED = f"{ONE_EVENING}except = [2026-11-17]\nalso = [2026-11-25]\n"


def asked_and_confirmed(open_desk: OpenDesk) -> Desk:
    """A desk on Thursday the 12th at 09:00: An was asked yesterday and has said yes."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until("2026-11-12 09:00")
    assert desk.answer("an", SESSION, yes=True)
    return desk


def heard_since(desk: Desk, wall_clock: str) -> list[Text]:
    """What An got after this time."""
    return [text for text in desk.texts_to("An") if text.at > wall_clock]


def test_a_session_moved_within_its_week_keeps_its_people(open_desk: OpenDesk) -> None:
    """The yes stands, the text names old and new and goes once, and reminders follow the new day."""
    desk = asked_and_confirmed(open_desk)
    desk.edit(MOVED)
    desk.run_until("2026-11-20 00:00")

    assert desk.roster() == {"sao-y-ubnd-sai-gon@2026-11-19": {"an": "confirmed"}}
    told, *reminders = heard_since(desk, "2026-11-12 09:00")
    assert told == Text(
        "2026-11-12 09:10",
        "UBNDQ1: Ca Sao y doi tu T3 17/11, 17:00-19:30 sang T5 19/11, 17:00-19:30, UBND Sai Gon. "
        "Khong den duoc: goi 028 0000 0000.",
    )
    assert [text.at for text in reminders] == ["2026-11-16 18:00", "2026-11-18 18:00", "2026-11-19 15:00"]
    assert all("T5 19/11" in text.says for text in reminders)


def test_a_change_of_time_alone_is_a_move_too(open_desk: OpenDesk) -> None:
    """The key stays, and two hours before is two hours before the new start."""
    desk = asked_and_confirmed(open_desk)
    desk.edit(LATER)
    desk.run_until("2026-11-18 00:00")

    assert desk.roster() == {SESSION: {"an": "confirmed"}}
    told = heard_since(desk, "2026-11-12 09:00")
    assert "doi tu T3 17/11, 17:00-19:30 sang T3 17/11, 18:00-20:30" in told[0].says
    assert [text.at for text in told[1:]] == ["2026-11-14 18:00", "2026-11-16 18:00", "2026-11-17 16:00"]


def test_a_move_before_anybody_was_told_tells_nobody(open_desk: OpenDesk) -> None:
    """Who knows no old time needs no news: the question simply names the new one."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until("2026-11-10 09:00")
    desk.edit(MOVED)
    desk.run_until("2026-11-13 20:00")

    (asked,) = desk.texts_to("An")
    assert asked.at == "2026-11-13 18:00"
    assert "Moi ban An" in asked.says
    assert "T5 19/11" in asked.says


def test_a_session_cancelled_before_anybody_was_told_tells_nobody(open_desk: OpenDesk) -> None:
    """Nothing was said, so nothing is taken back."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until("2026-11-10 09:00")
    applied = desk.edit(CANCELLED)
    desk.run_until("2026-11-18 00:00")

    assert len(applied.changes.cancelled) == 1
    assert desk.sessions()[SESSION] == "cancelled"
    assert not desk.phones.taken or all("17/11" not in parcel.text for parcel in desk.phones.taken)


def test_a_session_cancelled_later_tells_those_who_knew_of_it(open_desk: OpenDesk) -> None:
    """One text after the time to think again, and no reminder after it."""
    desk = asked_and_confirmed(open_desk)
    desk.follow("+84901000007")
    desk.edit(CANCELLED)
    desk.run_until("2026-11-18 00:00")

    (told,) = [text for text in heard_since(desk, "2026-11-12 09:00") if "17/11" in text.says]
    assert told == Text(
        "2026-11-12 09:10",
        "UBNDQ1: Ca Sao y T3 17/11, 17:00-19:30 tai UBND Sai Gon KHONG dien ra, ban An khong can den. "
        "Hoi: 028 0000 0000. Buoi ke tiep: T4 25/11, 17:00-19:30.",
    )
    heard = [text.says for text in desk.texts_to("+84901000007")]
    assert not [says for says in heard if "17/11" in says], "the follower had heard nothing of this evening"


def test_a_session_that_is_on_after_all_is_told_to_be(open_desk: OpenDesk) -> None:
    """Who was told that it is off is told that it is on, and keeps the seat."""
    desk = asked_and_confirmed(open_desk)
    desk.edit(CANCELLED)
    desk.run_until("2026-11-12 12:00")
    desk.edit(ONE_EVENING)
    desk.run_until("2026-11-12 13:00")

    off, on = heard_since(desk, "2026-11-12 09:00")
    assert "KHONG dien ra" in off.says
    assert on == Text(
        "2026-11-12 12:10",
        "UBNDQ1: Ca Sao y T3 17/11, 17:00-19:30 tai UBND Sai Gon VAN dien ra, moi An den. "
        "Khong den duoc: goi 028 0000 0000.",
    )
    assert desk.roster()[SESSION] == {"an": "confirmed"}


def test_three_edits_within_the_wait_make_one_text(open_desk: OpenDesk) -> None:
    """Ten minutes after the last of them, the text names what was told and what is meant now."""
    desk = asked_and_confirmed(open_desk)
    for minute, time in (("02", "17:30-20:00"), ("05", "18:00-20:30"), ("09", "18:30-21:00")):
        desk.run_until(f"2026-11-12 09:{minute}")
        desk.edit(ONE_EVENING.replace("17:00-19:30", time))
    desk.run_until("2026-11-12 12:00")

    (told,) = heard_since(desk, "2026-11-12 09:00")
    assert told.at == "2026-11-12 09:19"
    assert "doi tu T3 17/11, 17:00-19:30 sang T3 17/11, 18:30-21:00" in told.says


@pytest.mark.parametrize("mistake", [MOVED, LATER, CANCELLED], ids=["moved", "later", "cancelled"])
def test_an_edit_undone_within_the_wait_makes_no_text(open_desk: OpenDesk, mistake: str) -> None:
    """Nobody hears of a slip of the pen, and what was planned goes on."""
    desk = asked_and_confirmed(open_desk)
    desk.edit(mistake)
    desk.run_until("2026-11-12 09:08")
    desk.edit(ONE_EVENING)
    desk.run_until("2026-11-18 00:00")

    heard = [text.at for text in heard_since(desk, "2026-11-12 09:00") if "17/11" in text.says]
    assert heard == ["2026-11-14 18:00", "2026-11-16 18:00", "2026-11-17 15:00"]
    assert desk.roster()[SESSION] == {"an": "confirmed"}


def test_a_reminder_due_within_the_wait_tells_the_settled_time(open_desk: OpenDesk) -> None:
    """Two minutes before it is due the time is changed by mistake: it waits, and tells the true time once."""
    named = ONE_EVENING.replace("needs = { volunteer = 1 }", 'staff = ["Dũng"]')
    desk = open_desk(named, "2026-11-03 09:00")
    desk.run_until("2026-11-16 16:58")
    desk.edit(named.replace("17:00-19:30", "18:00-20:30"))
    desk.run_until("2026-11-16 17:02")
    desk.edit(named)
    desk.run_until("2026-11-18 00:00")

    (told,) = desk.texts_to("Dũng")
    assert told.at == "2026-11-16 17:12"
    assert "truc Sao y T3 17/11, 17:00-19:30" in told.says
    assert not [parcel for parcel in desk.phones.taken if "18:00" in parcel.text]


def test_a_question_due_within_the_wait_asks_for_the_settled_time(open_desk: OpenDesk) -> None:
    """Nobody is asked for a time that is meant for four minutes only."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until("2026-11-11 17:58")
    desk.edit(LATER)
    desk.run_until("2026-11-11 18:02")
    desk.edit(ONE_EVENING)
    desk.run_until("2026-11-14 12:00")

    (asked,) = desk.texts_to("An")
    assert asked.at == "2026-11-11 18:12"
    assert "T3 17/11, 17:00-19:30" in asked.says


@pytest.mark.parametrize("mistake", [MOVED, LATER, CANCELLED], ids=["moved", "later", "cancelled"])
@pytest.mark.parametrize("day", ["14", "16"])
@pytest.mark.parametrize("has_answered", [True, False])
def test_an_edit_undone_within_the_wait_loses_no_text(
    open_desk: OpenDesk, mistake: str, day: str, has_answered: bool
) -> None:
    """What fell due between the mistake and its undoing goes late, once."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.run_until("2026-11-12 09:00")
    if has_answered:
        assert desk.answer("an", SESSION, yes=True)
    desk.run_until(f"2026-11-{day} 17:55")
    desk.edit(mistake)
    desk.run_until(f"2026-11-{day} 18:02")
    desk.edit(ONE_EVENING)
    desk.run_until("2026-11-18 00:00")

    planned = ["2026-11-14 18:00", "2026-11-16 18:00", "2026-11-17 15:00"]
    late = [at.replace(f"{day} 18:00", f"{day} 18:02") for at in planned]
    assert [text.at for text in heard_since(desk, "2026-11-12 09:00") if "17/11" in text.says] == late


def test_a_session_moved_to_a_time_under_way_is_told_at_once(open_desk: OpenDesk) -> None:
    """At noon the evening becomes this morning: who would come in the evening hears of it now."""
    desk = asked_and_confirmed(open_desk)
    desk.run_until("2026-11-17 12:00")
    desk.edit(ONE_EVENING.replace("17:00-19:30", "11:00-14:00"))
    desk.run_until("2026-11-18 00:00")

    (told,) = heard_since(desk, "2026-11-17 00:00")
    assert told.at == "2026-11-17 12:00"
    assert "doi tu T3 17/11, 17:00-19:30 sang T3 17/11, 11:00-14:00" in told.says


AN = '[[people]]\nname = "An"\nphone = "0901 000 001"\nroles = ["volunteer"]\n'


@pytest.mark.parametrize(
    ("text", "says"), [(ONE_EVENING, "nay khong can ban An den nua"), (CANCELLED, "KHONG dien ra")]
)
def test_who_is_deleted_from_the_settings_does_not_come_for_nothing(
    open_desk: OpenDesk, text: str, says: str
) -> None:
    """One last text says that they are not needed; the reminders end."""
    desk = asked_and_confirmed(open_desk)
    assert AN in text
    desk.edit(text.replace(AN, ""))
    desk.run_until("2026-11-18 00:00")

    (told,) = heard_since(desk, "2026-11-12 09:00")
    assert told.at == "2026-11-12 09:10"
    assert says in told.says


@pytest.mark.parametrize(
    ("edit_at", "session", "told_at"),
    [
        # In the evening, for tomorrow afternoon: it can wait for the morning.
        ("2026-11-16 22:00", "17:00-19:30", "2026-11-17 07:00"),
        # In the night, for the early morning: waiting would be too late.
        ("2026-11-16 22:00", "06:30-08:00", "2026-11-16 22:10"),
        # Minutes before it begins: there is no time to think again.
        ("2026-11-17 16:55", "17:00-19:30", "2026-11-17 16:55"),
    ],
)
def test_a_cancellation_respects_the_night_unless_it_would_come_too_late(
    open_desk: OpenDesk, edit_at: str, session: str, told_at: str
) -> None:
    """Quiet hours hold for news as well, but nobody is left to come for nothing."""
    text = ONE_EVENING.replace("17:00-19:30", session)
    desk = open_desk(text, "2026-11-03 09:00")
    desk.run_until("2026-11-12 09:00")
    assert desk.answer("an", SESSION, yes=True)
    desk.run_until(edit_at)
    desk.edit(f"{text}except = [2026-11-17]\nalso = [2026-11-25]\n")
    desk.run_until("2026-11-17 18:00")

    (told,) = [text for text in desk.texts_to("An") if "KHONG dien ra" in text.says]
    assert told.at == told_at


def test_a_session_under_way_is_left_as_it_is(open_desk: OpenDesk) -> None:
    """What has begun cannot be moved or called off by an edit."""
    desk = asked_and_confirmed(open_desk)
    desk.run_until("2026-11-17 18:00")
    applied = desk.edit(CANCELLED)

    assert not applied.changes.cancelled
    assert desk.sessions()[SESSION] == "scheduled"


TWICE = ONE_EVENING.replace('"17:00-19:30"', '["08:00-10:00", "17:00-19:30"]').replace("= 1 }", "= 2 }")
LAST = TWICE.replace('["08:00-10:00", "17:00-19:30"]', '"17:00-19:30"')


def test_the_first_of_two_spans_is_removed_and_the_second_hears_nothing(open_desk: OpenDesk) -> None:
    """Who is to come in the evening is not told that it is off because the morning is."""
    desk = open_desk(TWICE, "2026-11-03 09:00")
    desk.run_until("2026-11-12 09:00")
    morning, evening = (desk.roster()[key] for key in (SESSION, f"{SESSION}.2"))
    before = len(desk.phones.taken)
    applied = desk.edit(LAST)
    desk.run_until("2026-11-12 12:00")

    assert [gone.key for gone in applied.changes.cancelled] == [SESSION]
    assert not applied.changes.moved
    assert desk.roster() == {SESSION: evening, f"{SESSION}.2": morning}
    assert desk.sessions() == {SESSION: "scheduled", f"{SESSION}.2": "cancelled"}
    news = [parcel.text for parcel in desk.phones.taken[before:]]
    assert news, "who was to come in the morning hears of it"
    assert all("08:00-10:00" in text and "KHONG dien ra" in text for text in news)


def test_the_first_of_two_spans_is_removed_and_put_back(open_desk: OpenDesk) -> None:
    """Within the wait it is a slip of the pen: nobody hears, and all have the seats they had."""
    desk = open_desk(TWICE, "2026-11-03 09:00")
    desk.run_until("2026-11-12 09:00")
    before, told = desk.roster(), len(desk.phones.taken)
    desk.edit(LAST)
    desk.run_until("2026-11-12 09:08")
    applied = desk.edit(TWICE)
    desk.run_until("2026-11-12 12:00")

    assert len(applied.changes.restored) == 1
    assert desk.roster() == before
    assert len(desk.phones.taken) == told


def test_an_earlier_span_moves_nobody_of_the_later_one(open_desk: OpenDesk) -> None:
    """The yes to the evening stands, and no text says that it is in the morning now."""
    desk = asked_and_confirmed(open_desk)
    desk.edit(ONE_EVENING.replace('"17:00-19:30"', '["08:00-10:00", "17:00-19:30"]'))
    assert desk.roster()[f"{SESSION}.2"] == {"an": "confirmed"}
    desk.run_until("2026-11-12 12:00")
    assert not [text for text in heard_since(desk, "2026-11-12 09:00") if "doi tu" in text.says]


RENAMES = {
    "a ward": [('name = "Sài Gòn"', 'name = "Bến Nghé"')],
    "a place": [('name = "UBND Sài Gòn"', 'name = "Trụ sở mới"')],
    "a service": [('name = "Sao y"', 'name = "Chứng thực"'), ('service = "Sao y"', 'service = "Chứng thực"')],
    "a person": [('name = "An"', 'name = "Nguyễn Văn An"')],
    "the coordinator": [('name = "Lan"', 'name = "Trần Lan"'), ('["Lan"]', '["Trần Lan"]')],
    "a shift": [("[[shifts]]", '[[shifts]]\nid = "toi-thu-ba"')],
    "all of them": [
        ('name = "Sài Gòn"', 'name = "Bến Nghé"'),
        ('name = "UBND Sài Gòn"', 'name = "Trụ sở mới"'),
        ('name = "Sao y"', 'name = "Chứng thực"'),
        ('service = "Sao y"', 'service = "Chứng thực"'),
        ('name = "An"', 'name = "Nguyễn Văn An"'),
        ('name = "Lan"', 'name = "Trần Lan"'),
        ('["Lan"]', '["Trần Lan"]'),
    ],
}


@pytest.mark.parametrize("edits", RENAMES.values(), ids=RENAMES)
def test_a_new_name_cancels_nothing_and_tells_nobody(
    open_desk: OpenDesk, edits: list[tuple[str, str]]
) -> None:
    """All else equal it is the same entry: sessions, answers, followers and what was told stay."""
    desk = asked_and_confirmed(open_desk)
    desk.follow("+84901000007")
    desk.run_until("2026-11-16 17:30")
    before = len(desk.phones.taken)
    renamed = ONE_EVENING
    for old, new in edits:
        renamed = renamed.replace(old, new)
    applied = desk.edit(renamed)

    assert not applied.changes, "no session is added, moved or cancelled"
    assert list(desk.sessions().values()) == ["scheduled"]
    assert [list(seats.values()) for seats in desk.roster().values()] == [["confirmed"]]
    desk.run_until("2026-11-16 17:59")
    assert len(desk.phones.taken) == before

    desk.run_until("2026-11-18 00:00")
    heard = [text.at for text in desk.texts_to("An")]
    assert heard[-2:] == ["2026-11-16 18:00", "2026-11-17 15:00"], "reminders go on as planned"
    assert len(heard) == len(set(heard))
    assert desk.times_of_texts_to("+84901000007") == ["2026-11-12 09:00", "2026-11-16 17:00"]


def test_a_move_to_another_place_is_told(open_desk: OpenDesk) -> None:
    """The time is the same, but they would stand before a locked door."""
    second = ONE_EVENING.replace(
        "[[services]]", '[[places]]\nname = "Bưu cục"\nkind = "post_office"\n\n[[services]]'
    )
    here = f'{second}place = "UBND Sài Gòn"\nid = "toi"\n'
    desk = open_desk(here, "2026-11-03 09:00")
    desk.run_until("2026-11-12 09:00")
    desk.edit(here.replace('place = "UBND Sài Gòn"', 'place = "Bưu cục"'))
    desk.run_until("2026-11-12 09:30")

    assert "Buu cuc" in desk.texts_to("An")[-1].says
    assert desk.roster() == {"toi@2026-11-17": {"an": "asked"}}


def test_a_new_name_loses_no_text_that_is_overdue(open_desk: OpenDesk) -> None:
    """The machine was off when the question was due; who corrects a name before it goes, still asks."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    desk.clock.now = instant("2026-11-12 09:00")
    desk.edit(ONE_EVENING.replace('name = "An"', 'name = "An Nguyễn"'))
    desk.run_until("2026-11-12 09:10")
    assert [(text.at, "Moi ban An Nguyen" in text.says) for text in desk.texts_to("An")] == [
        ("2026-11-12 09:00", True)
    ]


@pytest.mark.parametrize(
    "slip",
    [
        pytest.param(
            ONE_EVENING.replace('name = "An"', 'name = "Ân Lê"').replace("000 001", "000 077"), id="a person"
        ),
        pytest.param(ONE_EVENING.replace("needs = { volunteer = 1 }\n", ""), id="what is needed"),
        pytest.param(
            ONE_EVENING.replace('000 001"\nroles = ["volunteer"]', '000 001"\nroles = ["staff"]'), id="a role"
        ),
    ],
)
def test_a_slip_about_people_that_is_undone_leaves_the_yes(slip: str, open_desk: OpenDesk) -> None:
    """Who had said yes keeps the seat, and hears nothing of a mistake that stood for two minutes."""
    desk = asked_and_confirmed(open_desk)
    desk.edit(slip)
    desk.run_until("2026-11-12 09:02")
    desk.edit(ONE_EVENING)
    desk.run_until("2026-11-12 12:00")
    assert desk.roster()[SESSION]["an"] == "confirmed"
    assert heard_since(desk, "2026-11-12 09:00") == []


def test_who_is_away_before_being_asked_is_not_asked(open_desk: OpenDesk) -> None:
    """A seat that nobody has heard of goes to somebody who can come."""
    desk = open_desk(ONE_EVENING, "2026-11-03 09:00")
    assert desk.roster() == {SESSION: {"an": "proposed"}}
    away = 'phone = "0901 000 001"\naway = [{ from = 2026-11-17, to = 2026-11-17 }]'
    desk.edit(ONE_EVENING.replace('phone = "0901 000 001"', away))
    desk.run_until("2026-11-12 09:00")
    assert desk.texts_to("An") == []
    assert [text.at for text in desk.texts_to("Bình")] == ["2026-11-11 18:00"]


EVERY_TUESDAY = (
    WARD.replace("Sài Gòn", "Bến Nghé")
    + """
[[shifts]]
service = "Sao y"
place = "UBND Bến Nghé"
days = "T3"
time = "17:00-19:30"
from = 2026-11-17
needs = { volunteer = 1 }
"""
)
MERGED = EVERY_TUESDAY.replace(
    'name = "Bến Nghé"\n',
    """\
name = "Sài Gòn"
formerly = ["Bến Nghé"]
from = 2026-11-23
coordinators = ["Lan"]

[[wards]]
name = "Bến Nghé"
until = 2026-11-22
""",
).replace(
    "[[places]]\n",
    """\
[[places]]
name = "UBND Sài Gòn"
ward = "Sài Gòn"

[[places]]
ward = "Bến Nghé"
""",
)


def test_a_merger_written_down_in_time_tells_nobody_but_of_the_new_place(open_desk: OpenDesk) -> None:
    """The old ward holds its last session with its people, the new one its first; nothing is called off."""
    desk = open_desk(EVERY_TUESDAY, "2026-11-03 09:00")
    desk.run_until("2026-11-12 09:00")
    assert desk.answer("an", "sao-y-ubnd-ben-nghe@2026-11-17", yes=True)
    shift = MERGED.rpartition("[[shifts]]")[2].replace("UBND Bến Nghé", "UBND Sài Gòn")
    desk.edit(f"{MERGED}[[shifts]]{shift}")
    assert [key for key, state in desk.sessions().items() if state == "scheduled"] == [
        "sao-y-ubnd-ben-nghe@2026-11-17",
        "sao-y-ubnd-sai-gon@2026-12-01",
        "sao-y-ubnd-sai-gon@2026-12-08",
    ]
    desk.run_until("2026-12-02 00:00")

    assert [text.at for text in heard_since(desk, "2026-11-12 09:00") if "17/11" in text.says] == [
        "2026-11-14 18:00",
        "2026-11-16 18:00",
        "2026-11-17 15:00",
    ]
    said = [parcel.text for parcel in desk.phones.taken]
    of_the_new = [text for text in said if "01/12" in text]
    assert of_the_new
    assert all("UBND Sai Gon" in text for text in of_the_new)
    assert not [text for text in said if "KHONG dien ra" in text]


def test_a_place_that_moves_to_another_ward_keeps_its_sessions(open_desk: OpenDesk) -> None:
    """The boundary is drawn elsewhere; the door, the hour and the people are the same, and nobody is told."""
    two = MERGED.replace("until = 2026-11-22\n", "").replace("from = 2026-11-23\n", "")
    desk = open_desk(two, "2026-11-03 09:00")
    desk.run_until("2026-11-12 09:00")
    assert desk.answer("an", "sao-y-ubnd-ben-nghe@2026-11-17", yes=True)
    before = desk.roster()
    changes = desk.edit(two.replace('ward = "Bến Nghé"', 'ward = "Sài Gòn"')).changes
    desk.run_until("2026-11-12 12:00")
    assert (changes.added, changes.moved, changes.cancelled) == ((), (), ())
    assert desk.roster() == before
    assert heard_since(desk, "2026-11-12 09:00") == []
