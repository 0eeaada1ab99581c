"""`retail` and `personal` in a plan's text: pay on the own sales."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from commissions.engine.plan import NOT_COVERED, GradeBy, Past, PastFigure, PersonalRule, Rates
from commissions.plan import limits
from commissions.plan.bonuses.reader import BonusReader
from commissions.plan.bonuses.tables import SaleBonusTable
from commissions.plan.given import Given
from commissions.plan.meaning import Meaning
from commissions.plan.rates import LeftOut, RatesReader, threshold_of
from commissions.plan.requirements import figure_asked
from commissions.plan.texts import OnePay, RateOrMoney, VolumeText

Tiers = Annotated[dict[str, RateOrMoney], Field(min_length=1, max_length=limits.LEVELS)]


class OwnSalesTable(SaleBonusTable):
    """Pay on the own sales: one rate, or tiers by size."""

    pays_on: VolumeText
    rates: OnePay | None = None
    rates_by: str = "paid-as"
    tiers: Tiers | None = None
    tiers_by: Literal["sale", "buyer", "earner"] = "buyer"
    tier_mode: Literal["whole", "marginal"] = "whole"
    tiers_from: VolumeText | None = None


class RetailTable(OwnSalesTable):
    """Pay on the own customers' orders."""

    kind: Literal["retail"]


class PersonalTable(OwnSalesTable):
    """Pay on the own volume."""

    kind: Literal["personal"]


def retail(bonus: BonusReader) -> PersonalRule:
    """Return the rule of a `retail`."""
    return _own_sales(bonus, customers_only=True)


def personal(bonus: BonusReader) -> PersonalRule:
    """Return the rule of a `personal`."""
    return _own_sales(bonus, customers_only=False)


def _own_sales(bonus: BonusReader, *, customers_only: bool) -> PersonalRule:
    given = bonus.given
    if given.has("rates") == given.has("tiers"):
        bonus.refuse(
            "tiers", 'Either "rates" or "tiers" says what is paid.', "Write one of the two."
        )
    pays_on = bonus.pays_on()
    marginal = given.word("tier_mode") == "marginal"
    if given.has("tiers"):
        tiers = TiersReader(bonus.meaning, pays_money=not marginal)
        rates = tiers.read(bonus)
        bonus.is_money = rates.is_money
    else:
        tiers, rates = None, bonus.rates("rates")
        _refuse_tier_words(bonus)
    return PersonalRule(
        pays_on=pays_on,
        rates=rates,
        customers_only=customers_only,
        tiers=tuple(tiers.thresholds) if tiers else (),
        by_sale=tiers is not None and given.word("tiers_by") == "sale",
        by_buyer=tiers is not None and given.word("tiers_by") == "buyer",
        marginal=marginal,
        begins_with=_begins_with(bonus),
        **bonus.common(),
    )


def _refuse_tier_words(bonus: BonusReader) -> None:
    for key in ("tiers_by", "tier_mode", "tiers_from"):
        if bonus.given.has(key):
            bonus.refuse(key, "There are no tiers that this could be about.",
                         'Write "tiers" instead of "rates", or leave it out.')  # fmt: skip


def _begins_with(bonus: BonusReader) -> int:
    """Return the lifetime volume that a marginal count begins with, -1 for none."""
    text = bonus.given.text("tiers_from")
    if text is None or not bonus.given.has("tiers"):
        return -1
    words = [bonus.given.word("tier_mode"), bonus.given.word("tiers_by")]
    if words != ["marginal", "earner"]:
        bonus.refuse(
            "tiers_from", "Only a marginal count by earner can begin with earlier periods.",
            'Write tier_mode = "marginal" and tiers_by = "earner".',
        )  # fmt: skip
    volume = bonus.meaning.phrase("operand", text)
    index = None if volume is None else figure_asked(volume, bonus.meaning)
    if index is None:
        return -1
    figure = bonus.meaning.figures[index]
    if not isinstance(figure, PastFigure) or figure.past != Past.LIFETIME:
        bonus.refuse("tiers_from", f'"{text.value}" is not what a lifetime has added up.',
                     'Write "lifetime PV", or name a volume that says so.')  # fmt: skip
    return index


@dataclass(slots=True)
class TiersReader:
    """Reads tiers: thresholds by market, and a place in each grade's rates for each of them."""

    meaning: Meaning
    pays_money: bool
    thresholds: list[tuple[int, ...]] = field(default_factory=list)

    def read(self, bonus: BonusReader) -> Rates:
        """Return the rates of all tiers, for every grade alike; `thresholds` has the sizes."""
        reader = RatesReader(self.meaning, bonus.grade)
        own = self._tiers(bonus.given, reader)
        rows = [own]
        for override in bonus.overrides:
            if isinstance(override, LeftOut):
                self.thresholds.append(self.thresholds[0])
                rows.append([NOT_COVERED] * len(own))
            elif override is not None and override.has("tiers"):
                rows.append(self._tiers(override, reader))
                if len(rows[-1]) != len(own):
                    self.meaning.mistakes.add(
                        override.place("tiers"), override.name("tiers"),
                        "Every market has the same number of tiers.", f"Write {len(own)} tiers.",
                    )  # fmt: skip
            else:
                self.thresholds.append(self.thresholds[0])
                rows.append(own)
        if reader.is_money and not self.pays_money:
            bonus.refuse("tiers", "Money cannot be paid for a part of a sale.",
                         'Write per cents, or tier_mode = "whole".')  # fmt: skip
        grades = len(self.meaning.ranks) + 1
        return Rates(
            GradeBy.PAID_AS,
            tuple((tuple(row),) * grades for row in rows),
            is_money=bool(reader.is_money),
        )

    def _tiers(self, given: Given, reader: RatesReader) -> list[int]:
        thresholds: list[int] = []
        row: list[int] = []
        path = given.name("tiers")
        for text, entry in given.entries("tiers").items():
            thresholds += threshold_of(text, entry.place, path, thresholds, self.meaning)
            row.append(reader.one(entry.node, path))
        self.thresholds.append(tuple(thresholds))
        return row
