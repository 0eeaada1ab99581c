"""The question that open dashboards ask all the time: right, the same for all, and next to free."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commissions.models import Standing
from commissions.selectors import periods
from commissions.services.refreshing import refresh_period
from distributors.models import Member
from office.selectors.figures import figures_of
from office.views import pulse
from office.views.pulse import token_of
from tests.factories import make_order
from tests.office.world import World, client_of

pytestmark = pytest.mark.django_db
PULSE = "/live/pulse/"


def sell(world: World, buyer: Member) -> None:
    """Sell something, and have the figures worked out and a second pass."""
    make_order(buyer, ("COFFEE", 5), paid_at=timezone.now())
    refresh_period(world.period)
    cache.clear()


def token(world: World, member: Member) -> str:
    """Return what a page that shows a member's present figures asks with."""
    return token_of(member, figures_of(member, world.period))


def test_who_knows_the_newest_mark_is_told_nothing(world: World) -> None:
    first = Client().get(PULSE)

    again = Client().get(PULSE, headers={"If-None-Match": first.headers["ETag"]})
    sell(world, world.olga)
    changed = Client().get(PULSE, headers={"If-None-Match": first.headers["ETag"]})

    assert first.content.decode() == f"{world.run.pk}.{world.run.generation - 1}"
    assert again.status_code == 304
    assert again.content == b""
    assert changed.status_code == 200
    assert changed.content.decode() == f"{world.run.pk}.{world.run.generation}"


def test_it_is_the_same_for_all_and_caches_may_keep_it(world: World) -> None:
    answer = client_of(world.cast.alice).get(PULSE)

    assert answer.headers["Cache-Control"] == "public, max-age=1"
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert not answer.cookies
    assert answer.content == Client().get(PULSE).content


def test_no_query_is_made_while_the_answer_is_fresh(world: World) -> None:
    client = client_of(world.cast.alice)
    client.get(PULSE)

    with CaptureQueriesContext(connection) as captured:
        client.get(PULSE)

    assert len(captured) == 0


def test_ones_own_figures_are_new_only_if_they_changed(world: World) -> None:
    alice, olga = token(world, world.cast.alice), token(world, world.olga)

    sell(world, world.olga)

    assert Client().get(f"{PULSE}{alice}/").status_code == 204
    assert Client().get(f"{PULSE}{olga}/").status_code == 200
    assert Client().get(f"{PULSE}{token(world, world.olga)}/").status_code == 204


def test_asking_for_ones_own_takes_three_queries(world: World) -> None:
    own = token(world, world.cast.alice)
    client = client_of(world.cast.alice)
    client.get(f"{PULSE}{own}/")

    with CaptureQueriesContext(connection) as captured:
        client.get(f"{PULSE}{own}/")

    assert len(captured) == 3


@pytest.mark.parametrize("wrong", ["nonsense", "a:b:c", "%00"])
def test_what_is_no_token_of_a_page_is_not_found(wrong: str, world: World) -> None:
    assert Client().get(f"{PULSE}{wrong}/").status_code == 404


def test_a_page_that_is_older_than_its_token_is_told_to_look(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = token(world, world.cast.alice)
    monkeypatch.setattr(pulse, "TOKEN_SECONDS", -1)

    assert Client().get(f"{PULSE}{shown}/").status_code == 200


def test_first_figures_are_news(world: World) -> None:
    before = token_of(world.cast.alice, None)

    assert Client().get(f"{PULSE}{before}/").status_code == 200


def test_every_figure_is_in_the_fingerprint(world: World) -> None:
    run = periods.shown_run(world.period)
    before = token(world, world.cast.alice)
    mine = Standing.objects.filter(run_id=run.pk if run else 0, member=world.cast.alice)

    for name in ("pv", "gv", "cv", "rank", "paid_as", "title", "highest", "figures"):
        kept = mine.values_list(name, flat=True).get()
        mine.update(**{name: [*kept, 1] if name == "figures" else kept + 1})
        assert Client().get(f"{PULSE}{before}/").status_code == 200, name
        mine.update(**{name: kept})
        assert Client().get(f"{PULSE}{before}/").status_code == 204, name
