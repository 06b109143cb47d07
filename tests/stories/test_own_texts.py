"""Texts in the administrator's words, from the file to the phone."""

from scheduler.service.office import Office
from scheduler.service.put_plan_into_words import plan_in_words
from scheduler.settings.bundle import Bundle
from tests.desk import ONE_EVENING, Text
from tests.stories.conftest import OpenDesk

SHIPPED = f'texts = "texts/"\n{ONE_EVENING}'
WORDS = "{{ sender }}: {{ name }} ơi, {{ when }} nhờ trực {{ service }}. Nhận hay không, gọi {{ hotline }}."
OWN = str(
    Bundle("settings.toml", {"settings.toml": SHIPPED, "texts/ask.vi.txt": WORDS}, (), ("texts/ask.vi.txt",))
)
SAYS = "UBNDQ1: An oi, T3 17/11, 17:00-19:30 nho truc Sao y. Nhan hay khong, goi 028 0000 0000."


def test_what_has_not_gone_yet_goes_in_the_new_words(open_desk: OpenDesk) -> None:
    """At the same time as before, once, and also after a night off without the files."""
    desk = open_desk(SHIPPED, "2026-11-03 09:00")
    desk.run_until("2026-11-10 09:00")
    before = desk.roster()
    desk.edit(OWN)
    desk.night_off("2026-11-11 12:00")
    desk.run_until("2026-11-13 09:00")

    assert desk.texts_to("An") == [Text("2026-11-11 18:00", SAYS)]
    assert {*desk.roster()} == {*before}


def test_what_has_gone_is_not_said_again_in_other_words(open_desk: OpenDesk) -> None:
    """A new wording is no news: only what is still to come changes."""
    desk = open_desk(SHIPPED, "2026-11-03 09:00")
    desk.run_until("2026-11-12 09:00")
    desk.edit(OWN)
    desk.run_until("2026-11-14 09:00")

    [asked] = desk.texts_to("An")
    assert asked.says.startswith("UBNDQ1: Moi ban An truc")


def test_a_plan_shows_the_new_words(open_desk: OpenDesk) -> None:
    """They are a change even where nothing else is, and send nobody a text."""
    desk = open_desk(SHIPPED, "2026-11-03 09:00")
    settings = desk.office.settings
    plan = desk.plan(OWN)

    assert plan
    assert (plan.reworded, plan.texts, bool(plan.changes)) == (("ask.vi.txt",), 0, False)
    assert not desk.plan(SHIPPED)
    desk.edit(OWN)
    shown = plan_in_words(plan, Office(desk.office.settings, (settings,)), "en")
    assert shown.startswith(f"~ text ask.vi.txt: {WORDS}\nSessions: 0 added")
