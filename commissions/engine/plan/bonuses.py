"""The kinds of bonus, one rule each. `fast-start` is a unilevel, `retail` a personal bonus.

`pays_on` is a place in `Plan.figures` of a sale figure, -1 where a kind pays on none.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from commissions.engine.plan.figures import SaleTime
from commissions.engine.plan.rates import Rates
from commissions.engine.plan.tests import Requirements
from commissions.engine.plan.trees import SPONSOR
from commissions.engine.plan.words import ByMarket, Compression, OnReturn, RoundAt


@dataclass(frozen=True, slots=True)
class Cap:
    """A bonus's limits, in smallest units; None: none.

    `per_earner` is money by grade (one level). `per_buyer` is by level. `total` is an amount, or
    with `total_of` (a figure) that many parts per million of its worth over everybody.
    """

    per_earner: Rates | None = None
    per_holder: int | None = None
    per_buyer: tuple[int, ...] = ()
    total: int | None = None
    total_of: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class BonusRule:
    """What every kind of bonus has.

    `everybody`: activity does not matter for being paid it. `part_ppm`: only this part of a base is
    paid on. `cadence` is empty for the plan's own.
    """

    name: str
    requires: ByMarket[Requirements] = ((),)
    everybody: bool = False
    round_at: RoundAt = RoundAt.LINE
    on_return: OnReturn = OnReturn.LINE
    cadence: str = ""
    part_ppm: int = 1_000_000
    cap: Cap | None = None
    pays_on: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class UnilevelRule(BonusRule):
    """Pay on the sales of so many levels; `when` narrows the sales (fast start).

    `owner_left_out`: a customer's order, too, begins at the parent of its owner.
    """

    tree: int = SPONSOR
    compression: Compression
    rates: Rates
    of_the_tree: bool = False
    owner_left_out: bool = False
    stop_at: int = 0
    when: SaleTime = field(default_factory=SaleTime)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalRule(BonusRule):
    """Pay on the own sales: `rates` of one level, or tiers.

    `tiers` are thresholds (hundredths) and `rates` then has a place for each tier, in each grade
    alike. `by_sale`, `by_buyer`, neither (the earner): whose size. `begins_with` is the lifetime
    figure that a marginal count starts from, -1: from nothing.
    """

    rates: Rates
    customers_only: bool = False
    tiers: ByMarket[tuple[int, ...]] = ()
    by_sale: bool = False
    by_buyer: bool = False
    marginal: bool = False
    begins_with: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferentialRule(BonusRule):
    """Pay the difference between one's own rate and the highest so far on the way up."""

    tree: int = SPONSOR
    rates: Rates
    buyer_paid: bool = True
    buyer_counts: bool = True
    from_level: int = 0
    lower_count: bool = True
    unqualified_block: bool = False
    breakaway: int = 0


@dataclass(frozen=True, slots=True)
class Leaders:
    """Who is a leader: `who`, or (`rank_of_earner`) whoever has the earner's rank or a higher one.

    `sales_above`: a leader's own sales belong to the group of the leader above.
    """

    who: Requirements = ()
    rank_of_earner: bool = False
    sales_above: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationRule(BonusRule):
    """Pay on generations of leaders; `rates` by generation, `own_group` of one place.

    `guarantee` is in hundredths of a point, 0: none.
    """

    tree: int = SPONSOR
    leaders: Leaders
    rates: Rates
    own_group: Rates | None = None
    compression: Compression = Compression.NONE
    less_leader: bool = False
    minimum_ppm: int = 0
    guarantee: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InfinityRule(BonusRule):
    """Pay on everything from a level or (with `leaders`) generation on, as far as the next one."""

    tree: int = SPONSOR
    rates: Rates
    begins: int
    leaders: Leaders | None = None
    compression: Compression = Compression.NONE
    first_takes_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingRule(BonusRule):
    """Pay a share of what others are paid by the bonuses `of` (places in `Plan.bonuses`)."""

    of: tuple[int, ...]
    tree: int = SPONSOR
    compression: Compression
    rates: Rates
    leaders: Leaders | None = None


@dataclass(frozen=True, slots=True)
class Cycle:
    """A step of pairing: hundredths off the strong and the weak leg, `times` (0: without end).

    `pays` has one place: money, or a rate of `of` hundredths.
    """

    strong: int
    weak: int
    times: int
    pays: Rates
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BinaryRule(BonusRule):
    """Pay on two legs that are paired: by `rates` of the weaker leg, or by `cycles`.

    Limits of 0 are none. `own_volume`: 0 nowhere, 1 left, 2 right, 3 the weaker leg. `carry`: 0
    both legs, 1 the weaker, 2 nothing. `unqualified`: 0 carry, 1 add nothing, 2 lose the
    stronger, 3 lose both, 4 use up.
    """

    tree: int
    own_volume: int = 0
    rates: Rates | None = None
    ratio: bool = False
    cycles: tuple[Cycle, ...] = ()
    steps_for_good: bool = False
    most_cycles: int = 0
    beyond_used_up: bool = False
    carry: int = 0
    carry_most: int = 0
    carry_expires: int = 0
    unqualified: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FullLevelRule(BonusRule):
    """Pay for each level of a matrix that is full of people who meet `counted`."""

    tree: int
    counted: Requirements
    rates: Rates
    once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureRule(BonusRule):
    """Pay money for a filled shape; `pays[stage - 1]`, by market."""

    tree: int
    width: int
    person: Requirements
    head: Requirements
    pays: ByMarket[tuple[int, ...]]
    each: bool = False
    sets: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRule(BonusRule):
    """Part a fund: `fund_ppm` of the worth of figure `fund_of` over everybody.

    `shares` is a figure, -1: equal shares. `places_ppm` parts it by ranking instead.
    """

    fund_of: int
    fund_ppm: int
    shares: int = -1
    places_ppm: tuple[int, ...] = ()
    rest_kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardRule(BonusRule):
    """Pay fixed money for something reached: `pays` of one place.

    `for_each` counts people and is a place in `Plan.figures` (-1: once). `within` counts to the
    last day of the period: (days, months), 0: no limit.
    """

    pays: Rates
    once: bool = False
    for_each: int = -1
    within_days: int = 0
    within_months: int = 0
    tree: int = SPONSOR
