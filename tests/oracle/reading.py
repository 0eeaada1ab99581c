"""Reads a correct plan. Mistakes are the business of the real reader; here they are a KeyError."""

import re
import tomllib
from fractions import Fraction
from typing import Any

from tests.oracle.model import (
    CustomersAtLeast,
    IsActive,
    PersonalVolume,
    Plan,
    Rank,
    Requirement,
    Unilevel,
    VolumeAtLeast,
)
from tests.oracle.money import DECIMALS, ROUNDINGS, per_cent

WHOSE = {
    "own": (True, False),
    "customers'": (False, True),
    "own and customers'": (True, True),
}


def read_plan(text: str) -> Plan:
    """Return the plan that the TOML says, with what it leaves out filled in."""
    toml = tomllib.loads(text)
    volume = {
        "PV": "pv of own and customers' orders",
        "CV": "cv of own and customers' orders",
        "GV": "PV of self and downline",
        **toml.get("volume", {}),
    }
    return Plan(
        decimals=DECIMALS[toml["currency"]],
        point_value=Fraction(toml.get("point_value", "1.00")),
        rounded=ROUNDINGS[toml.get("rounding", "half away from zero")],
        personal={name: personal_volume(volume[name]) for name in ("PV", "CV")},
        group_of=volume["GV"].removesuffix(" of self and downline"),
        active=[requirement(phrase) for phrase in toml.get("active", {}).get("require", [])],
        ranks=[
            Rank(rank["name"], [requirement(phrase) for phrase in rank["require"]])
            for rank in toml.get("rank", [])
        ],
        bonuses=[unilevel(bonus) for bonus in toml.get("bonus", [])],
    )


def personal_volume(phrase: str) -> PersonalVolume:
    """
    >>> personal_volume("cv of customers' orders")
    PersonalVolume(column='cv', own=False, customers=True)
    """
    column, whose = phrase.removesuffix(" orders").split(" of ")
    own, customers = WHOSE[whose]
    return PersonalVolume(column, own, customers)


def requirement(phrase: str) -> Requirement:
    """
    >>> requirement("customers with PV >= 40 are at least 3")
    CustomersAtLeast(volume='PV', points=Fraction(40, 1), number=3)
    """
    if phrase == "active":
        return IsActive()
    if found := re.fullmatch(r"(PV|CV|GV) >= ([\d.]+)", phrase):
        return VolumeAtLeast(found[1], Fraction(found[2]))
    if found := re.fullmatch(r"customers with (PV|CV) >= ([\d.]+) are at least (\d+)", phrase):
        return CustomersAtLeast(found[1], Fraction(found[2]), int(found[3]))
    raise KeyError(phrase)


def unilevel(bonus: dict[str, Any]) -> Unilevel:
    rates = bonus["rates"]
    by_rank = rates if isinstance(rates, dict) else {None: rates}
    return Unilevel(
        name=bonus["name"],
        pays_on=bonus["pays_on"],
        compression=bonus["compression"],
        rates={rank: [per_cent(rate) for rate in levels] for rank, levels in by_rank.items()},
    )
