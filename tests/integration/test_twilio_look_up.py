"""Texts in doubt, looked up at Twilio, and words erased there: the real SDK over real HTTP."""

import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from notifications.channels.channel import InDoubt, Inquiry, NoWord, Parcel, Trace
from notifications.channels.twilio import MOST_PAGES, PAGE_SIZE, Twilio
from notifications.channels.twilio_account import Credentials
from notifications.channels.twilio_codes import RANKS
from notifications.fault import Fault
from notifications.receipt import Rank
from tests.fake_twilio import ACCOUNT, TOKEN, FakeTwilio

NOON = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PHONE = "+84901234567"
A_TEXT = "UBNDQ1: ca trực tối nay"


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """What it shows."""
        return self.now


@pytest.fixture
def clock() -> Hand:
    """Noon, until it is moved."""
    return Hand()


@pytest.fixture
def twilio(clock: Hand) -> Iterator[FakeTwilio]:
    """A pretend Twilio."""
    with FakeTwilio(clock) as fake:
        yield fake


@pytest.fixture
def channel(twilio: FakeTwilio) -> Iterator[Twilio]:
    """The channel, pointed at the pretend Twilio."""
    channel = Twilio(Credentials(ACCOUNT, TOKEN), twilio.url)
    yield channel
    channel.close()


def a_parcel(text: str = A_TEXT, to: str = PHONE) -> Parcel:
    """A duty text that is good for an hour."""
    return Parcel("attempt-1", "remind@1", to, text, "UBNDQ1", NOON + 60 * MINUTE, NOON)


def an_inquiry(text: str = A_TEXT, since: datetime = NOON) -> Inquiry:
    """The question for that text."""
    return Inquiry("attempt-1", PHONE, text, "UBNDQ1", since)


def ids(found: object) -> list[str]:
    """The ids that were found."""
    assert isinstance(found, tuple), found
    return [trace.provider_id for trace in found]


@pytest.mark.parametrize(
    ("fault", "is_there"),
    [
        (FakeTwilio.accept_then_500, True),
        (FakeTwilio.accept_then_drop, True),
        (FakeTwilio.garbage_201, True),
        (lambda twilio: twilio.answer_with(500, b"{}"), False),
        (lambda twilio: twilio.answer_with(502, b"<html>"), False),
    ],
)
def test_a_text_in_doubt_is_found_where_it_went_out(
    twilio: FakeTwilio, channel: Twilio, fault: Callable[[FakeTwilio], None], is_there: bool
) -> None:
    """Whatever the answer was, the list knows whether the text was taken."""
    fault(twilio)
    assert isinstance(channel.hand(a_parcel()), InDoubt)

    found = channel.look_up(an_inquiry())

    assert found == ((Trace(twilio.ledger[0].sid, "queued", Rank.TAKEN, NOON),) if is_there else ())


@pytest.mark.parametrize("status", sorted(RANKS))
def test_each_status_has_its_rank(twilio: FakeTwilio, channel: Twilio, status: str) -> None:
    """Sent or not, one of the two lists shows the text, once, with what Twilio says of it."""
    channel.hand(a_parcel())
    twilio.ledger[0].move(status, None, NOON)

    (trace,) = channel.look_up(an_inquiry())  # type: ignore[misc]  # a fault would fail the test just here

    assert (trace.status, trace.rank) == (status, RANKS[status])
    assert (trace.fault is not None) is (RANKS[status] is Rank.NOT_ARRIVED)


@pytest.mark.parametrize(
    ("code", "fault"),
    [(30005, Fault.BAD_NUMBER), (30036, Fault.TOO_LATE), (30003, Fault.UNKNOWN), (99999, Fault.UNKNOWN)],
)
def test_what_did_not_arrive_brings_its_reason(
    twilio: FakeTwilio, channel: Twilio, code: int, fault: Fault
) -> None:
    """The error code is read by the same table as a refusal."""
    channel.hand(a_parcel())
    twilio.ledger[0].move("undelivered", code, NOON)

    assert channel.look_up(an_inquiry()) == (
        Trace(twilio.ledger[0].sid, "undelivered", Rank.NOT_ARRIVED, NOON, fault, str(code)),
    )


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(a_parcel(A_TEXT + "."), id="other words"),
        pytest.param(a_parcel(A_TEXT.upper()), id="other letters"),
        pytest.param(a_parcel(to="+84901234568"), id="somebody else"),
    ],
)
def test_only_the_exact_words_to_that_number_count(
    twilio: FakeTwilio, channel: Twilio, other: Parcel
) -> None:
    """Whatever else was sent is not the text in doubt."""
    channel.hand(other)

    assert channel.look_up(an_inquiry()) == ()
    assert len(twilio.ledger) == 1


def test_accents_written_as_two_characters_are_the_same_words(twilio: FakeTwilio, channel: Twilio) -> None:
    """Somewhere on the way a letter and its accent may have been taken apart."""
    channel.hand(a_parcel(unicodedata.normalize("NFD", A_TEXT)))

    assert ids(channel.look_up(an_inquiry())) == [twilio.ledger[0].sid]


def test_texts_of_before_the_attempt_are_left_out(twilio: FakeTwilio, channel: Twilio, clock: Hand) -> None:
    """The same words of yesterday are another text; a clock that is a few minutes off loses none."""
    for before in (24 * 60 * MINUTE, 6 * MINUTE, 4 * MINUTE, -1 * MINUTE):
        clock.now = NOON - before
        channel.hand(a_parcel())

    assert ids(channel.look_up(an_inquiry())) == [each.sid for each in twilio.ledger[2:]]


def test_who_wrote_the_same_words_to_us_is_not_confused_with_us(twilio: FakeTwilio, channel: Twilio) -> None:
    """A text that came in is none that went out."""
    channel.hand(a_parcel())
    twilio.ledger[0].direction = "inbound"

    assert channel.look_up(an_inquiry()) == ()


def test_an_erased_text_is_not_found(twilio: FakeTwilio, channel: Twilio) -> None:
    """Words are gone for us, too: nothing is erased while anything is in doubt."""
    channel.hand(a_parcel())
    twilio.ledger[0].move("delivered", None, NOON)
    channel.forget(twilio.ledger[0].sid)

    assert channel.look_up(an_inquiry()) == ()


def test_a_list_that_lags_behind_shows_the_text_later(
    twilio: FakeTwilio, channel: Twilio, clock: Hand
) -> None:
    """Finding nothing once proves nothing: the same question finds the text half a minute later."""
    twilio.look_up_late(timedelta(seconds=30))
    channel.hand(a_parcel())
    assert channel.look_up(an_inquiry()) == ()

    clock.now += timedelta(seconds=30)

    assert ids(channel.look_up(an_inquiry())) == [twilio.ledger[0].sid]


def test_a_text_that_is_taken_late_is_found_afterwards(twilio: FakeTwilio, channel: Twilio) -> None:
    """Twilio may take a text after we have given up waiting."""
    twilio.accept_late()
    assert isinstance(channel.hand(a_parcel()), InDoubt)
    assert channel.look_up(an_inquiry()) == ()

    twilio.catch_up()

    assert ids(channel.look_up(an_inquiry())) == [twilio.ledger[0].sid]


def test_further_pages_are_read_and_not_without_end(twilio: FakeTwilio, channel: Twilio) -> None:
    """The text is found behind others to the same number; a list is read so far and no further."""
    channel.hand(a_parcel())
    for number in range(PAGE_SIZE * (MOST_PAGES - 1)):
        channel.hand(a_parcel(f"another, {number}"))
    assert ids(channel.look_up(an_inquiry())) == [twilio.ledger[0].sid]

    for number in range(PAGE_SIZE):
        channel.hand(a_parcel(f"yet another, {number}"))
    before = twilio.requests
    assert channel.look_up(an_inquiry()) == ()
    assert twilio.requests - before == 1 + MOST_PAGES


def test_two_texts_of_the_same_words_are_both_told(twilio: FakeTwilio, channel: Twilio, clock: Hand) -> None:
    """Who asked knows which ids are taken already; the older one comes first."""
    channel.hand(a_parcel())
    clock.now += MINUTE
    channel.hand(a_parcel())
    twilio.ledger[0].move("sent", None, clock.now)

    assert ids(channel.look_up(an_inquiry())) == [each.sid for each in twilio.ledger]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        pytest.param(FakeTwilio.look_up_down, "provider_error", id="down"),
        pytest.param(FakeTwilio.look_up_dropped, "no_answer", id="no answer"),
        pytest.param(lambda twilio: twilio.look_up_refused(20003, 401), "20003", id="a wrong token"),
        pytest.param(lambda twilio: twilio.look_up_refused(20429, 429), "20429", id="too many"),
        pytest.param(
            lambda twilio: twilio.look_up_answered_with(404, b"<html>"), "404", id="something before it"
        ),
        *(
            pytest.param(
                lambda twilio, body=body: twilio.look_up_answered_with(200, body),
                "unreadable_answer",
                id=str(body),
            )
            for body in (
                b"",
                b"<html>",
                b"[]",
                b'"text"',
                b"[" * 200_000,
                b'{"messages": 7}',
                b'{"messages": [7]}',
                b'{"messages": [{"sid": "SM1", "date_created": 7}]}',
                b'{"meta": {"key": "nothing"}}',
            )
        ),
    ],
)
@pytest.mark.parametrize("in_which", [0, 1], ids=["the first list", "the second"])
def test_when_twilio_cannot_be_asked_nothing_is_known(
    twilio: FakeTwilio, channel: Twilio, fault: Callable[[FakeTwilio], None], code: str, in_which: int
) -> None:
    """Half an answer is none: a text that one list does not show may stand in the other."""
    channel.hand(a_parcel())
    if in_which:
        twilio._look_up_faults.append(twilio._list)
    fault(twilio)

    found = channel.look_up(an_inquiry())

    assert isinstance(found, NoWord)
    assert found.code == code
    assert PHONE not in found.sentence


def test_a_list_of_a_shape_that_nobody_knows_is_no_word(twilio: FakeTwilio, channel: Twilio) -> None:
    """A page without a list of messages is an error of the SDK's own, not an empty list."""
    twilio.look_up_answered_with(200, b"{}")

    assert isinstance(channel.look_up(an_inquiry()), NoWord)


def test_where_nobody_listens_nothing_is_known(twilio: FakeTwilio) -> None:
    """A network that is down says nothing about a text."""
    channel = Twilio(Credentials(ACCOUNT, TOKEN), "http://127.0.0.1:9")
    found = channel.look_up(an_inquiry())
    assert channel.forget("SM" + "0" * 32) is False
    channel.close()

    assert isinstance(found, NoWord)
    assert found.code == "unreachable"
    assert twilio.requests == 0


def test_words_are_erased_once_the_text_has_come_to_rest(twilio: FakeTwilio, channel: Twilio) -> None:
    """Twilio refuses while the text is under way (20009); later the words are gone and the record stays."""
    channel.hand(a_parcel())
    assert channel.forget(twilio.ledger[0].sid) is False
    assert twilio.ledger[0].body == A_TEXT

    twilio.ledger[0].move("delivered", None, NOON)

    assert channel.forget(twilio.ledger[0].sid) is True
    assert channel.forget(twilio.ledger[0].sid) is True
    assert [each.body for each in twilio.ledger] == [""]


@pytest.mark.parametrize(
    ("provider_id", "erased"),
    [
        pytest.param("SM" + "9" * 32, True, id="a message that is gone"),
        pytest.param("gone.console", True, id="an id of another channel"),
        pytest.param("../../Calls", True, id="no id at all"),
        pytest.param("", True, id="none"),
    ],
)
def test_where_there_is_nothing_to_erase_it_is_erased(
    channel: Twilio, provider_id: str, erased: bool
) -> None:
    """What Twilio does not have need not be asked for again."""
    assert channel.forget(provider_id) is erased


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(FakeTwilio.look_up_down, id="down"),
        pytest.param(FakeTwilio.look_up_dropped, id="no answer"),
        pytest.param(lambda twilio: twilio.look_up_refused(20003, 401), id="a wrong token"),
        pytest.param(lambda twilio: twilio.look_up_answered_with(404, b"<html>"), id="a proxy's 404"),
        pytest.param(lambda twilio: twilio.look_up_answered_with(200, b"<html>"), id="no JSON"),
        pytest.param(lambda twilio: twilio.look_up_answered_with(200, b"[]"), id="no object"),
        pytest.param(
            lambda twilio: twilio.look_up_answered_with(200, b'{"body": "still here"}'), id="not erased"
        ),
    ],
)
def test_what_was_not_erased_is_tried_again(
    twilio: FakeTwilio, channel: Twilio, fault: Callable[[FakeTwilio], None]
) -> None:
    """Only Twilio's own word counts, not the status that something before it answers."""
    channel.hand(a_parcel())
    twilio.ledger[0].move("delivered", None, NOON)
    fault(twilio)

    assert channel.forget(twilio.ledger[0].sid) is False
    assert channel.forget(twilio.ledger[0].sid) is True
