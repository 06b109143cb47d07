"""Settings that make hundreds of texts due at once, at whatever hour the tests run."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
TEAM = 50
SESSIONS = 10
BURST = TEAM * SESSIONS


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
    """Ten sessions within five days, each of which wants all fifty people: 500 questions are due at once."""
    people = "".join(
        f'[[people]]\nname = "TNV {number}"\nphone = "0901 000 {number:03}"\nroles = ["volunteer"]\n'
        for number in range(TEAM)
    )
    first = now.astimezone(SAIGON).date() + timedelta(days=1)
    return f"""\
{head(now)}
{people}
[[shifts]]
service = "Sao y"
days = "mon-sun"
on_holiday = "keep"
time = ["08:00-09:00", "10:00-11:00"]
from = {first}
until = {first + timedelta(days=4)}
needs = {{ volunteer = {TEAM} }}
"""
