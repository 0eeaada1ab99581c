"""What workers do. A task may run twice, late, or not at all: the database knows what is left."""

from __future__ import annotations

import time
from typing import Final

import structlog
from celery import Task, shared_task
from django.utils import timezone

from commissions import easing, turns
from commissions.models import Closing, Explanation, Period
from commissions.services import (
    closing,
    closings,
    explanations,
    periods,
    refreshing,
    retention,
)
from distributors import books
from distributors.models import Change
from mlm.errors import DomainError

log = structlog.get_logger()

# Another worker refreshes: this one sends the message on, and not faster than it is of use
_STANDING_BY_SECONDS: Final = 0.1
_FLOW: Final = easing.Flow()


@shared_task(name="commissions.refresh", bind=True)
def refresh(self: Task[..., None]) -> None:
    """Bring the live figures of every period that something changed in up to date.

    Of several live workers the one that has the arrays warm does it. While orders pour in it rests
    where it had to wait for the processor.
    """
    if not self.request.called_directly and not turns.is_our_turn():
        time.sleep(_STANDING_BY_SECONDS)
        books.pass_on_refresh()
        return
    books.refresh_started()
    with easing.Crowding() as crowding:
        runs = refreshing.refresh_changed(at=timezone.now())
    sales = sum(run.sales_count for run in runs)
    rest = easing.rest_seconds(crowding.seconds, _FLOW.per_second(sales, at=time.monotonic()))
    if not self.request.called_directly:
        time.sleep(rest)


@shared_task(name="commissions.refresh_period")
def refresh_period(period_id: int) -> None:
    """Bring one period's live figures up to date, changed or not: 'run now' of the staff."""
    refreshing.refresh_period(Period.objects.get(pk=period_id))


@shared_task(name="commissions.sweep")
def sweep() -> None:
    """Find work whose message was lost: changes nobody took up, periods without figures.

    Closings that were to stop and died before they did are taken back.
    """
    at = timezone.now()
    if Change.objects.exists() or refreshing.started_without_figures(at=at):
        books.ask_for_refresh()
    for asked in Closing.objects.filter(outcome="under_way", cancel_asked_at__isnull=False):
        try:
            closings.finish_cancelling(asked)
        except Exception:
            log.exception("closing_not_taken_back", closing=asked.pk)
    for question in Explanation.objects.filter(answered_at=None)[:100]:
        explanations.send(question)


@shared_task(name="commissions.roll_periods")
def roll_periods() -> None:
    """Make periods ahead and end those that are over."""
    periods.roll_periods(at=timezone.now())


@shared_task(name="commissions.drop_superseded")
def drop_superseded() -> None:
    """Take live figures away that final ones have stood in for."""
    retention.drop_superseded(at=timezone.now())


@shared_task(name="commissions.close_period", throws=(DomainError,))
def close_period(closing_id: int) -> None:
    """Lock, calculate, post and publish a period, as a closing asks; one that is over is not."""
    asked = Closing.objects.select_related("period").get(pk=closing_id)
    closing.carry_out(asked, at=timezone.now())


@shared_task(name="commissions.explain")
def explain(explanation_id: int) -> None:
    """Answer a member's 'why'."""
    explanations.answer(explanation_id)
