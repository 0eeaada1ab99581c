"""Everything comes back, in one part or in thirds, over several months: nothing is left paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.db.models import Sum

from commissions.models import Earning, Period, Run
from commissions.selectors import standings
from commissions.services.closing import close_period
from commissions.services.periods import period_around
from commissions.services.refreshing import refresh_period
from commissions.services.verifying import differences
from orders.models import Order
from orders.returning import PiecesBack, return_goods
from tests.commissions.database.placing import filled, placed
from tests.commissions.lab.files import PLAN
from tests.commissions.lab.test_thirds import KINDS
from tests.factories import (
    Cast,
    make_cast,
    make_customer,
    make_month,
    make_order,
    make_product,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_folder")]

MONTHS = [datetime(2026, month, 1, tzinfo=UTC) for month in (9, 10, 11, 12)]


def three_pieces_each(cast: Cast) -> list[Order]:
    """Return orders of September, of three pieces each, by everybody and two customers."""
    make_product("COFFEE", pv=1_001, cv=3_335)
    make_product("TEA", pv=2_590, cv=1_010)
    buyers = [
        cast.alice, cast.bob, cast.carl, cast.dora,
        make_customer("Ann Ames", sponsor=cast.dora), make_customer("Cid Cole", sponsor=cast.carl),
    ]  # fmt: skip
    at = MONTHS[0] + timedelta(days=5)
    return [
        make_order(buyer, (sku, 3), paid_at=at) for buyer in buyers for sku in ("COFFEE", "TEA")
    ]


def bring_back(orders: list[Order], pieces: int, at: datetime) -> None:
    for order in orders:
        return_goods(
            order,
            external_id=f"R{order.returns.count()}",
            pieces=[PiecesBack(1, pieces)],
            reason="",
            returned_at=at,
        )


def left_paid(runs: list[Run]) -> dict[tuple[int, str, int], int]:
    """Return what all runs together pay, by member, name and level."""
    found: dict[tuple[int, str, int], int] = defaultdict(int)
    for run in runs:
        rows = list(Earning.objects.filter(run=run))
        names = standings.pay_names(run, rows)
        for row in rows:
            found[row.member_id, names[row.reverses, row.bonus], row.level] += row.amount_minor
    return dict(found)


def months() -> Iterator[Period]:
    kind = Period.objects.get().type
    for start in MONTHS:
        yield period_around(kind, start)


@pytest.mark.parametrize("parts", [(3,), (1, 1, 1)], ids=["whole", "thirds"])
@pytest.mark.parametrize("kind", KINDS)
def test_all_that_comes_back_takes_back_all_that_was_paid(
    kind: str, parts: tuple[int, ...]
) -> None:
    cast = make_cast()
    orders = three_pieces_each(cast)
    people = [cast.alice, cast.bob, cast.carl, cast.dora]
    trees = "tree.two" in KINDS[kind]
    with placed({"two": filled(people, width=2)}) if trees else nullcontext():
        make_month(PLAN + KINDS[kind], at=MONTHS[0])
        runs = []
        for period, back in zip(months(), (0, *parts), strict=False):
            if back:
                bring_back(orders, back, period.starts_at + timedelta(days=3))
            runs.append(close_period(period, at=period.grace_ends_at))

    assert any(left_paid(runs[:1]).values())
    assert set(left_paid(runs).values()) == {0}
    later = Earning.objects.filter(run__in=runs[1:])
    assert not later.filter(reverses=0).exists()
    assert all(differences(run) == [] for run in runs)


NOTHING_BACK = PLAN + KINDS["unilevel"] + 'on_return = "none"\n'


def test_nothing_is_taken_back_where_the_plan_says_so() -> None:
    orders = three_pieces_each(make_cast())
    make_month(NOTHING_BACK, at=MONTHS[0])
    first, second, *_ = months()
    close_period(first, at=first.grace_ends_at)
    bring_back(orders, 3, MONTHS[1] + timedelta(days=1))

    run = close_period(second, at=second.grace_ends_at)

    assert not Earning.objects.filter(run=run).exists()


LEGS = """
[tree.two]
kind = "binary"

[[bonus]]
name    = "Pairs"
kind    = "binary"
tree    = "two"
pays_on = "CV"
rates   = "10%"
"""


def test_what_comes_back_is_owed_by_the_legs_until_new_sales_pay_for_it() -> None:
    cast = make_cast()
    orders = three_pieces_each(cast)
    people = [cast.alice, cast.bob, cast.carl, cast.dora]
    with placed({"two": filled(people, width=2)}):
        make_month(PLAN + LEGS, at=MONTHS[0])
        first, second, third, _ = months()
        paid = close_period(first, at=first.grace_ends_at)
        bring_back(orders, 3, MONTHS[1] + timedelta(days=1))
        nothing = close_period(second, at=second.grace_ends_at)
        for buyer in people:
            make_order(buyer, ("COFFEE", 3), ("TEA", 3), paid_at=MONTHS[2] + timedelta(days=1))
        again = close_period(third, at=third.grace_ends_at)

    # Bob and Carl are paired under Alice; what came back of both stands in the legs, below zero
    assert total(paid) > 0
    assert total(nothing) == 0
    left = {(key, label): value for key, label, value in standings.state_left(nothing, cast.alice)}
    assert {key for key, _ in left} == {"Pairs.left", "Pairs.right"}
    assert all(isinstance(value, int) and value < 0 for value in left.values())
    assert total(again) < total(paid)


def total(run: Run) -> int:
    return Earning.objects.filter(run=run).aggregate(total=Sum("amount_minor"))["total"] or 0


def test_verifying_fails_when_what_came_back_is_changed(frozen_folder: Path) -> None:
    orders = three_pieces_each(make_cast())
    make_month(PLAN + KINDS["unilevel"], at=MONTHS[0])
    first, second, *_ = months()
    close_period(first, at=first.grace_ends_at)
    bring_back(orders, 1, MONTHS[1] + timedelta(days=1))
    run = close_period(second, at=second.grace_ends_at)
    assert differences(run) == []
    path = frozen_folder / run.frozen_path / "late.parquet"
    table = pq.read_table(path)
    twice = table["cv"].to_numpy() * 2
    place = table.column_names.index("cv")
    pq.write_table(table.set_column(place, table.field("cv"), [twice]), path)

    assert differences(run) == [
        "the frozen books are not those of the run",
        "worked out again from the frozen files, the figures differ",
        "worked out again from the frozen files, the lines differ",
    ]


def test_the_same_returns_are_not_worked_out_again_at_each_refresh() -> None:
    from commissions.posted_runs import worked_out_again

    orders = three_pieces_each(make_cast())
    make_month(PLAN + KINDS["matching"], at=MONTHS[0])
    first, second, *_ = months()
    close_period(first, at=first.grace_ends_at)
    bring_back(orders, 1, MONTHS[1] + timedelta(days=1))
    live = refresh_period(second)
    worked_out_again.cache_clear()

    again = refresh_period(second)

    assert total(again) == total(live) < 0
    assert worked_out_again.cache_info().misses == 0
