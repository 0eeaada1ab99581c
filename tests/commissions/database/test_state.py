"""What a period leaves to the next: by name, whatever plan comes, provisional until posted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commissions import partitions
from commissions.engine import BooksBroken
from commissions.models import Earning, Period, Run, Standing, State
from commissions.selectors import ranks, standings
from commissions.services import plans
from commissions.services.closing import close_period
from commissions.services.periods import period_around
from commissions.services.refreshing import refresh_changed, refresh_period
from commissions.services.verifying import differences
from distributors.models import Member
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
LADDER = """
name     = "Ladder"
currency = "USD"
cadence  = "monthly"

[volume]
LGV = "lifetime GV"

[active]
require = ["PV >= 10"]

[[rank]]
name    = "Bronze"
require = ["GV >= 15"]

[[rank]]
name    = "Silver"
require = ["GV >= 30"]

[[bonus]]
name        = "Team"
kind        = "unilevel"
pays_on     = "CV"
compression = "none"
rates       = { Bronze = ["5%", "2%"] }

[[bonus]]
name = "Steps"
kind = "reward"
when = "once"
pays = { Bronze = "1.00", Silver = "5.00" }
"""


def two_months(text: str = LADDER) -> tuple[Cast, Period, Period]:
    """Return September, in which Alice is Silver and Bob Bronze, and October, with no sale yet."""
    cast = make_cast()
    make_product()
    for member in (cast.alice, cast.bob):
        make_order(member, paid_at=MONTHS[0] + timedelta(days=1))
    first = make_month(text, at=MONTHS[0])
    return cast, first, period_around(first.type, MONTHS[1])


def left(run: Run, member: Member) -> dict[str, int | str]:
    return {key: value for key, _, value in standings.state_left(run, member)}


def test_what_a_posted_period_left_is_what_the_next_begins_with() -> None:
    cast, first, second = two_months()
    run = close_period(first, at=first.grace_ends_at)

    now = refresh_period(second)

    assert left(run, cast.alice) == {
        "Steps.rank": 2,
        "lifetime.GV": 3_000,
        "rank.highest": "Silver",
        "rank.paid_as": "Silver",
        "rank.title": "Silver",
    }
    alice = Standing.objects.get(run=now, member_id=cast.alice.pk)
    assert (alice.rank, alice.paid_as_before, alice.title, alice.highest) == (0, 2, 2, 2)
    assert ranks.named_figures(ranks.plan_of(now), alice)["LGV"] == 3_000
    assert not now.is_provisional


def test_what_is_paid_once_is_not_paid_again() -> None:
    cast, first, second = two_months()
    run = close_period(first, at=first.grace_ends_at)
    for member in (cast.alice, cast.bob):
        make_order(member, paid_at=MONTHS[1] + timedelta(days=1))

    now = refresh_period(second)

    steps = Earning.objects.filter(bonus=1)
    assert steps.filter(run=run).count() == 3  # Alice reached both ranks, Bob one
    assert not steps.filter(run=now).exists()


def test_until_it_is_posted_a_period_begins_with_the_live_figures_before() -> None:
    cast, first, second = two_months()

    runs = refresh_changed(at=MONTHS[1] + timedelta(days=1))

    assert [run.period for run in runs] == [first, second]
    assert runs[1].is_provisional
    assert left(runs[1], cast.alice)["lifetime.GV"] == 3_000
    make_order(cast.alice, paid_at=MONTHS[0] + timedelta(days=3))
    runs = refresh_changed(at=MONTHS[1] + timedelta(days=1))
    assert left(runs[1], cast.alice)["lifetime.GV"] == 4_500


def test_ranks_are_found_by_name_in_a_plan_with_others() -> None:
    cast, first, second = two_months()
    close_period(first, at=first.grace_ends_at)
    with_steel = LADDER.replace(
        '[[rank]]\nname    = "Silver"', '[[rank]]\nname    = "Steel"\nrequire = ["GV >= 99"]\n'
        '\n[[rank]]\nname    = "Silver"',
    )  # fmt: skip
    plans.make_live(
        plans.draft_plan(
            period_type=first.type, label="v2", text=with_steel, effective_from=MONTHS[1]
        )
    )

    now = refresh_period(second)

    alice = Standing.objects.get(run=now, member_id=cast.alice.pk)
    assert ranks.plan_of(now).rank_name(alice.title) == "Silver"
    assert alice.title == 3


def test_ranks_pass_through_a_plan_without_ranks() -> None:
    cast, first, second = two_months()
    close_period(first, at=first.grace_ends_at)
    for label, text, start in (
        ("flat", 'name = "Flat"\ncurrency = "USD"\ncadence = "monthly"\n', MONTHS[1]),
        ("again", LADDER, MONTHS[2]),
    ):
        plans.make_live(
            plans.draft_plan(period_type=first.type, label=label, text=text, effective_from=start)
        )
    flat = close_period(second, at=second.grace_ends_at)

    now = refresh_period(period_around(first.type, MONTHS[2]))

    assert left(flat, cast.alice)["rank.title"] == "Silver"
    assert Standing.objects.get(run=now, member_id=cast.alice.pk).title == 2


@pytest.mark.parametrize(("parent", "column"), [(partitions.STATE, "value")])
def test_verifying_fails_when_one_row_of_state_is_changed(parent: str, column: str) -> None:
    _, first, _ = two_months()
    run = close_period(first, at=first.grace_ends_at)
    assert differences(run) == []
    table = partitions.table_of(parent, run.pk)

    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER refuse_change")
        cursor.execute(
            f"UPDATE {table} SET {column} = {column} + 1"  # noqa: S608 - our own names
            f" WHERE key = 1 AND member_id = (SELECT max(member_id) FROM {table})"
        )

    assert differences(run) == ["the stored standings, earnings or state are not those of the run"]


def test_verifying_fails_when_what_a_run_began_with_is_changed(frozen_folder: Path) -> None:
    _, first, second = two_months()
    close_period(first, at=first.grace_ends_at)
    run = close_period(second, at=second.grace_ends_at)
    assert differences(run) == []
    path = frozen_folder / run.frozen_path / "state.parquet"
    table = pq.read_table(path)
    place = table.column_names.index("value")
    values = table["value"].to_numpy().copy()
    values[values == 3_000] += 1
    pq.write_table(table.set_column(place, table.field("value"), [values]), path)

    found = differences(run)

    assert "the frozen books are not those of the run" in found
    assert "worked out again from the frozen files, the figures differ" in found


def test_the_database_keeps_the_state_of_posted_runs() -> None:
    _, first, _ = two_months()
    run = close_period(first, at=first.grace_ends_at)

    with pytest.raises(Exception, match="append-only"):
        State.objects.filter(run=run).delete()


def test_a_line_that_rests_on_no_sale_stops_the_run_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, frozen_folder: Path
) -> None:
    gift = '[[bonus]]\nname = "Gift"\nkind = "reward"\npaid_to = "everybody"\npays = "1.00"\n'
    _, first, _ = two_months(LADDER + gift)
    monkeypatch.setattr(
        "commissions.engine.bonuses.reward.rests_on_sales", lambda ground, rule: True
    )

    with pytest.raises(BooksBroken, match="rests on no sale"):
        close_period(first, at=first.grace_ends_at)

    assert not Run.objects.filter(kind=Run.Kind.FINAL).exists()
    assert not Earning.objects.exists()
    assert [path for path in frozen_folder.rglob("*") if path.is_file()] == []


def test_a_refresh_asks_as_much_of_the_database_however_many_there_are() -> None:
    cast, first, second = two_months()
    close_period(first, at=first.grace_ends_at)
    refresh_period(second)

    def refresh_after(buyers: Sequence[str]) -> int:
        for name in buyers:
            customer = make_customer(name, sponsor=cast.dora)
            make_order(customer, paid_at=MONTHS[1] + timedelta(days=1))
        return queries(second)

    refresh_after(["Ann First"])
    few = refresh_after(["Ben Second"])

    assert refresh_after([f"Buyer {number}" for number in range(30)]) == few


def queries(period: Period) -> int:
    with CaptureQueriesContext(connection) as captured:
        refresh_period(period)
    return len(captured)
