"""While a live worker publishes, whoever else works figures out only looks ahead of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.utils import timezone

from commissions import turns
from commissions.models import Explanation, Run
from commissions.selectors.standings import total_minor
from commissions.services import explanations, refreshing
from orders.returning import PiecesBack, return_goods
from tests.commissions.test_workers import make_current_month
from tests.factories import Cast, make_distributor, make_order
from tests.sessions import somebody_inside

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def a_live_worker() -> Iterator[None]:
    """Be the session that refreshes, as a live worker is."""
    assert turns.is_our_turn()
    yield


def ask(run: Run, cast: Cast) -> Explanation:
    """Ask why Bob earns what he earns, and return the answer."""
    found = explanations.answer(explanations.request(run, cast.bob).pk)
    assert found is not None
    return found


def told(answer: Explanation) -> int:
    """Return what the lines of an answer come to."""
    return sum(line["amount_minor"] for line in answer.lines or ())


def test_an_answer_of_what_is_published_names_the_publication() -> None:
    period, cast = make_current_month()
    run = refreshing.refresh_period(period)

    with somebody_inside(a_live_worker):
        answer = ask(run, cast)

    assert (answer.generation, answer.as_of) == (run.generation, run.as_of)
    assert told(answer) == 1_000


def test_an_answer_ahead_of_the_live_worker_publishes_nothing() -> None:
    period, cast = make_current_month()
    run = refreshing.refresh_period(period)
    make_order(cast.dora, paid_at=period.starts_at)

    with somebody_inside(a_live_worker):
        answer = ask(run, cast)

    published = Run.objects.get(pk=run.pk)
    assert (published.generation, published.as_of) == (run.generation, run.as_of)
    assert answer.generation is None
    assert run.as_of is not None
    assert answer.as_of is not None
    assert answer.as_of > run.as_of
    assert told(answer) == 2_000


def test_lines_on_other_levels_are_of_no_publication_though_they_come_to_the_same() -> None:
    period, cast = make_current_month()
    eve = make_distributor("Eve Ellis", sponsor=cast.dora)
    second = make_order(cast.dora, paid_at=period.starts_at)
    run = refreshing.refresh_period(period)
    return_goods(
        second, external_id="R", pieces=[PiecesBack(1, 1)], reason="", returned_at=timezone.now()
    )
    make_order(eve, ("COFFEE", 2), paid_at=period.starts_at)

    with somebody_inside(a_live_worker):
        answer = ask(run, cast)

    assert told(answer) == total_minor(run, cast.bob)
    assert answer.generation is None


def test_without_a_live_worker_an_answer_publishes_what_it_tells() -> None:
    period, cast = make_current_month()
    run = refreshing.refresh_period(period)
    make_order(cast.dora, paid_at=period.starts_at)

    answer = ask(run, cast)

    assert answer.generation == Run.objects.get(pk=run.pk).generation == run.generation + 1


def test_what_was_only_looked_at_is_published_by_the_next_refresh() -> None:
    period, cast = make_current_month()
    run = refreshing.refresh_period(period)
    make_order(cast.dora, paid_at=period.starts_at)
    with somebody_inside(a_live_worker):
        ask(run, cast)

    again = refreshing.refresh_period(period)

    assert again.generation == run.generation + 1
    assert again.total_minor > run.total_minor
