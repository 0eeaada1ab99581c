"""Why an amount is what it is, and why there is not more: down to the single orders.

Looking asks for nothing: a page without an answer has a button, which a POST follows. With scripts
it is pressed for them.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from commissions.locking import still_snapshot
from commissions.models import Explanation, Run
from commissions.selectors import periods, standings
from commissions.services import explanations
from mlm.errors import InvariantBroken
from office.access import PageRequest, Seat, distributors
from office.paging import page_number
from office.selectors.missed import missed
from office.selectors.why import Asked, why
from office.views.earnings import run_of


@distributors
def lines(request: PageRequest, seat: Seat, kind: str, label: str) -> HttpResponse:
    """Show the single lines behind a period's figures. Distributors only: their own."""
    run = run_of(seat, kind, label)
    if request.method == "POST":
        explanations.request(run, seat.member)
        if not request.htmx:
            return redirect("lines", kind=kind, label=label)
    with still_snapshot():
        run.refresh_from_db()
        context, answer = _asking(request, seat, run, without="missed")
        if answer is not None:
            found, _ = why(answer, seat.member)
            _refuse_if_not_adding_up(answer, found.total_minor, context["total_minor"])
            context["why"] = found
    template = "office/lines.html#lines" if request.htmx else "office/lines.html"
    return render(request, template, context)


@distributors
def not_earned(request: PageRequest, seat: Seat, kind: str, label: str) -> HttpResponse:
    """Show what reached the member in a period and was not paid, and why. Distributors only."""
    run = run_of(seat, kind, label)
    if request.method == "POST":
        explanations.request(run, seat.member)
        if not request.htmx:
            return redirect("missed", kind=kind, label=label)
    page = page_number(request)
    with still_snapshot():
        run.refresh_from_db()
        context, answer = _asking(request, seat, run, without="lines")
        if answer is not None:
            context |= {"missed": missed(answer, seat.member, page=page), "page": page}
    template = "office/missed.html#missed" if request.htmx else "office/missed.html"
    return render(request, template, context)


def _asking(
    request: PageRequest, seat: Seat, run: Run, *, without: str
) -> tuple[dict[str, object], Explanation | None]:
    """Return what pages of answers share, and the newest answer unless one is being waited for."""
    answer = standings.newest_explanation(run, seat.member, without=without)
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
    if answer is None or waiting:
        return context, None
    answer.run = run
    return context, answer


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
    """Show all lines of one level of one bonus, page by page. Distributors only: their own.

    `from` in the address names the earlier period whose pay they take back.
    """
    run = run_of(seat, kind, label)
    answer = standings.newest_explanation(run, seat.member, without="missed")
    if answer is None:
        return redirect("lines", kind=kind, label=label)
    answer.run = run
    asked = Asked(bonus, level, request.GET.get("from", ""), page_number(request))
    found, pages = why(answer, seat.member, asked)
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
        "asked": asked,
        "pages": pages,
    }
    return render(request, "office/level_lines.html", context)
