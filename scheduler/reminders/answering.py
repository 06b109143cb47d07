"""How somebody answers a text: by their own page, by a code typed there, by a text back, or by telephone."""

from dataclasses import dataclass

from notifications.terms import Answer
from notifications.veil import veiled_code, veiled_link
from scheduler.timetable.label import Label

# What a text says after "Answer:" and after "Can't come?", by the way to answer.
_TYPED = Label("vào {page} gõ mã {code}", "go to {page}, code {code}")
_TO_ASK = Label(
    "soạn CO {item} hoặc KO {item} gửi {number}", "text CO {item} (yes)/KO {item} (no) to {number}"
)
_TO_ASK_SEVERAL = Label(
    "soạn CO hoặc KO kèm số gửi {number}", "text CO (yes)/KO (no) and its number to {number}"
)
_TO_GIVE_UP_SOME = Label("soạn HUY kèm số gửi {number}", "text HUY and its number to {number}")
_TO_GIVE_UP = Label("soạn HUY {item} gửi {number}", "text HUY {item} to {number}")
_TO_STOP = Label("soạn HUY gửi {number}", "text STOP to {number}")
_BY_TELEPHONE = Label("gọi {hotline}", "call {hotline}")

# No number of an item, and no name of a link, is longer.
LONGEST_ITEM = 999
LONGEST_NAME = "aaaaaaa"
LONGEST_PIN_NAME = "aaaaa"


@dataclass(frozen=True, slots=True)
class Means:
    """By what one person answers: at which address, by which link's name, to which number."""

    answer: Answer
    public_url: str
    replies_to: str = ""
    name: str = ""
    item: int | None = None

    @property
    def page(self) -> str:
        """The address of the person's own page; empty where they have none."""
        return f"{self.public_url}/r/{veiled_link(self.name)}" if self.name else ""


def how_to_answer(means: Means | None, hotline: str, language: str) -> str:
    """What to do to say yes or no."""
    return _said(means, hotline, language, _TO_ASK)


def how_to_give_up(means: Means | None, hotline: str, language: str) -> str:
    """What to do when one cannot come after all."""
    return _said(means, hotline, language, _TO_GIVE_UP)


def how_to_answer_several(means: Means | None, hotline: str, language: str) -> str:
    """What to do to say yes or no to each of several shifts."""
    return _said(means, hotline, language, _TO_ASK_SEVERAL)


def how_to_give_up_some(means: Means | None, hotline: str, language: str) -> str:
    """What to do when one cannot come to one of several shifts."""
    return _said(means, hotline, language, _TO_GIVE_UP_SOME)


def how_to_open(means: Means | None, hotline: str, language: str) -> str:
    """What to do to get to one's own page; whoever has none calls."""
    return _said(means, hotline, language, _BY_TELEPHONE)


def how_to_stop(means: Means, hotline: str, language: str) -> str:
    """What a resident does to get no more texts: by a page of their own, a code, a text, or by telephone."""
    if means.answer is Answer.LINK and means.name:
        return f"{means.public_url}/f/{veiled_link(means.name)}"
    if means.answer is Answer.CODE:
        return f"{means.public_url.partition('://')[2]}/follow"
    if means.replies_to:
        return _TO_STOP.in_language(language).format(number=means.replies_to)
    return _BY_TELEPHONE.in_language(language).format(hotline=hotline)


def how_to_speak(means: Means | None, language: str) -> str:
    """How whoever is at the counter gets to the page where they say how the session stands; empty without."""
    has_page = means and means.name and means.answer is not Answer.REPLY
    return how_to_open(means, "", language) if has_page else ""


def where_to_look(means: Means | None) -> str:
    """The person's own page, where texts name it."""
    return means.page if means and means.answer is Answer.LINK else ""


def _said(means: Means | None, hotline: str, language: str, by_text: Label) -> str:
    if means and means.name and means.answer is Answer.LINK:
        return means.page
    if means and means.name and means.answer is Answer.CODE:
        page = means.public_url.partition("://")[2]
        return _TYPED.in_language(language).format(page=f"{page}/a", code=veiled_code(means.name))
    if means and means.item and means.answer is Answer.REPLY:
        return by_text.in_language(language).format(item=means.item, number=means.replies_to, hotline=hotline)
    return _BY_TELEPHONE.in_language(language).format(hotline=hotline)
