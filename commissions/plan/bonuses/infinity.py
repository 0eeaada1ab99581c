"""`infinity` in a plan's text: pay on everything below, down to the next who is paid it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from commissions.engine.plan import InfinityRule
from commissions.plan import limits
from commissions.plan.bonuses.generations import check_generations
from commissions.plan.bonuses.reader import BonusReader
from commissions.plan.bonuses.tables import CompressionWord, SaleBonusTable
from commissions.plan.texts import OneRate, SomeRequirements, TreeName, VolumeName


class InfinityTable(SaleBonusTable):
    """Pay on everything below a level or generation, down to the next who is paid it."""

    kind: Literal["infinity"]
    tree: TreeName = "sponsor"
    pays_on: VolumeName
    counted_in: Literal["levels", "generations"] = "levels"
    begins: Annotated[int, Field(ge=0, le=limits.LEVELS, alias="from")]
    leaders: SomeRequirements | None = None
    leader_sales: Literal["own group", "group above"] = "own group"
    compression: CompressionWord = "none"
    rates: OneRate
    rates_by: str = "paid-as"
    blocking: Literal["difference", "first"] = "difference"


def infinity(bonus: BonusReader) -> InfinityRule:
    """Return the rule of an `infinity`."""
    given = bonus.given
    in_generations = check_generations(bonus)
    if in_generations and given.has("compression"):
        bonus.refuse("compression", "Nobody is skipped where generations are counted.",
                     "Leave it out.")  # fmt: skip
    if not in_generations and given.has("from") and given.number("from") == 0:
        bonus.refuse("from", "The first level is level 1.", "Write 1 or more.")
    return InfinityRule(
        tree=bonus.tree(),
        pays_on=bonus.pays_on(),
        rates=bonus.rates("rates"),
        begins=given.number("from"),
        leaders=bonus.leaders(by_rank_too=False) if in_generations else None,
        compression=bonus.compression(),
        first_takes_all=given.word("blocking") == "first",
        **bonus.common(),
    )
