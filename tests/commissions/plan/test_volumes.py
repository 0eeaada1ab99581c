"""What volumes become: each phrase of the language page, one by one."""

import pytest

from commissions.engine.plan import (
    PEOPLE,
    Asks,
    CompressedFigure,
    Figure,
    GroupFigure,
    LevelsFigure,
    MixFigure,
    OrderOf,
    Past,
    PastFigure,
    ReserveFigure,
    SaleFigure,
    SaleMix,
    SaleTime,
    Scope,
    TimeOf,
    Whose,
)
from tests.commissions.plan.texts import RANKS, plan_of, volume_of

PV, CV, GV = 0, 1, 2
POWER, GRID = 2, 3
HEAD = 4
OTHERS = 'OLD = "cv of own orders"\nNEW = "cv of customers\' orders"\n'


def sale(column: int, whose: Whose, when: SaleTime | None = None) -> SaleFigure:
    return SaleFigure("X", column, whose, when or SaleTime())


def group(scope: Scope, tree: int = 0, *, low: int = 0, high: int = 0, without: int = 0) -> Figure:
    return GroupFigure("X", PV, scope, tree, low, high, without)


SALES = {
    "pv of own orders": sale(0, Whose.OWN),
    "cv of customers' orders": sale(1, Whose.CUSTOMERS),
    "cv of own and customers' orders": sale(1, Whose.BOTH),
    "cv of customers' first orders": sale(1, Whose.CUSTOMERS, SaleTime(OrderOf.FIRST)),
    "cv of customers' later orders": sale(1, Whose.CUSTOMERS, SaleTime(OrderOf.LATER)),
    "cv of own orders within 60 days of joining": sale(
        1, Whose.OWN, SaleTime(OrderOf.ALL, TimeOf.WITHIN_DAYS, 60)
    ),
    "cv of own orders after 1 day of joining": sale(
        1, Whose.OWN, SaleTime(OrderOf.ALL, TimeOf.AFTER_DAYS, 1)
    ),
    "cv of own orders within 3 months of joining": sale(
        1, Whose.OWN, SaleTime(OrderOf.ALL, TimeOf.WITHIN_MONTHS, 3)
    ),
    "cv of own first orders after 3 months of joining": sale(
        1, Whose.OWN, SaleTime(OrderOf.FIRST, TimeOf.AFTER_MONTHS, 3)
    ),
}
GROUPS = {
    "PV of self and downline": group(Scope.SELF_AND_DOWNLINE),
    "PV of downline": group(Scope.DOWNLINE),
    "PV of self and frontline": group(Scope.SELF_AND_FRONTLINE),
    "PV of frontline": group(Scope.FRONTLINE),
    "PV of levels 2 to 4": group(Scope.LEVELS, low=2, high=4),
    "PV of level 1": group(Scope.LEVELS, low=1, high=1),
    "PV of the largest leg": group(Scope.LARGEST_LEG),
    "PV of all but the largest leg": group(Scope.ALL_BUT_LARGEST),
    "PV of the left leg in power": group(Scope.LEFT_LEG, POWER),
    "PV of the right leg in power": group(Scope.RIGHT_LEG, POWER),
    "PV of the weaker leg in power": group(Scope.WEAKER_LEG, POWER),
    "PV of the stronger leg in power": group(Scope.STRONGER_LEG, POWER),
    "PV of downline in enroller": group(Scope.DOWNLINE, 1),
    "PV of downline without Gold groups": group(Scope.DOWNLINE, without=2),
    "PV of the largest leg without 'head of sales' groups in grid": group(
        Scope.LARGEST_LEG, GRID, without=HEAD
    ),
}
OVER_TIME = {
    "lifetime PV": PastFigure("X", PV, Past.LIFETIME),
    "GV of the last 3 periods": PastFigure("X", GV, Past.LAST, 3),
    "GV of the period before": PastFigure("X", GV, Past.BEFORE),
    "growth of GV": PastFigure("X", GV, Past.GROWTH),
    "PV of compressed orders": CompressedFigure("X", PV),
}


@pytest.mark.parametrize(
    ("phrase", "figure"), [*SALES.items(), *GROUPS.items(), *OVER_TIME.items()]
)
def test_a_phrase_becomes_a_figure(phrase: str, figure: Figure) -> None:
    assert volume_of(phrase)[0] == figure


@pytest.mark.parametrize(
    ("phrase", "parts"),
    [
        ("OLD + 30% of NEW", [(1_000_000, "OLD"), (300_000, "NEW")]),
        ("OLD - NEW", [(1_000_000, "OLD"), (-1_000_000, "NEW")]),
        ("70% of OLD", [(700_000, "OLD")]),
        ("OLD", [(1_000_000, "OLD")]),
    ],
)
def test_a_sum_of_sale_volumes_is_one_as_well(phrase: str, parts: list[tuple[int, str]]) -> None:
    figure, plan = volume_of(phrase, OTHERS)

    assert figure == SaleMix("X", tuple((ppm, plan.figure_index(name)) for ppm, name in parts))


def test_a_per_cent_of_a_sum_is_taken_of_the_sum() -> None:
    figure, plan = volume_of("OLD + 50% of PART", OTHERS + 'PART = "OLD + 30% of NEW"\n')

    old, part = plan.figure_index("OLD"), plan.figure_index("PART")
    assert figure == SaleMix("X", ((1_000_000, old), (500_000, part)))


def test_other_sums_are_no_sale_volumes() -> None:
    figure, _ = volume_of("GV - 50% of PV")

    assert figure == MixFigure("X", ((1_000_000, GV), (-500_000, PV)))


def test_a_group_may_be_of_any_volume_of_one_person() -> None:
    plan = plan_of(
        '[volume]\nLPV = "lifetime PV"\nCPV = "PV of compressed orders"\nSUM = "LPV + 50% of CPV"\n'
        'X = "SUM of downline"\nY = "LPV of frontline"\n'
    )

    x, y = plan.figures[-2:]
    assert isinstance(x, GroupFigure)
    assert isinstance(y, GroupFigure)
    assert (plan.figures[x.of].name, plan.figures[y.of].name) == ("SUM", "LPV")


def test_three_volumes_exist_always() -> None:
    plan = plan_of("")

    assert [figure.name for figure in plan.figures] == ["PV", "CV", "GV"]
    assert plan.columns == ("pv", "cv")
    assert plan.volume_order == (PV, CV, GV)


def test_volumes_come_after_what_they_are_made_of_and_keep_the_order_of_the_text() -> None:
    plan = plan_of('[volume]\nA = "B - PV"\nGV = "B of downline"\nB = "sv of own orders"\n')

    names = [figure.name for figure in plan.figures]
    assert names.index("B") < names.index("A")
    assert names.index("B") < names.index("GV")
    assert [names[place] for place in plan.volume_order] == ["PV", "CV", "GV", "A", "B"]
    assert plan.columns == ("pv", "cv", "sv")


@pytest.mark.parametrize("column", ["sv", "in", "level", "business_volume"])
def test_products_may_carry_anything_in_small_letters(column: str) -> None:
    figure, plan = volume_of(f"{column} of own orders")

    assert isinstance(figure, SaleFigure)
    assert plan.columns[figure.column] == column


def test_two_names_for_the_same_are_two_volumes() -> None:
    plan = plan_of('[volume]\nA = "PV of downline"\nB = "PV of downline"\n')

    assert [figure.name for figure in plan.figures] == ["PV", "CV", "GV", "A", "B"]


def test_weighted_levels_are_parts_of_a_volume_or_points_for_people() -> None:
    plan = plan_of(
        RANKS
        + '[volume.DP]\nof = "GV"\nself = "6%"\nlevels = ["5%", "4.5%"]\nwho = ["Gold"]\n'
        + 'compression = "dynamic"\ntree = "enroller"\n'
        + '[volume.HEADS]\nof = "people"\nlevels = ["5", "0.25", 4]\n'
    )

    points, heads = plan.figures[-2:]
    assert isinstance(points, LevelsFigure)
    assert (points.of, points.self_weight, points.weights) == (GV, 60_000, (50_000, 45_000))
    assert (points.skips, points.tree, points.who[0].terms[0].asks) == (True, 1, Asks.RANK)
    assert heads == LevelsFigure("HEADS", PEOPLE, 0, (500, 25, 400), (), skips=False)


def test_weighted_levels_may_be_of_oneself_only() -> None:
    plan = plan_of('[volume.OWN]\nof = "GV"\nself = "6%"\n')

    assert plan.figures[-1] == LevelsFigure("OWN", GV, 60_000, (), (), skips=False)


def test_a_reserve_has_three_bounds() -> None:
    plan = plan_of('[volume.EV]\nof = "PV"\nat_once = "15"\nmost = "100"\ndraws_to = "50.50"\n')

    assert plan.figures[-1] == ReserveFigure("EV", PV, 1500, 10_000, 5050)
