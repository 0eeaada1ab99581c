"""Binary and matrix: places, carried lots, and returns that come off the legs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from commissions.models import Earning, State
from commissions.services.periods import period_around
from tests.commissions.database.placing import filled, placed
from tests.commissions.database.twins import Twins
from tests.commissions.database.worlds import make_world
from tests.factories import make_month

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_folder")]

MONTHS = [datetime(2026, month, 1, tzinfo=UTC) for month in (9, 10, 11, 12)]
TREES = """
name     = "Placed"
currency = "USD"
cadence  = "monthly"

[tree.two]
kind = "binary"

[tree.three]
kind  = "matrix"
width = 3

[volume]
LEFT = "CV of the left leg in two"

[active]
require = ["PV >= 10"]

[[bonus]]
name          = "Pairs"
kind          = "binary"
tree          = "two"
pays_on       = "CV"
rates         = "10%"
own_volume    = "weaker"
carry_expires = 2

[[bonus]]
name    = "Cycles"
kind    = "binary"
tree    = "two"
pays_on = "PV"
steps   = "for good"
on_return = "share"

[[bonus.cycle]]
strong = "20"
weak   = "10"
times  = 2
pays   = "3.50"

[[bonus.cycle]]
strong = "10"
weak   = "10"
pays   = "2.25"

[[bonus]]
name    = "Levels"
kind    = "full-level"
tree    = "three"
pays_on = "CV"
counted = ["GV >= 0"]
rates   = ["5%", "3%"]
once    = true

[[bonus]]
name  = "Match"
kind  = "matching"
of    = ["Pairs", "Cycles"]
rates = ["20%"]

[bonus.cap]
per_earner = "4.00"
"""


@pytest.mark.parametrize("seed", [1, 2])
def test_three_months_of_legs_are_those_of_the_lab(seed: int, tmp_path: Path) -> None:
    world = make_world(seed)
    people = [member for member in world.distributors if member.joined_at < MONTHS[0]]
    places = {"two": filled(people, width=2), "three": filled(people, width=3)}
    with placed(places):
        first = make_month(TREES, at=MONTHS[0])
        twins = Twins(tmp_path, places)
        for number, (start, end) in enumerate(pairwise(MONTHS)):
            world.bring_back(world.orders[::2], at=start + timedelta(days=3))
            world.sell(50, start, end)
            run = twins.close(period_around(first.type, start))
            keys = {run.state_keys[row.key] for row in State.objects.filter(run=run)}
            assert {"Pairs.left", "Pairs.right", "Cycles.cycles", "Levels.level"} <= keys
            taken_back = Earning.objects.filter(run=run).exclude(reverses=0)
            assert taken_back.exists() == (number > 0)
