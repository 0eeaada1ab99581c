"""How much of a member's name others may see."""

from __future__ import annotations


def shortened(name: str) -> str:
    """Return the first name and the initial of the last: what strangers and storefronts see.

    >>> shortened("Dora Maria Diaz"), shortened("Bruna"), shortened("")
    ('Dora D.', 'Bruna', '')
    """
    words = name.split()
    if len(words) < 2:
        return name.strip()
    return f"{words[0]} {words[-1][0].upper()}."
