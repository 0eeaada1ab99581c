"""Figures by themselves: sales added up, customers, groups, reserves, the past, levels, joining."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from commissions.engine import Flag, RunResult, calculate_run
from commissions.engine.plan import (
    ENROLLER,
    CompressedFigure,
    CustomersFigure,
    Figure,
    GroupFigure,
    JoinedFigure,
    MixFigure,
    OrderOf,
    Past,
    PastFigure,
    RankBeforeFigure,
    ReserveFigure,
    SaleFigure,
    SaleMix,
    SaleTime,
    Scope,
    TimeOf,
    TreeKind,
    Whose,
)
from tests.commissions.engine.cast import (
    ALICE,
    ANN,
    BEN,
    BOB,
    BRONZE,
    CARL,
    DORA,
    LAPSED,
    SILVER,
    TERMINATED,
)
from tests.commissions.engine.plans import (
    BINARY,
    GV,
    PV,
    Sale,
    at_least,
    build_period,
    placed,
    state,
    tree,
)
from tests.commissions.engine.ranked import FIRST, NEVER, figure, ranked

SPONSOR = [0, ALICE, ALICE, BOB]
"""Alice > Bob, Carl; Bob > Dora."""
ALL, NO_VOLUME = int(Flag.ALL), int(Flag.ALL & ~Flag.KEEPS_VOLUME)


def run(
    *figures: Figure, sales: Sequence[Sale] = (), sponsor: Sequence[int] = SPONSOR, **period: Any
) -> RunResult:
    """Return what figures come to, activity known and worked out before them."""
    plan = ranked(
        NEVER, after=figures, active=period.pop("active", ()),
        trees=[tree("binary", TreeKind.BINARY, 2)],
    )  # fmt: skip
    return calculate_run(build_period(sponsor, sales, **period), plan)


FOUR = [(ALICE, 0, 100), (BOB, 0, 200), (CARL, 0, 300), (DORA, 0, 400)]


@pytest.mark.parametrize(
    ("whose", "expected"),
    [(Whose.OWN, 10), (Whose.CUSTOMERS, 25), (Whose.BOTH, 35)],
)
def test_sales_are_added_up_by_whose_orders_they_are(whose: Whose, expected: int) -> None:
    sales = [(ALICE, 0, 10), (ALICE, ANN, 20), (ALICE, BEN, 5), (BOB, 0, 99)]

    assert figure(run(SaleFigure("V", 0, whose), sales=sales))[0] == expected


def test_who_keeps_no_volume_has_none() -> None:
    sales = [(ALICE, 0, 10), (BOB, 0, 20), (BOB, ANN, 30)]

    result = run(SaleFigure("V", 0, Whose.BOTH), sales=sales, flags=[ALL, NO_VOLUME, ALL, ALL])

    assert figure(result) == [10, 0, 0, 0]
    assert figure(result, GV) == [10, 0, 0, 0]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (SaleTime(OrderOf.FIRST), 1),
        (SaleTime(OrderOf.LATER), 2 + 4 + 8),
        (SaleTime(time=TimeOf.WITHIN_DAYS, count=30), 1 + 2),
        (SaleTime(time=TimeOf.AFTER_DAYS, count=30), 4),
        (SaleTime(time=TimeOf.WITHIN_MONTHS, count=1), 1),
        (SaleTime(time=TimeOf.AFTER_MONTHS, count=1), 2 + 4),
    ],
)
def test_sales_may_be_those_of_some_time_or_order(when: SaleTime, expected: int) -> None:
    """Sale 4 is of before the buyer joined: neither within nor after."""
    result = run(
        SaleFigure("V", 0, Whose.BOTH, when),
        sales=[(ALICE, 0, 1), (ALICE, 0, 2), (ALICE, 0, 4), (ALICE, 0, 8)],
        first=[True, False, False, False], age_days=[0, 29, 30, -1], age_months=[0, 1, 1, -1],
    )  # fmt: skip

    assert figure(result)[0] == expected


def test_a_part_of_sales_is_rounded_sale_by_sale() -> None:
    """Half of 1 is 1, twice; half of the sum of figures would be 1."""
    mix = SaleMix("M", ((500_000, PV),))
    whole = MixFigure("W", ((500_000, PV),))

    result = run(mix, whole, sales=[(ALICE, 0, 1), (ALICE, 0, 1), (BOB, 0, -1)])

    assert figure(result) == [2, -1, 0, 0]
    assert figure(result, FIRST + 1) == [1, -1, 0, 0]


def test_figures_are_taken_off_each_other() -> None:
    result = run(MixFigure("M", ((1_000_000, GV), (-1_000_000, PV))), sales=FOUR)

    assert figure(result) == [900, 400, 0, 0]


@pytest.mark.parametrize(
    ("scope", "low", "high", "expected"),
    [
        (Scope.SELF_AND_DOWNLINE, 0, 0, [1000, 600, 300, 400]),
        (Scope.DOWNLINE, 0, 0, [900, 400, 0, 0]),
        (Scope.SELF_AND_FRONTLINE, 0, 0, [600, 600, 300, 400]),
        (Scope.FRONTLINE, 0, 0, [500, 400, 0, 0]),
        (Scope.LEVELS, 1, 1, [500, 400, 0, 0]),
        (Scope.LEVELS, 2, 4, [400, 0, 0, 0]),
        (Scope.LEVELS, 1, 2, [900, 400, 0, 0]),
        (Scope.LARGEST_LEG, 0, 0, [600, 400, 0, 0]),
        (Scope.ALL_BUT_LARGEST, 0, 0, [300, 0, 0, 0]),
    ],
)
def test_groups_are_added_up(scope: Scope, low: int, high: int, expected: list[int]) -> None:
    group = GroupFigure("G", PV, scope, low=low, high=high)

    assert figure(run(group, sales=FOUR)) == expected


@pytest.mark.parametrize(
    ("scope", "flags", "alice"),
    [
        # Bob heads no leg: Dora's 400 and Carl's 300 are the legs, Bob's 200 are in the downline
        (Scope.FRONTLINE, TERMINATED, 700),
        (Scope.LARGEST_LEG, TERMINATED, 400),
        (Scope.ALL_BUT_LARGEST, TERMINATED, 300),
        # Who is lapsed counts as a leg and occupies no level
        (Scope.FRONTLINE, LAPSED, 500),
        (Scope.LEVELS, LAPSED, 700),
    ],
)
def test_who_counts_as_no_leg_or_has_no_level_is_looked_through(
    scope: Scope, flags: Flag, alice: int
) -> None:
    group = GroupFigure("G", PV, scope, low=1, high=1)

    found = figure(run(group, sales=FOUR, flags=[ALL, int(flags), ALL, ALL]))

    assert found[0] == alice


def test_the_largest_leg_is_nothing_where_all_are_below_zero() -> None:
    result = run(
        GroupFigure("L", PV, Scope.LARGEST_LEG), GroupFigure("A", PV, Scope.ALL_BUT_LARGEST),
        sales=[(BOB, 0, -20), (CARL, 0, -10)],
    )  # fmt: skip

    assert (figure(result)[0], figure(result, FIRST + 1)[0]) == (0, -30)


@pytest.mark.parametrize(
    ("scope", "alice"),
    [
        (Scope.LEFT_LEG, 200 + 400),
        (Scope.RIGHT_LEG, 300),
        (Scope.WEAKER_LEG, 300),
        (Scope.STRONGER_LEG, 600),
    ],
)
def test_legs_of_a_binary_tree_are_places_whoever_sits_there(scope: Scope, alice: int) -> None:
    flags = [ALL, int(LAPSED), ALL, ALL]
    places = {"binary": placed([0, ALICE, ALICE, BOB], [0, 1, 2, 2])}

    result = run(GroupFigure("G", PV, scope, BINARY), sales=FOUR, flags=flags, placements=places)

    assert figure(result)[0] == alice


def test_who_has_no_place_is_in_no_group_there() -> None:
    places = {"binary": placed([0, ALICE, -1, BOB], [0, 1, 0, 2])}

    result = run(
        GroupFigure("G", PV, Scope.SELF_AND_DOWNLINE, BINARY), sales=FOUR, placements=places
    )

    assert figure(result) == [700, 600, 300, 400]


def test_groups_of_the_enroller_tree() -> None:
    group = GroupFigure("G", PV, Scope.DOWNLINE, ENROLLER)

    assert figure(run(group, sales=FOUR, enroller=[-1, 0, 1, 2])) == [900, 700, 400, 0]


def test_orders_are_compressed_to_the_nearest_active_one() -> None:
    """Active are 3 points: Carl and Dora. Bob's 2 go up to Alice, who has 1, and get lost."""
    result = run(CompressedFigure("C", PV), sales=FOUR, active=(at_least(PV, 300),))

    assert figure(result) == [0, 0, 300, 400]
    assert figure(run(CompressedFigure("C", PV), sales=FOUR, active=(at_least(GV, 600),))) == [
        100 + 300,
        200 + 400,
        0,
        0,
    ]


@pytest.mark.parametrize(
    ("past", "periods", "expected"),
    [
        (Past.LIFETIME, 0, [100 + 5000, 200, 300, 400]),
        (Past.LAST, 3, [100 + 70, 200 + 900, 300, 400]),
        (Past.LAST, 1, [100, 200, 300, 400]),
        (Past.BEFORE, 1, [50, 900, 0, 0]),
        (Past.GROWTH, 1, [50, 0, 300, 400]),
    ],
)
def test_volumes_over_time(past: Past, periods: int, expected: list[int]) -> None:
    carried = state(
        ("lifetime.PV", ALICE, -1, 5000), ("past.PV", ALICE, 1, 50), ("past.PV", ALICE, 2, 20),
        ("past.PV", ALICE, 3, 7777), ("past.PV", BOB, 1, 900),
    )  # fmt: skip

    assert figure(run(PastFigure("P", PV, past, periods), sales=FOUR, carried=carried)) == expected


def customers(*at_least_points: int, **period: Any) -> list[list[int]]:
    """Return how many customers of each have bought so much, one list for each threshold."""
    counts = [CustomersFigure(f"{points}", PV, points) for points in at_least_points]
    result = run(*counts, **period)
    return [figure(result, FIRST + at) for at in range(len(counts))]


def test_customers_are_counted_by_all_that_each_bought() -> None:
    """Ann bought 30 + 20, less 10 that came back; Ben 39; own orders are no customers'."""
    sales = [
        (ALICE, ANN, 30),
        (ALICE, BEN, 39),
        (ALICE, ANN, 20),
        (ALICE, ANN, -10),
        (ALICE, 0, 99),
    ]

    assert customers(39, 40, 41, sales=sales) == [[2, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]


def test_a_customer_of_two_distributors_is_one_of_each() -> None:
    assert customers(40, sales=[(ALICE, ANN, 40), (BOB, ANN, 39)]) == [[1, 0, 0, 0]]


def test_many_customers_are_counted_like_few() -> None:
    sales = [(ALICE, 100 + k % 25, 10 + k) for k in range(75)]
    bought: dict[int, int] = {}
    for _, who, points in sales:
        bought[who] = bought.get(who, 0) + points

    expected = sum(points >= 120 for points in bought.values())
    assert 0 < expected < 25
    assert customers(120, sales=sales)[0][0] == expected


def test_who_keeps_no_volume_has_no_customers_and_late_returns_are_not_looked_at() -> None:
    sales = [(ALICE, ANN, 40), (BOB, BEN, 40), (ALICE, ANN, -40)]

    found = customers(40, sales=sales, flags=[ALL, NO_VOLUME, ALL, ALL], late=[False, False, True])

    assert found == [[1, 0, 0, 0]]


def test_customers_orders_of_a_narrower_volume_are_counted_by_it() -> None:
    first = SaleFigure("F", 0, Whose.CUSTOMERS, SaleTime(OrderOf.FIRST))

    result = run(
        first, CustomersFigure("C", FIRST, 40), sales=[(ALICE, ANN, 40), (ALICE, BEN, 40)],
        first=[True, False],
    )  # fmt: skip

    assert figure(result, FIRST + 1)[0] == 1


def reserve(held: int, *sales: int, **period: Any) -> tuple[int, int]:
    """Return Alice's volume and her reserve: 15 at once, the rest kept to 100, drawn to 50."""
    of = ReserveFigure("EV", PV, at_once=15, most=100, draws_to=50)
    carried: dict[str, Any] = {"carried": state(("reserve.EV", ALICE, -1, held))} if held else {}

    result = run(of, sales=[(ALICE, 0, points) for points in sales], **carried, **period)

    return figure(result)[0], int(result.standings.reserves[FIRST][result.network.row[0]])


@pytest.mark.parametrize(
    ("held", "sales", "expected"),
    [
        (0, (60,), (15, 45)),
        (0, (200,), (15, 100)),  # 185 are left, 100 are kept
        (0, (10, 20), (25, 5)),
        (45, (), (45, 0)),
        (80, (), (50, 30)),
        (80, (60,), (50, 80 - 35 + 45)),
        (80, (20, 20, 20, 20), (60, 80 + 20)),  # enough at once: nothing is drawn
        (10, (60, -5), (15 - 5 + 10, 45)),
    ],
)
def test_what_is_not_counted_at_once_is_held_and_drawn_later(
    held: int, sales: tuple[int, ...], expected: tuple[int, int]
) -> None:
    assert reserve(held, *sales) == expected


def test_who_keeps_no_volume_draws_and_adds_nothing() -> None:
    assert reserve(80, 60, flags=[NO_VOLUME, ALL, ALL, ALL]) == (50, 30)


def test_days_and_months_since_joining() -> None:
    result = run(
        JoinedFigure("D", in_months=False), JoinedFigure("M", in_months=True),
        joined_day=[0, 30, 31, -400], joined_month=[0, 0, 1, -13], last_day=31, last_month=1,
    )  # fmt: skip

    assert figure(result) == [31, 1, 0, 431]
    assert figure(result, FIRST + 1) == [1, 1, 0, 14]


def test_periods_in_which_a_rank_was_reached_are_counted() -> None:
    carried = state(*[("rank.qualified", ALICE, age, rank) for age, rank in
                      [(1, SILVER), (2, BRONZE), (3, SILVER), (6, SILVER)]])  # fmt: skip

    result = run(
        RankBeforeFigure("S", SILVER, 5), RankBeforeFigure("B", BRONZE, 2), carried=carried
    )

    assert (figure(result)[0], figure(result, FIRST + 1)[0]) == (2, 2)
