"""Weeks within months: each paid by its own runs, and the month matches what its weeks paid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commissions.errors import (
    EarlierPeriodNotPosted,
    OwnRhythmMissing,
    PlanNotForThisCompany,
    ShorterPeriodNotPosted,
    WrongCadence,
)
from commissions.models import Earning, Period, PeriodType, Run
from commissions.selectors.periods import main_period_type
from commissions.services import plans
from commissions.services.closing import close_period
from commissions.services.periods import period_around
from commissions.services.refreshing import refresh_changed
from tests.commissions.database.placing import filled, placed
from tests.commissions.database.twins import Twins
from tests.commissions.database.worlds import make_world
from tests.factories import JOINED, PLAN, make_cast, make_month, make_order, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_folder")]

SEPTEMBER, OCTOBER, NOVEMBER = (datetime(2026, month, 1, tzinfo=UTC) for month in (9, 10, 11))
WEEKS = [datetime(2026, 8, 31, tzinfo=UTC) + timedelta(weeks=number) for number in range(9)]
TWO_RHYTHMS = """
name         = "Weeks and months"
currency     = "USD"
cadence      = "monthly"
late_returns = "deduct volume"

[tree.two]
kind = "binary"

[volume]
LGV = "lifetime GV"

[active]
require = ["PV >= 10"]

[[rank]]
name    = "Star"
require = ["GV >= 100", "LGV >= 200"]

[[bonus]]
name    = "First week"
kind    = "fast-start"
cadence = "weekly"
pays_on = "CV"
within  = "5 months"
rates   = ["10%", "5%"]

[bonus.cap]
per_earner = "9.99"

[[bonus]]
name    = "Pairs"
kind    = "binary"
cadence = "weekly"
tree    = "two"
pays_on = "CV"
rates   = "10%"

[[bonus]]
name        = "Team"
kind        = "unilevel"
pays_on     = "CV"
compression = "none"
rates       = { Star = ["5%", "3%"] }

[[bonus]]
name  = "Match"
kind  = "matching"
of    = ["First week", "Pairs", "Team"]
rates = ["20%", "10%"]
"""


@pytest.fixture
def weekly() -> PeriodType:
    """Return weeks, which nothing is paid in yet."""
    return PeriodType.objects.create(code="weekly", name="Weekly", cadence="weekly")


def pay_weekly(kind: PeriodType, text: str) -> None:
    """Let the plan that pays the months pay these weeks."""
    plans.make_live(
        plans.draft_plan(period_type=kind, label="weekly 1", text=text, effective_from=JOINED)
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_weeks_and_months_are_those_of_the_lab(
    seed: int, tmp_path: Path, weekly: PeriodType
) -> None:
    world = make_world(seed)
    people = [member for member in world.distributors if member.joined_at < WEEKS[0]]
    places = {"two": filled(people, width=2)}
    with placed(places):
        month, october_month = (make_month(TWO_RHYTHMS, at=at) for at in (SEPTEMBER, OCTOBER))
        pay_weekly(weekly, TWO_RHYTHMS)
        twins = Twins(tmp_path, places)
        world.sell(40, SEPTEMBER, OCTOBER)
        orders = sorted(world.orders, key=lambda order: str(order.paid_at))
        twins.close(period_around(weekly, WEEKS[0]))
        for number in range(1, 4):
            world.bring_back(orders[number::7], at=WEEKS[number] + timedelta(days=2))
            twins.close(period_around(weekly, WEEKS[number]))
        september = twins.close(month)
        world.sell(30, OCTOBER, NOVEMBER)
        world.bring_back(orders[::3], at=OCTOBER + timedelta(days=1))
        for number in range(4, 8):
            twins.close(period_around(weekly, WEEKS[number]))
            world.bring_back(orders[number::8], at=WEEKS[number + 1] + timedelta(hours=1))
        october = twins.close(october_month)

    for run in (september, october):
        assert matched(run, reverses=False)
    assert matched(october, reverses=True)
    weeks = Run.objects.filter(period__type=weekly)
    assert Earning.objects.filter(run__in=weeks).exclude(reverses=0).exists()


def matched(run: Run, *, reverses: bool) -> bool:
    rows = Earning.objects.filter(run=run, bonus=3)
    return (rows.exclude(reverses=0) if reverses else rows.filter(reverses=0)).exists()


WITHOUT_TREES = PLAN + """
[[bonus]]
name    = "First week"
kind    = "retail"
cadence = "weekly"
pays_on = "CV"
rates   = "5%"
"""  # fmt: skip


def test_a_plan_fits_weeks_only_if_it_pays_something_by_the_week(weekly: PeriodType) -> None:
    make_month(PLAN)

    with pytest.raises(WrongCadence, match="cadence is monthly"):
        pay_weekly(weekly, PLAN)


def test_weeks_are_refused_before_the_months_around_them(weekly: PeriodType) -> None:
    make_month(PLAN)

    with pytest.raises(OwnRhythmMissing, match="own rhythm is monthly"):
        pay_weekly(weekly, WITHOUT_TREES)


def test_a_plan_is_refused_if_nobody_would_pay_its_weekly_bonus() -> None:
    with pytest.raises(PlanNotForThisCompany, match="First week is paid weekly"):
        make_month(WITHOUT_TREES)


def test_people_look_at_the_plans_own_rhythm_first() -> None:
    kind = PeriodType.objects.create(code="a-week", name="Weekly", cadence="weekly")
    make_month(WITHOUT_TREES)
    plans.make_live(
        plans.draft_plan(period_type=kind, label="w", text=WITHOUT_TREES, effective_from=JOINED)
    )

    found = main_period_type()

    assert found is not None
    assert found.code == "monthly"


def test_a_month_waits_for_its_weeks_and_a_week_for_the_month_before(weekly: PeriodType) -> None:
    month, _ = (make_month(WITHOUT_TREES, at=at) for at in (SEPTEMBER, OCTOBER))
    pay_weekly(weekly, WITHOUT_TREES)
    weeks = [period_around(weekly, day) for day in WEEKS[:5]]

    with pytest.raises(ShorterPeriodNotPosted, match="2026-W36"):
        close_period(month, at=NOVEMBER)
    for week in weeks[:4]:
        close_period(week, at=NOVEMBER)
    with pytest.raises(EarlierPeriodNotPosted, match="2026-09"):
        close_period(weeks[4], at=NOVEMBER)
    close_period(month, at=NOVEMBER)
    assert close_period(weeks[4], at=NOVEMBER).posted_at is not None


def test_one_order_refreshes_the_week_and_the_month(weekly: PeriodType) -> None:
    cast = make_cast()
    make_product(pv=1_000, cv=10_000)
    month = make_month(WITHOUT_TREES, at=SEPTEMBER)
    pay_weekly(weekly, WITHOUT_TREES)
    week = period_around(weekly, WEEKS[1])
    refresh_changed(at=WEEKS[1] + timedelta(days=1))

    make_order(cast.bob, paid_at=WEEKS[1] + timedelta(hours=1))
    runs = refresh_changed(at=WEEKS[1] + timedelta(days=1))

    assert [run.period for run in runs] == [week, month]
    assert all(run.generation == 2 for run in runs)
    assert Period.objects.filter(runs__generation=2).count() == 2
