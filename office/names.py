"""How much of a name somebody may see. docs/privacy.md has the whole table."""

from __future__ import annotations

from distributors.names import shortened

__all__ = ["shortened", "shown"]


def shown(name: str, *, is_own_frontline: bool) -> str:
    """Return a name as an upline may see it: whole in the own frontline, shortened below.

    >>> shown("Bob Brown", is_own_frontline=True), shown("Dora Diaz", is_own_frontline=False)
    ('Bob Brown', 'Dora D.')
    """
    return name if is_own_frontline else shortened(name)
