"""What can be done to a plan version: sign for it, make it live, put it away."""

from __future__ import annotations

from typing import Any, Final

from commissions.admin.plan_forms import SignForm
from commissions.errors import PlanNotInThatState
from commissions.models import PlanVersion
from commissions.plan import PlanError
from commissions.selectors.plan_changes import change_by
from commissions.selectors.plan_checks import STILL_RUNNING, reasons_against
from commissions.selectors.plan_reviews import unsigned_findings
from commissions.services.plan_signing import sign_finding
from commissions.services.plans import discard_draft, make_live
from commissions.trying import PATIENCE_SECONDS, tried_examples
from mlm.staff.deeds import Deed, Doing
from mlm.staff.fields import ReasonForm


def is_draft(version: PlanVersion) -> bool:
    """Tell whether a version is a draft."""
    return version.status == PlanVersion.Status.DRAFT


def _make_live(doing: Doing) -> str:
    try:
        if tried_examples(doing.row.text, seconds=PATIENCE_SECONDS) is None:
            raise PlanNotInThatState(STILL_RUNNING)
        make_live(doing.row, by=doing.user, at=doing.at)
    except PlanError as error:
        raise PlanNotInThatState(
            "The plan has mistakes by today's rules.",
            sentences=[str(one) for one in error.mistakes],
        ) from error
    return f"{doing.row} is live: it pays periods from {doing.row.effective_from:%Y-%m-%d} on."


def _before_it_is_live(version: PlanVersion) -> dict[str, Any]:
    try:
        change = change_by(version)
    except PlanError:
        change = None
    return {"change": change, "reasons": reasons_against(version)}


MAKE_LIVE: Final = Deed(
    name="make-live",
    label="Make live",
    permission="commissions.make_live_planversion",
    explain=lambda version: [
        f"{version} pays every {version.period_type} period that starts at"
        f" {version.effective_from:%Y-%m-%d %H:%M %Z} or later, until another live version does.",
        "Figures of periods that are open are worked out again by it. Locked periods stay.",
        "Its text can never be changed afterwards: a change is a new version.",
    ],
    perform=_make_live,
    offered=is_draft,
    grave=True,
    template="admin/commissions/planversion/make_live.html",
    details=_before_it_is_live,
)


def _wants_signatures(version: PlanVersion) -> bool:
    try:
        return is_draft(version) and bool(unsigned_findings(version))
    except PlanError:
        return False


def _sign(doing: Doing) -> str:
    answers = doing.answers
    signature = sign_finding(
        doing.row, answers["finding"], by=doing.user, reason=answers["reason"], at=doing.at
    )
    left = len(unsigned_findings(doing.row))
    rest = f"{left} more to sign for." if left else "Nothing more has to be signed for."
    return f"You signed for {signature.rule} in {doing.row}. {rest}"


SIGN: Final = Deed(
    name="sign",
    label="Sign for a finding",
    permission="commissions.sign_planversion",
    explain=lambda version: [
        "You answer for the finding that you choose, with your name, this moment and your reason."
        " It cannot be taken back.",
        f"The signature is about the text of {version} as it stands. With another text it is worth"
        " nothing, and somebody has to sign anew.",
        "Who wrote a plan does not sign for it.",
    ],
    perform=_sign,
    form=SignForm,
    offered=_wants_signatures,
)


def _discard(doing: Doing) -> str:
    discard_draft(doing.row, reason=doing.answers["reason"], at=doing.at, by=doing.user)
    return f"{doing.row} is put away. Its text can be copied as a new draft at any time."


DISCARD: Final = Deed(
    name="discard",
    label="Discard",
    permission="commissions.change_planversion",
    explain=lambda version: [
        f"{version} is put away: nobody can change it or make it live any more.",
        "Its text stays, and can be copied as a new draft.",
    ],
    perform=_discard,
    form=ReasonForm,
    offered=is_draft,
    grave=True,
)
