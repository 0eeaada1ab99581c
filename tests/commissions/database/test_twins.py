"""The database pays what the lab pays, period by period, whatever the plan asks for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from commissions.models import Earning, State
from commissions.services.periods import period_around
from distributors.models import Holding
from tests.commissions.database.twins import Twins
from tests.commissions.database.worlds import World, make_world, terminate
from tests.factories import make_month, party_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_folder")]

WIDE = Path(__file__).with_name("wide.toml").read_text()
MONTHS = [datetime(2026, month, 1, tzinfo=UTC) for month in (9, 10, 11, 12)]


def hold_together(world: World) -> None:
    """Let one party hold three distributors."""
    one, *others = world.distributors[3:6]
    for other in others:
        Holding.objects.filter(member=other).delete()
        Holding.objects.create(member=other, party=party_of(one), effective_from=other.joined_at)


@pytest.mark.parametrize(
    ("seed", "zone"), [(1, "UTC"), (2, "Asia/Kolkata"), (3, "Pacific/Auckland")]
)
def test_three_months_in_a_row_are_those_of_the_lab(
    seed: int, zone: str, tmp_path: Path, settings: Settings
) -> None:
    settings.TIME_ZONE = zone
    world = make_world(seed, markets=("US", "CA"))
    hold_together(world)
    first = make_month(WIDE, at=MONTHS[0])
    twins = Twins(tmp_path)
    orders = world.sell(60, MONTHS[0], MONTHS[1])
    world.bring_back(orders[::9], at=first.ends_at - timedelta(milliseconds=1))

    september = twins.close(first)
    world.bring_back(orders[:20], at=MONTHS[1] + timedelta(days=10))
    world.sell(60, MONTHS[1], MONTHS[2])
    october = twins.close(period_around(first.type, MONTHS[1]))
    terminate(world.distributors[9], at=MONTHS[2] + timedelta(days=2))
    world.bring_back(orders[10:35], at=MONTHS[2] + timedelta(days=10))
    world.bring_back(world.orders[60:80], at=MONTHS[2] + timedelta(days=11))
    world.sell(60, MONTHS[2], MONTHS[3])
    november = twins.close(period_around(first.type, MONTHS[2]))

    for run in (september, october, november):
        assert Earning.objects.filter(run=run, reverses=0).values("bonus").distinct().count() > 8
        assert State.objects.filter(run=run).exists()
    taken_back = Earning.objects.filter(run__in=[october, november]).exclude(reverses=0)
    assert taken_back.values("bonus").distinct().count() > 6
