"""Plan versions: drafts written, revised and discarded, and which version pays a period."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache

from django.db import transaction

from accounts.models import User
from commissions.engine import Plan
from commissions.errors import (
    DraftChanged,
    NoPlan,
    PlanNotInThatState,
    PlanRefused,
    PlanUnlawful,
    WrongCadence,
)
from commissions.models import Period, PeriodType, PlanVersion, Run
from commissions.plan import PlanError, read_plan
from commissions.plan.lawful.findings import Finding
from commissions.rhythms import cadence_of
from commissions.selectors.plan_hindrances import hindrances
from commissions.selectors.plan_reviews import (
    as_kept,
    company_markets,
    digest_of,
    refused,
    review_of,
)
from commissions.trying import tried_examples
from distributors.books import hold_open, note_change, recording_time
from distributors.models import BusinessEvent, Change
from mlm.errors import DomainError

__all__ = [
    "compiled",
    "digest_of",
    "discard_draft",
    "draft_plan",
    "has_plan",
    "hold_against_rules",
    "make_live",
    "plan_event",
    "plan_for",
    "plans_of",
    "read_plan_for",
    "revise_draft",
]


@lru_cache(maxsize=32)
def compiled(text: str) -> Plan:
    """Return a plan's text as the engine takes it. The same text is read once a process."""
    return read_plan(text)


def plans_of(run_ids: Collection[int]) -> dict[int, Plan]:
    """Return by run the plans that some runs were paid by. One query; for no runs none."""
    found = Run.objects.filter(pk__in=run_ids).select_related("plan_version")
    return {run.pk: compiled(run.plan_version.text) for run in found}


@transaction.atomic
def draft_plan(
    *,
    period_type: PeriodType,
    label: str,
    text: str,
    effective_from: datetime,
    created_by: User | None = None,
    copied_from: PlanVersion | None = None,
) -> PlanVersion:
    """Return a new draft; `PlanError` with every mistake when the text has any.

    Refused when the plan is for another cadence than the period type's, and when the company's
    profile of rules refuses something in it. Who wrote what it was copied from is an author, too.
    """
    read_plan_for(period_type, text)
    version = PlanVersion(
        period_type=period_type,
        label=label,
        text=text,
        effective_from=effective_from,
        created_by=created_by,
    )
    hold_against_rules(version)
    version.save()
    authors = [] if created_by is None else [created_by]
    if copied_from is not None:
        authors += [*copied_from.authors.all()]
        authors += [] if copied_from.created_by is None else [copied_from.created_by]
    version.authors.add(*authors)
    return version


def read_plan_for(period_type: PeriodType, text: str) -> Plan:
    """Return a text as a plan for a period type: `PlanError`, or refused for another cadence.

    It fits periods of its own rhythm, and of the shorter ones that bonuses of it are paid in. Its
    own examples are run; one that comes out differently is a mistake like others.
    """
    plan = read_plan(text)
    refuse_another_cadence(period_type, plan)
    tried = tried_examples(text) or []
    if wrong := [mistake for example in tried for mistake in example.mistakes]:
        raise PlanError(wrong)
    return plan


def refuse_another_cadence(period_type: PeriodType, plan: Plan) -> None:
    """Refuse a plan that pays in another rhythm than periods of a type have."""
    shorter = sorted({rule.cadence for rule in plan.bonuses if rule.cadence})
    if cadence_of(period_type) not in {plan.cadence, *shorter}:
        also = f" (and bonuses of it are paid {' and '.join(shorter)})" if shorter else ""
        raise WrongCadence(
            f"The plan's cadence is {plan.cadence}{also}, and {period_type.name} periods are"
            f" {period_type.get_cadence_display()}: change one of the two.",
            cadence=plan.cadence,
        )


def hold_against_rules(version: PlanVersion) -> None:
    """Write into an unsaved version what its text breaks of the rules; refused for what may not be.

    By the profile of the settings, for the company's markets.
    """
    markets = company_markets()
    found = review_of(version.text, markets)
    if not_allowed := refused(found):
        raise unlawful(not_allowed)
    version.digest = digest_of(version.text)
    version.profile = found.profile
    version.review = as_kept(found, version.digest, markets)


def unlawful(findings: list[Finding]) -> PlanUnlawful:
    """Return the refusal that lists findings, each with its place, its rule and a way out."""
    return PlanUnlawful(
        " ".join(str(finding) for finding in findings),
        findings=[finding.key for finding in findings],
    )


@transaction.atomic
def revise_draft(
    version: PlanVersion,
    *,
    label: str,
    text: str,
    effective_from: datetime,
    revised_by: User | None = None,
    was: str | None = None,
) -> PlanVersion:
    """Write another text into a draft; `PlanError` when it has mistakes; refused once live.

    `was` is the digest of the text that was read before: refused if it is another one by now.
    """
    version = PlanVersion.objects.select_for_update().get(pk=version.pk)
    if version.status != PlanVersion.Status.DRAFT:
        raise PlanNotInThatState(f"{version.label} is {version.status}: copy it as a new draft.")
    if was is not None and was != version.digest:
        raise DraftChanged(
            f"{version.label} was changed by somebody else in the meantime: open it once more, and"
            " put your changes into that text."
        )
    read_plan_for(version.period_type, text)
    is_new = text != version.text
    version.label, version.text, version.effective_from = label, text, effective_from
    hold_against_rules(version)
    version.save(update_fields=["label", "text", "effective_from", "digest", "profile", "review"])
    if is_new and revised_by is not None:
        version.authors.add(revised_by)
    return version


@transaction.atomic
def discard_draft(version: PlanVersion, *, reason: str, at: datetime, by: User | None) -> None:
    """Put a draft away for good: nobody can change it or make it live; its text can be copied.

    Refused for a version that is or was live.
    """
    version = PlanVersion.objects.select_for_update().get(pk=version.pk)
    if version.status != PlanVersion.Status.DRAFT:
        raise PlanNotInThatState(f"{version.label} is {version.status}: only drafts are discarded.")
    version.status = PlanVersion.Status.DISCARDED
    version.save(update_fields=["status"])
    plan_event("plan.discarded", version, by=by, at=at, reason=reason)


@transaction.atomic
def make_live(
    version: PlanVersion, *, by: User | None = None, at: datetime | None = None
) -> PlanVersion:
    """Let a draft pay the periods that start at its time or later; from then on its text stays.

    Refused, with every reason, when another plan is live from the same moment, when a period that
    it would pay is locked (what is paid stays paid by the plan it was paid by), when it asks for
    what the company does not have, when the rules refuse something in it or want a signature, and
    when products carry more points than they cost. In a shorter rhythm its own one comes first,
    with the same text. Without `at` the event is of the moment it is recorded.
    """
    hold_open()
    version = PlanVersion.objects.select_for_update().get(pk=version.pk)
    if version.status == PlanVersion.Status.LIVE:
        return version
    if version.status != PlanVersion.Status.DRAFT:
        raise PlanNotInThatState(f"{version.label} is {version.status}.")
    plan = read_plan_for(version.period_type, version.text)
    _refuse(hindrances(version, plan))
    hold_against_rules(version)
    version.status = PlanVersion.Status.LIVE
    version.save(update_fields=["digest", "status", "profile", "review"])
    note_change(Change.Kind.PLAN, effective_at=version.effective_from)
    plan_event("plan.made_live", version, by=by, at=at or recording_time(), profile=version.profile)
    return version


def _refuse(reasons: list[DomainError]) -> None:
    """Refuse for all reasons at once; one alone keeps its own code."""
    if len(reasons) == 1:
        raise reasons[0]
    if reasons:
        raise PlanRefused(
            " ".join(reason.message for reason in reasons),
            codes=[reason.code for reason in reasons],
            sentences=[reason.message for reason in reasons],
        )


def plan_event(
    kind: str,
    version: PlanVersion,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    **detail: object,
) -> None:
    """Write down what somebody did to a version, for good."""
    BusinessEvent.objects.create(
        kind=kind,
        actor=by,
        reason=reason,
        happened_at=at,
        detail={"plan": version.label, "digest": version.digest, **detail},
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
