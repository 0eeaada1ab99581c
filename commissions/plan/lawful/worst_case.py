"""The most that one unit of commissionable value can pay, all bonuses together: an upper bound.

Every sale pays the highest rate that anybody on its way up could have, on every level. What no
rate bounds (pairs of legs, money for something reached) has no limit, unless a cap in per cents of
a sale volume gives it one. Deductions and limits in money are not looked at: they bound no share.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from typing_extensions import override

from commissions.engine.plan import (
    BinaryRule,
    BonusRule,
    DifferentialRule,
    FullLevelRule,
    GenerationRule,
    GradeBy,
    InfinityRule,
    MatchingRule,
    PersonalRule,
    Plan,
    PoolRule,
    Rates,
    SaleTime,
    UnilevelRule,
)
from commissions.engine.rounding import PPM
from commissions.plan.exact import shown_rate
from commissions.plan.lawful.cells import Cell, Times, counted
from commissions.plan.lawful.earning import Earned
from commissions.plan.lawful.made_of import MadeOf

Shares = list[Fraction] | None
"""What is paid of each kind of sale; None: without a limit."""
NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Share:
    """What one bonus pays of the sale on which all together pay most; None: no limit."""

    bonus: str
    share: Fraction | None
    by_cap: bool = False


@dataclass(frozen=True, slots=True)
class WorstCase:
    """What all bonuses together can pay at most, of the kind of sale on which that is most.

    `share` is a part of the whole, None: there is no limit. `parts` are what the bonuses pay of
    such a sale before the plan's own cap; `capped` tells whether that cap makes the bound.
    """

    share: Fraction | None
    sale: str
    parts: tuple[Share, ...]
    capped: bool = False

    @override
    def __str__(self) -> str:
        listed = ", ".join(f"{part.bonus} {shown(part.share)}" for part in self.parts)
        capped = f"; the plan's cap leaves {shown(self.share)}" if self.capped else ""
        if not self.parts:
            return "nothing"
        of_sale = "" if self.share is None else f" of {self.sale}"
        return f"{shown(self.share)}{of_sale}: {listed}{capped}"


def shown(share: Fraction | None) -> str:
    """Return a part of the whole as a per cent, rounded up to four decimals.

    >>> shown(Fraction(1, 3)), shown(None)
    ('33.3334%', 'no limit')
    """
    return "no limit" if share is None else shown_rate(-(-share * PPM // 1))


@dataclass(slots=True)
class Sales:
    """The kinds of sales that a plan's pay tells apart, and how much of each a volume counts."""

    plan: Plan
    made_of: MadeOf
    times: Times = field(init=False)
    cells: list[Cell] = field(init=False)
    _counted: dict[int, Shares] = field(default_factory=dict)

    def __post_init__(self) -> None:
        plan, sums = self.plan, self.made_of.sums
        figures = {bonus.pays_on for bonus in plan.bonuses if bonus.pays_on >= 0}
        figures |= {bonus.fund_of for bonus in plan.bonuses if isinstance(bonus, PoolRule)}
        figures |= {bonus.cap.total_of for bonus in plan.bonuses if bonus.cap is not None}
        figures |= {plan.cap.payout_of} if plan.cap is not None else set()
        whens = [part.when for figure in figures - {-1} for part in sums[figure]]
        whens += [bonus.when for bonus in plan.bonuses if isinstance(bonus, UnilevelRule)]
        self.times = Times(whens)
        self.cells = self.times.cells()

    def counted(self, figure: int) -> Shares:
        """Return how much of each kind of sale a volume counts; None: again and again."""
        if figure not in self._counted:
            found = [counted(self.made_of, figure, cell) for cell in self.cells]
            whole = [share for share in found if share is not None]
            self._counted[figure] = whole if len(whole) == len(found) else None
        return self._counted[figure]


def worst_case(earned: Earned, sales: Sales, market: int) -> WorstCase:
    """Return the most that earners of one market can be paid of sales; market 0 is none by name.

    `earned` is what can be paid at all, where anything can be.
    """
    return Bound(earned, sales, market).worst_case()


@dataclass(slots=True)
class Bound:
    """Works out the worst case, kind of sale by kind of sale."""

    earned: Earned
    sales: Sales
    market: int
    shares: list[Shares] = field(default_factory=list)
    by_cap: list[bool] = field(default_factory=list)

    @property
    def plan(self) -> Plan:
        """Return the plan."""
        return self.sales.plan

    @property
    def cells(self) -> list[Cell]:
        """Return the kinds of sales."""
        return self.sales.cells

    def worst_case(self) -> WorstCase:
        """Return the bound, at the kind of sale where it is highest."""
        for index, bonus in enumerate(self.plan.bonuses):
            can_pay = (index, self.market) in self.earned.matched
            before: Shares = self._of(bonus) if can_pay else [NOTHING for _ in self.cells]
            after = self._limited(before, bonus)
            self.shares.append(after)
            self.by_cap.append(after is not before)
        total: Shares = [NOTHING for _ in self.cells]
        capped = False
        for shares, by_cap in self._by_rhythm():
            total, capped = _added(total, shares), capped or by_cap
        at = 0 if total is None else max(range(len(self.cells)), key=total.__getitem__)
        return WorstCase(
            share=None if total is None else total[at],
            sale=self.cells[at].words(self.sales.times) if total is not None else "any order",
            parts=tuple(self._parts(at)),
            capped=capped,
        )

    def _parts(self, at: int) -> Iterable[Share]:
        for bonus, shares, by_cap in zip(
            self.plan.bonuses, self.shares, self.by_cap, strict=True
        ):  # fmt: skip
            if shares is None or shares[at]:
                yield Share(bonus.name, None if shares is None else shares[at], by_cap)

    def _by_rhythm(self) -> Iterable[tuple[Shares, bool]]:
        """Yield what the bonuses of each rhythm pay, and whether the plan's cap bounds it.

        The plan's cap is of each run by itself, so it holds for each rhythm by itself.
        """
        cap = self.plan.cap
        for cadence in dict.fromkeys(bonus.cadence for bonus in self.plan.bonuses):
            inside: Shares = [NOTHING for _ in self.cells]
            outside: Shares = [NOTHING for _ in self.cells]
            for index, bonus in enumerate(self.plan.bonuses):
                if bonus.cadence == cadence and cap is not None and index in cap.inside:
                    inside = _added(inside, self.shares[index])
                elif bonus.cadence == cadence:
                    outside = _added(outside, self.shares[index])
            limit = None
            if cap is not None and cap.payout is not None:
                limit = self._limit(cap.payout, cap.payout_of)
            lower = _lower(inside, limit)
            yield _added(lower, outside), lower is not inside

    def _of(self, bonus: BonusRule) -> Shares:
        """Return what a bonus pays of each kind of sale, its own cap apart."""
        rate = self._rate(bonus)
        if rate == 0:
            return [NOTHING for _ in self.cells]
        if isinstance(bonus, MatchingRule):
            matched: Shares = [NOTHING for _ in self.cells]
            for index in bonus.of:
                matched = _added(matched, self.shares[index])
            return _times(matched, rate)
        figure = bonus.fund_of if isinstance(bonus, PoolRule) else bonus.pays_on
        shares = self.sales.counted(figure) if rate is not None else None
        return _times(self._narrowed(shares, bonus), rate)

    def _narrowed(self, shares: Shares, bonus: BonusRule) -> Shares:
        """Return the same without the sales that a bonus does not look at."""
        if shares is None:
            return None
        when = bonus.when if isinstance(bonus, UnilevelRule) else SaleTime()
        customers_only = isinstance(bonus, PersonalRule) and bonus.customers_only
        return [
            share if cell.has(when) and (cell.customers or not customers_only) else NOTHING
            for cell, share in zip(self.cells, shares, strict=True)
        ]

    def _limited(self, shares: Shares, bonus: BonusRule) -> Shares:
        """Return the same under the bonus's own cap on all pay, whichever bounds more."""
        if bonus.cap is None or bonus.cap.total is None:
            return shares
        return _lower(shares, self._limit(bonus.cap.total, bonus.cap.total_of))

    def _limit(self, limit: int, of: int) -> Shares:
        """Return what a limit leaves of each kind of sale; one in money leaves everything."""
        if limit == 0:
            return [NOTHING for _ in self.cells]
        return None if of < 0 else _times(self.sales.counted(of), Fraction(limit, PPM))

    def _rate(self, bonus: BonusRule) -> Fraction | None:
        """Return what all earners together are paid of a base at most; None: there is no limit."""
        part = Fraction(bonus.part_ppm, PPM)
        match bonus:
            case PersonalRule():
                return self._personal(bonus, part)
            case UnilevelRule() | MatchingRule() | FullLevelRule():
                return _part_of(part, self._levels(bonus.rates))
            case DifferentialRule() | InfinityRule():
                return _part_of(part, self._levels(bonus.rates))
            case GenerationRule():
                return _part_of(part, self._generations(bonus))
            case PoolRule():
                places = Fraction(sum(bonus.places_ppm), PPM) if bonus.places_ppm else 1
                return Fraction(bonus.fund_ppm, PPM) * places
            case BinaryRule():
                tables = [*([bonus.rates] if bonus.rates else []), *(c.pays for c in bonus.cycles)]
                return None if any(self._pays(rates) for rates in tables) else NOTHING
        return None

    def _pays(self, rates: Rates) -> bool:
        return any(rate > 0 for row in rates.table[self.market] for rate in row)

    def _levels(self, rates: Rates) -> Fraction | None:
        """Return the highest rates of all levels together; of money there is no limit."""
        if rates.is_money:
            return None if self._pays(rates) else NOTHING
        rows = [[max(rate, 0) for rate in row] for row in rates.table[self.market]]
        if rates.by == GradeBy.SELLER:
            return Fraction(max(map(sum, rows), default=0), PPM)
        return Fraction(sum(map(max, zip(*rows, strict=True))), PPM)

    def _personal(self, bonus: PersonalRule, part: Fraction) -> Fraction | None:
        rates = bonus.rates
        rows = rates.table[self.market]
        if not rates.is_money:
            return part * Fraction(max(0, *(rate for row in rows for rate in row)), PPM)
        if not self._pays(rates):
            return NOTHING
        tiers = bonus.tiers[self.market] if bonus.tiers else ()
        if not bonus.by_sale or 0 in tiers or not tiers:
            return None
        worth = Fraction(self.plan.point_num, self.plan.point_den * 100)
        return max(
            Fraction(max(money, 0)) / (tier * worth)
            for row in rows
            for tier, money in zip(tiers, row, strict=True)
        )

    def _generations(self, bonus: GenerationRule) -> Fraction:
        """Return what leaders are paid together; rank by rank, if the earner's own makes them."""
        least = bonus.minimum_ppm if bonus.less_leader else 0
        tables = [rates for rates in (bonus.own_group, bonus.rates) if rates is not None]
        total = 0
        for rates in tables:
            floor = least if rates is bonus.rates else 0
            rows = [
                [max(rate, floor if rate >= 0 else 0) for rate in row]
                for row in rates.table[self.market]
            ]
            if bonus.leaders.rank_of_earner:
                total += sum(map(sum, rows))
            else:
                total += sum(map(max, zip(*rows, strict=True)))
        return Fraction(total, PPM)


def _part_of(part: Fraction, rate: Fraction | None) -> Fraction | None:
    return None if rate is None else part * rate


def _added(first: Shares, second: Shares) -> Shares:
    if first is None or second is None:
        return None
    return [one + other for one, other in zip(first, second, strict=True)]


def _times(shares: Shares, rate: Fraction | None) -> Shares:
    return None if shares is None or rate is None else [share * rate for share in shares]


def _lower(shares: Shares, limit: Shares) -> Shares:
    """Return whichever bounds more; both bound the whole, so they cannot be mixed sale by sale."""
    if limit is None or (shares is not None and max(shares) <= max(limit)):
        return shares
    return limit
