"""Closings asked for, and cancelled: what a person asks of a close, and what unlocks a period."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from commissions import frozen
from commissions.attending import forget
from commissions.errors import NothingToCancel
from commissions.locking import unless_somebody_has_it
from commissions.models import Closing, Period, Run
from commissions.services.periods import refuse_lock, unlock_period
from distributors.books import recording_time
from distributors.models import BusinessEvent

log = structlog.get_logger()


def ask_close(
    period: Period, *, at: datetime, despite_grace: bool = False, user_id: int | None = None
) -> Closing:
    """Return the period's closing that is under way, or a new one that nobody has taken up yet.

    Refused where `lock_period` refuses; a locked period is never refused.
    """
    found = under_way(period)
    if found is not None:
        return found
    if not period.is_locked:
        refuse_lock(period, at=at, despite_grace=despite_grace)
    closing, _ = Closing.objects.select_related("period").get_or_create(
        period=period,
        outcome=Closing.Outcome.UNDER_WAY,
        defaults={"asked_at": at, "asked_by_id": user_id, "despite_grace": despite_grace},
    )
    return closing


def under_way(period: Period) -> Closing | None:
    """Return the closing of a period that is not over."""
    found = Closing.objects.filter(period=period, outcome=Closing.Outcome.UNDER_WAY)
    return found.select_related("period").first()


def cancel_closing(period: Period, *, by: User | None, reason: str, at: datetime) -> Closing:
    """Have a period's closing stop and leave nothing; the period takes orders and returns again.

    Whoever works on it stops at the next step, and unlocks the period; where nobody does, that is
    done here, and the closing that is returned is over. Refused when its run is posted, and when
    nothing is being closed. A period that a failed closing left locked is unlocked, too.
    """
    closing = _ask_to_stop(period, by=by, reason=reason, at=at)
    finish_cancelling(closing)
    closing.refresh_from_db()
    return closing


@transaction.atomic
def _ask_to_stop(period: Period, *, by: User | None, reason: str, at: datetime) -> Closing:
    # Who is posting the run at this moment holds this row until it has, or has not
    closing = (
        Closing.objects.select_for_update(of=("self",), no_key=True)
        .filter(period=period, outcome=Closing.Outcome.UNDER_WAY)
        .first()
    )
    if Run.objects.filter(period=period, status=Run.Status.POSTED).exists():
        raise NothingToCancel(
            f"It is too late: {period.label} is posted, and what is posted stays.",
            period=period.label,
        )
    if closing is None:
        if not Period.objects.filter(pk=period.pk, locked_at__isnull=False).exists():
            raise NothingToCancel(f"{period.label} is not being closed.", period=period.label)
        closing = Closing.objects.create(period=period, asked_at=at, asked_by=by)
    if closing.cancel_asked_at is None:
        closing.cancel_asked_at, closing.cancel_asked_by = at, by
        closing.cancel_reason = reason
        closing.save(update_fields=["cancel_asked_at", "cancel_asked_by", "cancel_reason"])
    return closing


def finish_cancelling(closing: Closing) -> None:
    """Take a closing back that is to stop, if nobody works on its period at this moment.

    Whoever does will; and a sweep asks again.
    """
    with unless_somebody_has_it(closing.period_id) as is_free:
        if is_free:
            take_back(closing)


@transaction.atomic
def take_back(closing: Closing, *, reason: str = "") -> None:
    """End a closing as cancelled and unlock its period, and write down who wanted it.

    Hold the period's lock. A closing that is over stays as it is. Without anybody's request the
    reason is that of the process itself. Files that a killed process left are swept, where this one
    can reach them; otherwise by the next close.
    """
    closing = Closing.objects.select_for_update(of=("self",), no_key=True).get(pk=closing.pk)
    if closing.is_over:
        return
    at = recording_time()
    period = Period.objects.get(pk=closing.period_id)
    closing.cancel_asked_at = closing.cancel_asked_at or at
    closing.cancel_reason = closing.cancel_reason or reason
    closing.lock_taken_back = period.locked_at
    _end(closing, Closing.Outcome.CANCELLED, at=at)
    unlock_period(period)
    BusinessEvent.objects.create(
        kind="period.closing_cancelled",
        actor_id=closing.cancel_asked_by_id,
        reason=closing.cancel_reason,
        happened_at=closing.cancel_asked_at,
        detail={
            "period": f"{period.type_id} {period.label}",
            "closing": closing.pk,
            "locked_at": period.locked_at.isoformat() if period.locked_at else None,
        },
    )
    transaction.on_commit(lambda: frozen.sweep(period), robust=True)
    transaction.on_commit(lambda: forget(closing), robust=True)
    log.info("closing_cancelled", period=period.label, closing=closing.pk)


@transaction.atomic
def note_failure(closing: Closing, failure: BaseException) -> None:
    """Write down that a closing failed, and of what; the period stays locked for the next one."""
    closing = Closing.objects.select_for_update(of=("self",), no_key=True).get(pk=closing.pk)
    if not closing.is_over:
        closing.failure = f"{type(failure).__name__}: {failure}"
        _end(closing, Closing.Outcome.FAILED, at=recording_time())


def note_posted(closing: Closing) -> bool:
    """Write down that a closing did what was asked; tell whether it may, or was asked to stop.

    In the transaction that posts, this waits for whoever asks it to stop, and who asks later waits
    for it: it is the last thing that a closing can be stopped at.
    """
    found = Closing.objects.filter(pk=closing.pk, outcome=Closing.Outcome.UNDER_WAY)
    return bool(
        found.filter(cancel_asked_at=None).update(
            outcome=Closing.Outcome.POSTED, ended_at=recording_time()
        )
    )


def _end(closing: Closing, outcome: Closing.Outcome, *, at: datetime) -> None:
    closing.outcome, closing.ended_at = outcome, at
    closing.save()
