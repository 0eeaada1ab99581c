"""Figures that leave 64 bits are refused, never wrong: every figure, and every kind of bonus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from commissions.engine import RunResult, TooLarge, calculate_run
from commissions.engine.money import LIMIT
from commissions.engine.plan import (
    PEOPLE,
    BinaryRule,
    BonusRule,
    CompressedFigure,
    Compression,
    Cycle,
    DifferentialRule,
    Figure,
    FullLevelRule,
    GenerationRule,
    GradeBy,
    GroupFigure,
    InfinityRule,
    JoinedFigure,
    Leaders,
    LevelsFigure,
    MatchingRule,
    MixFigure,
    Past,
    PastFigure,
    PersonalRule,
    PlanCap,
    PoolRule,
    Rates,
    ReserveFigure,
    RewardRule,
    RoundAt,
    SaleFigure,
    SaleMix,
    Scope,
    StructureRule,
    TreeKind,
    UnilevelRule,
    Whose,
)
from commissions.engine.snapshot import PostedPay
from tests.commissions.engine.cast import ALICE, ANN, BOB, CARL, DORA
from tests.commissions.engine.plans import (
    BINARY,
    CV,
    GV,
    PV,
    at_least,
    build_period,
    build_plan,
    placed,
    rates,
    state,
    tree,
)
from tests.commissions.engine.ranked import FIRST, NEVER, figure, ranked

HUGE = LIMIT // 2
"""Two of these are refused, one is not."""
CHAIN = [0, ALICE, BOB, CARL]
PERCENT_100 = 1_000_000
Sales = Sequence[tuple[int, int, int]]


def standings(
    *figures: Figure, sales: Sales = (), with_ranks: bool = False, **period: Any
) -> RunResult:
    """Work figures out by themselves, or with the ranks."""
    columns = period.pop("columns", ("pv", "cv"))
    where: dict[str, Any] = {} if with_ranks else {"after": figures}
    plan = ranked(NEVER, *(figures if with_ranks else ()), columns=columns, **where)
    return calculate_run(build_period(CHAIN, sales, **period), plan)


BOTH_WAYS = pytest.mark.parametrize("with_ranks", [False, True])


def test_one_huge_figure_is_right_everywhere() -> None:
    half = HUGE // 2
    found = standings(
        GroupFigure("G", PV, Scope.DOWNLINE), PastFigure("L", PV, Past.LIFETIME),
        MixFigure("M", ((PERCENT_100, PV), (-PERCENT_100, GV))), sales=[(DORA, 0, half)],
    )  # fmt: skip

    assert figure(found) == [half, half, half, 0]
    assert figure(found, FIRST + 1) == [0, 0, 0, half]
    assert figure(found, FIRST + 2) == [-half, -half, -half, 0]


def test_several_columns_together() -> None:
    names = ("pv", "cv", "sv", "tv", "uv")
    sold = {name: [HUGE] for name in names}
    parts = tuple(SaleFigure(name, at, Whose.BOTH) for at, name in enumerate(names))
    mix = SaleMix("M", tuple((PERCENT_100, FIRST + at) for at in range(5)))

    with pytest.raises(TooLarge):
        calculate_run(
            build_period([0], [(ALICE, 0, 1)], columns=sold),
            ranked(NEVER, after=[*parts, mix], columns=names),
        )


@BOTH_WAYS
def test_a_sum_of_figures(*, with_ranks: bool) -> None:
    mix = MixFigure("M", ((PERCENT_100, PV),) * 4)

    with pytest.raises(TooLarge):
        standings(mix, sales=[(DORA, 0, HUGE)], with_ranks=with_ranks)


@BOTH_WAYS
@pytest.mark.parametrize("scope", [Scope.SELF_AND_DOWNLINE, Scope.FRONTLINE, Scope.LARGEST_LEG])
def test_a_group_of_sums(scope: Scope, *, with_ranks: bool) -> None:
    """Each of three has less than the limit, all together have more."""
    mix = MixFigure("M", ((900_000, PV),) * 4)
    sales = [(member, 0, HUGE // 4) for member in (BOB, CARL, DORA)]
    group = GroupFigure("G", FIRST, scope)
    wide = [0, ALICE, ALICE, ALICE] if scope == Scope.FRONTLINE else CHAIN
    where: dict[str, Any] = {"before": [mix]} | ({} if with_ranks else {"after": [group]})
    plan = ranked(NEVER, *([group] if with_ranks else []), **where)

    with pytest.raises(TooLarge):
        calculate_run(build_period(wide, sales), plan)


@BOTH_WAYS
def test_compressed_sums(*, with_ranks: bool) -> None:
    mix = SaleMix("M", ((900_000, PV),) * 4)
    sales = [(member, 0, HUGE // 4) for member in (BOB, CARL, DORA)]
    compressed = CompressedFigure("C", FIRST)
    where: dict[str, Any] = {"before": [mix]} | ({} if with_ranks else {"after": [compressed]})
    plan = ranked(
        NEVER, *([compressed] if with_ranks else []), active=(at_least(GV, LIMIT // 4),), **where
    )

    with pytest.raises(TooLarge):
        calculate_run(build_period(CHAIN, sales), plan)


@BOTH_WAYS
@pytest.mark.parametrize(
    ("past", "periods"), [(Past.LIFETIME, 0), (Past.LAST, 2), (Past.GROWTH, 1)]
)
def test_a_volume_over_time(past: Past, periods: int, *, with_ranks: bool) -> None:
    sign = -1 if past == Past.GROWTH else 1
    carried = state(("lifetime.PV", DORA, -1, LIMIT - 1), ("past.PV", DORA, 1, sign * (LIMIT - 1)))

    with pytest.raises(TooLarge):
        standings(
            PastFigure("P", PV, past, periods), sales=[(DORA, 0, LIMIT - 1)],
            with_ranks=with_ranks, carried=carried,
        )  # fmt: skip


def test_rows_of_the_state_together() -> None:
    carried = state(*[("past.PV", DORA, age, LIMIT - 1) for age in range(1, 4)])

    with pytest.raises(TooLarge):
        standings(PastFigure("P", PV, Past.LAST, 4), carried=carried)


def test_a_row_of_the_state() -> None:
    with pytest.raises(TooLarge):
        standings(
            PastFigure("P", PV, Past.LIFETIME),
            carried=state(("lifetime.PV", DORA, -1, -(2**63))),
        )


def test_a_reserve() -> None:
    of = ReserveFigure("E", PV, at_once=1, most=2**63 - 1, draws_to=0)

    with pytest.raises(TooLarge):
        standings(
            of, sales=[(DORA, 0, LIMIT - 1)], carried=state(("reserve.E", DORA, -1, LIMIT - 1))
        )


def test_weighted_levels() -> None:
    """Three people bring what three people have; with oneself that is too much."""
    sales = [(member, 0, LIMIT // 4) for member in (ALICE, BOB, CARL)]
    levels = LevelsFigure("W", PV, 0, (PERCENT_100,) * 3, (), skips=False)

    assert figure(standings(levels, sales=sales)) == [LIMIT // 2, LIMIT // 4, 0, 0]
    with pytest.raises(TooLarge):
        standings(replace(levels, self_weight=PERCENT_100), sales=sales)


def test_weights_of_people() -> None:
    levels = LevelsFigure("W", PEOPLE, LIMIT - 1, (LIMIT - 1, LIMIT - 1), (), skips=False)

    with pytest.raises(TooLarge):
        standings(levels)


def test_days_since_joining_leave_no_32_bits() -> None:
    result = standings(
        JoinedFigure("D", in_months=False), joined_day=[-(2**31), 0, 0, 0], last_day=2**31 - 1
    )

    assert figure(result)[0] == 2**32 - 1


def unilevel(levels: int, **others: Any) -> UnilevelRule:
    given: dict[str, Any] = {"rates": rates(*[PERCENT_100] * levels)} | others
    return UnilevelRule(name="U", pays_on=CV, compression=Compression.NONE, **given)


LEADERS = Leaders(())
PAYING: dict[str, BonusRule] = {
    "unilevel": unilevel(20),
    "exact": unilevel(20, round_at=RoundAt.BONUS),
    "money": unilevel(3, rates=rates(*[LIMIT // 2] * 3, money=True)),
    "personal": PersonalRule(name="P", pays_on=CV, rates=rates(LIMIT // 2, money=True)),
    "generation": GenerationRule(
        name="G", pays_on=CV, leaders=LEADERS, rates=rates(*[PERCENT_100] * 20)
    ),
    "guarantee": GenerationRule(
        name="G", pays_on=CV, leaders=LEADERS, rates=rates(PERCENT_100), guarantee=2**63 - 1
    ),
}


@pytest.mark.parametrize("kind", list(PAYING))
def test_what_a_bonus_pays_all_together(kind: str) -> None:
    """Twenty levels of all of it are twenty times as much as was bought."""
    size = 25
    sales = [(size, ANN if kind == "personal" else 0, LIMIT // 16)] * 8

    with pytest.raises(TooLarge):
        calculate_run(build_period(list(range(size)), sales), build_plan(PAYING[kind]))


def test_what_several_bonuses_pay_together() -> None:
    plan = build_plan(*[unilevel(1)] * 9)

    with pytest.raises(TooLarge):
        calculate_run(build_period(CHAIN, [(DORA, 0, HUGE)]), plan)


def test_what_is_rounded_together_over_bonuses() -> None:
    plan = build_plan(*[unilevel(1, round_at=RoundAt.EARNER)] * 9)

    with pytest.raises(TooLarge):
        calculate_run(build_period(CHAIN, [(DORA, 0, HUGE)]), plan)


@pytest.mark.parametrize(
    "rule",
    [
        unilevel(1),
        DifferentialRule(name="D", pays_on=CV, rates=rates(PERCENT_100)),
        GenerationRule(name="G", pays_on=CV, leaders=LEADERS, rates=rates(PERCENT_100)),
        InfinityRule(name="I", pays_on=CV, rates=rates(PERCENT_100), begins=1),
        PersonalRule(name="P", pays_on=CV, rates=rates(PERCENT_100)),
        BinaryRule(name="B", tree=BINARY, pays_on=CV, rates=rates(PERCENT_100)),
        FullLevelRule(name="F", tree=BINARY, pays_on=CV, counted=(), rates=rates(PERCENT_100)),
        PoolRule(name="Pool", fund_of=CV, fund_ppm=PERCENT_100),
    ],
)
def test_points_that_are_worth_too_much_money(rule: BonusRule) -> None:
    """A point is worth a thousand."""
    sales = [(BOB, 0, LIMIT // 8), (CARL, 0, LIMIT // 8)]
    plan = build_plan(
        rule, trees=[tree("binary", TreeKind.BINARY, 2)], point_num=100_000, ranks=NEVER
    )
    places = {"binary": placed([0, ALICE, ALICE, BOB], [0, 1, 2, 1])}

    with pytest.raises(TooLarge):
        calculate_run(build_period(CHAIN, sales, placements=places), plan)


MATCHED = PersonalRule(name="P", pays_on=CV, rates=rates(PERCENT_100))


def matching(*of: int, levels: int = 1) -> MatchingRule:
    return MatchingRule(
        name="M", of=of, compression=Compression.NONE, rates=rates(*[PERCENT_100] * levels)
    )


@pytest.mark.parametrize(
    "bonuses",
    [
        (MATCHED, *[matching(0)] * 9),
        (MATCHED, matching(*[0] * 9)),
        (MATCHED, matching(0, levels=3), matching(1, levels=3), matching(2, levels=3),
         matching(0, 1, 2, 3, levels=3)),
    ],
)  # fmt: skip
def test_matching_of_matching(bonuses: tuple[BonusRule, ...]) -> None:
    with pytest.raises(TooLarge):
        calculate_run(build_period(CHAIN, [(DORA, 0, LIMIT // 3)]), build_plan(*bonuses))


def test_what_was_posted_and_is_matched() -> None:
    posted = PostedPay(
        np.zeros(3, np.int32), np.full(3, 3, np.int32), np.full(3, LIMIT - 1, np.int64)
    )

    with pytest.raises(TooLarge):
        calculate_run(build_period(CHAIN, posted=posted), build_plan(MATCHED, matching(0)))


def test_lots_of_a_leg() -> None:
    rule = BinaryRule(name="B", tree=BINARY, pays_on=CV, rates=rates(PERCENT_100))
    carried = state(*[("B.left", ALICE, age, LIMIT - 1) for age in (1, 2, 3)])
    places = {"binary": placed([0, ALICE, ALICE, BOB], [0, 1, 2, 1])}

    with pytest.raises(TooLarge):
        calculate_run(
            build_period(CHAIN, [(BOB, 0, LIMIT - 1)], placements=places, carried=carried),
            build_plan(rule, trees=[tree("binary", TreeKind.BINARY, 2)]),
        )


def test_cycles_times_money() -> None:
    """A cycle for every hundredth of a point."""
    step = Cycle(1, 1, 0, rates(LIMIT // 2, money=True), 1)
    rule = BinaryRule(name="B", tree=BINARY, pays_on=CV, cycles=(step,))
    places = {"binary": placed([0, ALICE, ALICE, BOB], [0, 1, 2, 1])}

    with pytest.raises(TooLarge):
        calculate_run(
            build_period(CHAIN, [(BOB, 0, 100), (CARL, 0, 100)], placements=places),
            build_plan(rule, trees=[tree("binary", TreeKind.BINARY, 2)]),
        )


@pytest.mark.parametrize(
    "rule",
    [
        RewardRule(name="R", pays=rates(LIMIT - 1, money=True)),
        StructureRule(
            name="S", tree=0, width=1, person=(), head=(), pays=((LIMIT - 1, LIMIT - 1),), each=True
        ),
    ],
)
def test_fixed_money_to_many(rule: BonusRule) -> None:
    with pytest.raises(TooLarge):
        calculate_run(
            build_period(CHAIN, [(DORA, 0, 1)]), build_plan(rule, cap=PlanCap((0,), payout=1))
        )


def test_a_figure_of_a_fund() -> None:
    """GV over a chain is more than everybody bought together."""
    size = 200
    pool = PoolRule(name="Pool", fund_of=GV, fund_ppm=PERCENT_100)
    sales = [(size, 0, LIMIT // 100)]

    with pytest.raises(TooLarge):
        calculate_run(build_period(list(range(size)), sales), build_plan(pool))


def many_thresholds(size: int) -> Any:
    return Rates(
        GradeBy.FIGURE, (tuple((at,) for at in range(size + 1)),), PV,
        (tuple(range(1, size + 1)),),
    )  # fmt: skip


@pytest.mark.parametrize(
    "rule",
    [
        UnilevelRule(
            name="U", pays_on=CV, compression=Compression.NONE, rates=many_thresholds(40_000)
        ),
        DifferentialRule(name="D", pays_on=CV, rates=many_thresholds(40_000)),
    ],
)
def test_more_grades_than_there_are_places(rule: BonusRule) -> None:
    with pytest.raises(TooLarge):
        calculate_run(build_period(CHAIN, [(DORA, 0, 39_000), (CARL, 0, 39_500)]), build_plan(rule))
