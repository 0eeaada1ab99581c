"""Makes the two full matrices of example 61, with three customers for each place at the bottom."""

from __future__ import annotations

from pathlib import Path

from tests.plans.making import write_members, write_sales

CUSTOMERS = 3


def write(out: Path) -> None:
    """Write the files of both cases below a folder, always the same."""
    _matrix(out / "wide", top="A", width=3, depth=7, volume="25")
    _matrix(out / "narrow", top="B", width=2, depth=6, volume="100")


def _matrix(folder: Path, *, top: str, width: int, depth: int, volume: str) -> None:
    """Write a full matrix: the top introduces everybody, the places are found when it is run."""
    above = sum(width**level for level in range(1, depth))
    people = [f"P{number}" for number in range(1, above + width**depth + 1)]
    sellers = people[above:]
    customers = [(f"{seller}C{n}", seller) for seller in sellers for n in range(1, CUSTOMERS + 1)]
    write_members(
        folder,
        [
            (top, "", "distributor"),
            *((person, top, "distributor") for person in people),
            *((customer, seller, "customer") for customer, seller in customers),
        ],
    )
    write_sales(
        folder,
        ("pv", "cv", "units"),
        [(customer, (volume, volume, "1")) for customer, _ in customers],
    )
