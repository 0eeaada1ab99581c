"""What staff can do to a member, each through the service that does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from typing_extensions import override

from distributors.models import Member, Status
from distributors.selectors import versions_at
from distributors.services import NEXT_STATES, change_sponsor, change_status
from mlm.staff.deeds import Deed, Doing
from mlm.staff.fields import MomentField, ReasonForm

PERMISSION: Final = "distributors.change_member"


class FromThenOnForm(ReasonForm):
    """Asks from when on something shall be so, and why."""

    field_order = ("sponsor", "effective_from", "reason")
    effective_from = MomentField(
        label="From",
        help_text="In the company's time zone. Not in a period whose books are closed.",
    )

    def clean_effective_from(self) -> datetime:
        """Return the moment; before the member joined there is nothing to change."""
        moment: datetime = self.cleaned_data["effective_from"]
        member: Member = self.initial["row"]
        if not versions_at(moment).filter(member=member).exists():
            raise ValidationError(
                f"{member.code} was no member then: joined {member.joined_at:%Y-%m-%d %H:%M} UTC.",
                code="before_joining",
            )
        return moment


class MoveForm(FromThenOnForm):
    """Asks under whom a member shall sit."""

    sponsor = forms.CharField(
        label="New sponsor", max_length=40, help_text="The member code of the new sponsor."
    )

    def clean_sponsor(self) -> Member:
        """Return the member with that code."""
        code = self.cleaned_data["sponsor"].strip().upper()
        sponsor = Member.objects.filter(code=code).first()
        if sponsor is None:
            raise ValidationError(f"There is no member {code}.", code="unknown_member")
        return sponsor

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse a sponsor who was no member at that time."""
        answers = super().clean() or self.cleaned_data
        sponsor, moment = answers.get("sponsor"), answers.get("effective_from")
        if sponsor and moment and not versions_at(moment).filter(member=sponsor).exists():
            self.add_error("sponsor", f"{sponsor.code} was no member at that time.")
        return answers


def _explain_move(member: Member) -> list[str]:
    return [
        f"{member} and everybody below move under another sponsor, from the time you say.",
        "The enroller stays who it was. Periods whose books are closed stay as they were paid.",
        "Figures of open periods are worked out again.",
    ]


def _move(doing: Doing) -> str:
    sponsor = doing.answers["sponsor"]
    change_sponsor(
        doing.row,
        sponsor,
        effective_from=doing.answers["effective_from"],
        reason=doing.answers["reason"],
        actor=doing.user,
        at=doing.at,
    )
    return f"{doing.row} sits under {sponsor} from {doing.answers['effective_from']:%Y-%m-%d} on."


MOVE: Final = Deed(
    name="move",
    label="Move",
    permission=PERMISSION,
    explain=_explain_move,
    perform=_move,
    form=MoveForm,
)


def _explain_status(status: Status) -> Callable[[Member], list[str]]:
    def explain(member: Member) -> list[str]:
        may_follow = ", ".join(sorted(state.label for state in NEXT_STATES[status]))
        return [
            f"{member} becomes {status.label} from the time you say. It can follow: {may_follow}.",
            "Nobody is moved: the network keeps its shape."
            " What the state means for pay stands under Life-cycle states.",
            "Figures of open periods are worked out again.",
        ]

    return explain


def _set_status(status: Status) -> Callable[[Doing], str]:
    def perform(doing: Doing) -> str:
        change_status(
            doing.row,
            status,
            effective_from=doing.answers["effective_from"],
            reason=doing.answers["reason"],
            actor=doing.user,
            at=doing.at,
        )
        return f"{doing.row} is {status.label} from {doing.answers['effective_from']:%Y-%m-%d} on."

    return perform


def _status_deed(status: Status, label: str, *, grave: bool = False) -> Deed:
    return Deed(
        name=label.lower(),
        label=label,
        permission=PERMISSION,
        explain=_explain_status(status),
        perform=_set_status(status),
        form=FromThenOnForm,
        grave=grave,
    )


SUSPEND: Final = _status_deed(Status.SUSPENDED, "Suspend")
REINSTATE: Final = _status_deed(Status.REINSTATED, "Reinstate")
TERMINATE: Final = _status_deed(Status.TERMINATED, "Terminate", grave=True)
