"""Public codes of members: short, without look-alike characters, and not in order of joining."""

from __future__ import annotations

import secrets
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH: Final = 8


def random_code() -> str:
    """Return a new code; that it is free is for the database to say."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
