"""What comes of holding a plan against a profile: findings, and what they mean for the plan."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from typing_extensions import override

from commissions.plan.lawful.law import Severity
from commissions.plan.lawful.worst_case import WorstCase
from commissions.plan.mistakes import Place


@dataclass(frozen=True, slots=True)
class Breach:
    """That a plan breaks a rule, as the rule's check says it: where, what it is about, and how.

    `path` are sentences that tell how somebody gets there. `market` is the code of the market whose
    requirements it is about, `law` of the one whose numbers it breaks.
    """

    rule: str
    place: Place
    what: str
    sentence: str
    path: tuple[str, ...] = ()
    market: str = ""
    law: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A breach as a profile takes it, with all that a reader of it needs."""

    line: int
    column: int
    rule: str
    severity: Severity
    what: str
    sentence: str
    why: str
    remedy: str
    source: str
    path: tuple[str, ...]
    market: str
    profile: str

    @property
    def key(self) -> str:
        """Return what a signature is about: the finding, whatever line it stands in.

        Another way of getting there, another sentence or another version of the profile makes it
        another finding, which must be signed anew.
        """
        said = (self.rule, self.what, self.market, self.profile, self.sentence, *self.path)
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]

    @override
    def __str__(self) -> str:
        about = f"{self.what}, market {self.market}" if self.market else self.what
        where = f"line {self.line}, column {self.column} ({about})"
        how = f" How: {' '.join(self.path)}" if self.path else ""
        return (
            f"{where}: {self.sentence}{how} {self.remedy} "
            f"[{self.severity}: rule {self.rule}, {self.source}; profile {self.profile}]"
        )


@dataclass(frozen=True, slots=True)
class Signature:
    """That a compliance officer has seen a finding and answers for it: `finding` is its key."""

    finding: str
    officer: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class Review:
    """A plan held against a profile. `worst_case` is of members of no market that is named."""

    profile: str
    findings: tuple[Finding, ...]
    worst_case: WorstCase

    @property
    def refused(self) -> bool:
        """Tell whether the plan cannot be saved."""
        return any(finding.severity == Severity.REFUSE for finding in self.findings)

    @property
    def needs_signature(self) -> list[Finding]:
        """Return the findings for which a compliance officer must sign."""
        return [finding for finding in self.findings if finding.severity == Severity.SIGN]

    def unsigned(self, signatures: Iterable[Signature]) -> list[Finding]:
        """Return the findings that must be signed and that no signature is about."""
        signed = {signature.finding for signature in signatures}
        return [finding for finding in self.needs_signature if finding.key not in signed]
