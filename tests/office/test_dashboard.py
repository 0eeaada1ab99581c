"""The dashboard and the list of periods: the right figures, in the right state, kept fresh."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commissions.models import Period, Run
from commissions.selectors import standings
from commissions.services.periods import period_around
from commissions.services.refreshing import refresh_period
from mlm.display import money
from tests.factories import make_cast, make_month, make_order
from tests.office.world import PLAN, World, client_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def amount(world: World) -> str:
    """Return Alice's earnings as pages write them."""
    total = standings.total_minor(world.run, world.cast.alice)
    return money(total, "USD").removesuffix(" USD")


def post(run: Run) -> None:
    """Make a run look posted and published, as after a close."""
    now = timezone.now()
    Run.objects.filter(pk=run.pk).update(kind="final", status="posted", posted_at=now)
    Period.objects.filter(pk=run.period_id).update(
        status="published", locked_at=now, locked_sale_id=0, posted_at=now, published_at=now
    )


def test_the_dashboard_shows_figures_state_and_ways_to_their_why(world: World) -> None:
    page = client_of(world.cast.alice).get("/").content.decode()

    where = f"/earnings/monthly/{world.period.label}/"
    assert f">{amount(world)}<" in page
    assert "estimated" in page
    assert "as of" in page
    for way in ("why/", "volume/", ""):
        assert f'href="{where}{way}' in page
    assert 'href="/team/"' in page
    assert "closes in" in page


def test_the_next_rank_says_have_need_and_missing(world: World) -> None:
    page = " ".join(client_of(world.cast.alice).get("/").content.decode().split())

    assert "Paid as</span> <strong>Seed</strong>" in page
    assert "Next: Tree" in page
    standing = standings.standing(world.run, world.cast.alice)
    assert standing is not None
    assert standing.gv == 6 * 3_700
    assert "222 of 5,000" in page
    assert "<strong>4,778</strong> missing" in page
    assert "Customers with at least 20 PV" in page
    assert "1 of 2" in page


def test_nothing_is_sent_while_nothing_has_changed(world: World) -> None:
    client = client_of(world.cast.alice)
    mark = f"{world.run.pk}.{world.run.generation}"

    same = client.get(f"/live/{mark}/", headers=HTMX)
    make_order(world.cleo, paid_at=timezone.now())
    refresh_period(world.period)
    changed = client.get(f"/live/{mark}/", headers=HTMX)

    assert same.status_code == 204
    assert same.content == b""
    assert changed.status_code == 200
    page = changed.content.decode()
    assert page.strip().startswith('<div id="figures"')
    assert f"/live/{world.run.pk}.{world.run.generation}/" in page
    assert f">{amount(world)}<" in page


def test_asking_whether_something_changed_costs_little(world: World) -> None:
    client = client_of(world.cast.alice)
    client.get("/")
    mark = f"{world.run.pk}.{world.run.generation}"
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/live/{mark}/", headers=HTMX)

    assert len(captured) <= 8


@pytest.mark.parametrize("mark", ["0.0", "nonsense", "1", "-1.-1", "%00"])
def test_any_other_mark_gets_the_figures(mark: str, world: World) -> None:
    response = client_of(world.cast.alice).get(f"/live/{mark}/", headers=HTMX)

    assert response.status_code == 200


def test_the_banner_comes_alone(world: World) -> None:
    page = client_of(world.cast.alice).get("/live/banner/", headers=HTMX).content.decode()

    assert "closes in" in page
    assert "<html" not in page


def test_a_provisional_run_says_so(world: World) -> None:
    Run.objects.update(is_provisional=True)

    page = client_of(world.cast.alice).get("/").content.decode()

    assert "provisional" in page
    assert "estimated" not in page


def test_final_figures_show_when_they_are_published_and_not_before(world: World) -> None:
    earlier = period_around(world.period.type, world.period.starts_at - timedelta(days=1))
    run = refresh_period(earlier)
    client = client_of(world.cast.alice)
    label = f"/earnings/monthly/{earlier.label}/"
    assert "final" not in client.get("/").content.decode()

    post(run)
    Period.objects.filter(pk=earlier.pk).update(published_at=None)
    assert client.get(label).content.decode().count("chip-final") == 0
    Period.objects.filter(pk=earlier.pk).update(published_at=timezone.now())

    assert "chip-final" in client.get(label).content.decode()
    assert label in client.get("/").content.decode()


def test_before_any_figures_the_page_says_what_will_happen(db: None) -> None:
    cast = make_cast()
    make_month(PLAN, at=timezone.now())

    page = client_of(cast.alice).get("/").content.decode()

    assert "No figures yet" in page
    assert "/live/0.0/" in page


def test_without_any_period_every_page_stands(db: None) -> None:
    cast = make_cast()
    client = client_of(cast.alice)

    for address in ("/", "/earnings/", "/team/", "/link/", "/orders/", "/account/"):
        assert client.get(address).status_code == 200, address
    assert "No periods yet" in client.get("/earnings/").content.decode()


def test_periods_are_listed_with_their_sums_in_few_queries(world: World) -> None:
    client = client_of(world.cast.alice)
    client.get("/earnings/")
    few = queries(client)
    start = world.period.starts_at
    for _ in range(9):
        earlier = period_around(world.period.type, start - timedelta(days=1))
        start = earlier.starts_at
        Run.objects.create(
            period=earlier, plan_version=world.run.plan_version, kind="live", generation=1
        )

    assert queries(client) == few
    page = client.get("/earnings/").content.decode()
    assert f">{amount(world)}<" in page


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/earnings/").status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "address",
    [
        "/earnings/monthly/1999-01/",
        "/earnings/monthly/%00/",
        "/earnings/%00/x/",
        "/earnings/weekly/2026-11/why/",
        "/earnings/monthly/2999-01/volume/",
    ],
)
def test_a_period_that_is_not_there_is_not_found(address: str, world: World) -> None:
    assert client_of(world.cast.alice).get(address).status_code == 404


def test_periods_before_joining_and_ahead_are_not_shown(world: World) -> None:
    ahead = period_around(world.period.type, world.period.ends_at)
    before = period_around(world.period.type, world.cast.alice.joined_at - timedelta(days=60))
    client = client_of(world.cast.alice)

    for period in (ahead, before):
        assert client.get(f"/earnings/monthly/{period.label}/").status_code == 404
        assert period.label not in client.get("/earnings/").content.decode()


@pytest.mark.parametrize("before", ["", "nonsense", "2026-13-01", "2026-01-01", "\x00", "9" * 99])
def test_a_link_to_earlier_periods_may_say_anything(before: str, world: World) -> None:
    assert client_of(world.cast.alice).get("/earnings/", {"before": before}).status_code == 200


def test_orders_of_ones_own_are_listed(world: World) -> None:
    page = client_of(world.cast.alice).get("/orders/").content.decode()

    assert "2 × Coffee" in page
    assert page.count("<li>") - page.count("</nav>") < 10
    assert client_of(world.cleo).get("/orders/?page=nonsense").status_code == 200
