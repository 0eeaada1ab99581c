"""Makes the network of example 73: sales of ten million and leaders with 5,000 shares together."""

from __future__ import annotations

from pathlib import Path

from tests.plans.making import write_members, write_sales

LEADERS = 831
"""Of the highest rank, directly below the top: six shares each."""


def write(out: Path) -> None:
    """Write the files of the only case below a folder, always the same.

    RCD has one leader of the highest rank below, SILVER one of the lowest; the top has all others.
    """
    leaders = [f"L{number}" for number in range(1, LEADERS + 1)]
    below = {"RCD": "TOP", "RCD2": "RCD", "SILVER": "TOP", "SILVER2": "SILVER"}
    people = [("TOP", ""), *below.items(), *((leader, "TOP") for leader in leaders)]
    volumes = {"TOP": "14000", "RCD2": "12000", "SILVER2": "2000"}
    volumes |= dict.fromkeys(leaders, "12000")
    write_members(out / "case", [(person, sponsor, "distributor") for person, sponsor in people])
    write_sales(
        out / "case",
        ("pv", "cv"),
        [(person, (volume, volume)) for person, volume in volumes.items()],
    )
