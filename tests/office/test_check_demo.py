"""The demo's own check: it passes when all is right, and each thing that is not right fails it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from commissions.models import Earning, Run
from commissions.services.refreshing import refresh_changed
from mlm.celery import app
from office.demo import trying, walk

# What stands in for the worker, called after each order with everything committed
Worker = Callable[[], None]

HALF = Fraction(1, 2)


def works() -> None:
    """Do what the worker does."""
    refresh_changed(at=timezone.now())


def sleeps() -> None:
    """Do nothing, as a worker that is stopped."""


def changes_a_stranger() -> None:
    """Do the work, and pay somebody far away one cent more."""
    works()
    _pay_more(Earning.objects.exclude(reverses=0).values_list("member_id", flat=True)[0])


def pays_an_upline_too_much() -> None:
    """Do the work, and pay whoever earns most one cent more."""
    works()
    _pay_more(Earning.objects.order_by("-amount_minor").values_list("member_id", flat=True)[0])


def _pay_more(member_id: int) -> None:
    run = Run.objects.get(kind=Run.Kind.LIVE)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE commissions_earning SET amount_minor = amount_minor + 1"
            " WHERE run_id = %s AND member_id = %s",
            [run.pk, member_id],
        )


@pytest.fixture
def check(
    transactional_db: None,
    live_server: LiveServer,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Worker], str]:
    """Make a small demo company; return what checks it with a worker and says what was said."""
    settings.RUNTIME_DIR = tmp_path
    frozen = settings.STORAGES["frozen"]
    settings.STORAGES = settings.STORAGES | {
        "frozen": {**frozen, "OPTIONS": {**frozen["OPTIONS"], "location": tmp_path / "frozen"}}
    }
    worker: list[Worker] = [sleeps]
    monkeypatch.setattr(app, "send_task", lambda *_, **__: worker[0]())
    monkeypatch.setattr("distributors.books.ask_for_refresh", lambda: worker[0]())
    call_command("seed_demo", members=200, stdout=io.StringIO())

    def run(with_worker: Worker) -> str:
        works()
        worker[0] = with_worker
        said = io.StringIO()
        try:
            call_command("check_demo", base_url=live_server.url, timeout=1.0, stdout=said)
        finally:
            worker[0] = sleeps
        return said.getvalue()

    return run


def test_the_check_passes_and_fails_as_it_should(check: Callable[[Worker], str]) -> None:
    """One company for all of it: the first failures leave orders behind that are worked off."""
    with pytest.raises(CommandError, match="No worker answered within 1 seconds"):
        check(sleeps)

    said = check(works)

    assert "Right to the cent" in said
    assert "nobody else's figures changed" in said
    with pytest.raises(CommandError, match=r"have other earnings|who have no part in it"):
        check(changes_a_stranger)
    with pytest.raises(CommandError, match="have other earnings than they should"):
        check(pays_an_upline_too_much)


def test_figures_that_are_behind_before_the_order_mean_that_no_worker_works(
    check: Callable[[Worker], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributors.models import Change

    monkeypatch.setattr("tests.office.test_check_demo.works", lambda: None)
    Change.objects.create(kind=Change.Kind.SALE, effective_at=timezone.now())

    with pytest.raises(CommandError, match="not up to date"):
        check(sleeps)


def test_an_address_where_nobody_answers_is_said_so() -> None:
    shop = trying.Shop("http://127.0.0.1:9", "upl_live_none")

    with pytest.raises(trying.Failed, match="does not answer"):
        shop.get("/members/ABC/standing")


@pytest.mark.django_db
def test_without_a_demo_there_is_nothing_to_check() -> None:
    with pytest.raises(CommandError, match="no demo company"):
        call_command("check_demo", base_url="http://127.0.0.1:9")


# The walk itself: Alice over Bob over Carl, a customer's order of Carl's.
EVERYBODY = frozenset({1, 2, 3})
LINE = {
    1: walk.Place(None, True, True, True, True),  # noqa: FBT003  # a row of a table
    2: walk.Place(1, True, True, True, True),  # noqa: FBT003  # a row of a table
    3: walk.Place(2, True, True, True, True),  # noqa: FBT003  # a row of a table
    4: walk.Place(3, False, False, False, False),  # noqa: FBT003  # a row of a table
}
SALE = walk.Sale(credited=3, is_customers=True, cv=10_000)


def paid(bonus: walk.Bonus, network: dict[int, walk.Place], figures: walk.Figures) -> list[int]:
    """Return who is paid, by level."""
    return [member for member, _, _ in walk.paid_above(bonus, SALE, network, figures)]


def bonus(compression: str) -> walk.Bonus:
    """Return a bonus that pays rank 1 one level and rank 2 three."""
    return walk.Bonus(compression, {1: [HALF], 2: [HALF, HALF / 2, HALF / 4]}, [])


def test_a_level_that_a_rank_does_not_cover_goes_on_with_dynamic_compression_only() -> None:
    figures = walk.Figures(EVERYBODY, {3: 1, 2: 1, 1: 2})

    assert paid(bonus("dynamic"), LINE, figures) == [3, 1]
    assert paid(bonus("inactive"), LINE, figures) == [3, 1]
    levels = [level for _, level, _ in walk.paid_above(bonus("dynamic"), SALE, LINE, figures)]
    assert levels == [1, 2]
    levels = [level for _, level, _ in walk.paid_above(bonus("inactive"), SALE, LINE, figures)]
    assert levels == [1, 3]


def test_the_inactive_are_passed_over_unless_there_is_no_compression() -> None:
    figures = walk.Figures(frozenset({1, 3}), {1: 2, 2: 2, 3: 2})

    assert paid(bonus("inactive"), LINE, figures) == [3, 1]
    rows = walk.paid_above(bonus("none"), SALE, LINE, figures)
    assert [(member, level) for member, level, _ in rows] == [(3, 1), (1, 3)]


def test_the_suspended_use_a_level_up_and_the_terminated_none() -> None:
    figures = walk.Figures(EVERYBODY, {1: 2, 2: 2, 3: 2})
    suspended = LINE | {3: replace(LINE[3], earns=False)}
    terminated = LINE | {3: replace(LINE[3], earns=False, occupies_level=False)}

    rows = walk.paid_above(bonus("dynamic"), SALE, suspended, figures)
    assert [(member, level) for member, level, _ in rows] == [(2, 2), (1, 3)]
    rows = walk.paid_above(bonus("dynamic"), SALE, terminated, figures)
    assert [(member, level) for member, level, _ in rows] == [(2, 1), (1, 2)]


def test_a_plan_that_the_walk_does_not_know_is_refused() -> None:
    with pytest.raises(walk.NotThisPlan):
        walk.read(
            'currency = "USD"\n[[bonus]]\nname = "B"\nkind = "binary"\ntree = "sponsor"\n'
            'pays_on = "CV"\ncompression = "none"\nrates = ["1%"]\n'
        )
