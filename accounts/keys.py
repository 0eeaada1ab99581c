"""How an API key is written: what kind it is, which one, a secret, and a checksum of it all.

    upl_live_3fQ8bWz0LkPd_<43 characters of secret><6 of checksum>

The prefix lets scanners find keys that leaked. The identifier finds the row and is no secret. The
checksum tells a mistyped key from a revoked one without asking the database.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
import zlib
from typing import Final

ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
PREFIX: Final = "upl_live"
IDENTIFIER_LENGTH: Final = 12
SECRET_LENGTH: Final = 43  # of 62 characters each: 256 bits, so a fast digest is enough
CHECKSUM_LENGTH: Final = 6
_SHAPE: Final = re.compile(
    rf"{PREFIX}_([0-9A-Za-z]{{{IDENTIFIER_LENGTH}}})_"
    rf"[0-9A-Za-z]{{{SECRET_LENGTH}}}([0-9A-Za-z]{{{CHECKSUM_LENGTH}}})"
)


def new_key() -> tuple[str, str]:
    """Return the identifier of a new key and the whole key."""
    identifier = _random(IDENTIFIER_LENGTH)
    body = f"{PREFIX}_{identifier}_{_random(SECRET_LENGTH)}"
    return identifier, body + checksum(body)


def identifier_of(key: str) -> str | None:
    """Return the identifier of a key; None for what cannot be a key at all.

    >>> identifier_of("upl_live_nothing")
    """
    if not (shape := _SHAPE.fullmatch(key)):
        return None
    return shape[1] if checksum(key[:-CHECKSUM_LENGTH]) == shape[2] else None


def digest(key: str) -> str:
    """Return what is kept of a key: its SHA-256, in hex."""
    return hashlib.sha256(key.encode()).hexdigest()


def checksum(text: str) -> str:
    """Return the CRC-32 of a text in six characters of the alphabet.

    >>> checksum("upl")
    '3d5wku'
    """
    rest = zlib.crc32(text.encode())
    characters = []
    for _ in range(CHECKSUM_LENGTH):
        rest, place = divmod(rest, len(ALPHABET))
        characters.append(ALPHABET[place])
    return "".join(reversed(characters))


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
