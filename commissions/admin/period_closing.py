"""Closing a period from its page: the deed, the deed that cancels it, and how far it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone

from commissions.admin.sending import WorkerOutOfReach, ask_worker
from commissions.errors import ClosingUnderWay
from commissions.models import Period
from commissions.progress import STAGES, told
from commissions.selectors.closings import ClosingSeen, ClosingState, is_worked_on, newest_closing
from commissions.services.closings import (
    ask_close,
    cancel_closing,
    note_failure,
    under_way,
)
from commissions.services.periods import refuse_lock
from commissions.services.plans import plan_for
from mlm.staff.deeds import Deed, Doing
from mlm.staff.fields import ReasonForm
from mlm.staff.pages import moment


class CloseForm(forms.Form):
    """Asks for the period's name, so that nobody closes one by a slip of the finger."""

    label = forms.CharField(
        label="Type its name",
        max_length=40,
        help_text="The name of the period, exactly as in the title.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    despite_grace = forms.BooleanField(
        label="Also in its grace time",
        required=False,
        help_text="Late orders and returns that still come then count in the next period.",
    )

    def clean_label(self) -> str:
        """Return the name if it is the period's."""
        typed = str(self.cleaned_data["label"]).strip()
        if typed != self.initial["row"].label:
            raise forms.ValidationError(f"This period is {self.initial['row'].label}.", code="name")
        return typed


def _explain_close(period: Period) -> list[str]:
    return [
        f"The books of {period} close: {day(period.starts_at)} to {day(period.ends_at)}, the"
        " last moment not included. Late orders and returns count until"
        f" {day(period.grace_ends_at)}.",
        "A worker works out the final run, keeps everything it was worked out from, posts it and"
        " shows it to members as final.",
        "Until the run is posted it can be cancelled, and nothing of it is left. Then it cannot be"
        " undone. Returns that come later are taken back in the period then open.",
    ]


def day(moment: Any) -> str:
    """Return a moment as sentences about a period write it."""
    return f"{moment:%Y-%m-%d %H:%M %Z}"


def _close(doing: Doing) -> str:
    despite_grace = bool(doing.answers["despite_grace"])
    if is_worked_on(doing.row, at=doing.at):
        raise ClosingUnderWay(f"{doing.row} is being closed at this moment.")
    if not doing.row.is_locked:
        refuse_lock(doing.row, at=doing.at, despite_grace=despite_grace)
    plan_for(doing.row)
    is_asked_for = under_way(doing.row) is not None
    closing = ask_close(doing.row, at=doing.at, despite_grace=despite_grace, user_id=doing.user.pk)
    try:
        ask_worker("commissions.close_period", closing.pk)
    except WorkerOutOfReach as out_of_reach:
        if not is_asked_for:  # otherwise somebody may be at work on it, unheard
            note_failure(closing, out_of_reach)
        raise
    return f"A worker was asked to close {doing.row}. This page shows how far it is."


def _can_be_closed(period: Period) -> bool:
    """Tell whether a period is not final yet, and nobody closes it at this moment."""
    return period.published_at is None and not is_worked_on(period, at=_now())


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  (for a page)


CLOSE: Final = Deed(
    name="close",
    label="Close the books",
    permission="commissions.close_period",
    explain=_explain_close,
    perform=_close,
    form=CloseForm,
    offered=_can_be_closed,
    grave=True,
)


def _can_be_cancelled(period: Period) -> bool:
    """Tell whether a period is being closed, or was left locked, and is not posted."""
    if period.published_at is not None or period.posted_at is not None:
        return False
    return period.is_locked or under_way(period) is not None


def _cancel(doing: Doing) -> str:
    closing = cancel_closing(doing.row, by=doing.user, reason=doing.answers["reason"], at=doing.at)
    if closing.is_over:
        return f"The closing of {doing.row} is cancelled: it takes orders and returns again."
    return f"The closing of {doing.row} stops at its next step, and leaves nothing."


CANCEL: Final = Deed(
    name="cancel-closing",
    label="Cancel the closing",
    permission="commissions.close_period",
    explain=lambda period: [
        f"The worker that closes {period} stops at its next step, within seconds. Nothing that it"
        " worked out or wrote is left.",
        f"{period} is then as it was before: not locked, and orders and returns land in it. Orders"
        " that were dated into the next period while it was locked stay there.",
        "If its run is posted by then, it is too late: what is posted stays.",
    ],
    perform=_cancel,
    form=ReasonForm,
    offered=_can_be_cancelled,
    grave=True,
)


def closing_shown(period: Period) -> dict[str, Any] | None:
    """Return what a period's page shows of its closing; None for none, or a posted one."""
    seen = newest_closing(period, at=_now())
    if seen is None:
        return None
    return {
        "seen": seen,
        "title": _TITLES[seen.state].format(period=period),
        "sentences": [sentence for sentence in _sentences(seen) if sentence],
        "steps": len(STAGES),
    }


_TITLES: Final = {
    ClosingState.WAITING: "{period} waits to be closed",
    ClosingState.RUNNING: "{period} is being closed",
    ClosingState.STOPPING: "The closing of {period} is being cancelled",
    ClosingState.SILENT: "Nothing is heard of the closing of {period}",
    ClosingState.FAILED: "The last closing of {period} failed",
    ClosingState.CANCELLED: "The last closing of {period} was cancelled",
}


def _sentences(seen: ClosingSeen) -> list[str]:
    """Return what is known of a closing, in the order in which people ask."""
    closing, progress = seen.closing, seen.progress
    asked = f"Asked for by {closing.asked_by or 'somebody in a shell'}, {_at(closing.asked_at)}."
    stop = (
        f"{closing.cancel_asked_by or 'Somebody in a shell'} cancelled it,"
        f" {_at(closing.cancel_asked_at)}: {closing.cancel_reason}"
        if closing.cancel_asked_at
        else ""
    )
    if seen.state == ClosingState.FAILED:
        return [asked, closing.failure, "The period stays locked: close it again, or cancel."]
    if seen.state == ClosingState.CANCELLED:
        return [asked, stop, "Nothing of it is left."]
    if progress is None:
        return [asked, stop, "No worker has taken it up yet. If it stays so, close it again."]
    if seen.state == ClosingState.SILENT:
        return [
            f"The last word came {told(seen.silent_for)} ago, while {progress.name}. Most likely"
            " its worker was killed: close it again, or cancel.",
            asked,
            stop,
        ]
    return [
        f"{progress.counted}." if progress.counted else "",
        f"{told(progress.at - progress.began)} so far"
        + (f", {progress.remaining} (an estimate)." if progress.remaining else "."),
        asked,
        stop,
    ]


def _at(when: datetime | None) -> str:
    return moment(when) or ""
