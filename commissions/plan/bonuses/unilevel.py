"""`unilevel` and `fast-start` in a plan's text: pay on the sales of so many levels."""

from __future__ import annotations

from typing import Literal

from commissions.engine.plan import (
    ENROLLER,
    GradeBy,
    OrderOf,
    SaleTime,
    TimeOf,
    UnilevelRule,
)
from commissions.plan import limits
from commissions.plan.bonuses.reader import BonusReader
from commissions.plan.bonuses.tables import BuyerCapTable, CompressionWord, SaleBonusTable
from commissions.plan.phrases import said
from commissions.plan.texts import PaysByLevel, RankName, TreeName, VolumeName, WithinText


class UnilevelTable(SaleBonusTable):
    """Pay on the sales of so many levels."""

    kind: Literal["unilevel"]
    cap: BuyerCapTable | None = None
    tree: TreeName = "sponsor"
    pays_on: VolumeName
    compression: CompressionWord
    owner: Literal["is level 1", "is left out"] = "is level 1"
    levels: Literal["recounted", "of the tree"] = "recounted"
    rates: PaysByLevel
    rates_by: str = "paid-as"
    stop_at: RankName | None = None


class FastStartTable(SaleBonusTable):
    """Pay on the sales of newcomers."""

    kind: Literal["fast-start"]
    cap: BuyerCapTable | None = None
    tree: TreeName = "enroller"
    pays_on: VolumeName
    compression: CompressionWord = "none"
    owner: Literal["is level 1", "is left out"] = "is level 1"
    rates: PaysByLevel
    rates_by: str = "paid-as"
    within: WithinText


def unilevel(bonus: BonusReader) -> UnilevelRule:
    """Return the rule of a `unilevel`."""
    of_the_tree = bonus.given.word("levels") == "of the tree"
    if of_the_tree and bonus.given.word("compression") == "none":
        bonus.refuse(
            "levels", "Without compression nothing rolls up.",
            'Write compression = "inactive" or "dynamic", or leave "levels" out.',
        )  # fmt: skip
    rates = bonus.rates("rates")
    if rates.by == GradeBy.SELLER and rates.is_money:
        bonus.refuse("rates_by", "Money by the seller's rank is not paid.",
                     'Write per cents, or take "rates_by" out.')  # fmt: skip
    return UnilevelRule(
        tree=bonus.tree(),
        pays_on=bonus.pays_on(),
        compression=bonus.compression(),
        of_the_tree=of_the_tree,
        owner_left_out=bonus.given.word("owner") == "is left out",
        rates=rates,
        stop_at=bonus.rank("stop_at"),
        **bonus.common(),
    )


def fast_start(bonus: BonusReader) -> UnilevelRule:
    """Return the rule of a `fast-start`: a unilevel that looks at some of the sales."""
    return UnilevelRule(
        tree=bonus.tree(ENROLLER),
        pays_on=bonus.pays_on(),
        compression=bonus.compression(),
        owner_left_out=bonus.given.word("owner") == "is left out",
        rates=bonus.rates("rates"),
        when=_within(bonus),
        **bonus.common(),
    )


def _within(bonus: BonusReader) -> SaleTime:
    text = bonus.given.text("within")
    phrase: said.Within | None = bonus.meaning.phrase("within", text) if text else None
    if text is None or phrase is None:
        return SaleTime()
    if phrase.number is None:
        return SaleTime(orders=OrderOf.FIRST)
    what, most = ("months", limits.MONTHS) if phrase.in_months else ("days", limits.DAYS)
    count = bonus.meaning.whole(phrase.number, text, what, most)
    time = TimeOf.WITHIN_MONTHS if phrase.in_months else TimeOf.WITHIN_DAYS
    return SaleTime(time=time, count=count or 0)
