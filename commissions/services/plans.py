"""Plan versions: which one pays a period, and how one becomes live."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import lru_cache

from django.db import transaction

from accounts.models import User
from commissions.columns import AMOUNT, COLUMNS
from commissions.engine import Plan
from commissions.engine.plan import TreeKind
from commissions.errors import (
    NoPlan,
    OwnRhythmMissing,
    PlanNotForThisCompany,
    PlanNotInThatState,
    WrongCadence,
)
from commissions.models import Period, PeriodType, PlanVersion, Run
from commissions.plan import PlanError, read_examples, read_plan
from commissions.rhythms import cadence_of
from distributors.books import hold_open, note_change
from distributors.models import Change, Market


@lru_cache(maxsize=32)
def compiled(text: str) -> Plan:
    """Return a plan's text as the engine takes it. The same text is read once a process."""
    return read_plan(text)


def digest_of(text: str) -> str:
    """Return the SHA-256 of a plan's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def draft_plan(
    *,
    period_type: PeriodType,
    label: str,
    text: str,
    effective_from: datetime,
    created_by: User | None = None,
) -> PlanVersion:
    """Return a new draft; `PlanError` with every mistake when the text has any.

    Refused when the plan is for another cadence than the period type's.
    """
    read_plan_for(period_type, text)
    return PlanVersion.objects.create(
        period_type=period_type,
        label=label,
        text=text,
        digest=digest_of(text),
        effective_from=effective_from,
        created_by=created_by,
    )


def read_plan_for(period_type: PeriodType, text: str) -> Plan:
    """Return a text as a plan for a period type: `PlanError`, or refused for another cadence.

    It fits periods of its own rhythm, and of the shorter ones that bonuses of it are paid in. Its
    own examples are run; one that comes out differently is a mistake like others.
    """
    plan = read_plan(text)
    shorter = sorted({rule.cadence for rule in plan.bonuses if rule.cadence})
    if cadence_of(period_type) not in {plan.cadence, *shorter}:
        also = f" (and bonuses of it are paid {' and '.join(shorter)})" if shorter else ""
        raise WrongCadence(
            f"The plan's cadence is {plan.cadence}{also}, and {period_type.name} periods are"
            f" {period_type.get_cadence_display()}: change one of the two.",
            cadence=plan.cadence,
        )
    _run_examples(text)
    return plan


def _run_examples(text: str) -> None:
    if not read_examples(text):
        return
    from commissions.lab.examples import example_problems  # loads the compiler, so only now

    if wrong := example_problems(text):
        raise PlanError(wrong)


@transaction.atomic
def revise_draft(
    version: PlanVersion, *, label: str, text: str, effective_from: datetime
) -> PlanVersion:
    """Write another text into a draft; `PlanError` when it has mistakes; refused once live."""
    version = PlanVersion.objects.select_for_update().get(pk=version.pk)
    if version.status != PlanVersion.Status.DRAFT:
        raise PlanNotInThatState(f"{version.label} is {version.status}: copy it as a new draft.")
    read_plan_for(version.period_type, text)
    version.label, version.text, version.effective_from = label, text, effective_from
    version.digest = digest_of(text)
    version.save(update_fields=["label", "text", "effective_from", "digest"])
    return version


@transaction.atomic
def make_live(version: PlanVersion) -> PlanVersion:
    """Let a draft pay the periods that start at its time or later; from then on its text stays.

    Refused when another plan is live from the same moment, when a period that it would pay is
    locked (what is paid stays paid by the plan it was paid by), and when it asks for what the
    company does not have. In a shorter rhythm its own one comes first, with the same text.
    """
    hold_open()
    version = PlanVersion.objects.select_for_update().get(pk=version.pk)
    if version.status == PlanVersion.Status.LIVE:
        return version
    if version.status != PlanVersion.Status.DRAFT:
        raise PlanNotInThatState(f"{version.label} is {version.status}.")
    plan = read_plan_for(version.period_type, version.text)
    _refuse_rewriting_the_past(version)
    _refuse_another_currency(version, plan)
    refuse_what_is_not_there(plan)
    _refuse_without_own_rhythm(version, plan)
    version.digest = digest_of(version.text)
    version.status = PlanVersion.Status.LIVE
    version.save(update_fields=["digest", "status"])
    note_change(Change.Kind.PLAN, effective_at=version.effective_from)
    return version


def _refuse_rewriting_the_past(version: PlanVersion) -> None:
    live = PlanVersion.objects.filter(
        period_type_id=version.period_type_id, status=PlanVersion.Status.LIVE
    )
    if same := live.filter(effective_from=version.effective_from).first():
        raise PlanNotInThatState(f"{same.label} is live from that moment on: choose another one.")
    later = live.filter(effective_from__gt=version.effective_from).order_by("effective_from")
    until = later.values_list("effective_from", flat=True).first()
    paid = Period.objects.filter(
        type_id=version.period_type_id,
        locked_at__isnull=False,
        starts_at__gte=version.effective_from,
    )
    if until is not None:
        paid = paid.filter(starts_at__lt=until)
    if locked := paid.order_by("-starts_at").first():
        raise PlanNotInThatState(
            f"{locked.label} is locked: choose a time after it started.", period=locked.label
        )


def _refuse_another_currency(version: PlanVersion, plan: Plan) -> None:
    """Refuse a currency that late returns of posted periods could not be taken back in."""
    posted = Run.objects.filter(
        status=Run.Status.POSTED, period__type_id=version.period_type_id
    ).exclude(currency=plan.currency)
    if other := posted.order_by("-pk").first():
        raise PlanNotInThatState(
            f"{version.period_type.name} periods were paid in {other.currency}, not"
            f" {plan.currency}: pay in another currency by periods of a new type.",
            currency=other.currency,
        )


def refuse_what_is_not_there(plan: Plan) -> None:
    """Refuse placement trees, columns of products and currencies that the company does not have."""
    for tree in plan.trees:
        if tree.kind in (TreeKind.BINARY, TreeKind.MATRIX, TreeKind.FREE):
            raise PlanNotForThisCompany(
                f"This company has no tree named {tree.name}: placements come with a later version."
                " The lab runs such a plan on files.",
                tree=tree.name,
            )
    missing = [name for name in plan.columns if name not in COLUMNS]
    if missing:
        raise PlanNotForThisCompany(
            f"This company's products carry {' and '.join(COLUMNS[:2])}, and the plan asks"
            f" for {', '.join(missing)}.",
            columns=missing,
        )
    others = Market.objects.exclude(currency=plan.currency).order_by("code")
    if AMOUNT in plan.columns and (other := others.first()):
        raise PlanNotForThisCompany(
            f"The plan pays on money paid in {plan.currency}, and {other.name} sells in"
            f" {other.currency}: pay on points instead.",
            market=other.code,
        )


def _refuse_without_own_rhythm(version: PlanVersion, plan: Plan) -> None:
    """Refuse a text for a shorter rhythm that is not live for its own by then."""
    if cadence_of(version.period_type) == plan.cadence:
        _refuse_without_shorter_periods(plan)
        return
    own = PlanVersion.objects.filter(
        status=PlanVersion.Status.LIVE,
        period_type__cadence=plan.cadence.replace("-", "_"),
        digest=digest_of(version.text),
        effective_from__lte=version.effective_from,
    )
    if not own.exists():
        raise OwnRhythmMissing(
            f"The plan's own rhythm is {plan.cadence}: make the same text live for such periods"
            f" first, from {version.effective_from:%Y-%m-%d} or earlier.",
            cadence=plan.cadence,
        )


def _refuse_without_shorter_periods(plan: Plan) -> None:
    """Refuse bonuses of a rhythm that the company has no periods of: nobody would pay them."""
    known = {kind.cadence for kind in PeriodType.objects.all()}
    for rule in plan.bonuses:
        if rule.cadence and rule.cadence.replace("-", "_") not in known:
            raise PlanNotForThisCompany(
                f"{rule.name} is paid {rule.cadence}, and this company has no such periods: add a"
                " period type first, and make this text live for it after this one.",
                bonus=rule.name,
            )


def plan_for(period: Period) -> tuple[PlanVersion, Plan]:
    """Return the live version that pays a period, and the plan that it says."""
    found = PlanVersion.objects.filter(
        period_type_id=period.type_id,
        status=PlanVersion.Status.LIVE,
        effective_from__lte=period.starts_at,
    )
    version = found.order_by("-effective_from").first()
    if version is None:
        raise NoPlan(
            f"No live plan covers {period.label}: make one live that takes effect by"
            f" {period.starts_at:%Y-%m-%d}.",
            period=period.label,
        )
    return version, compiled(version.text)


def has_plan(period: Period) -> bool:
    """Tell whether a live version pays a period."""
    try:
        plan_for(period)
    except NoPlan:
        return False
    return True
