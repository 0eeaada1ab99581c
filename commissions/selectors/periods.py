"""Periods, and which run speaks for each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from django.db.models import Q

from commissions.models import Period, PeriodType, PlanVersion, Run
from commissions.rhythms import cadence_of
from commissions.services.plans import compiled


class FiguresState(StrEnum):
    """How far a run's figures can be relied on."""

    ESTIMATED = "estimated"
    PROVISIONAL = "provisional"
    FINAL = "final"


def main_period_type() -> PeriodType | None:
    """Return the rhythm that people look at first: the first by code that is a live plan's own.

    Shorter types that a plan pays some of its bonuses in come after it.
    """
    live = PlanVersion.objects.filter(status=PlanVersion.Status.LIVE).select_related("period_type")
    newest = live.order_by("period_type", "-effective_from").distinct("period_type")
    for version in newest:
        if compiled(version.text).cadence == cadence_of(version.period_type):
            return version.period_type
    return None


def current_period(kind: PeriodType, *, at: datetime) -> Period | None:
    """Return the stored period around a moment; None where none has been made."""
    return Period.objects.filter(type=kind, starts_at__lte=at, ends_at__gt=at).first()


def period_by_label(kind_code: str, label: str) -> Period:
    """Return a period by what people call it; `DoesNotExist` if there is none."""
    return Period.objects.select_related("type").get(type_id=kind_code, label=label)


def started_periods(*, at: datetime, at_most: int, before: datetime | None = None) -> list[Period]:
    """Return periods that have begun by `at`, the newest first; with `before`, earlier ones only.

    Of all types together, so that somebody paid weekly and monthly sees one list.
    """
    found = Period.objects.filter(starts_at__lte=at).select_related("type")
    if before is not None:
        found = found.filter(starts_at__lt=before)
    return list(found.order_by("-starts_at", "type_id")[:at_most])


def period_before(period: Period) -> Period | None:
    """Return the period of the same type right before, if there is one."""
    earlier = Period.objects.filter(type_id=period.type_id, ends_at__lte=period.starts_at)
    return earlier.select_related("type").order_by("-starts_at").first()


def live_run(period: Period) -> Run | None:
    """Return the run that is rewritten as orders land; None before its first publication."""
    return _runs(Q(kind=Run.Kind.LIVE), [period]).get(period.pk)


def posted_run(period: Period) -> Run | None:
    """Return the run that counts for good, if the period has one."""
    return _runs(Q(status=Run.Status.POSTED), [period]).get(period.pk)


def counted_run(period: Period) -> Run | None:
    """Return the posted run, and where there is none, the live one. For staff and storefronts."""
    return _runs(Q(kind=Run.Kind.LIVE) | Q(status=Run.Status.POSTED), [period]).get(period.pk)


def shown_run(period: Period) -> Run | None:
    """Return the run that members see: the posted one once it is published, until then the live."""
    return shown_runs([period]).get(period.pk)


def shown_runs(periods: Collection[Period]) -> dict[int, Run]:
    """Return the run that members see for each period, by period id. One query."""
    final = Q(status=Run.Status.POSTED, period__published_at__isnull=False)
    return _runs(Q(kind=Run.Kind.LIVE) | final, periods)


def _runs(which: Q, periods: Collection[Period]) -> dict[int, Run]:
    """Return one run with figures for each period, by period id; a posted one before a live one."""
    runs = Run.objects.filter(which, period__in=periods, generation__gt=0)
    found = runs.select_related("period__type", "plan_version")
    return {
        run.period_id: run
        for run in sorted(found, key=lambda run: (run.status == Run.Status.POSTED, run.pk))
    }


def state_of(run: Run) -> FiguresState:
    """Return how far the figures of a run can be relied on."""
    if run.status == Run.Status.POSTED:
        return FiguresState.FINAL
    return FiguresState.PROVISIONAL if run.is_provisional else FiguresState.ESTIMATED
