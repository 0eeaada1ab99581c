"""Plans that ask for everything the engine has, for warming it up and for tests.

They are not read from text: the engine knows no parser. Amounts are small and mean nothing.
"""

from __future__ import annotations

from commissions.engine.plan import (
    ENROLLER,
    NOT_COVERED,
    OR,
    PEOPLE,
    SPONSOR,
    Asks,
    BinaryRule,
    BonusRule,
    Cap,
    CompressedFigure,
    Compression,
    CustomersFigure,
    Cycle,
    Deduction,
    DifferentialRule,
    Do,
    Figure,
    FullLevelRule,
    GenerationRule,
    GradeBy,
    GroupFigure,
    InfinityRule,
    JoinedFigure,
    Keeping,
    Leaders,
    LevelsFigure,
    LimitedFigure,
    MatchingRule,
    MixFigure,
    OrderOf,
    Past,
    PastFigure,
    Pay,
    PayKind,
    PeopleFigure,
    PersonalRule,
    Plan,
    PlanCap,
    PoolRule,
    Rank,
    RankBeforeFigure,
    Rates,
    Requirement,
    Requirements,
    ReserveFigure,
    RewardRule,
    RoundAt,
    SaleFigure,
    SaleMix,
    SaleTime,
    Scope,
    Step,
    StructureRule,
    Term,
    TimeOf,
    TreeKind,
    TreeRule,
    UnilevelRule,
    Whose,
)
from commissions.engine.rounding import PPM, Rounding

BINARY, MATRIX, PASSED = 2, 3, 4
PV, CV, GV = 0, 1, 2
ACTIVE: Requirements = (Requirement("active", (Term(Asks.ACTIVE),)),)


def at_least(figure: int, need: int) -> Requirements:
    """Return the requirement that a figure is so much."""
    return (Requirement("", (Term(Asks.AT_LEAST, figure, need),)),)


def ranked(asks: Asks = Asks.RANK) -> Requirements:
    """Return the requirement of rank number 1."""
    return (Requirement("", (Term(asks),)),)


def rates(*levels: int, money: bool = False, by: GradeBy = GradeBy.PAID_AS) -> Rates:
    """Return one list of rates, the same for every grade."""
    return Rates(by=by, table=((levels,),), is_money=money)


VOLUMES: tuple[Figure, ...] = (
    SaleFigure("PV", 0, Whose.BOTH),
    SaleFigure("CV", 1, Whose.BOTH),
    GroupFigure("GV", PV, Scope.SELF_AND_DOWNLINE),
    SaleFigure("NEW", 1, Whose.CUSTOMERS, SaleTime(OrderOf.FIRST, TimeOf.WITHIN_DAYS, 60)),
    SaleMix("BASE", ((PPM, CV), (-300_000, 3))),
    MixFigure("REST", ((PPM, GV), (-500_000, PV))),
    CustomersFigure("customers", CV, 100),
    JoinedFigure("months since joining", in_months=True),
    ReserveFigure("EV", PV, 1500, 10000, 5000),
    *(PastFigure(past.name, PV, past, 3 * (past == Past.LAST)) for past in Past),
    *(
        GroupFigure(f"{scope.name} {tree}", PV, scope, tree, low=1, high=2)
        for tree, first, last in (
            (SPONSOR, Scope.DOWNLINE, Scope.ALL_BUT_LARGEST),
            (MATRIX, Scope.SELF_AND_DOWNLINE, Scope.ALL_BUT_LARGEST),
            (BINARY, Scope.LEFT_LEG, Scope.STRONGER_LEG),
        )
        for scope in Scope
        if first <= scope <= last
    ),
)
"""What is known before activity."""

COUNTED: tuple[Figure, ...] = (
    PeopleFigure("frontline", Scope.FRONTLINE, ACTIVE),
    PeopleFigure("downline", Scope.DOWNLINE, ACTIVE),
    PeopleFigure("levels", Scope.DOWNLINE, ranked(), levels=2),
    PeopleFigure("legs", Scope.LEGS, ranked(Asks.TITLE), BINARY),
    PeopleFigure("enrolled", Scope.FRONTLINE, ACTIVE, ENROLLER, leg_tree=BINARY, leg=1),
    LimitedFigure("limited", GV, 6000),
    GroupFigure("PG", PV, Scope.DOWNLINE, without_rank=1),
    GroupFigure("legs broken away", PV, Scope.LARGEST_LEG, without_rank=1),
)
"""What is worked out with the ranks, and once more after them."""


def _figures() -> tuple[Figure, ...]:
    after: tuple[Figure, ...] = (
        CompressedFigure("CPV", PV),
        RankBeforeFigure("rank before", 1, 3),
        LevelsFigure("DP", GV, 60_000, (50_000, 40_000), at_least(PV, 1), skips=True),
        LevelsFigure("heads", PEOPLE, 0, (500, 400), ACTIVE, skips=False, tree=BINARY),
    )
    return (*VOLUMES, *COUNTED, *after, *COUNTED)


def _ranks(first: int) -> tuple[Rank, ...]:
    """Return two ranks that ask for what is counted from a figure on."""
    counted = range(first, first + len(COUNTED))
    either = tuple(Term(Asks.AT_LEAST, index, 1) for index in counted)
    program = (0, *(word for place in range(1, len(either)) for word in (place, OR)))
    asks = (
        Requirement("", either, program),
        Requirement(
            "", (Term(Asks.SHARE, GV, PV, ppm=500_000), Term(Asks.BELOW, PV, 1)), (0, 1, OR)
        ),
        *ACTIVE,
    )
    return (
        Rank("One", (asks,), (ranked(Asks.WAS),)),
        Rank("Two", (at_least(GV, 100_000),), (None,)),
    )


def wide_bonuses() -> tuple[BonusRule, ...]:
    """Return a bonus of each kind, and of each way in which a kind is worked out."""
    leaders = Leaders(at_least(PV, 5000))
    tiers = ((1000, 2000),)
    cap = Cap(
        per_earner=rates(500, money=True), per_holder=400, per_buyer=(300,), total=PPM // 10,
        total_of=CV,
    )  # fmt: skip
    none, inactive, dynamic = Compression
    return (
        UnilevelRule(name="U1", pays_on=CV, compression=dynamic, rates=rates(50_000, 30_000),
                     cap=cap),
        UnilevelRule(name="U2", pays_on=4, compression=none, rates=rates(25, 25, money=True),
                     tree=BINARY, stop_at=1, owner_left_out=True),
        UnilevelRule(name="U3", pays_on=CV, compression=inactive, rates=rates(50_000, 1_000),
                     of_the_tree=True, round_at=RoundAt.BONUS),
        UnilevelRule(name="U4", pays_on=CV, compression=none, tree=PASSED,
                     rates=rates(50_000, by=GradeBy.SELLER), round_at=RoundAt.EARNER,
                     when=SaleTime(time=TimeOf.WITHIN_MONTHS, count=100)),
        PersonalRule(name="P1", pays_on=CV, rates=rates(10_000), customers_only=True),
        PersonalRule(name="P2", pays_on=CV, rates=rates(10_000, 20_000), tiers=tiers, by_sale=True),
        PersonalRule(name="P3", pays_on=CV, rates=rates(100, 200, money=True), tiers=tiers,
                     by_buyer=True),
        PersonalRule(name="P4", pays_on=CV, rates=rates(10_000, 20_000), tiers=tiers, marginal=True,
                     begins_with=9, round_at=RoundAt.BONUS),
        PersonalRule(name="P5", pays_on=CV, rates=rates(10_000, 20_000), tiers=tiers),
        DifferentialRule(name="D1", pays_on=CV, rates=rates(90_000), buyer_paid=False),
        DifferentialRule(name="D2", pays_on=CV, rates=rates(90_000), tree=BINARY, from_level=2,
                         unqualified_block=True, breakaway=1),
        GenerationRule(name="G1", pays_on=CV, leaders=leaders, rates=rates(30_000, 20_000),
                       own_group=rates(10_000), guarantee=50_000),
        GenerationRule(name="G2", pays_on=CV, leaders=Leaders(rank_of_earner=True), tree=BINARY,
                       rates=rates(30_000), less_leader=True, minimum_ppm=10_000),
        InfinityRule(name="I1", pays_on=CV, rates=rates(10_000), begins=2),
        InfinityRule(name="I2", pays_on=CV, rates=rates(10_000), begins=1, leaders=leaders,
                     tree=ENROLLER, first_takes_all=True),
        MatchingRule(name="M1", of=(0, 11), compression=none, rates=rates(100_000, 50_000)),
        MatchingRule(name="M2", of=(0,), compression=dynamic, rates=rates(100_000), leaders=leaders,
                     tree=ENROLLER),
        *_on_groups(),
    )  # fmt: skip


def _on_groups() -> tuple[BonusRule, ...]:
    cycle = Cycle(2000, 1000, 2, rates(100, money=True), 1000)
    last = Cycle(1000, 1000, 0, rates(50_000), 1000)
    everybody = at_least(PV, 0)
    return (
        BinaryRule(name="B1", pays_on=CV, tree=BINARY, rates=rates(100_000), own_volume=3,
                   ratio=True, carry=1, carry_most=9000, carry_expires=2),
        BinaryRule(name="B2", pays_on=CV, tree=BINARY, cycles=(cycle, last), steps_for_good=True,
                   most_cycles=3, beyond_used_up=True, unqualified=1, requires=(ranked(),)),
        BinaryRule(name="B3", pays_on=CV, tree=BINARY, rates=rates(100_000), unqualified=2,
                   requires=(ranked(),), carry=2),
        FullLevelRule(name="F1", pays_on=CV, tree=BINARY, counted=everybody,
                      rates=rates(70_000, 70_000)),
        FullLevelRule(name="F2", pays_on=CV, tree=MATRIX, counted=everybody, once=True,
                      rates=rates(100, money=True)),
        StructureRule(name="S1", tree=ENROLLER, width=1, person=everybody, head=ACTIVE,
                      pays=((100, 200),), sets=True),
        StructureRule(name="S2", tree=BINARY, width=2, person=everybody, head=(), pays=((100,),),
                      each=True),
        PoolRule(name="Q1", fund_of=CV, fund_ppm=20_000, shares=PV),
        PoolRule(name="Q2", fund_of=GV, fund_ppm=20_000, rest_kept=True, shares=PV),
        PoolRule(name="Q3", fund_of=CV, fund_ppm=20_000, places_ppm=(500_000, 300_000), shares=PV),
        RewardRule(name="R1", pays=rates(1000, money=True), for_each=len(VOLUMES)),
        RewardRule(name="R2", pays=Rates(GradeBy.PAID_AS, (((NOT_COVERED,), (500,), (900,)),),
                                         is_money=True), once=True, within_months=100),
    )  # fmt: skip


def small_plan() -> Plan:
    """Return a plan of three volumes, one rank and one bonus, for tests."""
    figures = (*VOLUMES[:3], CustomersFigure("customers with PV >= 40", PV, 4000))
    table = ((50_000, NOT_COVERED), (50_000, 30_000))
    return _plan(
        figures,
        ranks=(Rank("Bronze", ((*at_least(3, 1), *ACTIVE),), (None,)),),
        bonuses=(
            UnilevelRule(name="Unilevel", pays_on=CV, compression=Compression.DYNAMIC,
                         rates=Rates(GradeBy.PAID_AS, (table,))),
        ),
        steps=(*(Step(Do.FIGURE, index) for index in range(4)), Step(Do.ACTIVE), Step(Do.RANKS)),
    )  # fmt: skip


def wide_plan() -> Plan:
    """Return a plan with every kind of figure, tree, rank, bonus, limit and deduction."""
    figures, first, counted = _figures(), len(VOLUMES), len(COUNTED)
    after = range(first + counted, len(figures))
    return _plan(
        figures,
        ranks=_ranks(first),
        bonuses=wide_bonuses(),
        steps=(
            *(Step(Do.FIGURE, index) for index in range(first)),
            Step(Do.ACTIVE),
            Step(Do.RANKS),
            *(Step(Do.FIGURE, index) for index in after),
        ),
        during=tuple(range(first, first + counted)),
        rank_trees=(SPONSOR, ENROLLER, BINARY),
        keeping=Keeping(by_title=True, grace=1, window_met=2, window_of=3),
        cap=PlanCap(inside=(0, 1, 2), per_earner=(90_000,), per_holder=80_000, payout=500_000,
                    payout_of=CV),
        deductions=(Deduction("Tax", 100_000),),
    )  # fmt: skip


def _plan(
    figures: tuple[Figure, ...],
    *,
    ranks: tuple[Rank, ...],
    bonuses: tuple[BonusRule, ...],
    steps: tuple[Step, ...],
    during: tuple[int, ...] = (),
    rank_trees: tuple[int, ...] = (),
    keeping: Keeping = Keeping(),  # noqa: B008 - it is frozen
    cap: PlanCap | None = None,
    deductions: tuple[Deduction, ...] = (),
) -> Plan:
    pays = [Pay(rule.name, PayKind.BONUS, index) for index, rule in enumerate(bonuses)]
    pays += [
        Pay(f"Cap on {rule.name}", PayKind.CAP, index)
        for index, rule in enumerate(bonuses)
        if rule.cap is not None
    ]
    pays += [Pay("Payout cap", PayKind.PLAN_CAP)] if cap else []
    pays += [Pay(each.name, PayKind.DEDUCTION, at) for at, each in enumerate(deductions)]
    return Plan(
        name="Warm", currency="USD", exponent=2, cadence="monthly", point_num=100, point_den=1,
        rounding=Rounding.HALF_AWAY,
        trees=(
            TreeRule("sponsor", TreeKind.SPONSOR),
            TreeRule("enroller", TreeKind.ENROLLER),
            TreeRule("binary", TreeKind.BINARY, 2),
            TreeRule("matrix", TreeKind.MATRIX, 3),
            TreeRule("passed", TreeKind.PASS_UP, of=SPONSOR, first=1),
        ),
        markets=(), columns=("pv", "cv"), figures=figures, volume_order=(PV, CV, GV),
        active=(at_least(PV, 10_000),),
        ranks=ranks, keeping=keeping, bonuses=bonuses, pays=tuple(pays), cap=cap,
        deductions=deductions, during=during, rank_trees=rank_trees, deducts_late=True,
        steps=(*steps, *(Step(Do.BONUS, index) for index in range(len(bonuses)))),
    )  # fmt: skip
