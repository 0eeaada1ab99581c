"""Which bonuses can pay somebody something in a world, and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from commissions.engine.plan import (
    SPONSOR,
    Asks,
    BinaryRule,
    BonusRule,
    DifferentialRule,
    FullLevelRule,
    GenerationRule,
    GradeBy,
    InfinityRule,
    Leaders,
    MatchingRule,
    PersonalRule,
    PoolRule,
    Rates,
    Requirement,
    Requirements,
    RewardRule,
    StructureRule,
    Term,
    UnilevelRule,
)
from commissions.plan.exact import shown_points
from commissions.plan.lawful.made_of import Region
from commissions.plan.lawful.reach import Reached, Trial, Way

ACTIVE = Requirement("active", (Term(Asks.ACTIVE),))


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of earner that is paid something: its number, what it asks, and its rates."""

    number: int
    asks: Requirements
    row: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paid:
    """A bonus that can pay: which, to whom of which market, on which grade, and how.

    `row` are the rates or amounts of the grade, empty where a kind has none.
    """

    bonus: int
    market: int
    grade: int
    row: tuple[int, ...]
    way: Way


@dataclass(slots=True)
class Earned:
    """What oneself can be paid; `others` what people below can be, if the world differs for them.

    Money that is paid for something reached is taken as paid even if no sale stands behind it: that
    the engine wants one sale somewhere is no condition that anybody would notice.
    """

    reached: Reached
    others: Earned | None = None
    paid: dict[tuple[int, int], Paid] = field(default_factory=dict)
    matched: set[tuple[int, int]] = field(default_factory=set)
    """Bonuses, with markets, that can pay before the plan's own cap: that is what others match."""

    def __post_init__(self) -> None:
        plan = self.reached.plan
        for index in range(len(plan.bonuses)):
            for market in range(len(plan.markets) + 1):
                found = self._pay(index, market)
                if found is None:
                    continue
                self.matched.add((index, market))
                if not self._is_capped_to_nothing(index, market):
                    self.paid[index, market] = found

    def by(self, bonus: int) -> list[Paid]:
        """Return how a bonus can pay, one for each market in which it can."""
        return [paid for (index, _), paid in self.paid.items() if index == bonus]

    def _pay(self, index: int, market: int) -> Paid | None:
        bonus = self.reached.plan.bonuses[index]
        if self._is_limited_to_nothing(bonus, market) or not self._has_base(bonus, market):
            return None
        asked = (*(() if bonus.everybody else (ACTIVE,)), *bonus.requires[market])
        asked += self._asked_by_kind(bonus)
        for grade in self._grades(bonus, market):
            rank = grade.number if _goes_by_rank(bonus) and not _is_once(bonus) else None
            way = self.reached.way((*asked, *grade.asks), market, rank)
            if way is not None:
                return Paid(index, market, grade.number, grade.row, way)
        return None

    def _grades(self, bonus: BonusRule, market: int) -> Iterator[Grade]:
        """Yield the grades that can be somebody's and are paid anything."""
        tables = list(_tables(bonus))
        if not tables:
            if _pays_at_all(bonus, market):
                yield Grade(0, (), ())
            return
        for rates in tables:
            for number, row in enumerate(rates.table[market]):
                if any(rate > 0 for rate in row):
                    asks = self._asked_for_grade(rates, number, market, or_higher=_is_once(bonus))
                    if asks is not None:
                        yield Grade(number, asks, row)

    def _asked_for_grade(
        self, rates: Rates, grade: int, market: int, *, or_higher: bool
    ) -> Requirements | None:
        """Return what a grade asks; None if nobody can have it (`or_higher`: nor a higher rank)."""
        if rates.by == GradeBy.FIGURE:
            if grade == 0:
                return ()
            need = rates.thresholds[market][grade - 1]
            name = self.reached.plan.figures[rates.figure].name
            term = Term(Asks.AT_LEAST, rates.figure, need)
            return (Requirement(f"{name} >= {shown_points(need)}", (term,)),)
        if grade == 0:
            return ()
        ranks = self._ranks(rates.by, market)
        if grade not in ranks and not (or_higher and max(ranks, default=0) > grade):
            return None
        if rates.by == GradeBy.PAID_AS:
            name = self.reached.plan.rank_name(grade)
            return (Requirement(name, (Term(Asks.RANK, need=grade),)),)
        return ()

    def _ranks(self, by: GradeBy, market: int) -> set[int]:
        """Return the ranks that can be somebody's, of the kind that rates go by."""
        reached = self.reached
        if by == GradeBy.PAID_AS:
            return reached.paid_as(market)
        if by == GradeBy.TITLE:
            return reached.titles(market)
        if by == GradeBy.HIGHEST:
            return reached.ranks[market] | reached.before(market)
        others = reached.others or reached
        return {rank for place in range(len(others.active)) for rank in others.paid_as(place)}

    def _has_base(self, bonus: BonusRule, market: int) -> bool:
        """Tell whether there is anything that the bonus could be paid on."""
        match bonus:
            case PersonalRule():
                return self._own_base(bonus, market)
            case UnilevelRule():
                return self._below(bonus, bonus.tree, market) or (
                    not bonus.owner_left_out and self._customers_base(bonus.pays_on, market)
                )
            case DifferentialRule() | GenerationRule() | InfinityRule():
                own = self.reached.has_sales(bonus.pays_on, market)
                return own or self._below(bonus, bonus.tree, market)
            case BinaryRule():
                return self._below(bonus, bonus.tree, market)
            case MatchingRule():
                matched = {index for index, _ in (self.others or self).matched}
                return not matched.isdisjoint(bonus.of)
        return self._has_reason(bonus, market)

    def _has_reason(self, bonus: BonusRule, market: int) -> bool:
        """Tell the same of bonuses that are not paid sale by sale."""
        reached = self.reached
        match bonus:
            case PoolRule():
                shared = bonus.shares < 0 or reached.has(bonus.shares, market)
                return shared and self._anybody_has(bonus.fund_of, market)
            case FullLevelRule():
                has_base = bonus.rates.is_money or self._below(bonus, bonus.tree, market)
                return has_base and self._somebody_below(bonus.counted)
            case StructureRule():
                return self._somebody_below(bonus.person)
            case RewardRule() if bonus.for_each >= 0:
                counted = Term(Asks.AT_LEAST, bonus.for_each, 1)
                return reached.way((Requirement("", (counted,)),), market) is not None
        return True

    def _somebody_below(self, who: Requirements) -> bool:
        return self.reached.world.people and self.reached.way_of_others(who) is not None

    def _own_base(self, bonus: PersonalRule, market: int) -> bool:
        if bonus.customers_only:
            return self._customers_base(bonus.pays_on, market)
        return self.reached.has_sales(bonus.pays_on, market)

    def _customers_base(self, figure: int, market: int) -> bool:
        """Tell whether one's own customers' orders can be paid on."""
        trial = Trial(self.reached, market)
        sums = self.reached.made_of.sums[figure]
        return any(
            part.customers and count > 0 and trial.is_there(part) for part, count in sums.items()
        )

    def _below(self, bonus: BonusRule, tree: int, market: int) -> bool:
        return self.reached.has_sales(bonus.pays_on, market, below=Region(tree))

    def _anybody_has(self, figure: int, market: int) -> bool:
        reached = self.reached
        return reached.has(figure, market) or reached.has(figure, market, below=Region(SPONSOR))

    def _asked_by_kind(self, bonus: BonusRule) -> Requirements:
        match bonus:
            case GenerationRule() | InfinityRule() | MatchingRule():
                leaders = bonus.leaders or Leaders()
                return leaders.who
            case StructureRule():
                return (*bonus.person, *bonus.head)
        return ()

    def _is_limited_to_nothing(self, bonus: BonusRule, market: int) -> bool:
        """Tell whether a limit of the bonus leaves nothing in this world."""
        cap = bonus.cap
        if cap is None:
            return False
        if cap.total is not None and self._is_nothing(cap.total, cap.total_of, market):
            return True
        return cap.per_holder == 0 or _is_zero(cap.per_earner, market)

    def _is_capped_to_nothing(self, index: int, market: int) -> bool:
        """Tell whether the plan's own cap leaves nothing in this world."""
        plan = self.reached.plan
        if plan.cap is None or index not in plan.cap.inside:
            return False
        if plan.cap.per_earner[market] == 0 or plan.cap.per_holder == 0:
            return True
        payout = plan.cap.payout
        return payout is not None and self._is_nothing(payout, plan.cap.payout_of, market)

    def _is_nothing(self, limit: int, of: int, market: int) -> bool:
        return limit == 0 or (of >= 0 and not self._anybody_has(of, market))


def _tables(bonus: BonusRule) -> Iterator[Rates]:
    """Yield the tables of rates or amounts of a bonus; pools and structures have none."""
    match bonus:
        case GenerationRule():
            yield bonus.rates
            if bonus.own_group is not None:
                yield bonus.own_group
        case BinaryRule():
            if bonus.rates is not None:
                yield bonus.rates
            yield from (cycle.pays for cycle in bonus.cycles)
        case RewardRule():
            yield bonus.pays
        case PoolRule() | StructureRule():
            return
        case (
            PersonalRule()
            | UnilevelRule()
            | DifferentialRule()
            | InfinityRule()
            | MatchingRule()
            | FullLevelRule()
        ):
            yield bonus.rates


def _goes_by_rank(bonus: BonusRule) -> bool:
    """Tell whether the grade is the paid-as rank."""
    return any(rates.by == GradeBy.PAID_AS for rates in _tables(bonus))


def _is_once(bonus: BonusRule) -> bool:
    """Tell whether every rank up to the own one is paid, once in a lifetime."""
    return isinstance(bonus, RewardRule) and bonus.once


def _pays_at_all(bonus: BonusRule, market: int) -> bool:
    match bonus:
        case PoolRule():
            return bonus.fund_ppm > 0
        case StructureRule():
            return any(money > 0 for money in bonus.pays[market])
    return False


def _is_zero(rates: Rates | None, market: int) -> bool:
    """Tell whether an amount by grade is zero for every grade."""
    return rates is not None and all(amount == 0 for row in rates.table[market] for amount in row)
