"""Makes the full networks of example 63: five levels, five below everybody, 500 a month each."""

from __future__ import annotations

from pathlib import Path

from tests.plans.making import write_members, write_sales

WIDTH = 5
DEPTH = 5


def write(out: Path) -> None:
    """Write the files of all cases below a folder, always the same."""
    for case, own, frontline in (
        ("ordinary", "500", WIDTH),
        ("silver", "1000", WIDTH),
        ("gold", "2000", WIDTH),
        ("ten", "500", 2 * WIDTH),
    ):
        people = _network(frontline)
        write_members(out / case, [(person, sponsor, "distributor") for person, sponsor in people])
        write_sales(
            out / case,
            ("pv", "cv"),
            [(person, (own, own) if person == "YOU" else ("500", "500")) for person, _ in people],
        )


def _network(frontline: int) -> list[tuple[str, str]]:
    """Return everybody with the sponsor, level by level."""
    level = ["YOU"]
    people = [("YOU", "")]
    for width in (frontline, *[WIDTH] * (DEPTH - 1)):
        below = [(f"{sponsor}.{n}", sponsor) for sponsor in level for n in range(1, width + 1)]
        people += below
        level = [person for person, _ in below]
    return people
