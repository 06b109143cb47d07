"""Secrets from the environment: each in its variable, or in the file that ``…_FILE`` names."""

from collections.abc import Mapping, Sequence
from pathlib import Path


class MissingCredentials(ValueError):
    """The environment does not say with which account to send; the sentence holds no secret."""


def secret_from(environment: Mapping[str, str], name: str) -> str:
    """The secret called `name`, without the blanks around it; empty where there is none.

    Raises:
        MissingCredentials: its file cannot be read.
    """
    value = environment.get(name, "").strip()
    file = environment.get(f"{name}_FILE", "").strip()
    if value or not file:
        return value
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise MissingCredentials(f"{name}_FILE names {file}, which cannot be read: {error}.") from error


def secrets_from(environment: Mapping[str, str], channel: str, names: Sequence[str]) -> tuple[str, ...]:
    """The secrets called `names`, in that order, all of which `channel` needs.

    Raises:
        MissingCredentials: one is absent or empty, or its file cannot be read.
    """
    found = tuple(secret_from(environment, name) for name in names)
    missing = [name for name, value in zip(names, found, strict=True) if not value]
    if missing:
        raise MissingCredentials(
            f"The {channel} channel needs {' and '.join(missing)} in the environment"
            " (or the same with _FILE, naming a file that holds the value)."
        )
    return found
