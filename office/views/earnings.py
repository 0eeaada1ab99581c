"""What was earned, by period, by bonus and level, and on which volumes."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from commissions.locking import still_snapshot
from commissions.models import Period, Run
from commissions.selectors import periods, ranks, standings
from office.access import PageRequest, Seat, distributors
from office.paging import page_number
from office.selectors import figures, legs
from office.selectors.missed import Missed, missed
from office.selectors.volume import orders_behind
from office.selectors.volumes import volume_named

PERIODS_A_PAGE: Final = 12
_FIRST_MISSED: Final = 3


@distributors
def by_period(request: PageRequest, seat: Seat) -> HttpResponse:
    """List the periods since joining with what each brought. Distributors only: their own."""
    before = _moment(request.GET.get("before", ""))
    with still_snapshot():
        rows = figures.earned_by_period(
            seat.member, at=timezone.now(), at_most=PERIODS_A_PAGE, before=before
        )
    context = {
        "seat": seat,
        "here": "earnings",
        "rows": rows,
        "several_types": len({row.period.type_id for row in rows}) > 1,
        "before": before,
        "earlier": rows[-1].period.starts_at if len(rows) == PERIODS_A_PAGE else None,
    }
    return render(request, "office/earnings.html", context)


def _moment(text: str) -> datetime | None:
    """Return a moment as the link to earlier periods writes it; None for anything else."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


@distributors
def one_period(request: PageRequest, seat: Seat, kind: str, label: str) -> HttpResponse:
    """Show what a period brought by bonus and level, and what it did not and why.

    Distributors only: their own.
    """
    period = period_of(seat, kind, label)
    with still_snapshot():
        found = figures.figures_of(seat.member, period)
        context: dict[str, object] = {
            "seat": seat, "here": "earnings", "period": period, "figures": found,
        }  # fmt: skip
        if found is not None:
            context |= {
                "run": found.run,
                "missed": _first_missed(found.run, seat),
                "legs": legs.legs_of(found.run, seat.member),
            }
    return render(request, "office/period.html", context)


def _first_missed(run: Run, seat: Seat) -> Missed | None:
    """Return the most that was not paid, as far as somebody has asked; None if nobody has."""
    answer = standings.newest_explanation(run, seat.member, without="lines")
    if answer is None:
        return None
    answer.run = run
    return missed(answer, seat.member, size=_FIRST_MISSED)


@distributors
def volume(request: PageRequest, seat: Seat, kind: str, label: str, name: str = "") -> HttpResponse:
    """Show the orders behind one of one's own volumes. Distributors only: their own.

    Not found for what single orders do not make; without a name, the plan's first that they do.
    """
    run = run_of(seat, kind, label)
    page = page_number(request)
    with still_snapshot():
        run.refresh_from_db()
        asked = volume_named(ranks.plan_of(run), name)
        if asked is None:
            raise Http404
        found = orders_behind(run, seat.member, asked, page=page)
    context = {
        "seat": seat,
        "here": "earnings",
        "period": run.period,
        "run": run,
        "state": periods.state_of(run),
        "shown": found,
        "page": page,
    }
    return render(request, "office/volume.html", context)


def period_of(seat: Seat, kind: str, label: str) -> Period:
    """Return a period of the member's time; not found before joining or ahead of its start."""
    if not (kind.isprintable() and label.isprintable()):
        raise Http404
    try:
        period = periods.period_by_label(kind, label)
    except Period.DoesNotExist:
        raise Http404 from None
    if period.ends_at <= seat.member.joined_at or period.starts_at > timezone.now():
        raise Http404
    return period


def run_of(seat: Seat, kind: str, label: str) -> Run:
    """Return the run that members see for a period of the member's time; else not found."""
    run = periods.shown_run(period_of(seat, kind, label))
    if run is None:
        raise Http404
    return run
