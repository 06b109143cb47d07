"""A small desk that texts by Twilio, and what its environment holds when that is the pretend one."""

from tests.fake_twilio import ACCOUNT, TOKEN
from tests.terminal import SMALL

PUBLIC_URL = "https://catruc.example"
BY_TWILIO = SMALL.replace("[sms]", '[sms]\nchannel = "twilio"\nquiet = ""\nrate = "100/s"').replace(
    "[service]", f'[service]\npublic_url = "{PUBLIC_URL}"'
)


def account_at(url: str) -> dict[str, str]:
    """The account of a Twilio that listens at `url`."""
    return {
        "CATRUC_TWILIO_ACCOUNT_SID": ACCOUNT,
        "CATRUC_TWILIO_AUTH_TOKEN": TOKEN,
        "CATRUC_TWILIO_AUTH_TOKEN_PREVIOUS": "the-former-token",
        "CATRUC_TWILIO_BASE_URL": url,
    }
