"""What a run found for members: standings and earnings. One query each, however many members."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Sum

from commissions.models import Earning, Explanation, Run, Standing
from distributors.models import Member


def standing(run: Run, member: Member) -> Standing | None:
    """Return a member's volumes and rank in a run; None for customers and later joiners."""
    return standings(run, [member.pk]).get(member.pk)


def standings(run: Run, member_ids: Collection[int]) -> dict[int, Standing]:
    """Return standings in a run by member id; who has none is left out."""
    found = Standing.objects.filter(run_id=run.pk, member_id__in=list(member_ids))
    return {row.member_id: row for row in found}


def earnings(run: Run, member: Member) -> list[Earning]:
    """Return a member's earnings in a run: by bonus, level and rate; pay taken back comes last."""
    found = Earning.objects.filter(run_id=run.pk, member_id=member.pk)
    return list(found.order_by("bonus", "level", "reverses", "rate_ppm"))


def total_minor(run: Run, member: Member) -> int:
    """Return the sum of a member's earnings in a run, in its currency; 0 where there are none."""
    return totals_minor([run], member).get(run.pk, 0)


def totals_minor(runs: Collection[Run], member: Member) -> dict[int, int]:
    """Return the sum of a member's earnings in each run, by run id; runs without any left out."""
    rows = (
        Earning.objects.filter(run_id__in=[run.pk for run in runs], member_id=member.pk)
        .values_list("run_id")
        .annotate(total=Sum("amount_minor"))
    )
    return {run_id: int(total) for run_id, total in rows}


def newest_explanation(run: Run, member: Member) -> Explanation | None:
    """Return the last answer to 'why' for a member in a run, of whichever generation."""
    found = Explanation.objects.filter(run=run, member=member, answered_at__isnull=False)
    return found.order_by("-generation", "-pk").first()


def is_being_explained(run: Run, member: Member) -> bool:
    """Tell whether a question of this member about this run waits for a worker."""
    return Explanation.objects.filter(run=run, member=member, answered_at=None).exists()
