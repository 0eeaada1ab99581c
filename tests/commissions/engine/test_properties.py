"""What is true whatever the network and the sales, of a plan with every kind on a way up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from commissions.engine import Snapshot, calculate_run
from commissions.engine.plan import (
    CompressedFigure,
    PeopleFigure,
    Scope,
)
from tests.commissions.engine.every_way import PLAN
from tests.commissions.engine.networks import sponsors
from tests.commissions.engine.plans import (
    GV,
    PV,
    at_least,
    build_period,
)
from tests.commissions.engine.ranked import FIRST, figure, ranked, ranks_with


@st.composite
def periods(draw: st.DrawFn, least: int = 0) -> Snapshot:
    """Draw up to ten distributors of any state, and up to fifteen sales from `least` on."""
    size, count = draw(st.integers(1, 10)), draw(st.integers(0, 15))
    sales = [
        (draw(st.integers(1, size)), draw(st.sampled_from([0, 0, 91, 92])),
         draw(st.integers(least, 60)))
        for _ in range(count)
    ]  # fmt: skip
    return build_period(
        [at + 1 for at in draw(sponsors(size))], sales,
        flags=[draw(st.sampled_from([31, 31, 31, 30, 29, 23, 12, 16, 0])) for _ in range(size)],
    )  # fmt: skip


def with_one_more(period: Snapshot, below: int) -> Snapshot:
    """Return the period with one distributor more, who neither buys nor sells, below somebody."""
    changed: dict[str, Any] = {
        name: np.append(getattr(period, name), getattr(period, name)[:1])
        for name in ("joined", "joined_day", "joined_month", "market")
    }
    for name, value in (("member", len(period.member) + 1), ("sponsor", below),
                        ("enroller", below), ("holder", 99), ("flags", 31),
                        ("rank_override", -1)):  # fmt: skip
        column = getattr(period, name)
        changed[name] = np.append(column, column.dtype.type(value))
    return replace(period, **changed)


@given(periods(), st.integers(0, 9))
def test_somebody_more_who_does_nothing_changes_nobodys_pay(period: Snapshot, at: int) -> None:
    other = with_one_more(period, at % len(period.member))

    one, two = calculate_run(period, PLAN), calculate_run(other, PLAN)

    assert two.total == one.total
    names = ("bonus", "level", "rate_ppm", "base", "amount", "lines")
    assert one.member[one.earnings.earner].tolist() == two.member[two.earnings.earner].tolist()
    for name in names:
        assert getattr(one.earnings, name).tolist() == getattr(two.earnings, name).tolist()


@given(periods(least=-30))
def test_volume_is_conserved_by_those_who_keep_it_and_through_compression(
    period: Snapshot,
) -> None:
    """With a top who is active and keeps everything, nothing is lost."""
    flags = np.full(len(period.member), 31, np.uint8)
    tops = period.sponsor < 0
    period = replace(period, flags=flags)
    active = at_least(FIRST, 1)
    plan = ranked(
        ranks_with(), before=[PeopleFigure("below", Scope.DOWNLINE, ())],
        after=[CompressedFigure("CPV", PV)], active=(active,),
    )  # fmt: skip

    result = calculate_run(period, plan)

    # Active is who has somebody below: all but the leaves, whose volume moves up.
    sold = int(period.columns["pv"].sum())
    assert sum(figure(result, PV)) == sold
    assert sum(points for points, top in zip(figure(result, GV), tops, strict=True) if top) == sold
    alone = {
        row for row in range(len(period.member)) if tops[row] and not (period.sponsor == row).any()
    }
    lost = sum(points for row, points in enumerate(figure(result, PV)) if row in alone)
    assert sum(figure(result, FIRST + 1)) == sold - lost


@given(periods(least=-30), st.integers(1, 3))
def test_what_comes_back_inside_the_period_is_as_if_it_had_never_been_sold(
    period: Snapshot, parts: int
) -> None:
    """The first sale comes back in parts, and is left with nothing."""
    count = len(period.sale)
    if not count:
        return
    without = replace(
        period,
        columns={name: np.append([0], values[1:]) for name, values in period.columns.items()},
    )
    sold = int(period.columns["pv"][0])
    back = [sold * part // parts - sold * (part + 1) // parts for part in range(parts)]
    sales = [
        (int(seller) + 1, max(int(customer), 0), int(points))
        for seller, customer, points in zip(
            period.seller, period.customer, period.columns["pv"], strict=True
        )
    ]
    first = sales[0]
    returned = build_period(
        (period.sponsor + 1).tolist(), [*sales, *[(first[0], first[1], points) for points in back]],
        flags=period.flags, returns=[*[-1] * count, *[1] * parts],
    )  # fmt: skip

    one, two = calculate_run(returned, PLAN), calculate_run(without, PLAN)

    assert one.total == two.total
    assert one.earnings.amount.tolist() == two.earnings.amount.tolist()
    for index in range(len(PLAN.figures)):
        assert figure(one, index) == figure(two, index)
