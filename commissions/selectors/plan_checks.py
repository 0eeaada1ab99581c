"""A plan's text looked at from every side, for whoever writes it. Nothing is kept of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from commissions.engine import Plan
from commissions.errors import WrongCadence
from commissions.models import PeriodType, PlanSignature, PlanVersion
from commissions.plan import PlanError, PlanMistake
from commissions.plan.lawful.findings import Finding, Review
from commissions.plan.lawful.law import Severity, Source, rules
from commissions.plan.lawful.worst_case import WorstCase, shown
from commissions.plan.layout import format_plan
from commissions.plan.telling import Telling, tell_plan
from commissions.selectors.plan_hindrances import hindrances, what_is_not_there
from commissions.selectors.plan_reviews import company_markets, refused, review_of
from commissions.services.plans import compiled, refuse_another_cadence
from commissions.trying import PATIENCE_SECONDS, tried_examples

if TYPE_CHECKING:
    from commissions.lab.examples import ExampleRun

MISTAKES_SHOWN: Final = 100
STILL_RUNNING: Final = (
    "The plan's own examples are still being run, because the engine is not warm yet: nothing is"
    " wrong. Try again in a minute."
)


@dataclass(slots=True)
class PlanCheck:
    """What is wrong with a text, what it means and what it may cost.

    `examples` is None while they still run. `plan`, `telling` and `review` are None for a text that
    cannot be read. `company` says what would have to be there before it can be live.
    """

    mistakes: list[PlanMistake] = field(default_factory=list)
    examples: list[ExampleRun] | None = field(default_factory=list)
    plan: Plan | None = None
    telling: Telling | None = None
    review: Review | None = None
    company: list[str] = field(default_factory=list)
    is_laid_out: bool = True

    @property
    def shown_mistakes(self) -> list[PlanMistake]:
        """Return the first mistakes: of very many, nobody reads all."""
        return self.mistakes[:MISTAKES_SHOWN]

    @property
    def further_mistakes(self) -> int:
        """Return how many mistakes are not shown."""
        return max(0, len(self.mistakes) - MISTAKES_SHOWN)

    @property
    def failing(self) -> list[ExampleRun]:
        """Return the examples that come out differently."""
        return [example for example in self.examples or () if not example.is_right]

    @property
    def wants_signatures(self) -> int:
        """Return for how many findings somebody has to sign before it can be live."""
        return 0 if self.review is None else len(self.review.needs_signature)

    @property
    def can_be_saved(self) -> bool:
        """Tell whether nothing keeps the text from being a draft."""
        is_allowed = self.review is not None and not refused(self.review)
        return is_allowed and not self.mistakes and not self.failing


def check_text(text: str, period_type: PeriodType | None = None) -> PlanCheck:
    """Return everything about a plan's text; examples that take long are left running.

    Three queries at most.
    """
    check = look_at(text)
    if check.plan is None:
        return check
    try:
        check.examples = tried_examples(text, seconds=PATIENCE_SECONDS)
    except PlanError as error:
        check.mistakes = list(error.mistakes)
    check.company = [said.message for said in what_is_not_there(check.plan)]
    if period_type is not None:
        try:
            refuse_another_cadence(period_type, check.plan)
        except WrongCadence as refusal:
            check.company.insert(0, refusal.message)
    return check


def look_at(text: str) -> PlanCheck:
    """Return the same without running examples, and without asking what the company has."""
    check = PlanCheck(is_laid_out=_is_laid_out(text))
    try:
        check.plan = compiled(text)
    except PlanError as error:
        check.mistakes = list(error.mistakes)
        return check
    check.telling = tell_plan(check.plan)
    check.review = review_of(text, company_markets())
    return check


def _is_laid_out(text: str) -> bool:
    try:
        return format_plan(text) == text
    except PlanError:
        return True


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as a page shows it, with the signature that it has in this very text."""

    finding: Finding
    sources: tuple[Source, ...]
    signature: PlanSignature | None

    @property
    def what_comes_of_it(self) -> str:
        """Return in a few words what the finding means for the plan."""
        if self.signature is not None:
            return "Signed for"
        return WORDS[self.finding.severity]


WORDS: Final = {
    Severity.REFUSE: "Refused",
    Severity.SIGN: "Has to be signed for",
    Severity.WARN: "Good to know",
}


def findings_of(check: PlanCheck, digest: str) -> list[Found]:
    """Return the findings of a check, what is graver first. One query at most."""
    if check.review is None or not check.review.findings:
        return []
    signatures = {
        signature.finding: signature
        for signature in PlanSignature.objects.filter(digest=digest).select_related("signed_by")
    }
    found = [
        Found(finding, rules()[finding.rule].sources, signatures.get(finding.key))
        for finding in check.review.findings
    ]
    return sorted(found, key=lambda one: list(WORDS).index(one.finding.severity))


def reasons_against(version: PlanVersion) -> list[str]:
    """Return every reason why a version cannot be made live now, as sentences."""
    try:
        plan = compiled(version.text)
        tried = tried_examples(version.text, seconds=PATIENCE_SECONDS)
    except PlanError as error:
        return [f"By today's rules: {mistake}" for mistake in error.mistakes[:MISTAKES_SHOWN]]
    wrong = [str(mistake) for example in tried or () for mistake in example.mistakes]
    running = [STILL_RUNNING] if tried is None else []
    return [*running, *wrong, *(said.message for said in hindrances(version, plan))]


def most(worst: WorstCase) -> str:
    """Return the most that can be paid, without what each bonus adds to it."""
    if worst.share is None:
        return "no limit"
    return f"{shown(worst.share)} of {worst.sale}" if worst.parts else "nothing"


def worst_case_parts(worst: WorstCase) -> list[tuple[str, str]]:
    """Return what each bonus pays at most of the sale on which all pay most, by name."""
    return [
        (part.bonus, f"{shown(part.share)}{', by its own cap' if part.by_cap else ''}")
        for part in worst.parts
    ]
