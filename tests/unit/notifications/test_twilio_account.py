"""Which Twilio account is ours."""

from pathlib import Path

import pytest

from notifications.channels.credential import MissingCredentials
from notifications.channels.twilio_account import Credentials, credentials_from

ACCOUNT = "AC" + "0" * 32


def test_credentials_come_from_variables_or_from_files(tmp_path: Path) -> None:
    """Each secret may stand in its variable or in a file that …_FILE names; line ends do not count."""
    secret = tmp_path / "token"
    secret.write_text("from-a-file\n", encoding="utf-8")

    credentials = credentials_from(
        {"CATRUC_TWILIO_ACCOUNT_SID": ACCOUNT, "CATRUC_TWILIO_AUTH_TOKEN_FILE": str(secret)}
    )

    assert credentials == Credentials(ACCOUNT, "from-a-file")
    assert "from-a-file" not in repr(credentials)


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "CATRUC_TWILIO_ACCOUNT_SID and CATRUC_TWILIO_AUTH_TOKEN"),
        ({"CATRUC_TWILIO_ACCOUNT_SID": ACCOUNT}, "CATRUC_TWILIO_AUTH_TOKEN"),
        ({"CATRUC_TWILIO_ACCOUNT_SID": " ", "CATRUC_TWILIO_AUTH_TOKEN": "t"}, "CATRUC_TWILIO_ACCOUNT_SID"),
        ({"CATRUC_TWILIO_ACCOUNT_SID_FILE": "no/such/file"}, "CATRUC_TWILIO_ACCOUNT_SID_FILE"),
    ],
)
def test_missing_credentials_are_named_in_one_sentence(environment: dict[str, str], named: str) -> None:
    """Who starts the service learns which variable to set."""
    with pytest.raises(MissingCredentials) as caught:
        credentials_from(environment)

    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_previous_token_and_the_service_may_be_there(tmp_path: Path) -> None:
    """While a token is replaced both are known, the new one first; neither is ever shown."""
    old = tmp_path / "old"
    old.write_text("old\n", encoding="utf-8")

    credentials = credentials_from(
        {
            "CATRUC_TWILIO_ACCOUNT_SID": ACCOUNT,
            "CATRUC_TWILIO_AUTH_TOKEN": "new",
            "CATRUC_TWILIO_AUTH_TOKEN_PREVIOUS_FILE": str(old),
            "CATRUC_TWILIO_MESSAGING_SERVICE_SID": "MG1",
        }
    )

    assert credentials.tokens == ("new", "old")
    assert credentials.messaging_service_sid == "MG1"
    assert "old" not in repr(credentials)


def test_without_a_previous_token_there_is_one() -> None:
    """An empty token would sign anything for anybody."""
    assert Credentials(ACCOUNT, "new").tokens == ("new",)
