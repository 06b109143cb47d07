"""The key that protects personal links: from the environment, or from a file that only we can read."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from notifications.channels.credential import MissingCredentials, secret_from
from notifications.veil import Veil

NAME = "CATRUC_SECRET_KEY"
# Below this a key could be found by trying.
SHORTEST = 16


def veil_from(environment: Mapping[str, str], file: Path, makes_one: bool) -> Veil:
    """The veil of the key in ``CATRUC_SECRET_KEY``, or else in `file`, which is made where there is none.

    Raises MissingCredentials when the key is too short or its file cannot be read or made, or is missing and
    not to be made.
    """
    key = secret_from(environment, NAME) or (_made(file) if makes_one else _read(file))
    if len(key) < SHORTEST:
        raise MissingCredentials(
            f"The key of personal links ({NAME}) has fewer than {SHORTEST} characters and could be guessed; "
            "give a longer one."
        )
    return Veil(key.encode())


def bring_key(environment: Mapping[str, str], old: Path, new: Path) -> None:
    """Lets the key in the file `old` be that in `new`, too, so that links that were sent go on opening.

    A key that the environment names stays where it is. Raises MissingCredentials when another key is in
    `new`, or it cannot be written.
    """
    if secret_from(environment, NAME) or not old.exists():
        return
    key = _read(old)
    if not new.exists():
        _write(new, key)
    if _read(new) != key:
        raise MissingCredentials(
            f"The key of personal links in {new} is not that of the service, {old}; rename that file first, "
            "or links that were sent would open nothing."
        )


def _made(file: Path) -> str:
    """The key in `file`. Of two that make it at once one wins, and both read what stands there then."""
    if not file.exists():
        _write(file, secrets.token_hex(32))
    return _read(file)


def _write(file: Path, key: str) -> None:
    own = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as written:
            written.write(f"{key}\n")
            written.flush()
            os.fsync(written.fileno())
        if not file.exists():
            own.replace(file)
        else:
            own.unlink()
    except OSError as fault:
        raise MissingCredentials(
            f"The key of personal links cannot be kept in {file} ({fault.strerror}); "
            f"open its folder, or set {NAME}."
        ) from fault


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError as fault:
        raise MissingCredentials(
            f"The key of personal links is not here: set {NAME} to that of the service, "
            f"or bring its file {file}."
        ) from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise MissingCredentials(f"The key of personal links in {file} cannot be read: {fault}.") from fault
