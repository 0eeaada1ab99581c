"""`generation` in a plan's text: pay on so many generations of leaders."""

from __future__ import annotations

from typing import Literal

from commissions.engine.plan import GenerationRule, GradeBy
from commissions.plan.bonuses.reader import BonusReader
from commissions.plan.bonuses.tables import CompressionWord, SaleBonusTable
from commissions.plan.texts import (
    Leaders,
    OneRate,
    Points,
    Rate,
    RatesByLevel,
    TreeName,
    VolumeName,
)


class GenerationTable(SaleBonusTable):
    """Pay on so many generations of leaders."""

    kind: Literal["generation"]
    tree: TreeName = "sponsor"
    pays_on: VolumeName
    leaders: Leaders
    leader_sales: Literal["own group", "group above"] = "own group"
    rates: RatesByLevel
    rates_by: str = "paid-as"
    own_group: OneRate | None = None
    compression: CompressionWord = "none"
    less_leader: bool = False
    minimum: Rate = "0%"
    guarantee: Points | None = None


def generation(bonus: BonusReader) -> GenerationRule:
    """Return the rule of a `generation`."""
    given = bonus.given
    leaders = bonus.leaders(by_rank_too=True)
    less_leader = given.flag("less_leader")
    if less_leader and bonus.grade.by == GradeBy.FIGURE:
        bonus.refuse("less_leader", "Only rates by rank can be taken off each other.",
                     'Leave it out, or write rates_by = "paid-as".')  # fmt: skip
    if given.has("minimum") and not less_leader:
        bonus.refuse("minimum", "Nothing is taken off here that would need a minimum.",
                     "Write less_leader = true, or leave it out.")  # fmt: skip
    if given.has("guarantee"):
        _check_guarantee(bonus, by_rank=leaders.rank_of_earner)
    return GenerationRule(
        tree=bonus.tree(),
        pays_on=bonus.pays_on(),
        leaders=leaders,
        rates=bonus.rates("rates"),
        own_group=bonus.rates("own_group") if given.has("own_group") else None,
        compression=bonus.compression(),
        less_leader=less_leader,
        minimum_ppm=bonus.rate("minimum"),
        guarantee=bonus.points("guarantee"),
        **bonus.common(),
    )


def _check_guarantee(bonus: BonusReader, *, by_rank: bool) -> None:
    if by_rank:
        bonus.refuse(
            "guarantee", "A guarantee needs leaders who are leaders for everybody.",
            'Write requirements for "leaders", or leave it out.',
        )  # fmt: skip
    if bonus.given.word("round_at") != "line":
        bonus.refuse(
            "guarantee", "A guarantee moves rounded amounts, line by line.",
            'Write round_at = "line", or leave it out.',
        )  # fmt: skip
