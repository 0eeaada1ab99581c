"""`full-level` in a plan's text: pay for a level of a matrix that is full."""

from __future__ import annotations

from typing import Literal

from commissions.engine.plan import Asks, FullLevelRule, Requirement, Term, TreeKind
from commissions.plan.bonuses.reader import BonusReader
from commissions.plan.bonuses.tables import GroupBonusTable
from commissions.plan.texts import PaysByLevel, Rate, SomeRequirements, TreeName, VolumeName


class FullLevelTable(GroupBonusTable):
    """Pay for a level of a matrix that is full."""

    kind: Literal["full-level"]
    part: Rate = "100%"
    tree: TreeName
    pays_on: VolumeName
    counted: SomeRequirements = ["active"]
    rates: PaysByLevel
    rates_by: str = "paid-as"
    once: bool = False


def full_level(bonus: BonusReader) -> FullLevelRule:
    """Return the rule of a `full-level`."""
    active = (Requirement("active", (Term(Asks.ACTIVE),)),)
    return FullLevelRule(
        tree=bonus.tree(-1, (TreeKind.BINARY, TreeKind.MATRIX)),
        pays_on=bonus.pays_on(),
        counted=bonus.others("counted") if bonus.given.has("counted") else active,
        rates=bonus.rates("rates"),
        once=bonus.given.flag("once"),
        **bonus.common(),
    )
