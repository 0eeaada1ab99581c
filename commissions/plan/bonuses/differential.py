"""`differential` in a plan's text: pay the difference between rates on the way up."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from commissions.engine.plan import DifferentialRule
from commissions.plan import limits
from commissions.plan.bonuses.reader import BonusReader
from commissions.plan.bonuses.tables import SaleBonusTable
from commissions.plan.texts import OneRate, RankName, TreeName, VolumeName


class DifferentialTable(SaleBonusTable):
    """Pay the difference between rates on the way up."""

    kind: Literal["differential"]
    tree: TreeName = "sponsor"
    pays_on: VolumeName
    rates: OneRate
    rates_by: str = "paid-as"
    buyer: Literal["is paid", "counts", "is left out"] = "is paid"
    from_level: Annotated[int, Field(ge=0, le=limits.LEVELS)] = 0
    lower_levels: Literal["count", "do not count"] = "count"
    unqualified: Literal["pass up", "block"] = "pass up"
    breakaway: RankName | None = None


def differential(bonus: BonusReader) -> DifferentialRule:
    """Return the rule of a `differential`."""
    buyer = bonus.given.word("buyer")
    if bonus.given.has("lower_levels") and bonus.given.number("from_level") == 0:
        bonus.refuse("lower_levels", "There are no levels below the first that is paid.",
                     'Write "from_level", or leave it out.')  # fmt: skip
    return DifferentialRule(
        tree=bonus.tree(),
        pays_on=bonus.pays_on(),
        rates=bonus.rates("rates"),
        buyer_paid=buyer == "is paid",
        buyer_counts=buyer != "is left out",
        from_level=bonus.given.number("from_level"),
        lower_count=bonus.given.word("lower_levels") == "count",
        unqualified_block=bonus.given.word("unqualified") == "block",
        breakaway=bonus.rank("breakaway"),
        **bonus.common(),
    )
