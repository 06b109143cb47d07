"""A flood of wishes for codes costs little and delays nobody; ``run.py bench`` does it with 100,000."""

from datetime import timedelta

from scheduler.service.send_code import MOST_A_DAY, MOST_A_PREFIX
from tests.flood import flood
from tests.stories.conftest import OpenDesk
from tests.stories.test_following import EVERY_TUESDAY

CROWD = 400


def test_a_flood_sends_few_codes_and_delays_no_reminder(open_desk: OpenDesk) -> None:
    """All bounds hold together, and what was due meanwhile left within seconds, at the default pace."""
    text = EVERY_TUESDAY.replace("[[wards]]", "[follow]\nanswers_a_day = 20\n\n[[wards]]", 1)
    desk = open_desk(text, "2026-11-15 09:00")
    for number in range(5):
        desk.follow(f"+8493300000{number}")
    desk.run_until("2026-11-15 10:00")
    came_of_it = flood(desk, CROWD)

    assert set(came_of_it.statuses) <= {200, 429}
    assert came_of_it.statuses.total() == CROWD
    assert came_of_it.codes.total() <= 20
    assert max(came_of_it.codes.values()) <= MOST_A_DAY
    assert max(came_of_it.prefixes.values()) <= MOST_A_PREFIX
    assert came_of_it.duty == 6, "five followers and the clerk"
    assert came_of_it.latest <= timedelta(seconds=10), "six texts at one a second, and nothing before them"
