"""Plans held against the rules, as strictly as the company takes them and for its markets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings

from commissions.models import PlanSignature, PlanVersion
from commissions.plan.lawful.findings import Finding, Review
from commissions.plan.lawful.law import Severity
from commissions.plan.lawful.review import review
from distributors.models import Market


def digest_of(text: str) -> str:
    """Return the SHA-256 of a plan's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def company_markets() -> tuple[str, ...]:
    """Return the codes of the markets that the company is open in. One query."""
    return tuple(Market.objects.order_by("code").values_list("code", flat=True))


def review_of(text: str, markets: tuple[str, ...] | None = None) -> Review:
    """Return what a text breaks of the rules; `PlanError` if it has mistakes.

    By the profile of the settings, in the company's markets. One query, unless they are given.
    """
    codes = company_markets() if markets is None else markets
    return _held(text, settings.PLAN_PROFILE, codes)


@lru_cache(maxsize=32)
def _held(text: str, profile: str, markets: tuple[str, ...]) -> Review:
    return review(text, profile, markets)


def refused(found: Review) -> list[Finding]:
    """Return the findings for which a plan cannot be saved."""
    return [finding for finding in found.findings if finding.severity == Severity.REFUSE]


def signed_keys(digest: str, keys: Iterable[str]) -> set[str]:
    """Return those keys of findings that are signed for in the text of a digest. One query."""
    signed = PlanSignature.objects.filter(digest=digest, finding__in=list(keys))
    return set(signed.values_list("finding", flat=True))


def unsigned_findings(version: PlanVersion) -> list[Finding]:
    """Return what wants a signature in a version's text and has none. Two queries at most."""
    wanted = review_of(version.text).needs_signature
    if not wanted:
        return []
    signed = signed_keys(digest_of(version.text), (finding.key for finding in wanted))
    return [finding for finding in wanted if finding.key not in signed]


def as_kept(found: Review, digest: str, markets: tuple[str, ...]) -> dict[str, Any]:
    """Return a review as it is kept with a version: plain texts, and the digest it is about."""
    return {
        "digest": digest,
        "markets": list(markets),
        "worst_case": str(found.worst_case),
        "findings": [
            {
                "key": finding.key,
                "rule": finding.rule,
                "severity": str(finding.severity),
                "text": str(finding),
            }
            for finding in found.findings
        ],
    }
