"""Personal links and item numbers: what is stored, what opens, what is given again and when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from notifications.channels.credential import MissingCredentials
from notifications.veil import Veil
from scheduler.secret_key import NAME, veil_from
from scheduler.store import items, links
from scheduler.store.database import Database
from scheduler.store.tables import items as item_rows
from scheduler.store.tables import links as link_rows
from scheduler.store.tables import sessions

NOW = datetime(2026, 11, 17, 3, tzinfo=UTC)
DAY = timedelta(days=1)
AN, BA = "+84901000001", "+84901000002"
VEIL = Veil(b"the key of these tests")


@pytest.fixture
def held(database: Database) -> Callable[[str, datetime], int]:
    """Makes a session that starts at an instant, and returns its id."""

    def hold(key: str, starts: datetime) -> int:
        with database.write() as connection:
            row = {
                "key": key,
                "shift": "toi",
                "service": "sao-y",
                "place": "ubnd",
                "named": starts.date(),
                "number": 1,
                "starts": starts,
                "ends": starts + timedelta(hours=2),
                "state": "scheduled",
                "known_at": NOW,
                "changed_at": NOW,
            }
            made: int = connection.execute(insert(sessions).values(row).returning(sessions.c.id)).scalar_one()
            return made

    return hold


def test_a_person_keeps_one_link_while_it_lasts(database: Database) -> None:
    """Each text to them holds the same; one that would end before the session is made anew."""
    with database.write() as connection:
        first = links.names_for(connection, {"an": AN}, NOW + 6 * DAY, NOW)
        again = links.names_for(connection, {"an": AN, "ba": BA}, NOW + 20 * DAY, NOW)
        later = links.names_for(connection, {"an": AN}, NOW + 120 * DAY, NOW + 70 * DAY)
    assert again["an"] == first["an"] != again["ba"]
    assert later["an"] != first["an"]


def test_link_and_code_open_until_they_end_or_are_revoked(database: Database) -> None:
    """Neither is stored; what is unknown, over or revoked opens nothing."""
    with database.write() as connection:
        name = links.names_for(connection, {"an": AN}, NOW + 6 * DAY, NOW)["an"]
        links.keep_new(connection, VEIL)
        rows = connection.execute(select(link_rows)).all()
        secrets = (VEIL.link(name), VEIL.code(name))
        assert not any(secret in str(rows) for secret in secrets)
        for secret in secrets:
            found = links.row_for(connection, secret, VEIL, NOW)
            assert found is not None
            assert (found.person, found.phone) == ("an", AN)
            assert links.row_for(connection, secret, VEIL, NOW + 91 * DAY) is None
        assert links.row_for(connection, name, VEIL, NOW) is None
        for secret in secrets:
            assert links.lasting_row_for(connection, secret, VEIL) is not None
        links.revoke_others(connection, "an", secrets[0], VEIL, NOW)
        assert links.row_for(connection, secrets[0], VEIL, NOW) is not None
        links.revoke_others(connection, "an", "another", VEIL, NOW)
        assert links.row_for(connection, secrets[0], VEIL, NOW) is None
        assert links.lasting_row_for(connection, secrets[0], VEIL) is None


def test_a_new_number_ends_the_link_to_the_old_one(database: Database) -> None:
    """Whoever has the old number now must not see the page."""
    with database.write() as connection:
        old = links.names_for(connection, {"an": AN}, NOW + DAY, NOW)["an"]
        links.keep_new(connection, VEIL)
        new = links.names_for(connection, {"an": BA}, NOW + DAY, NOW)["an"]
        links.keep_new(connection, VEIL)
        assert links.row_for(connection, VEIL.link(old), VEIL, NOW) is None
        assert links.row_for(connection, VEIL.link(new), VEIL, NOW) is not None


def test_another_key_voids_what_was_sent_and_makes_links_that_open(database: Database) -> None:
    """A lost key is no end: texts that have not left hold links of the new one."""
    other = Veil(b"made after the first was lost")
    with database.write() as connection:
        name = links.names_for(connection, {"an": AN}, NOW + DAY, NOW)["an"]
        assert not links.adopt_key(connection, VEIL, NOW)
        links.keep_new(connection, VEIL)
        assert not links.adopt_key(connection, VEIL, NOW)
        assert links.adopt_key(connection, other, NOW)
        links.keep_new(connection, other)
        assert links.known_key(connection) == other.fingerprint
        assert links.row_for(connection, VEIL.link(name), VEIL, NOW) is None
        assert links.row_for(connection, other.link(name), other, NOW) is not None


def test_numbers_are_unique_for_a_telephone_and_stay(
    database: Database, held: Callable[[str, datetime], int]
) -> None:
    """Two questions to one telephone have two numbers, whoever they ask; another telephone counts anew."""
    one, two = held("a", NOW + DAY), held("b", NOW + 2 * DAY)
    seats = {(one, "an"): AN, (two, "an"): AN, (one, "chi-an"): AN, (one, "ba"): BA}
    with database.write() as connection:
        numbers = items.numbers_for(connection, seats, NOW)
        assert items.numbers_for(connection, seats, NOW + DAY) == numbers
    assert sorted(number for seat, number in numbers.items() if seats[seat] == AN) == [11, 12, 13]
    assert numbers[one, "ba"] == 11


def test_a_number_is_given_again_thirty_days_after_its_session(
    database: Database, held: Callable[[str, datetime], int]
) -> None:
    """A late "CO 11" must not hit another question."""
    past, soon, later = held("a", NOW), held("b", NOW + 29 * DAY), held("c", NOW + 60 * DAY)
    with database.write() as connection:
        items.numbers_for(connection, {(past, "an"): AN}, NOW)
        assert items.numbers_for(connection, {(soon, "an"): AN}, NOW + 28 * DAY) == {(soon, "an"): 12}
        assert items.numbers_for(connection, {(later, "an"): AN}, NOW + 31 * DAY) == {(later, "an"): 11}


def test_a_new_telephone_has_a_number_of_its_own(
    database: Database, held: Callable[[str, datetime], int]
) -> None:
    """The row follows the person; on the old telephone the number is free."""
    session = held("a", NOW + DAY)
    with database.write() as connection:
        items.numbers_for(connection, {(session, "ba"): BA}, NOW)
        items.numbers_for(connection, {(session, "an"): AN}, NOW)
        assert items.numbers_for(connection, {(session, "an"): BA}, NOW) == {(session, "an"): 12}
        assert len(connection.execute(select(item_rows)).all()) == 2


def test_the_key_is_made_once_for_us_alone(tmp_path: Path) -> None:
    """A second start reads what the first has made; the environment is stronger."""
    file = tmp_path / "catruc.key"
    first = veil_from({}, file, makes_one=True)
    assert file.stat().st_mode & 0o777 == 0o600
    assert veil_from({}, file, makes_one=True).fingerprint == first.fingerprint
    assert veil_from({NAME: "k" * 32}, file, makes_one=True).fingerprint != first.fingerprint


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "is not here"),
        ({NAME: "short"}, "could be guessed"),
        ({f"{NAME}_FILE": "/nowhere/key"}, "cannot be read"),
    ],
)
def test_a_key_that_is_missing_or_poor_is_told(
    tmp_path: Path, environment: dict[str, str], said: str
) -> None:
    """In one sentence that names the variable to set."""
    with pytest.raises(MissingCredentials, match=said) as told:
        veil_from(environment, tmp_path / "catruc.key", makes_one=False)
    assert NAME in str(told.value)
