"""Settings that make hundreds of texts due at once, at whatever hour the tests run."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
BURST = 500


def head(now: datetime) -> str:
    """A desk whose quiet minute is half a day away, so that the night is never in a test's way."""
    quiet = now.astimezone(SAIGON) + timedelta(hours=12)
    return f"""\
[service]
name = "Ca trực"
timezone = "Asia/Ho_Chi_Minh"
hotline = "028 0000 0000"

[sms]
sender = "UBNDQ1"
rate = "1000/s"
quiet = "{quiet:%H:%M}-{quiet + timedelta(minutes=1):%H:%M}"

[[wards]]
name = "Sài Gòn"
coordinators = ["Lan"]

[[places]]
name = "UBND Sài Gòn"

[[services]]
name = "Sao y"

[[people]]
name = "Lan"
phone = "0901 999 999"
roles = ["staff"]
"""


def a_burst(now: datetime) -> str:
    """A session in four days that wants all five hundred people: as many questions are due at once.

    More than one question for a person would be one text.
    """
    people = "".join(
        f'[[people]]\nname = "TNV {number}"\nphone = "0901 000 {number:03}"\nroles = ["volunteer"]\n'
        for number in range(BURST)
    )
    day = now.astimezone(SAIGON).date() + timedelta(days=4)
    return f"""\
{head(now)}
{people}
[[shifts]]
service = "Sao y"
days = "mon-sun"
on_holiday = "keep"
time = "08:00-09:00"
from = {day}
until = {day}
needs = {{ volunteer = {BURST} }}
"""
