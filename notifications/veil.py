"""What a stored text holds in place of a personal link or code: a name, from which the key makes the secret.

Whoever reads the database, a console or a list of texts sees names, which open nothing. The secret takes as
many characters as its veil, each of one unit in GSM-7 too, so that a veiled text costs what the text costs.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator

# A name has 35 bits, as many as keep thousands of links apart; a link has 71, a code 39.
_NAMED = "abcdefghijklmnopqrstuvwxyz234567"
_LINKED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Typed from a small screen: no letter that looks like a digit or like another letter.
_TYPED = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
NAME_LENGTH, LINK_LENGTH, CODE_LENGTH = 7, 12, 8
# A one-time code is short for who types it from one screen to another, and good for minutes and few tries.
PIN_NAME_LENGTH, PIN_LENGTH = 5, 6
_PINNED = "0123456789"

_LINK = re.compile(rf"\*([{_NAMED}]{{{NAME_LENGTH}}})\*{{{LINK_LENGTH - CODE_LENGTH}}}")
_CODE = re.compile(rf"\*([{_NAMED}]{{{NAME_LENGTH}}})")
_PIN = re.compile(rf"\*([{_NAMED}]{{{PIN_NAME_LENGTH}}})(?![{_NAMED}*])")


def new_name() -> str:
    """A random name; the key makes of it a link and a code that nobody can guess."""
    return "".join(secrets.choice(_NAMED) for _ in range(NAME_LENGTH))


def new_pin_name() -> str:
    """A random name of which the key makes a one-time code; 25 bits, for it is known for minutes only."""
    return "".join(secrets.choice(_NAMED) for _ in range(PIN_NAME_LENGTH))


def veiled_link(name: str) -> str:
    """What stands for the link of this name in a stored text."""
    return f"*{name}{'*' * (LINK_LENGTH - CODE_LENGTH)}"


def veiled_code(name: str) -> str:
    """What stands for the code of this name in a stored text."""
    return f"*{name}"


def veiled_pin(name: str) -> str:
    """What stands for the one-time code of this name in a stored text."""
    return f"*{name}"


def masked(text: str) -> str:
    """A stored text as it may be shown."""
    without_links = _LINK.sub("*" * LINK_LENGTH, text)
    return _PIN.sub("*" * PIN_LENGTH, _CODE.sub("*" * CODE_LENGTH, without_links))


def typed(code: str) -> str:
    """A code as it is made, of what somebody typed: any case, with spaces or hyphens between."""
    return re.sub(r"[\s.-]", "", code).upper()


class Veil:
    """Makes secrets of names; all machines of one service hold the same `key`."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @property
    def fingerprint(self) -> str:
        """What tells this key from others and opens nothing."""
        return self._digest("key", "").hex()

    def link(self, name: str) -> str:
        """The secret part of the link of this name."""
        return _in_letters(self._digest("link", name), _LINKED, LINK_LENGTH)

    def code(self, name: str) -> str:
        """The code of this name, to be typed."""
        return _in_letters(self._digest("code", name), _TYPED, CODE_LENGTH)

    def pin(self, name: str) -> str:
        """The one-time code of this name: six digits."""
        return _in_letters(self._digest("pin", name), _PINNED, PIN_LENGTH)

    def lift(self, text: str) -> str:
        """A stored text as it is sent."""
        with_links = _LINK.sub(lambda found: self.link(found[1]), text)
        with_codes = _CODE.sub(lambda found: self.code(found[1]), with_links)
        return _PIN.sub(lambda found: self.pin(found[1]), with_codes)

    def kept(self, secret: str) -> str:
        """What is stored to know a link or a code again; without the key it cannot even be tried out."""
        return self._digest("kept", secret).hex()

    def _digest(self, use: str, name: str) -> bytes:
        return hmac.digest(self._key, f"catruc/{use}/{name}".encode(), hashlib.sha256)


def _in_letters(digest: bytes, letters: str, length: int) -> str:
    return "".join(_digits(int.from_bytes(digest), letters, length))


def _digits(number: int, letters: str, length: int) -> Iterator[str]:
    for _ in range(length):
        number, digit = divmod(number, len(letters))
        yield letters[digit]
