"""What was earned, by period, and why: down to the single orders."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from commissions.locking import still_snapshot
from commissions.models import Explanation, Period, Run
from commissions.selectors import periods, standings
from commissions.services import explanations
from mlm.errors import InvariantBroken
from office.access import PageRequest, Seat, distributors
from office.paging import page_number
from office.selectors import figures
from office.selectors.volume import personal_volume
from office.selectors.why import pages_of, why

PERIODS_A_PAGE = 12


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
    """Show what a period brought by bonus and level. Distributors only: their own."""
    period = _period(seat, kind, label)
    with still_snapshot():
        found = figures.figures_of(seat.member, period)
    context = {"seat": seat, "here": "earnings", "period": period, "figures": found}
    return render(request, "office/period.html", context)


@distributors
def lines(request: PageRequest, seat: Seat, kind: str, label: str) -> HttpResponse:
    """Show the single lines behind a period's figures. Distributors only: their own.

    Looking asks for nothing: a page without an answer has a button, which a POST follows. With
    scripts it is pressed for them.
    """
    run = _run(seat, kind, label)
    if request.method == "POST":
        explanations.request(run, seat.member)
        if not request.htmx:
            return redirect("lines", kind=kind, label=label)
    with still_snapshot():
        run.refresh_from_db()
        context = _lines_context(request, seat, run)
    template = "office/lines.html#lines" if request.htmx else "office/lines.html"
    return render(request, template, context)


def _lines_context(request: PageRequest, seat: Seat, run: Run) -> dict[str, object]:
    """Return the newest answer; the open question, if the reader has just asked; or neither."""
    answer = standings.newest_explanation(run, seat.member)
    waiting = standings.is_being_explained(run, seat.member)
    context: dict[str, object] = {
        "seat": seat,
        "here": "earnings",
        "period": run.period,
        "run": run,
        "state": periods.state_of(run),
        "total_minor": standings.total_minor(run, seat.member),
        "waiting": waiting,
        "is_open": run.status != Run.Status.POSTED,
        "asked": bool(request.htmx),
    }
    if answer is not None and not waiting:
        answer.run = run
        found = why(answer, seat.member)
        _refuse_if_not_adding_up(answer, found.total_minor, context["total_minor"])
        context["why"] = found
    return context


def _refuse_if_not_adding_up(answer: Explanation, lines_minor: int, total_minor: object) -> None:
    """Stop where lines and figure are of the same publication and differ: the books are wrong."""
    if answer.generation == answer.run.generation and lines_minor != total_minor:
        raise InvariantBroken(
            f"explanation {answer.pk}: its lines add up to {lines_minor}, not {total_minor}"
        )


@distributors
def level_lines(
    request: PageRequest, seat: Seat, kind: str, label: str, bonus: int, level: int
) -> HttpResponse:
    """Show all lines of one level of one bonus, page by page. Distributors only: their own."""
    run = _run(seat, kind, label)
    answer = standings.newest_explanation(run, seat.member)
    if answer is None:
        return redirect("lines", kind=kind, label=label)
    answer.run = run
    page = page_number(request)
    found = why(answer, seat.member, bonus=bonus, level=level, page=page)
    if not found.bonuses:
        raise Http404
    context = {
        "seat": seat,
        "here": "earnings",
        "period": run.period,
        "run": run,
        "why": found,
        "bonus": found.bonuses[0],
        "level": found.bonuses[0].levels[0],
        "page": page,
        "pages": pages_of(answer, bonus=bonus, level=level),
    }
    return render(request, "office/level_lines.html", context)


@distributors
def volume(request: PageRequest, seat: Seat, kind: str, label: str) -> HttpResponse:
    """Show the orders behind one's own personal volume. Distributors only: their own."""
    run = _run(seat, kind, label)
    page = page_number(request)
    with still_snapshot():
        run.refresh_from_db()
        found = personal_volume(run, seat.member, page=page)
    context = {
        "seat": seat,
        "here": "earnings",
        "period": run.period,
        "run": run,
        "state": periods.state_of(run),
        "volume": found,
        "page": page,
    }
    return render(request, "office/volume.html", context)


def _period(seat: Seat, kind: str, label: str) -> Period:
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


def _run(seat: Seat, kind: str, label: str) -> Run:
    run = periods.shown_run(_period(seat, kind, label))
    if run is None:
        raise Http404
    return run
