"""Live figures follow orders and the network, and only what changed is written."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest

from commissions.models import Earning, Period, Run, Standing
from commissions.services import refreshing
from commissions.services.periods import lock_period, roll_periods
from commissions.services.refreshing import refresh_changed, refresh_period, started_without_figures
from distributors.models import Change, Member, Status
from distributors.services import change_sponsor, change_status
from mlm.errors import InvariantBroken
from orders.returning import PiecesBack, return_goods
from tests.factories import (
    MONTH,
    NOON,
    make_cast,
    make_customer,
    make_distributor,
    make_month,
    make_order,
    make_product,
)

pytestmark = pytest.mark.django_db


def earned(run: Run) -> dict[str, int]:
    """Return cents by name of everybody who earns anything in a run."""
    names = dict(Member.objects.values_list("pk", "name"))
    sums: dict[str, int] = {}
    for row in Earning.objects.filter(run=run):
        name = names[row.member_id].split()[0]
        sums[name] = sums.get(name, 0) + row.amount_minor
    return {name: amount for name, amount in sums.items() if amount}


def standing(run: Run, member: Member) -> Standing:
    return Standing.objects.get(run=run, member_id=member.pk)


def snapshot_of_tables(run: Run) -> tuple[set[tuple[object, ...]], set[tuple[object, ...]]]:
    """Return all standings and earnings of a run, row by row."""
    standings = Standing.objects.filter(run=run).values_list(
        "member_id", "pv", "cv", "gv", "is_active", "rank", "paid_as"
    )
    earnings = Earning.objects.filter(run=run).values_list(
        "member_id", "bonus", "level", "rate_ppm", "base", "amount_minor", "lines"
    )
    return set(standings), set(earnings)


def test_an_order_five_levels_down_changes_its_upline_and_nobody_else() -> None:
    cast = make_cast()
    make_product(pv=1_000, cv=10_000)
    period = make_month()
    for member in (cast.alice, cast.bob, cast.carl, cast.dora):
        make_order(member)
    before = snapshot_of_tables(refresh_period(period))
    ann = make_customer("Ann Ames", sponsor=cast.dora)

    make_order(ann)
    run = refresh_period(period)

    after = snapshot_of_tables(run)
    changed = {row[0] for old, new in zip(before, after, strict=True) for row in old ^ new}
    house = Member.objects.get(is_house=True)
    assert changed == {cast.alice.pk, cast.bob.pk, cast.dora.pk, house.pk}
    # Dora is Ann's distributor: 10 % of 100.00; Bob 5 %, Alice 2 %; the house earns nothing here
    assert earned(run) == {"Alice": 2_700, "Bob": 1_500, "Dora": 1_000}


def test_figures_show_volumes_and_activity() -> None:
    cast = make_cast()
    make_product(pv=1_500, cv=1_000)
    period = make_month()
    make_order(cast.dora)

    run = refresh_period(period)

    dora, bob = standing(run, cast.dora), standing(run, cast.bob)
    assert (dora.pv, dora.cv, dora.gv, dora.is_active) == (1_500, 1_000, 1_500, True)
    assert (bob.pv, bob.gv, bob.is_active) == (0, 1_500, False)


def test_a_return_before_the_lock_nets_to_nothing() -> None:
    cast = make_cast()
    make_product(pv=1_000, cv=10_000)
    period = make_month()
    make_order(cast.alice)
    refresh_period(period)
    order = make_order(cast.bob)
    assert earned(refresh_period(period)) == {"Alice": 1_000}

    return_goods(order, external_id="R", pieces=[PiecesBack(1, 1)], reason="", returned_at=NOON)

    assert earned(refresh_period(period)) == {}


def test_a_moved_sponsor_moves_the_pay() -> None:
    cast = make_cast()
    make_product(pv=1_000, cv=10_000)
    period = make_month()
    for member in (cast.bob, cast.carl, cast.dora):
        make_order(member)
    assert earned(refresh_period(period))["Bob"] == 1_000

    change_sponsor(
        cast.dora, cast.carl, effective_from=MONTH, reason="Mistake", actor=None, at=NOON
    )

    figures = earned(refresh_period(period))
    assert "Bob" not in figures
    assert figures["Carl"] == 1_000


def test_a_terminated_member_is_passed_over() -> None:
    cast = make_cast()
    make_product(pv=1_000, cv=10_000)
    period = make_month()
    for member in (cast.alice, cast.bob, cast.dora):
        make_order(member)

    change_status(
        cast.bob, Status.TERMINATED, effective_from=NOON, reason="Left", actor=None, at=NOON
    )

    # Bob's own order and Dora's both reach Alice as level 1
    assert earned(refresh_period(period)) == {"Alice": 2_000}


def test_changes_are_taken_away_once_the_figures_are_right() -> None:
    cast = make_cast()
    make_product()
    make_month()
    make_order(cast.dora)

    runs = refresh_changed(at=NOON)

    assert [run.period.label for run in runs] == ["2026-11"]
    assert not Change.objects.exists()


def test_nothing_is_published_where_nothing_changed() -> None:
    cast = make_cast()
    make_product()
    period = make_month()
    make_order(cast.dora)

    first = refresh_period(period)
    again = refresh_period(period)

    assert (first.generation, again.generation) == (1, 1)
    assert again.as_of is not None
    assert first.as_of is not None
    assert again.as_of > first.as_of


def test_an_order_in_the_grace_time_changes_its_own_month() -> None:
    cast = make_cast()
    make_product(pv=1_000, cv=10_000)
    november = make_month()
    december = make_month(at=MONTH + timedelta(days=31))
    refresh_changed(at=MONTH + timedelta(days=31))
    make_order(cast.alice)

    runs = refresh_changed(at=MONTH + timedelta(days=31))

    assert [run.period for run in runs] == [november, december]
    assert standing(runs[0], cast.alice).pv == 1_000
    assert standing(runs[1], cast.alice).pv == 0


def test_a_period_that_began_gets_figures_without_any_order() -> None:
    make_cast()
    period = make_month()

    assert started_without_figures(at=NOON) == [period]
    refresh_changed(at=NOON)
    assert started_without_figures(at=NOON) == []


def test_a_period_without_a_plan_is_left_out() -> None:
    period = make_month()
    early = Period.objects.create(
        type=period.type,
        label="2020-01",
        starts_at=MONTH - timedelta(days=2_500),
        ends_at=MONTH - timedelta(days=2_470),
        grace_ends_at=MONTH - timedelta(days=2_470),
    )

    runs = refresh_changed(at=NOON)

    assert early not in [run.period for run in runs]


def test_months_that_nobody_made_while_the_workers_stood_still_are_made() -> None:
    first = make_month()

    roll_periods(at=MONTH + timedelta(days=130))

    labels = Period.objects.order_by("starts_at").values_list("label", flat=True)
    assert list(labels) == [first.label, "2026-12", "2027-01", "2027-02", "2027-03", "2027-04"]


def test_a_payment_before_the_seller_joined_stops_no_months_figures() -> None:
    october, november = make_month(at=MONTH - timedelta(days=5)), make_month()
    alice = make_distributor("Alice Adams", at=NOON)
    make_product()

    make_order(alice, ordered_at=NOON, paid_at=MONTH - timedelta(days=2))

    assert refresh_period(october).sales_count == 0
    assert refresh_period(november).sales_count == 1


def test_a_sale_that_changes_nobodys_figures_is_counted_too() -> None:
    cast = make_cast()
    make_product(pv=0, cv=0)
    period = make_month()
    before = refresh_period(period)
    make_order(cast.dora)

    after = refresh_period(period)

    assert after.generation == before.generation
    assert (before.sales_count, after.sales_count) == (0, 1)


def test_a_locked_period_is_left_as_it_was_last_published() -> None:
    cast = make_cast()
    make_product()
    period = make_month()
    make_order(cast.dora)
    before = refresh_period(period)
    make_order(cast.dora)
    lock_period(period, at=period.grace_ends_at)

    after = refresh_period(period)

    assert (after.generation, after.sales_count) == (before.generation, before.sales_count)
    assert Run.objects.get(pk=before.pk).input_digest == before.input_digest


def test_a_period_that_fails_holds_no_other_back_and_no_change_is_lost() -> None:
    cast = make_cast()
    make_product(pv=1_000, cv=10_000)
    broken = make_month()
    december = make_month(at=MONTH + timedelta(days=31))
    make_order(cast.alice)
    works = refreshing.refresh_period

    def refresh(period: Period) -> Run:
        if period == broken:
            raise InvariantBroken("books that do not fit together")
        return works(period)

    with (
        patch.object(refreshing, "refresh_period", refresh),
        pytest.raises(InvariantBroken),
    ):
        refresh_changed(at=MONTH + timedelta(days=31))

    assert Run.objects.filter(period=december).exists()
    assert Change.objects.exists()
