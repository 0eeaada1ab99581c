"""Signatures of compliance officers: one for each finding, about one exact text."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from commissions.errors import SignatureRefused
from commissions.models import PlanSignature, PlanVersion
from commissions.selectors.plan_reviews import digest_of, review_of, unsigned_findings
from commissions.services.plans import plan_event


@transaction.atomic
def sign_finding(
    version: PlanVersion, key: str, *, by: User, reason: str, at: datetime
) -> PlanSignature:
    """Write down that somebody answers for a finding in a draft, as its text stands.

    It holds for this text in whatever version, and for no other. Refused when the text wants no
    such signature, or has it; and from whoever wrote the text.
    """
    version = PlanVersion.objects.select_for_update().get(pk=version.pk)
    if version.status != PlanVersion.Status.DRAFT:
        raise SignatureRefused(f"{version.label} is {version.status}: only drafts are signed for.")
    if has_written(by, digest_of(version.text)):
        raise SignatureRefused("Who wrote a plan does not sign for it: somebody else has to.")
    wanted = {finding.key: finding for finding in unsigned_findings(version)}
    if key not in wanted:
        known = {finding.key for finding in review_of(version.text).needs_signature}
        raise SignatureRefused(
            "This is signed for already."
            if key in known
            else "The plan, or the rules, changed in the meantime: look at what is found now."
        )
    finding = wanted[key]
    signature = PlanSignature.objects.create(
        version=version,
        digest=version.digest,
        finding=key,
        rule=finding.rule,
        sentence=str(finding),
        profile=finding.profile,
        reason=reason,
        signed_by=by,
        signed_at=at,
    )
    plan_event("plan.signed", version, by=by, at=at, reason=reason, finding=key, rule=finding.rule)
    return signature


def has_written(user: User, digest: str) -> bool:
    """Tell whether somebody wrote in a version with this text. One query."""
    by = Q(created_by=user) | Q(authors=user)
    return PlanVersion.objects.filter(by, digest=digest).exists()
