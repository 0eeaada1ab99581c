"""Periods are made ahead, end by themselves, and are locked when nothing more may land in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from commissions.calendar import midnight, stretch_around
from commissions.errors import (
    EarlierPeriodNotPosted,
    PeriodNotInThatState,
    PeriodStillInGrace,
    ShorterPeriodNotPosted,
)
from commissions.models import Period, PeriodType, Run
from commissions.rhythms import rhythm_of, shorter_periods
from commissions.services.plans import plan_for
from distributors import books
from distributors.models import Change, LockedStretch
from orders.models import SaleLine

GRACE: Final = timedelta(days=3)
_NOT_POSTED: Final = (Period.Status.OPEN, Period.Status.ENDED, Period.Status.LOCKED)


def period_around(kind: PeriodType, moment: datetime) -> Period:
    """Return the stored period around a moment, making it if it is not there yet."""
    zone = timezone.get_default_timezone()
    first, end, label = stretch_around(kind.cadence, moment.astimezone(zone).date())
    ends_at = midnight(end, zone)
    period, _ = Period.objects.get_or_create(
        type=kind,
        label=label,
        defaults={
            "starts_at": midnight(first, zone),
            "ends_at": ends_at,
            "grace_ends_at": ends_at + GRACE,
        },
    )
    return period


def roll_periods(*, at: datetime) -> None:
    """Make each type's periods up to the one after `at`, and end those that are over.

    Those that nobody made while the workers stood still are made too: a sale needs its period.
    """
    for kind in PeriodType.objects.all():
        newest = Period.objects.filter(type=kind, starts_at__lte=at).order_by("-starts_at").first()
        current = newest or period_around(kind, at)
        while current.ends_at <= at:
            current = period_around(kind, current.ends_at)
        period_around(kind, current.ends_at)
    over = Period.objects.filter(status=Period.Status.OPEN, ends_at__lte=at)
    over.update(status=Period.Status.ENDED)


def previous_period(period: Period) -> Period | None:
    """Return the period of the same type right before, if there is one."""
    earlier = Period.objects.filter(type_id=period.type_id, ends_at__lte=period.starts_at)
    return earlier.order_by("-starts_at").first()


def unlocked_periods(*, ending_after: datetime) -> list[Period]:
    """Return the periods that what happened at a moment can still change, the earliest first.

    Those that start after it are among them: their figures build on the ones before.
    """
    open_ones = Period.objects.filter(locked_at=None, ends_at__gt=ending_after)
    return list(open_ones.order_by("starts_at", "type_id"))


@transaction.atomic
def lock_period(period: Period, *, at: datetime, despite_grace: bool = False) -> Period:
    """Close the books of a period: what is recorded by now counts, what comes later does not.

    Waits for all open transactions of orders and network. Locking a locked period changes nothing.
    Refused while the period runs, in its grace time (unless told otherwise), before what it begins
    with and what shorter rhythms pay into it is posted, and without a plan: once it is locked, no
    plan can be made live for it.
    """
    books.hold_closed()
    period = Period.objects.select_for_update().get(pk=period.pk)
    if period.is_locked:
        return period
    refuse_lock(period, at=at, despite_grace=despite_grace)
    LockedStretch.objects.create(
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        reason=_stretch_of(period),
    )
    last_sale = SaleLine.objects.aggregate(last=Max("id"))["last"]
    period.locked_at = books.recording_time()
    period.locked_sale_id = last_sale or 0
    period.status = Period.Status.LOCKED
    period.save(update_fields=["status", "locked_at", "locked_sale_id"])
    return period


def _stretch_of(period: Period) -> str:
    """Return what a locked period's stretch says of itself; guards of the database know it, too."""
    return f"{period.type_id} {period.label}"


@transaction.atomic
def unlock_period(period: Period) -> None:
    """Let orders and returns land in a period again, as if it had not been locked.

    Only for a closing that says that it takes this very lock back: the database refuses any other.
    What was dated into the next period meanwhile stays there. An unlocked period stays as it is.
    """
    period = Period.objects.select_for_update().get(pk=period.pk)
    if not period.is_locked:
        return
    if Run.objects.filter(period=period, kind=Run.Kind.FINAL).exists():
        raise PeriodNotInThatState(f"{period.label} has a final run.", period=period.label)
    period.locked_at, period.locked_sale_id = None, None
    period.status = Period.Status.ENDED
    period.save(update_fields=["status", "locked_at", "locked_sale_id"])
    LockedStretch.objects.filter(
        starts_at=period.starts_at, ends_at=period.ends_at, reason=_stretch_of(period)
    ).delete()
    books.note_change(Change.Kind.NETWORK, effective_at=period.starts_at)


def refuse_lock(period: Period, *, at: datetime, despite_grace: bool = False) -> None:
    """Refuse what `lock_period` refuses, without locking: so that a person is told at once."""
    if period.ends_at > at:
        raise PeriodNotInThatState(
            f"{period.label} runs until {period.ends_at:%Y-%m-%d %H:%M %Z}.", period=period.label
        )
    if period.grace_ends_at > at and not despite_grace:
        raise PeriodStillInGrace(
            f"Late orders and returns of {period.label} may come until"
            f" {period.grace_ends_at:%Y-%m-%d %H:%M %Z}.",
            period=period.label,
        )
    _refuse_before(period, previous_period(period))
    _, plan = plan_for(period)
    longer = rhythm_of(period, plan).longer
    if longer is not None:
        _refuse_before(period, previous_period(longer))
    for shorter in shorter_periods(period, plan):
        if shorter.status in _NOT_POSTED:
            raise ShorterPeriodNotPosted(
                f"What {shorter.label} pays counts in {period.label}, and it is"
                f" {shorter.get_status_display()}.",
                period=period.label,
                shorter=shorter.label,
            )


def _refuse_before(period: Period, earlier: Period | None) -> None:
    """Refuse a period before another one that it begins with is posted."""
    if earlier and earlier.status in _NOT_POSTED:
        raise EarlierPeriodNotPosted(
            f"{earlier.label} comes first: it is {earlier.get_status_display()}.",
            period=period.label,
            earlier=earlier.label,
        )
