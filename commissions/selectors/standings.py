"""What a run found for members: standings and earnings. One query each, however many members."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date
from typing import Final

from django.db.models import Sum

from commissions.models import NO_LABEL, RANK_KEYS, Earning, Explanation, Run, Standing, State
from commissions.services.plans import compiled, plans_of
from distributors.models import Member


def standing(run: Run, member: Member) -> Standing | None:
    """Return a member's volumes and rank in a run; None for customers and later joiners."""
    return standings(run, [member.pk]).get(member.pk)


def standings(run: Run, member_ids: Collection[int]) -> dict[int, Standing]:
    """Return standings in a run by member id, with their members; who has none is left out."""
    found = Standing.objects.filter(run_id=run.pk, member_id__in=list(member_ids))
    found = found.select_related("member")
    return {row.member_id: row for row in found}


def earnings(run: Run, member: Member) -> list[Earning]:
    """Return a member's earnings in a run: by bonus, level and rate; pay taken back comes last.

    `pay_names` says what they are called.
    """
    found = Earning.objects.filter(run_id=run.pk, member_id=member.pk)
    return list(found.order_by("bonus", "level", "reverses", "rate_ppm"))


def fingerprint(standing: Standing | None, rows: Collection[Earning]) -> str:
    """Return what changes whenever a member's own figures do, and only then."""
    own = () if standing is None else tuple(getattr(standing, name) for name in _OWN)
    paid = [
        (row.reverses, row.bonus, row.level, row.rate_ppm, row.lines, row.base, row.amount_minor)
        for row in rows
    ]
    return hashlib.sha256(repr((own, sorted(paid))).encode()).hexdigest()[:16]


def fingerprint_of(run_id: int, code: str) -> str:
    """Return the fingerprint of a member's figures in a run. Three queries, by key."""
    member_id = Member.objects.values_list("pk", flat=True).filter(code=code).first()
    if member_id is None:
        return fingerprint(None, ())
    standing = Standing.objects.filter(run_id=run_id, member_id=member_id).first()
    return fingerprint(standing, Earning.objects.filter(run_id=run_id, member_id=member_id))


_OWN: Final = (
    "run_id", "pv", "cv", "gv", "is_active", "rank", "paid_as", "title", "highest",
    "paid_as_before", "figures",
)  # fmt: skip


def pay_names(run: Run, rows: Collection[Earning]) -> dict[tuple[int, int], str]:
    """Return what earnings of a run are called, by `reverses` and `bonus`.

    Pay that is taken back is called as the plan of the run that paid it does. One query, and only
    where there is such pay.
    """
    reversed_runs = {row.reverses for row in rows} - {0}
    plans = {0: compiled(run.plan_version.text), **plans_of(reversed_runs)}
    return {
        (row.reverses, row.bonus): plans[row.reverses].pays[row.bonus].name
        for row in rows
        if row.reverses in plans
    }


def state_left(run: Run, member: Member) -> list[tuple[str, date | None, int | str]]:
    """Return what a run leaves for a member: key, label if it has one, and value or rank's name."""
    rows = State.objects.filter(run_id=run.pk, member_id=member.pk)
    found: list[tuple[str, date | None, int | str]] = []
    for row in rows.order_by("key", "label", "value"):
        key = run.state_keys[row.key]
        value = run.state_ranks[row.value - 1] if key in RANK_KEYS else row.value
        found.append((key, None if row.label == NO_LABEL else row.label, value))
    return found


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


def newest_explanation(run: Run, member: Member, *, without: str = "") -> Explanation | None:
    """Return the last answer to 'why' for a member in a run, of whichever generation.

    `without`: the half of the answer, `lines` or `missed`, that nobody will look at.
    """
    found = Explanation.objects.filter(run=run, member=member, answered_at__isnull=False)
    if without:
        found = found.defer(without)
    return found.order_by("-generation", "-pk").first()


def is_being_explained(run: Run, member: Member) -> bool:
    """Tell whether a question of this member about this run waits for a worker."""
    return Explanation.objects.filter(run=run, member=member, answered_at=None).exists()
