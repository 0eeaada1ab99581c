"""Periods of several types together: in which longer one a short one lies, which feed a long one.

A plan says its own rhythm. Periods of a shorter type that bonuses of the plan are paid in carry the
same text as a version of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from commissions.dates import Dates
from commissions.engine.plan import Plan
from commissions.errors import OwnRhythmMissing
from commissions.models import Period, PeriodType, PlanVersion, Run

_MOMENT = timedelta(microseconds=1)


def cadence_of(kind: PeriodType) -> str:
    """Return a type's cadence as plans write it."""
    return kind.cadence.replace("_", "-")


def kinds_paid(cadence: str) -> list[PeriodType]:
    """Return the types of a cadence (as plans write it) that a live plan pays, by code."""
    live = PlanVersion.objects.filter(period_type=OuterRef("pk"), status=PlanVersion.Status.LIVE)
    kinds = PeriodType.objects.filter(Exists(live), cadence=cadence.replace("-", "_"))
    return list(kinds.order_by("code"))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a period stands to its plan: `longer` is None if the plan's own rhythm is the period's.

    `cadence` is what the engine calls the rhythm of the run: empty for the plan's own.
    """

    period: Period
    longer: Period | None
    cadence: str

    @property
    def counted(self) -> Period:
        """Return the period whose volumes and ranks count: the longer one, if there is one."""
        return self.longer or self.period

    def dates(self, plan: Plan) -> Dates:
        """Return the days of the run, in the company's time zone."""
        zone = timezone.get_default_timezone()
        return Dates(
            first_day=self.period.starts_at.astimezone(zone).date(),
            last_day=(self.period.ends_at - _MOMENT).astimezone(zone).date(),
            own_first_day=self.counted.starts_at.astimezone(zone).date(),
            own_cadence=plan.cadence,
            cadence=self.cadence,
        )


def rhythm_of(period: Period, plan: Plan) -> Rhythm:
    """Return how a period stands to the plan that pays it.

    Refused for a shorter period around whose last day no period of the plan's own rhythm is stored.
    """
    cadence = cadence_of(period.type)
    if cadence == plan.cadence:
        return Rhythm(period, None, "")
    longer = Period.objects.filter(
        type__in=own_kinds(plan), starts_at__lt=period.ends_at, ends_at__gte=period.ends_at
    ).first()
    if longer is None:
        raise OwnRhythmMissing(
            f"{period.label} is paid within {plan.cadence} periods, and none is stored around its"
            " last day.",
            period=period.label,
        )
    return Rhythm(period, longer, cadence)


def own_kinds(plan: Plan) -> list[PeriodType]:
    """Return the types of a plan's own rhythm: those that this very text pays, or else all."""
    kinds = kinds_paid(plan.cadence)
    live = PlanVersion.objects.filter(status=PlanVersion.Status.LIVE, digest=plan.text_digest)
    same = set(live.values_list("period_type", flat=True))
    return [kind for kind in kinds if kind.pk in same] or kinds


def shorter_periods(period: Period, plan: Plan) -> list[Period]:
    """Return the periods of shorter types whose last day lies in one of a plan's own rhythm.

    Only those that some live plan covers; the earliest first.
    """
    cadences = {rule.cadence.replace("-", "_") for rule in plan.bonuses if rule.cadence}
    if not cadences or cadence_of(period.type) != plan.cadence:
        return []
    covered = PlanVersion.objects.filter(
        period_type=OuterRef("type"),
        status=PlanVersion.Status.LIVE,
        effective_from__lte=OuterRef("starts_at"),
    )
    found = Period.objects.filter(
        Exists(covered),
        type__cadence__in=cadences,
        ends_at__gt=period.starts_at,
        ends_at__lte=period.ends_at,
    )
    return list(found.select_related("type").order_by("ends_at", "type_id"))


def newest_runs(periods: list[Period]) -> dict[int, Run]:
    """Return by period the run whose figures stand now: the posted one, or else the live one."""
    runs = Run.objects.filter(
        Q(kind=Run.Kind.LIVE) | Q(status=Run.Status.POSTED), period__in=periods, generation__gt=0
    )
    found = runs.select_related("period__type", "plan_version")
    return {
        run.period_id: run
        for run in sorted(found, key=lambda run: (run.status == Run.Status.POSTED, run.pk))
    }
