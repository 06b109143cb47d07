"""Which Twilio account is ours: its credentials, from the environment or from files that it names."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from notifications.channels.credential import secret_from, secrets_from

ACCOUNT = "CATRUC_TWILIO_ACCOUNT_SID"
TOKEN = "CATRUC_TWILIO_AUTH_TOKEN"  # noqa: S105 - the name of a variable
PREVIOUS_TOKEN = "CATRUC_TWILIO_AUTH_TOKEN_PREVIOUS"  # noqa: S105 - the name of a variable
MESSAGING_SERVICE = "CATRUC_TWILIO_MESSAGING_SERVICE_SID"


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account and its token; the tokens are in no repr, for reprs end up in logs.

    While a token is being replaced, calls of Twilio may still be signed with the `previous_token`. With a
    `messaging_service_sid` that service chooses the sender.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    previous_token: str = field(default="", repr=False)
    messaging_service_sid: str = ""

    @property
    def tokens(self) -> tuple[str, ...]:
        """Those with which Twilio may sign what it tells us."""
        return tuple(token for token in (self.auth_token, self.previous_token) if token)


def credentials_from(environment: Mapping[str, str]) -> Credentials:
    """The credentials that `environment` holds, each in its variable or in the file that ``…_FILE`` names.

    Raises:
        MissingCredentials: account or token is absent or empty, or a file cannot be read.
    """
    account, token = secrets_from(environment, "twilio", (ACCOUNT, TOKEN))
    return Credentials(
        account, token, secret_from(environment, PREVIOUS_TOKEN), secret_from(environment, MESSAGING_SERVICE)
    )
