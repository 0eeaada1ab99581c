"""Live figures go a day after the final ones are shown; what is posted stays as it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection

from commissions.locking import one_at_a_time
from commissions.models import Explanation, Period, Run
from commissions.selectors import periods
from commissions.services import explanations
from commissions.services.closing import close_period
from commissions.services.refreshing import refresh_period
from commissions.services.retention import drop_superseded
from commissions.services.verifying import differences
from tests.factories import make_cast, make_month, make_order, make_product
from tests.sessions import somebody_inside

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("frozen_folder"),
]


@pytest.fixture
def closed() -> tuple[Period, Run, Run, datetime]:
    """Return a closed month, its live and its posted run, and when it was shown."""
    cast = make_cast()
    make_product()
    period = make_month()
    make_order(cast.dora, paid_at=period.starts_at)
    live = refresh_period(period)
    explanations.answer(explanations.request(live, cast.bob).pk)
    shown_at = period.ends_at + timedelta(days=5)
    posted = close_period(period, at=shown_at)
    return period, live, posted, shown_at


def tables_of(run: Run) -> list[str]:
    """Return the tables that only a run's figures are in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ %s ORDER BY relname",
            [rf"^commissions_(standing|earning|state|place)_{run.pk}(_\d+)?$"],
        )
        return [name for (name,) in cursor.fetchall()]


def test_live_figures_go_and_posted_ones_stay(
    closed: tuple[Period, Run, Run, datetime],
) -> None:
    period, live, posted, shown_at = closed
    before = tables_of(posted)
    assert len(tables_of(live)) == len(before) == 4

    assert drop_superseded(at=shown_at + timedelta(hours=25)) == [live]

    assert tables_of(live) == []
    assert tables_of(posted) == before
    assert differences(posted) == []
    assert periods.shown_run(period) == posted
    assert not Explanation.objects.filter(run=live).exists()


def test_nothing_goes_before_its_time_or_twice(
    closed: tuple[Period, Run, Run, datetime],
) -> None:
    _, live, _, shown_at = closed

    assert drop_superseded(at=shown_at + timedelta(hours=23)) == []
    assert drop_superseded(at=shown_at + timedelta(hours=25)) == [live]
    assert drop_superseded(at=shown_at + timedelta(hours=26)) == []


def test_a_period_that_somebody_works_on_is_left(
    closed: tuple[Period, Run, Run, datetime],
) -> None:
    period, live, _, shown_at = closed

    with somebody_inside(lambda: one_at_a_time(period.pk)):
        assert drop_superseded(at=shown_at + timedelta(days=2)) == []

    assert drop_superseded(at=shown_at + timedelta(days=2)) == [live]
